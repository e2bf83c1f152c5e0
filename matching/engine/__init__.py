"""The matching engine: arrays in, arrays out. No Django, no database, no names of people.

`assign` and `verify` work on bare points; `solve`, `explain`, `why_not` and
`shortlist` on a `Problem` of encoded answers. See docs/matching.md.
"""

from matching.engine.assignment import Assignment, Certificate, assign
from matching.engine.counterfactual import Change, Forced, WhyNot, why_not
from matching.engine.criteria import maximum_points
from matching.engine.encode import fact_table, memory_needed
from matching.engine.errors import ProblemError
from matching.engine.explanation import Explanation, Fact, Part, explain
from matching.engine.facts import FactTable
from matching.engine.instance import certified_instance
from matching.engine.problem import CRITERIA, FULL_SCORE, Problem, rank_weights
from matching.engine.ranking import Candidate, Shortlist, shortlist
from matching.engine.solution import Solution, solve, verify_solution
from matching.engine.unmatched import Unmatched
from matching.engine.verification import verify
from matching.engine.version import VERSION

__all__ = [
    "CRITERIA",
    "FULL_SCORE",
    "VERSION",
    "Assignment",
    "Candidate",
    "Certificate",
    "Change",
    "Explanation",
    "Fact",
    "FactTable",
    "Forced",
    "Part",
    "Problem",
    "ProblemError",
    "Shortlist",
    "Solution",
    "Unmatched",
    "WhyNot",
    "assign",
    "certified_instance",
    "explain",
    "fact_table",
    "maximum_points",
    "memory_needed",
    "rank_weights",
    "shortlist",
    "solve",
    "verify",
    "verify_solution",
    "why_not",
]
