from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

from reenter.common import clock

AMSTERDAM = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # An ordinary winter night, and both clock changes of 2026.
        (datetime(2026, 1, 10, 2, tzinfo=UTC), datetime(2026, 1, 10, 8, tzinfo=UTC)),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (datetime(2026, 10, 25, 19, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)),
    ],
)
def test_waits_for_nine_on_the_wall_clock(moment, expected):
    assert clock.next_daytime(moment, AMSTERDAM) == expected


def test_stands_at_another_moment_only_inside_the_block():
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    with clock.standing_at(moment):
        assert clock.now() == moment
    assert clock.now() != moment


def test_today_differs_by_zone():
    with clock.standing_at(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)):
        assert clock.today("Europe/Amsterdam").day == 2
        assert clock.today("America/New_York").day == 1


def test_english_dates_are_read_the_same_everywhere():
    """11/12 is December for one reader and November for the next."""
    with translation.override("en"):
        moment = datetime(2026, 12, 11, 21, 3, tzinfo=UTC)
        assert date_format(moment, "SHORT_DATETIME_FORMAT") == "11 Dec 2026, 21:03"
        assert date_format(moment) == "11 December 2026"
