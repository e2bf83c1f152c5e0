"""Changing the language of a page that is half filled in."""

from __future__ import annotations

from .browser import in_a_browser

pytestmark = in_a_browser


def test_what_was_typed_stays(visitor):
    somebody = visitor("en", scripts=True)
    somebody.open("/account/signup/")
    name, consent = (
        somebody.page.locator("[name=name]"),
        somebody.page.locator("main [type=checkbox], main [type=radio]"),
    )
    name.fill("Marieke de Wit")
    consent.first.check()
    somebody.switch_language("Nederlands")
    assert somebody.page.locator("html").get_attribute("lang") == "nl"
    assert name.input_value() == "Marieke de Wit"
    assert consent.first.is_checked()
    somebody.open("/account/signup/")
    assert name.input_value() == ""
