"""A `Problem` refuses what it cannot mean, with the field and the index, and replays exactly."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Problem, ProblemError, rank_weights
from tests.matching.engine import problems


def refused(**changes):
    with pytest.raises(ProblemError) as caught:
        Problem(**problems.blank(3, 2) | changes)
    return caught.value.field, caught.value.index


NAN = float("nan")


@pytest.mark.parametrize(
    ("changes", "field", "index"),
    [
        ({"weights": problems.WEIGHTS | {"charm": 0.0}}, "weights", None),
        ({"weights": {"goals": 0.9}}, "weights", None),
        ({"weights": problems.WEIGHTS | {"goals": 0.5}}, "weights", None),
        ({"weights": problems.WEIGHTS | {"lived": NAN}}, "weights", 1),
        ({"weights": problems.WEIGHTS | {"goals": 0.5, "bonds": -0.1}}, "weights", 2),
        ({"weights": None}, "weights", None),
        ({"capacity": np.array([1, -1])}, "capacity", 1),
        ({"capacity": np.array([1.0, 2.0])}, "capacity", None),
        ({"capacity": np.ones(3, int)}, "capacity", None),
        ({"lower_quota": np.array([0, -1])}, "lower_quota", 1),
        ({"lower_quota": np.array([1, 2])}, "lower_quota", 1),
        ({"lower_quota": np.array([0.0, 1.0])}, "lower_quota", None),
        ({"lower_quota": np.zeros(3, int)}, "lower_quota", None),
        ({"priority": np.zeros(3, int)}, "priority", None),
        ({"expertise": np.full((2, 8), 4)}, "expertise", 0),
        ({"expertise": np.zeros((2, 7), int)}, "expertise", None),
        ({"topic_relation": np.zeros((8, 8))}, "topic_relation", 0),
        ({"topic_relation": np.eye(8) * 2}, "topic_relation", 0),
        ({"topic_relation": np.eye(8)[:7]}, "topic_relation", None),
        ({"topic_relation": np.full((8, 8), NAN)}, "topic_relation", 0),
        ({"goal_ptr": np.array([0, 1, 1, 1])}, "goal_ptr", None),
        ({"goal_ptr": np.array([0, 0, 0])}, "goal_ptr", None),
        (problems.goals_of([[1], [8], []]), "goal_topic", 1),
        (problems.goals_of([[1], [], [3, 1, 3]]), "goal_topic", 3),
        (problems.goals_of([[1], [], []]) | {"goal_weight": np.array([0])}, "goal_weight", 0),
        ({"mentee_themes": np.zeros((3, 5), int)}, "mentee_themes", None),
        ({"mentor_lived": np.zeros((2, 4), bool)}, "mentor_lived", None),
        ({"mentor_bonds": np.zeros((3, 6), bool)}, "mentor_bonds", None),
        ({"mentee_sector": np.array([0, 1, -2])}, "mentee_sector", 2),
        (
            {"mentor_sector": np.array([0, 2]), "sector_similarity": np.eye(2)},
            "mentor_sector",
            1,
        ),
        ({"sector_similarity": np.ones((2, 3))}, "sector_similarity", None),
        ({"mentee_lat": np.array([NAN, 91, 0])}, "mentee_lat", 1),
        ({"mentee_lat": np.array([NAN, 50, NAN])}, "mentee_lon", 1),
        ({"mentor_travel_km": np.array([1.0, -1.0])}, "mentor_travel_km", 1),
        ({"mentor_travel_km": np.array([1.0, np.inf])}, "mentor_travel_km", 1),
        ({"mentor_travel_km": np.array(["near", "far"])}, "mentor_travel_km", None),
        ({"mentee_key": np.array([4, 5, 4])}, "mentee_key", 2),
        ({"mentor_key": np.array([4, -5])}, "mentor_key", 1),
        ({"mentor_key": np.array([1, 2**63], dtype=np.uint64)}, "mentor_key", 1),
        ({"barred": [(0, 0, "forbidden"), (3, 0, "forbidden")]}, "barred", 1),
        ({"barred": [(0, 0)]}, "barred", 0),
        ({"barred": [(0, 0, "too_far")]}, "barred", 0),
        ({"barred": None}, "barred", None),
        ({"locks": [(0, 0), (0, 1)]}, "locks", 1),
        ({"locks": [(0, 0), (1, 0)]}, "locks", 1),
        ({"locks": [(0, -1)]}, "locks", 0),
        ({"locks": [(0.0, 1)]}, "locks", 0),
        ({"minimum_points": 10_001}, "minimum_points", None),
        ({"minimum_points": 1.5}, "minimum_points", None),
        ({"require_goal_covered": 1}, "require_goal_covered", None),
        ({"goal_covered_from": 0}, "goal_covered_from", None),
    ],
)
def test_what_cannot_be_meant_is_refused(changes, field, index):
    assert refused(**changes) == (field, index)


def test_arrays_are_copies_that_do_not_change():
    fields = problems.blank(2, 2)
    problem = Problem(**fields)
    fields["capacity"][0] = 9
    assert problem.capacity.tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        problem.capacity[0] = 9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_way_through_json_is_exact(seed):
    problem = problems.random_problem(seed)
    again = Problem.from_dict(json.loads(json.dumps(problem.to_dict(), allow_nan=False)))
    assert again.to_dict() == problem.to_dict()
    for field in dataclasses.fields(Problem):
        one, other = getattr(problem, field.name), getattr(again, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            assert one.shape == other.shape
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data | {"format": 1},
        lambda data: data | {"more": 1},
        lambda data: {key: value for key, value in data.items() if key != "capacity"},
        lambda data: data | {"capacity": {"dtype": "int64", "shape": [3], "data": [1]}},
        lambda data: data | {"capacity": {"dtype": "object", "shape": [1], "data": [1]}},
        lambda data: data | {"priority": {"dtype": "bool", "shape": [2], "data": "0x"}},
        lambda data: data | {"priority": {"dtype": "bool"}},
    ],
)
def test_damaged_data_is_refused(damage):
    with pytest.raises(ProblemError):
        Problem.from_dict(damage(Problem(**problems.blank(2, 2)).to_dict()))


def test_data_of_an_older_engine_are_named_as_such():
    data = Problem(**problems.blank(1, 1)).to_dict() | {"format": 1, "engine_version": "1.0"}
    with pytest.raises(ProblemError, match=r"format 1 of engine 1\.0; this is engine") as caught:
        Problem.from_dict(data)
    assert caught.value.field == "format"


def test_a_criterion_that_is_not_named_weighs_nothing():
    problem = Problem(**problems.blank(1, 1, weights={"goals": 1.0}))
    assert problem.weights["place"] == 0.0


def test_rank_weights_fall_from_the_first_goal_on():
    assert rank_weights(4) == [4, 3, 2, 1]
    assert rank_weights(0) == []
