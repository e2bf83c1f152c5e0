"""What happens to a participant that apps higher up must act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .models import Participant

Listener = Callable[[Participant, Any], None]

# Called as `listener(participant, actor)` inside the transaction in which somebody leaves a
# programme, is put on "not now" or is erased: open offers end and places come free.
participant_left: list[Listener] = []


def tell_left(participant: Participant, actor: Any) -> None:
    for listener in participant_left:
        listener(participant, actor)
