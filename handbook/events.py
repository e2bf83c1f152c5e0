"""What editors do with a story that the app above, which knows the two, must act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .stories import Story

Listener = Callable[[Story, Any], None]

# Called as `listener(story, actor)` inside the transaction of the change.
story_edited: list[Listener] = []
story_published: list[Listener] = []
story_unpublished: list[Listener] = []


def tell(listeners: list[Listener], story: Story, actor: Any) -> None:
    for listener in listeners:
        listener(story, actor)
