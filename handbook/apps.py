from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "handbook"

    def ready(self) -> None:
        from .services import indexing, papers, publishing, uploads  # noqa: F401 - they register what they do
