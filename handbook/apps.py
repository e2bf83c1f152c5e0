from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "handbook"

    def ready(self) -> None:
        from reenter.common import privacy

        from . import personal_data
        from .services import (  # noqa: F401 - they register what they do
            entries,
            inbox,
            indexing,
            publishing,
        )

        privacy.register(
            "questions_and_books",
            export=personal_data.export,
            erase=personal_data.erase,
            words=personal_data.WORDS,
        )
