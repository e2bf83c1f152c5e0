"""Profiles: services, what they show to whom, and what stays after an erasure."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import Profile, ProfileTerm
from accounts.questions import BY_ROLE, missing, state_of
from accounts.selectors.profiles import profile_answers
from accounts.services import profiles as services
from reenter.common import privacy
from reenter.common.models import AuditEntry
from tests.factories import accounts as make
from tests.factories import mentoring as make_mentoring

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentee_profile(mentee):
    return services.profile_get_or_create(actor=mentee, user=mentee, role="mentee")


@pytest.fixture
def mentor_profile(mentor):
    return services.profile_get_or_create(actor=mentor, user=mentor, role="mentor")


def save(profile, question, data, actor=None, **extra):
    return services.answer_save(
        actor=actor or profile.user, profile=profile, question=question, data=data, **extra
    )


def test_each_role_has_at_most_nine_questions_with_a_reason():
    for questions in BY_ROLE.values():
        codes = [question.code for question in questions]
        assert len(codes) == len(set(codes)) == 9
        assert all(str(question.why) for question in questions)


def test_what_may_be_skipped_and_what_the_match_sees_at_first():
    skips = {q.code for q in BY_ROLE["mentee"] if q.can_skip}
    assert skips == {"themes", "sector", "bonds", "time", "exchange"}
    for questions in BY_ROLE.values():
        assert [q.code for q in questions if not q.match_sees] == ["themes"]


def test_one_profile_per_role_and_audited_once(mentee):
    one = services.profile_get_or_create(actor=mentee, user=mentee, role="mentee")
    two = services.profile_get_or_create(actor=mentee, user=mentee, role="mentee")
    assert one == two
    entry = AuditEntry.objects.get(action="profile_create")
    assert (entry.actor, entry.on_behalf_of) == (mentee, None)
    with pytest.raises(ValueError, match="king"):
        services.profile_get_or_create(actor=mentee, user=mentee, role="king")


def test_goals_are_stored_in_their_order(mentee_profile):
    a, b, c = (make.term(code=code) for code in "abc")
    profile = save(mentee_profile, "goals", {"terms": ["c", "a", "b"]})
    assert [x.term for x in profile.answers_of("topic")] == [c, a, b]
    profile = save(profile, "goals", {"terms": ["b", "c"]})
    assert [(x.term, x.rank) for x in profile.answers_of("topic")] == [(b, 1), (c, 2)]


def test_topics_are_stored_with_their_level(mentor_profile):
    make.term(code="a")
    make.term(code="b")
    profile = save(mentor_profile, "topics", {"terms": {"a": 1, "b": 3}})
    assert {c.term.code: c.level for c in profile.answers_of("topic")} == {"a": 1, "b": 3}
    with pytest.raises(ValidationError):
        save(profile, "topics", {"terms": {"a": 4}})


def test_terms_of_one_kind_leave_the_others_alone(mentee_profile):
    make.term("topic", "goal")
    make.term("bond", "dogs")
    save(mentee_profile, "goals", {"terms": ["goal"]})
    profile = save(mentee_profile, "bonds", {"terms": ["dogs"]})
    profile = save(profile, "bonds", {"terms": []})
    assert [c.term.code for c in profile.chosen.all()] == ["goal"]


@pytest.mark.parametrize(
    ("question", "data"),
    [
        ("languages", {"languages": []}),
        ("languages", {"languages": ["xx"]}),
        ("place", {"meeting": "by_boat"}),
        ("place", {"meeting": ""}),
        ("idea", {"pitch": "x" * 301}),
        ("idea", {"phase": "famous"}),
        ("goals", {"terms": ["unknown"]}),
        ("goals", {"terms": ["dogs"]}),
        ("goals", {"terms": [f"goal{n}" for n in range(6)]}),
        ("time", {"availability": ["never"]}),
        ("time", {"availability": [], "places": 2}),
        ("exchange", {"exchange": "x" * 501}),
    ],
)
def test_a_bad_answer_is_refused_and_nothing_is_stored(mentee_profile, question, data):
    make.term("bond", "dogs")
    for number in range(6):
        make.term(code=f"goal{number}")
    with pytest.raises(ValidationError):
        save(mentee_profile, question, data)
    fresh = Profile.objects.get()
    assert fresh.answered == []
    assert not ProfileTerm.objects.exists()
    assert not AuditEntry.objects.filter(action="profile_answer").exists()


def test_a_retired_term_stays_where_it_was_chosen_and_is_not_chosen_anew(mentee_profile):
    term = make.term("bond", "dogs")
    profile = save(mentee_profile, "bonds", {"terms": ["dogs"]})
    term.is_active = False
    term.save()
    save(profile, "bonds", {"terms": ["dogs"]})
    other = services.profile_get_or_create(actor=None, user=make.user(), role="mentee")
    with pytest.raises(ValidationError):
        save(other, "bonds", {"terms": ["dogs"]})


def test_a_question_of_the_other_role_does_not_exist(mentee_profile):
    with pytest.raises(LookupError):
        save(mentee_profile, "business", {"pitch": "x"})


def test_the_match_sees_what_was_said_or_the_default(mentee_profile):
    make.term("theme", "courage")
    profile = save(mentee_profile, "languages", {"languages": ["nl"]})
    profile = save(profile, "themes", {"terms": ["courage"]})
    assert profile.visible == ["languages"]
    profile = save(profile, "themes", {"terms": ["courage"], "visible": True})
    profile = save(profile, "languages", {"languages": ["en"], "visible": False})
    assert profile.visible == ["themes"]
    assert save(profile, "languages", {"languages": ["nl"]}).visible == ["themes"]


def test_skipping_takes_an_answer_back(mentee_profile):
    make.term("theme", "courage")
    save(mentee_profile, "themes", {"terms": ["courage"], "visible": True})
    profile = services.answer_skip(
        actor=mentee_profile.user, profile=mentee_profile, question="themes"
    )
    assert not profile.chosen.exists()
    assert profile.visible == []
    question = next(q for q in BY_ROLE["mentee"] if q.code == "themes")
    assert state_of(question, profile) == "skipped"
    with pytest.raises(ValueError, match="goals"):
        services.answer_skip(actor=None, profile=profile, question="goals")


def test_a_profile_is_complete_when_nothing_needed_is_missing(mentee_profile):
    with pytest.raises(services.AnswersMissing) as refused:
        services.profile_complete(actor=mentee_profile.user, profile=mentee_profile)
    assert [q.code for q in refused.value.questions] == ["languages", "place", "idea", "goals"]
    make.term(code="goal")
    save(mentee_profile, "languages", {"languages": ["nl"]})
    save(mentee_profile, "place", {"meeting": "online"})
    save(mentee_profile, "idea", {"pitch": "Soup.", "phase": "idea"})
    profile = save(mentee_profile, "goals", {"terms": ["goal"]})
    assert missing(profile) == []
    done = services.profile_complete(actor=profile.user, profile=profile)
    again = services.profile_complete(actor=profile.user, profile=profile)
    assert done.completed_at == again.completed_at is not None
    assert AuditEntry.objects.filter(action="profile_complete").count() == 1


def test_goals_that_were_not_put_in_order_are_still_to_do(mentee_profile):
    make.term(code="a")
    make.term(code="b")
    profile = save(mentee_profile, "goals", {"terms": ["a", "b"]}, finished=False)
    assert "goals" in {question.code for question in missing(profile)}
    profile = save(profile, "goals", {"terms": ["b", "a"]})
    profile = save(profile, "goals", {"terms": ["a", "b"]}, finished=False)
    assert "goals" not in {question.code for question in missing(profile)}


def test_a_mentor_never_gets_fewer_places_than_are_taken(mentor_profile):
    profile = save(mentor_profile, "time", {"availability": ["weekday_morning"], "places": 3})
    Profile.objects.update(places_taken=2)
    with pytest.raises(ValidationError) as refused:
        save(profile, "time", {"availability": ["weekday_evening"], "places": 1})
    assert list(refused.value.message_dict) == ["places"]
    fresh = Profile.objects.get()
    assert (fresh.places, fresh.availability) == (3, ["weekday_morning"])
    assert save(profile, "time", {"availability": [], "places": 2}).places == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.update(places=1)


def test_staff_act_on_behalf_and_the_audit_says_so(mentee_profile, facilitator):
    save(mentee_profile, "languages", {"languages": ["nl"]}, actor=facilitator)
    entry = AuditEntry.objects.get(action="profile_answer")
    assert (entry.actor, entry.on_behalf_of) == (facilitator, mentee_profile.user)
    assert entry.data == {"question": "languages", "first": True}


def test_changing_an_answer_later_is_audited_without_what_it_says(mentee_profile):
    save(mentee_profile, "idea", {"pitch": "Soup canary", "phase": "idea"})
    save(mentee_profile, "idea", {"pitch": "Bread canary", "phase": "plan"})
    entries = AuditEntry.objects.filter(action="profile_answer").order_by("created_at")
    assert [entry.data["first"] for entry in entries] == [True, False]
    assert "canary" not in str(list(AuditEntry.objects.values()))


def full_profile(role="mentor"):
    terms = {
        make.term("topic"): 2,
        make.term("theme"): None,
        make.term("bond"): None,
        make.term("sector"): None,
    }
    return make.profile(
        role=role,
        user=make.user(name="Wendela Achternaam"),
        terms=terms,
        meeting="either",
        place_name="Canaryplaats",
        latitude=53.0,
        longitude=5.0,
        travel_km=25,
        pitch="Canarypitch",
        availability=["weekday_morning"],
        exchange="Canaryexchange",
        answered=[question.code for question in BY_ROLE[role]],
        visible=["business", "topics"],
    )


def test_the_match_sees_only_what_the_owner_marked_and_the_first_name():
    profile = full_profile()
    seen = profile_answers(profile, for_match=True)
    assert seen.name == "Wendela"
    assert [answer.code for answer in seen] == ["business", "topics"]
    text = str(seen.answers)
    assert "Canarypitch" in text
    assert "Canaryplaats" not in text
    assert "Canaryexchange" not in text
    assert "Achternaam" not in str(seen)


def test_the_owner_sees_everything_in_words():
    profile = full_profile()
    with translation.override("en"):
        told = profile_answers(profile)
        lines = {answer.code: [str(value) for value in answer.values] for answer in told}
    assert told.name == "Wendela Achternaam"
    assert len(told) == 9
    assert lines["languages"] == ["Dutch"]
    assert lines["place"] == ["Both are fine", "Canaryplaats", "I can travel up to 25 km"]
    assert lines["topics"][0].endswith(" en: I know it well")
    assert lines["time"] == ["Weekdays, in the morning", "I can help one person at a time"]
    assert {answer.state for answer in told} == {"done"}


def test_reading_answers_takes_a_fixed_number_of_queries(django_assert_num_queries):
    few, many = full_profile(), full_profile()
    for _n in range(3):
        ProfileTerm.objects.create(profile=many, term=make.term("bond"))
    for profile in (few, many):
        fresh = Profile.objects.get(pk=profile.pk)
        with django_assert_num_queries(2):  # the chosen terms with their groups; the person
            profile_answers(fresh)
    with django_assert_num_queries(2):
        for profile in Profile.objects.with_answers():
            profile_answers(profile, for_match=True)


def test_who_sees_a_profile(
    mentee, stranger, programme, facilitator, foreign_facilitator, admin_user
):
    participant = make_mentoring.participant(programme=programme, role="mentee", user=mentee)
    profile = participant.profile

    def sees(user):
        return profile in Profile.objects.visible_to(user)

    assert sees(mentee)
    assert sees(facilitator)
    assert not any(sees(user) for user in (stranger, foreign_facilitator, admin_user))
    participant.state = participant.State.WITHDRAWN
    participant.save()
    assert not sees(facilitator)
    assert sees(mentee)


def test_a_withdrawn_enrolment_elsewhere_does_not_hide_a_profile(mentee, programme, facilitator):
    other = make_mentoring.programme()
    here = make_mentoring.participant(programme=programme, role="mentee", user=mentee)
    make_mentoring.participant(programme=other, role="mentee", user=mentee, state="withdrawn")
    assert list(Profile.objects.visible_to(facilitator)) == [here.profile]
    assert Profile.objects.visible_to(facilitator).count() == 1


def test_the_other_role_of_a_participant_stays_private(mentee, programme, facilitator):
    here = make_mentoring.participant(programme=programme, role="mentee", user=mentee)
    make.profile(role="mentor", user=mentee)
    assert list(Profile.objects.visible_to(facilitator)) == [here.profile]


def handler():
    return next(handler for handler in privacy.handlers() if handler.name == "profiles")


def test_the_export_holds_every_answer():
    profile = full_profile()
    text = str(handler().export(profile.user))
    for canary in ("Canarypitch", "Canaryplaats", "Canaryexchange", "53.0", "weekday_morning"):
        assert canary in text
    assert all(chosen.term.code in text for chosen in profile.chosen.all())
    stranger = make.user()
    assert handler().export(stranger) == []


def test_erasing_deletes_the_profile_and_nobody_elses():
    profile, other = full_profile(), full_profile()
    handler().erase(profile.user)
    assert list(Profile.objects.all()) == [other]
    assert other.chosen.count() == 4


def test_erasing_empties_a_profile_that_a_participation_needs(programme):
    profile = full_profile("mentee")
    make_mentoring.participant(programme=programme, role="mentee", user=profile.user)
    Profile.objects.update(places_taken=1)
    handler().erase(profile.user)
    kept = Profile.objects.get()
    assert "Canary" not in str(Profile.objects.values().get())
    assert (kept.latitude, kept.longitude, kept.languages) == (None, None, [])
    assert (kept.answered, kept.visible, kept.completed_at) == ([], [], None)
    assert not kept.chosen.exists()
    assert (kept.pk, kept.user_id, kept.places_taken) == (profile.pk, profile.user_id, 1)
