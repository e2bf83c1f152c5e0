"""Match everybody of a programme who can be matched now: a new round, solved here and now.

Writes the result as JSON, to a file or to standard output. Without --publish nothing is sent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.models import Round
from matching.selectors.rounds import result_of
from matching.services.publishing import has_safeguarding, round_publish
from matching.services.rounds import round_draft
from matching.services.solving import round_solve
from mentoring.errors import Refused
from mentoring.models import Programme


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", required=True, help="Slug of the programme.")
        parser.add_argument("--publish", action="store_true", help="Open the offers, send mails.")
        parser.add_argument("--output", type=Path, metavar="FILE.json", help="Else: on screen.")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme “{options['programme']}”.")
        try:
            new = round_draft(actor=None, programme=programme)
            new = round_solve(actor=None, round=new)
            if options["publish"]:
                self._publish(new)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._write(result_of(new), options["output"])

    def _publish(self, new: Round) -> None:
        if not has_safeguarding(new.programme):
            self.stderr.write(
                "Warning: this programme names no safeguarding person and deputy. "
                "Name both before people meet."
            )
        round_publish(actor=None, round=new, revision=new.revision, without_safeguarding=True)

    def _write(self, result: dict[str, Any], output: Path | None) -> None:
        text = json.dumps(result, indent=2, ensure_ascii=False)
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stderr.write(
            f"{result['matched']} pairs, {len(result['unmatched'])} unmatched: {output}"
        )
