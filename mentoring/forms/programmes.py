"""Making a programme and setting it up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_PLACES, Organisation, Profile, User
from reenter.common.forms import Form

from ..models import Programme
from .dates import DayInput

MAX_CHECK_INS = 20
MIN_DAYS_BETWEEN = 10


class ProgrammeCreateForm(Form):
    name = forms.CharField(label=_("Name of the programme"), max_length=150)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class DaysField(forms.CharField):
    """Days of the check-in plan, as "14, 30, 60"; at least ten days apart."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        words = text.replace(";", ",").replace(",", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) <= 3 for word in words):
            raise forms.ValidationError(_("Write days as numbers, for example: 14, 30, 60."))
        return sorted({int(word) for word in words})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not value:
            raise forms.ValidationError(_("Fill in at least one day."))
        if len(value) > MAX_CHECK_INS:
            raise forms.ValidationError(_("Fill in 20 days at most."))
        steps = [b - a for a, b in zip([0, *value], value, strict=False)]
        if min(steps) < MIN_DAYS_BETWEEN:
            raise forms.ValidationError(_("Leave at least ten days between two check-ins."))


class ProgrammeSettingsForm(Form):
    name = forms.CharField(label=_("Name of the programme"), max_length=150)
    intro = forms.CharField(
        label=_("About the programme"),
        help_text=_("Two or three sentences. People see this before they join."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=DayInput(),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
    )
    contact = forms.ModelChoiceField(
        label=_("Contact person"),
        help_text=_("This name and phone number stand on each page and mail."),
        queryset=User.objects.none(),
        required=False,
    )
    safeguarding_person = forms.ModelChoiceField(
        label=_("Safeguarding person"),
        help_text=_("Takes calls about unwanted behaviour. Pairs see this name and number."),
        queryset=User.objects.none(),
        required=False,
    )
    safeguarding_deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        help_text=_("Takes the call when it is about the safeguarding person."),
        queryset=User.objects.none(),
        required=False,
    )
    certificate_required = forms.BooleanField(
        label=_("Mentors show a certificate of conduct"),
        help_text=_("You note the day on which you saw it. Keep no copy."),
        required=False,
    )
    exclude_competitors = forms.BooleanField(
        label=_("Do not pair people who could be competitors"), required=False
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
    rhythm_days = forms.IntegerField(
        label=_("Days between two meetings"),
        help_text=_("What you advise to pairs. Usually 14."),
        min_value=7,
        max_value=31,
    )
    check_in_days = DaysField(
        label=_("Days on which we ask how it goes"),
        help_text=_("Counted from the start of the pair, for example: 14, 30, 60."),
        max_length=120,
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        initial = {name: getattr(programme, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        staff = User.objects.filter(memberships__organisation=programme.organisation)
        for name in ("contact", "safeguarding_person", "safeguarding_deputy"):
            self.fields[name].queryset = staff.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        person, deputy = data.get("safeguarding_person"), data.get("safeguarding_deputy")
        if person and person == deputy:
            self.add_error("safeguarding_deputy", _("Choose two different people."))
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day lies before the first day."))
        return data


class JoinForm(Form):
    """Which role: the two buttons of the join page."""

    role = forms.ChoiceField(choices=Profile.Role, widget=forms.HiddenInput)
