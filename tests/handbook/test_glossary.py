"""The glossary: loaded once, changed here, explained in chapters and listed by letter."""

import json
import re

import pytest
from django.urls import reverse

from handbook.content_files import FOLDER
from handbook.explaining import Explainer
from handbook.glossary import GlossaryTerm, Word, words
from handbook.keys import key_of
from handbook.models import ChapterPage
from handbook.services.entries import glossary_load
from reenter.common.models import AuditEntry
from tests.factories import handbook as make

PAGE = reverse("handbook:glossary")


def entry(key, *forms, chapter=None, **extra):
    forms = list(forms) or [key]
    fields = {
        "key": key,
        "in_text": True,
        "chapter": chapter,
        "terms": {"nl": forms, "en": [f"{form}-en" for form in forms]},
        "explanations": {"nl": f"Uitleg van {key}.", "en": f"What {key} means."},
    }
    return fields | extra


@pytest.fixture
def load(db, tmp_path):
    def with_entries(*entries):
        path = tmp_path / "glossary.json"
        path.write_text(json.dumps(entries), encoding="utf-8")
        return dict(glossary_load(actor=None, path=path))

    return with_entries


def explainer(*forms, in_text=True):
    return Explainer([Word(f"word-{form}", (form,), "Uitleg.", in_text, None) for form in forms])


def marked(html, *forms):
    """What is marked in a text, and the text without the marks."""
    shown = explainer(*forms).explain(html)
    buttons = re.findall(r"<button[^>]*>(.*?)</button>", shown)
    assert re.sub(r"</?button[^>]*>", "", shown) == html
    return buttons


# In a text


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Een mentor en een mentor.</p>", ["mentor"]),
        ("<p>Mentor MENTORING mentoring</p>", ["Mentor", "MENTORING"]),
        ("<p>reverse  mentoring, dan mentoring.</p>", ["reverse  mentoring", "mentoring"]),
        ("<p>reverse&nbsp;mentoring</p>", ["reverse&nbsp;mentoring"]),
        ("<h2>mentor</h2><p>een <b>mentor</b></p>", ["mentor"]),
        ('<p><a href="/mentor/?a>b">een <b>mentor</b></a> en mentor</p>', ["mentor"]),
        ("<p>mentorschap, medementor, mentor-avond, e-mentor</p>", []),
        ("<p>programma\u2019s en programma's</p>", ["programma\u2019s"]),
        ("<p>Wij doen R&amp;D.</p>", ["R&amp;D"]),
        ("<p>&lt;mentor&gt;</p>", ["mentor"]),
        ("<ul><li>mentor</li></ul><address>mentoring</address>", ["mentor", "mentoring"]),
    ],
)
def test_words_are_marked_once_and_not_in_headings_links_or_longer_words(html, found):
    forms = "mentor", "mentoring", "reverse mentoring", "programma's", "R&D"
    assert marked(html, *forms) == found


def test_a_word_stays_marked_once_over_all_texts_of_a_page():
    page = explainer("mentor")
    assert "<button" in page.explain("<p>mentor</p>")
    assert "<button" not in page.explain("<p>mentor</p>")
    assert [word.name for word in page.found] == ["mentor"]


def test_an_everyday_word_and_an_empty_glossary_mark_nothing():
    assert "<button" not in explainer("plek", in_text=False).explain("<p>plek</p>")
    assert explainer().explain("<p>plek</p>") == "<p>plek</p>"


# On a chapter


def shown(client, page):
    return client.get(page.url).content.decode()


@pytest.fixture
def chapter(book):
    blocks = [
        make.text("<h2>Over kanaries</h2><p>Een kanarie zingt. Een kanarie slaapt.</p>"),
        make.listed("tips", "", ["<p>Hoor de merel.</p>"]),
    ]
    return make.chapter(make.part(book), body=blocks)


def test_a_chapter_explains_its_words_and_no_others(load, client, chapter):
    load(entry("kanarie"), entry("merel"), entry("vink"))
    content = shown(client, chapter)
    assert content.count('class="handbook-term"') == 2
    assert re.search(r'id="word-kanarie" popover>\s*<p><strong>kanarie</strong>', content)
    assert "Uitleg van merel." in content
    assert "Uitleg van vink." not in content
    assert '<h2 id="h-over-kanaries">Over kanaries</h2>' in content


def test_an_explanation_is_plain_text(load, client, chapter):
    load(entry("kanarie", explanations={"nl": "<b>x</b><script>y", "en": "x"}))
    for content in (shown(client, chapter), client.get(PAGE).content.decode()):
        assert "&lt;b&gt;x&lt;/b&gt;&lt;script&gt;y" in content


def test_a_change_is_seen_at_once(load, client, chapter):
    load(entry("kanarie"))
    assert "Uitleg van kanarie." in shown(client, chapter)
    row = GlossaryTerm.objects.get()
    row.explanations = {"nl": "Een vogel.", "en": "A bird."}
    row.save()
    assert "Een vogel." in shown(client, chapter)
    row.is_published = False
    row.save()
    assert "Een vogel." not in shown(client, chapter)
    assert "kanarie zingt" in shown(client, chapter)


def test_the_words_are_read_once_for_many_pages(load, client, chapter, django_assert_num_queries):
    load(entry("kanarie"))
    client.get(chapter.url)
    with django_assert_num_queries(0):
        assert [word.name for word in words("nl")] == ["kanarie"]


@pytest.mark.parametrize("name", ["anonymous", "mentee", "mentor"])
def test_a_word_of_a_chapter_that_one_may_not_read_is_no_word(load, as_reader, tree, name):
    chapter = make.chapter(tree.opening, body=[make.text("<p>Een kanarie.</p>")])
    load(entry("kanarie"))
    GlossaryTerm.objects.update(chapter=tree.mentor.translation_key)
    GlossaryTerm.objects.get().save()
    client, may_read = as_reader(name)
    for url in (chapter.url, PAGE):
        content = client.get(url).content.decode()
        assert ("Uitleg van kanarie." in content) == ("mentor" in may_read)
        assert (f'<a href="{tree.mentor.url}">Lees meer' in content) == ("mentor" in may_read)


def test_the_page_to_print_marks_each_word_once(load, client, chapter):
    load(entry("kanarie"))
    part = chapter.get_parent()
    make.chapter(part.specific, body=[make.text("<p>Nog een kanarie.</p>")])
    content = client.get(f"{part.url}?print=1").content.decode()
    assert content.count('class="handbook-term"') == 1
    assert content.count("Uitleg van kanarie.") == 1


# The list


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_list_is_by_letter_in_the_readers_language(load, book, client, language):
    make.book("en")
    load(
        entry("b", in_text=False, terms={"nl": ["über"], "en": ["away"]}),
        entry("a", terms={"nl": ["Appel"], "en": ["zebra"]}),
        entry("c", terms={"nl": ["aap"], "en": []}),
    )
    content = client.get(PAGE, headers={"accept-language": language}).content.decode()
    letters = re.findall(r'<h2 id="letter-(\w)">', content)
    names = re.findall(r"<dt>(.*?)</dt>", content)
    wanted = {"nl": (["A", "U"], ["aap", "Appel", "über"]), "en": (["A", "Z"], ["away", "zebra"])}
    assert (letters, names) == wanted[language]


def test_without_words_the_list_says_so(book, client):
    assert "De eerste woorden komen snel." in client.get(PAGE).content.decode()


def test_the_list_asks_as_often_for_one_word_as_for_many(
    load, tree, client, django_assert_max_num_queries
):
    load(*(entry(f"woord{number}") for number in range(40)))
    client.get(PAGE)
    with django_assert_max_num_queries(6):
        client.get(PAGE)


# Loading


def test_loading_again_changes_nothing(load):
    assert load(entry("een")) == {"created": 1}
    assert load(entry("een")) == {"same": 1}
    assert AuditEntry.objects.filter(action__startswith="glossaryterm.").count() == 1


def test_a_new_text_arrives_but_never_over_an_edit(load):
    load(entry("een"), entry("twee"))
    edited = GlossaryTerm.objects.get(key="een")
    edited.explanations = {"nl": "Van ons.", "en": "Ours."}
    edited.save()
    GlossaryTerm.objects.filter(key="twee").update(is_published=False)
    new = {"nl": "Nieuw.", "en": "New."}
    again = [entry(key, explanations=new, chapter="safety") for key in ("een", "twee")]
    assert load(*again) == {"kept": 1, "updated": 1}
    assert GlossaryTerm.objects.get(key="een").explanation == "Van ons."
    changed = GlossaryTerm.objects.get(key="twee")
    assert (changed.explanation, changed.is_published) == ("Nieuw.", False)
    assert changed.chapter == key_of("chapter/safety")
    assert load(*again) == {"kept": 1, "same": 1}


def test_the_words_of_the_product_load_and_explain(loaded, client):
    count = len(json.loads((FOLDER / "_glossary.json").read_text(encoding="utf-8")))
    assert glossary_load(actor=None) == {"created": count}
    assert glossary_load(actor=None) == {"same": count}
    page = ChapterPage.objects.get(
        translation_key=key_of("chapter/coaching-or-mentoring"), locale__language_code="en"
    )
    content = shown(client, page)
    assert 'popovertarget="word-coaching">' in content
    assert f'href="{PAGE}"' in content


# In the editor


def url(page, *args):
    return reverse(GlossaryTerm.snippet_viewset.get_url_name(page), args=args)


def form(**extra):
    fields = {
        "terms_nl": "kanarie, kanaries", "terms_en": "canary",
        "explanations_nl": "Een vogel.", "explanations_en": "A bird.",
        "chapter": "", "in_text": "on", "is_published": "on",
    }  # fmt: skip
    return fields | extra


def test_an_editor_adds_and_changes_a_word(client, editor, chapter):
    client.force_login(editor)
    assert client.get(url("list")).status_code == 200
    data = form(chapter=str(chapter.translation_key))
    assert client.post(url("add"), data).status_code == 302
    row = GlossaryTerm.objects.get()
    assert row.terms == {"nl": ["kanarie", "kanaries"], "en": ["canary"]}
    assert row.chapter == chapter.translation_key
    page = client.get(url("edit", row.pk)).content.decode()
    assert 'value="kanarie, kanaries"' in page
    assert "Een vogel.</textarea>" in page
    client.post(url("edit", row.pk), form(explanations_nl="Een zanger."))
    assert "Een zanger." in shown(client, chapter)


def test_what_an_editor_changed_stays(load, client, editor, book):
    load(entry("kanarie"))
    client.force_login(editor)
    row = GlossaryTerm.objects.get()
    client.post(url("edit", row.pk), form())
    assert load(entry("kanarie")) == {"kept": 1}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"terms_en": ""}, "Vul deze tekst in elke taal in."),
        ({"terms_nl": "vink, Merel"}, "“Merel” staat al bij “merel”."),
        ({"explanations_nl": ""}, "Vul deze tekst in elke taal in."),
        ({"terms_nl": " , "}, "Vul deze tekst in elke taal in."),
        ({"chapter": "geen-hoofdstuk"}, "geen-hoofdstuk"),
    ],
)
def test_a_form_that_cannot_be_used_says_what_to_do(load, client, editor, book, wrong, words):
    load(entry("merel"))
    client.force_login(editor)
    response = client.post(url("add"), form(**wrong))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert GlossaryTerm.objects.count() == 1


def test_a_deleted_word_stays_away_when_the_file_is_loaded_again(load, client, editor, book):
    load(entry("kanarie"))
    own = GlossaryTerm.objects.create(terms={"nl": ["vink"], "en": ["finch"]})
    client.force_login(editor)
    loaded = GlossaryTerm.objects.exclude(pk=own.pk).get()
    assert client.post(url("delete", loaded.pk)).status_code == 302
    assert load(entry("kanarie")) == {"removed": 1}
    assert list(GlossaryTerm.objects.all()) == [own]


@pytest.mark.parametrize("name", ["mentee", "facilitator", "stranger"])
def test_others_do_not_reach_the_words_of_the_editor(request, client, book, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get(url("list")).status_code == 404
    assert client.post(url("add"), form()).status_code == 404
    assert not GlossaryTerm.objects.exists()
