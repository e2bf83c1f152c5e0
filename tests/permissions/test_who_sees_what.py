"""The table "who sees what": a text is planted in each field, and every page is read by everybody.

`EXPECTED` says for each text who must find it somewhere; nobody else may, on any page. So no test
here can pass because a page was empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from .table import TABLE
from .test_urls import patterns
from .world import text

pytestmark = pytest.mark.django_db

# Whoever holds these links has the right that they carry.
LINKS = {"mentoring:check_in_answer", "accounts:invitation"}

MENTEE, MENTOR, STAFF = "mentee", "mentor", "staff"
INVITED, ASKED, LEFT, DECLINING = "invited", "asked", "left", "declining"
ADMIN = "admin"

# `mentee` and `mentor` are a running pair; `left` was paired with the same mentor before, and was
# offered `declining` since; `invited` and `asked` have an open offer that nobody answered yet.
EXPECTED: dict[str, set[str]] = {
    # answers that their owner marked "my match may see"
    "monashown": {MENTEE, MENTOR, STAFF},
    "rikshown": {MENTEE, MENTOR, STAFF, LEFT},
    "irisshown": {INVITED, ASKED, STAFF},
    "olafshown": {INVITED, ASKED, STAFF},
    "wimshown": {STAFF},
    # answers that they did not mark
    "monahidden": {MENTEE, STAFF},
    "rikhidden": {MENTOR, STAFF},
    "irishidden": {INVITED, STAFF},
    "olafhidden": {ASKED, STAFF},
    # check-ins, messages
    "monacomment": {MENTEE, STAFF},
    "rikcomment": {MENTOR, STAFF},
    "monamessage": {MENTEE, MENTOR},
    "rikmessage": {MENTEE, MENTOR},
    # a story that waits for the yes of the mentor
    "storydid": {MENTEE, MENTOR, STAFF},
    "monastoryname": {MENTEE},
    # family names: of the other only after both said yes
    "monasurname": {MENTEE, MENTOR, STAFF},
    "riksurname": {MENTEE, MENTOR, STAFF, LEFT},
    "lenasurname": {LEFT, MENTOR, STAFF},
    "irissurname": {INVITED, STAFF},
    "olafsurname": {ASKED, STAFF},
    "dirksurname": {DECLINING, STAFF},
    "ottosurname": {STAFF},
    # ways to reach somebody
    "monaphone": {MENTEE, STAFF},
    "rikphone": {MENTOR, STAFF},
    "irisphone": {INVITED, STAFF},
    "monamail": {MENTEE, STAFF},
    "rikmail": {MENTOR, STAFF},
    # what staff wrote: about somebody it is in that person's own export too, and nowhere else
    "monanote": {MENTEE, STAFF},
    "riknote": {MENTOR, STAFF},
    "pairnote": {MENTEE, STAFF},
    "offernote": {STAFF},
    "leftout": {STAFF},
    "locked": {STAFF},
    # what somebody sent to the editors of the handbook; with an answer it leaves their screens
    "monaquestion": {MENTEE, ADMIN},
    "monabook": {MENTEE, ADMIN},
    "monawhy": {MENTEE, ADMIN},
    "monaasked": {MENTEE},
    "monareply": {MENTEE},
    # papers of staff
    "importname": {STAFF},
    "importmail": {STAFF},
    "letter": {STAFF},
    "invited": {STAFF, ADMIN},
}


def readers(site: SimpleNamespace) -> dict[str, Any]:
    here = site.here
    people = (MENTEE, MENTOR, INVITED, ASKED, LEFT, DECLINING)
    return {name: getattr(here, name).user for name in people} | {
        STAFF: here.facilitator,
        ADMIN: site.admin,
        "stranger": site.stranger,
        "foreign staff": site.there.facilitator,
        "anonymous": None,
    }


def addresses(world: SimpleNamespace) -> Iterator[str]:
    """Every page of the table, and those about the other people and things of this world."""
    for name, entry in TABLE.items():
        if name not in LINKS | {"account_logout", "handbook:cms_closed"}:
            yield reverse(name, kwargs=entry.kwargs(world))
    for name, column, rows in others(world):
        for row in rows:
            yield reverse(name, kwargs={column: row.pk})
    for one in everybody(world):
        yield reverse("desk:profile_check", kwargs={"pk": one.pk, "role": one.role})
        kwargs = {"slug": world.programme.slug, "pk": one.pk}
        yield reverse("mentoring:participant_next", kwargs=kwargs)
    for role in ("mentee", "mentor"):
        yield reverse("accounts:profile_check", kwargs={"role": role})
        yield reverse("accounts:profile_question", kwargs={"role": role, "question": "exchange"})


def everybody(world: SimpleNamespace) -> list[Any]:
    named = [getattr(world, name) for name in (MENTEE, MENTOR, INVITED, ASKED, LEFT, DECLINING)]
    return [*named, *world.waiting, *world.free, world.offline]


def others(world: SimpleNamespace) -> list[tuple[str, str, list[Any]]]:
    check_ins = [world.mentor_check_in, world.mentor_asked, world.mentee_asked]
    return [
        ("desk:person_detail", "pk", everybody(world)),
        ("matching:single_match", "participant_id", [world.waiting[0], world.free[0]]),
        ("matching:offer_detail", "offer_id", [world.declined]),
        ("mentoring:mentorship_detail", "pk", [world.ended]),
        ("mentoring:mentorship_staff", "pk", [world.ended]),
        ("mentoring:check_in_detail", "pk", check_ins),
        ("handbook:my_question", "pk", [world.answered]),
    ]


@pytest.fixture(scope="module")
def read(site) -> dict[str, dict[str, str]]:
    """What each reader is shown, by address: own and foreign objects alike."""
    pages: dict[str, dict[str, str]] = {}
    # Pages without an object, or reached in two ways, are the same page.
    wanted = set(addresses(site.here)) | set(addresses(site.there))
    for reader, user in readers(site).items():
        client = Client()
        if user:
            client.force_login(user)
        pages[reader] = {address: body(client.get(address)) for address in wanted}
    return pages


def body(response: Any) -> str:
    return response.content.decode() + response.get("Location", "")


def where(read: dict[str, dict[str, str]], canary: str) -> dict[str, list[str]]:
    """Who found it, and on which pages."""
    found = {
        reader: [address for address, page in pages.items() if canary in page]
        for reader, pages in read.items()
    }
    return {reader: pages for reader, pages in found.items() if pages}


@pytest.mark.parametrize("what", sorted(EXPECTED))
def test_each_text_is_for_those_who_may_see_it_and_nobody_else(site, read, what):
    found = where(read, text(site.here, what))
    assert set(found) == EXPECTED[what], found


def test_nothing_of_the_foreign_programme_reaches_anybody_here(site, read):
    for reader, pages in read.items():
        if reader in ("foreign staff", ADMIN):
            continue
        for address, page in pages.items():
            for what in EXPECTED:
                assert text(site.there, what) not in page, (reader, address, what)


def test_foreign_staff_see_their_own_and_nothing_of_here(site, read):
    shown = "".join(read["foreign staff"].values())
    for what, who in EXPECTED.items():
        assert (text(site.there, what) in shown) == (STAFF in who), what
        assert text(site.here, what) not in shown, what


def test_why_somebody_declined_is_for_staff(site, read):
    reason = "We could be competitors"
    page = reverse("matching:offer_detail", args=[site.here.declined.pk])
    assert reason in read[STAFF][page]
    for reader in (LEFT, DECLINING):
        assert "This match does not go on." in read[reader][page]
        assert reason not in read[reader][page]


def test_nobody_can_tell_who_declined(site, read):
    """The page of an offer that ended tells both the same; only the names differ."""
    page = reverse("matching:offer_detail", args=[site.here.declined.pk])
    for word in ("declined", "said no", "Dirk said"):
        assert word not in read[LEFT][page].lower()


def test_why_a_pair_ended_is_for_staff(site, read):
    reason = "We do not fit well together"
    staff = reverse("mentoring:mentorship_staff", args=[site.here.ended.pk])
    own = reverse("mentoring:mentorship_detail", args=[site.here.ended.pk])
    assert reason in read[STAFF][staff]
    for reader in (LEFT, MENTOR):
        assert "Lena" in read[MENTOR][own]
        assert reason not in read[reader][own]


def test_points_and_rank_are_for_staff(site, read):
    page = reverse("matching:offer_detail", args=[site.here.offer.pk])
    number = ("6400", "6,400", "6.400", "6\N{NO-BREAK SPACE}400")
    assert any(one in read[STAFF][page] for one in number)
    for reader in (INVITED, ASKED):
        assert "Why we think that you fit" in read[reader][page]
        assert not any(one in read[reader][page] for one in number)


def test_answers_are_out_of_sight_once_somebody_left(site, read):
    """Staff see answers only while the person takes part."""
    world, client = site.here, Client()
    client.force_login(world.facilitator)
    page = reverse("desk:person_detail", args=[world.waiting[1].pk])
    assert text(world, "wilmahidden") in body(client.get(page))
    world.waiting[1].state = "withdrawn"
    world.waiting[1].save()
    for address in set(addresses(world)):
        assert text(world, "wilmahidden") not in body(client.get(address)), address


def test_every_page_was_read(site):
    """The walk knows each page of the table: what is new there is read here as well."""
    names = {name for name, _address in patterns()}
    assert set(TABLE) <= names
