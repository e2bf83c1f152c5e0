"""What the home page reads about offers."""

from datetime import timedelta

import pytest

from matching.selectors import offers as selectors
from reenter.common import clock
from tests.factories import matching as make

DAY = timedelta(days=1)


def test_ones_own_open_offers(programme, stranger):
    mine = make.offer(programme=programme)
    make.offer(programme=programme, mentee=mine.mentee, state="expired", closed_at=clock.now())
    for user in (mine.mentee.user, mine.mentor.user):
        assert list(selectors.open_offers_of(user)) == [mine]
    assert not selectors.open_offers_of(stranger).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_one_query_however_many(programme, mentee, rows, django_assert_num_queries):
    for _ in range(rows):
        make.offer(programme=programme, age=8 * DAY)
    user = selectors.Offer.objects.first().mentee.user
    with django_assert_num_queries(1):
        for offer in selectors.open_offers_of(user):
            assert offer.mentor.user.name
            assert offer.programme.contact.name
