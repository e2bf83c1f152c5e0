from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.services.basis import legal_texts_load


class Command(BaseCommand):
    help = "Load every text and choice that ships with the code. Safe to repeat; edits stay."

    def handle(self, *args: Any, **options: Any) -> None:
        legal_texts_load()
        names = (
            *("load_taxonomy", "load_handbook", "index_handbook"),
            *("load_questions", "load_books", "load_moments", "load_glossary"),
        )
        for name in names:
            call_command(name, verbosity=options["verbosity"], stdout=self.stdout)
