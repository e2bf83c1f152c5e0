"""The profile questions, asked by staff of somebody at the desk or on the phone."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from accounts.views.profiles import (
    ProfileCheckView,
    ProfileOverviewView,
    ProfilePages,
    ProfileQuestionView,
)
from mentoring.models import Participant
from mentoring.selectors.programmes import programme_contact

from .people import managed


class OnBehalf(ProfilePages):
    """Answers go to the person's own profile, recorded as given on their behalf."""

    url_prefix = "desk:profile"

    @cached_property
    def participant(self) -> Participant:
        return managed(self.request, self.kwargs["pk"])

    def get_subject(self) -> Any:
        """Only while the person takes part, and only in the role of this enrolment."""
        left = self.participant.state == Participant.State.WITHDRAWN
        if left or self.participant.role != self.kwargs["role"]:
            raise Http404
        return self.participant.user

    def url_args(self) -> list[Any]:
        return [self.kwargs["pk"]]

    def done_url(self) -> str:
        return reverse("desk:person_detail", args=[self.kwargs["pk"]])

    def page(self, template: str, **context: Any) -> HttpResponse:
        """The number to call is the one that the person at the desk would call."""
        contact = programme_contact(self.participant.programme)
        return super().page(template, contact_person=contact, **context)

    def other_profile_url(self) -> str:
        """The other role is another enrolment, with a page of its own."""
        return ""


class PersonProfileView(OnBehalf, ProfileOverviewView):
    pass


class PersonQuestionView(OnBehalf, ProfileQuestionView):
    pass


class PersonCheckView(OnBehalf, ProfileCheckView):
    pass
