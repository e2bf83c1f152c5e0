from typing import Any

from django.core.management.base import BaseCommand

from handbook.services import handbook_index


class Command(BaseCommand):
    help = "Build the search index of the handbook anew. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{handbook_index()} chapters indexed")
