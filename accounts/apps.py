from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from reenter.common import privacy as registry

        from . import events, personal_data, personal_words, receivers, retention  # noqa: F401
        from .services import privacy, profiles, staff

        profiles.register_personal_data()
        registry.register(
            "account",
            export=personal_data.export,
            erase=personal_data.erase,
            words=personal_words.ACCOUNT,
        )
        events.erasure_objections.append(staff.last_facilitator)
        retention.register("never_completed", privacy.never_completed)
        post_migrate.connect(_load_legal_texts, sender=self)


def _load_legal_texts(*, apps: Any = current_apps, **_kwargs: Any) -> None:
    """Sign-up needs the texts that ship with the code, so every database has them."""
    from .services.basis import legal_texts_load

    try:
        model = apps.get_model("accounts", "LegalText")
    except LookupError:  # migrated back to before there were any
        return
    legal_texts_load(model=model)
