"""The engine's facts as stored data and in words."""

import json

import numpy as np
import pytest
from django.utils import translation

from accounts.availability import SLOT_CODES
from accounts.models import TopicRelation
from matching.adapters import problem_build
from matching.engine import CRITERIA as ENGINE_CRITERIA
from matching.engine import explain
from matching.reason_words import in_words
from matching.reasons import (
    CRITERIA,
    QUESTIONS,
    WARNINGS,
    Reason,
    facts_from_explanation,
    parts_in_words,
    reasons_for_staff,
    reasons_of_many,
    seen_by_match,
    warnings_of,
)
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make_mentoring

VOICES = ("staff", "mentee", "mentor")


@pytest.fixture
def crowd(programme):
    """Twelve people with mixed answers, some with none."""
    rng = np.random.default_rng(7)
    terms = {
        kind: [make_accounts.term(kind, f"{kind}{number}") for number in range(5)]
        for kind in ("topic", "theme", "bond", "sector")
    }
    TopicRelation.objects.create(a=terms["topic"][0], b=terms["topic"][1], strength=0.5)
    people = {"mentee": [], "mentor": []}
    for number in range(12):
        role = "mentee" if number % 2 else "mentor"
        chosen = {}
        if number > 1:
            for kind, few in (("topic", 3), ("theme", 2), ("bond", 2), ("sector", 1)):
                picked = rng.choice(5, int(rng.integers(0, few + 1)), replace=False)
                for rank, which in enumerate(picked, start=1):
                    chosen[terms[kind][which]] = min(rank, 3) if kind == "topic" else None
        person = make_mentoring.participant(
            programme=programme,
            role=role,
            terms=chosen,
            meeting=rng.choice(["", "online", "in_person", "either"]),
            availability=[code for code in SLOT_CODES if rng.random() < 0.4],
        )
        if rng.random() < 0.6:
            person.profile.latitude, person.profile.longitude = 53 + rng.random(), 5.5
            person.profile.save()
        people[role].append(person)
    everybody = [*people["mentee"], *people["mentor"]]
    return problem_build(
        programme=programme,
        mentees=people["mentee"],
        mentors=people["mentor"],
        weights=programme.weights,
        minimum_points=0,
        exclude_competitors=False,
        tie_keys={person.pk: number for number, person in enumerate(everybody)},
    )


def all_pairs(problem):
    return [
        explain(problem, mentee, mentor)
        for mentee in range(problem.mentees)
        for mentor in range(problem.mentors)
    ]


def test_what_is_shown_adds_up_exactly_to_the_score(crowd):
    problem, index = crowd
    for explanation in all_pairs(problem):
        facts = facts_from_explanation(explanation, index)
        reasons = reasons_for_staff(facts)
        assert sum(reason.points for reason in reasons) == explanation.points
        for part in explanation.parts:
            own = [reason.points for reason in reasons if reason.criterion == part.criterion]
            assert own
            assert sum(own) == part.points


def test_facts_are_plain_data_without_ids_of_people(crowd):
    problem, index = crowd
    for explanation in all_pairs(problem):
        stored = json.dumps(facts_from_explanation(explanation, index))
        assert not [pk for pk in (*index.mentees, *index.mentors) if str(pk) in stored]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_fact_has_words_for_every_reader_in_both_languages(crowd, language):
    problem, index = crowd
    facts = [f for e in all_pairs(problem) for f in facts_from_explanation(e, index)]
    assert {fact["kind"] for fact in facts} >= {"goal", "theme", "bond", "time", "place"}
    with translation.override(language):
        for fact in facts:
            for voice in VOICES:
                text = in_words(fact, voice, {}, other="Sam")
                assert text.endswith(".")
                assert "%(" not in text


@pytest.mark.parametrize(
    ("level", "known"), [(1, "know the basics"), (2, "know it well"), (3, "can teach it yourself")]
)
def test_the_mentor_reads_how_well_they_know_it_too(level, known):
    fact = GOAL | {"level": level}
    with translation.override("en"):
        text = in_words(fact, "mentor", {"a": "Prices"}, other="Sam")
    assert text == f"Sam wants to work on “Prices”. You {known}."


def test_the_words_follow_the_language_of_the_page():
    fact = {"criterion": "availability", "kind": "nothing", "points": 0}
    texts = set()
    for language in ("en", "nl"):
        with translation.override(language):
            texts.add(in_words(fact, "staff", {}))
    assert len(texts) == 2


def test_the_criteria_are_those_of_the_engine():
    assert tuple(CRITERIA) == ENGINE_CRITERIA
    assert set(QUESTIONS) == set(CRITERIA)
    parts = parts_in_words({"place": 1, "goals": 3}, [Reason("goals", "Because.", 3)])
    assert [(part.points, len(part.reasons), part.most) for part in parts] == [
        (3, 1, None),
        (1, 0, None),
    ]


def test_many_pairs_take_one_query(crowd, django_assert_num_queries):
    problem, index = crowd
    facts = [facts_from_explanation(explanation, index) for explanation in all_pairs(problem)]
    with django_assert_num_queries(1):
        reasons_of_many(facts)


GOAL = {
    "criterion": "goals",
    "kind": "goal",
    "points": 10,
    "rank": 1,
    "mentee_term": "a",
    "mentor_term": "a",
    "level": 3,
    "relation": 1.0,
}


@pytest.mark.parametrize(
    ("fact", "visible", "seen"),
    [
        (GOAL, ["topics"], True),
        (GOAL, ["goals", "themes"], False),
        (GOAL | {"points": 0, "mentor_term": None}, ["topics"], False),
        (
            {"criterion": "lived", "kind": "neutral", "points": 9, "missing": "mentor"},
            ["themes"],
            False,
        ),
        ({"criterion": "lived", "kind": "theme", "points": 9, "term": "t"}, ["themes"], True),
        ({"criterion": "lived", "kind": "theme", "points": 9, "term": "t"}, ["topics"], False),
    ],
)
def test_only_answers_that_may_be_seen_become_reasons_for_the_other(db, fact, visible, seen):
    owner = make_accounts.profile(role="mentor", visible=visible)
    assert (seen_by_match(fact, owner) is not None) is seen


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (
            [{"criterion": "bonds", "kind": "neutral", "points": 5, "missing": "both"}],
            "missing_answers",
        ),
        ([{"criterion": "availability", "kind": "nothing", "points": 0}], "no_shared_time"),
        ([GOAL | {"relation": 0.5, "mentor_term": "b"}], "only_near_goals"),
        ([GOAL | {"mentor_term": None}, GOAL | {"rank": 2}], "first_goal_open"),
        (
            [{"criterion": "sector", "kind": "sector", "points": 1, "relation": 1.0}],
            "same_sector",
        ),
        (
            [{"criterion": "place", "kind": "place", "points": 1, "how": "in_person", "km": 80}],
            "far_apart",
        ),
        ([GOAL], None),
    ],
)
def test_warnings_name_what_to_think_about(facts, code):
    assert warnings_of(facts) == ([code] if code else [])
    assert all(found in WARNINGS for found in warnings_of(facts))
