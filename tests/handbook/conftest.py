"""A small handbook with one chapter for each audience, and people who may read some of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from handbook.services import handbook_load
from tests.e2e.browser import chromium
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make


@pytest.fixture
def book(db):
    return make.book()


@pytest.fixture
def tree(book):
    """nl: a part for everybody with a public chapter, and a part per role."""
    opening = make.part(book, title="Opening", slug="opening")
    public = make.chapter(opening, title="Welkom", slug="welkom", intro="Kom binnen.")
    pages = {"book": book, "opening": opening, "public": public}
    for role in ("mentor", "mentee", "facilitator"):
        pages[f"{role}_part"] = make.part(book, title=f"Deel-{role}", slug=f"deel-{role}")
        pages[role] = make.chapter(
            pages[f"{role}_part"],
            title=f"Geheim-{role}",
            slug=f"geheim-{role}",
            audience=role,
            body=[make.text(f"<h2>Kop-{role}</h2><p>Kanarie {role} zingt.</p>")],
        )
    return SimpleNamespace(**pages)


@pytest.fixture
def readers(mentee, mentor, stranger, facilitator, admin_user):
    """Who reads which of the chapters for one role; a facilitator talks all of them through."""
    make_accounts.profile(role="mentee", user=mentee)
    make_accounts.profile(role="mentor", user=mentor)
    every = {"mentor", "mentee", "facilitator"}
    return {
        "anonymous": (None, set()),
        "stranger": (stranger, set()),
        "mentee": (mentee, {"mentee"}),
        "mentor": (mentor, {"mentor"}),
        "facilitator": (facilitator, every),
        "admin": (admin_user, every),
    }


@pytest.fixture
def as_reader(readers):
    def client_of(name):
        client = Client()
        user, may_read = readers[name]
        if user is not None:
            client.force_login(user)
        return client, may_read

    return client_of


@pytest.fixture
def english():
    """What is wrong in a file is told in the reader's language."""
    with translation.override("en"):
        yield


@pytest.fixture
def loaded(db):
    """The content that comes with the product."""
    return handbook_load(actor=None)


@pytest.fixture
def editor(db):
    """Somebody in the group Editors, and nothing else."""
    from handbook.services.site import editors_prepare

    person = make_accounts.user(name="Erik Schrijver", email="erik@example.org")
    person.groups.add(editors_prepare())
    return person


@pytest.fixture
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser, live_server):
    """A page of a signed-in person (or of nobody) that keeps what goes wrong in it."""

    site = live_server.url

    def make(user=None, width=1280, locale="nl-NL"):
        context = browser.new_context(viewport={"width": width, "height": 1400}, locale=locale)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
        page = context.new_page()
        page.wrong = []
        page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        own = (site, "data:", "blob:")
        page.on(
            "request",
            lambda r: None if r.url.startswith(own) else page.wrong.append(f"leaves: {r.url}"),
        )
        return page

    return make
