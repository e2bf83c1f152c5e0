"""Editors answer what readers sent, and never meet the sender."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.services.privacy import account_erase, account_export
from handbook.books import Book
from handbook.inbox import AskedQuestion, BookProposal, State
from handbook.questions import Question
from handbook.services.inbox import (
    book_choose,
    book_propose,
    question_ask,
    question_publish,
    question_reply,
    sent_close,
)
from reenter.common import clock
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make
from tests.factories import mentoring as make_mentoring

LIST = reverse("handbook:asked_questions")
BOOKS = reverse("handbook:proposed_books")
FORM = {
    "topic": "together",
    "audience": "everyone",
    "questions_nl": "Hoeveel mentoren mag ik hebben?",
    "questions_en": "",
    "answers_nl": "Een per programma.",
    "answers_en": "",
}
BOOK_FORM = {
    "authors": "Elke Wiss",
    "audience": "mentor",
    "titles_nl": "Socrates op sneakers",
    "isbns_nl": "978-0-306-40615-7",
    "why_nl": "Je leert vragen.",
    "for_whom_nl": "Voor wie te snel raad geeft.",
}


@pytest.fixture
def asked(mentee):
    return question_ask(actor=mentee, text="Twee mentoren?", topic="together")


@pytest.fixture
def proposal(mentee):
    return book_propose(
        actor=mentee, title="Sokrates", author="E. Wiss", book_language="nl", why="Goed."
    )


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def to(name, sent):
    return reverse(f"handbook:{name}", args=[sent.pk])


def mail():
    return OutboxMessage.objects.get()


# The screens


def test_new_ones_stand_there_oldest_first_without_the_sender(desk, mentee, asked, proposal):
    question_ask(actor=make_accounts.user(name="Kees Later"), text="Later gevraagd?")
    closed = question_ask(actor=mentee, text="Al gesloten?")
    sent_close(actor=mentee, sent=closed, reason="Daarom.")
    content = desk.get(LIST).content.decode()
    assert content.index("Twee mentoren?") < content.index("Later gevraagd?")
    assert "Al gesloten?" not in content
    pages = [content, desk.get(BOOKS).content.decode()]
    pages += [
        desk.get(to(name, asked)).content.decode()
        for name in ("question_publish", "question_reply", "question_close")
    ]
    pages += [desk.get(to(name, proposal)).content.decode() for name in ("book_choose",)]
    for page in pages:
        for trace in ("Anna", "Vries", "anna@", str(mentee.pk), "Kees"):
            assert trace not in page


def test_the_first_page_of_the_editor_says_what_waits(desk, asked, proposal):
    content = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 vraag wacht op een antwoord" in content
    assert "1 boek is voorgesteld" in content


@pytest.mark.parametrize("who", ["mentee", "facilitator", "stranger"])
def test_for_others_the_screens_are_not_there(request, client, asked, who):
    client.force_login(request.getfixturevalue(who))
    for address in (LIST, BOOKS, to("question_publish", asked), to("question_reply", asked)):
        assert client.get(address).status_code == 404
        assert client.post(address, FORM | {"text": "Ja."}).status_code == 404
    assert AskedQuestion.objects.get().is_new


def test_without_a_second_factor_an_editor_gets_no_further(settings, desk, asked):
    settings.STAFF_MFA_REQUIRED = True
    assert desk.get(LIST)["Location"] == reverse("accounts:second_factor")


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_asks_as_often_for_many_as_for_one(desk, many, django_assert_max_num_queries):
    for number in range(many):
        question_ask(actor=make_accounts.user(), text=f"Vraag {number}?")
    desk.get(LIST)
    with django_assert_max_num_queries(14):
        assert desk.get(LIST).content.decode().count("Vraag ") == many


# Answering for everybody


def test_an_answer_for_everybody_becomes_a_question_in_the_list(desk, editor, asked, client):
    response = desk.post(to("question_publish", asked), FORM)
    assert response["Location"] == LIST
    question = Question.objects.get()
    assert question.questions == {"nl": "Hoeveel mentoren mag ik hebben?"}
    assert (question.topic, question.audience, question.key) == ("together", "everyone", None)
    asked.refresh_from_db()
    assert (asked.state, asked.published_to, asked.question) == ("answered", "everyone", question)
    assert asked.reply == "Een per programma."
    entry = AuditEntry.objects.get(action="askedquestion.published")
    assert (entry.actor, entry.data) == (editor, {"question": str(question.pk)})
    client.logout()
    assert "Een per programma." in client.get(reverse("handbook:questions")).content.decode()


def test_the_form_begins_with_what_was_asked(desk, asked):
    content = desk.get(to("question_publish", asked)).content.decode()
    assert re.search(r'name="questions_nl"[^>]*value="Twee mentoren\?"', content)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": ""},
        {"answers_nl": ""},
        {"questions_nl": "", "questions_en": "How many?", "answers_en": "One."},
        {"questions_en": "How many?"},
    ],
)
def test_half_an_answer_is_refused_and_kept_on_the_page(desk, asked, wrong):
    response = desk.post(to("question_publish", asked), FORM | wrong)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Question.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_what_is_not_translated_is_listed_and_marked(desk, asked):
    desk.post(to("question_publish", asked), FORM)
    report = desk.get(reverse("handbook_translations")).content.decode()
    assert re.search(r"Hoeveel mentoren mag ik hebben\?</a>: Engels", report)
    page = desk.get(reverse("handbook:questions"), headers={"accept-language": "en"})
    asked.sender.language = "en"
    asked.sender.save()
    desk.force_login(asked.sender)
    page = desk.get(reverse("handbook:questions")).content.decode()
    assert '<summary lang="nl">Hoeveel mentoren' in page
    assert "Not yet translated." in page


def test_the_asker_finds_it_among_all_questions_as_far_as_it_is_for_them(desk, asked, mentee):
    desk.post(to("question_publish", asked), FORM)
    desk.force_login(mentee)
    anchor = f"{reverse('handbook:questions')}#question-{Question.objects.get().pk}"
    assert anchor in desk.get(to("my_question", asked)).content.decode()
    Question.objects.update(audience="facilitator")
    content = desk.get(to("my_question", asked)).content.decode()
    assert anchor not in content
    assert "Een per programma." in content
    Question.objects.all().delete()
    assert "Een per programma." in desk.get(to("my_question", asked)).content.decode()


# Answering one person, closing


def test_an_answer_for_one_is_for_nobody_else(desk, asked, mentee):
    assert desk.post(to("question_reply", asked), {"text": "Ja, dat mag."})["Location"] == LIST
    asked.refresh_from_db()
    assert (asked.state, asked.published_to, asked.reply) == ("answered", "asker", "Ja, dat mag.")
    assert not Question.objects.exists()
    desk.force_login(mentee)
    content = desk.get(to("my_question", asked)).content.decode()
    assert "Ja, dat mag." in content
    assert "Alleen jij kunt dit antwoord lezen." in content


def test_closing_needs_a_reason_that_the_asker_reads(desk, asked, mentee):
    assert desk.post(to("question_close", asked), {"text": " "}).status_code == 200
    assert AskedQuestion.objects.get().is_new
    desk.post(to("question_close", asked), {"text": "Dit weet je begeleider beter."})
    asked.refresh_from_db()
    assert (asked.state, asked.published_to) == ("closed", "")
    desk.force_login(mentee)
    assert "Dit weet je begeleider beter." in desk.get(to("my_question", asked)).content.decode()


def test_a_second_editor_hears_that_it_is_done(desk, asked, mentee):
    question_reply(actor=mentee, asked=asked, answer="Ja.")
    with pytest.raises(Refused, match="beantwoord"):
        sent_close(actor=mentee, sent=asked, reason="Nee.")
    page = desk.post(to("question_close", asked), {"text": "Nee."}, follow=True)
    assert "al beantwoord" in page.content.decode()
    assert AskedQuestion.objects.get().reply == "Ja."
    assert OutboxMessage.objects.count() == 1


def test_an_answer_to_what_was_taken_back_is_refused(editor, asked):
    AskedQuestion.objects.all().delete()
    with pytest.raises(Refused, match="ingetrokken"):
        question_publish(actor=editor, asked=asked, question=Question(answers={"nl": "Ja."}))
    assert not Question.objects.exists()


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("after", State.values)
def test_only_what_is_new_changes(before, after):
    allowed = before == "new" and after != "new"
    assert AskedQuestion(state=before).may_become(after) is allowed


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "answered", "published_to": "asker"},
        {"state": "closed", "published_to": "asker", "decided_at": clock.now()},
        {"state": "answered", "decided_at": clock.now()},
        {"decided_at": clock.now()},
    ],
)
def test_the_database_refuses_half_an_answer(asked, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        AskedQuestion.objects.filter(pk=asked.pk).update(**broken)


# The mail


@pytest.mark.parametrize(
    ("language", "subject", "label"),
    [
        ("nl", "Er is een antwoord op je vraag", "Lees het antwoord"),
        ("en", "There is an answer to your question", "Read the answer"),
    ],
)
def test_one_mail_in_the_language_of_the_asker_without_a_word_of_the_question(
    desk, mentee, language, subject, label
):
    mentee.language = language
    mentee.save()
    asked = question_ask(actor=mentee, text="Kanarie\r\nBcc: x@example.org")
    desk.post(to("question_reply", asked), {"text": "Merel."})
    message = mail()
    assert (message.recipient, message.category, message.language) == (mentee, "capped", language)
    assert (message.subject, message.state) == (subject, "pending")
    (section,) = message.sections
    assert section["action_label"] == label
    assert section["action_url"].endswith(to("my_question", asked))
    assert "Kanarie" not in str(message.sections)
    assert "Merel" not in str(message.sections)


def test_without_an_address_it_is_a_letter_with_the_answer_for_the_own_staff(editor, programme):
    person = make_accounts.user(name="Otto", email=None)
    make_mentoring.participant(programme=programme, role="mentee", user=person, ready=False)
    asked = question_ask(actor=person, text="Kan het ook per brief?")
    OutboxMessage.objects.all().delete()
    question_reply(actor=editor, asked=asked, answer="Ja hoor.")
    message = mail()
    assert (message.state, message.programme) == ("letter", programme)
    words = str(message.sections)
    assert "Kan het ook per brief?" in words
    assert "Ja hoor." in words


def test_a_closed_question_has_a_mail_of_its_own(editor, asked):
    sent_close(actor=editor, sent=asked, reason="Daarom.")
    assert mail().subject == "Over je vraag"
    assert mail().sections[0]["action_label"] == "Lees waarom"


# Books


def test_a_proposal_becomes_a_book_in_the_editors_words(desk, editor, proposal, mentee):
    assert desk.post(to("book_choose", proposal), BOOK_FORM)["Location"] == BOOKS
    book = Book.objects.get()
    assert (book.titles, book.authors) == ({"nl": "Socrates op sneakers"}, "Elke Wiss")
    assert (book.isbns, book.audience, book.key) == ({"nl": "9780306406157"}, "mentor", None)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.book) == ("answered", book)
    assert AuditEntry.objects.get(action="bookproposal.chosen").actor == editor
    assert mail().subject == "Je boek staat in de boekenclub"
    desk.force_login(mentee)
    content = desk.get(reverse("handbook:my_books")).content.decode()
    assert f"#book-{book.pk}" in content


@pytest.mark.parametrize(
    "wrong", [{"isbns_nl": "9780306406158"}, {"why_nl": ""}, {"for_whom_nl": ""}, {"authors": ""}]
)
def test_half_a_book_is_refused(desk, proposal, wrong):
    response = desk.post(to("book_choose", proposal), BOOK_FORM | wrong)
    assert response.context["form"].errors
    assert not Book.objects.exists()


def test_a_proposal_is_declined_kindly(desk, proposal, mentee):
    desk.post(to("book_decline", proposal), {"text": "We hebben er al een over vragen."})
    assert BookProposal.objects.get().state == "closed"
    assert mail().subject == "Over het boek dat je voorstelde"
    desk.force_login(mentee)
    content = desk.get(reverse("handbook:my_books")).content.decode()
    assert "We hebben er al een over vragen." in content


# Editing what is published


def test_editors_change_and_delete_questions_and_books(desk):
    question, book = make.question("Oud?"), make.book_read("Oud")
    for row, form in ((question, FORM), (book, BOOK_FORM)):
        names = row.snippet_viewset.get_url_name
        assert desk.get(reverse(names("list"))).status_code == 200
        page = desk.get(reverse(names("edit"), args=[row.pk])).content.decode()
        assert 'value="Oud' in page
        assert "{&quot;" not in page
        edited = form | {"is_published": "on"}
        assert desk.post(reverse(names("edit"), args=[row.pk]), edited).status_code == 302
    question.refresh_from_db()
    book.refresh_from_db()
    assert question.answers == {"nl": "Een per programma."}
    assert book.isbns == {"nl": "9780306406157"}
    for row in (question, book):
        delete = reverse(row.snippet_viewset.get_url_name("delete"), args=[row.pk])
        assert desk.post(delete).status_code == 302
    assert not Question.objects.exists()
    assert not Book.objects.exists()


def test_unticking_takes_it_off_the_page(desk, client):
    question = make.question("Oud?")
    edit = reverse(question.snippet_viewset.get_url_name("edit"), args=[question.pk])
    desk.post(edit, FORM)
    client.logout()
    content = client.get(reverse("handbook:questions")).content.decode()
    assert "Hoeveel mentoren" not in content


# People leave


def test_erasing_takes_what_was_sent_and_leaves_what_editors_wrote(desk, mentee, asked, proposal):
    desk.post(to("question_publish", asked), FORM)
    desk.post(to("book_choose", proposal), BOOK_FORM)
    account_erase(actor=mentee, user=mentee)
    assert not AskedQuestion.objects.exists()
    assert not BookProposal.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert Question.objects.count() == Book.objects.count() == 1


def test_the_export_holds_what_was_sent_and_what_came_back(mentee, editor, asked, proposal):
    question_reply(actor=editor, asked=asked, answer="Ja.")
    sent_close(actor=editor, sent=proposal, reason="Dubbel.")
    other = make_accounts.user()
    data = account_export(mentee)["questions_and_books"]
    (question,), (book,) = data["questions"], data["books"]
    assert (question["text"], question["answer"]) == ("Twee mentoren?", "Ja.")
    assert (book["title"], book["answer"]) == ("Sokrates", "Dubbel.")
    assert account_export(other)["questions_and_books"] == {"questions": [], "books": []}


def test_a_book_is_chosen_once(editor, proposal):
    book_choose(actor=editor, proposal=proposal, book=Book(titles={"nl": "Een"}))
    with pytest.raises(Refused, match="beantwoord"):
        book_choose(actor=editor, proposal=proposal, book=Book(titles={"nl": "Twee"}))
    assert Book.objects.get().titles == {"nl": "Een"}
