"""From rows and a mapping to what would be written, with every problem by row and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts import geo
from accounts.models import Profile, Term

from . import fields
from .fields import CellError
from .mapping import Mapping
from .tables import Table


@dataclass(frozen=True)
class Problem:
    """Row 0 means the file as a whole."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.row:
            return f"{self.column}: {self.message}" if self.column else self.message
        place = _("Row %(row)s, column “%(column)s”") % {"row": self.row, "column": self.column}
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class Person:
    """One row, understood. `terms` are (term id, number): the rank of a goal, or the level."""

    row: int
    answers: dict[str, Any]
    terms: list[tuple[Any, int | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """`unknown`: per field the words of the file that stand for none of our terms."""

    people: list[Person]
    problems: list[Problem]
    unknown: dict[str, list[str]] = field(default_factory=dict)


class Terms:
    """Finds a term by its code, the tail of its code, or its label in any language."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {kind: {} for kind in fields.TERM_FIELDS.values()}
        for term in Term.objects.filter(is_active=True).select_related("group"):
            known = self._known.get(term.group.kind, {})
            for name in {term.code, term.code.partition("-")[2], *term.labels.values()} - {""}:
                known.setdefault(name.casefold(), term.pk)
            known[term.code.casefold()] = term.pk

    def find(self, kind: str, text: str) -> Any:
        """The id of the term; None when there is none."""
        return self._known[kind].get(text.casefold())


def read_people(table: Table, mapping: Mapping, role: str) -> Reading:
    """Understand every row. Never stops at the first problem: all of them come back."""
    problems = list(_column_problems(table, mapping))
    if problems:
        return Reading([], problems)
    reader = _Reader(table, mapping, role)
    people = [
        reader.person(row, number) for row, number in zip(table.rows, table.numbers, strict=True)
    ]
    if not people:
        reader.problems.append(Problem(0, "", _("The file holds a header but no people.")))
    reader.problems.extend(_repeated(people, mapping))
    problems = sorted(reader.problems, key=lambda p: p.row)
    return Reading(people, problems, reader.unknown)


def _column_problems(table: Table, mapping: Mapping) -> Iterable[Problem]:
    for code, column in mapping.columns.items():
        if column not in table.columns:
            yield Problem(
                0, column, _("The mapping uses it for “%s”, but the file lacks it.") % code
            )
    for column in sorted(set(table.columns) - set(mapping.columns.values()) - set(mapping.drop)):
        yield Problem(0, column, _("Say what this column is, or that it is not needed."))
    if "name" not in mapping.columns:
        yield Problem(0, "", _("No column holds the name. Choose the one that does."))
    if not {"email", "external_id"} & set(mapping.columns):
        yield Problem(
            0, "", _("Choose a column with an e-mail address or your own number, or both.")
        )


def _repeated(people: list[Person], mapping: Mapping) -> Iterable[Problem]:
    for code in ("external_id", "email"):
        seen: dict[str, int] = {}
        for person in people:
            value = person.answers.get(code)
            if value and value in seen:
                yield Problem(
                    person.row,
                    mapping.columns[code],
                    _("“%(value)s” stands in row %(row)s as well.")
                    % {"value": value, "row": seen[value]},
                )
            elif value:
                seen[value] = person.row


class _Reader:
    def __init__(self, table: Table, mapping: Mapping, role: str) -> None:
        self.mapping = mapping
        self.role = role
        self.places = {code: table.columns.index(name) for code, name in mapping.columns.items()}
        self.terms = Terms()
        self.problems: list[Problem] = []
        self.unknown: dict[str, list[str]] = {}
        self.found_places: dict[str, list[geo.Place]] = {}

    def person(self, row: list[str], number: int) -> Person:
        person = Person(number, {})
        for code, place in self.places.items():
            try:
                self._take(person, code, row[place])
            except CellError as error:
                self.problems.append(Problem(number, self.mapping.columns[code], str(error)))
        self._check(person)
        return person

    def _take(self, person: Person, code: str, text: str) -> None:
        if code == "place":
            person.answers.update(self._place(text))
            return
        if code not in fields.LIST_FIELDS:
            text = self.mapping.values.get(code, {}).get(text, text)
            if text:
                person.answers[code] = fields.PARSERS[code](text)
            return
        parts = fields.split(text, self.mapping.separator)
        if code in fields.TERM_FIELDS:
            person.terms.extend(self._terms(person.row, code, parts))
            return
        parts = list(dict.fromkeys(filter(None, (self._translated(code, p) for p in parts))))
        if parts:
            person.answers[code] = [fields.PARSERS[code](part) for part in parts]

    def _place(self, text: str) -> dict[str, Any]:
        """Name and position; nothing for an empty cell, or a word that the mapping leaves out."""
        meant = self._translated("place", text)
        if not meant:
            return {}
        if text not in self.found_places:
            self.found_places[text] = self._places_meant(text, meant)
        places = self.found_places[text]
        if len(places) != 1:
            self._note_word("place", text)
            raise CellError(_which_place(text, places))
        place = places[0]
        return {
            "place_name": place.name,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }

    def _places_meant(self, text: str, meant: str) -> list[geo.Place]:
        if meant != text and meant.isdecimal():  # chosen on the page, by the number of a place
            place = geo.place_of(int(meant))
            return [place] if place else []
        return geo.find_places(meant)

    def _translated(self, code: str, part: str) -> str:
        return self.mapping.values.get(code, {}).get(part, part)

    def _terms(self, row: int, code: str, parts: list[str]) -> list[tuple[Any, int | None]]:
        found: dict[Any, int | None] = {}
        for part in parts:
            name, level = self._level(part) if code == "topics" else (part, None)
            if not self._translated(code, name):
                continue
            term = self._find(code, name)
            if term is None:
                self._note_unknown(row, code, name)
                continue
            ranked = code == "topics" and self.role == Profile.Role.MENTEE
            found.setdefault(term, len(found) + 1 if ranked else level)
        if code == "topics" and len(found) > fields.MAX_TOPICS[Profile.Role(self.role)]:
            raise CellError(
                _("%(count)s topics are too many; at most %(limit)s.")
                % {"count": len(found), "limit": fields.MAX_TOPICS[Profile.Role(self.role)]}
            )
        return list(found.items())

    def _level(self, part: str) -> tuple[str, int | None]:
        """`2.4:3` is a topic with a level; a mentor's topic without one counts as known well."""
        name, colon, level = part.rpartition(":")
        if self.role == Profile.Role.MENTEE:
            return (name, None) if colon else (part, None)
        if not colon:
            return part, 2
        if level.strip() not in ("1", "2", "3"):
            raise CellError(_("The level in “%s” is not 1, 2 or 3.") % part)
        return name.strip(), int(level)

    def _find(self, code: str, name: str) -> Any:
        kind, prefix = fields.TERM_FIELDS[code], self.mapping.prefixes.get(code, "")
        meant = self._translated(code, name)
        term = self.terms.find(kind, prefix + meant)
        if term is None and meant != name:  # explained on the page, by the whole code of a term
            term = self.terms.find(kind, meant)
        return term

    def _note_word(self, code: str, name: str) -> None:
        words = self.unknown.setdefault(code, [])
        if name not in words:
            words.append(name)

    def _note_unknown(self, row: int, code: str, name: str) -> None:
        self._note_word(code, name)
        message = _("We do not know “%s”. Choose which of ours it is, or that it is not needed.")
        self.problems.append(Problem(row, self.mapping.columns[code], message % name))

    def _check(self, person: Person) -> None:
        column = self.mapping.columns
        if not person.answers.get("name"):
            self.problems.append(Problem(person.row, column["name"], _("Fill in a name.")))
        wrong = {problem.column for problem in self.problems if problem.row == person.row}
        told = wrong & {column.get("email"), column.get("external_id")}
        if not told and not {"email", "external_id"} & set(person.answers):
            name = column.get("email") or column["external_id"]
            message = _("Fill in an e-mail address or a number of your own.")
            self.problems.append(Problem(person.row, name, message))
        if self.role == Profile.Role.MENTEE and person.answers.get("forty_five_or_over") is False:
            name = column["forty_five_or_over"]
            self.problems.append(
                Problem(person.row, name, _("Mentees are 45 or over. Take this person out."))
            )


def _which_place(text: str, places: list[geo.Place]) -> str:
    if not places:
        message = _("We do not know the place “%s”. Write a town nearby, or leave it empty.")
        return message % text
    return _("“%(value)s” can be %(places)s. Write the country or a town nearby after a comma.") % {
        "value": text,
        "places": "; ".join(map(str, places)),
    }
