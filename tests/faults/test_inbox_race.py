"""Editors who answer the same question at once, and one person with many windows.

One answer is given and one mail goes out; nobody sends more than the day has room for. With the
locks off both happen, or the test would prove nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection
from django.db.models import QuerySet

from handbook.inbox import AskedQuestion
from handbook.questions import Question
from handbook.services.inbox import MOST_A_DAY, question_ask, question_publish
from reenter.common.errors import Refused
from reenter.common.models import OutboxMessage
from tests.factories import accounts as make

AT_ONCE = 12
ROUNDS = 25
CONTROL_ROUNDS = 10

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway"),
    pytest.mark.django_db(transaction=True),
]


def all_at_once(change: Callable[[], object]) -> None:
    start = threading.Barrier(AT_ONCE)

    def run() -> None:
        try:
            connection.ensure_connection()
            start.wait()
            with suppress(Refused):
                change()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def answers() -> int:
    """How many questions editors published for one that was asked."""
    person, editor = make.user(), make.user()
    asked = question_ask(actor=person, text="Mag dat?")
    before = Question.objects.count()

    def publish() -> None:
        texts = {"questions": {"nl": "Mag dat?"}, "answers": {"nl": "Ja."}}
        question_publish(actor=editor, asked=asked, question=Question(topic="joining", **texts))

    all_at_once(publish)
    assert OutboxMessage.objects.filter(recipient=person).count() == 1
    return Question.objects.count() - before


def questions() -> int:
    person = make.user()
    all_at_once(lambda: question_ask(actor=person, text="Mag dat?"))
    return AskedQuestion.objects.visible_to(person).count()


def test_one_answer_is_given():
    assert [answers() for _round in range(ROUNDS)] == [1] * ROUNDS


def test_the_limit_of_the_day_holds():
    assert [questions() for _round in range(ROUNDS)] == [MOST_A_DAY] * ROUNDS


@pytest.mark.parametrize(("count", "right"), [(answers, 1), (questions, MOST_A_DAY)])
def test_without_the_locks_it_goes_wrong(monkeypatch, count, right):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    assert max(count() for _round in range(CONTROL_ROUNDS)) > right
