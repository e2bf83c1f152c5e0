"""Mails about the pair itself: it started, rests, goes on, ended, or has gone quiet."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reenter.common.outbox import Category

from ..models import Meeting, Mentorship, Participant
from .pairs import address, moment_in_words, queue, see_mentorship


def key(mentorship: Mentorship, what: str, participant: Participant) -> str:
    return f"mentorship:{mentorship.pk}:{what}:{participant.pk}"


def started(mentorship: Mentorship, participant: Participant, other: Participant) -> None:
    """Both said yes: this is the other person, and this is the next step."""
    user = participant.user
    with translation.override(user.language):
        names = {"name": other.user.name}
        if participant.is_mentee:
            who = _("You have a mentor: %(name)s. You both said yes.") % names
            step = _("Write to %(name)s and suggest a time for your first meeting.") % names
        else:
            who = _("You are now the mentor of %(name)s. You both said yes.") % names
            step = _("Write to %(name)s and agree on a time for your first meeting.") % names
        queue(
            participant,
            key=key(mentorship, "started", participant),
            subject=_("You can start: this is your next step"),
            paragraphs=[who, step, _("Try to meet within 14 days.")],
            action=see_mentorship(mentorship),
        )


def ended(mentorship: Mentorship, participant: Participant, other: Participant) -> None:
    """Neutral on purpose: nobody reads who stopped or why."""
    with translation.override(participant.user.language):
        queue(
            participant,
            key=key(mentorship, "ended", participant),
            subject=_("Your mentorship has ended"),
            paragraphs=[
                _("Your mentorship with %(name)s has ended.") % {"name": other.user.name},
                _("That happens often, and nobody is to blame."),
                _("Do you want to talk about it, or about what comes next? Call us."),
            ],
            action=see_mentorship(mentorship),
        )


def paused(mentorship: Mentorship, participant: Participant, stamp: str) -> None:
    with translation.override(participant.user.language):
        queue(
            participant,
            key=key(mentorship, f"paused:{stamp}", participant),
            subject=_("Your mentorship is paused"),
            paragraphs=[
                _("Your mentorship rests for a while."),
                _("We ask you nothing until it goes on again."),
                _("You can let it go on again on your page, or call us."),
            ],
            action=see_mentorship(mentorship),
        )


def on_hold(mentorship: Mentorship, participant: Participant, stamp: str) -> None:
    """The same neutral words for both, whatever the reason."""
    with translation.override(participant.user.language):
        queue(
            participant,
            key=key(mentorship, f"on_hold:{stamp}", participant),
            subject=_("The programme paused your mentorship"),
            paragraphs=[
                _("The programme paused your mentorship."),
                _("Please have no contact with each other until you hear from us."),
                _("Do you have a question? Call us."),
            ],
            action=see_mentorship(mentorship),
        )


def resumed(mentorship: Mentorship, participant: Participant, stamp: str) -> None:
    with translation.override(participant.user.language):
        queue(
            participant,
            key=key(mentorship, f"resumed:{stamp}", participant),
            subject=_("Your mentorship goes on"),
            paragraphs=[_("Your mentorship goes on again. Plan a meeting with each other.")],
            action=see_mentorship(mentorship),
        )


def silent_prefix(mentorship: Mentorship, participant: Participant | None = None) -> str:
    """What the keys of these mails to both, or to one half, begin with."""
    prefix = f"mentorship:{mentorship.pk}:silent:"
    return f"{prefix}{participant.pk}:" if participant else prefix


def silent(mentorship: Mentorship, participant: Participant, other: Participant, days: int) -> None:
    """We heard nothing: the two are asked before staff are."""
    key = f"{silent_prefix(mentorship, participant)}{mentorship.silence_asked_at:%Y%m%d}"
    with translation.override(participant.user.language):
        heard = ngettext(
            "We have heard nothing from you two for %(days)d day.",
            "We have heard nothing from you two for %(days)d days.",
            days,
        )
        queue(
            participant,
            key=key,
            category=Category.CAPPED,
            subject=_("How is it going, and how can we help?"),
            paragraphs=[
                heard % {"days": days},
                _("Perhaps all is well with you and %(name)s.") % {"name": other.user.first_name},
                _("Then tap “We are in touch” on your page, or note your last meeting."),
                _("Is something in the way? Call us. We are happy to help."),
            ],
            action=see_mentorship(mentorship),
        )


def meeting_planned(meeting: Meeting, participant: Participant, other: Participant) -> None:
    user = participant.user
    with translation.override(user.language):
        when = moment_in_words(meeting.starts_at, user.time_zone)
        queue(
            participant,
            key=f"meeting:{meeting.pk}:planned:{participant.pk}",
            subject=_("A meeting is planned"),
            paragraphs=[
                _("You and %(name)s meet on %(when)s.")
                % {"name": other.user.first_name, "when": when},
                _("Does that not suit you? Write to %(name)s.") % {"name": other.user.first_name},
            ],
            action=see_mentorship(meeting.mentorship),
        )


def meeting_removed(meeting: Meeting, participant: Participant, other: Participant) -> None:
    user = participant.user
    with translation.override(user.language):
        when = moment_in_words(meeting.starts_at, user.time_zone)
        queue(
            participant,
            key=f"meeting:{meeting.pk}:removed:{participant.pk}",
            subject=_("A meeting is cancelled"),
            paragraphs=[
                _("Your meeting with %(name)s on %(when)s is cancelled.")
                % {"name": other.user.first_name, "when": when},
                _("Write to %(name)s and plan another one.") % {"name": other.user.first_name},
            ],
            action=(
                _("Plan a meeting"),
                address("mentoring:mentorship_detail", str(meeting.mentorship_id)),
            ),
        )
