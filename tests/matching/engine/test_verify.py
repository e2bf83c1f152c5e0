"""`verify` believes nothing: each kind of tampering is found, none raises."""

import ast
import copy
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import assign, verification, verify
from tests.matching.engine import oracles


@pytest.fixture(scope="module")
def proven():
    instance = oracles.instance(4, 14, 8, top=1000, density=0.6)
    result = assign(*instance)
    assert verify(*instance, result)
    assert 0 < result.certificate.matched < 14
    return instance, result.to_dict()


def test_plain_data_from_json_is_read_too(proven):
    instance, data = proven
    assert verify(*instance, json.loads(json.dumps(data)))


def numeric_places(data):
    for name, value in data.items():
        if isinstance(value, dict):
            yield from ((name, *rest) for rest in numeric_places(value))
        elif isinstance(value, list):
            yield from ((name, index) for index in range(len(value)))
        else:
            yield (name,)


def changed(data, place, change):
    copied = copy.deepcopy(data)
    holder = copied
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = change(holder[place[-1]])
    return copied


@pytest.mark.parametrize("step", [-1, 1, 7, -1000, 10**30])
def test_any_changed_number_is_found(proven, step):
    instance, data = proven
    for place in numeric_places(data):
        assert not verify(*instance, changed(data, place, lambda value: value + step)), place


@pytest.mark.parametrize(
    "junk", [None, "x", 1.5, float("nan"), True, [], {}, [[1]], object(), b"", 10**400, {1, 2}]
)
def test_malformed_parts_give_false(proven, junk):
    instance, data = proven
    for place in [("mentor_of",), ("total",), ("certificate",)]:
        assert verify(*instance, changed(data, place, lambda _: junk)) is False
    for name in data["certificate"]:
        assert verify(*instance, changed(data, ("certificate", name), lambda _: junk)) is False
    assert verify(*instance, changed(data, ("mentor_of", 0), lambda _: junk)) is False
    assert verify(*instance, junk) is False


def test_missing_parts_give_false(proven):
    instance, data = proven
    for name in data:
        assert verify(*instance, {key: data[key] for key in data if key != name}) is False
    for name in data["certificate"]:
        part = {key: value for key, value in data["certificate"].items() if key != name}
        assert verify(*instance, data | {"certificate": part}) is False


@pytest.mark.parametrize("name", ["mentor_of", "mentee_prices", "mentor_prices"])
def test_lists_of_the_wrong_length_give_false(proven, name):
    instance, data = proven
    place = (name,) if name == "mentor_of" else ("certificate", name)
    assert not verify(*instance, changed(data, place, lambda value: value[:-1]))
    assert not verify(*instance, changed(data, place, lambda value: [*value, 0]))


def test_a_swap_that_costs_points_is_found():
    scores = np.array([[9, 1], [1, 9]])
    instance = scores, np.ones((2, 2), bool), np.array([1, 1])
    result = assign(*instance)
    worse = dataclasses.replace(result, mentor_of=np.array([1, 0]), total=2)
    assert not verify(*instance, worse)
    claims = dataclasses.replace(result.certificate, total=2)
    assert not verify(*instance, dataclasses.replace(worse, certificate=claims))


def test_a_pair_that_is_not_allowed_and_a_full_mentor_are_found():
    result = assign(np.zeros((2, 1), int), np.ones((2, 1), bool), np.array([2]))
    scores = np.zeros((2, 1), int)
    assert not verify(scores, np.array([[True], [False]]), np.array([2]), result)
    assert not verify(scores, np.ones((2, 1), bool), np.array([1]), result)


def test_a_match_worth_too_little_proves_nothing():
    """With one match worth 1 point, one pair of 10 points would pass as better than two of 4."""
    scores = np.array([[10, 4], [4, 0]])
    allowed = np.array([[True, True], [True, False]])
    proof = {
        "big_m": 1,
        "mentee_prices": [5, 0],
        "mentor_prices": [6, 0],
        "matched": 1,
        "total": 10,
        "gap": 0,
    }
    claim = {"mentor_of": [0, -1], "total": 10, "certificate": proof}
    assert not verify(scores, allowed, np.array([1, 1]), claim)


@pytest.mark.parametrize(
    "instance",
    [
        (None, None, None),
        (np.zeros((1, 1)), np.ones((1, 1), bool), np.ones(1, int)),
        (np.zeros((1, 1), int), np.ones((1, 1), int), np.ones(1, int)),
        (np.zeros((1, 1), int), np.ones((1, 2), bool), np.ones(1, int)),
        (np.zeros((1, 1), int), np.ones((1, 1), bool), np.array([-1])),
        (np.full((1, 1), 2**62), np.ones((1, 1), bool), np.ones(1, int)),
        (np.full((1, 1), 2**64 - 1, np.uint64), np.ones((1, 1), bool), np.ones(1, int)),
    ],
)
def test_a_malformed_instance_gives_false(instance):
    result = assign(np.zeros((1, 1), int), np.ones((1, 1), bool), np.ones(1, int))
    assert verify(*instance, result) is False


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.data())
def test_true_only_for_the_optimum(seed, data):
    """Any other matching under the same proof passes only if it is just as good."""
    instance = scores, allowed, capacity = oracles.instance(seed, 4, 3)
    result = assign(*instance)
    mates = data.draw(st.lists(st.integers(-1, 2), min_size=4, max_size=4))
    rows = [i for i in range(4) if mates[i] >= 0]
    total = sum(int(scores[i, mates[i]]) for i in rows)
    proof = dataclasses.replace(result.certificate, matched=len(rows), total=total)
    claim = dataclasses.replace(result, mentor_of=np.array(mates), total=total, certificate=proof)
    load = np.bincount([mates[i] for i in rows], minlength=3)
    feasible = (load <= capacity).all() and all(allowed[i, mates[i]] for i in rows)
    best = oracles.brute_force(*instance)
    assert verify(*instance, claim) == (feasible and (len(rows), total) == best)


def test_the_checker_shares_no_code_with_the_solver():
    tree = ast.parse(Path(verification.__file__).read_text())
    imported = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported == {"collections.abc", "typing", "numpy"}
