"""What must not reach the logs: links that let their holder act."""

from __future__ import annotations

import logging
import re

# Paths whose next part is a secret; every address with a signed or one-time part stands here.
SECRET_PATHS = re.compile(r"(/check-ins/answer/|/invitations/)[^/\s?#\"']+")


def without_secrets(text: str) -> str:
    """The text with the secret part of each such path left out."""
    return SECRET_PATHS.sub(r"\1...", text)


class NoSecrets(logging.Filter):
    """Handler filter: Django itself logs the path of a refused request."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = without_secrets(message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        return True
