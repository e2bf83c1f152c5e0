"""Finding chapters by words."""

import pytest
from django.urls import reverse

from handbook import search
from handbook.selectors import search_chapters
from tests.factories import handbook as make


@pytest.fixture
def chapters(book):
    part = make.part(book)
    return {
        "talk": make.chapter(part, title="Goede gesprekken", body=[make.text("<p>Praat.</p>")]),
        "cafe": make.chapter(
            part,
            title="Afspreken",
            body=[make.text("<p>In een <b>Café</b> één gesprek, 100%.</p>")],
        ),
        "other": make.chapter(part, title="Iets anders", body=[make.text("<p>Tegengesprek</p>")]),
    }


def found(query, language="nl"):
    from django.contrib.auth.models import AnonymousUser

    pages = search_chapters(AnonymousUser(), language, search.words_of(query))
    return [page.title for page in pages]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("gesprek", ["Goede gesprekken", "Afspreken"]),
        ("GESPREK", ["Goede gesprekken", "Afspreken"]),
        ("gesprekken", ["Goede gesprekken"]),
        ("cafe", ["Afspreken"]),
        ("CAFÉ", ["Afspreken"]),
        ("een cafe", ["Afspreken"]),
        ("één", ["Afspreken"]),
        ("cafe praat", []),
        ("sprek", []),
        ("100%", ["Afspreken"]),
        ("1_0", []),
        ("%", []),
        ("", []),
        ("'; --", []),
    ],
)
def test_words_are_found_by_their_beginning(chapters, query, titles):
    assert found(query) == titles


def test_a_hit_in_the_title_comes_first(chapters, book):
    make.chapter(make.part(book), title="Later", intro="Een gesprek.")
    assert found("gesprek") == ["Goede gesprekken", "Later", "Afspreken"]


def test_only_the_language_of_the_page_is_searched(chapters):
    make.chapter(make.part(make.book("en")), title="Gesprek in English")
    assert found("gesprek", "en") == ["Gesprek in English"]
    assert "Gesprek in English" not in found("gesprek")


def test_a_change_is_found_once_it_is_published(chapters):
    page = chapters["talk"]
    page.title = "Nieuwe klanken"
    revision = page.save_revision()
    assert found("klanken") == []
    revision.publish()
    assert found("klanken") == ["Nieuwe klanken"]
    assert "Nieuwe klanken" not in found("gesprekken")


def pieces(text, *words):
    return [(piece.text, piece.hit) for piece in search.marked(text, list(words))]


def test_hits_are_marked_with_capitals_and_accents_kept():
    assert pieces("In Café X", "cafe") == [("In ", False), ("Café", True), (" X", False)]
    assert pieces("gesprekken", "gesprek") == [("gesprek", True), ("ken", False)]
    assert pieces("tegengesprek", "gesprek") == [("tegengesprek", False)]
    assert pieces("Straße", "strasse") == [("Straße", True)]
    assert pieces("ge ges", "ge", "ges") == [("ge", True), (" ", False), ("ges", True)]


def test_an_excerpt_is_short_and_holds_the_first_hit():
    text = f"{'aap noot ' * 60}Doel mies {'wim zus ' * 60}"
    shown = search.excerpt(text, ["doel"])
    joined = "".join(piece.text for piece in shown)
    assert [piece.text for piece in shown if piece.hit] == ["Doel"]
    assert len(joined) < 200
    assert joined.startswith("… ")
    assert joined.endswith(" …")
    assert "".join(p.text for p in search.excerpt("Kort.", ["x"])) == "Kort."
    assert len("".join(p.text for p in search.excerpt("x" * 5000, ["x"]))) < 200


def test_the_page_escapes_the_query_and_the_hits(book, client):
    make.chapter(
        make.part(book), title="<i>Vet</i>", body=[make.text("<p>&lt;b&gt;vet&lt;/b&gt;</p>")]
    )
    response = client.get(reverse("handbook:search"), {"q": '"><script>vet', "language": "nl"})
    content = response.content.decode()
    assert "<script>vet" not in content
    assert "<i>" not in content
    response = client.get(reverse("handbook:search"), {"q": "vet", "language": "nl"})
    content = response.content.decode()
    assert "&lt;<mark>" not in content.split("<title>")[0]
    assert "&lt;i&gt;<mark>Vet</mark>&lt;/i&gt;" in content
    assert "&lt;b&gt;<mark>vet</mark>&lt;/b&gt;" in content


@pytest.mark.parametrize(
    "query",
    [
        "x" * 5000,
        "\x00",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "a " * 900,
    ],
)
def test_any_query_gets_an_answer(chapters, client, query):
    assert client.get(reverse("handbook:search"), {"q": query}).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_any_page_number_gets_an_answer(chapters, client, page):
    response = client.get(
        reverse("handbook:search"), {"q": "gesprek", "page": page, "language": "nl"}
    )
    assert "Goede" in response.content.decode()


def test_results_are_split_over_pages(book, client):
    part = make.part(book)
    for number in range(11):
        make.chapter(part, title=f"Woord {number}")
    address = reverse("handbook:search")
    first = client.get(address, {"q": "woord", "language": "nl"})
    second = client.get(address, {"q": "woord", "language": "nl", "page": "2"})
    assert (len(first.context["hits"]), len(second.context["hits"])) == (10, 1)


def test_the_language_of_the_form_wins_over_the_browser(chapters, client):
    response = client.get(
        reverse("handbook:search"), {"q": "gesprek"}, headers={"accept-language": "en"}
    )
    assert response.context["count"] == 0
    response = client.get(
        reverse("handbook:search"),
        {"q": "gesprek", "language": "nl"},
        headers={"accept-language": "en"},
    )
    assert response.context["count"] == 2
    assert 'lang="nl"' in response.content.decode()
    response = client.get(reverse("handbook:search"), {"q": "gesprek", "language": "xx"})
    assert response.status_code == 200


def test_queries_do_not_grow_with_the_results(book, client, django_assert_max_num_queries):
    part = make.part(book)
    address, query = reverse("handbook:search"), {"q": "woord", "language": "nl"}
    target = make.chapter(part, title="Woord")
    client.get(address, query)
    with django_assert_max_num_queries(8) as few:
        client.get(address, query)
    value = {"text": "Lees.", "label": "Kijk", "target": "chapter", "page": target.pk}
    for _ in range(2):
        make.chapter(part, title="Woord", body=[{"type": "action", "value": value}])
    with django_assert_max_num_queries(len(few)):
        assert client.get(address, query).context["count"] == 3
