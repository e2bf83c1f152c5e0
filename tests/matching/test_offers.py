"""Offers: places, answers, time, and what each side hears."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Profile
from matching import mails
from matching.models import ForbiddenPair, Offer
from matching.services import offers
from mentoring import events
from mentoring.models import Mentorship, Participant
from reenter.common import clock, schedule
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring

NOON = datetime(2027, 3, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)
YES, NO = Offer.Answer.YES, Offer.Answer.NO


@pytest.fixture(autouse=True)
def _noon():
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def pair(programme, mentee, mentor):
    return (
        make_mentoring.participant(programme=programme, role="mentee", user=mentee),
        make_mentoring.participant(programme=programme, role="mentor", user=mentor),
    )


@pytest.fixture
def open_offer(pair, facilitator):
    return open_for(pair, facilitator)


def open_for(pair, actor, **extra):
    fields = {"points": 6400, "parts": {"goals": 6400}, "facts": [], "source": "one_person"} | extra
    return offers.offer_open(
        actor=actor, programme=pair[0].programme, mentee=pair[0], mentor=pair[1], **fields
    )


def answer(offer, side, given, reason="", **extra):
    actor = getattr(offer, side).user
    fields = {"actor": actor, "reason": reason} | extra
    return offers.offer_answer(offer=offer, side=side, answer=given, **fields)


def taken(*people):
    return [Profile.objects.get(pk=person.profile_id).places_taken for person in people]


def waiting_mails(user):
    states = [OutboxMessage.State.PENDING, OutboxMessage.State.SENT]
    return list(OutboxMessage.objects.filter(recipient=user, state__in=states))


def text_of(message):
    return message.subject + " ".join(
        " ".join(section["paragraphs"]) for section in message.sections
    )


def test_opening_takes_a_place_of_each_and_mails_both_with_one_action(pair, facilitator):
    offer = open_for(pair, facilitator, note="Same street")
    assert taken(*pair) == [1, 1]
    assert offer.expires_at == NOON + 10 * DAY
    for person, other in (pair, pair[::-1]):
        [message] = waiting_mails(person.user)
        assert message.category == OutboxMessage.Category.DIRECT
        assert [s["action_url"] for s in message.sections] == [
            f"http://127.0.0.1:8000/offers/{offer.pk}/"
        ]
        assert other.user.first_name in text_of(message)
        assert other.user.name.split(" ")[-1] not in text_of(message)
        assert pair[0].programme.contact.name in message.closing[0]
    entry = AuditEntry.objects.get(action="offer_open")
    assert (entry.actor, entry.target_id) == (facilitator, str(offer.pk))
    assert "Same street" not in str(entry.data)


def spoil_not_admitted(mentee, mentor):
    Participant.objects.filter(pk=mentor.pk).update(state="applied")


def spoil_not_briefed(mentee, mentor):
    Participant.objects.filter(pk=mentee.pk).update(briefed_at=None)


def spoil_no_basis(mentee, mentor):
    mentee.user.legal_bases.update(withdrawn_at=clock.now())


def spoil_forbidden(mentee, mentor):
    ForbiddenPair.objects.create(mentee=mentee.user, mentor=mentor.user, reason="rematch")


def spoil_paired_before(mentee, mentor):
    Mentorship.objects.create(
        programme=mentee.programme,
        mentee=mentee,
        mentor=mentor,
        state="ended",
        ends_on=NOON.date(),
    )


def spoil_no_place(mentee, mentor):
    Profile.objects.filter(pk=mentor.profile_id).update(places_taken=1)


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_not_admitted,
        spoil_not_briefed,
        spoil_no_basis,
        spoil_forbidden,
        spoil_paired_before,
        spoil_no_place,
    ],
)
def test_a_pair_that_fails_a_must_have_is_refused_and_nothing_changes(spoil, pair, facilitator):
    spoil(*pair)
    before = taken(*pair)
    fresh = [Participant.objects.get(pk=person.pk) for person in pair]
    with pytest.raises(offers.OfferRefused):
        open_for(fresh, facilitator)
    assert taken(*pair) == before
    assert not Offer.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_nobody_is_their_own_mentor(programme, mentee, facilitator):
    both = [
        make_mentoring.participant(programme=programme, role=role, user=mentee)
        for role in ("mentee", "mentor")
    ]
    with pytest.raises(offers.OfferRefused):
        open_for(both, facilitator)


def test_people_of_two_programmes_or_in_the_wrong_role_are_refused(pair, facilitator):
    elsewhere = make_mentoring.participant(programme=make_mentoring.programme(), role="mentor")
    for wrong in ((pair[0], elsewhere), pair[::-1]):
        with pytest.raises(offers.OfferRefused):
            open_for(wrong, facilitator)


def test_both_yes_starts_the_mentorship_on_the_same_places(open_offer, pair):
    answer(open_offer, "mentor", YES)
    assert not Mentorship.objects.exists()
    done = answer(open_offer, "mentee", YES)
    assert done.state == Offer.State.ACCEPTED
    assert done.mentorship == Mentorship.objects.get(mentee=pair[0], mentor=pair[1])
    assert taken(*pair) == [1, 1]


def test_the_same_answer_twice_changes_nothing(open_offer):
    for _ in range(2):
        answer(open_offer, "mentee", YES)
        answer(open_offer, "mentor", YES)
    assert Mentorship.objects.count() == 1
    assert AuditEntry.objects.filter(action="offer_answer").count() == 2


def test_a_no_frees_both_and_keeps_them_apart(open_offer, pair, facilitator):
    answer(open_offer, "mentor", YES)
    ended = answer(open_offer, "mentee", NO, "competitor")
    assert (ended.state, ended.decline_reason) == (Offer.State.DECLINED, "competitor")
    assert taken(*pair) == [0, 0]
    assert ForbiddenPair.objects.get().reason == ForbiddenPair.Reason.DECLINED
    with pytest.raises(offers.OfferRefused):
        open_for(pair, facilitator)


def test_a_yes_can_become_a_no_while_the_offer_is_open(open_offer, pair):
    answer(open_offer, "mentee", YES)
    assert answer(open_offer, "mentee", NO, "no_time").state == Offer.State.DECLINED
    assert taken(*pair) == [0, 0]


def test_the_other_hears_kindly_and_not_who_or_why(open_offer, pair):
    answer(open_offer, "mentee", NO, "competitor")
    declined = text_of(waiting_mails(pair[1].user)[-1])
    assert waiting_mails(pair[0].user) == []
    assert "competitor" not in declined.lower()
    assert "anna@" not in declined
    namesakes = {
        role: make_mentoring.participant(
            programme=pair[0].programme, role=role, user=make_accounts.user(name=name)
        )
        for role, name in (("mentee", "Anna Bakker"), ("mentor", "Bram Smit"))
    }
    withdrawn = make.offer(programme=pair[0].programme, **namesakes)
    offers.offer_withdraw(actor=None, offer=withdrawn)
    assert text_of(waiting_mails(withdrawn.mentor.user)[-1]) == declined


@pytest.mark.parametrize("reason", ["", "bored", "<script>"])
def test_a_no_needs_a_reason_from_the_list(open_offer, reason):
    with pytest.raises(offers.OfferRefused):
        answer(open_offer, "mentee", NO, reason)
    open_offer.refresh_from_db()
    assert (open_offer.state, open_offer.mentee_answer) == (Offer.State.OPEN, "")


@pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn"])
@pytest.mark.parametrize("given", [YES, NO])
def test_a_closed_offer_takes_no_other_answer(programme, state, given):
    other = NO if given == YES else YES
    answers = {"mentee_answer": YES, "mentor_answer": YES} if state == "accepted" else {}
    offer = make.offer(programme=programme, state=state, closed_at=NOON, **answers)
    if answers and given == YES:
        given = other
    with pytest.raises(offers.OfferRefused) as refusal:
        answer(offer, "mentee", given, "no_time")
    assert len(str(refusal.value)) > 20
    offer.refresh_from_db()
    assert offer.state == state


def test_every_state_has_its_transitions():
    assert set(offers.TRANSITIONS) == set(Offer.State.values)


def test_nobody_answers_for_somebody_else(open_offer, pair, stranger):
    for actor, side in ((stranger, "mentee"), (pair[0].user, "mentor")):
        with pytest.raises(offers.OfferRefused):
            answer(open_offer, side, YES, actor=actor)


def test_staff_record_an_answer_given_by_phone(open_offer, facilitator, pair):
    offer = answer(
        open_offer, "mentee", YES, actor=facilitator, on_behalf_of=open_offer.mentee.user
    )
    assert (offer.mentee_answer, offer.mentee_recorded_by) == (YES, facilitator)
    entry = AuditEntry.objects.get(action="offer_answer")
    assert (entry.actor, entry.on_behalf_of) == (facilitator, pair[0].user)


def test_after_three_days_who_has_not_answered_is_reminded_once_by_day(open_offer, pair):
    answer(open_offer, "mentor", YES)
    OutboxMessage.objects.all().delete()
    late_night = datetime(2027, 3, 5, 22, tzinfo=UTC)
    with clock.standing_at(NOON + 3 * DAY - timedelta(seconds=1)):
        assert offers.offers_due() == 0
    with clock.standing_at(late_night):
        assert [offers.offers_due() for _ in range(3)] == [1, 0, 0]
    [message] = OutboxMessage.objects.all()
    assert message.recipient == pair[0].user
    assert message.not_before == datetime(2027, 3, 6, 8, tzinfo=UTC)


def test_a_reminder_that_waits_for_the_morning_does_not_go_out_after_the_answer(open_offer):
    with clock.standing_at(datetime(2027, 3, 5, 22, tzinfo=UTC)):
        offers.offers_due()
        answer(open_offer, "mentee", YES)
    reminders = OutboxMessage.objects.filter(key__endswith=":reminder")
    assert {(m.recipient.first_name, m.state) for m in reminders} == {
        ("Anna", "cancelled"),
        ("Bram", "pending"),
    }


def test_a_mail_for_the_morning_is_not_handed_over_at_night(
    open_offer, django_capture_on_commit_callbacks
):
    with (
        clock.standing_at(datetime(2027, 3, 5, 22, tzinfo=UTC)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        offers.offers_due()
    reminders = OutboxMessage.objects.filter(key__endswith=":reminder")
    assert {message.state for message in reminders} == {"pending"}


def test_on_day_ten_it_expires_frees_both_and_both_are_told(open_offer, pair):
    OutboxMessage.objects.all().delete()
    with clock.standing_at(NOON + 10 * DAY):
        assert [offers.offers_due() for _ in range(2)] == [1, 0]
    open_offer.refresh_from_db()
    assert open_offer.state == Offer.State.EXPIRED
    assert taken(*pair) == [0, 0]
    assert [len(waiting_mails(person.user)) for person in pair] == [1, 1]
    assert not ForbiddenPair.objects.exists()


def test_after_three_days_down_nothing_is_sent_twice(open_offer, pair):
    """Down from before the reminder until after the end: only the ending is told."""
    OutboxMessage.objects.all().delete()
    with clock.standing_at(NOON + 11 * DAY):
        schedule.run_due()
        schedule.run_due()
    assert not OutboxMessage.objects.filter(key__contains="reminder").exists()
    assert OutboxMessage.objects.filter(key__startswith="offer-ended").count() == 2


def expired(programme, **extra):
    return make.offer(
        programme=programme,
        state="expired",
        age=11 * DAY,
        closed_at=NOON - DAY,
        reminded_at=NOON - 8 * DAY,
        **extra,
    )


def test_a_late_yes_opens_it_again_with_fresh_time(programme):
    offer = expired(programme)
    revived = answer(offer, "mentee", YES)
    assert (revived.state, revived.mentee_answer) == (Offer.State.OPEN, YES)
    assert revived.expires_at == NOON + 10 * DAY
    assert revived.reminded_at is None
    assert taken(offer.mentee, offer.mentor) == [1, 1]
    assert len(waiting_mails(offer.mentor.user)) == 1


def test_a_late_yes_to_a_yes_starts_the_mentorship(programme):
    offer = expired(programme, mentor_answer=YES)
    assert answer(offer, "mentee", YES).state == Offer.State.ACCEPTED
    assert taken(offer.mentee, offer.mentor) == [1, 1]


def test_a_late_yes_finds_the_place_gone(programme):
    offer = expired(programme, mentor_answer=YES)
    make.offer(programme=programme, mentor=offer.mentor)
    with pytest.raises(offers.OfferGone):
        answer(offer, "mentee", YES)
    offer.refresh_from_db()
    assert (offer.state, offer.mentee_answer) == (Offer.State.EXPIRED, "")
    assert taken(offer.mentee, offer.mentor) == [0, 1]


def test_a_yes_after_a_month_is_too_late(programme):
    offer = expired(programme)
    with clock.standing_at(NOON + 30 * DAY), pytest.raises(offers.OfferGone):
        answer(offer, "mentee", YES)


def test_a_late_yes_does_not_pass_by_a_withdrawn_basis(programme):
    offer = expired(programme)
    offer.mentor.user.legal_bases.update(withdrawn_at=clock.now())
    with pytest.raises(offers.OfferGone):
        answer(offer, "mentee", YES)


def test_who_said_yes_in_time_cannot_open_it_again_alone(programme):
    offer = expired(programme, mentee_answer=YES)
    assert answer(offer, "mentee", YES).state == Offer.State.EXPIRED
    assert taken(offer.mentee, offer.mentor) == [0, 0]


def test_staff_take_it_back_and_both_hear(open_offer, pair, facilitator):
    OutboxMessage.objects.all().delete()
    for _ in range(2):
        offers.offer_withdraw(actor=facilitator, offer=open_offer, note="Wrong person")
    open_offer.refresh_from_db()
    assert (open_offer.state, open_offer.withdrawn_note) == ("withdrawn", "Wrong person")
    assert taken(*pair) == [0, 0]
    assert [len(waiting_mails(person.user)) for person in pair] == [1, 1]
    assert not any("Wrong person" in text_of(m) for m in OutboxMessage.objects.all())


def test_an_accepted_offer_cannot_be_taken_back(programme, facilitator):
    offer = make.offer(programme=programme, state="accepted", mentee_answer=YES, mentor_answer=YES)
    with pytest.raises(offers.OfferRefused):
        offers.offer_withdraw(actor=facilitator, offer=offer)
    assert taken(offer.mentee, offer.mentor) == [1, 1]


def test_when_somebody_leaves_their_offers_end_and_only_the_other_hears(open_offer, pair):
    OutboxMessage.objects.all().delete()
    for _ in range(2):
        events.tell_left(pair[0], None)
    open_offer.refresh_from_db()
    assert open_offer.state == Offer.State.WITHDRAWN
    assert taken(*pair) == [0, 0]
    assert OutboxMessage.objects.get().recipient == pair[1].user


def test_without_e_mail_the_offer_waits_as_a_letter_until_it_is_answered(programme, facilitator):
    mentee = make_mentoring.participant(
        programme=programme, role="mentee", user=make_accounts.user(name="Piet Post", email=None)
    )
    mentor = make_mentoring.participant(programme=programme, role="mentor")
    offer = open_for((mentee, mentor), facilitator)
    letter = OutboxMessage.objects.get(recipient=mentee.user)
    assert letter.state == OutboxMessage.State.LETTER
    answer(offer, "mentee", YES, actor=facilitator, on_behalf_of=mentee.user)
    letter.refresh_from_db()
    assert letter.state == OutboxMessage.State.CANCELLED


def test_mails_are_in_the_language_of_each_person(programme, facilitator):
    people = [
        make_mentoring.participant(
            programme=programme, role=role, user=make_accounts.user(language=language)
        )
        for role, language in (("mentee", "en"), ("mentor", "nl"))
    ]
    offer = open_for(people, facilitator)
    english, dutch = (waiting_mails(person.user)[0] for person in people)
    assert english.subject == "We found somebody for you"
    assert dutch.subject != english.subject
    assert "Friday 12 March" in text_of(english)
    assert "vrijdag 12 maart" in text_of(dutch)
    assert offer.state == Offer.State.OPEN
    assert mails.SIDES == offers.SIDES
