"""What the editor says about plain language and about links that lead nowhere."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from handbook import linkcheck, readability
from handbook.linkcheck import Fault
from handbook.models import ChapterPage
from tests.factories import handbook as make

HARD = "Indien je participeert, is de ondernemersvereniging van belang."
LONG = "Wij praten elke week een uur met elkaar over wat goed ging en wat beter kan."


@pytest.fixture
def part(book):
    return make.part(book)


@pytest.fixture
def target(part):
    return make.chapter(part, title="Doel", slug="doel")


@pytest.fixture
def chapter(part):
    page = make.chapter(part, title="Begin", slug="begin")
    page.save_revision().publish()
    return page


@pytest.fixture
def cms(client, editor):
    client.force_login(editor)
    return client


def post(cms, page, html, **extra):
    data = {
        "title": page.title, "slug": page.slug, "intro": page.intro, "audience": page.audience,
        "body": streamfield([("text", rich_text(html))]),
    }  # fmt: skip
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return cms.post(url, nested_form_data(data | extra), follow=True)


def faults(page, html):
    page.body = [make.text(html)]
    return [finding.fault for finding in linkcheck.findings(page)]


# Plain language


def test_advice_names_the_figure_long_sentences_and_hard_words():
    advice = readability.advice(f"Kom binnen.\n{LONG}\n{HARD}", "nl")
    assert (advice.words, advice.sentences) == (26, 3)
    assert [(s.text, s.words) for s in advice.long_sentences] == [(LONG.rstrip("."), 16)]
    assert [(h.word, h.instead) for h in advice.hard_words] == [
        ("indien", "als"),
        ("ondernemersvereniging", ""),
    ]
    assert advice.ease == readability.reading_ease(f"Kom binnen.\n{LONG}\n{HARD}", "nl")


def test_fourteen_words_are_no_long_sentence_and_fifteen_are():
    for number, long in ((14, 0), (15, 1)):
        text = " ".join(["kom"] * number) + "."
        assert len(readability.advice(text, "nl").long_sentences) == long


def test_a_text_without_words_has_no_figure():
    advice = readability.advice("12 — 13\n", "nl")
    assert (advice.ease, advice.words, advice.is_easy) == (None, 0, False)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_list_of_hard_words_is_plain_and_sound(language):
    words = readability.plain_words()[language]
    assert len(words) > 80
    assert list(words) == sorted(words)
    for hard, plain in words.items():
        assert readability.WORD.fullmatch(hard)
        assert hard == hard.lower()
        assert plain
        assert not set(plain.split()) & set(words), hard


def test_the_edit_page_tells_what_was_saved(cms, chapter):
    content = post(cms, chapter, f"<p>{LONG}</p><ul><li>{HARD}</li></ul>").content.decode()
    assert 'id="handbook-check"' in content
    assert f"“{LONG.rstrip('.')}” (16 woorden)" in content
    assert "<strong>indien</strong>: liever “als”" in content
    assert "Leesgemak: <strong>" in content
    content = post(cms, chapter, "<p>Kom maar.</p>").content.decode()
    assert LONG.rstrip(".") not in content
    assert "duidelijk genoeg" in content


def test_english_chapters_are_measured_in_english(cms, book):
    page = make.chapter(make.part(make.book("en")))
    page.save_revision()
    content = post(cms, page, "<p>We commence to utilise it.</p>").content.decode()
    assert "<strong>utilise</strong>: liever “use”" in content


# Links


def test_links_that_work_are_left_alone(chapter, target, settings):
    settings.SITE_URL = "https://reenter.example"
    html = (
        f"<h2>Een kop</h2><p>{make.link(target, 'a')} "
        f'<a href="{target.url}">b</a> <a href="https://reenter.example{target.url}">c</a> '
        '<a href="#h-een-kop">d</a> <a href="https://elsewhere.example/nl/weg/">e</a> '
        '<a href="mailto:a@example.org">f</a> <a href="/nl/">g</a> '
        f'<a href="{reverse("accounts:privacy")}">h</a></p>'
    )
    assert faults(chapter, html) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a id="999999" linktype="page">x</a>', Fault.GONE),
        ('<a id="1 OR 1" linktype="page">x</a>', Fault.GONE),
        ('<a href="/nl/handboek/bestaat/niet/">x</a>', Fault.ADDRESS),
        ('<a href="/bestaat-niet/">x</a>', Fault.ADDRESS),
        ('<a href="https://reenter.example/nl/handboek/weg/">x</a>', Fault.ADDRESS),
        ('<a href="#h-weg">x</a>', Fault.HEADING),
    ],
)
def test_a_broken_link_is_found(chapter, settings, html, fault):
    settings.SITE_URL = "https://reenter.example"
    assert faults(chapter, f"<p>{html}</p>") == [fault]


def test_a_link_to_a_draft_is_hidden_until_its_translation_here_is_published(chapter, target):
    target.unpublish()
    assert faults(chapter, f"<p>{make.link(target, 'x')}</p>") == [Fault.HIDDEN]
    english = make.chapter(
        make.part(make.book("en")), translation_key=target.translation_key, slug="goal"
    )
    assert faults(chapter, f"<p>{make.link(english, 'x')}</p>") == [Fault.HIDDEN]
    target.save_revision().publish()
    assert faults(chapter, f"<p>{make.link(english, 'x')}</p>") == []


def test_a_chapter_that_was_deleted_and_one_of_a_part_that_is_off(chapter, book):
    off = make.part(book)
    target = make.chapter(off)
    html = f"<p>{make.link(target, 'x')}</p>"
    off.unpublish()
    assert target.live
    assert faults(chapter, html) == [Fault.HIDDEN]
    assert faults(chapter, f'<p><a href="{target.url}">x</a></p>') == [Fault.ADDRESS]
    target.delete()
    assert faults(chapter, html) == [Fault.GONE]


def test_a_heading_of_another_chapter(chapter, part):
    other = make.chapter(part, body=[make.text("<h2>Een kop</h2><p>x</p>")])
    right, wrong = (f'<p><a href="{other.url}#{name}">x</a></p>' for name in ("h-een-kop", "h-w"))
    assert faults(chapter, right) == []
    assert faults(chapter, wrong) == [Fault.THERE]
    assert faults(chapter, '<p><a href="/nl/#main">x</a></p>') == []


def test_many_chapters_cost_as_many_queries_as_one(part, target, django_assert_num_queries):
    html = f'<p>{make.link(target, "x")} <a href="/nl/a/b/">y</a></p>'
    pages = [make.chapter(part, body=[make.text(html)]) for _ in range(4)]
    for chosen in (pages[:1], pages):
        chosen = list(ChapterPage.objects.filter(pk__in=[page.pk for page in chosen]))
        with django_assert_num_queries(4):
            found = linkcheck.findings_of(chosen)
        assert [len(each) for each in found] == [1] * len(chosen)


def test_a_chapter_with_a_broken_link_stays_a_draft(cms, chapter):
    html = '<p>Lees <a id="999999" linktype="page">dit stuk</a>.</p>'
    saved = post(cms, chapter, html).content.decode()
    assert "Blok 1 (Tekst): “dit stuk” leidt naar een pagina die weg is." in saved
    response = post(cms, chapter, html, **{"action-publish": "1"})
    content = response.content.decode()
    assert "Kies een andere pagina, of haal de link weg." in content
    assert "dit stuk" not in Client().get(chapter.url).content.decode()
    assert post(cms, chapter, "<p>Zonder.</p>", **{"action-publish": "1"}).status_code == 200
    assert "Zonder." in Client().get(chapter.url).content.decode()


def test_a_link_to_a_draft_is_published_and_told(cms, chapter, target):
    target.unpublish()
    html = f"<p>Lees {make.link(target, 'later meer')}.</p>"
    content = post(cms, chapter, html, **{"action-publish": "1"}).content.decode()
    assert "later meer" in Client().get(chapter.url).content.decode()
    assert "“later meer” leidt naar een pagina die niet gepubliceerd is" in content


def test_unpublishing_names_the_chapters_that_linked_here(cms, chapter, target):
    html = f"<p>Lees {make.link(target, 'meer')}.</p>"
    post(cms, chapter, html, **{"action-publish": "1"})
    url = reverse("wagtailadmin_pages:unpublish", args=[target.pk])
    content = cms.post(url, follow=True).content.decode()
    assert "Eén gepubliceerd hoofdstuk linkt naar deze pagina." in content
    assert "“Begin”" in content
    assert make.link(target, "meer") not in Client().get(chapter.url).content.decode()


def test_a_link_that_a_translation_kept_from_its_original_counts(cms, chapter, target):
    english = make.part(make.book("en"))
    there = make.chapter(english, translation_key=target.translation_key, slug="goal")
    here = make.chapter(english, title="Start", translation_key=chapter.translation_key)
    here.body = [make.text(f"<p>{make.link(target, 'goal')}</p>")]
    here.save_revision().publish()
    url = reverse("wagtailadmin_pages:unpublish", args=[there.pk])
    assert "“Start”" in cms.post(url, follow=True).content.decode()


def test_taking_off_a_part_names_who_linked_to_its_chapters(cms, chapter, book):
    other = make.part(book)
    inside = make.chapter(other)
    post(cms, chapter, f"<p>{make.link(inside, 'x')}</p>", **{"action-publish": "1"})
    url = reverse("wagtailadmin_pages:unpublish", args=[other.pk])
    assert "“Begin”" in cms.post(url, follow=True).content.decode()
