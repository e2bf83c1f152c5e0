from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "handbook"

    def ready(self) -> None:
        from .services import publishing  # noqa: F401 - registers its duty
