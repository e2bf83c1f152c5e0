"""The rules of a round, decisions about pairs, and the filter of the board."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_PLACES
from matching.engine import CRITERIA, FULL_SCORE, maximum_points
from reenter.common.forms import Form

from ..models import Round
from ..reasons import CRITERIA as LABELS
from ..reasons import WARNINGS
from ..roundwords import EFFECTS
from ..services.rounds import PERCENT

Choices = Iterable[tuple[Any, Any]]


class RoundForm(Form):
    """Weights in whole percent; each says in words what it does."""

    minimum_points = forms.IntegerField(
        label=_("Minimum score"),
        help_text=_("From 0 to 10,000 points. A pair below it is not proposed."),
        min_value=0,
        max_value=FULL_SCORE,
    )
    exclude_competitors = forms.BooleanField(
        label=_("Leave out pairs in the same kind of work: they could be competitors"),
        required=False,
    )
    floor_first = forms.BooleanField(
        label=_("Make the weakest pair as good as possible first"),
        help_text=_("Then nobody gets a poor match to give others a better one."),
        required=False,
    )

    lower_quota = forms.IntegerField(
        label=_("At least this many mentees for each mentor"),
        help_text=_("From 0 to 3, where it can be. 0 asks for nothing. Nobody is left out for it."),
        min_value=0,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"class": "input-short"}),
        error_messages={"required": _("Fill in a number from 0 to 3.")},
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        start = {f"weight_{name}": percent(round.weights[name]) for name in CRITERIA}
        start |= {name: getattr(round, name) for name in self.base_fields}
        super().__init__(*args, initial=start, **kwargs)
        most = dict(zip(CRITERIA, maximum_points(round.weights), strict=True))
        for name in CRITERIA:
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=LABELS[name],
                help_text=gettext("%(effect)s Now up to %(points)s of 10,000 points.")
                % {
                    "effect": EFFECTS[name],
                    "points": number_format(most[name], force_grouping=True),
                },
                min_value=0,
                max_value=PERCENT,
                widget=forms.NumberInput(attrs={"class": "input-short"}),
                error_messages={"required": gettext("Fill in a percentage, or 0.")},
            )
        self.order_fields([f"weight_{name}" for name in CRITERIA])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get(f"weight_{name}") for name in CRITERIA]
        total = sum(weight for weight in given if weight is not None)
        if None not in given and total != PERCENT:
            raise forms.ValidationError(
                gettext("The weights add up to %(total)d percent. Make them add up to 100.")
                % {"total": total}
            )
        return data

    def rules(self) -> dict[str, Any]:
        """What `round_configure` takes."""
        data = self.cleaned_data
        return {
            "weights": {name: data[f"weight_{name}"] for name in CRITERIA},
        } | {name: data[name] for name in self.base_fields}


def percent(weight: float) -> int:
    return round(PERCENT * weight)


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Why do you decide this?"),
        help_text=_("Only staff see this. It is kept with your name and the date."),
        max_length=300,
    )
    required_messages = {"reason": _("Write in a few words why.")}


class ForbidForm(ReasonForm):
    never_again = forms.BooleanField(
        label=_("Never again: in later rounds and programmes too"), required=False
    )


class OtherPairForm(Form):
    """The first step of an exchange; what it costs comes next."""

    other = forms.ChoiceField(
        label=_("With which pair do they exchange mentors?"),
        error_messages={"required": _("Choose the other pair.")},
    )

    def __init__(self, *args: Any, pairs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", _("Choose a pair")), *pairs]  # type: ignore[attr-defined]


class SwapForm(ReasonForm):
    other = forms.UUIDField(widget=forms.HiddenInput)


class WhyNotForm(Form):
    """Two people by their place in the round: no name stands in an address."""

    mentee = forms.TypedChoiceField(label=_("Mentee"), coerce=uuid.UUID)
    mentor = forms.TypedChoiceField(label=_("Mentor"), coerce=uuid.UUID)
    required_messages = {"mentee": _("Choose a mentee."), "mentor": _("Choose a mentor.")}

    def __init__(self, *args: Any, mentees: Choices, mentors: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentee"].choices = [("", _("Choose a mentee")), *mentees]  # type: ignore[attr-defined]
        self.fields["mentor"].choices = [("", _("Choose a mentor")), *mentors]  # type: ignore[attr-defined]


class LeaveOutForm(Form):
    people = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("People"),
        error_messages={
            "required": _("Choose at least one person."),
            "invalid_choice": _("Somebody in your choice is no longer here. Choose again."),
            "invalid_pk_value": _("Somebody in your choice is no longer here. Choose again."),
        },
    )
    reason = forms.CharField(
        label=_("Why do you leave them out?"),
        help_text=_("Only staff see this."),
        max_length=300,
    )
    required_messages = {"reason": _("Write in a few words why.")}

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class PeopleFilterForm(Form):
    unmarked = ("role", "taking_part")
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("All")), ("mentee", _("Mentees")), ("mentor", _("Mentors"))],
        required=False,
    )
    taking_part = forms.ChoiceField(
        label=_("Taking part"),
        choices=[("", _("All")), ("yes", _("Takes part")), ("no", _("Left out"))],
        required=False,
    )


class BoardFilterForm(Form):
    """Codes in the address; what does not exist is ignored, never an error."""

    unmarked = ("sort", "show", "band")

    sort = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("", _("Most points first")),
            ("points_up", _("Fewest points first")),
            ("name", _("By name")),
            ("waiting", _("Longest waiting first")),
        ],
        required=False,
    )
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("All pairs")),
            ("locked", _("Kept together by staff")),
            ("new", _("New since the last time")),
            ("warning", _("With a warning")),
            ("no_warning", _("Without a warning")),
            *WARNINGS.items(),
        ],
        required=False,
    )
    band = forms.ChoiceField(
        label=_("Points"),
        choices=[
            ("", _("All points")),
            ("strong", _("7,500 or more")),
            ("middle", _("5,000 to 7,499")),
            ("weak", _("Below 5,000")),
        ],
        required=False,
    )
