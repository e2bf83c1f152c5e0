"""Changes that span the apps below."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import LegalBasis
from accounts.selectors.people import legal_text_current
from accounts.services.basis import legal_basis_record
from accounts.services.people import user_create
from accounts.services.profiles import profile_get_or_create
from mentoring.models import Participant, Programme
from mentoring.services.participants import participant_enrol


@transaction.atomic
def person_register(
    *,
    actor: Any,
    programme: Programme,
    role: str,
    name: str,
    email: str,
    phone: str,
    language: str,
    forty_five_or_over: bool,
) -> Participant:
    """Make an account for somebody beside or on the phone with staff, and enrol them.

    Records that the privacy text was told, and by whom. Raises Refused
    for an address in use.
    """
    text = legal_text_current("privacy")
    user = user_create(
        actor=actor,
        name=name,
        email=email or None,
        phone=phone,
        language=language,
        time_zone=settings.TIME_ZONE,
        forty_five_or_over=forty_five_or_over,
    )
    legal_basis_record(
        actor=actor,
        user=user,
        purpose=LegalBasis.Purpose.GUIDANCE,
        text=text,
        how=LegalBasis.How.SPOKEN,
    )
    profile_get_or_create(actor=actor, user=user, role=role)
    return participant_enrol(actor=actor, programme=programme, user=user, role=role)
