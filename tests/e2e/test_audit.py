"""The audit of the journeys finds what it says it looks for."""

from __future__ import annotations

from .browser import Seen, audit, chromium, in_a_browser

pytestmark = in_a_browser
SITE = "http://site.example"
PAGE = "<!doctype html><html{lang}><head><title>{title}</title></head><body><main>{main}</main>"


class Reader:
    """A visitor who saw these pages."""

    site = SITE

    def __init__(self, *pages: Seen) -> None:
        self.seen = {page.kind: page for page in pages}
        self.wrong: list[str] = []


def seen(kind: str, title: str, main: str, lang: str = ' lang="nl"') -> Seen:
    body = PAGE.format(lang=lang, title=title, main=main)
    headers = {"content-type": "text/html; charset=utf-8"}
    return Seen(kind, f"{SITE}/{kind}", 200, headers, body, title, "nl")


def test_each_fault_is_found_and_a_good_page_has_none():
    good = seen("good", "Goed", "<h1>Goed</h1><p>Tekst.</p>")
    picture = '<h1>Beeld</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
    bad = {
        "wide": seen("wide", "Breed", "<h1>Breed</h1><div style='width:900px'>x</div>"),
        "picture": seen("picture", "Beeld", picture),
        "headless": seen("headless", "Kop", "<p>Geen kop.</p>"),
        "english": seen("english", "Taal", "<h1>Taal</h1>", lang=' lang="en"'),
        "nameless": seen("nameless", "", "<h1>Naam</h1>"),
        "leaving": seen("leaving", "Weg", '<h1>Weg</h1><img alt="" src="http://x.example/a.png">'),
    }
    with chromium() as browser:
        assert audit([Reader(good)], browser) == {}
        assert set(audit([Reader(*bad.values())], browser)) >= set(bad)
        twins = Reader(good, seen("twin", "Goed", "<h1>Goed</h1>"))
        assert list(audit([twins], browser)) == ["good = twin"]
