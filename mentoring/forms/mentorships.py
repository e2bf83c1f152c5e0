"""What the two of a pair fill in: a message, a meeting, a reason to stop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import FilterForm, Form, RadioCards

from ..models import Mentorship, Programme, StaffContact
from ..services.messages import LONGEST
from ..signals import TEXTS
from .dates import DayInput

EndReason = Mentorship.EndReason
# Leaving the programme is recorded by leaving it.
STOP_REASONS = [choice for choice in EndReason.choices if choice[0] != EndReason.LEFT]
SIDES = [
    ("mentee", _("The mentee wants to stop")),
    ("mentor", _("The mentor wants to stop")),
    ("programme", _("The programme ends it")),
]
ABOUT = [
    (kind, TEXTS[kind])
    for kind in (
        "not_good_fit",
        "low_satisfaction",
        "silent",
        "no_first_meeting",
        "check_in_unanswered",
    )
] + [("end_near", _("The closing talk"))]
QUIET = [(7, _("1 week")), (14, _("2 weeks")), (28, _("4 weeks")), (0, _("Do not rest"))]


class MessageForm(Form):
    """The text is kept as typed; too long says by how much, and loses nothing."""

    required_messages = {"body": _("Write your message first.")}
    body = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        error_messages={
            "max_length": _(
                "Your message has %(show_value)d characters. Use at most %(limit_value)d."
            )
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser that cuts off silently loses text; the server says what to do.
        self.fields["body"].widget.attrs.pop("maxlength", None)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MeetingForm(Form):
    """A day and a time on the wall clock of the person who fills it in."""

    required_messages = {"day": _("Choose a day."), "time": _("Choose a time.")}
    day = forms.DateField(
        label=_("Day"),
        widget=DayInput(),
        error_messages={"invalid": _("Write the day like 31-12-2026.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        widget=TimeInput(),
        error_messages={"invalid": _("Write the time like 14:30.")},
    )

    def starts_at(self) -> datetime:
        """In the active zone; an hour that a clock change skips moves on by itself."""
        moment = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(moment)


class StopForm(Form):
    required_messages = {"reason": _("Choose a reason. Only staff see it.")}
    reason = forms.ChoiceField(
        label=_("Why do you stop?"),
        help_text=_("Only staff of the programme see this. Your match does not."),
        choices=STOP_REASONS,
        widget=RadioCards(),
    )
    wants_match = forms.BooleanField(label=_("I would like another match"), required=False)


class StaffStopForm(Form):
    required_messages = {
        "side": _("Choose who wants to stop."),
        "reason": _("Choose a reason."),
    }
    side = forms.ChoiceField(label=_("Who wants to stop?"), choices=SIDES, widget=RadioCards())
    reason = forms.ChoiceField(label=_("Why?"), choices=STOP_REASONS, widget=RadioCards())
    wants_match = forms.BooleanField(
        label=_("This person would like another match"), required=False
    )


class PairFilterForm(FilterForm):
    """The filters above the list of pairs."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Mentorship.State.choices]
    )

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(programme.slug, programme.name) for programme in programmes]
        self.fields["programme"].choices = [("", _("All")), *known]  # type: ignore[attr-defined]


class PairContactForm(Form):
    """Staff spoke to one of the two about the pair; the task may rest for a while."""

    who = forms.ChoiceField(label=_("Who did you speak to?"))
    about = forms.ChoiceField(label=_("What was it about?"), choices=ABOUT)
    how = forms.ChoiceField(label=_("How?"), choices=StaffContact.How)
    quiet_days = forms.TypedChoiceField(
        label=_("Take it off my list for"), coerce=int, choices=QUIET, initial=14
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only staff of this programme see it. Write nothing about health or faith."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("mentee", mentorship.mentee.user.name),
            ("mentor", mentorship.mentor.user.name),
        ]
