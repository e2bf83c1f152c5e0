"""What others want to know about people. Callables are added in their apps' `ready()`.

Each runs inside the transaction of the change, and may undo it by raising.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# `hook(user, actor)`: this person may no longer be matched or guided.
guidance_withdrawn: list[Callable[[Any, Any], None]] = []

# `objection(user)`: a translated sentence why this account cannot be deleted now, or None.
erasure_objections: list[Callable[[Any], str | None]] = []
