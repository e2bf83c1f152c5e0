"""Choosing from the taxonomy: everyday sentences with big targets, the less usual ones folded."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Term


class TermPicker(forms.widgets.ChoiceWidget):
    """Checkboxes in groups. A group without a name comes first; then the others are folded."""

    allow_multiple_selected = True
    input_type = "checkbox"
    template_name = "accounts/widgets/term_picker.html"
    add_id_index = True
    use_fieldset = True

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        groups = [(title, options) for title, options, _index in context["widget"]["optgroups"]]
        # Django numbers per group; the error summary points at the plain first number.
        for number, option in enumerate(o for _title, options in groups for o in options):
            option["attrs"]["id"] = self.id_for_label(context["widget"]["attrs"]["id"], number)
        context["widget"]["first"] = [o for title, options in groups if not title for o in options]
        context["widget"]["groups"] = [group for group in groups if group[0]]
        context["widget"]["unfolded"] = any(
            option["selected"] for title, options in groups if title for option in options
        )
        return context


class TermsField(forms.MultipleChoiceField):
    """Codes of chosen terms; `offer` fills in what there is to choose."""

    widget = TermPicker

    def __init__(self, *, most: int | None = None, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def offer(self, terms: list[Term], *, in_sentences: bool) -> None:
        """Group the terms; those marked `shown_first` stand above the folded groups."""
        first = [term for term in terms if term.shown_first]
        rest = [term for term in terms if not term.shown_first]

        def entry(term: Term) -> tuple[str, str]:
            return term.code, term.sentence if in_sentences else str(term)

        groups = groupby(rest, key=lambda term: term.group)
        choices = [("", [entry(term) for term in first])] if first else []
        choices += [(str(group), [entry(t) for t in members]) for group, members in groups]
        self.choices = choices

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if self.most and len(value) > self.most:
            raise ValidationError(too_many(len(value), self.most))


def too_many(ticked: int, most: int) -> str:
    """What to do when more is ticked than can be used."""
    return ngettext(
        "You ticked %(ticked)d, and %(most)d is the most. Take %(surplus)d tick away.",
        "You ticked %(ticked)d, and %(most)d is the most. Take %(surplus)d ticks away.",
        ticked - most,
    ) % {"ticked": ticked, "most": most, "surplus": ticked - most}


NOTHING_TICKED = _("Tick at least one answer.")
