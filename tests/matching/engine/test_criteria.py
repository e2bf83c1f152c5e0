"""The six criteria: values by hand, neutral answers, and that a match never lowers a score."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import CRITERIA, Problem, explain, maximum_points, solve
from tests.matching.engine import problems

seeds = st.integers(0, 2**32 - 1)


def points(name, **changes):
    """Points of one criterion for a blank pair with some answers changed."""
    explanation = explain(Problem(**problems.blank(1, 1) | changes), 0, 0)
    return explanation.parts[CRITERIA.index(name)].points


def marked(width, *chosen):
    row = np.zeros((1, width), bool)
    row[0, list(chosen)] = True
    return row


@pytest.mark.parametrize(("level", "expected"), [(1, 2000), (2, 3000), (3, 4000)])
def test_goals_by_level(level, expected):
    expertise = np.zeros((1, 8), int)
    expertise[0, 1] = level
    assert points("goals", expertise=expertise, **problems.goals_of([[1]])) == expected


@pytest.mark.parametrize(("shared", "expected"), [(0, 0), (1, 500), (2, 1000), (4, 2000)])
def test_lived_experience_by_share_of_the_mentees_themes(shared, expected):
    """Mentee 1 and mentor 1 are there so that every theme can be shared with somebody."""
    fields = problems.blank(2, 2)
    fields["mentee_themes"][0, :4] = fields["mentor_lived"][1, :4] = True
    fields["mentor_lived"][0, :shared] = fields["mentor_lived"][0, 4] = True
    fields["mentee_themes"][1, 4] = True
    assert explain(Problem(**fields), 0, 0).parts[1].points == expected


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 500), (2, 750), (3, 1000), (5, 1000)])
def test_availability_by_shared_times(count, expected):
    mentee, mentor = marked(6, *range(count), 5 if count < 5 else 0), marked(6, *range(count))
    if not count:
        mentor = marked(6, 4)
    assert points("availability", mentee_slots=mentee, mentor_slots=mentor) == expected


def test_sector_by_table_and_without_one():
    table = np.array([[1.0, 0.3], [0.3, 1.0]])
    sectors = {"mentee_sector": np.array([0]), "mentor_sector": np.array([1])}
    assert points("sector", **sectors) == 0
    assert points("sector", sector_similarity=table, **sectors) == 300


def at(km, **changes):
    """Fields of two people `km` apart along a meridian who can travel 40 km."""
    return {
        "mentee_lat": np.array([50.0]),
        "mentor_lat": np.array([50.0 + km / 111.195]),
        "mentee_lon": np.array([4.0]),
        "mentor_lon": np.array([4.0]),
        "mentee_travel_km": np.array([40.0]),
        "mentor_travel_km": np.array([0.0]),
    } | changes


@pytest.mark.parametrize(("km", "expected"), [(0, 1000), (10, 875), (20, 750), (39.9, 501)])
def test_place_decays_to_half_at_the_edge(km, expected):
    assert points("place", **at(km)) == pytest.approx(expected, abs=1)


def test_place_beyond_reach_is_online_or_nothing():
    assert points("place", **at(41)) == 500
    assert points("place", **at(41, mentor_online=np.array([False]))) == 0
    assert points("place", **at(0, mentor_in_person=np.array([False]))) == 500


def test_the_travel_distance_that_is_not_stated_is_25_km():
    unknown = {"mentee_travel_km": np.array([np.nan]), "mentor_online": np.array([False])}
    assert points("place", **at(24.9, **unknown)) > 0
    assert points("place", **at(25.1, **unknown)) == 0


def test_a_rare_bond_counts_more_than_a_common_one():
    """Ten mentees named bond 0 and one of them bond 1: ln 2 / ln 11 is 0.29, so 3 shares of 8."""
    fields = problems.blank(10, 2)
    fields["mentee_bonds"][:, 0] = fields["mentor_bonds"][0, 0] = True
    fields["mentee_bonds"][0, 1] = fields["mentor_bonds"][1, 1] = True
    problem = Problem(**fields)
    common, rare = (explain(problem, 0, mentor).parts[2] for mentor in (0, 1))
    # 1000 points in 11 small shares: ten of 91 and a last one of 90.
    assert (common.points, rare.points) == (273, 727)
    assert common.facts[0].about == {"bond": 0, "rarity": 3 / 8}
    assert rare.facts[0].about == {"bond": 1, "rarity": 1.0}
    assert explain(problem, 1, 0).parts[2].points == 1000


@pytest.mark.parametrize(("told", "expected"), [(1, 1000), (2, 666), (3, 500), (4, 400)])
def test_a_mentor_who_skipped_gets_what_one_more_shared_theme_would_give(told, expected):
    fields = problems.blank(1, 2)
    fields["mentee_themes"][0, :told] = fields["mentor_lived"][0, :told] = True
    assert explain(Problem(**fields), 0, 1).parts[1].points == expected


def test_goals_share_out_the_points_by_rank():
    fields = problems.blank(1, 3) | problems.goals_of([[0, 1, 2]])
    fields["expertise"][[0, 1, 2], [0, 1, 2]] = 3
    problem = Problem(**fields)
    shown = [explain(problem, 0, mentor).parts[0].points for mentor in range(3)]
    # 200 steps in shares of 3, 2 and 1.
    assert shown == [2000, 67 * 20, 33 * 20]


def test_a_goal_that_is_hardly_covered_counts_only_where_that_is_enough():
    fields = problems.blank(1, 1) | problems.goals_of([[0]])
    fields["topic_relation"][0, 1] = 0.2
    fields["expertise"][0, 1] = 3
    assert explain(Problem(**fields), 0, 0).parts[0].points == 0
    lower = fields | {"goal_covered_from": 0.01}
    assert explain(Problem(**lower), 0, 0).parts[0].points == 800
    assert explain(Problem(**fields, require_goal_covered=False), 0, 0).parts[0].points == 800
    lower["topic_relation"][0, 1] = 0.011
    assert explain(Problem(**lower), 0, 0).parts[0].points == 200


@pytest.mark.parametrize("name", CRITERIA)
def test_all_weight_on_one_criterion(name):
    weights = dict.fromkeys(CRITERIA, 0.0) | {name: 1.0}
    explanation = explain(Problem(**problems.blank(1, 1, weights=weights)), 0, 0)
    assert explanation.points == 5000
    assert [part.maximum for part in explanation.parts] == [
        10_000 * (own == name) for own in CRITERIA
    ]


def test_weights_become_whole_points_by_largest_remainder():
    third = dict.fromkeys(CRITERIA, 0.0) | dict.fromkeys(("goals", "lived", "place"), 1 / 3)
    assert maximum_points(third) == [3340, 3340, 0, 0, 0, 3320]
    assert maximum_points({"goals": 1.0}) == [10_000, 0, 0, 0, 0, 0]
    assert maximum_points(problems.WEIGHTS) == [4000, 2000, 1000, 1000, 1000, 1000]


SHARED = [("mentee_themes", "mentor_lived"), ("mentee_bonds", "mentor_bonds")]


@pytest.mark.parametrize(("mentee_field", "mentor_field"), SHARED)
@settings(max_examples=100, deadline=None)
@given(seed=seeds, pick=st.integers(0, 4), weight=st.sampled_from([0.002, 0.1, 0.7]))
def test_a_new_match_never_lowers_the_pair(mentee_field, mentor_field, seed, pick, weight):
    """Whichever of the two adds it, also as the first answer after skipping the question."""
    name = "lived" if mentee_field == "mentee_themes" else "bonds"
    weights = {name: weight, "place": 1 - weight}
    fields = problems.random_fields(seed, 5, 4) | {"weights": weights}
    for changed, other in ((mentee_field, mentor_field), (mentor_field, mentee_field)):
        before = {field: fields[field].copy() for field in (changed, other)}
        before[other][0, pick] = True
        before[changed][0, pick] = False
        if seed % 3 == 0:
            before[changed][0] = False
        if seed % 3 == 1:
            # So far nobody else named it: it starts to count with this very answer.
            before[changed][:, pick] = False
        after = before | {changed: before[changed].copy()}
        after[changed][0, pick] = True
        points = [explain(Problem(**fields | own), 0, 0).points for own in (before, after)]
        assert points[1] >= points[0]


@settings(max_examples=30, deadline=None)
@given(seed=seeds, slot=st.integers(0, 4), topic=st.integers(0, 7))
def test_more_shared_time_and_more_expertise_never_lower_the_pair(seed, slot, topic):
    fields = problems.random_fields(seed, 3, 3)
    fields["mentor_slots"][0, slot] = True
    fields["expertise"][0, 0] = max(1, fields["expertise"][0, 0])
    before = explain(Problem(**fields), 0, 0).points
    fields["mentee_slots"][0, slot] = True
    fields["expertise"][0, topic] = min(3, fields["expertise"][0, topic] + 1)
    assert explain(Problem(**fields), 0, 0).points >= before


@pytest.mark.parametrize(("mentee_field", "mentor_field"), SHARED)
@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_skipping_costs_nothing_against_a_pair_without_a_match(mentee_field, mentor_field, seed):
    fields = problems.random_fields(seed, 5, 4)
    told = [explain(Problem(**fields), 0, mentor).points for mentor in range(4)]
    shared = (fields[mentee_field][0] & fields[mentor_field]).any(axis=1)
    skipped = fields | {mentee_field: fields[mentee_field].copy()}
    skipped[mentee_field][0] = False
    problem = Problem(**skipped)
    for mentor in np.flatnonzero(~shared).tolist():
        assert explain(problem, 0, mentor).points >= told[mentor]


def test_an_answer_that_nobody_shares_counts_as_neutral():
    """Unusual people are not behind: what nobody on the other side has says nothing."""
    fields = problems.blank(2, 2)
    fields["mentee_themes"][0, 0] = True
    fields["mentor_lived"][:, 1] = True
    problem = Problem(**fields)
    assert [explain(problem, i, 0).parts[1].points for i in (0, 1)] == [1000, 1000]


def test_a_whole_cohort_without_answers_is_matched():
    fields = problems.blank(12, 8)
    solution = solve(Problem(**fields))
    assert solution.matched == 8
    assert set(solution.points[solution.mentor_of >= 0].tolist()) == {5000}
