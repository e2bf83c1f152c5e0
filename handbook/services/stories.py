"""A story moves from state to state; what editors do with one that both said yes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handbook import events
from handbook.stories import Story
from reenter.common import audit, clock
from reenter.common.errors import Refused

State = Story.State

TRANSITIONS: dict[str, set[str]] = {
    State.DRAFT: {State.DRAFT, State.ASKED, State.WITHDRAWN},
    State.ASKED: {State.DRAFT, State.AGREED, State.WITHDRAWN},
    State.AGREED: {State.DRAFT, State.ASKED, State.PUBLISHED, State.WITHDRAWN},
    State.PUBLISHED: {State.ASKED, State.AGREED, State.WITHDRAWN},
    State.WITHDRAWN: {State.DRAFT},
}
REFUSALS = {
    State.DRAFT: gettext_lazy("This story is being written. It can be read later."),
    State.ASKED: gettext_lazy("This story waits for a yes."),
    State.AGREED: gettext_lazy("Both said yes to this story already."),
    State.PUBLISHED: gettext_lazy("This story is on the site. Take it back first."),
    State.WITHDRAWN: gettext_lazy("This story was taken back."),
}


def story_locked(story: Story) -> Story:
    """The story as it stands now, held until the transaction ends. Raises Refused."""
    held = Story.objects.select_for_update(no_key=True).filter(pk=story.pk).first()
    if held is None:
        raise Refused(_("This story is no longer there."))
    return held


def story_move(story: Story, state: str) -> None:
    """To this state, without saving. What both said yes to is forgotten on the way back."""
    if state not in TRANSITIONS[story.state]:
        raise Refused(refusal(story))
    if state not in (State.AGREED, State.PUBLISHED):
        story.mentee_agreed = story.mentor_agreed = ""
    if state != State.PUBLISHED:
        story.published_at = None
    story.state = state


def refusal(story: Story) -> str:
    return str(REFUSALS[State(story.state)])


@transaction.atomic
def story_edit(*, actor: Any, story: Story, digest: str, words: Mapping[str, str]) -> Story:
    """An editor changes words: off the site, until both said yes to these. Raises Refused.

    `digest` is that of the words that the editor saw. The same words again change nothing.
    """
    story = story_locked(story)
    if story.digest != digest or story.state not in (State.AGREED, State.PUBLISHED):
        raise Refused(_moved_on())
    if all(getattr(story, name) == text for name, text in words.items()):
        return story
    for name, text in words.items():
        setattr(story, name, text)
    story_move(story, State.ASKED)
    story.save()
    audit.record(actor=actor, action="story_edit", target=story, before=digest, now=story.digest)
    events.tell(events.story_edited, story, actor)
    return story


@transaction.atomic
def story_publish(*, actor: Any, story: Story, digest: str) -> None:
    """Put on the site what the editor saw, if both still say yes to just that. Raises Refused.

    One conditional update: whoever takes it back at this moment comes before it or after it.
    """
    ready = Story.objects.filter(
        pk=story.pk,
        state=State.AGREED,
        digest=digest,
        mentee_agreed=digest,
        mentor_agreed=digest,
    )
    if not ready.update(state=State.PUBLISHED, published_at=clock.now()):
        raise Refused(_moved_on())
    audit.record(actor=actor, action="story_publish", target=story, digest=digest)
    events.tell(events.story_published, story, actor)


@transaction.atomic
def story_unpublish(*, actor: Any, story: Story) -> None:
    """An editor takes it off the site; what both said stays as it is. Raises Refused."""
    story = story_locked(story)
    if story.state != State.PUBLISHED:
        raise Refused(_moved_on())
    story_move(story, State.AGREED)
    story.save()
    audit.record(actor=actor, action="story_unpublish", target=story)
    events.tell(events.story_unpublished, story, actor)


def _moved_on() -> str:
    return _("Something changed in this story. Look at it again.")
