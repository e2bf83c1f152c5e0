"""Who opens the pages of rounds, and how many queries that takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from matching.models import Override, Round
from matching.services import overrides, solving
from tests.factories import rounds as make


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def people(programme):
    return make.cohort(programme)


@pytest.fixture
def solved(people):
    return people.solved()


@pytest.fixture
def staff(client, facilitator):
    facilitator.language = "en"
    facilitator.save()
    client.force_login(facilitator)
    return client


def url(name, round, *rows):
    return reverse(f"matching:{name}", args=[round.pk, *(row.pk for row in rows)])


def pair_url(people, round, mentee, mentor, name="board_pair"):
    return url(name, round, people.row(round, mentee), people.row(round, mentor))


def addresses(people, round):
    """Every page of a round, and every address that changes something."""
    pair = [people.row(round, "Anna"), people.row(round, "Max")]
    made = Override.objects.create(
        round=round, kind="forbid", mentee=pair[0], mentor=pair[1], reason="x"
    )
    slug = round.programme.slug
    pages = [
        reverse("matching:round_list", args=[slug]),
        *(url(name, round) for name in ("round_detail", "round_people", "round_publish")),
        *(url(name, round) for name in ("board", "board_whynot")),
        *(
            url(name, round, *pair)
            for name in ("board_pair", "override_lock", "override_forbid", "override_swap")
        ),
        url("override_withdraw", round, made),
    ]
    changes = [
        reverse("matching:round_new", args=[slug]),
        *(url(name, round) for name in ("round_people_add", "round_solve", "round_close")),
        url("round_solve_cancel", round),
        url("round_person_back", round, pair[0]),
    ]
    return pages, changes


def test_strangers_find_nothing_and_visitors_sign_in(
    client, people, solved, foreign_facilitator, admin_user, stranger
):
    pages, changes = addresses(people, solved)
    before = Round.objects.values("state", "revision").get()
    for address in pages + changes:
        answers = [client.get(address)] if address in pages else []
        for response in [*answers, client.post(address, {"reason": "x", "revision": 0})]:
            assert response.status_code == 405 or response.url.startswith("/account/login/")
    outsiders = [foreign_facilitator, admin_user, stranger, people.people["Anna"].user]
    for user in outsiders:
        client.force_login(user)
        for address in pages:
            assert client.get(address).status_code == 404, (user, address)
        for address in pages + changes:
            assert client.post(address, {"reason": "x"}).status_code in (404, 405), address
    assert Round.objects.values("state", "revision").get() == before


def test_every_page_opens_and_looking_changes_nothing(staff, people, solved):
    pages, changes = addresses(people, solved)
    for address in pages:
        response = staff.get(address)
        assert response.status_code == 200, address
        assert response.content.decode().count("<h1") == 1, address
    for address in changes:
        assert staff.get(address).status_code == 405
    solved.refresh_from_db()
    assert (solved.state, solved.revision) == (Round.State.REVIEWED, 0)


def grow(people):
    for number in range(4):
        people.mentee(f"M{number}", 0)
        people.mentor(f"T{number}", 0)


PAGES = ("board", "round_detail", "round_people", "round_publish", "board_whynot")


def test_the_number_of_queries_does_not_grow(staff, people, facilitator):
    def queries(round):
        addresses_ = [url(name, round) for name in PAGES]
        addresses_.append(pair_url(people, round, "Chris", "Nora"))
        counted = []
        for address in addresses_:
            staff.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert staff.get(address).status_code == 200
            counted.append(len(caught))
        return counted

    few = people.solved()
    forbid = {"actor": facilitator, "round": few, "reason": "x"}
    overrides.override_forbid(
        mentee=people.row(few, "Anna"), mentor=people.row(few, "Nora"), **forbid
    )
    few = solving.round_solve(actor=None, round=few)
    before = queries(few)
    grow(people)
    many = people.solved()
    forbid["round"] = many
    for mentee in ("Anna", "Ben", "M1"):
        overrides.override_forbid(
            mentee=people.row(many, mentee), mentor=people.row(many, "Nora"), **forbid
        )
    many = solving.round_solve(actor=None, round=many)
    assert many.proposals.count() >= 3 * few.proposals.count()
    assert queries(many) == before
    assert max(before) <= 12
