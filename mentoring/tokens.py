"""Links that let one person answer one check-in without signing in.

The signature says who is asked what and since when; whether it was used is seen from the check-in
itself, so that every link to it dies with the first answer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer

from reenter.common import clock

from .models import CheckIn

VALID_FOR = timedelta(days=21)
_signer = {"salt": "mentoring.check_in.answer"}


class LinkExpired(Exception):
    """The link was real, and is too old."""


def check_in_token(check_in: CheckIn) -> str:
    """A text for one address, valid for 21 days from now."""
    return Signer(**_signer).sign_object([check_in.pk.hex, int(clock.now().timestamp())])


def check_in_id(token: str) -> UUID:
    """Which check-in the link is about. Raises BadSignature when forged, LinkExpired when old."""
    try:
        content: Any = Signer(**_signer).unsign_object(token)
        pk, issued = UUID(content[0]), datetime.fromtimestamp(content[1], UTC)
    except BadSignature:
        raise
    except Exception as error:  # what only looks like a token can break any step of unpacking it
        raise BadSignature("The link cannot be read.") from error
    if clock.now() - issued > VALID_FOR:
        raise LinkExpired
    return pk
