"""Ask the editors a question, find it answered already, take it back, read the answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from handbook.inbox import AskedQuestion
from handbook.services.inbox import (
    KEPT,
    MOST_A_DAY,
    old_ones_delete,
    question_ask,
    question_reply,
    sent_close,
    sent_withdraw,
)
from handbook.similar import similar_questions
from reenter.common import clock
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make

ASK = reverse("handbook:question_ask")
SIMILAR = reverse("handbook:question_similar")
MINE = reverse("handbook:my_questions")
WORDS = "Mag ik met twee mentoren tegelijk praten?"


@pytest.fixture
def asked(mentee):
    return question_ask(actor=mentee, text=WORDS, topic="together")


@pytest.fixture
def signed_in(client, mentee):
    client.force_login(mentee)
    return client


# Asking


def test_a_question_is_sent_with_its_language_and_an_audit_row_without_words(signed_in, mentee):
    response = signed_in.post(ASK, {"text": f"  {WORDS} ", "topic": "together"}, follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    assert WORDS in response.content.decode()
    asked = AskedQuestion.objects.get()
    assert (asked.sender, asked.text, asked.topic) == (mentee, WORDS, "together")
    assert (asked.language, asked.state, asked.reply) == ("nl", "new", "")
    entry = AuditEntry.objects.get(action="askedquestion.sent")
    assert (entry.actor, entry.target_id, entry.data) == (mentee, str(asked.pk), {})


def test_the_form_says_who_sees_it_and_how_long_it_takes(signed_in):
    content = signed_in.get(ASK).content.decode()
    assert "De redactie ziet niet van wie die komt." in content
    assert "binnen 14 dagen" in content


@pytest.mark.parametrize(
    "typed", [{"text": ""}, {"text": "x" * 1001}, {"text": "a\x00b"}, {"text": "a", "topic": "no"}]
)
def test_bad_input_is_named_and_nothing_is_sent(signed_in, typed):
    response = signed_in.post(ASK, typed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not AskedQuestion.objects.exists()


def test_a_visitor_signs_in_first(client, db):
    assert client.post(ASK, {"text": WORDS})["Location"].startswith("/account/login/")
    assert not AskedQuestion.objects.exists()


def test_what_was_asked_before_is_shown_once_before_sending(signed_in):
    make.question("Hoeveel mentoren kan ik hebben?", "Een per programma.")
    shown = signed_in.post(ASK, {"text": WORDS})
    assert "Een per programma." in shown.content.decode()
    assert 'name="looked"' in shown.content.decode()
    assert WORDS in shown.content.decode()
    assert not AskedQuestion.objects.exists()
    signed_in.post(ASK, {"text": WORDS, "looked": "1"})
    assert AskedQuestion.objects.get().text == WORDS


def test_a_day_has_room_for_so_many_questions(signed_in, mentee):
    morning = clock.now().replace(hour=10)
    for number in range(MOST_A_DAY):
        with clock.standing_at(morning + timedelta(minutes=number)):
            question_ask(actor=mentee, text=f"Vraag {number}?")
    with clock.standing_at(morning + timedelta(hours=1)):
        response = signed_in.post(ASK, {"text": WORDS, "looked": "1"})
        assert "Stel je volgende vraag morgen." in response.content.decode()
        assert WORDS in response.content.decode()
    assert AskedQuestion.objects.count() == MOST_A_DAY
    question_ask(actor=make_accounts.user(), text=WORDS)
    with clock.standing_at(morning + timedelta(days=1)):
        question_ask(actor=mentee, text=WORDS)


def test_the_day_is_that_of_the_persons_own_clock(mentee):
    mentee.time_zone = "Pacific/Auckland"
    mentee.save()
    before_midnight_there = clock.now().replace(hour=9, minute=0)
    for _number in range(MOST_A_DAY):
        with clock.standing_at(before_midnight_there):
            question_ask(actor=mentee, text=WORDS)
    still_today = clock.standing_at(before_midnight_there + timedelta(hours=1))
    with still_today, pytest.raises(Refused, match="morgen"):
        question_ask(actor=mentee, text=WORDS)
    with clock.standing_at(before_midnight_there + timedelta(hours=5)):
        question_ask(actor=mentee, text=WORDS)


# Similar ones


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mogen er twee mentors?", "Hoeveel mentoren kan ik hebben?"),
        ("Moet ik reizen?", "Waar spreken we af?"),
        ("zzzz qqqq", None),
        ("", None),
    ],
)
def test_similar_questions_share_the_rarer_words_in_any_form(db, text, found):
    make.question("Hoeveel mentoren kan ik hebben?", "Een.")
    make.question("Waar spreken we af?", "Dicht bij huis: reizen hoeft bijna niet.")
    for number in range(6):
        make.question(f"Wat kost het om mee te doen, deel {number}?", "Niets.")
    rows = similar_questions(make_accounts.user(), "nl", text)
    assert [str(row) for row in rows] == ([found] if found else [])


def test_a_word_of_the_question_counts_before_one_of_the_answer(mentee):
    make.question("Hoe lang duurt het?", "Een traject duurt een half jaar.")
    make.question("Wat is een traject?", "Zes maanden samen.")
    rows = similar_questions(mentee, "nl", "Hoe werkt zo'n traject?")
    assert [str(row) for row in rows] == ["Wat is een traject?", "Hoe lang duurt het?"]


def test_only_what_the_reader_may_see_is_similar(signed_in):
    make.question("Hoe open ik een programma?", "Zo.", audience="facilitator")
    make.question("Hoe verlaat ik een programma?", "Anders.", is_published=False)
    piece = signed_in.post(SIMILAR, {"text": "programma openen"})
    assert piece.content.decode().strip() == ""


def test_while_typing_a_piece_of_the_page_comes_back_and_nothing_is_kept(signed_in):
    make.question("Hoeveel mentoren kan ik hebben?", "Een <b>per</b> programma.")
    piece = signed_in.post(SIMILAR, {"text": "mentor\x00en <script>"}).content.decode()
    assert "Een &lt;b&gt;per&lt;/b&gt; programma." in piece
    assert "<html" not in piece
    assert not AskedQuestion.objects.exists()
    assert signed_in.get(SIMILAR, {"text": "mentoren"}).status_code == 405


def test_looking_for_similar_ones_asks_as_often_for_many(signed_in, django_assert_max_num_queries):
    for number in range(30):
        make.question(f"Vraag over mentoren {number}?")
    with django_assert_max_num_queries(5):
        signed_in.post(SIMILAR, {"text": WORDS})


# My questions


def test_the_list_asks_as_often_for_many_as_for_one(
    signed_in, mentee, django_assert_max_num_queries
):
    for _number in range(MOST_A_DAY):
        question_ask(actor=mentee, text=WORDS)
    with django_assert_max_num_queries(5):
        assert signed_in.get(MINE).content.decode().count(WORDS) == MOST_A_DAY


def test_nobody_sees_what_somebody_else_asked(client, asked, stranger, admin_user):
    for user in (stranger, admin_user):
        client.force_login(user)
        assert WORDS not in client.get(MINE).content.decode()
        assert client.get(reverse("handbook:my_question", args=[asked.pk])).status_code == 404
        taken = client.post(reverse("handbook:question_withdraw", args=[asked.pk]))
        assert taken.status_code == 404
    assert AskedQuestion.objects.exists()


def test_words_of_people_are_never_markup(signed_in, mentee):
    asked = question_ask(actor=mentee, text="<script>alert(1)</script>")
    question_reply(actor=mentee, asked=asked, answer="<img src=x>")
    for address in (MINE, reverse("handbook:my_question", args=[asked.pk])):
        content = signed_in.get(address).content.decode()
        assert "&lt;script&gt;" in content
        assert "<script>alert" not in content
        assert "<img src=x>" not in content


def test_a_question_is_taken_back_and_gone(signed_in, asked):
    address = reverse("handbook:question_withdraw", args=[asked.pk])
    assert signed_in.get(address).status_code == 405
    assert signed_in.post(address)["Location"] == MINE
    assert not AskedQuestion.objects.exists()
    assert AuditEntry.objects.filter(action="askedquestion.withdrawn").count() == 1
    assert signed_in.post(address).status_code == 404


@pytest.mark.parametrize("decide", [question_reply, sent_close])
def test_what_is_answered_cannot_be_taken_back(signed_in, mentee, asked, decide):
    words = {"answer": "Ja."} if decide is question_reply else {"reason": "Nee."}
    sent = {"asked": asked} if decide is question_reply else {"sent": asked}
    decide(actor=mentee, **sent, **words)
    with pytest.raises(Refused, match="antwoord"):
        sent_withdraw(actor=mentee, sent=asked)
    address = reverse("handbook:question_withdraw", args=[asked.pk])
    page = signed_in.post(address, follow=True)
    assert "Je kunt het niet meer intrekken." in page.content.decode()
    assert AskedQuestion.objects.count() == 1


def test_a_year_after_its_answer_a_question_is_deleted(mentee, asked):
    waits = question_ask(actor=mentee, text="Nog een?")
    question_reply(actor=mentee, asked=asked, answer="Ja.")
    with clock.standing_at(clock.now() + KEPT - timedelta(days=1)):
        assert old_ones_delete() == 0
    with clock.standing_at(clock.now() + KEPT + timedelta(days=1)):
        assert old_ones_delete() == 1
    assert AskedQuestion.objects.get() == waits
