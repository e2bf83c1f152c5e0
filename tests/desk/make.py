"""What the tests of the desk share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from matching.models import Offer
from reenter.common import clock
from reenter.common.models import OutboxMessage
from tests.factories import mentoring


def offer(*, programme: Any, days_ago: int = 0, **fields: Any) -> Offer:
    """An open offer, made so many days ago; places are of no matter here."""
    opened = clock.now() - timedelta(days=days_ago)
    mentee = fields.pop("mentee", None)
    mentor = fields.pop("mentor", None)
    return Offer.objects.create(
        **{
            "programme": programme,
            "source": Offer.Source.ROUND,
            "mentee": mentee or mentoring.participant(programme=programme, role="mentee"),
            "mentor": mentor or mentoring.participant(programme=programme, role="mentor"),
            "points": 7000,
            "opened_at": opened,
            "expires_at": opened + timedelta(days=10),
        }
        | fields
    )


def letter(*, programme: Any, recipient: Any, state: str = "letter", **fields: Any) -> Any:
    return OutboxMessage.objects.create(
        **{
            "key": f"letter-{OutboxMessage.objects.count()}",
            "recipient": recipient,
            "programme": programme,
            "category": "direct",
            "language": "nl",
            "subject": "Canary subject",
            "sections": [
                {"paragraphs": ["Canary text"], "action_label": "x", "action_url": "https://x"}
            ],
            "closing": ["Canary closing"],
            "state": state,
            "message_id": "<x@y>",
        }
        | fields
    )
