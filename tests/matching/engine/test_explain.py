"""Explanations add up exactly, name the answers they come from, and repeat `solve`'s numbers."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    CRITERIA,
    Problem,
    ProblemError,
    explain,
    maximum_points,
    shortlist,
    solve,
    why_not,
)
from tests.matching.engine import problems

seeds = st.integers(0, 2**32 - 1)


def part(explanation, name):
    return explanation.parts[CRITERIA.index(name)]


def facts(explanation, name):
    return [(fact.kind, fact.points, fact.about) for fact in part(explanation, name).facts]


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_facts_add_up_to_parts_and_parts_to_the_score(seed):
    problem = problems.random_problem(seed, 6, 5)
    solution = solve(problem)
    most = maximum_points(problem.weights)
    for mentee in range(6):
        for mentor in range(5):
            found = explain(problem, mentee, mentor)
            assert found.points == sum(own.points for own in found.parts)
            assert 0 <= found.points <= 10_000
            for own, limit in zip(found.parts, most, strict=True):
                assert own.maximum == limit
                assert 0 <= own.points <= limit
                assert own.points == sum(fact.points for fact in own.facts)
                assert all(fact.points >= 0 for fact in own.facts)
            if solution.mentor_of[mentee] == mentor:
                assert found.points == solution.points[mentee]
                shown = [own.points for own in found.parts]
                assert shown == solution.parts[mentee].tolist()


def one_pair(**changes):
    fields = problems.blank(1, 1) | problems.goals_of([[2, 5]])
    fields["topic_relation"][5, 3] = 0.6
    fields["expertise"][0, 2] = 1
    fields["expertise"][0, 3] = 3
    fields["mentee_themes"][0, [0, 1, 2]] = True
    fields["mentor_lived"][0, [1, 2]] = True
    fields["mentee_bonds"][0, 4] = fields["mentor_bonds"][0, 4] = True
    fields["mentee_sector"][0] = fields["mentor_sector"][0] = 3
    fields["mentee_slots"][0, :3] = fields["mentor_slots"][0, 1:] = True
    fields["mentee_lat"][0], fields["mentee_lon"][0] = 52.0, 5.0
    fields["mentor_lat"][0], fields["mentor_lon"][0] = 52.09, 5.0
    fields["mentor_travel_km"][0] = 20.0
    fields["mentee_travel_km"][0] = 5.0
    return Problem(**fields | changes)


def test_each_goal_names_the_topic_that_covers_it_best():
    found = explain(one_pair(), 0, 0)
    kinds = facts(found, "goals")
    assert [about["topic"] for _, _, about in kinds] == [2, 5]
    assert [about["mentor_topic"] for _, _, about in kinds] == [2, 3]
    assert [about["level"] for _, _, about in kinds] == [1, 3]
    assert [about["coverage"] for _, _, about in kinds] == [0.5, 0.6]
    # Of 200 steps 133 and 67, at 10 and 12 points a step.
    assert [points for _, points, _ in kinds] == [1330, 804]
    assert part(found, "goals").points == 2134


def test_the_facts_of_the_other_criteria():
    found = explain(one_pair(), 0, 0)
    assert facts(found, "lived") == [
        ("shared_theme", 1000, {"theme": 1}),
        ("shared_theme", 1000, {"theme": 2}),
    ]
    assert [(kind, about["bond"]) for kind, _, about in facts(found, "bonds")] == [
        ("shared_bond", 4)
    ]
    assert facts(found, "sector") == [
        ("sector", 1000, {"mentee_sector": 3, "mentor_sector": 3, "similarity": 1.0})
    ]
    assert facts(found, "availability") == [("shared_slots", 750, {"slots": [1, 2], "count": 2})]
    kind, points, about = facts(found, "place")[0]
    assert kind == "in_person"
    assert about["km"] == pytest.approx(10.0, abs=0.1)
    assert about["limit_km"] == 20.0
    assert points == pytest.approx(750, abs=2)


def test_a_missing_answer_counts_half_and_says_whose_it_is():
    found = explain(Problem(**problems.blank(1, 1)), 0, 0)
    assert found.points == 5000
    for name in CRITERIA[1:-1]:
        assert part(found, name).missing
        assert facts(found, name) == [
            ("not_answered", part(found, name).maximum // 2, {"side": "both"})
        ]
    assert facts(found, "goals") == [("not_answered", 2000, {"side": "mentee"})]
    assert facts(found, "place") == [("online", 500, {})]
    only_mentor = explain(one_pair(mentee_sector=[-1]), 0, 0)
    assert facts(only_mentor, "sector") == [("not_answered", 500, {"side": "mentee"})]


def test_a_mentor_without_topics_covers_no_goal_or_counts_half():
    silent = np.zeros((1, 8), int)
    found = explain(one_pair(expertise=silent), 0, 0)
    assert [(kind, points) for kind, points, _ in facts(found, "goals")] == [("goal", 0)] * 2
    found = explain(one_pair(expertise=silent, require_goal_covered=False), 0, 0)
    assert facts(found, "goals") == [("not_answered", 2000, {"side": "mentor"})]


def test_nothing_in_common_gives_no_points_and_no_facts():
    fields = problems.blank(2, 2)
    fields["mentee_themes"][[0, 1], [0, 1]] = True
    fields["mentor_lived"][[0, 1], [0, 1]] = True
    found = explain(Problem(**fields), 0, 1)
    assert not part(found, "lived").missing
    assert part(found, "lived").points == 0
    assert facts(found, "lived") == []


def test_too_far_is_named_with_its_distance():
    problem = one_pair(
        mentor_lat=np.array([53.0]), mentee_online=np.array([False]), goal_covered_from=0.5
    )
    found = explain(problem, 0, 0)
    kind, points, about = facts(found, "place")[0]
    assert (kind, points) == ("too_far", 0)
    assert about["km"] == pytest.approx(111.2, abs=0.2)
    assert why_not(problem, solve(problem), 0, 0).failed == ("too_far",)


def test_it_is_plain_data():
    data = explain(one_pair(), 0, 0).to_dict()
    assert json.loads(json.dumps(data)) == json.loads(json.dumps(data, allow_nan=False))


@pytest.mark.parametrize(("mentee", "mentor"), [(1, 0), (0, 1), (-1, 0), (0.0, 0)])
def test_a_number_that_is_nobodys_is_refused(mentee, mentor):
    with pytest.raises(ProblemError):
        explain(one_pair(), mentee, mentor)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_shortlist_holds_the_best_of_each_kind(seed):
    problem = problems.random_problem(seed, 4, 6)
    solution = solve(problem)
    best = shortlist(problem, 1, 6)
    assert sorted(one.mentor for one in best.fit + best.unfit) == list(range(6))
    for found, fits in ((best.fit, True), (best.unfit, False)):
        points = [one.points for one in found]
        assert points == sorted(points, reverse=True)
        for one in found:
            assert (one.failed == ()) == fits
            assert one.failed == why_not(problem, solution, 1, one.mentor).failed
            shown = explain(problem, 1, one.mentor)
            assert one.points == shown.points == sum(one.parts)
    assert shortlist(problem, 1, 2).fit == best.fit[:2]


def test_the_shortlist_breaks_ties_by_key():
    fields = problems.blank(1, 3)
    fields["mentor_key"] = np.array([30, 10, 20])
    found = shortlist(Problem(**fields), 0, 3)
    assert [one.mentor for one in found.fit] == [1, 2, 0]
