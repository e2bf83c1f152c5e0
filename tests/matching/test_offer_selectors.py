"""What the task list and the home page read about offers."""

from datetime import timedelta

import pytest

from matching.models import Offer
from matching.selectors import offers as selectors
from mentoring.models import Participant
from reenter.common import clock
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring

DAY = timedelta(days=1)


def ended(programme, *, days=12, **extra):
    fields = {"state": "expired", "closed_at": clock.now() - (days - 10) * DAY} | extra
    offer = make.offer(programme=programme, age=days * DAY, **fields)
    Offer.objects.filter(pk=offer.pk).update(created_at=offer.opened_at)
    return offer


def follow_up(programme):
    return list(selectors.offers_to_follow_up([programme]))


def test_after_seven_days_an_open_offer_needs_a_call(programme):
    make.offer(programme=programme, age=7 * DAY - timedelta(minutes=1))
    due = make.offer(programme=programme, age=7 * DAY)
    make.offer(programme=make_mentoring.programme(), age=8 * DAY)
    make.offer(programme=programme, age=8 * DAY, state="withdrawn")
    assert list(selectors.offers_to_call([programme])) == [due]


@pytest.mark.parametrize("state", ["declined", "expired", "withdrawn"])
def test_an_ended_offer_asks_for_the_next_best(programme, state):
    offer = ended(programme, state=state)
    assert follow_up(programme) == [offer]
    assert follow_up(make_mentoring.programme()) == []


def test_a_newer_offer_or_a_mentorship_settles_it(programme):
    first = ended(programme)
    make.offer(programme=programme, mentee=first.mentee)
    second = ended(programme)
    make_mentoring.mentorship(programme=programme, mentee=second.mentee)
    third = ended(programme, days=60)
    make_mentoring.mentorship(
        programme=programme, mentee=third.mentee, state="ended", started_at=clock.now() - 40 * DAY
    )
    assert follow_up(programme) == []


def test_a_mentorship_from_before_does_not_settle_it(programme):
    offer = ended(programme)
    make_mentoring.mentorship(
        programme=programme, mentee=offer.mentee, state="ended", started_at=clock.now() - 99 * DAY
    )
    assert follow_up(programme) == [offer]


def test_somebody_who_left_needs_no_next_best(programme):
    offer = ended(programme, state="withdrawn")
    Participant.objects.filter(pk=offer.mentee_id).update(state="withdrawn")
    assert follow_up(programme) == []


def test_ones_own_open_offers(programme, stranger):
    mine = make.offer(programme=programme)
    ended(programme, mentee=mine.mentee)
    for user in (mine.mentee.user, mine.mentor.user):
        assert list(selectors.open_offers_of(user)) == [mine]
    assert not selectors.open_offers_of(stranger).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_one_query_however_many(programme, rows, django_assert_num_queries):
    for _ in range(rows):
        make.offer(programme=programme, age=8 * DAY)
        ended(programme)
    with django_assert_num_queries(2):
        for offer in (
            *selectors.offers_to_call([programme]),
            *selectors.offers_to_follow_up([programme]),
        ):
            assert offer.mentee.user.name
            assert offer.mentor.user.name
            assert offer.programme.contact.name
