"""The profile questions, asked by staff of somebody at the desk or on the phone."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from accounts.views.profiles import (
    ProfileCheckView,
    ProfileOverviewView,
    ProfilePages,
    ProfileQuestionView,
)
from mentoring.models import Participant

from .people import managed


class OnBehalf(ProfilePages):
    """Answers go to the person's own profile, recorded as given on their behalf."""

    url_prefix = "desk:profile"

    def get_subject(self) -> Any:
        """Only while the person takes part, and only in the role of this enrolment."""
        participant = managed(self.request, self.kwargs["pk"])
        left = participant.state == Participant.State.WITHDRAWN
        if left or participant.role != self.kwargs["role"]:
            raise Http404
        return participant.user

    def url_args(self) -> list[Any]:
        return [self.kwargs["pk"]]

    def done_url(self) -> str:
        return reverse("desk:person_detail", args=[self.kwargs["pk"]])

    def other_profile_url(self) -> str:
        """The other role is another enrolment, with a page of its own."""
        return ""


class PersonProfileView(OnBehalf, ProfileOverviewView):
    pass


class PersonQuestionView(OnBehalf, ProfileQuestionView):
    pass


class PersonCheckView(OnBehalf, ProfileCheckView):
    pass
