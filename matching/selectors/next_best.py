"""Who is next when an offer came to nothing: exact, among those of the round who still wait.

Places and answers held by other offers and mentorships count as taken, pairs that were asked
before are not asked again, and the best pairs of all who are left decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.engine import (
    Problem,
    ProblemError,
    Solution,
    best_of_waiting,
    explain,
    fact_table,
)
from mentoring.models import Participant
from mentoring.selectors.participants import ready, why_not_matchable

from ..adapters import NO_PLACE_LEFT_FOR_MENTEE, barred_users
from ..models import Offer, Round, RoundParticipant
from ..reasons import WARNINGS, Part, facts_from_explanation, reasons_of_many, warnings_of
from ..whynot import why_not_in_words
from .look import index_of, parts_of

NO_PLACE = "no_place_left"
Pair = tuple[int, int]


@dataclass(frozen=True)
class NextPair:
    """Two people of the round who are next, with their points by the answers of the round."""

    mentee: Participant
    mentor: Participant
    points: int
    table: list[Part]
    warnings: list[Any]


@dataclass(frozen=True)
class Half:
    """One of the two of the offer: who is next for them, or `why` nobody is.

    `instead`: where nobody is, the pairs that the mentors who fit are in, best for all.
    """

    person: Participant
    pairs: list[NextPair]
    why: list[Any]
    instead: list[NextPair]


@dataclass(frozen=True)
class NextBest:
    round: Round
    halves: list[Half]


def next_best(offer: Offer) -> NextBest | None:
    """For both of an ended offer, by the last published round that the mentee was in.

    None when there is no such round, or when an older engine solved it. `offer` needs both people
    with user, profile and programme; a fixed number of queries.
    """
    rounds = Round.objects.filter(
        programme=offer.programme_id,
        published_at__isnull=False,
        people__participant=offer.mentee_id,
        people__position__isnull=False,
    )
    round = rounds.order_by("-published_at").first()
    if round is None:
        return None
    try:
        return NextBest(round, _Left(round).halves(offer))
    except ProblemError:
        return None


class _Left:
    """Who of a round still waits, which places are free, and the best pairs of those."""

    def __init__(self, round: Round) -> None:
        self.round = round
        self.problem = Problem.from_dict(round.problem or {})
        self.solution = Solution.from_dict(round.solution or {})
        self.waiting = np.zeros(self.problem.mentees, dtype=np.bool_)
        self.places = np.zeros(self.problem.mentors, dtype=np.int64)
        self.at: dict[str, dict[int, UUID]] = {"mentee": {}, "mentor": {}}
        self.users: dict[str, dict[UUID, int]] = {"mentee": {}, "mentor": {}}
        for person, user, role, position, free in _people(round):
            self.at[role][position] = person
            self.users[role][user] = position
            if role == "mentee":
                self.waiting[position] = free > 0
            else:
                self.places[position] = max(0, free)
        self.place_of = {pk: place for side in self.at.values() for place, pk in side.items()}
        self.apart = sorted(self._asked() | self._barred())
        self.mentor_of = best_of_waiting(
            self.problem,
            self.solution,
            waiting=self.waiting,
            places=self.places,
            apart=self.apart,
        )

    def _asked(self) -> set[Pair]:
        """Pairs that had an offer since the round: not again, whatever came of it."""
        offers = Offer.objects.filter(
            programme=self.round.programme_id, opened_at__gte=self.round.published_at
        )
        return {
            (self.place_of[mentee], self.place_of[mentor])
            for mentee, mentor in offers.values_list("mentee", "mentor")
            if mentee in self.place_of and mentor in self.place_of
        }

    def _barred(self) -> set[Pair]:
        """Pairs that became impossible since the round was solved."""
        mentees, mentors = self.users["mentee"], self.users["mentor"]
        return {
            (mentees[mentee], mentors[mentor])
            for mentee, mentor, _code in barred_users(mentees, mentors)
            if mentee in mentees and mentor in mentors
        }

    def halves(self, offer: Offer) -> list[Half]:
        """For the mentee and for the mentor, in this order."""
        mentee, mentor = (self.place_of.get(one.pk) for one in (offer.mentee, offer.mentor))
        mine = [] if mentee is None else self._of_mentee(mentee)
        theirs = [] if mentor is None else self._of_mentor(mentor)
        instead = [] if mine or mentee is None else self._instead(mentee)
        pairs = self._explained([*mine, *theirs, *instead])
        no_mentor = [] if mine else self._why_no_mentor(offer.mentee, mentee)
        no_mentee = [] if theirs else self._why_no_mentee(offer.mentor, mentor)
        return [
            Half(
                offer.mentee, [pairs[pair] for pair in mine], no_mentor, [pairs[p] for p in instead]
            ),
            Half(offer.mentor, [pairs[pair] for pair in theirs], no_mentee, []),
        ]

    def _of_mentee(self, mentee: int) -> list[Pair]:
        mentor = int(self.mentor_of[mentee])
        return [(mentee, mentor)] if mentor >= 0 else []

    def _of_mentor(self, mentor: int) -> list[Pair]:
        return [(mentee, mentor) for mentee in np.flatnonzero(self.mentor_of == mentor).tolist()]

    def _mentors_who_fit(self, mentee: int) -> Any:
        fits = fact_table(self.problem).possible([mentee], slice(None))[0]
        fits[[other for own, other in self.apart if own == mentee]] = False
        return fits

    def _mentees_who_fit(self, mentor: int) -> Any:
        fits = fact_table(self.problem).possible(slice(None), [mentor])[:, 0]
        fits[[own for own, other in self.apart if other == mentor]] = False
        return fits

    def _instead(self, mentee: int) -> list[Pair]:
        """Who gets the free places of the mentors who fit."""
        if not self.waiting[mentee]:
            return []
        fits = self._mentors_who_fit(mentee) & (self.places > 0)
        return [
            pair for mentor in np.flatnonzero(fits).tolist() for pair in self._of_mentor(mentor)
        ]

    def _why_no_mentor(self, person: Participant, mentee: int | None) -> list[Any]:
        blocked = _blocked(person, NO_PLACE_LEFT_FOR_MENTEE)
        if blocked:
            return blocked
        fits = self._mentors_who_fit(mentee) if mentee is not None else np.zeros(1, dtype=np.bool_)
        if not fits.any():
            return [_("No other mentor of this round meets the must-haves")]
        if not (fits & (self.places > 0)).any():
            text = ngettext(
                "%d other mentor fits, but has no free place now",
                "%d other mentors fit, but have no free place now",
                int(fits.sum()),
            )
            return [text % fits.sum()]
        return [_("The free places go to others: that is best for all who wait")]

    def _why_no_mentee(self, person: Participant, mentor: int | None) -> list[Any]:
        blocked = _blocked(person, NO_PLACE)
        if blocked:
            return blocked
        if mentor is None or not (self._mentees_who_fit(mentor) & self.waiting).any():
            return [_("No other mentee who waits meets the must-haves")]
        return [_("The mentees who fit get another mentor: that is best for all who wait")]

    def _explained(self, pairs: Sequence[Pair]) -> dict[Pair, NextPair]:
        """With people and reasons; two queries."""
        explained = [explain(self.problem, *pair) for pair in pairs]
        index = index_of(self.round)
        facts = [facts_from_explanation(explanation, index) for explanation in explained]
        words = reasons_of_many(facts)
        people = self._people_of(pairs)
        return {
            (mentee, mentor): NextPair(
                mentee=people[self.at["mentee"][mentee]],
                mentor=people[self.at["mentor"][mentor]],
                points=explanation.points,
                table=parts_of(explanation, reasons),
                warnings=[WARNINGS[code] for code in warnings_of(own)],
            )
            for (mentee, mentor), explanation, own, reasons in zip(
                pairs, explained, facts, words, strict=True
            )
        }

    def _people_of(self, pairs: Sequence[Pair]) -> Mapping[UUID, Participant]:
        wanted = {self.at["mentee"][mentee] for mentee, _mentor in pairs}
        wanted |= {self.at["mentor"][mentor] for _mentee, mentor in pairs}
        return Participant.objects.select_related("user", "profile").in_bulk(wanted)


def _people(round: Round) -> Iterable[tuple[UUID, UUID, str, int, int]]:
    """Participant, user, role, place in the arrays and places left of who can be matched now."""
    rows = RoundParticipant.objects.filter(
        round=round,
        position__isnull=False,
        participant__in=ready(Participant.objects.filter(programme=round.programme_id)).values(
            "pk"
        ),
    )
    left = F("participant__profile__places") - F("participant__profile__places_taken")
    return rows.values_list("participant", "participant__user", "role", "position", left)


def _blocked(person: Participant, full: str) -> list[Any]:
    """Why somebody cannot be matched now at all, in words."""
    codes = why_not_matchable(person)
    profile = person.profile
    if not codes and profile.places_taken >= profile.places:
        codes = [full]
    return why_not_in_words(codes)
