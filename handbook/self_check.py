"""The questions at the end of the briefing, with a kind reason for each answer.

They are read from the file that comes with the product, not from the database: a question, its
three answers and its reasons hang together in two languages, tests hold them to plain words and
to one right answer, and nobody asked to change them on screen (decision 0017).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from accounts.models.taxonomy import in_language

from .content_files import FOLDER


@dataclass(frozen=True)
class Answer:
    is_right: bool
    texts: dict[str, str]
    reasons: dict[str, str]

    def __str__(self) -> str:
        return in_language(self.texts)

    @property
    def reason(self) -> str:
        return in_language(self.reasons)


@dataclass(frozen=True)
class CheckQuestion:
    """`chapter` is the name of the chapter that says more about it."""

    key: str
    role: str
    chapter: str
    texts: dict[str, str]
    answers: tuple[Answer, ...]

    def __str__(self) -> str:
        return in_language(self.texts)


@cache
def all_questions() -> tuple[CheckQuestion, ...]:
    rows = json.loads((FOLDER / "_self_check.json").read_text(encoding="utf-8"))
    return tuple(
        CheckQuestion(
            key=row["key"],
            role=row["role"],
            chapter=row["chapter"],
            texts=row["questions"],
            answers=tuple(
                Answer(answer["right"], answer["texts"], answer["reasons"])
                for answer in row["answers"]
            ),
        )
        for row in rows
    )
