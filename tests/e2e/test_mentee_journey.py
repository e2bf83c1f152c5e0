"""A mentee: from the home page to the first answer about how it is going."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from accounts.models import User
from matching.services.offers import offer_answer
from matching.services.single import single_offer
from mentoring.models import Mentorship, Participant
from mentoring.services import participants as intake
from reenter.common import clock
from tests.factories import handbook as make_handbook

from .browser import audit, in_a_browser, link_mailed_to, mails_to
from .steps import be_briefed, sign_in_with_code, sign_up

pytestmark = in_a_browser

EMAIL = "hilde@example.org"
IDEA = "Ik wil oude fietsen opknappen en verkopen."


def first_questions(hilde):
    """Four of nine, with one look back, and then away from the desk."""
    hilde.press("Begin")
    hilde.tick("Nederlands", "Engels")
    hilde.press("Save and go on")
    hilde.tick("Both are fine")
    hilde.fill("Where do you live or work?", "Leeuwarden")
    hilde.tick("Up to 25 km")
    hilde.press("Save and go on")
    hilde.press("Back")
    hilde.reads("Where and how do you want to meet?")
    hilde.press("Save and go on")
    hilde.fill("My idea in one sentence", IDEA)
    hilde.tick("I have an idea")
    hilde.press("Save and go on")
    hilde.tick_first(3)
    hilde.press("Save and go on")
    hilde.reads("Which one comes first?")
    second = hilde.listed()[1]
    hilde.press("Move up")
    assert hilde.listed()[0][3:] == second[3:]
    hilde.press("Save and go on later")


def last_questions(hilde):
    """On with the goals, kept as they were; what may be skipped can be skipped."""
    hilde.press("Save and go on")
    hilde.press("Save and go on")
    hilde.press("Skip this question")
    hilde.tick_first(1)
    hilde.press("Save and go on")
    hilde.tick_first(2)
    hilde.press("Save and go on")
    hilde.tick("Weekdays, in the morning", "Weekdays, in the evening")
    hilde.press("Save and go on")
    hilde.fill("What can your mentor learn from you?", "Rustig blijven als het druk is.")
    hilde.press("Save and go on")
    hilde.reads("Check your answers")
    hilde.reads(IDEA)
    hilde.press("This is right, go on")


def join(hilde, programme):
    hilde.press("See %(name)s", name=programme.name)
    hilde.press("Go on: find a mentor")
    hilde.reads("What happens next")
    be_briefed(hilde, role="mentee")


def admitted_by_staff(programme):
    staff = programme.contact
    participant = Participant.objects.get(user__email=EMAIL)
    intake.participant_speak(actor=staff, participant=participant)
    intake.participant_admit(actor=staff, participant=participant)
    return Participant.objects.get(pk=participant.pk)


def offered_by_staff(programme, mentee):
    mentor = Participant.objects.get(user__email="nadia@demo.example")
    return single_offer(
        actor=programme.contact, participant=mentee, other=mentor, note="Past bij haar plan."
    )


def chapters_at(*moments):
    """A chapter at each of these moments, as an editor would put it there."""
    part = make_handbook.part(make_handbook.book())
    for moment in moments:
        page = make_handbook.chapter(part, title=f"Over {moment}", audience="mentee")
        make_handbook.offered(moment, page)


def test_a_mentee_finds_a_mentor_and_is_heard(visitor, browser, programme):
    chapters_at("briefing_mentee", "offer", "first_meeting_mentee")
    hilde = visitor()
    sign_up(hilde, door="Find a mentor", name="Hilde Mulder", email=EMAIL, over="Yes")
    first_questions(hilde)

    elsewhere = visitor()
    sign_in_with_code(elsewhere, email=EMAIL)
    elsewhere.reads("Your next step")
    elsewhere.press("Go on with my profile")
    elsewhere.press("Go on")
    last_questions(elsewhere)
    join(elsewhere, programme)
    assert "Hilde" in elsewhere.heading() or elsewhere.say("What happens next")
    mentee = admitted_by_staff(programme)

    offer = offered_by_staff(programme, mentee)
    elsewhere.open(link_mailed_to(EMAIL, f"/offers/{offer.pk}"))
    assert elsewhere.heading() == elsewhere.say(
        "We found a mentor for you: %(other_name)s", other_name="Nadia"
    )
    elsewhere.reads_not("Rinsma")
    elsewhere.reads("Over offer")
    elsewhere.press("Yes, I want to meet")
    elsewhere.reads("You said yes.")

    nadia = User.objects.get(email="nadia@demo.example")
    offer_answer(actor=nadia, offer=offer, side="mentor", answer="yes")
    pair = Mentorship.objects.get(mentee=mentee)
    elsewhere.open(link_mailed_to(EMAIL, f"/mentorships/{pair.pk}"))
    elsewhere.reads("You and %(name)s", name="Nadia Rinsma")
    elsewhere.reads("Over first_meeting_mentee")
    elsewhere.fill("Your message", "Hallo Nadia, zullen we dinsdag bellen?")
    elsewhere.press("Send")
    elsewhere.reads("zullen we dinsdag bellen?")

    day = (clock.now() + timedelta(days=15)).replace(hour=10, minute=0)
    call_command("send_due", now=day.isoformat(), verbosity=0)
    link = link_mailed_to(EMAIL, "/check-ins/answer/")
    anybody = visitor()
    anybody.open(link)
    anybody.press("Send my answer")  # nothing chosen: the page says what to do
    anybody.tick("Very well")
    anybody.press("Send my answer")
    anybody.reads("Your answer is with us. You can close this page.")
    anybody.open(link)
    anybody.reads("You have answered already")
    answered = pair.check_ins.get(participant=mentee, state="answered")
    assert answered.satisfaction == 5
    assert "Rinsma" not in "".join(mails_to(EMAIL)[:2])

    assert audit([hilde, elsewhere, anybody], browser) == {}
