import re
from collections import Counter

import pytest

from handbook.readability import reading_ease, sentences

from .contents import KEYS
from .files import (
    CHAPTERS,
    LANGUAGES,
    LINK,
    load_chapters,
    parse_blocks,
    plain_text,
    split_front_matter,
)

LOADED = load_chapters()
REQUIRED = {"title", "slug", "translation_key", "part", "order", "audience", "intro"}
PARTS = {"introduction", "mentoring", "mentor", "mentee", "match"}
AUDIENCES = {"everyone", "mentor", "mentee", "facilitator"}
KINDS = {
    "text", "tips", "quote", "benefits", "steps", "example", "question", "image", "video", "action",
}  # fmt: skip
PAGES = {"page:signup", "page:home"}
SOURCES = "what-it-rests-on"
AGE = re.compile(
    r"\bseniors?\b|bejaard|\bouderen\b|\boudere (werk|mens|onder)|\belderly\b"
    r"|\bolder (people|worker|job)|millennial|baby ?boomer|\bgenerati(?:e|on) [xyz]\b",
    re.I,
)
BOLD_ITEM = re.compile(r"- \*\*[^*]+[.?!]\*\* \S")
each_chapter = pytest.mark.parametrize(
    "chapter", LOADED, ids=lambda chapter: f"{chapter.language}-{chapter.path.stem}"
)


def items_of(block):
    """The lines of a list block after its optional title line."""
    lines = list(block.lines)
    if lines and lines[0].startswith("title: "):
        lines = lines[1:]
    return lines


def list_is_sound(block) -> bool:
    mark = "- " if block.kind == "tips" else "- **"
    items = items_of(block)
    sound = all(line.startswith(mark) for line in items)
    if block.kind != "tips":
        sound = sound and all(BOLD_ITEM.match(line) for line in items)
    return bool(items) and sound


def action_is_sound(block) -> bool:
    fields = dict(line.split(": ", 1) for line in block.lines)
    return list(fields) == ["text", "label", "link"] and all(fields.values())


def quote_is_sound(block) -> bool:
    return len(block.lines) >= 2 and block.lines[-1].startswith("— ") and "," in block.lines[-1]


def text_is_sound(block) -> bool:
    lines = [line for line in block.lines if line]
    headings = [line for line in lines if line.startswith("#")]
    return bool(lines) and all(line.startswith("## ") for line in headings)


def example_is_sound(block) -> bool:
    return bool(items_of(block)) and not any(line.startswith("#") for line in block.lines)


def question_is_sound(block) -> bool:
    first, *rest = block.lines
    asks = first.startswith("question: ") and first.endswith("?")
    return asks and not any(line.startswith("#") for line in rest)


def image_is_sound(block) -> bool:
    fields = dict(line.split(": ", 1) for line in block.lines)
    told = bool(fields.get("alt")) != (fields.get("decoration") == "yes")
    return told and (CHAPTERS / "images" / fields["file"]).is_file()


def video_is_sound(block) -> bool:
    fields = dict(line.split(": ", 1) for line in block.lines)
    return fields["link"].startswith("https://") and int(fields["minutes"]) > 0


CHECKS = {
    "example": example_is_sound, "question": question_is_sound, "image": image_is_sound,
    "video": video_is_sound,
    "text": text_is_sound, "tips": list_is_sound, "benefits": list_is_sound,
    "steps": list_is_sound, "quote": quote_is_sound, "action": action_is_sound,
}  # fmt: skip


@each_chapter
def test_front_matter_is_complete(chapter):
    front = chapter.front
    assert REQUIRED <= set(front) <= REQUIRED | {"reading_minutes"}
    assert front["part"] in PARTS
    assert front["audience"] in AUDIENCES
    assert isinstance(front["order"], int)
    assert front["order"] > 0
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", front["slug"])
    assert chapter.path.stem == front["translation_key"]
    assert len(sentences(front["intro"])) == 1


def test_every_chapter_exists_in_both_languages():
    for language in LANGUAGES:
        keys = [c.front["translation_key"] for c in LOADED if c.language == language]
        assert sorted(keys) == sorted(KEYS)


def test_slugs_and_places_are_unique_within_a_language():
    for fields in (("slug",), ("part", "order")):
        seen = Counter((c.language, *(c.front[field] for field in fields)) for c in LOADED)
        assert [place for place, count in seen.items() if count > 1] == []


def test_a_chapter_and_its_translation_have_the_same_shape():
    by_key = {}
    for chapter in LOADED:
        shape = (
            tuple(chapter.front[field] for field in ("part", "order", "audience")),
            [(block.kind, len(block.lines)) for block in parse_blocks(chapter.body)],
            [target for _, target in LINK.findall(chapter.body)],
        )
        by_key.setdefault(chapter.front["translation_key"], []).append(shape)
    assert [key for key, (first, *rest) in by_key.items() if rest != [first]] == []


@each_chapter
def test_blocks_are_well_formed(chapter):
    blocks = parse_blocks(chapter.body)
    assert blocks
    assert {block.kind for block in blocks} <= KINDS
    assert [block for block in blocks if not CHECKS[block.kind](block)] == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("lost words", "outside a block"),
        (":::text\nnever closed", "never closed"),
        (":::text\n:::tips\n- a\n:::", "stands inside"),
        (":::", "never began"),
        (":::text\na\n:::\nb", "outside a block"),
    ],
)
def test_a_broken_body_is_refused(body, reason):
    with pytest.raises(ValueError, match=reason):
        parse_blocks(body)


@each_chapter
def test_links_lead_to_a_chapter_or_a_known_page(chapter):
    targets = [target for _, target in LINK.findall(chapter.body)]
    targets += re.findall(r"(?m)^link: (.+)$", chapter.body)
    known = {f"chapter:{key}" for key in KEYS} | PAGES
    assert set(targets) <= known


@each_chapter
def test_only_staff_are_sent_to_the_chapter_for_staff(chapter):
    audience = {c.front["translation_key"]: c.front["audience"] for c in LOADED}
    linked = {audience[t.removeprefix("chapter:")] for _, t in LINK.findall(chapter.body)}
    if chapter.front["audience"] != "facilitator":
        assert "facilitator" not in linked


@each_chapter
def test_a_chapter_is_plain(chapter):
    text = chapter.front["intro"] + "\n" + plain_text(parse_blocks(chapter.body))
    assert reading_ease(text, chapter.language) >= 60
    lengths = [len(sentence) for sentence in sentences(text)]
    assert sum(length < 15 for length in lengths) / len(lengths) >= 0.9
    assert max(lengths) <= 25


@each_chapter
def test_figures_without_a_source_are_not_repeated(chapter):
    doubtful = r"\b(5|five|vijf) ?(x|times|keer)|400[.,]000|\b10 (miljoen|million)"
    assert not re.search(doubtful, chapter.body.lower())


@each_chapter
def test_a_source_that_is_named_stands_in_the_list_of_sources(chapter):
    [listed] = [c.body for c in LOADED if (c.language, c.path.stem) == (chapter.language, SOURCES)]
    named = set(re.findall(r"\(([A-Z][^()]+, (?:19|20)\d\d|COM\([^()]+\) \d+)\)", chapter.body))
    assert [
        source for source in named if not re.search(rf"(?m)^- .*{re.escape(source)}\.", listed)
    ] == []
    assert chapter.path.stem != SOURCES or len(named) >= 4


@each_chapter
def test_nobody_is_called_by_an_age(chapter):
    """Facilitators read once how not to say it."""
    if chapter.front["audience"] != "facilitator":
        assert not AGE.search(f"{chapter.front['title']} {chapter.front['intro']} {chapter.body}")


def test_the_credits_name_the_source_in_both_languages():
    for language in LANGUAGES:
        path = CHAPTERS / language / "_credits.md"
        front, body = split_front_matter(path.read_text(encoding="utf-8"))
        assert front["translation_key"] == "credits"
        assert "2017-1-HR01-KA204-035423" in body
        assert "2019" in body
        assert "CC BY 4.0" in body
    disclaimer = "does not constitute an endorsement of the contents which reflects the views only"
    assert disclaimer in (CHAPTERS / "en" / "_credits.md").read_text(encoding="utf-8")


@each_chapter
def test_who_is_asked_to_sign_up_can_read_the_chapter(chapter):
    """Visitors can sign up; they see only what is for everyone."""
    asks = any("link: page:signup" in block.lines for block in parse_blocks(chapter.body))
    assert not asks or chapter.front["audience"] == "everyone"
