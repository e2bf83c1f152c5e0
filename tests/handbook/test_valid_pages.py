"""Each published page of the handbook in both languages: valid, with its own title and language."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from handbook.keys import key_of
from handbook.models import HandbookIndexPage, HomePage, PartPage
from handbook.services.entries import books_load, glossary_load, questions_load
from tests.html import read

PAGE = "<!doctype html><html lang='nl'><head><title>T</title></head><body><main><h1>K</h1>{}</main></body></html>"  # noqa: E501

AROUND = (
    *("glossary", "questions", "question_ask", "my_questions"),
    *("books", "book_propose", "my_books", "series", "story_list"),
)


def addresses(language):
    """Every page that Wagtail serves, and those around them."""
    pages = Page.objects.live().filter(locale__language_code=language, depth__gt=2)
    found = [page.url for page in pages if page.specific_class is not HomePage]
    parts = PartPage.objects.live().filter(locale__language_code=language)
    found += [f"{part.url}?print=1" for part in parts]
    search = reverse("handbook:search")
    found += [f"{search}?language={language}{query}" for query in ("", "&q=mentor", "&q=zzzz")]
    book = HandbookIndexPage.objects.get(
        locale__language_code=language, translation_key=key_of("handbook")
    )
    found.append(reverse("handbook:pdf", args=[language, book.translation_key]))
    return found + [reverse(f"handbook:{name}") for name in AROUND]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ["anonymous", "admin"])
def test_every_page_is_valid_and_has_its_own_title(loaded, readers, name, language):
    glossary_load(actor=None)
    questions_load(actor=None)
    books_load(actor=None)
    client = Client(headers={"accept-language": language})
    user = readers[name][0]
    if user:
        user.language = language
        user.save()
        client.force_login(user)
    titles, wrong, read_pages = Counter(), {}, 0
    for address in addresses(language):
        response = client.get(address)
        if response.status_code == 302 and name == "anonymous":
            continue  # for people who take part
        title, lang, faults = read(response.content.decode())
        read_pages += 1
        titles[title] += "q=" not in address
        faults += [] if lang == language else [f"its language is {lang}"]
        if faults or response.status_code != 200:
            wrong[address] = (response.status_code, faults)
    assert wrong == {}
    assert [title for title, count in titles.items() if count > 1 or not title] == []
    assert read_pages > (40 if name == "admin" else 25)


@pytest.mark.parametrize(
    "good",
    [
        "<p>Een <b>goed</b> <a href='/x/'>woord</a>.<br><img src='/a.png' alt=''></p>",
        "<ul><li><h2 id='a'>K</h2><p><a href='#a'>x</a></p></li></ul>",
        "<p><button popovertarget='w'>x</button></p><div id='w' popover><p>y</p></div>",
        "<details><summary>x</summary><p>y</p></details><svg><path d='M0'/></svg>",
        "<dl><div><dt>x</dt><dd><p>y</p></dd></div></dl>",
        "<form><label for='n'>N</label><input id='n'><textarea id='m'></textarea></form>",
    ],
)
def test_a_good_page_has_no_faults(good):
    assert read(PAGE.format(good)) == ("T", "nl", [])


@pytest.mark.parametrize(
    "bad",
    [
        "<p>open",
        "<b><i>x</b></i>",
        "<p><div>x</div></p>",
        "<p><details><summary>x</summary></details></p>",
        "<ul><p>x</p></ul>",
        "<ul>x</ul>",
        "<a href='/x/'><button>x</button></a>",
        "<button><a href='/x/'>x</a></button>",
        "<h2 id='a'>x</h2><h3 id='a'>y</h3>",
        "<a href='#weg'>x</a>",
        "<a>x</a>",
        "<label for='weg'>x</label>",
        "<p class='a' class='b'>x</p>",
        "<img src='/x.png'>",
        "<div/>",
        "<font>x</font>",
        "<h1>nog een</h1>",
        "<form><form></form></form>",
        "<table><tr><td>x</td></tr></table>",
    ],
)
def test_each_fault_is_found(bad):
    assert read(PAGE.format(bad))[2]
