from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mentoring"

    def ready(self) -> None:
        """Loads what registers itself: duties, listeners, personal data and how long it is kept."""
        from accounts import events as account_events
        from accounts import retention
        from handbook import events as handbook_events
        from reenter.common import contact, privacy

        from . import events, personal_words
        from .selectors.programmes import facilitator_of
        from .services import (  # noqa: F401
            checkins,
            imports,
            messages,
            personal_data,
            personal_data_pairs,
            personal_data_stories,
            stories,
        )
        from .services.mentorships import participant_gone

        privacy.register(
            "programmes",
            export=personal_data.export,
            erase=personal_data.erase,
            words=personal_words.PROGRAMMES,
        )
        personal_data_pairs.register()
        personal_data_stories.register()
        contact.lookups.append(facilitator_of)
        events.participant_left.append(participant_gone)
        account_events.guidance_withdrawn.append(personal_data.guidance_withdrawn)
        account_events.story_consent_withdrawn.append(stories.consent_withdrawn)
        handbook_events.story_edited.append(stories.story_edited)
        handbook_events.story_published.append(stories.story_published)
        handbook_events.story_unpublished.append(stories.story_unpublished)
        retention.register("unmatched", personal_data.unmatched_due)
        retention.register("mentorship_closed", personal_data.closed_due)
