"""An editor publishes a story at the very moment at which one of the two takes it back.

Whichever comes first, no story is on the site that does not have the yes of both. Publishing is one
conditional update; the control reads, looks and writes instead, and shows what happens then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from handbook.services.stories import story_publish
from handbook.stories import Story
from mentoring.errors import Refused
from mentoring.models import StoryConsent, Telling
from mentoring.services.stories import story_take_back
from reenter.common import clock
from tests.mentoring import stories

ROUNDS = 25
CONTROL_ROUNDS = 5

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway"),
]


def at_once(*changes: Callable[[], None]) -> list[str]:
    """Run them at the same moment; what went wrong beside refusals."""
    start, wrong = threading.Barrier(len(changes)), []

    def run(change: Callable[[], None]) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            change()
        except Refused:
            pass
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[change]) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def stands_without_both(telling: Telling) -> bool:
    """On the site, while one of the two has no yes in force for these words."""
    story = Story.objects.get(pk=telling.story_id)
    yes = StoryConsent.objects.filter(
        telling=telling, withdrawn_at__isnull=True, digest=story.digest
    )
    return story.state == Story.State.PUBLISHED and yes.count() < 2


def race(publish: Callable[[Telling], None], rounds: int) -> tuple[int, set[str], list[str]]:
    bad, ends, wrong = 0, set(), []
    for number in range(rounds):
        telling = stories.agreed(stories.pair())
        half = (telling.told_by, telling.listener)[number % 2]

        def take_back(telling: Telling = telling, half: object = half) -> None:
            story_take_back(actor=half.user, telling=telling, participant=half)

        wrong += at_once(lambda telling=telling: publish(telling), take_back)
        bad += stands_without_both(telling)
        ends.add(stories.state(telling))
    return bad, ends, wrong


@pytest.mark.django_db(transaction=True)
def test_publishing_and_taking_back():
    def publish(telling: Telling) -> None:
        story_publish(actor=None, story=telling.story, digest=telling.story.digest)

    bad, ends, wrong = race(publish, ROUNDS)
    assert wrong == []
    assert bad == 0
    assert ends == {"withdrawn"}


@pytest.mark.django_db(transaction=True)
def test_two_publish_and_both_take_back():
    for _round in range(ROUNDS):
        telling = stories.agreed(stories.pair())

        def publish(telling: Telling = telling) -> None:
            story_publish(actor=None, story=telling.story, digest=telling.story.digest)

        def take_back(half: object, telling: Telling = telling) -> None:
            story_take_back(actor=half.user, telling=telling, participant=half)

        halves = telling.told_by, telling.listener
        backs = [lambda half=half: take_back(half) for half in halves]
        assert at_once(publish, publish, *backs) == []
        assert not stands_without_both(telling)
        assert stories.state(telling) == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_reading_looking_and_writing_brings_a_story_back():
    def publish(telling: Telling) -> None:
        with transaction.atomic():
            story = Story.objects.get(pk=telling.story_id)
            time.sleep(0.2)
            if story.state == Story.State.AGREED and story.has_both:
                story.state, story.published_at = Story.State.PUBLISHED, clock.now()
                story.save()

    bad, _ends, _wrong = race(publish, CONTROL_ROUNDS)
    assert bad >= 1
