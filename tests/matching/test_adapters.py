"""From people to arrays: nothing personal crosses, everybody stands where the index says."""

import json

import numpy as np
import pytest

from accounts.models import Profile, TopicRelation
from matching.adapters import problem_build
from matching.engine import Problem, explain, solve, verify_solution
from matching.models import ForbiddenPair
from mentoring.models import Mentorship
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make_mentoring


def build(programme, mentees, mentors, **extra):
    people = [*mentees, *mentors]
    fields = {
        "weights": programme.weights,
        "minimum_points": 0,
        "exclude_competitors": False,
        "tie_keys": {person.pk: 1000 - number for number, person in enumerate(people)},
    } | extra
    return problem_build(programme=programme, mentees=mentees, mentors=mentors, **fields)


def people(programme, role, count, **extra):
    return [
        make_mentoring.participant(programme=programme, role=role, **extra) for _ in range(count)
    ]


def set_profile(participant, **fields):
    Profile.objects.filter(pk=participant.profile_id).update(**fields)
    participant.profile.refresh_from_db()


@pytest.fixture
def cohort(programme):
    """Two mentees and two mentors with answers to everything, canaries in every text."""
    near, far = (make_accounts.term("topic", code) for code in ("marketing", "taxes"))
    theme, bond = make_accounts.term("theme", "again"), make_accounts.term("bond", "cycling")
    retail = make_accounts.term("sector", "retail")
    TopicRelation.objects.create(a=near, b=far, strength=0.4)
    terms = {near: 1, far: 2, theme: None, bond: None, retail: None}
    made = {
        role: people(programme, role, 2, terms=terms, pitch="CANARY", exchange="CANARY")
        for role in ("mentee", "mentor")
    }
    for person in (*made["mentee"], *made["mentor"]):
        set_profile(
            person,
            latitude=53.20123456,
            longitude=5.8,
            travel_km=30,
            meeting="either",
            place_name="CANARY",
            availability=["weekday_morning", "no-such-slot"],
        )
    return made["mentee"], made["mentor"]


def test_the_stored_problem_holds_no_ids_names_texts_or_terms(programme, cohort):
    problem, _index = build(programme, *cohort)
    stored = json.dumps(problem.to_dict())
    personal = ["CANARY", "marketing", "cycling", "53.20123456"]
    for side in cohort:
        for person in side:
            personal += [str(person.pk), str(person.user_id), person.user.name, person.user.email]
    assert not [text for text in personal if text in stored]
    assert Problem.from_dict(json.loads(stored)).to_dict() == problem.to_dict()


def test_people_stand_in_the_order_of_their_keys(programme, cohort):
    mentees, mentors = cohort
    problem, index = build(programme, mentees, mentors)
    assert index.mentees == (mentees[1].pk, mentees[0].pk)
    assert index.mentors == (mentors[1].pk, mentors[0].pk)
    assert np.all(np.diff(problem.mentee_key) > 0)
    assert index.row_of(mentees[0].pk) == 1
    assert index.column_of(mentors[0].pk) == 1


def test_answers_arrive_whole(programme, cohort):
    problem, index = build(programme, *cohort)
    assert index.topics == ("marketing", "taxes")
    assert problem.goal_topic.tolist() == [0, 1, 0, 1]
    assert problem.goal_weight.tolist() == [2, 1, 2, 1]
    assert problem.expertise.tolist() == [[1, 2], [1, 2]]
    assert problem.topic_relation.tolist() == [[1, 0.4], [0.4, 1]]
    assert problem.mentee_themes.all()
    assert problem.mentee_bonds.all()
    assert problem.mentee_slots.sum() == 2
    assert problem.mentee_lat.tolist() == [53.2, 53.2]
    assert problem.mentee_online.all()
    assert problem.mentee_in_person.all()
    assert verify_solution(problem, solve(problem))


def test_no_answers_at_all_is_no_error(programme):
    bare = {"languages": []}
    problem, index = build(
        programme, people(programme, "mentee", 1, **bare), people(programme, "mentor", 1, **bare)
    )
    assert problem.mentee_sector.tolist() == [-1]
    assert np.isnan(problem.mentee_lat).all()
    # The language of the account stands in: both have the site's own.
    assert problem.mentee_languages.tolist() == [[True]]
    assert index.topics == ()
    assert explain(problem, 0, 0).points > 0


def test_nobody_at_all_is_no_error(programme):
    problem, _index = build(programme, [], [])
    assert solve(problem).matched == 0


def test_sectors_are_the_same_near_or_different(programme):
    made = [make_accounts.term("sector", code) for code in ("retail", "crafts")]
    other_group = make_accounts.TermGroup.objects.create(kind="sector", code="far-group", labels={})
    far = make_accounts.Term.objects.create(group=other_group, code="law", labels={})
    mentee = people(programme, "mentee", 1, terms={made[0]: None})
    mentors = [
        people(programme, "mentor", 1, terms=terms)[0]
        for terms in ({made[0]: None, far: None}, {made[1]: None}, {far: None})
    ]
    problem, index = build(programme, mentee, mentors)
    own = problem.mentee_sector[0]
    found = {
        index.mentors[column]: problem.sector_similarity[own, code]
        for column, code in enumerate(problem.mentor_sector)
    }
    assert [found[mentor.pk] for mentor in mentors] == [1.0, 0.5, 0.0]


def test_pairs_that_may_never_be_are_barred_with_their_reason(programme, cohort):
    mentees, mentors = cohort
    both = make_mentoring.participant(programme=programme, role="mentor", user=mentees[0].user)
    ForbiddenPair.objects.create(mentee=mentees[0].user, mentor=mentors[0].user, reason="declined")
    ForbiddenPair.objects.create(mentee=mentees[1].user, mentor=mentors[0].user, reason="report")
    Mentorship.objects.create(
        programme=programme,
        mentee=mentees[1],
        mentor=mentors[1],
        state="ended",
        ends_on="2026-01-01",
    )
    problem, index = build(
        programme, mentees, [*mentors, both], forbidden=[(mentees[0].pk, mentors[1].pk)]
    )
    found = {
        (index.mentees[mentee], index.mentors[mentor]): code
        for mentee, mentor, code in problem.barred
    }
    assert found == {
        (mentees[0].pk, both.pk): "same_person",
        (mentees[0].pk, mentors[0].pk): "declined",
        (mentees[0].pk, mentors[1].pk): "forbidden",
        # An open report looks like any other "never" to everybody but the safeguarding person.
        (mentees[1].pk, mentors[0].pk): "forbidden",
        (mentees[1].pk, mentors[1].pk): "paired_before",
    }


def test_competitors_are_barred_only_when_asked(programme, cohort):
    assert build(programme, *cohort)[0].barred == ()
    problem, _index = build(programme, *cohort, exclude_competitors=True)
    assert {code for _mentee, _mentor, code in problem.barred} == {"competitor"}
    assert len(problem.barred) == 4


def test_places_that_are_taken_are_not_there(programme, cohort):
    mentees, mentors = cohort
    set_profile(mentees[0], places_taken=1)
    set_profile(mentors[0], places=3, places_taken=1)
    problem, index = build(programme, mentees, mentors)
    assert index.mentees == (mentees[1].pk,)
    assert index.left_out == {mentees[0].pk: "has_match_or_offer"}
    assert problem.capacity[index.column_of(mentors[0].pk)] == 2
    given, index = build(programme, mentees, mentors, capacity_of={mentors[0].pk: 1})
    assert given.capacity[index.column_of(mentors[0].pk)] == 1


def test_locks_and_priority_find_their_places(programme, cohort):
    mentees, mentors = cohort
    problem, index = build(
        programme,
        mentees,
        mentors,
        locks=[(mentees[0].pk, mentors[0].pk)],
        priority={mentees[1].pk},
    )
    assert problem.locks == ((index.row_of(mentees[0].pk), index.column_of(mentors[0].pk)),)
    assert problem.priority[index.row_of(mentees[1].pk)]
    assert problem.priority.sum() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_fixed(programme, count, django_assert_num_queries):
    topic = make_accounts.term("topic")
    mentees = people(programme, "mentee", count, terms={topic: 1})
    mentors = people(programme, "mentor", count, terms={topic: 1})
    fresh = [
        list(type(side[0]).objects.filter(pk__in=[p.pk for p in side]))
        for side in (mentees, mentors)
    ]
    with django_assert_num_queries(8):
        build(programme, *fresh)
