"""The steps of an import: the file, its columns, who vouches for it, words we do not know."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import geo
from accounts.models import LegalText, Profile, Term
from reenter.common import clock
from reenter.common.forms import Form, RadioCards

from ..imports.fields import BY_CODE, FIELDS, TERM_FIELDS
from ..imports.mapping import Mapping, Statement
from .dates import DayInput

NOT_NEEDED = "-"
WORDS_AT_ONCE = 50
NOBODY_IN_FILE = _("The file holds column names and no people. Choose another file.")
EMPTY_FILE = _("The file is empty. Choose a file with a header row and people.")


class FileForm(Form):
    role = forms.ChoiceField(label=_("Who is on the list?"), widget=RadioCards)
    file = forms.FileField(
        label=_("The list, as CSV or Excel file"),
        help_text=_("The first row holds the names of the columns. At most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt"}),
        error_messages={"empty": EMPTY_FILE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (Profile.Role.MENTEE, _("People who want a mentor (mentees)")),
            (Profile.Role.MENTOR, _("Entrepreneurs who want to help (mentors)")),
        ]


class ColumnsForm(Form):
    """One question per column: which of our answers is it, or is it not needed?"""

    def __init__(
        self,
        *args: Any,
        columns: list[str],
        rows: list[list[str]],
        mapping: Mapping,
        role: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.mapping = mapping
        field_of = {column: code for code, column in mapping.columns.items()}
        choices: list[tuple[str, Any]] = [(NOT_NEEDED, _("Not needed: leave it out"))]
        choices += [
            (known.code, known.label)
            for known in FIELDS
            if known.code != "places" or role == Profile.Role.MENTOR
        ]
        for place, column in enumerate(columns):
            examples = list(dict.fromkeys(row[place] for row in rows[:50] if row[place]))[:3]
            name = f"column_{place}"
            self.fields[name] = forms.ChoiceField(
                label=column,
                choices=choices,
                initial=field_of.get(column, NOT_NEEDED),
                help_text=" · ".join(example[:40] for example in examples),
            )
            self._say_plainly(name, self.fields[name])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            code = data.get(f"column_{place}", NOT_NEEDED)
            if code == NOT_NEEDED:
                continue
            if code in seen:
                message = _("You already chose this answer for the column “%s”.") % seen[code]
                self.add_error(f"column_{place}", message)
            seen.setdefault(code, column)
        if "name" not in seen:
            self.add_error(None, _("Choose the column that holds the name."))
        if not {"email", "external_id"} & set(seen):
            self.add_error(
                None, _("Choose a column with an e-mail address or your own number, or both.")
            )
        self.chosen = seen
        return data

    def result(self) -> Mapping:
        """The mapping with these columns; all others are dropped."""
        used = set(self.chosen.values())
        drop = [column for column in self.columns if column not in used]
        return replace(self.mapping, columns=self.chosen, drop=drop)


class StatementForm(Form):
    """Who vouches for the list. Without it people are imported, but cannot be matched."""

    use_required_attribute = False  # the name and the day are needed for a ticked box only
    required_messages = {
        "by": _("Fill in the name of who recorded it."),
        "on": _("Fill in the day on which it was recorded."),
    }

    stated = forms.BooleanField(
        label=_("The people on this list know the text above and agreed to take part."),
        required=False,
    )
    briefed = forms.BooleanField(
        label=_("They read the code of conduct, or we talked it through with them."),
        required=False,
    )
    admitted = forms.BooleanField(
        label=_("We spoke to each of them and admit them to this programme."), required=False
    )
    by = forms.CharField(
        label=_("Who in your organisation recorded this?"),
        help_text=_("Needed when you ticked one of the first two boxes."),
        max_length=150,
    )
    on = forms.DateField(label=_("On which day?"), widget=DayInput)

    def __init__(self, *args: Any, mapping: Mapping, text: LegalText, **kwargs: Any) -> None:
        self.mapping = mapping
        self.text = text
        made = mapping.legal_basis or mapping.briefing
        kwargs.setdefault("initial", {})
        kwargs["initial"] |= {
            "stated": bool(mapping.legal_basis),
            "briefed": bool(mapping.briefing),
            "admitted": mapping.admitted,
            "by": made.by if made else "",
            "on": made.on if made else None,
        }
        super().__init__(*args, **kwargs)
        if self.is_bound and not {"stated", "briefed"} & set(self.data):
            self.fields["by"].required = self.fields["on"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("on") and data["on"] > clock.today():
            self.add_error("on", _("This day is still to come. Fill in a day in the past."))
        return data

    def result(self, conduct: LegalText) -> Mapping:
        """The mapping with what was stated; `conduct` is the code of conduct in force."""
        data = self.cleaned_data

        def statement(text: LegalText) -> Statement:
            return Statement(by=data["by"], on=data["on"], text=f"{text.code}/{text.version}")

        return replace(
            self.mapping,
            admitted=data["admitted"],
            legal_basis=statement(self.text) if data["stated"] else None,
            briefing=statement(conduct) if data["briefed"] else None,
        )


class WordsForm(Form):
    """Each word of the file that we do not know: which of our terms, or leave it out."""

    def __init__(
        self, *args: Any, unknown: dict[str, list[str]], mapping: Mapping, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mapping = mapping
        self.words: dict[str, tuple[str, str]] = {}
        pairs = [(code, word) for code, words in unknown.items() for word in words]
        terms = {code: self._terms(code) for code in unknown if code in TERM_FIELDS}
        self.later = max(0, len(pairs) - WORDS_AT_ONCE)
        for code, word in pairs[:WORDS_AT_ONCE]:
            name = self._name(code, word)
            self.words[name] = (code, word)
            self.fields[name] = forms.ChoiceField(
                label=word,
                choices=[
                    ("", _("Choose an answer")),
                    (NOT_NEEDED, _("Not needed: leave it out")),
                    *(terms[code] if code in terms else self._places(word)),
                ],
                help_text=str(BY_CODE[code].label),
            )
            self._say_plainly(name, self.fields[name])

    @staticmethod
    def _name(code: str, word: str) -> str:
        """The same word has the same name on a page that somebody else has changed since."""
        return f"word_{code}_{hashlib.sha256(word.encode()).hexdigest()[:16]}"

    @staticmethod
    def _terms(code: str) -> list[tuple[str, str]]:
        terms = Term.objects.of_kind(TERM_FIELDS[code]).offered().select_related("group")
        return [(term.code, str(term)) for term in terms]

    @staticmethod
    def _places(word: str) -> list[tuple[str, str]]:
        places = geo.find_places(word) or geo.similar_places(word)
        return [(str(place.id), str(place)) for place in places]

    def result(self) -> Mapping:
        values = {code: dict(pairs) for code, pairs in self.mapping.values.items()}
        for name, (code, word) in self.words.items():
            chosen = self.cleaned_data[name]
            values.setdefault(code, {})[word] = "" if chosen == NOT_NEEDED else chosen
        return replace(self.mapping, values=values)
