from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from . import events
        from .services import offers, personal_data, solving  # noqa: F401  they register themselves

        events.connect()
