"""The story of a pair: told by one, read by the other, and off the site as soon as either says so.

The words are a `handbook.Story`, without people; here stands who told it and who said yes.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import LegalBasis
from accounts.selectors.people import text_for_purpose
from accounts.services.basis import legal_basis_record, legal_basis_withdraw
from handbook.services.stories import refusal, story_locked, story_move
from handbook.stories import Story
from reenter.common import audit, clock
from reenter.common.outbox import messages_cancel

from ..errors import Refused
from ..mails import stories as mails
from ..models import Mentorship, Participant, StoryConsent, Telling
from .mentorships import hold_check

State = Story.State
PURPOSE = LegalBasis.Purpose.STORY


@transaction.atomic
def story_begin(*, actor: Any, mentorship: Mentorship, language: str) -> Telling:
    """One of the two begins their story; again gives the one that is there. Raises Refused."""
    told_by = mentorship.participant_of(actor)
    if told_by is None:
        raise Refused(_("Only the two of a pair tell their story."))
    _possible(mentorship)
    Mentorship.objects.select_for_update(no_key=True).get(pk=mentorship.pk)  # one story per half
    known = Telling.objects.filter(mentorship=mentorship, told_by=told_by).first()
    if known:
        return known
    story = Story(language=language)
    story.save()
    telling = Telling.objects.create(story=story, mentorship=mentorship, told_by=told_by)
    audit.record(actor=actor, action="story_begin", target=telling)
    return telling


@transaction.atomic
def story_answer(*, actor: Any, telling: Telling, question: str, text: str) -> Story:
    """Who tells it answers a question, or changes an answer; a yes to other words is void.

    The same words again change nothing. Raises Refused for a story that is on the site.
    """
    story = story_locked(telling.story)
    if getattr(story, question) == text and story.state != State.WITHDRAWN:
        return story
    _possible(telling.mentorship)
    story_move(story, State.DRAFT)
    setattr(story, question, text)
    story.save()
    _consents_end(telling)
    messages_cancel(key_prefix=mails.prefix(telling))
    audit.record(actor=actor, action="story_answer", target=telling, question=question)
    return story


@transaction.atomic
def story_ask(*, actor: Any, telling: Telling, name: str, digest: str) -> None:
    """Who tells it says yes, and asks the other to read it. Raises Refused."""
    _possible(telling.mentorship)
    basis = _basis(actor, telling.told_by)
    story = story_locked(telling.story)
    if not story.is_told:
        raise Refused(_("Answer the first three questions first."))
    _same_words(story, digest)
    story_move(story, State.ASKED)
    _say_yes(telling, story, telling.told_by, name, basis)
    story.save()
    telling.asked_at = telling.asked_at or clock.now()
    telling.save(update_fields=["asked_at"])
    audit.record(actor=actor, action="story_ask", target=telling, digest=digest)
    mails.asked(telling)


@transaction.atomic
def story_agree(
    *, actor: Any, telling: Telling, participant: Participant, name: str, digest: str
) -> None:
    """Somebody says yes to just these words, under this name. Raises Refused.

    Staff may write it down for somebody without e-mail; it is marked as such.
    """
    _may_speak_for(actor, participant)
    _possible(telling.mentorship)
    basis = _basis(actor, participant)
    story = story_locked(telling.story)
    if story.state != State.ASKED:
        raise Refused(refusal(story))
    _same_words(story, digest)
    _say_yes(telling, story, participant, name, basis)
    if story.has_both:
        story_move(story, State.AGREED)
    story.save()
    audit.record(
        actor=actor,
        action="story_agree",
        target=telling,
        on_behalf_of=_other_than(actor, participant),
        digest=digest,
        how=basis.how,
    )
    if story.has_both:
        mails.agreed(telling)


@transaction.atomic
def story_other_words(*, actor: Any, telling: Telling, digest: str) -> None:
    """Who was asked would like other words: back to who tells it, without blame. Raises Refused."""
    story = story_locked(telling.story)
    if story.state not in (State.ASKED, State.AGREED):
        raise Refused(refusal(story))
    _same_words(story, digest)
    story_move(story, State.DRAFT)
    story.save()
    _consents_end(telling)
    messages_cancel(key_prefix=mails.prefix(telling))
    audit.record(actor=actor, action="story_other_words", target=telling)
    mails.other_words(telling)


@transaction.atomic
def story_take_back(*, actor: Any, telling: Telling, participant: Participant) -> None:
    """Either of the two takes it off the site at once, in any state; staff when one asks them.

    Without another story that stands, the consent for stories ends with it, and all that hangs on
    that: the register of purposes is locked before the story, here and everywhere.
    """
    user = participant.user
    others = standing(user).exclude(pk=telling.pk)
    if not others.exists():
        legal_basis_withdraw(actor=actor, user=user, purpose=PURPOSE)
    _take_down(telling, participant, actor)


def consent_withdrawn(user: Any, actor: Any) -> None:
    """Called when a person withdraws the purpose as such: every story that rests on it goes."""
    for telling in standing(user):
        pair = telling.mentorship
        half = pair.mentee if pair.mentee.user_id == user.pk else pair.mentor
        _take_down(telling, half, actor)


def standing(user: Any) -> Any:
    """The stories that this person's yes holds up."""
    consents = StoryConsent.objects.filter(participant__user=user, withdrawn_at__isnull=True)
    rows = Telling.objects.filter(pk__in=consents.values("telling"))
    return rows.select_related(
        "story", "told_by__user", "mentorship__mentee__user", "mentorship__mentor__user"
    )


def _take_down(telling: Telling, participant: Participant, actor: Any) -> None:
    story = story_locked(telling.story)
    if story.state == State.WITHDRAWN:
        return
    story_move(story, State.WITHDRAWN)
    story.save()
    _consents_end(telling)
    messages_cancel(key_prefix=mails.prefix(telling))
    audit.record(
        actor=actor,
        action="story_take_back",
        target=telling,
        on_behalf_of=_other_than(actor, participant),
    )
    if telling.asked_at:
        pair = telling.mentorship
        mails.taken_down(telling, pair.mentor if participant == pair.mentee else pair.mentee)


def story_edited(story: Story, actor: Any) -> None:
    """An editor changed words: both are asked again."""
    telling = _telling_of(story)
    _consents_end(telling)
    messages_cancel(key_prefix=mails.prefix(telling))
    mails.edited(telling)


def story_published(story: Story, actor: Any) -> None:
    mails.published(_telling_of(story))


def story_unpublished(story: Story, actor: Any) -> None:
    """Editors took it off the site: both hear the same."""
    telling = _telling_of(story)
    messages_cancel(key_prefix=mails.prefix(telling))
    for half in (telling.told_by, telling.listener):
        mails.taken_down(telling, half)


def _telling_of(story: Story) -> Telling:
    return Telling.objects.select_related("mentorship__programme").get(story=story)


def _basis(actor: Any, participant: Participant) -> LegalBasis:
    """The consent in the register of purposes; locks the person."""
    self_told = _other_than(actor, participant) is None
    return legal_basis_record(
        actor=actor,
        user=participant.user,
        purpose=PURPOSE,
        text=text_for_purpose(PURPOSE),
        how=LegalBasis.How.SELF if self_told else LegalBasis.How.SPOKEN,
    )


def _say_yes(
    telling: Telling, story: Story, participant: Participant, name: str, basis: LegalBasis
) -> None:
    setattr(story, f"{participant.role}_agreed", story.digest)
    setattr(story, f"{participant.role}_name", name)
    _consents_end(telling, participant)
    StoryConsent.objects.create(
        telling=telling,
        participant=participant,
        digest=story.digest,
        name=name,
        text=basis.text,
        how=basis.how,
        recorded_by=basis.recorded_by,
    )


def _consents_end(telling: Telling, participant: Participant | None = None) -> None:
    rows = telling.consents.filter(withdrawn_at__isnull=True)
    if participant:
        rows = rows.filter(participant=participant)
    rows.update(withdrawn_at=clock.now())


def _possible(mentorship: Mentorship) -> None:
    """Both must be there, and free to have contact. Raises Refused."""
    hold_check(mentorship)
    if mentorship.mentee.user.erased_at or mentorship.mentor.user.erased_at:
        raise Refused(_("The other person has left. Your story cannot be told here any more."))


def _same_words(story: Story, digest: str) -> None:
    if story.digest != digest:
        raise Refused(_("The words have changed. Read them again."))


def _may_speak_for(actor: Any, participant: Participant) -> None:
    """Staff answer only for somebody whom no mail reaches. Raises Refused."""
    if _other_than(actor, participant) and participant.user.email:
        raise Refused(_("%(name)s can answer on the site.") % {"name": participant.user.first_name})


def _other_than(actor: Any, participant: Participant) -> Any:
    """The person whose own act somebody else recorded, if they did."""
    return participant.user if actor is None or actor.pk != participant.user_id else None
