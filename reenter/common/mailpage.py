"""Development only: the mails that were sent, read back from their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings


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
    return [_read(file) for file in files[:limit]]


def mail(name: str) -> Mail | None:
    """One mail by the name of its file; None when there is no such file in the folder."""
    file = Path(str(settings.EMAIL_FILE_PATH)) / f"{Path(name).name}.log"
    return _read(file) if file.is_file() else None


def _read(file: Path) -> Mail:
    content = file.read_bytes().rpartition(b"\n" + b"-" * 79)[0]
    message = message_from_bytes(content, policy=policy.default)
    return Mail(file.stem, message)  # type: ignore[arg-type]
