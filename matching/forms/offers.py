"""Answers to offers, by the person or by staff, and the filter of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentoring.models import Programme
from reenter.common.forms import Form

from ..models import Offer


class DeclineForm(Form):
    reason = forms.ChoiceField(
        label=_("What is the reason?"),
        help_text=_("Only staff see this. It helps us to find somebody who fits better."),
        choices=Offer.DeclineReason.choices,
        widget=forms.RadioSelect,
    )
    required_messages = {"reason": _("Choose the reason that comes closest.")}


class RecordAnswerForm(Form):
    """Staff write down what somebody told them."""

    answer = forms.ChoiceField(
        label=_("What did the person say?"),
        choices=[("yes", _("Yes, I want to meet")), ("no", _("No, not this match"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("If no: what is the reason?"),
        help_text=_("The other person never sees this."),
        choices=[("", _("Choose a reason")), *Offer.DeclineReason.choices],
        required=False,
    )
    required_messages = {"answer": _("Choose yes or no.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == Offer.Answer.NO and not data.get("reason"):
            self.add_error("reason", _("Choose the reason that comes closest."))
        return data


class WithdrawForm(Form):
    note = forms.CharField(
        label=_("Why do you take this offer back?"),
        help_text=_("Only staff see this."),
        max_length=300,
    )
    required_messages = {"note": _("Write in a few words why.")}


class SingleOfferForm(Form):
    note = forms.CharField(
        label=_("Why do you match these two now?"),
        help_text=_("Only staff see this."),
        max_length=300,
    )
    required_messages = {"note": _("Write in a few words why.")}


class OfferFilterForm(Form):
    """A filter in the address; what does not exist is ignored, never an error."""

    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("All programmes"),
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), ("call", _("To call about")), *Offer.State.choices],
        required=False,
    )

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
