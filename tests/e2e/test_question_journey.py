"""A mentee asks, an editor answers for everybody, the mentee reads the mail and the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from handbook.books import Book
from handbook.inbox import AskedQuestion, BookProposal
from handbook.questions import Question
from handbook.services.entries import books_load, questions_load
from handbook.services.inbox import book_propose
from handbook.services.site import editors_prepare
from reenter.common import clock
from tests.factories import accounts as make_accounts

from .browser import RULES, WIDTHS, audit, in_a_browser, link_mailed_to, mails_to
from .steps import sign_in_with_code

pytestmark = in_a_browser

MENTEE, EDITOR = "mentee@demo.example", "erik@example.org"
WORDS = {
    "nl": {
        "asked": "Wat kost het om in het weekend te bellen?",
        "question": "Mag ik in het weekend bellen?",
        "answer": "Dat spreek je samen af.",
    },
    "en": {
        "asked": "What does it cost to call at the weekend?",
        "question": "May I call at the weekend?",
        "answer": "You agree on that together.",
    },
}


@pytest.fixture
def editor(programme):
    questions_load(actor=None)
    books_load(actor=None)
    person = make_accounts.user(name="Erik Schrijver", email=EDITOR)
    person.groups.add(editors_prepare())
    return person


@pytest.fixture(params=["nl", "en"])
def language(request, editor):
    User.objects.filter(email__in=[MENTEE, EDITOR]).update(language=request.param)
    return request.param


# The menu of the editor slides away for a moment when the window becomes narrow.
ALL_IN_SIGHT = """width => [...document.querySelectorAll(
    'main :is(a, button, input, textarea, select)')].every(
    e => e.getBoundingClientRect().right <= width)"""


def looked_at(person, of_wagtail=False):
    """Axe, no scrolling sideways, and on screens of our own nothing to press that is cut off."""
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 1000})
        assert person.page.evaluate("document.documentElement.scrollWidth") <= width
        if not of_wagtail:
            person.page.wait_for_function(ALL_IN_SIGHT, arg=width)
        result = Axe().run(person.page, options=RULES)
        assert result.violations_count == 0, result.generate_report()


def ask(mentee, words):
    mentee.open("/handbook/questions/")
    mentee.press("Ask a question")
    mentee.press("Send my question")  # nothing typed: the page says what to do
    mentee.reads("Write your question first.")
    mentee.fill("Your question", words)
    mentee.press("Send my question")
    mentee.reads("Was it asked before?")
    assert not AskedQuestion.objects.exists()
    mentee.press("Send my question")
    mentee.reads("Your question is with the editors.")
    mentee.press(words)
    mentee.reads("Take my question back")


def propose(mentee):
    mentee.open("/handbook/books/")
    mentee.press("Propose a book")
    mentee.fill("Title of the book", "The Mom Test")
    mentee.fill("Who wrote it?", "Rob Fitzpatrick")
    mentee.tick("English")
    mentee.fill("Why should others read it?", "Het leert je luisteren.")
    mentee.press("Send my proposal")
    mentee.reads("Your book is with the editors. Thank you.")


def answer_for_everybody(erik):
    """The forms of the editor, with scripts, as it always has them."""
    erik.open("/cms/inbox/books/")
    looked_at(erik)
    erik.press("Put it on the list")
    looked_at(erik)
    erik.open("/cms/inbox/questions/")
    looked_at(erik)
    sender = AskedQuestion.objects.get().sender
    for trace in (sender.name, sender.email, str(sender.pk)):
        assert trace not in erik.page.content()
    erik.press("Answer for everybody")
    for code, words in WORDS.items():
        erik.page.locator(f"[name=questions_{code}]").fill(words["question"])
        erik.page.locator(f"[name=answers_{code}]").fill(words["answer"])
    erik.page.locator("[name=topic]").select_option("together")
    looked_at(erik)
    erik.page.locator("form button.button[type=submit]").click()
    erik.page.wait_for_url("**/cms/inbox/questions/")
    assert erik.say("Nothing waits for an answer.") in erik.page.inner_text("main")


def test_a_question_is_answered_for_everybody(visitor, browser, language):
    mentee = visitor(language)
    sign_in_with_code(mentee, email=MENTEE)
    ask(mentee, WORDS[language]["asked"])
    propose(mentee)

    erik = visitor(language, scripts=True)
    sign_in_with_code(erik, email=EDITOR)
    answer_for_everybody(erik)
    question = Question.objects.get(key=None)
    assert question.questions == {code: words["question"] for code, words in WORDS.items()}

    before = len(mails_to(MENTEE))
    noon = (clock.now() + timedelta(days=1)).replace(hour=11)
    call_command("send_due", now=noon.isoformat(), verbosity=0)
    call_command("send_due", now=noon.isoformat(), verbosity=0)
    about = [text for text in mails_to(MENTEE)[before:] if "/questions/mine/" in text]
    assert len(about) == 1
    assert WORDS[language]["asked"] not in about[0]

    mentee.open(link_mailed_to(MENTEE, "/questions/mine/"))
    mentee.reads(WORDS[language]["answer"])
    mentee.press("See it among all questions")
    mentee.reads(WORDS[language]["question"])
    mentee.reads(WORDS[language]["answer"])  # the link opened it
    mentee.open("/handbook/books/mine/")

    anybody = visitor(language)
    anybody.open("/handbook/books/")
    anybody.reads("Book club")
    assert audit([mentee, anybody], browser) == {}
    assert erik.wrong == []


def test_while_typing_similar_questions_appear(visitor, browser, editor):
    mentee = visitor("nl", scripts=True)
    sign_in_with_code(mentee, email=MENTEE)
    mentee.open("/handbook/questions/ask/")
    mentee.page.get_by_label(mentee.say("Your question")).press_sequentially("Wat kost meedoen?")
    mentee.page.get_by_text("Wat kost het om mee te doen?").wait_for()
    looked_at(mentee)
    mentee.press("Send my question")  # seen already, so it goes at once
    mentee.reads("Your question is with the editors.")
    assert AskedQuestion.objects.get().text == "Wat kost meedoen?"
    assert mentee.wrong == []


def test_declining_a_book_is_read_on_the_page_of_proposals(visitor, browser, editor):
    hilde = User.objects.get(email=MENTEE)
    book_propose(actor=hilde, title="Gids", author="A", book_language="nl", why="Goed.")
    erik = visitor("nl", scripts=True)
    sign_in_with_code(erik, email=EDITOR)
    for model in (Question, Book):
        erik.open(reverse(model.snippet_viewset.get_url_name("add")))
        looked_at(erik, of_wagtail=True)
    erik.open("/cms/inbox/books/")
    erik.press("Decline kindly")
    looked_at(erik)
    erik.page.locator("textarea").fill("We hebben er al een.")
    erik.page.locator("form button.button[type=submit]").click()
    erik.page.wait_for_url("**/cms/inbox/books/")
    assert BookProposal.objects.get().state == "closed"
    mentee = visitor("nl")
    sign_in_with_code(mentee, email=MENTEE)
    mentee.open("/handbook/books/mine/")
    mentee.reads("We hebben er al een.")
    assert audit([mentee], browser) == {}
