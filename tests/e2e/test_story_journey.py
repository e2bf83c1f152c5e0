"""Two people tell their story, an editor puts it on the site, and one of them takes it back."""

from __future__ import annotations

from handbook.stories import Story
from mentoring.models import Mentorship
from reenter.desk.demo import PASSWORD

from .browser import audit, in_a_browser
from .steps import sign_in_with_code

pytestmark = in_a_browser

ANSWERS = {
    "wanted": "Ik wilde weten of mijn idee klopt.",
    "did": "We belden klanten op en rekenden een prijs uit.",
    "result": "Sinds mei heb ik een kraam op de markt.",
    "tip": "Begin met één klant.",
}


def pair_with_mail(programme):
    pairs = Mentorship.objects.filter(programme=programme, state="active", on_hold=False)
    pairs = pairs.exclude(mentee__user__email=None).exclude(mentor__user__email=None)
    return pairs.select_related("mentee__user", "mentor__user").first()


def tells(mentee, pair):
    mentee.open(f"/mentorships/{pair.pk}/")
    mentee.press("Tell our story")
    for question, answer in ANSWERS.items():
        mentee.press("Save and go on") if question != "tip" else None  # empty: it says what to do
        mentee.page.locator("main textarea").fill(answer)
        mentee.press("Save and go on")
    mentee.press("Ask %(name)s to read it", name=pair.mentor.user.first_name)  # without the tick
    mentee.tick("A made-up name", "Yes, this story may be on the site, in these words.")
    mentee.fill("The made-up name", "Mo")
    mentee.press("Ask %(name)s to read it", name=pair.mentor.user.first_name)
    mentee.reads("You said yes. We wait for %(name)s.", name=pair.mentor.user.first_name)


def agrees(mentor, pair):
    mentor.open(f"/mentorships/{pair.pk}/")
    mentor.press("The story that %(name)s tells", name=pair.mentee.user.first_name)
    mentor.reads(ANSWERS["did"])
    mentor.tick("Yes, this story may be on the site, in these words.")
    mentor.press("Say yes")
    mentor.reads("Both said yes. We read it before it goes on the site, and you hear when it does.")


def publishes(editor):
    editor.open("/account/login/")
    editor.fill("E-mail address", "admin@demo.example")
    editor.fill("Password", PASSWORD)
    editor.press("Sign in")
    editor.open("/cms/stories/")
    editor.press("Mo + ")
    editor.press("Put it on the site")


def test_two_tell_and_one_takes_it_back(visitor, browser, programme):
    pair = pair_with_mail(programme)
    mentee, mentor, editor, anybody = (
        visitor(),
        visitor(),
        visitor(scripts=True),
        visitor(scripts=True),
    )
    sign_in_with_code(mentee, email=pair.mentee.user.email)
    sign_in_with_code(mentor, email=pair.mentor.user.email)
    tells(mentee, pair)
    agrees(mentor, pair)
    anybody.open("/handbook/stories/")
    anybody.reads("There are no stories yet")
    publishes(editor)
    anybody.seen.clear()

    anybody.open("/")
    title = anybody.page.title()
    anybody.page.get_by_role("link", name="Mo en").wait_for()
    assert anybody.page.title() == title == anybody.seen["desk:home"].title
    anybody.press("Read all stories")
    anybody.press(f"Mo en {pair.mentor.user.first_name}")
    anybody.reads(ANSWERS["result"])
    story = Story.objects.get()
    mentor.open(f"/mentorships/{pair.pk}/")
    mentor.press("The story that %(name)s tells", name=pair.mentee.user.first_name)
    mentor.reads("Everybody can read this story now.")
    mentor.press("Take the story back")
    mentor.reads("The story is taken back. Nobody else can read it now.")

    later = visitor()
    later.open(f"/handbook/stories/{story.pk}/")
    later.reads_not(ANSWERS["result"])
    assert later.heading() == later.say("We cannot find this page")
    later.open("/handbook/stories/")
    later.reads_not("Mo en")
    assert Story.objects.get().state == "withdrawn"

    # Their pages about the story are of one kind, and not the same.
    assert audit([mentee], browser) == audit([mentor, anybody], browser) == {}
