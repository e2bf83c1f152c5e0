"""What others want to know about people. Callables are added in their apps' `ready()`.

Each runs inside the transaction of the change, and may undo it by raising.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Hook = Callable[[Any, Any], None]

# `hook(user, actor)`: this person may no longer be matched or guided.
guidance_withdrawn: list[Hook] = []

# `hook(user, actor)`: no story about this person may stand any more.
story_consent_withdrawn: list[Hook] = []

# `objection(user)`: a translated sentence why this account cannot be deleted now, or None.
erasure_objections: list[Callable[[Any], str | None]] = []
