from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "reenter.common"
    label = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import personal_data, privacy

        privacy.register(
            "messages",
            export=personal_data.export,
            erase=personal_data.erase,
            words=personal_data.WORDS,
        )
