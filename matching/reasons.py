"""Why two people fit: the engine's facts as stored data, and those data in words.

A *fact* is a JSON object with term codes, never ids or texts of people. All have `criterion` (a
key of `CRITERIA`), `points` (whole; those of a criterion add up exactly to its part) and `kind`:

| kind | further keys |
|---|---|
| goal | mentee_term, rank (1 = first); mentor_term, level (1 to 3) and relation 0..1 (1: the
  same topic), or null, null and 0 where the mentor does not help |
| theme, bond | term that both named |
| sector | mentee_terms, mentor_terms (lists), relation 0..1 |
| time | slots (codes of `accounts.availability`) that suit both |
| place | how ("in_person", "online" or "too_far"), km (whole, or null) |
| neutral | missing: "mentee", "mentor" or "both" gave no answer, so the criterion counts in part |
| nothing | nothing in common here |

Staff see all of them with points. The two see sentences without points, and only those that rest
on an answer which the other still gives and marked "my match may see".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, Term
from matching.engine.explanation import Explanation

from .adapters import Index
from .models import Offer
from .reason_words import Fact, in_words

CRITERIA: dict[str, Any] = {
    "goals": _("Goals and expertise"),
    "lived": _("Lived experience"),
    "bonds": _("Shared bonds"),
    "sector": _("Kind of work"),
    "availability": _("Time"),
    "place": _("Place"),
}
# The code in `Profile.visible` of the answer that a criterion uses, per role.
QUESTIONS: dict[str, dict[str, str]] = {
    "goals": {"mentee": "goals", "mentor": "topics"},
    "lived": {"mentee": "themes", "mentor": "themes"},
    "bonds": {"mentee": "bonds", "mentor": "bonds"},
    "sector": {"mentee": "sector", "mentor": "sector"},
    "availability": {"mentee": "time", "mentor": "time"},
    "place": {"mentee": "place", "mentor": "place"},
}
FAR_KM = 50

WARNINGS: dict[str, Any] = {
    "missing_answers": _("Some answers are missing. They count in part."),
    "no_shared_time": _("They have no time in common."),
    "only_near_goals": _("The mentor knows about near topics only, not about the goals."),
    "first_goal_open": _("The mentor does not help with the first goal."),
    "same_sector": _("Same kind of work: could they be competitors?"),
    "far_apart": _("They live far apart."),
}


@dataclass(frozen=True)
class Reason:
    """One line for staff."""

    criterion: str
    text: str
    points: int


@dataclass(frozen=True)
class Part:
    """One criterion: its points, out of `most` where that is known, and where they come from."""

    label: Any
    points: int
    most: int | None
    reasons: list[Reason]


def parts_in_words(
    parts: Mapping[str, int], reasons: Sequence[Reason], most: Mapping[str, int] | None = None
) -> list[Part]:
    """The criteria in the order of the formula, each with the reasons that add up to it."""
    return [
        Part(
            label=label,
            points=parts[code],
            most=most[code] if most else None,
            reasons=[reason for reason in reasons if reason.criterion == code],
        )
        for code, label in CRITERIA.items()
        if code in parts
    ]


def facts_from_explanation(explanation: Explanation, index: Index) -> list[Fact]:
    """The stored form of what the engine explained: indices become term codes."""
    facts: list[Fact] = []
    for part in explanation.parts:
        found = [
            {"criterion": part.criterion, "points": fact.points}
            | _STORED[fact.kind](fact.about, index)
            for fact in part.facts
        ]
        for rank, fact in enumerate(found, start=1):
            if fact["kind"] == "goal":
                fact["rank"] = rank
        empty = {"criterion": part.criterion, "points": part.points, "kind": "nothing"}
        facts += found or [empty]
    return facts


def reasons_for_staff(facts: Sequence[Fact]) -> list[Reason]:
    """All facts in words with their points; one query."""
    return reasons_of_many([facts])[0]


def reasons_of_many(facts_of_pairs: Sequence[Sequence[Fact]]) -> list[list[Reason]]:
    """The same for a whole page of pairs; one query."""
    labels = _labels(fact for facts in facts_of_pairs for fact in facts)
    return [
        [
            Reason(
                criterion=fact["criterion"],
                text=in_words(fact, "staff", labels),
                points=fact["points"],
            )
            for fact in facts
        ]
        for facts in facts_of_pairs
    ]


def reasons_for_other(offer: Offer, *, viewer: str) -> list[str]:
    """What the mentee or the mentor (`viewer`) reads about this offer; two queries.

    Only from answers of the other that may be seen and that the other still gives, without
    points, in the order of the formula. Needs both profiles and users selected.
    """
    other = offer.mentor if viewer == "mentee" else offer.mentee
    seen = [seen_by_match(fact, other.profile) for fact in _still_given(offer.facts, other.profile)]
    facts = [fact for fact in seen if fact is not None]
    labels = _labels(facts)
    return [in_words(fact, viewer, labels, other=other.user.first_name) for fact in facts]


def seen_by_match(fact: Fact, owner: Profile) -> Fact | None:
    """The fact if its owner lets the match see the answer behind it, and it is a reason at all."""
    is_reason = fact["kind"] not in ("neutral", "nothing") and fact["points"] > 0
    question = QUESTIONS[fact["criterion"]][owner.role]
    return fact if is_reason and question in owner.visible else None


def warnings_of(facts: Sequence[Fact]) -> list[str]:
    """Codes of `WARNINGS`: what staff should think about before they offer this pair."""
    found = {
        "missing_answers": any(fact["kind"] == "neutral" for fact in facts),
        "no_shared_time": _is_nothing(facts, "availability"),
        "same_sector": any(f["kind"] == "sector" and f["relation"] == 1 for f in facts),
        "far_apart": any(
            f["kind"] == "place" and f["how"] == "in_person" and (f["km"] or 0) > FAR_KM
            for f in facts
        ),
    }
    goals = [fact for fact in facts if fact["kind"] == "goal"]
    helped = [fact for fact in goals if fact["mentor_term"]]
    found["only_near_goals"] = bool(helped) and all(f["relation"] < 1 for f in helped)
    found["first_goal_open"] = any(f["rank"] == 1 and not f["mentor_term"] for f in goals)
    return [code for code in WARNINGS if found[code]]


def _store_goal(about: Fact, index: Index) -> Fact:
    covered = about["mentor_topic"] >= 0
    return {
        "kind": "goal",
        "mentee_term": index.topics[about["topic"]],
        "mentor_term": index.topics[about["mentor_topic"]] if covered else None,
        "level": about["level"] if covered else None,
        "relation": about["relation"],
    }


def _store_sector(about: Fact, index: Index) -> Fact:
    if not about["similarity"]:
        return {"kind": "nothing"}
    return {
        "kind": "sector",
        "mentee_terms": list(index.sectors[about["mentee_sector"]]),
        "mentor_terms": list(index.sectors[about["mentor_sector"]]),
        "relation": about["similarity"],
    }


def _store_slots(about: Fact, index: Index) -> Fact:
    if not about["slots"]:
        return {"kind": "nothing"}
    return {"kind": "time", "slots": [index.slots[slot] for slot in about["slots"]]}


def _store_place(how: str) -> Callable[[Fact, Index], Fact]:
    def store(about: Fact, index: Index) -> Fact:
        km = about.get("km")
        return {"kind": "place", "how": how, "km": None if km is None else round(km)}

    return store


_STORED: dict[str, Callable[[Fact, Index], Fact]] = {
    "goal": _store_goal,
    "shared_theme": lambda about, index: {"kind": "theme", "term": index.themes[about["theme"]]},
    "shared_bond": lambda about, index: {"kind": "bond", "term": index.bonds[about["bond"]]},
    "sector": _store_sector,
    "shared_slots": _store_slots,
    "in_person": _store_place("in_person"),
    "online": _store_place("online"),
    "too_far": _store_place("too_far"),
    "not_answered": lambda about, index: {"kind": "neutral", "missing": about["side"]},
}


def _is_nothing(facts: Sequence[Fact], criterion: str) -> bool:
    return any(f["criterion"] == criterion and f["kind"] == "nothing" for f in facts)


def _codes(fact: Fact) -> list[str]:
    single = [fact.get("mentee_term"), fact.get("mentor_term"), fact.get("term")]
    several = [*fact.get("mentee_terms", []), *fact.get("mentor_terms", [])]
    return [code for code in (*single, *several) if code]


def _labels(facts: Iterable[Fact]) -> dict[str, str]:
    codes = {code for fact in facts for code in _codes(fact)}
    return {term.code: str(term) for term in Term.objects.filter(code__in=codes)} if codes else {}


def _still_given(facts: Sequence[Fact], owner: Profile) -> list[Fact]:
    """Without what the owner took back since: an old offer must not show an old answer."""
    chosen = set(owner.chosen.values_list("term__code", flat=True))
    kept = (_as_given(fact, owner, chosen) for fact in facts)
    return [fact for fact in kept if fact is not None]


def _as_given(fact: Fact, owner: Profile, chosen: set[str]) -> Fact | None:
    side = owner.role
    match fact["kind"]:
        case "goal":
            return fact if fact[f"{side}_term"] in chosen else None
        case "theme" | "bond":
            return fact if fact["term"] in chosen else None
        case "sector":
            return fact if set(fact[f"{side}_terms"]) <= chosen else None
        case "time":
            slots = [code for code in fact["slots"] if code in owner.availability]
            return fact | {"slots": slots} if slots else None
        case "place":
            moved = fact["how"] == "in_person" and owner.latitude is None
            return None if moved else fact
    return fact
