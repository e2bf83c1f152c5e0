"""Facts about two people in words, for staff and for the two themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.availability import SLOTS

Fact = dict[str, Any]
Labels = Mapping[str, str]
"""Names of terms by code; a term that an admin removed since keeps its code as its name."""

NEAR_KM = 3


def _for_all(text: Any) -> dict[str, Any]:
    return {"staff": text, "mentee": text, "mentor": text}


def _for_both(*, staff: Any, both: Any) -> dict[str, Any]:
    return {"staff": staff, "mentee": both, "mentor": both}


# What each reader is told about both sides: staff, the mentee, the mentor.
SENTENCES: dict[str, dict[str, Any]] = {
    "goal_same": {
        "staff": _("The mentee wants to work on “%(goal)s”. The mentor %(level)s."),
        "mentee": _("You want to work on “%(goal)s”. %(other)s %(level)s."),
        "mentor": _("%(other)s wants to work on “%(goal)s”. You %(level)s."),
    },
    "goal_near": {
        "staff": _(
            "The mentee wants to work on “%(goal)s”."
            " The mentor knows about “%(topic)s”, which is near."
        ),
        "mentee": _(
            "You want to work on “%(goal)s”. %(other)s knows about “%(topic)s”, which is near."
        ),
        "mentor": _(
            "%(other)s wants to work on “%(goal)s”. You know about “%(topic)s”, which is near."
        ),
    },
    "goal_open": _for_all(
        _("The mentee wants to work on “%(goal)s”. The mentor does not know about it.")
    ),
    "theme": {
        "staff": _("“%(term)s” moves the mentee. The mentor has lived through it."),
        "mentee": _("“%(term)s” moves you. %(other)s has lived through it."),
        "mentor": _("“%(term)s” moves %(other)s. You have lived through it."),
    },
    "bond": _for_both(staff=_("They share “%(term)s”."), both=_("You share “%(term)s”.")),
    "sector_same": _for_both(
        staff=_("Both know the same kind of work: %(terms)s."),
        both=_("You both know the same kind of work: %(terms)s."),
    ),
    "sector_near": _for_both(
        staff=_("Their kinds of work are near: %(terms)s."),
        both=_("Your kinds of work are near: %(terms)s."),
    ),
    "time": _for_both(
        staff=_("Both have time: %(slots)s."), both=_("You both have time: %(slots)s.")
    ),
    "online": _for_both(staff=_("They can meet online."), both=_("You can meet online.")),
    "near": _for_both(staff=_("They live near each other."), both=_("You live near each other.")),
    "apart": _for_both(
        staff=_("They live about %(km)d km apart."), both=_("You live about %(km)d km apart.")
    ),
    "too_far": _for_all(_("They cannot meet: too far apart, and not both online.")),
    "no_mentee": _for_all(_("The mentee gave no answer, so this counts half.")),
    "no_mentor": _for_all(_("The mentor gave no answer, so this counts in part.")),
    "no_both": _for_all(_("Neither gave an answer, so this counts half.")),
    "nothing": _for_all(_("Nothing in common here.")),
    "level_1": {**_for_all(_("knows the basics")), "mentor": _("know the basics")},
    "level_2": {**_for_all(_("knows it well")), "mentor": _("know it well")},
    "level_3": {**_for_all(_("can teach it")), "mentor": _("can teach it yourself")},
}


def in_words(fact: Fact, voice: str, labels: Labels, *, other: str = "") -> str:
    """One fact for `voice` ("staff", "mentee", "mentor") in the language of the page."""
    said = _said(get_language(), voice)
    name, words = _WORDS[fact["kind"]](fact, labels)
    if "level" in words:
        words["level"] = said[f"level_{words['level']}"]
    return said[name] % (words | {"other": other})


@cache
def _said(language: str | None, voice: str) -> dict[str, str]:
    """The sentences as plain text: a page with 100 pairs says 800 of them."""
    return {name: str(texts[voice]) for name, texts in SENTENCES.items()}


@cache
def _slot_names(language: str | None) -> dict[str, str]:
    return {code: str(name).lower() for code, name in SLOTS}


Said = tuple[str, dict[str, Any]]


def _goal(fact: Fact, labels: Labels) -> Said:
    words = {"goal": _label(labels, fact["mentee_term"])}
    if not fact["mentor_term"]:
        return "goal_open", words
    if fact["mentor_term"] == fact["mentee_term"]:
        return "goal_same", words | {"level": fact["level"]}
    return "goal_near", words | {"topic": _label(labels, fact["mentor_term"])}


def _shared(fact: Fact, labels: Labels) -> Said:
    return fact["kind"], {"term": _label(labels, fact["term"])}


def _sector(fact: Fact, labels: Labels) -> Said:
    both = [code for code in fact["mentee_terms"] if code in fact["mentor_terms"]]
    if both:
        return "sector_same", {"terms": _joined(labels, both)}
    either = [*fact["mentee_terms"], *fact["mentor_terms"]]
    return "sector_near", {"terms": _joined(labels, either)}


def _time(fact: Fact, labels: Labels) -> Said:
    names = _slot_names(get_language())
    return "time", {"slots": "; ".join(names.get(code, code) for code in fact["slots"])}


def _place(fact: Fact, labels: Labels) -> Said:
    if fact["how"] != "in_person":
        return fact["how"], {}
    km = fact["km"] or 0
    return ("near", {}) if km < NEAR_KM else ("apart", {"km": km})


def _neutral(fact: Fact, labels: Labels) -> Said:
    return f"no_{fact['missing']}", {}


def _nothing(fact: Fact, labels: Labels) -> Said:
    return "nothing", {}


_WORDS = {
    "goal": _goal,
    "theme": _shared,
    "bond": _shared,
    "sector": _sector,
    "time": _time,
    "place": _place,
    "neutral": _neutral,
    "nothing": _nothing,
}


def _label(labels: Labels, code: str) -> str:
    return labels.get(code, code)


def _joined(labels: Labels, codes: Iterable[str]) -> str:
    return ", ".join(_label(labels, code) for code in dict.fromkeys(codes))
