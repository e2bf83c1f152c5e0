"""Any two people of a solved round: their score, and what a decision about them would change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matching.engine import (
    Explanation,
    Forced,
    Problem,
    ProblemError,
    Solution,
    obstacles,
    price,
    why_not,
)

from ..adapters import Index
from ..models import Round
from ..reasons import (
    WARNINGS,
    Part,
    Reason,
    facts_from_explanation,
    parts_in_words,
    reasons_for_staff,
    warnings_of,
)
from ..roundwords import PAIR_WORDS
from .board import Person

Pairs = Sequence[tuple[Person, Person]]


@dataclass(frozen=True)
class Change:
    """Somebody whose mentor would change; None: no mentor."""

    mentee: Person
    before: Person | None
    points_before: int
    after: Person | None
    points_after: int

    @property
    def difference(self) -> int:
        return self.points_after - self.points_before

    @property
    def distance(self) -> int:
        return abs(self.difference)


@dataclass(frozen=True)
class Price:
    """What a decision of staff would change; `changes`: who loses most stands first.

    `failed`: why it cannot be done, in words; then nothing is counted.
    """

    total_change: int = 0
    matched_change: int = 0
    changes: list[Change] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def losers(self) -> list[Change]:
        return [change for change in self.changes if change.difference < 0]

    @property
    def total_distance(self) -> int:
        return abs(self.total_change)

    @property
    def matched_lost(self) -> int:
        return max(0, -self.matched_change)


@dataclass(frozen=True)
class Look:
    """Any two people of a solved round: their score, and what pairing them would change."""

    mentee: Person
    mentor: Person
    points: int
    parts: list[Part]
    warnings: list[Any]
    paired: bool
    failed: list[Any]
    price: Price | None

    @property
    def possible(self) -> bool:
        return not self.failed


def look(
    round: Round, mentee: Person, mentor: Person, people: Mapping[uuid.UUID, Person]
) -> Look | None:
    """Both must have a place in the stored problem; one query beside those for the round.

    None when an older engine solved the round: its points cannot be counted again.
    """
    try:
        problem = Problem.from_dict(round.problem or {})
    except ProblemError:
        return None
    found = why_not(
        problem, Solution.from_dict(round.solution or {}), mentee.position, mentor.position
    )
    facts = facts_from_explanation(found.explanation, index_of(round))
    return Look(
        mentee=mentee,
        mentor=mentor,
        points=found.explanation.points,
        parts=parts_of(found.explanation, reasons_for_staff(facts)),
        warnings=[WARNINGS[code] for code in warnings_of(facts)],
        paired=found.paired,
        failed=[PAIR_WORDS.get(code, code) for code in found.failed],
        price=_price(found.forced, people) if found.forced else None,
    )


def price_of(
    round: Round,
    people: Mapping[uuid.UUID, Person],
    *,
    together: Pairs = (),
    apart: Pairs = (),
) -> Price | None:
    """What keeping these pairs (mentee, mentor) together, and those apart, would change.

    None when somebody was not looked for, or when an older engine solved the round. One query
    beside those for the round and its people.
    """
    places = [person.position for pair in (*together, *apart) for person in pair]
    round.refresh_from_db(fields=["problem"])
    try:
        problem = Problem.from_dict(round.problem or {})
    except ProblemError:
        return None
    kept = [(mentee.position, mentor.position) for mentee, mentor in together]
    never = [(mentee.position, mentor.position) for mentee, mentor in apart]
    if None in places:
        return None
    failed = [
        f"{mentee.name} + {mentor.name}: {PAIR_WORDS.get(code, code)}"
        for mentee, mentor in together
        for code in obstacles(problem, mentee.position, mentor.position)
    ]
    if failed:
        return Price(failed=failed)
    solution = Solution.from_dict(round.solution or {})
    return _price(price(problem, solution, together=kept, apart=never), people)


def parts_of(explanation: Explanation, reasons: Sequence[Reason]) -> list[Part]:
    return parts_in_words(
        {part.criterion: part.points for part in explanation.parts},
        reasons,
        {part.criterion: part.maximum for part in explanation.parts},
    )


def _price(found: Forced, people: Mapping[uuid.UUID, Person]) -> Price:
    at = {(p.role, p.position): p for p in people.values() if p.position is not None}
    changes = [
        Change(
            mentee=at["mentee", change.mentee],
            before=at.get(("mentor", change.mentor_before)),
            points_before=change.points_before,
            after=at.get(("mentor", change.mentor_after)),
            points_after=change.points_after,
        )
        for change in found.changes
    ]
    changes.sort(key=lambda change: change.difference)
    return Price(found.total_change, found.matched_change, changes)


def vocabulary_of(index: Index) -> dict[str, Any]:
    """Which term is which number, to be stored with the round."""
    return {
        "topics": list(index.topics),
        "themes": list(index.themes),
        "bonds": list(index.bonds),
        "sectors": [list(codes) for codes in index.sectors],
        "slots": list(index.slots),
    }


def index_of(round: Round) -> Index:
    """The stored vocabulary, without people."""
    words = round.vocabulary
    return Index(
        mentees=(),
        mentors=(),
        topics=tuple(words["topics"]),
        themes=tuple(words["themes"]),
        bonds=tuple(words["bonds"]),
        sectors=tuple(tuple(codes) for codes in words["sectors"]),
        slots=tuple(words["slots"]),
    )
