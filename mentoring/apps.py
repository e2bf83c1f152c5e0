from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mentoring"

    def ready(self) -> None:
        """Loads what registers itself: duties of each minute, listeners, personal data."""
        from . import events
        from .services import checkins, messages, personal_data_pairs  # noqa: F401
        from .services.mentorships import participant_gone

        personal_data_pairs.register()
        events.participant_left.append(participant_gone)
