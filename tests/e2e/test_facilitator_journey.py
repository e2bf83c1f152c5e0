"""A facilitator: from a list in a file to offers, and everything for somebody without e-mail."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.models import User
from matching.models import Offer, Override, Round
from mentoring.models import Participant
from reenter.common import clock
from reenter.common.models import Job
from reenter.desk.demo import PASSWORD

from .browser import audit, code_mailed_to, in_a_browser

pytestmark = in_a_browser

HEADER = "Name,E-mail,Languages,What do you want to reach?\n"
GOOD = "Wietske Algra,wietske@example.org,Dutch,\nOene Sikkema,oene@example.org,Dutch,\n"
BAD = "Folkert Bosma,this is no address,Dutch,\n"


@pytest.fixture
def fenna(visitor):
    """Signed in with her password; her account is Dutch, and she switches to English."""
    fenna = visitor("en")
    fenna.open("/account/login/")
    fenna.fill("E-mail address", "facilitator@demo.example")
    fenna.fill("Password", PASSWORD)
    fenna.press("Sign in")
    fenna.switch_language("English")
    fenna.reads("Most urgent first. Note a talk, and the task rests.")
    return fenna


def choose_file(fenna, content):
    fenna.tick("People who want a mentor (mentees)")
    fenna.page.get_by_label("The list, as CSV or Excel file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    fenna.press("Go on to the columns")
    fenna.press("Save and go on")


def imports_a_list(fenna):
    fenna.press("Import a list")
    choose_file(fenna, HEADER + GOOD + BAD)
    fenna.press("Save and go on")
    fenna.reads("What to mend in the file")
    fenna.press("Choose the file again")
    choose_file(fenna, HEADER + GOOD)
    fenna.tick("The people on this list know the text above and agreed to take part.")
    fenna.fill("Who in your organisation recorded this?", "Fenna Bakker")
    fenna.fill("On which day?", clock.today().isoformat())
    fenna.press("Save and go on")
    fenna.press("Import 2 people")
    fenna.reads("The list is imported")
    fenna.press("See the people")


def takes_in(fenna, name):
    fenna.press(name)
    fenna.press("I spoke to this person")
    fenna.press("Admit")
    fenna.press("I talked the briefing through")
    fenna.reads("Ready for a round")


def runs_a_round(fenna):
    fenna.press("Matching rounds")
    fenna.press("New round")
    fenna.press("See and choose people")
    fenna.press("Round 2 of")
    fenna.fill("Minimum score", "1000")
    fenna.untick("Make the weakest pair as good as possible first")
    fenna.press("Keep these rules")
    fenna.reads_not("The weakest pair is made as good as possible.")
    fenna.tick("Make the weakest pair as good as possible first")
    fenna.press("Keep these rules")
    fenna.reads("The weakest pair is made as good as possible.")
    stops_a_search(fenna)
    fenna.press("Find the best pairs")


def stops_a_search(fenna):
    """A worker is at it, as the database says; no scripts are needed to stop it."""
    made = Round.objects.latest("created_at")
    address = f"/rounds/{made.pk}/"
    params = {"round": str(made.pk), "cancel": f"{address}solve/stop/"}
    job = Job.objects.create(
        kind="solve_round",
        state=Job.State.RUNNING,
        progress=40,
        heartbeat_at=clock.now(),
        params=params,
        started_by=User.objects.get(email="facilitator@demo.example"),
    )
    Round.objects.filter(pk=made.pk).update(job=job)
    fenna.open(address)
    fenna.open(f"/jobs/{job.pk}/")
    fenna.press("Stop this")
    fenna.reads("The search is stopped. The round is as it was before.")
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    fenna.open(f"/jobs/{job.pk}/")
    fenna.open(address)


def asks_why_not(fenna):
    """Two of the board who are no pair, and why."""
    first, second = pairs_on(fenna)[:2]
    fenna.press("Why not these two?")
    fenna.choose("Mentee", first[0])
    fenna.choose("Mentor", second[1])
    fenna.press("Show")
    fenna.reads("Why are they not a pair?")
    fenna.press("Back to the board")


def keeps_two_together(fenna):
    mentee, mentor = pairs_on(fenna)[0]
    fenna.press(f"{mentee} + {mentor}")
    sees_what_it_costs(fenna)
    fenna.press("Keep these two together")
    fenna.reads("What this changes")
    fenna.fill("Why do you decide this?", "They know the same village.")
    fenna.press("Keep together")
    fenna.press("Find the best pairs again")
    assert Override.objects.get().kind == "lock"
    fenna.reads("Kept together")
    return mentee


def sees_what_it_costs(fenna):
    """Of keeping a pair apart, and of an exchange; neither is decided."""
    fenna.press("Keep these two apart")
    fenna.reads("What this changes")
    fenna.press("Cancel")
    fenna.press("Exchange mentors with another pair")
    fenna.page.get_by_label(fenna.say("With which pair do they exchange mentors?")).select_option(
        index=1
    )
    fenna.press("Show what it changes")
    fenna.reads("What this changes")
    fenna.press("Cancel")
    assert not Override.objects.exists()


def pairs_on(fenna):
    links = fenna.page.locator("tbody th[scope=row] a", has_text=" + ")
    names = links.all_inner_texts()
    return [tuple(name.split(" + ")) for name in names]


def publishes(fenna):
    assert not Offer.objects.filter(source="round").exists()
    before = len(mail.outbox)
    number = len(pairs_on(fenna))
    fenna.press("Publish…")
    fenna.press("Publish and ask")
    assert Offer.objects.filter(source="round").count() == number
    assert len(mail.outbox) > before


def test_a_facilitator_brings_people_together(fenna, browser, programme):
    fenna.press(programme.name)
    imports_a_list(fenna)
    takes_in(fenna, "Wietske Algra")
    fenna.open(f"/desk/programmes/{programme.slug}/")
    runs_a_round(fenna)
    asks_why_not(fenna)
    mentee = keeps_two_together(fenna)
    publishes(fenna)

    fenna.open(f"/offers/?programme={programme.slug}")
    fenna.press(f"{mentee} +")
    fenna.press("Record the answer of %(name)s", name=mentee.split()[0])
    fenna.tick("Yes, I want to meet")
    fenna.press("Record the answer")
    fenna.reads("Recorded by %(name)s", name="Fenna Bakker")

    finds_who_is_next(fenna, programme, mentee)

    assert audit([fenna], browser) == {}


def finds_who_is_next(fenna, programme, kept):
    """Somebody else says no by phone; the page says who is next, or why nobody is."""
    other = Offer.objects.filter(source="round").exclude(mentee__user__name=kept).first()
    name = other.mentee.user.first_name
    fenna.open(f"/offers/{other.pk}/")
    fenna.press("Record the answer of %(name)s", name=name)
    fenna.tick("No, not this match")
    fenna.choose("If no: what is the reason?", "I have no time now")
    fenna.press("Record the answer")
    fenna.reads("Who is next")
    fenna.reads("A mentor for %(name)s", name=other.mentee.user.name)
    fenna.open("/")
    fenna.press("Find the next best")
    fenna.reads("Who is next")


def answers_for(fenna, name):
    """The profile, with the person beside her."""
    fenna.press("Begin")
    fenna.tick("Dutch")
    fenna.press("Save and go on")
    fenna.tick("Online")
    fenna.press("Save and go on")
    fenna.fill("My idea in one sentence", "Ik wil een naaiatelier aan huis.")
    fenna.tick("I have an idea")
    fenna.press("Save and go on")
    fenna.tick_first(1)
    fenna.press("Save and go on")
    for _question in range(5):
        fenna.press("Skip this question")
    fenna.reads(name)
    fenna.press("This is right, go on")


def test_a_facilitator_does_it_all_for_somebody_without_email(fenna, visitor, browser, programme):
    name = "Klaske Hofstra"
    fenna.press("Register somebody")
    fenna.fill("Name", name)
    fenna.fill("Phone number", "058 1234567")
    fenna.tick("Yes", "Dutch", "Mentee: wants to start and looks for a mentor")
    fenna.tick("I read out or handed over the privacy text")
    fenna.press("Register")
    answers_for(fenna, name)

    klaske = Participant.objects.get(user__name=name)
    fenna.open(f"/desk/people/{klaske.pk}/")
    fenna.press("I spoke to this person")
    fenna.press("Admit")
    fenna.press("I talked the briefing through")
    fenna.press("Make a code to take the account over")
    code = fenna.page.locator("main code").inner_text()
    fenna.press(name)
    fenna.press("Match this person now")
    other = fenna.page.locator("main .card h3").first.inner_text().split(". ")[1]
    fenna.press("Offer %(name)s", name=other)
    fenna.fill("Why do you match these two now?", "She wants to start next week.")
    fenna.press("Send the offer")
    assert Offer.objects.get(mentee=klaske).mentor.user.name == other
    fenna.open("/desk/letters/")
    fenna.press(name)

    at_home = visitor("nl")
    at_home.open("/claim/")
    at_home.fill("The code on your paper", code)
    at_home.fill("Your e-mail address", "klaske@example.org")
    at_home.press("Go on")
    at_home.fill("The code in our mail", code_mailed_to("klaske@example.org"))
    at_home.press("Take over my account")
    at_home.open("/")
    assert at_home.heading() == at_home.say("Hello %(name)s", name="Klaske")

    assert audit([fenna, at_home], browser) == {}
