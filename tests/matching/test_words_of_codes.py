"""Every code that the engine or the adapter gives as a reason has words in the product."""

import pytest

from matching.adapters import BAR_CODES, NO_PLACE_LEFT_FOR_MENTEE
from matching.engine.counterfactual import LOCKED_ELSEWHERE
from matching.engine.groups import GROUP
from matching.engine.problem import COMPETITOR, PAIRED_BEFORE, RESERVED_CODES, SAME_PERSON
from matching.engine.unmatched import ALL_BARRED, NO_COMPATIBLE_MENTOR
from matching.roundwords import PAIR_WORDS, UNMATCHED
from matching.whynot import WHY_NOT

OF_PAIRS = RESERVED_CODES | {*BAR_CODES.values(), COMPETITOR, GROUP, PAIRED_BEFORE, SAME_PERSON}
OF_MENTEES = RESERVED_CODES | {ALL_BARRED, NO_COMPATIBLE_MENTOR, NO_PLACE_LEFT_FOR_MENTEE}


@pytest.mark.parametrize(
    ("words", "codes"),
    [(WHY_NOT, OF_PAIRS), (PAIR_WORDS, OF_PAIRS | {LOCKED_ELSEWHERE}), (UNMATCHED, OF_MENTEES)],
)
def test_every_code_has_words(words, codes):
    assert codes <= set(words)
