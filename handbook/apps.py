from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "handbook"

    def ready(self) -> None:
        from reenter.common import privacy

        from .personal_words import READING
        from .services import indexing, publishing, reading  # noqa: F401 - they register what they do

        privacy.register(
            "reading", export=reading.marks_export, erase=reading.marks_erase, words=READING
        )
