"""The marks inside a text of the content files, read and written; pure. See docs/content.md.

Reading and writing stand side by side because each must undo the other: what `write_text` makes
of a stored text, `read_text` turns into a text of which `write_text` makes the same again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import quote

from bs4 import Comment, NavigableString, Tag

from .richtext import parse

# A sign after a backslash is held back as a character nobody types, until the marks are read.
HELD = 0xE000
BREAK = chr(HELD + 0x100)
PARAGRAPH = BREAK * 2
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NOT_TYPED = re.compile("[\ue000-\ue1ff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SPACES = re.compile("[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_LINES = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"_(.+?)_")
_LINK = re.compile(
    r"\[([^\]]+)\]\(((?:(?i:https?|mailto|tel)|chapter|part|series|page):[^)\s]+|[/#][^)\s]*)\)"
)
_OWN = ("chapter:", "part:", "series:", "page:")
_LISTED = re.compile(r"( *)(- |\d+\. )(.*)")
_LOOKS_LIKE_A_MARK = re.compile(r"-(?= )|#|:::|\d+(?=\. )|(?:title|question)(?=: )")
INDENT = "  "
BULLET = "- "
NUMBER = "1. "  # of every item: who reads the page sees them counted

FindPage = Callable[[str], int | None]
NamePage = Callable[[int], str | None]


# Reading


def rows(lines: Iterable[str]) -> list[str]:
    """The lines with held signs; a line that ends with a backslash goes on in the next one."""
    text = _NOT_TYPED.sub("", "\n".join(lines))
    text = _ESCAPED.sub(lambda match: chr(HELD + ord(match[1])), text)
    return re.sub(r"\\\n *", BREAK, text).split("\n")


def plain(text: str) -> str:
    """A text without marks, such as a title."""
    return _released(text, lambda sign: sign).replace(BREAK, "\n").strip()


def inline(text: str, find: FindPage) -> str:
    """HTML of one paragraph or item. `find` gives a page by `chapter:key` and the like."""

    def link(match: re.Match[str]) -> str:
        label, target = match[1], match[2]
        if target.startswith(_OWN):
            page = find(target)
            return label if page is None else f'<a id="{page}" linktype="page">{label}</a>'
        held = re.sub(r"[*_]", lambda sign: chr(HELD + ord(sign[0])), target)
        return f'<a href="{held.replace(chr(34), "&quot;")}">{label}</a>'

    html = _LINK.sub(link, escape(text, quote=False))
    html = _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", html))
    return _released(html, lambda sign: escape(sign, quote=False)).replace(BREAK, "<br/>")


def line(text: str, find: FindPage) -> str:
    """HTML of an item that is a text of its own: one paragraph, or more."""
    return "".join(f"<p>{inline(part, find)}</p>" for part in text.split(PARAGRAPH))


def read_text(lines: Iterable[str], find: FindPage) -> str:
    """HTML of rows: paragraphs, headings and lists, apart by empty lines."""
    html = []
    group: list[str] = []
    for row in [*lines, ""]:
        if row.strip():
            group.append(row)
        elif group:
            html.append(_group(group, find))
            group = []
    return "".join(html)


def _group(group: list[str], find: FindPage) -> str:
    items = [_LISTED.fullmatch(row) for row in group]
    if all(items):
        listed = [(len(i[1]), BULLET if i[2] == BULLET else NUMBER, i[3]) for i in items if i]
        return _read_lists(listed, find, 0)
    for mark, tag in (("## ", "h2"), ("### ", "h3")):
        if group[0].startswith(mark):
            heading = f"<{tag}>{inline(group[0].removeprefix(mark), find)}</{tag}>"
            return heading + read_text(group[1:], find)
    return f"<p>{inline(' '.join(row.strip(' ') for row in group), find)}</p>"


def _read_lists(items: list[tuple[int, str, str]], find: FindPage, depth: int) -> str:
    """The lists from this depth on, of items that it takes away."""
    html = ""
    while items and items[0][0] >= depth:
        html += _read_list(items, find)
    return html


def _read_list(items: list[tuple[int, str, str]], find: FindPage) -> str:
    """One list: as long as the depth and the kind of mark stay the same."""
    depth, mark = items[0][0], items[0][1]
    html = ""
    while items and items[0][:2] == (depth, mark):
        text = items.pop(0)[2]
        html += f"<li>{inline(text, find)}{_read_lists(items, find, depth + 1)}</li>"
    return f"<ul>{html}</ul>" if mark == BULLET else f"<ol>{html}</ol>"


def _released(text: str, show: Callable[[str], str]) -> str:
    return re.sub("[\ue000-\ue0ff]", lambda match: show(chr(ord(match[0]) - HELD)), text)


# Writing


def write_plain(text: str, *, signs: str = "") -> str:
    """A text without marks on one row, with a backslash before each of `signs`."""
    lines = [_SPACES.sub(" ", _NOT_TYPED.sub("", line)) for line in _LINES.split(text)]
    joined = BREAK.join(line.strip() for line in lines).strip(BREAK)
    return _broken(re.sub(f"[{re.escape(chr(92) + signs)}]", r"\\\g<0>", joined))


def write_line(html: str, name: NamePage) -> str:
    """One row; an empty line in it parts paragraphs."""
    blocks = [child for child in parse(html).div.children if isinstance(child, Tag)]
    if not (blocks and all(child.name == "p" for child in blocks)):
        blocks = [parse(html).div]
    lines = (re.sub(f"{BREAK}+", BREAK, _tidy(_marked(child, name))) for child in blocks)
    return _broken(PARAGRAPH.join(filter(None, lines)))


def write_text(html: str, name: NamePage, *, headings: bool = True) -> str:
    """Paragraphs, headings and lists, apart by empty lines. `name` gives `chapter:key` of a page;
    without one its words stay as plain text."""
    return "\n\n".join(filter(None, _groups(parse(html).div, name, headings)))


def _groups(parent: Tag, name: NamePage, headings: bool) -> Iterable[str]:
    for child in parent.children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString):
            yield _paragraph(_signs(str(child)))
        elif child.name in ("ul", "ol"):
            yield _apart(_write_list(child, name, 0))
        elif headings and re.fullmatch("h[1-6]", child.name):
            words = _tidy(_marked(child, name).replace(BREAK, " "))
            yield words and ("## " if child.name in ("h1", "h2") else "### ") + words
        elif child.find(["p", "ul", "ol", "h2", "h3"]):
            yield from _groups(child, name, headings)
        else:
            yield _paragraph(_marked(child, name))


def _paragraph(words: str) -> str:
    words = _tidy(words)
    mark = _LOOKS_LIKE_A_MARK.match(words)
    if mark:
        place = mark.end() if mark[0][-1].isalnum() else 0
        words = f"{words[:place]}\\{words[place:]}"
    return _broken(words)


def _apart(items: Iterable[str]) -> str:
    """The rows, with an empty one where the outer list goes on with another kind of mark."""
    text, before = "", ""
    for row in items:
        mark = row[:2].strip()
        text += f"\n\n{row}" if mark and before not in ("", mark) else f"\n{row}"
        before = mark or before
    return text.strip("\n")


def _write_list(parent: Tag, name: NamePage, depth: int) -> Iterable[str]:
    mark = BULLET if parent.name == "ul" else NUMBER
    for item in parent.find_all("li", recursive=False):
        inner = item.find_all(["ul", "ol"], recursive=False)
        for child in inner:
            child.extract()
        words = _broken(_tidy(_marked(item, name)))
        if words:
            yield f"{INDENT * depth}{mark}{words}"
        for child in inner:
            yield from _write_list(child, name, depth + bool(words))


def _marked(parent: Tag, name: NamePage, inside: str = "") -> str:
    """The words with marks; `inside` names the marks that are open, so that none opens twice."""
    pieces = []
    for child in parent.children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString):
            pieces.append(_signs(str(child)))
        elif child.name == "br":
            pieces.append(BREAK)
        elif child.name == "a":
            pieces.append(_linked(child, name, inside))
        else:
            mark = {"b": "**", "strong": "**", "i": "_", "em": "_"}.get(child.name, "")
            mark = "" if mark in inside else mark
            words = _marked(child, name, f"{inside}{mark}")
            pieces.append(f"{mark}{words}{mark}" if words else "")
    return "".join(pieces)


def _linked(link: Tag, name: NamePage, inside: str) -> str:
    words = _marked(link, name, inside)
    target = str(link.get("href", ""))
    if link.get("linktype") == "page":
        number = str(link.get("id", ""))
        target = (name(int(number)) if number.isdigit() else None) or ""
    target = quote(_NOT_TYPED.sub("", target), safe="!#$%&'*+,/:;=?@~_-.[]")
    whole = f"[{words}]({target})"
    return whole if _LINK.fullmatch(whole.replace("\\]", "")) else words


def _signs(text: str) -> str:
    text = _SPACES.sub(" ", _NOT_TYPED.sub("", text))
    return re.sub(r"[\\*_\[\]]", r"\\\g<0>", text)


def _tidy(words: str) -> str:
    words = re.sub(" +", " ", words)
    return re.sub(f" *{BREAK} *", BREAK, words).strip(f" {BREAK}")


def _broken(words: str) -> str:
    return words.replace(BREAK, f"\\\n{INDENT}")
