"""Every block shows what was written, and nothing that was written can run."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handbook import rendering, richtext
from handbook.models import ChapterPage
from tests.factories import handbook as make

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"
POINT = {"title": f"Punt {EVIL}", "text": f"<p>Uitleg <b>vet</b> {EVIL}</p>"}
ACTION = {"text": f"Lees {EVIL}", "label": f"Druk {EVIL}", "page": None}
BLOCKS = {
    "text": make.text(f"<h2>Kop {EVIL}</h2><p>Alinea <b>vet</b></p><ul><li>een</li></ul>{EVIL}"),
    "tips": make.listed("tips", f"Titel {EVIL}", [f"<p>Een tip {EVIL}</p>"]),
    "benefits": make.listed("benefits", f"Titel {EVIL}", [POINT]),
    "steps": make.listed("steps", f"Titel {EVIL}", [POINT]),
    "quote": {
        "type": "quote",
        "value": {"words": f"Woorden {EVIL}", "name": f"Naam {EVIL}", "role": f"Rol {EVIL}"},
    },
    "example": {
        "type": "example",
        "value": {"title": f"Titel {EVIL}", "text": f"<p>Verhaal <b>vet</b> {EVIL}</p>"},
    },
    "question": {
        "type": "question",
        "value": {"question": f"Wat {EVIL}?", "text": f"<ul><li>Hint {EVIL}</li></ul>"},
    },
    "video": {
        "type": "video",
        "value": {
            "title": f"Film {EVIL}", "minutes": 4, "text": f"Inhoud {EVIL}",
            "link": f"https://video.example.org/kijk?x={EVIL}",
        },
    },
    "action": {"type": "action", "value": ACTION | {"target": "signup"}},
}  # fmt: skip


@pytest.fixture
def page_with(book, client):
    part = make.part(book)

    def show(*blocks, **extra):
        return client.get(make.chapter(part, body=list(blocks), **extra).url)

    return show


@pytest.mark.parametrize(
    ("kind", "pieces"),
    [
        ("text", ["<h2 id=", "<b>vet</b>", "<li>een</li>"]),
        ("tips", ["Titel &lt;script", "<li>Een tip"]),
        ("benefits", ["Titel &lt;script", "<strong>Punt &lt;script", "Uitleg <b>vet</b>"]),
        ("steps", ["Titel &lt;script", "<ol", "<strong>Punt &lt;script", "Uitleg <b>vet</b>"]),
        ("quote", ["Woorden &lt;script", "Naam &lt;script", "Rol &lt;script", "<blockquote>"]),
        ("example", ["Voorbeeld", "Titel &lt;script", "Verhaal <b>vet</b>"]),
        ("question", ["Vraag om over na te denken", "Wat &lt;script", "<li>Hint"]),
        ("video", ["4 minuten", "Film &lt;script", "Inhoud &lt;script", "video.example.org"]),
        ("action", ["Lees &lt;script", "Druk &lt;script", "/start/"]),
    ],
)
def test_a_block_shows_and_escapes(page_with, kind, pieces):
    content = page_with(BLOCKS[kind]).content.decode()
    article = content[content.index("<article") : content.index("</article>")]
    assert [piece for piece in pieces if piece not in article] == []
    assert "<script" not in article
    assert "<img" not in article


def test_two_paragraphs_in_one_tip_stay_apart(page_with):
    two = '<p data-block-key="a1">Een schrift.</p><p data-block-key="b2">Een pen.</p>'
    content = page_with(make.listed("tips", "", [two])).content.decode()
    assert "<li>Een schrift.<br>Een pen.</li>" in content


def test_title_and_intro_are_escaped_everywhere(book, client):
    part = make.part(book, title=f"Deel {EVIL}", intro=f"Intro {EVIL}")
    page = make.chapter(part, title=f"Hoofdstuk {EVIL}", intro=f"Zin {EVIL}")
    for url in (book.url, part.url, f"{part.url}?print=1", page.url):
        content = client.get(url).content.decode()
        assert SHOWN in content
        assert "<script>alert" not in content
        assert "<img src=x" not in content


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('<p><a href="javascript:alert(1)">x</a></p>', "<p><a"),
        ('<p><a href="data:text/html,x">x</a></p>', "<p><a"),
        ('<p onclick="x()">y</p>', "<p>y</p>"),
        ('<p><a linktype="page" id="1 OR 1">x</a></p>', "<p>x</p>"),
        ('<p><a linktype="document" id="1">x</a></p>', "<p>x</p>"),
        ("<iframe src='//evil.example'></iframe><p>z</p>", "<p>z</p>"),
    ],
)
def test_stored_text_that_no_editor_makes_is_harmless(stored, shown):
    html = richtext.safe_html(stored, links={1: "/a/"})
    assert html.startswith(shown)
    for danger in ("javascript:", "data:", "onclick", "iframe", "evil"):
        assert danger not in html


def test_links_out_and_by_mail_work():
    html = (
        '<a href="https://example.org/x?a=1&amp;b=2">uit</a> <a href="mailto:a@example.org">m</a>'
    )
    shown = richtext.safe_html(html, links={})
    assert 'href="https://example.org/x?a=1&amp;b=2"' in shown
    assert 'href="mailto:a@example.org"' in shown


def test_headings_get_unique_anchors_that_the_list_on_the_page_leads_to(page_with):
    response = page_with(
        make.text("<h2>Zelfde kop</h2><p>a</p><h3>Onder</h3><h2>Zelfde kop</h2>"),
        make.listed("tips", "Zelfde kop", ["<p>t</p>"]),
        make.text("<h2>!!!</h2>"),
    )
    content = response.content.decode()
    anchors = [heading.anchor for heading in response.context["headings"]]
    assert anchors == ["h-zelfde-kop", "h-onder", "h-zelfde-kop-2", "h-zelfde-kop-3", "h-part"]
    for anchor in anchors:
        assert content.count(f'id="{anchor}"') == 1
        assert content.count(f'href="#{anchor}"') == 1


def test_a_page_has_one_h1_and_printed_chapters_hang_below_it(book, client):
    part = make.part(book)
    for _ in range(2):
        make.chapter(part, body=[make.text("<h2>Kop</h2><p>x</p>"), BLOCKS["tips"]])
    content = client.get(f"{part.url}?print=1").content.decode()
    assert content.count("<h1") == 1
    assert content.count('<h3 id="h-kop"') == 1
    assert content.count('<h3 id="h-kop-2"') == 1


def test_an_action_can_lead_home_or_to_a_chapter(page_with, book):
    target = make.chapter(make.part(book))
    chapter = {"type": "action", "value": ACTION | {"target": "chapter", "page": target.pk}}
    home = {"type": "action", "value": ACTION | {"target": "home"}}
    content = page_with(chapter, home).content.decode()
    assert f'class="btn btn-primary" href="{target.url}"' in content
    assert f'class="btn btn-primary" href="{reverse("desk:home")}"' in content


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (150, 1), (151, 2), (450, 3), (451, 4)])
def test_reading_time(words, minutes):
    assert rendering.reading_minutes("woord " * words) == minutes


def test_reading_time_and_words_follow_the_text(book):
    page = make.chapter(make.part(book), body=[make.text(f"<p>{'woord ' * 300}</p>")])
    assert page.reading_minutes == 2
    page.body = [make.text("<h2>Kop</h2><p>kort</p>"), BLOCKS["quote"]]
    page.save()
    page = ChapterPage.objects.get(pk=page.pk)
    assert page.reading_minutes == 1
    assert page.search_text.startswith("Kop. kort Woorden ")
    assert rendering.plain_text(page.raw_body).startswith("Kop. kort Woorden")


def test_a_link_finds_the_translation_in_the_language_of_the_page(book, client):
    target = make.chapter(make.part(book))
    english = make.part(make.book("en"))
    translated = make.chapter(english, translation_key=target.translation_key, slug="translated")
    page = make.chapter(english, body=[make.text(f"<p>{make.link(target, 'there')}</p>")])
    content = client.get(page.url).content.decode()
    assert f'<a href="{translated.url}" rel="noopener">there</a>' in content


def picture_block(**value):
    return {"type": "image", "value": {"alt": "", "decoration": False, "caption": ""} | value}


def test_an_image_shows_from_our_own_site_with_its_words(page_with):
    image = make.image(width=40, height=30)
    content = page_with(
        picture_block(image=image.pk, alt=f'Twee "mensen" {EVIL}', caption=f"Maker {EVIL}")
    ).content.decode()
    article = content[content.index("<article") : content.index("</article>")]
    assert f'<img src="{image.file.url}" width="40" height="30"' in article
    assert image.file.url.startswith("/media/")
    assert 'alt="Twee &quot;mensen&quot; &lt;script' in article
    assert "<figcaption>Maker &lt;script" in article
    assert article.count("<img") == 1
    assert "<script" not in article


def test_an_image_for_decoration_is_silent_and_a_deleted_one_leaves_nothing(page_with):
    image = make.image()
    block = picture_block(image=image.pk, decoration=True)
    assert 'alt=""' in page_with(block).content.decode()
    image.delete()
    content = page_with(block, make.text("<p>Verder.</p>")).content.decode()
    assert "<figure" not in content
    assert "Verder." in content


@pytest.mark.parametrize(
    "link", ["http://a.example/x", "javascript:alert(1)", "https://[x", "", None, "//a.example/x"]
)
def test_a_video_leads_only_to_a_safe_address(page_with, link):
    value = {"title": "Film", "minutes": None, "text": "", "link": link}
    content = page_with({"type": "video", "value": value}).content.decode()
    assert "Film" in content
    assert "handbook-away" not in content


def test_a_video_loads_nothing_before_it_is_opened(page_with):
    value = {"title": "Film", "minutes": 1, "text": "", "link": "https://video.example.org/kijk"}
    response = page_with({"type": "video", "value": value})
    content = response.content.decode()
    assert "<iframe" not in content
    assert content.count("video.example.org") == 2  # the link, and the words that say where to
    assert "1 minuut" in content
    assert "(opent op de site van video.example.org)" in content


def test_words_of_the_new_blocks_are_found_and_counted(book):
    image = make.image()
    page = make.chapter(
        make.part(book),
        body=[
            {"type": "example", "value": {"title": "Kop", "text": "<p>Verhaal.</p>"}},
            {"type": "question", "value": {"question": "Wat wil je?", "text": "<p>Hint.</p>"}},
            picture_block(image=image.pk, alt="Stil", caption="Onderschrift"),
            {
                "type": "video",
                "value": {"title": "Film", "minutes": 2, "text": "Inhoud.", "link": "https://a.b/"},
            },
        ],
    )
    assert rendering.plain_text(page.raw_body) == (
        "Kop. Verhaal. Wat wil je? Hint. Onderschrift Film Inhoud."
    )


def test_images_cost_one_query_whatever_their_number(book, client):
    part = make.part(book)
    one = make.chapter(part, body=[picture_block(image=make.image().pk, alt="a")])
    many = make.chapter(
        part, body=[picture_block(image=make.image().pk, alt="a") for _ in range(5)]
    )
    client.get(one.url)
    counts = []
    for page in (one, many):
        with CaptureQueriesContext(connection) as queries:
            client.get(page.url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
