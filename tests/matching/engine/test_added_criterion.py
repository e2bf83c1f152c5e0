"""The example of a new criterion in docs/matching.md: it stands there as it runs here."""

import inspect
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from matching.engine.answers import answered
from matching.engine.criteria import one_each

DOCUMENT = Path(__file__).parents[3] / "docs" / "matching.md"


def wishes(problem, points):
    """The phase that the mentee is in, by the marks that the mentor gave to it."""
    phase, marks = problem.mentee_phase, problem.mentor_marks
    skipped, silent = phase < 0, ~answered(marks)
    asked = np.flatnonzero(~skipped)
    phases, fact = np.unique(phase[asked], return_inverse=True)
    values = (points * marks.T[phases] // 3).astype(np.int16)
    values[:, silent] = points // 2
    return one_each(values, phases, asked, fact, skipped, silent)


def test_wishes_count_by_the_marks_of_the_mentor():
    problem = SimpleNamespace(
        mentee_phase=np.array([1, -1, 0]),
        mentor_marks=np.array([[0, 3], [2, 1], [0, 0]]),
    )
    block = wishes(problem, 600)
    assert block.subject.tolist() == [0, 1]
    assert block.values.tolist() == [[0, 400, 300], [600, 200, 300]]
    assert block.mentee.tolist() == [0, 2]
    assert block.fact.tolist() == [1, 0]
    assert block.weight.tolist() == [1, 1]
    assert block.mentee_skipped.tolist() == [False, True, False]
    assert block.mentor_skipped.tolist() == [False, False, True]


def test_the_document_shows_it_as_it_is():
    shown = DOCUMENT.read_text()
    assert inspect.getsource(wishes) in shown
    assert inspect.getsource(test_wishes_count_by_the_marks_of_the_mentor) in shown
