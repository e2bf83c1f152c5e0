"""What becomes of stored rich text: safe HTML with our own links and anchors, or plain words.

Stored text is Wagtail's: a link to a page is `<a linktype="page" id="7">`. Nothing here asks the
database; `links` says where a page is and leaves out what the reader may not see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import nh3
from bs4 import BeautifulSoup, Tag
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "h5"}
ATTRIBUTES = {"a": {"href"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_SPACES = re.compile(r"\s+")

Anchor = Callable[[str, int], str]


def parse(html: str) -> BeautifulSoup:
    # The wrapper keeps a text without tags from being taken for a file name or an address.
    return BeautifulSoup(f"<div>{html}</div>", "html.parser")


def page_ids(html: str) -> set[int]:
    """The pages that a text links to."""
    found = parse(html).find_all("a", linktype="page")
    numbers = [str(link.get("id", "")) for link in found]
    return {int(number) for number in numbers if number.isdigit()}


def plain(html: str) -> str:
    """The words alone, with single spaces; a heading ends like a sentence."""
    soup = parse(html)
    for tag in soup.find_all(["p", "li", "h2", "h3", "br"]):
        heading = tag.name in ("h2", "h3") and tag.get_text()[-1:] not in ".?!:"
        tag.append(". " if heading else " ")
    return _SPACES.sub(" ", soup.get_text()).strip()


def lines(html: str) -> str:
    """The words with a line for each paragraph, heading and item of a list."""
    soup = parse(html)
    for tag in soup.find_all(["p", "li", "h2", "h3", "br"]):
        tag.append("\n")
    rows = (" ".join(row.split()) for row in soup.get_text().splitlines())
    return "\n".join(row for row in rows if row)


def links(html: str) -> list[tuple[str, dict[str, str]]]:
    """The words and the attributes of each link, in order."""
    if "<a" not in html:
        return []
    return [
        (" ".join(tag.get_text().split()), {name: str(value) for name, value in tag.attrs.items()})
        for tag in parse(html).find_all("a")
    ]


def safe_html(
    html: str,
    *,
    links: Mapping[int, str],
    anchor: Anchor | None = None,
    deeper: int = 0,
    inline: bool = False,
) -> SafeString:
    """HTML to show. A page that is not in `links` leaves its words as plain text.

    `anchor(text, level)` gives the id of a heading; `deeper` lowers headings by so many levels;
    `inline` has line breaks between paragraphs instead, for text inside a list item.
    """
    if inline:
        html = html.replace("</p><p", "</p><br><p")
    if "<a" in html or "<h" in html:  # most texts have neither, and reading them takes time
        html = _pointed(html, links, anchor, deeper)
    tags = TAGS - {"p"} if inline else TAGS
    cleaned = nh3.clean(
        html, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener"
    )
    return mark_safe(cleaned)  # noqa: S308 - nh3 left only the tags and attributes above


def _pointed(html: str, links: Mapping[int, str], anchor: Anchor | None, deeper: int) -> str:
    """With addresses in the links and ids on the headings."""
    soup = parse(html)
    for link in soup.find_all("a"):
        _point(link, links)
    for heading in soup.find_all(["h2", "h3"]):
        level = int(heading.name[1]) + deeper
        heading.name = f"h{level}"
        if anchor is not None:
            heading["id"] = anchor(heading.get_text(), level)
    return str(soup)


def _point(link: Tag, links: Mapping[int, str]) -> None:
    if link.get("linktype") == "page":
        number = str(link.get("id", ""))
        url = links.get(int(number)) if number.isdigit() else None
        if url is None:
            link.unwrap()
            return
        link["href"] = url
    elif not link.get("href") or link.get("linktype"):
        link.unwrap()


def canonical(html: str) -> str:
    """The same text always the same: no editor's marks, attributes in order, one bold tag."""
    soup = parse(html)
    for tag in soup.find_all(True):
        tag.attrs.pop("data-block-key", None)
        tag.attrs = dict(sorted(tag.attrs.items()))
        tag.name = {"strong": "b", "em": "i"}.get(tag.name, tag.name)
    return str(soup)
