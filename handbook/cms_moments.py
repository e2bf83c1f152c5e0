"""The screens where editors say which chapters are offered at which moment.

Wagtail's gate stands before them: only editors come here.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from reenter.common.errors import Refused

from .models import Moment, MomentReading
from .moment_overview import Choices, chapter_choices, overview
from .moments import PLACES, Place
from .services.moments import moment_set


class MomentForm(forms.Form):
    """One box per chapter that fits there; an empty one is skipped."""

    def __init__(self, *args: Any, place: Place, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, place.most + 1):
            self.fields[f"chapter_{number}"] = forms.ChoiceField(
                label=_("Chapter %(number)s") % {"number": number},
                choices=[("", _("No chapter")), *choices],
                required=False,
                # As wide as its longest title, it would not fit on a phone.
                widget=forms.Select(attrs={"class": "w-w-full"}),
            )

    def chapters(self) -> list[uuid.UUID]:
        """What was chosen, in order."""
        return [uuid.UUID(key) for key in self.cleaned_data.values() if key]


def moment_list(request: HttpRequest) -> HttpResponse:
    return render(request, "handbook/cms/moment_list.html", {"rows": overview()})


def moment_edit(request: HttpRequest, moment: str) -> HttpResponse:
    if moment not in Moment:
        raise Http404
    row = MomentReading.objects.filter(moment=moment).first()
    keys = enumerate(row.chapters if row else [], start=1)
    form = MomentForm(
        request.POST if request.method == "POST" else None,
        place=PLACES[moment],
        choices=chapter_choices(),
        initial={f"chapter_{number}": key for number, key in keys},
    )
    if request.method == "POST" and form.is_valid():
        try:
            moment_set(actor=request.user, moment=moment, chapters=form.chapters())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Readers see it from now on."))
            return redirect("handbook_moments")
    context = {"form": form, "moment": Moment(moment), "place": PLACES[moment]}
    return render(request, "handbook/cms/moment_edit.html", context)
