"""Each moment has its place: the chapter is there, for its reader, and only at that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from handbook.models import Moment
from mentoring.models import CheckIn, Meeting, Mentorship
from reenter.common import clock
from tests.factories import handbook as make_handbook
from tests.factories import matching as make_matching
from tests.factories import mentoring as make
from tests.factories import rounds as make_rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles(db):
    """A chapter of its own at each moment, for everybody; its title by moment."""
    part = make_handbook.part(make_handbook.book())
    for moment in Moment:
        page = make_handbook.chapter(part, title=f"Kanarie-{moment}")
        make_handbook.offered(moment, page)
    return {moment: f">Kanarie-{moment}</a>" for moment in Moment}


@pytest.fixture
def offered(client, titles):
    """The moments whose chapter stands on a page."""

    def on(user, address):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200
        page = response.content.decode()
        assert ("Lees verder:" in page) == any(title in page for title in titles.values())
        return {moment for moment, title in titles.items() if title in page}

    return on


@pytest.fixture
def pair(programme):
    return make.mentorship(programme=programme)


def page_of(pair, name="mentorship_detail"):
    return reverse(f"mentoring:{name}", args=[pair.pk])


def meet(pair, times=1):
    for number in range(times):
        at = clock.now() - timedelta(days=number + 1)
        Meeting.objects.create(mentorship=pair, starts_at=at, took_place=True)


class TestPair:
    def test_before_the_first_meeting_each_reads_their_own(self, offered, pair):
        Meeting.objects.create(mentorship=pair, starts_at=clock.now(), took_place=False)
        for half, moment in (
            (pair.mentee, Moment.FIRST_MEETING_MENTEE),
            (pair.mentor, Moment.FIRST_MEETING_MENTOR),
        ):
            assert offered(half.user, page_of(pair)) == {moment}

    @pytest.mark.parametrize(
        ("times", "moments"),
        [(1, {Moment.AGREEMENT}), (2, {Moment.GOALS}), (3, {Moment.GOALS}), (4, set())],
    )
    def test_then_by_how_often_they_met(self, offered, pair, times, moments):
        meet(pair, times)
        for half in (pair.mentee, pair.mentor):
            assert offered(half.user, page_of(pair)) == moments

    @pytest.mark.parametrize(("days", "moments"), [(28, {Moment.CLOSING}), (29, set())])
    def test_the_end_is_near(self, offered, pair, days, moments):
        meet(pair, 4)
        ends_on = clock.today() + timedelta(days=days)
        Mentorship.objects.filter(pk=pair.pk).update(ends_on=ends_on)
        assert offered(pair.mentee.user, page_of(pair)) == moments

    @pytest.mark.parametrize("state", ["paused", "ended"])
    def test_who_rests_reads_nothing(self, offered, pair, state):
        Mentorship.objects.filter(pk=pair.pk).update(state=state)
        assert offered(pair.mentee.user, page_of(pair)) == set()

    @pytest.mark.parametrize("name", ["mentorship_pause", "mentorship_stop"])
    def test_pausing_and_stopping(self, offered, pair, name):
        assert offered(pair.mentee.user, page_of(pair, name)) == {Moment.STOPPING}
        Mentorship.objects.filter(pk=pair.pk).update(state="paused")
        again = {Moment.STOPPING} if name == "mentorship_stop" else set()
        assert offered(pair.mentee.user, page_of(pair, name)) == again

    def test_a_low_answer_is_told_to_nobody_by_the_page_of_the_pair(self, offered, pair):
        CheckIn.objects.create(
            mentorship=pair, participant=pair.mentee, kind="periodic", day=14, state="answered",
            satisfaction=1, due_at=clock.now(), asked_at=clock.now(), answered_at=clock.now(),
        )  # fmt: skip
        for half in (pair.mentee, pair.mentor):
            assert Moment.CHECK_IN_LOW not in offered(half.user, page_of(pair))


def test_an_open_offer(offered, programme):
    offer = make_matching.offer(programme=programme)
    address = reverse("matching:offer_detail", args=[offer.pk])
    for half in (offer.mentee, offer.mentor):
        assert offered(half.user, address) == {Moment.OFFER}
    assert offered(programme.contact, address) == set()
    type(offer).objects.filter(pk=offer.pk).update(state="expired")
    assert offered(offer.mentee.user, address) == set()


def test_a_round_until_it_is_published(offered, programme, facilitator):
    found = make_rounds.cohort(programme).solved()
    addresses = [reverse(f"matching:{name}", args=[found.pk]) for name in ("round_detail", "board")]
    for state, moments in (("reviewed", {Moment.ROUND}), ("published", set())):
        type(found).objects.filter(pk=found.pk).update(state=state)
        for address in addresses:
            assert offered(facilitator, address) == moments


class TestCalls:
    def test_a_pair_to_call_about(self, offered, programme, facilitator, pair):
        assert offered(facilitator, page_of(pair, "mentorship_staff")) == set()
        assert offered(facilitator, "/") == set()
        CheckIn.objects.create(
            mentorship=pair, participant=pair.mentee, kind="first_meeting", day=0,
            state="answered", fit="not_good", due_at=clock.now(), asked_at=clock.now(),
            answered_at=clock.now(),
        )  # fmt: skip
        for address in ("/", page_of(pair, "mentorship_staff")):
            assert offered(facilitator, address) == {Moment.CHECK_IN_CALL}

    def test_other_calls_need_no_script(self, offered, programme, facilitator):
        make.participant(programme=programme, role="mentee", ready=False)
        assert offered(facilitator, "/") == set()


def test_looking_for_people(offered, programme, facilitator):
    address = reverse("desk:programme_detail", args=[programme.slug])
    assert offered(facilitator, address) == {Moment.RECRUITING}


def test_what_is_not_for_the_reader_is_not_offered(client, pair):
    part = make_handbook.part(make_handbook.book())
    page = make_handbook.chapter(part, title="Kanarie", audience="mentor")
    make_handbook.offered("stopping", page)
    for half, sees in ((pair.mentee, False), (pair.mentor, True)):
        client.force_login(half.user)
        content = client.get(page_of(pair, "mentorship_stop")).content.decode()
        assert ("Kanarie" in content) is sees
        assert ("Lees verder:" in content) is sees


def test_chapters_cost_the_page_of_a_pair_two_more_queries(
    client, pair, django_assert_max_num_queries
):
    client.force_login(pair.mentee.user)
    with django_assert_max_num_queries(14) as queries:
        client.get(page_of(pair))
    without = len(queries)
    part = make_handbook.part(make_handbook.book())
    pages = [make_handbook.chapter(part) for _ in range(2)]
    make_handbook.offered("first_meeting_mentee", *pages)
    client.get(page_of(pair))  # the addresses of the languages are known from now on
    with django_assert_max_num_queries(without + 2):
        assert len(client.get(page_of(pair)).context["read_on"]) == 2
