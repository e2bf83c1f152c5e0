"""Every address x role x own and foreign object: nobody gets what is not theirs, nothing breaks."""

from __future__ import annotations

import copy
import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from .table import ANY, GONE, HIDDEN, LIBRARIES, NO, OK, SIGN_IN, TABLE, Entry

pytestmark = pytest.mark.django_db

OWN_APPS = ("accounts", "common", "mentoring", "matching", "handbook")
ROLES = ("anonymous", "mentee", "mentor", "staff", "foreign_staff", "stranger", "admin")
ENTRANCES = ("/account/login/", "/account/signup/")
# Whoever may be here gets a page, is sent on, or hears what is wrong with an empty form.
FINE = {200, 302, 400, 405, 409}


@pytest.fixture(autouse=True)
def quiet():
    """Hundreds of refusals are logged here; they are what is asked for."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def patterns() -> list[tuple[str, str]]:
    """Name and address of everything that the site answers to."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver, before: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, address, spaces + space)
        else:
            yield ":".join([*spaces, pattern.name or "?"]), address


def own_names() -> set[str]:
    ours = ("handbook:",)
    return {
        name
        for name, address in patterns()
        if name.startswith(ours) or not address.startswith(LIBRARIES)
    }


def test_every_address_is_in_the_table_and_every_entry_exists():
    names = own_names()
    assert names - set(TABLE) == set(), "say in table.py who may see these"
    assert set(TABLE) - names == set(), "these are in table.py and nowhere else"


def test_the_prefixes_of_libraries_are_in_use():
    addresses = [address for _name, address in patterns()]
    current = [prefix for prefix in LIBRARIES if prefix != "en/"]  # one prefix per language
    for prefix in current:
        assert any(address.startswith(prefix) for address in addresses), prefix


# The walk


def user_of(site: SimpleNamespace, role: str, entry: Entry):
    here = site.here
    pair = (here.mentee, here.mentor) if entry.of == "pair" else (here.invited, here.asked)
    return {
        "anonymous": None,
        "mentee": pair[0].user,
        "mentor": pair[1].user,
        "staff": here.facilitator,
        "foreign_staff": site.there.facilitator,
        "stranger": site.stranger,
        "admin": site.admin,
    }[role]


def tie(role: str, entry: Entry, foreign: bool) -> str:
    """What somebody is to the object: a column of the rule."""
    if role in ("anonymous", "admin"):
        return role
    if not entry.has_object:
        return {"foreign_staff": "staff", "stranger": "outsider"}.get(role, role)
    if role == "foreign_staff":
        return "staff" if foreign else "outsider"
    return "outsider" if foreign or role == "stranger" else role


def outcome(response) -> str:
    status = response.status_code
    if status == 302 and response["Location"].startswith(ENTRANCES):
        return SIGN_IN
    return {403: NO, 404: HIDDEN, 410: GONE}.get(status, OK if status in FINE else str(status))


def agrees(seen: str, wanted: str, response, entry: Entry) -> bool:
    if entry.post_only and response.status_code == 405:
        return response.wsgi_request.method == "GET"
    return seen == wanted or (wanted == ANY and seen in (OK, SIGN_IN))


def steps(site: SimpleNamespace, role: str) -> Iterator[tuple[str, Entry, str, str]]:
    """Name, entry, address and wanted outcome of every page, with own and foreign objects."""
    for name, entry in TABLE.items():
        for foreign in (False, True) if entry.has_object else (False,):
            world = site.there if foreign else site.here
            if name == "handbook:cms_closed":
                address = "/cms/users/"
            else:
                address = reverse(name, kwargs=entry.kwargs(world))
            yield name, entry, address, getattr(entry.rule, tie(role, entry, foreign))


@contextmanager
def signed_in(site: SimpleNamespace, role: str, entry: Entry, clients: dict) -> Iterator[Client]:
    """The same session for all pages of one person."""
    user = user_of(site, role, entry)
    if user not in clients:
        clients[user] = Client(raise_request_exception=False)
        if user:
            clients[user].force_login(user)
            just_signed_in(clients[user])
    yield clients[user]


def just_signed_in(client: Client) -> None:
    """Pages about passwords and addresses ask people to sign in again after a while."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session.save()


def digest() -> dict[str, str]:
    """What stands in each of our tables, in short."""
    found = {}
    with connection.cursor() as cursor:
        for app in OWN_APPS:
            for model in apps.get_app_config(app).get_models(include_auto_created=True):
                table = model._meta.db_table
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                rows = repr(cursor.fetchall()).encode()
                found[table] = hashlib.sha256(rows).hexdigest()
    return found


def sessions_for(site: SimpleNamespace, role: str) -> dict:
    """Signing in writes `last_login`: done before anything is compared."""
    clients: dict = {}
    for entry in TABLE.values():
        with signed_in(site, role, entry, clients):
            pass
    return clients


@pytest.mark.parametrize("role", ROLES)
def test_looking_gives_what_the_table_says_and_changes_nothing(site, role):
    wrong, wrote = [], []
    clients = sessions_for(site, role)
    before = digest()
    for name, entry, address, wanted in steps(site, role):
        writes: list[str] = []
        with signed_in(site, role, entry, clients) as client, watching(writes):
            response = client.get(address)
        seen = outcome(response)
        if not agrees(seen, wanted, response, entry):
            wrong.append(f"{name} {address}: {seen} ({response.status_code}), not {wanted}")
        wrote += [f"{name}: {sql[:90]}" for sql in writes]
    assert not wrong, "\n".join(wrong)
    assert not wrote, "\n".join(wrote)
    assert digest() == before


@contextmanager
def watching(writes: list[str]) -> Iterator[None]:
    """Note every statement that changes a table of ours; sessions are not."""

    def watch(execute, sql, params, many, context):
        words = sql.split()
        changes = words[0] in ("INSERT", "UPDATE", "DELETE", "REPLACE")
        if changes and any(f'"{app}_' in sql for app in OWN_APPS):
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_post_gives_what_the_table_says(site, role):
    wrong = []
    clients = sessions_for(site, role)
    for name, entry, address, wanted in steps(site, role):
        writes: list[str] = []
        with signed_in(site, role, entry, clients) as client, undone(client), watching(writes):
            response = client.post(address)
        seen = outcome(response)
        refused = response.status_code == 405 and not entry.post_only
        if not refused and not agrees(seen, wanted, response, entry):
            wrong.append(f"{name} {address}: {seen} ({response.status_code}), not {wanted}")
        if writes and wanted in (NO, HIDDEN, SIGN_IN):
            wrong.append(f"{name} {address}: refused, and changed something")
    assert not wrong, "\n".join(wrong)


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What a post did is taken back; whoever signed out is signed in again."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def test_the_table_lets_nobody_in_by_mistake():
    """Whatever strangers may open, nobody's object hangs on it."""
    open_to_strangers = {
        name for name, entry in TABLE.items() if entry.has_object and entry.rule.outsider == OK
    }
    assert open_to_strangers == {
        "accounts:legal_text",
        "accounts:profile_overview",
        "accounts:profile_check",
        "accounts:profile_question",
        "accounts:purpose_give",
        "accounts:purpose_withdraw",
        "handbook:chapter_read",  # a chapter for everybody
        "handbook:chapter_useful",
        "handbook:pdf",  # a chapter for everyone; who sees what: tests/handbook/test_papers.py
        "handbook:pdf_file",
        "handbook:story_detail",  # a story on the site
        "handbook:translation",
        "mentoring:check_in_answer",  # the signed link is the right
        "mentoring:programme_join",
    }
    assert all(len(astuple(entry.rule)) == 6 for entry in TABLE.values())


# Screens of libraries: one rule per prefix


def simple_addresses(prefix: str) -> list[str]:
    """Addresses of a library that need no object."""
    found = set()
    for name, address in patterns():
        if not address.startswith(prefix):
            continue
        try:
            found.add(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(address for address in found if address.startswith(f"/{prefix}"))


LEADS_IN = ("login", "logout", "password_reset", "jsi18n", "sprite", "/cms/account/")


@pytest.mark.parametrize("prefix", ["cms/", "django-admin/"])
@pytest.mark.parametrize("role", ["anonymous", "mentee", "staff", "stranger"])
def test_library_screens_are_for_admins(site, prefix, role):
    user = user_of(site, role, Entry(TABLE["desk:home"].rule))
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    addresses = [
        one for one in simple_addresses(prefix) if not any(part in one for part in LEADS_IN)
    ]
    assert len(addresses) > 15
    before = digest()
    codes = {address: client.get(address).status_code for address in addresses}
    assert {a: c for a, c in codes.items() if c not in (302, 403, 404)} == {}
    assert digest() == before


@pytest.mark.parametrize("address", ["/cms/", "/cms/pages/", "/django-admin/"])
def test_admins_reach_them(site, address):
    client = Client()
    client.force_login(site.admin)
    assert client.get(address).status_code in (200, 302)
    assert client.get("/cms/").status_code == 200


def test_the_pages_for_a_second_factor_need_a_login(site):
    ways_in = ("authenticate/", "webauthn/login/")
    for address in simple_addresses("account/2fa/"):
        response = Client(raise_request_exception=False).get(address)
        if address.endswith(ways_in):
            assert response.status_code in (200, 302, 403, 404, 405), address
        else:
            assert outcome(response) == SIGN_IN, address


@pytest.mark.parametrize("address", ["/documents/1/no.pdf", "/nl/nothing-here/", "/en/no/no/"])
def test_what_was_never_published_is_not_there(site, address):
    assert Client().get(address).status_code == 404


def test_a_published_chapter_is_for_everybody(site):
    assert Client().get(site.chapter.url).status_code == 200
