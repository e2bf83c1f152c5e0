"""Check the proof of a stored round afresh, from its own data. Exit 0: proven, 1: not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.engine.replay import FORMAT
from matching.engine.version import VERSION
from matching.models import Round
from matching.services.publishing import is_proven


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("round", type=UUID, metavar="ID", help="Id of the round.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Round.objects.filter(pk=options["round"]).first()
        if found is None:
            raise CommandError(f"There is no round {options['round']}.")
        if found.solution is None:
            raise CommandError(f"Round {found.pk} has not been solved.")
        made = found.problem.get("format") if isinstance(found.problem, dict) else None
        if isinstance(made, int) and made != FORMAT:
            raise CommandError(
                f"Round {found.pk} was stored by engine {found.engine_version} in format {made}. "
                f"This is engine {VERSION}, which reads format {FORMAT}. "
                "Check it with that version, or find the best pairs again."
            )
        if not is_proven(found):
            raise CommandError(f"Round {found.pk}: the result is NOT proven.")
        pairs, points = found.solution["matched"], found.solution["total"]
        self.stdout.write(
            f"Round {found.pk} is proven: {pairs} pairs, {points} points, and no better result."
        )
