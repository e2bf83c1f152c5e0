"""What is kept of an enrolment, what leaves with the person, and when their time is over."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from accounts import retention
from accounts.models import LegalBasis, Profile
from accounts.services.basis import legal_basis_withdraw
from accounts.services.privacy import account_erase
from handbook.selectors import self_check
from mentoring.models import Mentorship, Participant, StaffContact
from mentoring.selectors.participants import matchable, people_of
from mentoring.services import personal_data
from mentoring.services.contacts import contact_record
from reenter.common import clock, privacy
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

State = Participant.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def person(programme, facilitator):
    person = make.participant(
        programme=programme,
        role="mentor",
        external_id="Canary-7",
        certificate_seen_on=clock.today(),
    )
    contact_record(actor=facilitator, participant=person, about="apply", note="Canary note")
    return person


def test_everything_of_ones_own_is_exported(person):
    other = make.participant(programme=person.programme, role="mentee", external_id="Other-9")
    text = json.dumps(personal_data.export(person.user))
    for fact in (person.programme.name, "Canary-7", "Canary note", "mentor"):
        assert fact in text
    assert other.external_id not in text


def test_erasure_leaves_bare_enrolments(person, facilitator):
    pair = make.mentorship(programme=person.programme, mentor=person)
    Mentorship.objects.update(state="ended", ended_at=clock.now())
    contact_record(
        actor=facilitator,
        participant=pair.mentee,
        about="silent",
        mentorship=pair,
        note="Canary about the mentor",
    )
    contact_record(actor=facilitator, participant=pair.mentee, about="apply", note="Own note")
    personal_data.erase(person.user)
    person.refresh_from_db()
    assert (person.state, person.external_id, person.certificate_seen_on) == (
        State.WITHDRAWN,
        "",
        None,
    )
    assert set(StaffContact.objects.values_list("note", flat=True)) == {"", "Own note"}


def test_a_deleted_account_leaves_the_programme_and_its_pair(person):
    pair = make.mentorship(programme=person.programme, mentor=person)
    account_erase(actor=person.user, user=person.user)
    person.refresh_from_db()
    pair.refresh_from_db()
    assert (person.state, pair.state) == (State.WITHDRAWN, Mentorship.State.ENDED)
    assert not StaffContact.objects.filter(note__contains="Canary").exists()
    assert person not in matchable(person.programme)


def test_handlers_and_rules_are_registered():
    assert "programmes" in [handler.name for handler in privacy.handlers()]
    assert {"unmatched", "mentorship_closed"} <= set(retention.rules())


def test_the_erased_are_not_listed(programme, person):
    person.user.erased_at = clock.now()
    person.user.save()
    assert person not in people_of(programme)


def test_without_guidance_nobody_is_matched(programme, person):
    elsewhere = make.participant(programme=make.programme(), role="mentee", user=person.user)
    other = make.participant(programme=programme, role="mentor")
    assert set(matchable(programme)) == {person, other}
    legal_basis_withdraw(actor=person.user, user=person.user, purpose=LegalBasis.Purpose.GUIDANCE)
    for enrolment in (person, elsewhere):
        enrolment.refresh_from_db()
        assert enrolment.state == State.WITHDRAWN
    assert set(matchable(programme)) == {other}


class TestRetention:
    def later(self, days):
        return clock.now() + timedelta(days=days)

    def test_unmatched_people_after_twelve_months(self, programme):
        person = make.participant(programme=programme, role="mentee", ready=False)
        assert personal_data.unmatched_due(self.later(364)) == []
        assert personal_data.unmatched_due(self.later(366)) == [person.user_id]

    @pytest.mark.parametrize("step", ["signed in", "acted", "staff acted", "moved"])
    def test_a_step_starts_the_year_again(self, programme, facilitator, step):
        person = make.participant(programme=programme, role="mentee", ready=False)
        halfway = self.later(200)
        with clock.standing_at(halfway):
            if step == "signed in":
                person.user.last_login = halfway
                person.user.save()
            elif step == "moved":
                Participant.objects.update(state_changed_at=halfway)
            else:
                from mentoring.services.participants import participant_brief

                by_self = step == "acted"
                participant_brief(
                    actor=person.user if by_self else facilitator,
                    participant=person,
                    how="read" if by_self else "talked",
                    seen=[question.key for question in self_check(["mentee"])],
                )
        assert personal_data.unmatched_due(self.later(366)) == []
        assert personal_data.unmatched_due(self.later(566)) == [person.user_id]

    def test_closed_pairs_after_twenty_four_months(self, programme):
        pair = make.mentorship(programme=programme)
        due = {pair.mentee.user_id, pair.mentor.user_id}
        assert personal_data.closed_due(self.later(800)) == []
        Mentorship.objects.update(state="ended", ended_at=clock.now())
        assert personal_data.unmatched_due(self.later(800)) == []
        assert personal_data.closed_due(self.later(729)) == []
        assert set(personal_data.closed_due(self.later(731))) == due

    def test_one_pair_that_runs_keeps_both(self, programme):
        pair = make.mentorship(programme=programme)
        Mentorship.objects.update(state="ended", ended_at=clock.now())
        Profile.objects.update(places_taken=0)
        pair.refresh_from_db()
        make.mentorship(programme=programme, mentor=pair.mentor)
        assert set(personal_data.closed_due(self.later(731))) == {pair.mentee.user_id}

    def test_staff_and_the_erased_are_left_alone(self, programme):
        make.participant(
            programme=programme,
            role="mentor",
            user=make_accounts.facilitator(organisation=programme.organisation),
        )
        make.participant(
            programme=programme, role="mentor", user=make_accounts.user(erased_at=clock.now())
        )
        assert personal_data.unmatched_due(self.later(400)) == []
