"""Reads about programmes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import LegalText, Profile
from reenter.common.contact import Contact

from ..models import Participant, Programme
from ..models.programmes import ProgrammeQuerySet

CRITERIA = {
    "goals": gettext_lazy("Goals and expertise"),
    "lived": gettext_lazy("What they have lived through"),
    "bonds": gettext_lazy("What they share"),
    "sector": gettext_lazy("Sector"),
    "availability": gettext_lazy("Time"),
    "place": gettext_lazy("Place"),
}


def contact_lines(programme: Programme) -> list[str]:
    """Who to turn to, with a phone number: the last lines of every mail and page.

    Uses `programme.contact` and `programme.organisation` (select them with the programme). In the
    language that is active. Falls back on the site's own number where no contact is named.
    """
    contact = programme_contact(programme)
    return [contact.name, _("Do you have a question? Call %(phone)s.") % {"phone": contact.phone}]


def programme_contact(programme: Programme) -> Contact:
    """The facilitator whom people of this programme call."""
    contact, organisation = programme.contact, str(programme.organisation)
    if contact is None:
        return Contact(organisation, settings.CONTACT_PHONE, programme)
    phone = contact.phone or settings.CONTACT_PHONE
    return Contact(f"{contact.name}, {organisation}", phone, programme)


def facilitator_of(user: Any) -> Contact | None:
    """The one to call in the programme that the person joined last, if they take part in any."""
    enrolments = Participant.objects.filter(user=user).enrolled().order_by("-created_at")
    newest = enrolments.select_related("programme__contact", "programme__organisation").first()
    return programme_contact(newest.programme) if newest else None


def open_programmes(user: Any) -> list[Programme]:
    """What one can join today; `mine` tells in how many roles this person takes part already."""
    rows = Programme.objects.open().select_related("organisation", "contact")
    if user.is_authenticated:
        here = Q(participants__user=user) & ~Q(participants__state=Participant.State.WITHDRAWN)
        rows = rows.annotate(mine=Count("participants", filter=here))
    return list(rows)


def programmes_to_set_up(user: Any) -> ProgrammeQuerySet:
    """Facilitators set up their own; an admin sets up any, and sees nobody in it."""
    rows = Programme.objects.all() if user.is_superuser else Programme.objects.visible_to(user)
    return rows.select_related("organisation", "contact")


def participations(
    user: Any, programme: Programme | None = None, *, slug: str = ""
) -> list[Participant]:
    """A person's enrolments in one programme: none, one, or one per role."""
    if not user.is_authenticated:
        return []
    rows = Participant.objects.filter(user=user).select_related(
        "user", "programme__contact", "programme__organisation"
    )
    rows = rows.filter(programme=programme) if programme else rows.filter(programme__slug=slug)
    return list(rows.order_by("role"))


def briefing_texts(roles: Iterable[str]) -> list[LegalText]:
    """The newest code of conduct, and the newest briefing of each role, in reading order."""
    codes = ["code_of_conduct", *(f"briefing_{role}" for role in roles)]
    newest: dict[str, LegalText] = {}
    for text in LegalText.objects.filter(code__in=codes).order_by("version"):
        newest[text.code] = text
    return [newest[code] for code in codes if code in newest]


def criteria_in_words(programme: Programme) -> list[tuple[Any, int]]:
    """The weights as whole percentages, as staff read them."""
    return [
        (label, round(100 * programme.weights.get(code, 0))) for code, label in CRITERIA.items()
    ]


@dataclass(frozen=True)
class Counts:
    """How many people stand where in one programme."""

    applied: int
    spoken_to: int
    admitted: int
    not_now: int
    withdrawn: int
    mentees: int
    mentors: int


def counts(programme: Programme) -> Counts:
    states = {str(state): Count("pk", filter=Q(state=state)) for state in Participant.State.values}
    enrolled = ~Q(state=Participant.State.WITHDRAWN)
    return Counts(
        **Participant.objects.filter(programme=programme).aggregate(
            mentees=Count("pk", filter=enrolled & Q(role=Profile.Role.MENTEE)),
            mentors=Count("pk", filter=enrolled & Q(role=Profile.Role.MENTOR)),
            **states,
        )
    )
