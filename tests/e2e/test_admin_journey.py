"""An admin invites a facilitator and changes what people choose from.

Changing the handbook is in tests/handbook/test_editor_e2e.py.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Membership, Term
from reenter.desk.demo import ORGANISATION, PASSWORD

from .browser import audit, code_mailed_to, in_a_browser, link_mailed_to

pytestmark = in_a_browser

NEW = "nynke@example.org"
LABEL = "Een eerlijke prijs bepalen"


@pytest.fixture
def ada(visitor):
    """Signed in with her password; the editor needs scripts."""
    ada = visitor("nl", scripts=True)
    ada.open("/account/login/")
    ada.fill("E-mail address", "admin@demo.example")
    ada.fill("Password", PASSWORD)
    ada.press("Sign in")
    ada.reads("Administration")
    return ada


def accepts(nynke):
    """The new facilitator, from the mail to her own task list."""
    nynke.open(link_mailed_to(NEW, "/invitations/"))
    nynke.press("Make an account")
    nynke.fill("Your name", "Nynke Veldman")
    nynke.fill("E-mail address", NEW)
    nynke.fill("Phone number", "058 7654321")
    nynke.tick("No")
    nynke.press("Make my account")
    nynke.fill("Code", code_mailed_to(NEW))
    nynke.press("Go on")
    nynke.press("Yes, I accept")
    nynke.open("/")
    nynke.reads("Needs you")


def renames_a_topic(ada):
    """In the editor: found by its name, changed, saved."""
    topic = Term.objects.get(code="pricing")
    page = ada.page
    ada.press("Edit topics")
    page.get_by_role("link", name=topic.labels["nl"], exact=True).click()
    page.locator("input[name=labels_nl]").fill(LABEL)
    page.locator("button.action-save").first.click()
    expect(page.get_by_text(LABEL).first).to_be_visible()
    topic.refresh_from_db()
    assert topic.labels["nl"] == LABEL


def test_an_admin_invites_a_facilitator_and_renames_a_topic(ada, visitor, browser, programme):
    ada.press("See organisations")
    ada.press(ORGANISATION)
    ada.press("Send the invitation")  # no address yet: the page says what to do
    ada.fill("E-mail address of the new facilitator", NEW)
    ada.press("Send the invitation")
    nynke = visitor()
    accepts(nynke)
    assert Membership.objects.filter(user__email=NEW, organisation__name=ORGANISATION).exists()

    ada.open("/")
    renames_a_topic(ada)

    assert audit([ada, nynke], browser) == {}
