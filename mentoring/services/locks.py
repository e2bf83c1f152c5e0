"""One order of locks, so that two changes never wait for each other.

Whatever starts or ends an offer or a pair holds the programme first: such a change touches rows
of two people, and two changes would meet them in a different order. Row locks are taken with
`no_key`: foreign keys are checked at commit, and a full lock would make that wait too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ..models import Programme


def programmes_hold(ids: Iterable[UUID]) -> None:
    """Keep others from starting or ending anything there until the transaction ends."""
    _held(Programme.objects.filter(pk__in=list(ids)))


def programmes_hold_of(user: Any) -> None:
    """The same for every programme that the person takes part in, before the first is changed."""
    _held(Programme.objects.filter(pk__in=user.participations.values("programme")))


def _held(programmes: QuerySet[Programme]) -> None:
    list(programmes.select_for_update(no_key=True).order_by("pk").values_list("pk"))
