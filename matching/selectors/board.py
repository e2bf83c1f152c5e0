"""The board: every pair of a round with its reasons, and who has none.

A fixed number of queries whatever the number of pairs.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from accounts.models import Profile
from matching.engine import FULL_SCORE

from ..models import Offer, Override, Proposal, Round, RoundParticipant
from ..reasons import (
    CRITERIA,
    WARNINGS,
    Fact,
    Reason,
    reasons_of_many,
    warnings_of,
)
from ..roundwords import unmatched_in_words

PAIRS_ON_A_PAGE = 100
TOP_REASONS = 3
WEAK_BELOW, STRONG_FROM = 5000, 7500
NO_REASON = ("neutral", "nothing")
BY_WARNING = {"warning", "no_warning", *WARNINGS}

BANDS: dict[str, tuple[int, int]] = {
    "strong": (STRONG_FROM, FULL_SCORE + 1),
    "middle": (WEAK_BELOW, STRONG_FROM),
    "weak": (0, WEAK_BELOW),
}


@dataclass(frozen=True)
class Person:
    """Somebody of the round; after an erasure without name and participant."""

    pk: uuid.UUID
    role: str
    position: int | None
    participant: uuid.UUID | None
    name: str
    waiting_since: datetime | None
    included: bool
    reason: str

    @property
    def why(self) -> Any:
        return unmatched_in_words(self.role, self.reason)


@dataclass
class Pair:
    """One proposal on the board."""

    mentee: Person
    mentor: Person
    points: int
    locked: bool
    is_new: bool
    offer_state: str
    facts: list[Fact] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    top: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def offer_label(self) -> Any:
        return Offer.State(self.offer_state).label if self.offer_state else ""


@dataclass(frozen=True)
class Unmatched:
    """`fitting`: how many mentors would have met every must-have."""

    person: Person
    fitting: int


@dataclass(frozen=True)
class Board:
    page: Page
    total: int
    shown: int
    unmatched: list[Unmatched]
    reasons_count: list[tuple[Any, int]]
    aside: list[Person]
    mentors_free: list[Person]
    mentors_short: list[tuple[Person, int]]
    gone: list[tuple[Person, Person]]
    new_count: int
    decisions: list[Override]
    solution: dict[str, Any]

    @property
    def average(self) -> int:
        return round(self.solution["total"] / self.total) if self.total else 0

    @property
    def looked_for(self) -> int:
        return self.total + len(self.unmatched)

    @property
    def floor_first(self) -> bool:
        """Whether these pairs were proven to have the best weakest pair."""
        return self.solution["optimum"]["above"] is not None

    @property
    def has_quota(self) -> bool:
        """Whether a number of mentees per mentor was asked for."""
        return bool(self.solution.get("quota_filled") or self.solution.get("below_quota"))

    @property
    def gap(self) -> int:
        """Points that the total could be higher at most; more than 0 where time ran out."""
        return int(self.solution["optimum"]["gap"])

    @property
    def lower_minimum(self) -> list[tuple[int, int]]:
        """Lower minimums that would match more, each with how many more."""
        steps = self.solution["more_if_lower_minimum"] or []
        return [(low, more) for low, more in steps if more]

    @property
    def lower_minimum_uncounted(self) -> bool:
        """Too large a round to count what a lower minimum would do."""
        return self.solution["more_if_lower_minimum"] is None


def people_of_round(round: Round) -> dict[uuid.UUID, Person]:
    """Everybody, light enough for thousands; one query."""
    rows = RoundParticipant.objects.filter(round=round).values_list(
        "pk",
        "role",
        "position",
        "participant",
        "participant__user__name",
        "participant__waiting_since",
        "included",
        "unmatched_reason",
    )
    return {row[0]: Person(*row[:4], row[4] or _("Somebody who left"), *row[5:]) for row in rows}


def board(round: Round, *, sort: str = "", show: str = "", band: str = "", page: Any = 1) -> Board:
    """The board of a solved round, sorted and filtered; six queries."""
    people = people_of_round(round)
    previous = {(mentee, mentor) for mentee, mentor in round.previous_pairs}
    pairs = _pairs(round, people, previous)
    by_warning = show in BY_WARNING
    if by_warning:
        _add_facts(round, pairs)
    shown = _sorted([pair for pair in pairs if _fits(pair, show, band)], sort)
    found = Paginator(shown, PAIRS_ON_A_PAGE).get_page(page)
    if not by_warning:
        _add_facts(round, found.object_list)
    _put_in_words(found.object_list)
    unmatched = _unmatched(round, people, pairs)
    return Board(
        page=found,
        total=len(pairs),
        shown=len(shown),
        unmatched=unmatched,
        reasons_count=Counter(one.person.why for one in unmatched).most_common(),
        aside=_named(one for one in people.values() if one.position is None),
        mentors_free=_mentors_free(people, pairs),
        mentors_short=_mentors_short(round, people),
        gone=_gone(people, pairs, previous),
        new_count=sum(pair.is_new for pair in pairs),
        decisions=decisions(round, people),
        solution=round.solution or {},
    )


def _put_in_words(pairs: Sequence[Pair]) -> None:
    """Ready sentences for one page: a template that builds them is twice as slow."""
    labels = {code: str(label) for code, label in CRITERIA.items()}
    warnings = {code: str(text) for code, text in WARNINGS.items()}
    for pair, reasons in zip(pairs, reasons_of_many([p.facts for p in pairs]), strict=True):
        pair.lines = [f"{labels[r.criterion]}: {r.text} ({_grouped(r.points)})" for r in reasons]
        pair.top = _top(pair.facts, reasons)
        pair.warnings = [warnings[code] for code in pair.codes]


def _grouped(points: int) -> str:
    """2000 as people of this language write it; asking Django for each of 800 takes longer."""
    return f"{points:,}".replace(",", get_format("THOUSAND_SEPARATOR"))


def _top(facts: Sequence[Fact], reasons: Sequence[Reason]) -> list[str]:
    """The reasons that bring most points."""
    both = zip(facts, reasons, strict=True)
    real = [reason for fact, reason in both if fact["kind"] not in NO_REASON and reason.points]
    return [reason.text for reason in sorted(real, key=lambda reason: -reason.points)[:TOP_REASONS]]


def decisions(round: Round, people: Mapping[uuid.UUID, Person]) -> list[Override]:
    """What staff decided and did not take back, with names; one query."""
    rows = Override.objects.filter(round=round, withdrawn_at__isnull=True).select_related("by")
    found = list(rows)
    for row in found:
        row.people = (people[row.mentee_id], people[row.mentor_id])  # type: ignore[attr-defined]
    return found


def _pairs(
    round: Round, people: Mapping[uuid.UUID, Person], previous: set[tuple[str, str]]
) -> list[Pair]:
    rows = Proposal.objects.filter(round=round).values_list(
        "mentee", "mentor", "points", "locked", "offer__state"
    )
    return [
        Pair(
            mentee=people[mentee],
            mentor=people[mentor],
            points=points,
            locked=locked,
            is_new=bool(previous) and (str(mentee), str(mentor)) not in previous,
            offer_state=offer_state or "",
        )
        for mentee, mentor, points, locked, offer_state in rows
    ]


def _add_facts(round: Round, pairs: Sequence[Pair]) -> None:
    """The reasons are most of the data: only of the pairs that are looked at. One query."""
    by_mentee = {pair.mentee.pk: pair for pair in pairs}
    rows = Proposal.objects.filter(round=round, mentee__in=by_mentee)
    for mentee, facts in rows.values_list("mentee", "facts"):
        by_mentee[mentee].facts = facts
        by_mentee[mentee].codes = warnings_of(facts)


def _fits(pair: Pair, show: str, band: str) -> bool:
    low, high = BANDS.get(band, (0, FULL_SCORE + 1))
    if not low <= pair.points < high:
        return False
    match show:
        case "locked":
            return pair.locked
        case "new":
            return pair.is_new
        case "warning":
            return bool(pair.codes)
        case "no_warning":
            return not pair.codes
    return show not in WARNINGS or show in pair.codes


def _sorted(pairs: list[Pair], sort: str) -> list[Pair]:
    by_name = sorted(pairs, key=lambda pair: pair.mentee.name.casefold())
    match sort:
        case "name":
            return by_name
        case "points_up":
            return sorted(by_name, key=lambda pair: pair.points)
        case "waiting":
            return sorted(by_name, key=_waiting)
    return sorted(by_name, key=lambda pair: -pair.points)


def _waiting(pair: Pair) -> tuple[bool, float]:
    since = pair.mentee.waiting_since
    return since is None, since.timestamp() if since else 0.0


def _unmatched(
    round: Round, people: Mapping[uuid.UUID, Person], pairs: Sequence[Pair]
) -> list[Unmatched]:
    """Mentees without a pair, by name; people who were erased since are not named."""
    matched = {pair.mentee.pk for pair in pairs}
    solution = round.solution or {"unmatched": []}
    fitting = {one["mentee"]: one["compatible"] for one in solution["unmatched"]}
    rows = (
        person
        for person in people.values()
        if person.role == Profile.Role.MENTEE and person.pk not in matched
    )
    return [
        Unmatched(person, fitting.get(person.position, 0))
        for person in _named(rows)
        if person.position is not None
    ]


def _mentors_free(people: Mapping[uuid.UUID, Person], pairs: Sequence[Pair]) -> list[Person]:
    used = {pair.mentor.pk for pair in pairs}
    return _named(
        person
        for person in people.values()
        if person.role == Profile.Role.MENTOR
        and person.pk not in used
        and person.position is not None
    )


def _mentors_short(round: Round, people: Mapping[uuid.UUID, Person]) -> list[tuple[Person, int]]:
    """Mentors with fewer mentees than the round asks for, by name, and how many fewer."""
    short = dict((round.solution or {}).get("below_quota", ()))
    mentors = _named(
        person
        for person in people.values()
        if person.role == Profile.Role.MENTOR and person.position in short
    )
    return [(person, short[person.position]) for person in mentors]


def _named(people: Iterable[Person]) -> list[Person]:
    """By name, without those who were erased."""
    known = (person for person in people if person.participant)
    return sorted(known, key=lambda person: person.name.casefold())


def _gone(
    people: Mapping[uuid.UUID, Person], pairs: Sequence[Pair], previous: set[tuple[str, str]]
) -> list[tuple[Person, Person]]:
    """Pairs of the solve before that are no longer there."""
    now = {(str(pair.mentee.pk), str(pair.mentor.pk)) for pair in pairs}
    known = [(people.get(uuid.UUID(a)), people.get(uuid.UUID(b))) for a, b in previous - now]
    both = [(mentee, mentor) for mentee, mentor in known if mentee and mentor]
    return sorted(both, key=lambda pair: pair[0].name.casefold())
