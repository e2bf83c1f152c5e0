import re
from collections import Counter

import pytest

from .files import LANGUAGES, load_json

TAXONOMY = load_json("taxonomy.json")
GROUPS = TAXONOMY["groups"]
TERMS = [(group["kind"], term) for group in GROUPS for term in group["terms"]]
TOPICS = {term["code"] for kind, term in TERMS if kind == "topic"}
COHORT_SECTORS = {
    "admin", "arts_media", "construction", "education", "engineering", "finance",
    "food", "health", "it", "legal", "sales", "transport",
}  # fmt: skip
# Word beginnings in both languages: a term that uses one could tell something that
# nobody may be asked for. Sectors are left out, since a trade says nothing of a person.
FORBIDDEN = {
    "health": "ziek gezond handicap burn depress medic patient revalid health ill disab autis "
    "therap kanker cancer herstel recover mantelzorg carer verslav addict zwanger pregnan",
    "religion": "kerk moskee synago geloof gelovig relig church mosque faith christ islam "
    "moslim muslim jood joods jewish bijbel bible bidden pray gospel koran quran",
    "politics": "politi partij party verkiezing election activis protest stemmen voting",
    "ethnicity": "migra vluchtel refugee afkomst ethni herkomst allochto huidskleur racis "
    "race nationalit native buitenland abroad moedertaal",
    "union": "vakbond union cao ondernemingsraad",
    "sexuality": "homo hetero lesb gay queer lhbt lgbt trans-  seksu sexual pride gender vrouw "
    "women man-  mannen men-",
    "income": "uitkering benefit schuld debt armoede poverty inkomen income salaris salary "
    "bijstand faillis bankrupt pensioen pension rijk-  arm-  poor",
    "age": "senior oud-  oudere oma opa kleinkind grandchild elderly leeftijd age-  aged",
}


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def matches(stem: str, word: str) -> bool:
    return word == stem[:-1] if stem.endswith("-") else word.startswith(stem)


def forbidden_words(text: str) -> list[tuple[str, str]]:
    return [
        (category, word)
        for category, stems in FORBIDDEN.items()
        for stem in stems.split()
        for word in words(text)
        if matches(stem, word)
    ]


def test_the_kinds_have_the_agreed_sizes():
    sizes = Counter(kind for kind, _ in TERMS)
    assert set(sizes) == {"topic", "theme", "bond", "sector"}
    assert 38 <= sizes["topic"] <= 44
    assert 12 <= sizes["theme"] <= 16
    assert 22 <= sizes["bond"] <= 28
    assert 16 <= sizes["sector"] <= 20


def test_codes_are_unique_and_usable_in_an_address():
    codes = [term["code"] for _, term in TERMS]
    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,49}", code)] == []
    group_codes = [(group["kind"], group["code"]) for group in GROUPS]
    assert len(set(group_codes)) == len(group_codes)


@pytest.mark.parametrize("part", ["labels", "sentences"])
def test_every_term_has_text_in_both_languages(part):
    for _, term in TERMS:
        assert set(term[part]) == set(LANGUAGES), term["code"]
        assert all(value.strip() == value and value for value in term[part].values())


def test_groups_have_labels_in_both_languages_and_terms():
    for group in GROUPS:
        assert set(group["labels"]) == set(LANGUAGES)
        assert all(group["labels"].values())
        assert group["terms"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_sentences_differ_within_a_kind(language):
    for part in ("labels", "sentences"):
        seen = Counter((kind, term[part][language]) for kind, term in TERMS)
        assert [text for text, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_whole_sentences(language):
    for _, term in TERMS:
        sentence = term["sentences"][language]
        assert sentence[0].isupper(), sentence
        assert sentence.endswith("."), sentence
        assert len(sentence.split()) <= 15, sentence


def test_labels_fit_on_a_card():
    long = [
        t["labels"][lang] for _, t in TERMS for lang in LANGUAGES if len(t["labels"][lang]) > 45
    ]
    assert long == []


def test_exactly_twelve_topics_are_shown_first():
    shown = [(kind, term["code"]) for kind, term in TERMS if term["shown_first"]]
    assert len(shown) == 12
    assert {kind for kind, _ in shown} == {"topic"}


def test_frameworks_are_complete_and_name_their_source():
    entrecomp = {f"{area}.{number}" for area in (1, 2, 3) for number in range(1, 6)}
    assert {code for code in TOPICS if code.startswith("entrecomp")} == {
        f"entrecomp-{number}" for number in entrecomp
    }
    assert {c for c in TOPICS if c.startswith("digcomp")} == {f"digcomp-{n}" for n in range(1, 6)}
    for _, term in TERMS:
        framed = term["code"].startswith(("entrecomp-", "digcomp-"))
        assert term["source"] == (term["code"].replace("-", " ") if framed else "own")


def test_relations_join_two_known_topics_once():
    pairs = Counter()
    for relation in TAXONOMY["relations"]:
        assert {relation["a"], relation["b"]} <= TOPICS
        assert relation["a"] != relation["b"]
        assert relation["strength"] in (0.25, 0.5, 0.75)
        pairs[frozenset((relation["a"], relation["b"]))] += 1
    assert [set(pair) for pair, count in pairs.items() if count > 1] == []
    assert 60 <= len(pairs) <= 120


def test_every_own_topic_leans_on_a_competence():
    related = {code: set() for code in TOPICS}
    for relation in TAXONOMY["relations"]:
        related[relation["a"]].add(relation["b"])
        related[relation["b"]].add(relation["a"])
    own = {code for code in TOPICS if not code.startswith(("entrecomp", "digcomp"))}
    assert [c for c in sorted(own) if not any(r.startswith("entrecomp") for r in related[c])] == []
    assert [code for code in sorted(TOPICS) if not related[code]] == []


def test_sectors_cover_the_fields_of_the_cohorts():
    assert {term["code"] for kind, term in TERMS if kind == "sector"} >= COHORT_SECTORS


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Living with an illness", "health"),
        ("Zingen in de kerk", "religion"),
        ("Lid van een politieke partij", "politics"),
        ("Mijn migratie", "ethnicity"),
        ("Trade union work", "union"),
        ("Women in tech", "sexuality"),
        ("Starten vanuit een uitkering", "income"),
        ("Mijn kleinkinderen", "age"),
    ],
)
def test_the_forbidden_list_catches(text, category):
    assert category in {found for found, _ in forbidden_words(text)}


def test_no_topic_theme_or_bond_reveals_what_nobody_is_asked():
    found = {}
    for kind, term in TERMS:
        if kind != "sector":
            texts = [term["code"], *term["labels"].values(), *term["sentences"].values()]
            hits = forbidden_words(" ".join(texts))
            if hits:
                found[term["code"]] = hits
    assert found == {}
