"""Marks in a text of the content files: what is written is read back, and written just so again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook import marks

PAGES = {"chapter:welcome": 7, "part:mentor": 8, "page:handbook": 9}
NAMES = {number: name for name, number in PAGES.items()}


def read(text):
    return marks.read_text(marks.rows(text.split("\n")), PAGES.get)


def write(html, **options):
    return marks.write_text(html, NAMES.get, **options)


SAME = [
    ("<p>Een <b>woord</b> en <i>nog</i> een.</p>", "Een **woord** en _nog_ een."),
    ("<p>a</p><p>b</p>", "a\n\nb"),
    ("<h2>Kop</h2><p>a</p><h3>Lager</h3>", "## Kop\n\na\n\n### Lager"),
    ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    ("<ol><li>a</li><li>b</li></ol>", "1. a\n1. b"),
    ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", "- a\n  1. b\n  1. c\n- d"),
    ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b"),
    ("<ul><li>a<ul><li>b</li></ul><ol><li>c</li></ol></li></ul>", "- a\n  - b\n  1. c"),
    ("<p>a<br/>b</p>", "a\\\n  b"),
    ("<ul><li>a<br/>b</li></ul>", "- a\\\n  b"),
    ('<p><a id="7" linktype="page">x</a></p>', "[x](chapter:welcome)"),
    ('<p><a id="8" linktype="page">x</a></p>', "[x](part:mentor)"),
    ('<p><a id="9" linktype="page"><b>x</b> y</a></p>', "[**x** y](page:handbook)"),
    ('<p><a href="https://a.example/b_c_d?e=1&amp;f=2">x</a></p>',
     "[x](https://a.example/b_c_d?e=1&f=2)"),
    ('<p><a href="mailto:a@b.example">x</a></p>', "[x](mailto:a@b.example)"),
    ('<p><a href="#h-kop">x</a> <a href="/start/">y</a></p>', "[x](#h-kop) [y](/start/)"),
    ("<p>2 * 3 [ja] a_b \\ &lt;p&gt; &amp;amp;</p>",
     "2 \\* 3 \\[ja\\] a\\_b \\\\ <p> &amp;"),
    ("<p>- geen punt</p>", "\\- geen punt"),
    ("<p># geen kop</p>", "\\# geen kop"),
    ("<p>:::text</p>", "\\:::text"),
    ("<p>1. geen punt</p>", "1\\. geen punt"),
    ("<p>title: geen titel</p>", "title\\: geen titel"),
    ("<p>question: geen vraag</p>", "question\\: geen vraag"),
    ("<p>-5 graden, 1.5 uur</p>", "-5 graden, 1.5 uur"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), SAME)
def test_each_mark_is_written_and_read(html, text):
    assert write(html) == text
    assert read(text) == html


CHANGED = [
    ('<p data-block-key="x">a</p>', "a"),
    ("<p><strong>a</strong><em>b</em></p>", "**a**_b_"),
    ("<p></p><p> a   b\n</p>", "a b"),
    ("<b><b>a</b></b>", "**a**"),
    ("<div><p>a</p><p>b</p></div>", "a\n\nb"),
    ("<p>a<br/></p>", "a"),
    ("<ul><li></li><li>a</li></ul>", "- a"),
    ("<p>a</p>b<!-- c -->", "a\n\nb"),
    ('<p><a id="99" linktype="page">weg</a></p>', "weg"),
    ('<p><a href="javascript:x">weg</a></p>', "weg"),
    ('<p><a href="https://a.example/(b) c">x</a></p>', "[x](https://a.example/%28b%29%20c)"),
    ("<h1>a</h1><h4>b</h4>", "## a\n\n### b"),
    ("<p>a\ue000b\x07c\u2028d</p>", "abc d"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), CHANGED)
def test_what_has_no_mark_is_left_out_or_put_in_the_usual_form(html, text):
    assert write(html) == text
    assert write(read(text)) == text


def test_a_text_without_headings_keeps_their_words():
    assert write("<h2>Kop</h2><p>a</p>", headings=False) == "Kop\n\na"


def test_a_line_holds_paragraphs():
    html = "<p>a</p><p>b <b>c</b><br/>d</p>"
    written = marks.write_line(html, NAMES.get)
    assert written == "a\\\n  \\\n  b **c**\\\n  d"
    [row] = marks.rows(written.split("\n"))
    assert marks.line(row, PAGES.get) == html


WORDS = st.text(
    st.one_of(
        st.sampled_from(" *_[]()\\-#:.1,—\n\xa0<&>\"'"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=8,
)
ESCAPE = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def element(names, inner):
    return st.tuples(st.sampled_from(names), st.lists(inner, max_size=3).map("".join)).map(
        lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
    )


TEXT = WORDS.map(lambda text: "".join(ESCAPE.get(sign, sign) for sign in text))
HREF = st.sampled_from(
    ["https://a.example/b_c", "mailto:x@y.example", "#h-a", "/nl/", "javascript:x"]
)
ATTRIBUTES = st.one_of(
    HREF.map('href="{}"'.format), st.sampled_from([7, 8, 99]).map('linktype="page" id="{}"'.format)
)
LINKS = st.tuples(ATTRIBUTES, TEXT).map(lambda pair: f"<a {pair[0]}>{pair[1]}</a>")
INLINE = st.recursive(
    st.one_of(TEXT, st.just("<br/>"), LINKS),
    lambda inner: element(["b", "strong", "i", "em"], inner),
    max_leaves=5,
)
LISTS = st.recursive(
    element(["ul", "ol"], element(["li"], INLINE)),
    lambda inner: element(["ul", "ol"], element(["li"], st.one_of(INLINE, inner))),
    max_leaves=4,
)
BLOCKS = st.lists(st.one_of(element(["p", "h2", "h3"], INLINE), LISTS), max_size=4).map("".join)


@settings(deadline=None)  # the machine may be busy
@given(BLOCKS)
def test_what_was_written_is_written_the_same_again(html):
    text = write(html)
    assert write(read(text)) == text


@settings(deadline=None)
@given(WORDS)
def test_a_plain_text_comes_back(text):
    written = marks.write_plain(text, signs=",*")
    [row] = marks.rows(written.split("\n"))
    again = marks.plain(row)
    assert marks.write_plain(again, signs=",*") == written
    assert "".join(again.split()) == "".join(marks._NOT_TYPED.sub("", text).split())


@settings(deadline=None)
@given(st.lists(element(["p"], INLINE), max_size=3).map("".join))
def test_a_line_is_written_the_same_again(html):
    written = marks.write_line(html, NAMES.get)
    [row] = marks.rows(written.split("\n"))
    assert marks.write_line(marks.line(row, PAGES.get), NAMES.get) == written
