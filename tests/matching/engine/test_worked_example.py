"""The example worked out by hand in docs/matching.md, number for number."""

from pathlib import Path

import numpy as np
import pytest

from matching.engine import Problem, explain, solve, verify_solution, why_not
from tests.matching.engine import problems

DOCUMENT = Path(__file__).parents[3] / "docs" / "matching.md"
PRICING, CUSTOMERS, BOOKS = 0, 1, 2
ANNA, BEN, CHRIS = 0, 1, 2
MARIA, NOOR = 0, 1


@pytest.fixture(scope="module")
def problem():
    fields = problems.blank(3, 2) | problems.goals_of([[PRICING, BOOKS], [CUSTOMERS], [BOOKS]])
    fields["topic_relation"][PRICING, CUSTOMERS] = 0.5
    fields["expertise"][MARIA, CUSTOMERS] = 3
    fields["expertise"][NOOR, BOOKS] = 3
    fields["mentee_themes"][ANNA, 0] = True
    fields["mentee_themes"][CHRIS, :2] = True
    fields["mentor_lived"][MARIA, 0] = fields["mentor_lived"][NOOR, 1] = True
    fields["mentee_sector"] = np.array([0, 1, -1])
    fields["mentor_sector"] = np.array([0, 1])
    fields["mentee_slots"][ANNA, :2] = fields["mentee_slots"][CHRIS, 0] = True
    fields["mentor_slots"][MARIA, :3] = fields["mentor_slots"][NOOR, 0] = True
    return Problem(**fields)


@pytest.mark.parametrize(
    ("mentee", "mentor", "parts"),
    [
        (ANNA, MARIA, [1330, 2000, 500, 1000, 750, 500]),
        (ANNA, NOOR, [1340, 0, 500, 0, 500, 500]),
        (BEN, MARIA, [4000, 1000, 500, 0, 500, 500]),
        (BEN, NOOR, [0, 1000, 500, 1000, 500, 500]),
        (CHRIS, MARIA, [0, 1000, 500, 500, 500, 500]),
        (CHRIS, NOOR, [4000, 1000, 500, 500, 500, 500]),
    ],
)
def test_the_points_of_each_pair(problem, mentee, mentor, parts):
    found = explain(problem, mentee, mentor)
    assert [part.points for part in found.parts] == parts
    names = f"{('Anna', 'Ben', 'Chris')[mentee]}, {('Maria', 'Noor')[mentor]}"
    cells = [names, *(f"{points:,}" for points in [*parts, found.points])]
    assert f"| {' | '.join(cells)} |" in DOCUMENT.read_text()


def test_the_pairs_and_the_proof(problem):
    solution = solve(problem)
    assert solution.mentor_of.tolist() == [-1, MARIA, NOOR]
    assert solution.total == 13_500
    assert [vars(person) for person in solution.unmatched] == [
        {"mentee": ANNA, "reason": "no_place_left", "compatible": 2}
    ]
    proof = solution.optimum
    assert solution.floor == 6_500
    assert proof.big == 3 * 10_000 + 1
    assert proof.gain.tolist() == [-30_001, 6_500, 7_000]
    assert proof.price.tolist() == [0, 0]
    assert proof.cover.mentee_tier.tolist() == [1, 1, 1]
    assert proof.cover.mentor_tier.tolist() == [1, 1]
    assert proof.above.minimum == 6_501
    assert proof.above.mentee_tier.tolist() == [1, 1, 0]
    assert proof.above.mentor_tier.tolist() == [0, 0]
    assert verify_solution(problem, solution)


def test_what_pairing_anna_with_maria_would_cost(problem):
    forced = why_not(problem, solve(problem), ANNA, MARIA).forced
    assert (forced.matched, forced.total, forced.total_change) == (2, 13_080, -420)
    assert [(lost.mentee, lost.points_before, lost.points_after) for lost in forced.losers] == [
        (BEN, 6_500, 0)
    ]
