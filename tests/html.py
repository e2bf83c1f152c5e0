"""Is a page valid HTML? A strict reader for what our templates make.

Stricter than the standard: every element is closed where it was opened. It knows what may stand
inside what, ids and what refers to them. No validator is among our packages, and none of them
needs a service elsewhere.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


def _set(names: str) -> set[str]:
    return set(names.split())


VOID = _set("area base br col embed hr img input link meta source track wbr")
PHRASING = _set(
    "a abbr b bdi bdo br button cite code data del dfn em i img input ins kbd label mark meter "
    "output picture progress q s samp script select small source span strong sub sup svg template "
    "textarea time u var wbr"
)
FLOW = PHRASING | _set(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul"
)
PLACED = {
    "html": {"head", "body"},
    "head": _set("title meta link script"),
    "ul": {"li"}, "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "thead", "tbody", "tfoot"},
    "thead": {"tr"}, "tbody": {"tr"}, "tr": {"th", "td"},
    "select": {"option", "optgroup"}, "optgroup": {"option"},
    "details": FLOW | {"summary"},
    "summary": PHRASING | {"h2", "h3", "h4"},
    "fieldset": FLOW | {"legend"}, "legend": PHRASING | {"h1", "h2", "h3"},
    "figure": FLOW | {"figcaption"},
    "title": set(), "textarea": set(), "option": set(), "script": set(),
}  # fmt: skip
# Elements that may hold only words and what stands among words; `a` holds what its parent may.
PLACED |= dict.fromkeys(
    _set(
        "p h1 h2 h3 h4 h5 h6 pre abbr b cite code em i kbd label mark q s small span strong sub "
        "sup time u button dt"
    ),
    PHRASING,
)
PRESSED = {"a", "button", "label", "select", "textarea", "input", "summary"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[tuple[str, str]] = []
        self.titles: list[str] = []
        self.seen: Counter[str] = Counter()
        self.lang = ""

    def handle_decl(self, decl: str) -> None:
        self.seen["doctype"] += decl.lower() == "doctype html"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._place(tag)
        self._attributes(tag, attrs)
        self.seen[tag] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "svg" not in self.open and tag not in VOID:
            self.faults.append(f"<{tag}/> closes itself")
        self._attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.titles.append(data.strip())
        if data.strip() and self.open[-1:] and self.open[-1] in ("ul", "ol", "dl", "table", "tr"):
            self.faults.append(f"words straight in <{self.open[-1]}>")

    def _place(self, tag: str) -> None:
        if "svg" in self.open:
            return
        parent = next((name for name in reversed(self.open) if name != "a"), "")
        if parent == "div" and self.open[-2:-1] == ["dl"]:
            allowed = {"dt", "dd"}
        else:
            allowed = PLACED.get(parent, FLOW) if parent else {"html"}
        if tag not in allowed:
            self.faults.append(f"<{tag}> in <{parent}>")
        around = PRESSED & set(self.open)
        if tag in PRESSED and around and not (around == {"label"} and tag == "input"):
            self.faults.append(f"<{tag}> inside {sorted(around)}")
        if tag == "form" and "form" in self.open:
            self.faults.append("a form in a form")

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _v in attrs).items() if count > 1]
        self.faults += [f"<{tag}> has {name} twice" for name in twice]
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
            if not values["id"] or " " in values["id"]:
                self.faults.append(f"<{tag}> has a bad id")
        for name in REFERENCES:
            self.wanted += [(name, one) for one in values.get(name, "").split()]
        if values.get("href", "").startswith("#"):
            self.wanted.append(("href", values["href"][1:]))
        if tag == "img" and "alt" not in values:
            self.faults.append("<img> without alt")
        if tag == "a" and not values.get("href"):
            self.faults.append("<a> that leads nowhere")
        if tag == "html":
            self.lang = values.get("lang", "")


def read(page: str) -> tuple[str, str, list[str]]:
    """The title, the language and the faults of a whole page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    faults = list(reader.faults)
    faults += [f"<{tag}> is not closed" for tag in reader.open]
    faults += [f"id {one} twice" for one, count in Counter(reader.ids).items() if count > 1]
    faults += [f"{name}={one}: no such id" for name, one in reader.wanted if one not in reader.ids]
    for name in ("doctype", "title", "h1", "main", "body"):
        if reader.seen[name] != 1:
            faults.append(f"{reader.seen[name]} times {name}")
    return " ".join(reader.titles), reader.lang, faults
