"""What the keys and codes of one's own export mean, in words."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reenter.common.readable import Words

from .availability import SLOTS
from .forms.profiles import LEVELS
from .languages import language_choices
from .models import LegalBasis, LegalText, Profile
from .questions import BY_ROLE


def _languages() -> dict[str, str]:
    return dict(language_choices())


def _legal_texts() -> dict[str, str]:
    return {text.code: text.title for text in LegalText.objects.all()}


_QUESTIONS = {question.code: question.short for asked in BY_ROLE.values() for question in asked}

ACCOUNT = Words(
    title=_("My account"),
    labels={
        "name": _("Name"),
        "email": _("E-mail address"),
        "phone": _("Phone number"),
        "time_zone": _("Time zone"),
        "language": _("Language of mails and pages"),
        "forty_five_or_over": _("45 or over"),
        "created_at": _("Account made on"),
        "last_login": _("Last signed in"),
        "organisations": _("Works for"),
        "languages_as_facilitator": _("Languages"),
        "purposes": _("What we use your data for"),
        "purpose": _("For what"),
        "basis": _("Why we may"),
        "text": _("Text"),
        "version": _("Version"),
        "how": _("How it was recorded"),
        "given_at": _("Since"),
        "withdrawn_at": _("Stopped on"),
    },
    codes={
        "language": dict(settings.LANGUAGES),
        "languages_as_facilitator": _languages,
        "purposes.purpose": dict(LegalBasis.Purpose.choices),
        "purposes.basis": dict(LegalBasis.Basis.choices),
        "purposes.text": _legal_texts,
        "purposes.how": dict(LegalBasis.How.choices),
    },
)

PROFILES = Words(
    title=_("My answers"),
    labels={
        "role": _("Takes part as"),
        "languages": _("Languages"),
        "meeting": _("Online or in person"),
        "place_name": _("Town or village"),
        "latitude": _("Degrees north"),
        "longitude": _("Degrees east"),
        "travel_km": _("How far I travel, in km"),
        "pitch": _("Idea or business in one sentence"),
        "phase": _("Phase of the business"),
        "availability": _("When I have time"),
        "exchange": _("What I can share, or hope to learn"),
        "visible": _("My match may see"),
        "answered": _("Questions I answered or skipped"),
        "completed_at": _("Ready on"),
        "places": _("How many pairs at once"),
        "created_at": _("Begun on"),
        "chosen": _("What I chose"),
        "code": None,
        "answer": _("Answer"),
        "rank": _("How important, 1 is first"),
        "level": _("How well I know it"),
    },
    codes={
        "role": dict(Profile.Role.choices),
        "languages": _languages,
        "meeting": dict(Profile.Meeting.choices),
        "phase": dict(Profile.Phase.choices),
        "availability": dict(SLOTS),
        "visible": _QUESTIONS,
        "answered": _QUESTIONS,
        "chosen.level": dict(LEVELS),
    },
)
