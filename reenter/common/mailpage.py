"""Development only: the mails that were sent, read back from their files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

BETWEEN_MAILS = re.compile(rb"\n-{79}\r?\n(?=Content-Type: )")


@dataclass(frozen=True)
class Mail:
    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def sent_at(self) -> datetime:
        return parsedate_to_datetime(str(self.message["Date"]))

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


def mails(limit: int = 200) -> list[Mail]:
    """The newest first."""
    folder = Path(str(settings.EMAIL_FILE_PATH))
    files = sorted(folder.glob("*.log"), key=lambda f: f.stat().st_mtime, reverse=True)
    found = (one for file in files[:limit] for one in reversed(_read(file)))
    return list(islice(found, limit))


def mail(name: str) -> Mail | None:
    """One mail by its name, `file` or `file.number`; None when there is no such mail here."""
    stem = Path(name).name.partition(".")[0]
    file = Path(str(settings.EMAIL_FILE_PATH)) / f"{stem}.log"
    if not file.is_file():
        return None
    return next((one for one in _read(file) if one.name == name), None)


def _read(file: Path) -> list[Mail]:
    """All mails of one file: those sent over one connection are written one after the other."""
    content = file.read_bytes().rpartition(b"\n" + b"-" * 79)[0]
    return [
        Mail(
            f"{file.stem}.{number}" if number else file.stem,
            message_from_bytes(part, policy=policy.default),  # type: ignore[arg-type]
        )
        for number, part in enumerate(BETWEEN_MAILS.split(content))
    ]
