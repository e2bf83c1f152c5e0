"""What stories hold about a person: export and erasure. A story goes when one of the two goes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from handbook.stories import Story
from reenter.common import audit, privacy
from reenter.common.outbox import messages_cancel

from .. import personal_words
from ..mails import stories as mails
from ..models import StoryConsent, Telling


def register() -> None:
    privacy.register("stories", export=_export, erase=_erase, words=personal_words.STORIES)


def _of(user: Any) -> Any:
    pair = Q(mentorship__mentee__user=user) | Q(mentorship__mentor__user=user)
    return Telling.objects.filter(pair).select_related(
        "story", "told_by__user", "mentorship__mentee__user", "mentorship__mentor__user"
    )


def _export(user: Any) -> dict[str, Any]:
    consents = StoryConsent.objects.filter(participant__user=user).select_related("text")
    return {
        "stories": [_story(row, user) for row in _of(user) if _sees(row, user)],
        "consents": [
            {
                "name": row.name,
                "words": row.digest,
                "text": row.text.code,
                "version": row.text.version,
                "how": row.how,
                "given_at": row.given_at.isoformat(),
                "withdrawn_at": row.withdrawn_at and row.withdrawn_at.isoformat(),
            }
            for row in consents
        ],
    }


def _sees(telling: Telling, user: Any) -> bool:
    """One's own in any state; that of the other once it was shown, and while it waits or stands."""
    hidden = telling.story.state in (Story.State.DRAFT, Story.State.WITHDRAWN)
    return telling.told_by.user_id == user.pk or not hidden


def _story(telling: Telling, user: Any) -> dict[str, Any]:
    story = telling.story
    words = {name: getattr(story, name) for name in Story.WORDS}
    return words | {
        "state": story.state,
        "told_by_me": telling.told_by.user_id == user.pk,
        "begun_at": telling.created_at.isoformat(),
        "published_at": story.published_at and story.published_at.isoformat(),
    }


def _erase(user: Any) -> None:
    """Off the site and gone, with every yes to it; the other hears that it was taken down."""
    for telling in _of(user):
        messages_cancel(key_prefix=mails.prefix(telling))
        pair = telling.mentorship
        other = pair.mentor if pair.mentee.user_id == user.pk else pair.mentee
        if telling.asked_at and telling.story.state != Story.State.WITHDRAWN:
            mails.taken_down(telling, other)
        audit.record(actor=None, action="story_erase", target=telling)
        telling.story.delete()
