"""The book club: loaded once, changed here, filtered; and proposing a book."""

import json

import pytest
from django.urls import reverse

from handbook.books import Book
from handbook.inbox import BookProposal
from handbook.questions import Question
from handbook.services.entries import books_load, questions_load
from handbook.services.inbox import MOST_A_DAY, book_propose
from tests.factories import accounts as make_accounts
from tests.factories import handbook as make

PAGE = reverse("handbook:books")
PROPOSE = reverse("handbook:book_propose")
MINE = reverse("handbook:my_books")
FORM = {
    "title": "The Mom Test",
    "author": "Rob Fitzpatrick",
    "book_language": "en",
    "why": "Je leert klanten eerlijk vragen te stellen.",
    "isbn": "978-1492180746",
}


def entry(key, **extra):
    fields = {
        "key": key, "authors": ["Een", "Twee"], "year": 2020, "audience": "mentee",
        "topics": ["pricing"],
        "editions": [
            {"language": "nl", "title": f"Boek {key}"},
            {"language": "en", "title": f"Book {key}", "isbn": "9780306406157"},
        ],
        "why": {"nl": "Omdat.", "en": "Because."},
        "for_whom": {"nl": "Voor jou.", "en": "For you."},
    }  # fmt: skip
    return fields | extra


@pytest.fixture
def load(db, tmp_path):
    def with_entries(*entries):
        path = tmp_path / "books.json"
        path.write_text(json.dumps(entries), encoding="utf-8")
        return dict(books_load(actor=None, path=path))

    return with_entries


@pytest.fixture
def signed_in(client, mentee):
    client.force_login(mentee)
    return client


# Loading


def test_loading_again_changes_nothing_and_keeps_edits(load):
    assert load(entry("een"), entry("twee")) == {"created": 2}
    assert load(entry("een"), entry("twee")) == {"same": 2}
    Book.objects.filter(key="een").update(why={"nl": "Van ons."})
    assert load(entry("een", year=2021), entry("twee", year=2021)) == {"kept": 1, "updated": 1}
    book = Book.objects.get(key="twee")
    assert (book.year, book.authors, book.isbns) == (2021, "Een, Twee", {"en": "9780306406157"})


@pytest.mark.parametrize(("model", "again"), [(Question, questions_load), (Book, books_load)])
def test_what_somebody_deleted_stays_away(db, model, again):
    again(actor=None)
    model.objects.all()[:1].get().delete()
    left = model.objects.count()
    assert again(actor=None) == {"removed": 1, "same": left}
    assert model.objects.count() == left


def test_the_books_of_the_product_load(db):
    assert books_load(actor=None) == {"created": 12}
    assert books_load(actor=None) == {"same": 12}


# The list


def test_a_visitor_reads_the_list_in_their_language(load, client):
    make_accounts.term(code="pricing")
    load(entry("een"))
    content = client.get(PAGE, headers={"accept-language": "en"}).content.decode()
    for words in ("Book een", "Boek een", "Because.", "For you.", "Een, Twee", "pricing en"):
        assert words in content
    assert "Omdat." not in content
    main = content[content.index("<h1>") : content.index("</main>")]
    assert "http" not in main.replace("http://testserver", "")


def test_filters_work_together_and_unknown_ones_count_as_none(load, client):
    make_accounts.term(code="pricing")
    make_accounts.term(code="website")
    load(
        entry("een"),
        entry("twee", audience="mentor"),
        entry("drie", topics=["website"]),
        entry("vier", editions=[{"language": "en", "title": "Book vier"}]),
    )

    def shown(**filters):
        rows = client.get(PAGE, filters).context["rows"]
        return {book.key for book, _topics in rows}

    assert shown() == {"een", "twee", "drie", "vier"}
    assert shown(topic="website") == {"drie"}
    assert shown(audience="mentor") == {"twee"}
    assert shown(topic="pricing", language="nl", audience="mentee") == {"een"}
    assert shown(topic="nonsense\x00", audience="everyone") == {"een", "twee", "drie", "vier"}
    assert shown(topic="website", audience="mentor") == set()


def test_what_is_not_published_is_not_there(client, db):
    make.book_read("Verborgen", is_published=False)
    assert "Verborgen" not in client.get(PAGE).content.decode()


def test_a_text_in_another_language_is_marked(client, db):
    make.book_read("Alleen Nederlands")
    content = client.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert '<p lang="nl">Het helpt.</p>' in content
    assert "Not yet translated." in content


def test_the_page_asks_as_often_for_many_books(load, client, django_assert_max_num_queries):
    make_accounts.term(code="pricing")
    load(*(entry(f"boek-{number}") for number in range(30)))
    with django_assert_max_num_queries(2):
        assert client.get(PAGE).status_code == 200


# Proposing


def test_a_book_is_proposed_with_its_number_checked(signed_in, mentee):
    page = signed_in.post(PROPOSE, FORM, follow=True)
    assert page.redirect_chain == [(MINE, 302)]
    assert "The Mom Test" in page.content.decode()
    proposal = BookProposal.objects.get()
    assert (proposal.sender, proposal.isbn, proposal.language) == (mentee, "9781492180746", "nl")
    assert (proposal.book_language, proposal.state) == ("en", "new")


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"author": ""}, {"book_language": "xx"}, {"why": ""}, {"isbn": "12345"}],
)
def test_bad_input_is_named(signed_in, wrong):
    response = signed_in.post(PROPOSE, FORM | wrong)
    assert list(response.context["form"].errors) == list(wrong)
    assert not BookProposal.objects.exists()


def test_the_number_may_be_left_out(signed_in):
    signed_in.post(PROPOSE, FORM | {"isbn": ""})
    assert BookProposal.objects.get().isbn == ""


def test_a_visitor_signs_in_first(client, db):
    assert client.post(PROPOSE, FORM)["Location"].startswith("/account/login/")
    assert not BookProposal.objects.exists()


def test_a_day_has_room_for_so_many_proposals(signed_in, mentee):
    for number in range(MOST_A_DAY):
        book_propose(
            actor=mentee, title=f"Boek {number}", author="A", book_language="nl", why="Goed."
        )
    page = signed_in.post(PROPOSE, FORM).content.decode()
    assert "Stel het volgende boek morgen voor." in page
    assert BookProposal.objects.count() == MOST_A_DAY


def test_a_proposal_is_taken_back_by_its_own_sender_alone(client, mentee, stranger):
    proposal = book_propose(
        actor=mentee, title="<b>Boek</b>", author="A", book_language="nl", why="Goed."
    )
    address = reverse("handbook:proposal_withdraw", args=[proposal.pk])
    client.force_login(stranger)
    assert client.post(address).status_code == 404
    assert "Boek&lt;" not in client.get(MINE).content.decode()
    client.force_login(mentee)
    assert "&lt;b&gt;Boek&lt;/b&gt;" in client.get(MINE).content.decode()
    assert client.post(address)["Location"] == MINE
    assert not BookProposal.objects.exists()
