from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "handbook"

    def ready(self) -> None:
        from reenter.common import privacy

        from . import personal_data
        from .personal_words import READING
        from .services import (  # noqa: F401 - they register what they do
            entries,
            inbox,
            indexing,
            papers,
            publishing,
            reading,
            uploads,
        )

        privacy.register(
            "questions_and_books",
            export=personal_data.export,
            erase=personal_data.erase,
            words=personal_data.WORDS,
        )
        privacy.register(
            "reading", export=reading.marks_export, erase=reading.marks_erase, words=READING
        )
