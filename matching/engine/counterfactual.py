"""`why_not`: what would happen if two given people were paired, as a lock would force it."""

from dataclasses import dataclass
from typing import Any

from matching.engine.explanation import Explanation, check_pair, explain
from matching.engine.free import free_part
from matching.engine.musthaves import failed_codes
from matching.engine.problem import NO_PLACE_LEFT, Problem
from matching.engine.solution import Solution
from matching.engine.whatif import Forced, price

LOCKED_ELSEWHERE = "locked_elsewhere"


@dataclass(frozen=True, eq=False)
class WhyNot:
    """Answer of `why_not`.

    explanation: score and facts of the pair. paired: they are a pair already.
    failed: why they cannot be (see `obstacles`). forced: None when something fails.
    """

    mentee: int
    mentor: int
    explanation: Explanation
    paired: bool
    failed: tuple[str, ...]
    forced: Forced | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, safe for JSON."""
        forced = None
        if self.forced:
            forced = vars(self.forced) | {
                "mentor_of": self.forced.mentor_of.tolist(),
                "changes": [vars(change) for change in self.forced.changes],
                "losers": [vars(change) for change in self.forced.losers],
            }
        return {
            "mentee": self.mentee,
            "mentor": self.mentor,
            "explanation": self.explanation.to_dict(),
            "paired": self.paired,
            "failed": list(self.failed),
            "forced": forced,
        }


def obstacles(problem: Problem, mentee: int, mentor: int) -> list[str]:
    """Why these two cannot be locked: must-haves that fail (see `failed_codes`), or a place or a
    mentee that is locked away. Empty when they can."""
    failed = list(failed_codes(problem, mentee, mentor))
    free = free_part(problem)
    if free.locked[mentee] not in (-1, mentor):
        failed.append(LOCKED_ELSEWHERE)
    kept = free.locked[mentee] == mentor
    if not kept and mentor not in free.columns and NO_PLACE_LEFT not in failed:
        failed.append(NO_PLACE_LEFT)
    return failed


def why_not(problem: Problem, solution: Solution, mentee: int, mentor: int) -> WhyNot:
    """Why these two are not a pair, and what pairing them would cost, exactly.

    solution: the result of `solve(problem)`. Raises `ProblemError` for a number
    that is nobody's. Locked pairs stay as they are. O((n + m) d) for every person
    on a chain, d facts each.
    """
    check_pair(problem, mentee, mentor)
    mentee, mentor = int(mentee), int(mentor)
    found = explain(problem, mentee, mentor)
    paired = bool(solution.mentor_of[mentee] == mentor)
    failed = obstacles(problem, mentee, mentor)
    forced = None
    if not failed:
        forced = price(problem, solution, together=[] if paired else [(mentee, mentor)])
    return WhyNot(mentee, mentor, found, paired, tuple(failed), forced)
