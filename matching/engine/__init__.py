from matching.engine.assignment import Assignment, Certificate, assign
from matching.engine.errors import ProblemError
from matching.engine.verification import verify

__all__ = ["Assignment", "Certificate", "ProblemError", "assign", "verify"]
