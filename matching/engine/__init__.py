"""The matching engine: arrays in, arrays out. No Django, no database, no names of people.

`assign` and `verify` work on bare points; `solve`, `explain`, `why_not`, `price`,
`best_of_waiting` and `shortlist` on a `Problem` of encoded answers. See docs/matching.md.
"""

from matching.engine.assignment import Assignment, Certificate, assign
from matching.engine.blocks import Shared
from matching.engine.counterfactual import WhyNot, obstacles, why_not
from matching.engine.criteria import maximum_points
from matching.engine.encode import fact_table, memory_needed
from matching.engine.errors import SIZE, ProblemError
from matching.engine.explanation import Explanation, Fact, Part, explain
from matching.engine.facts import FactTable
from matching.engine.free import free_part
from matching.engine.groups import Joined, joined
from matching.engine.optimum import Cover, Optimum, Patience
from matching.engine.problem import CRITERIA, FULL_SCORE, Problem, rank_weights
from matching.engine.ranking import Candidate, Shortlist, shortlist
from matching.engine.solution import Solution, solve, verify_solution
from matching.engine.stable import blocking_pairs, stable_match
from matching.engine.unmatched import Unmatched
from matching.engine.verification import verify
from matching.engine.verify_facts import verify_facts
from matching.engine.version import VERSION
from matching.engine.whatif import Change, Forced, best_of_waiting, price

__all__ = [
    "CRITERIA",
    "FULL_SCORE",
    "SIZE",
    "VERSION",
    "Assignment",
    "Candidate",
    "Certificate",
    "Change",
    "Cover",
    "Explanation",
    "Fact",
    "FactTable",
    "Forced",
    "Joined",
    "Optimum",
    "Part",
    "Patience",
    "Problem",
    "ProblemError",
    "Shared",
    "Shortlist",
    "Solution",
    "Unmatched",
    "WhyNot",
    "assign",
    "best_of_waiting",
    "blocking_pairs",
    "explain",
    "fact_table",
    "free_part",
    "joined",
    "maximum_points",
    "memory_needed",
    "obstacles",
    "price",
    "rank_weights",
    "shortlist",
    "solve",
    "stable_match",
    "verify",
    "verify_facts",
    "verify_solution",
    "why_not",
]
