"""Finding chapters by words."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from handbook import search, stems
from handbook.finding import search_chapters
from handbook.models import ChapterPage, SearchHit, SearchWord
from handbook.services import handbook_index
from tests.factories import handbook as make

words = st.text("abc", max_size=5)


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

    pages = search_chapters(AnonymousUser(), language, search.words_of(query)).pages
    titles = ChapterPage.objects.in_bulk(pages)
    return [titles[pk].title for pk in pages]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("gesprek", ["Goede gesprekken", "Afspreken"]),
        ("GESPREK", ["Goede gesprekken", "Afspreken"]),
        ("gesprekken", ["Goede gesprekken", "Afspreken"]),
        ("gesp", ["Goede gesprekken", "Afspreken"]),
        ("ge", []),
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
def test_words_are_found_in_their_forms_and_by_their_beginning(chapters, query, titles):
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
    return [(piece.text, piece.hit) for piece in search.marked(text, set(words))]


def test_hits_are_marked_with_capitals_and_accents_kept():
    assert pieces("In Café X", "cafe") == [("In ", False), ("Café", True), (" X", False)]
    assert pieces("Cafe\u0301!", "cafe") == [("Café", True), ("!", False)]
    assert pieces("gesprekken", "gesprek") == [("gesprekken", False)]
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


FORMS = [
    ("nl", "gesprek", "gesprekken"),
    ("nl", "mentor", "mentoren"),
    ("nl", "mentor", "mentors"),
    ("nl", "coaching", "coach"),
    ("nl", "coach", "coachen"),
    ("nl", "training", "trainingen"),
    ("nl", "bedrijf", "bedrijven"),
    ("nl", "plan", "plannen"),
    ("nl", "taak", "taken"),
    ("nl", "idee", "ideeën"),
    ("nl", "vraag", "gevraagd"),
    ("nl", "gesprekken", "gesprekje"),
    ("nl", "programma", "programma's"),
    ("en", "coaching", "coach"),
    ("en", "talk", "talking"),
    ("en", "business", "businesses"),
    ("en", "meeting", "meet"),
    ("en", "mentor", "mentors'"),
]


@pytest.mark.parametrize(("language", "one", "other"), FORMS)
def test_each_form_of_a_word_finds_the_other_and_is_marked(db, language, one, other):
    part = make.part(make.book(language))
    make.chapter(part, title="Een", slug="een", body=[make.text(f"<p>x {one}, y.</p>")])
    make.chapter(part, title="Twee", slug="twee", body=[make.text(f"<p>x {other}, y.</p>")])
    make.chapter(part, title="Drie", slug="drie", body=[make.text("<p>Niets.</p>")])
    assert found(one, language) == ["Een", "Twee"]
    assert found(other, language) == ["Een", "Twee"]


def test_the_page_marks_every_form(chapters, client):
    response = client.get(reverse("handbook:search"), {"q": "gesprek", "language": "nl"})
    content = response.content.decode()
    assert "Goede <mark>gesprekken</mark>" in content
    assert "één <mark>gesprek</mark>" in content


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("gespek", ["Goede gesprekken", "Afspreken"]),  # a letter too few
        ("gesprrek", ["Goede gesprekken", "Afspreken"]),  # one too many
        ("gesprak", ["Goede gesprekken", "Afspreken"]),  # another one
        ("gseprek", ["Goede gesprekken", "Afspreken"]),  # two that changed places
        ("afsprekem", ["Afspreken"]),
        ("hesprel", []),  # two errors in a word this short
        ("caf", ["Afspreken"]),
        ("cxf", []),
        ("gespek cafe", ["Afspreken"]),
    ],
)
def test_a_typing_error_is_forgiven(chapters, query, titles):
    assert found(query) == titles


def test_the_page_says_what_stood_in_for_the_word_with_the_error(chapters, client):
    address = reverse("handbook:search")
    response = client.get(address, {"q": "gespek", "language": "nl"})
    assert response.context["instead"] == {"gespek": "gesprek"}
    content = response.content.decode()
    assert "“gespek”" in content
    assert "“<strong>gesprek</strong>”" in content
    assert client.get(address, {"q": "gesprek", "language": "nl"}).context["instead"] == {}


def test_a_typing_error_tells_nobody_a_word_that_is_not_for_them(tree, as_reader):
    for name in ("anonymous", "mentee", "mentor"):
        client, may_read = as_reader(name)
        response = client.get(reverse("handbook:search"), {"q": "kanarei", "language": "nl"})
        assert response.context["count"] == len(may_read), name
        assert ("kanarie" in response.content.decode()) == bool(may_read), name


def test_title_before_heading_before_text(book):
    part = make.part(book)
    often = make.text(f"<p>{'Doel. ' * 50}</p>")
    make.chapter(part, title="Tekst", slug="tekst", body=[often])
    make.chapter(part, title="Intro", slug="intro", intro="Een doel.")
    make.chapter(part, title="Kop", slug="kop", body=[make.text("<h2>Het doel</h2><p>x</p>")])
    lists = [make.listed("tips", "Jouw doel", ["<p>x</p>"])]
    make.chapter(part, title="Lijst", slug="lijst", body=lists)
    make.chapter(part, title="Doelpunten", slug="begin")
    make.chapter(part, title="Doelen", slug="titel")
    assert found("doel") == ["Doelen", "Doelpunten", "Kop", "Lijst", "Intro", "Tekst"]


def test_a_chapter_off_the_site_leaves_the_index(chapters):
    chapters["talk"].unpublish()
    assert found("gesprek") == ["Afspreken"]
    assert not SearchHit.objects.filter(page=chapters["talk"]).exists()
    chapters["talk"].get_latest_revision_as_object().save_revision().publish()
    assert found("gesprek") == ["Goede gesprekken", "Afspreken"]
    chapters["cafe"].delete()
    assert found("cafe") == []


def test_the_command_builds_the_same_index_again(chapters):
    def index():
        rows = SearchHit.objects.values_list("page", "word__word", "word__stem", "weight")
        return set(rows)

    before = index()
    SearchHit.objects.all().delete()
    SearchWord.objects.create(language="nl", word="oud", stem="oud", root="oud")
    ChapterPage.objects.update(search_text="")
    assert found("gesprek") == []
    for _ in range(2):
        assert handbook_index() == 3
        assert index() == before
    assert not SearchWord.objects.filter(word="oud").exists()
    assert found("gesprek") == ["Goede gesprekken", "Afspreken"]


def test_a_language_without_stems_is_searched_by_the_word_itself():
    assert stems.stems("xx", "gesprekken") == ("gesprekken", "gesprekken")


@given(words, words)
def test_the_distance_is_the_same_both_ways_and_bounded(left, right):
    far = stems.distance(left, right, 2)
    assert far == stems.distance(right, left, 2)
    assert (far == 0) == (left == right)
    assert far == min(_slow_distance(left, right), 3)


def _slow_distance(left, right):
    """The recursion as it is defined: optimal string alignment."""
    if not left or not right:
        return len(left) + len(right)
    best = min(
        _slow_distance(left[1:], right) + 1,
        _slow_distance(left, right[1:]) + 1,
        _slow_distance(left[1:], right[1:]) + (left[0] != right[0]),
    )
    if left[:2] == right[1::-1] and len(left) > 1 and len(right) > 1:
        best = min(best, _slow_distance(left[2:], right[2:]) + 1)
    return best


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
