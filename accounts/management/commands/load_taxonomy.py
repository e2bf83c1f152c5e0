"""`manage.py load_taxonomy`: what people choose from; safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import geo
from accounts.services.taxonomy import taxonomy_load


class Command(BaseCommand):
    help = (
        "Add topics, themes, bonds, sectors and relations that are not there yet, and make the "
        "file of places ready. Nothing that an admin edited is changed; differences are listed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = taxonomy_load()
        for kind, codes in report.added.items():
            self.stdout.write(f"{kind}: {len(codes)} added")
        for difference in report.different:
            self.stdout.write(f"kept as it is here: {difference}")
        geo.prepare()
