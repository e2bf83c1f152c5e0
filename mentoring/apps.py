from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mentoring"

    def ready(self) -> None:
        """Registers personal data, how long it is kept, and what follows from a withdrawal."""
        from accounts import events as account_events
        from accounts import retention
        from reenter.common import privacy

        from .services import personal_data

        privacy.register("programmes", export=personal_data.export, erase=personal_data.erase)
        account_events.guidance_withdrawn.append(personal_data.guidance_withdrawn)
        retention.register("unmatched", personal_data.unmatched_due)
        retention.register("mentorship_closed", personal_data.closed_due)
