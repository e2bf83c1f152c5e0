"""A mentor: signs up, says yes and meets; or says no, and nobody hears why."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from matching.services.offers import offer_answer
from matching.services.single import single_offer
from mentoring.models import Mentorship, Participant
from mentoring.services import participants as intake
from reenter.common import clock

from .browser import audit, in_a_browser, link_mailed_to
from .steps import be_briefed, sign_in_with_code, sign_up

pytestmark = in_a_browser

EMAIL = "bas@example.org"
MENTEE = "annelies@demo.example"


def nine_questions(bas):
    bas.press("Begin")
    bas.tick("Nederlands")
    bas.press("Save and go on")
    bas.tick("Online")
    bas.press("Save and go on")
    bas.press("Save and go on")  # nothing written: the page says what to do
    bas.reads("Write in one sentence what your business does.")
    bas.fill("My business in one sentence", "Ik heb een fietsenwinkel met een werkplaats.")
    bas.press("Save and go on")
    bas.tick_first(3)
    bas.press("Save and go on")
    bas.reads("How well do you know it?")
    bas.tick("I can teach it")
    bas.press("Save and go on")
    for _theme_sector_bond in range(3):
        bas.tick_first(1)
        bas.press("Save and go on")
    bas.tick("Weekdays, in the evening", "One person")
    bas.press("Save and go on")
    bas.fill("What do you hope to learn?", "Hoe je rustig blijft.")
    bas.press("Save and go on")
    bas.reads("I can teach it")
    bas.press("This is right, go on")


def join_and_brief(bas, programme):
    bas.press("See %(name)s", name=programme.name)
    bas.press("Go on: become a mentor")
    be_briefed(bas, role="mentor")


def ready(programme, email):
    """Spoken to, admitted and briefed, as far as this person is not yet."""
    participant = Participant.objects.get(user__email=email)
    staff = {"actor": programme.contact, "participant": participant}
    if participant.state == Participant.State.APPLIED:
        intake.participant_speak(**staff)
        intake.participant_admit(**staff)
    if not participant.briefed_at:
        intake.participant_brief(**staff, how=Participant.Briefing.TALKED)
    return Participant.objects.get(pk=participant.pk)


def offered(programme, mentee, mentor):
    return single_offer(
        actor=programme.contact, participant=mentee, other=mentor, note="Ze passen bij elkaar."
    )


def test_a_mentor_signs_up_says_yes_and_meets(visitor, browser, programme):
    bas = visitor()
    sign_up(bas, door="Become a mentor", name="Bas Terpstra", email=EMAIL, over="No")
    nine_questions(bas)
    join_and_brief(bas, programme)
    mentor, mentee = ready(programme, EMAIL), ready(programme, MENTEE)

    offer = offered(programme, mentee, mentor)
    bas.open(link_mailed_to(EMAIL, f"/offers/{offer.pk}"))
    assert bas.heading() == bas.say(
        "We found somebody for you to help: %(other_name)s", other_name="Annelies"
    )
    bas.reads_not("Bouma")
    bas.press("Yes, I want to meet")
    bas.reads("You said yes.")
    annelies = User.objects.get(email=MENTEE)
    offer_answer(actor=annelies, offer=offer, side="mentee", answer="yes")

    pair = Mentorship.objects.get(mentor=mentor)
    two_days_ago = clock.now() - timedelta(days=2)
    Mentorship.objects.filter(pk=pair.pk).update(started_at=two_days_ago)
    bas.open("/")
    bas.press("To my mentorship")
    bas.reads("You and %(name)s", name="Annelies Bouma")
    bas.press("Add")  # no day yet: the page says what to do
    bas.reads("Choose a day.")
    bas.fill("Day", (clock.today() - timedelta(days=1)).isoformat())
    bas.fill("Time", "10:00")
    bas.press("Add")
    bas.reads("Took place")
    assert pair.meetings.get().took_place is True

    assert audit([bas], browser) == {}


def test_a_mentor_says_no_and_only_staff_hear_why(visitor, browser, programme):
    mentor, mentee = ready(programme, "nadia@demo.example"), ready(programme, MENTEE)
    offer = offered(programme, mentee, mentor)
    nadia = visitor()
    nadia.open(link_mailed_to("nadia@demo.example", f"/offers/{offer.pk}"))
    sign_in_with_code(nadia, email="nadia@demo.example")
    nadia.press("See the match")
    nadia.press("No, not this match")
    nadia.press("Send my no")  # no reason yet: the page says what to do
    nadia.reads("Choose the reason that comes closest.")
    nadia.tick("I have no time now")
    nadia.press("Send my no")
    nadia.reads("This match does not go on.")

    annelies = visitor()
    sign_in_with_code(annelies, email=MENTEE)
    annelies.open(f"/offers/{offer.pk}/")
    annelies.reads("This match does not go on.")
    annelies.reads_not("I have no time now")

    assert audit([nadia, annelies], browser) == {}
