"""What the two of a pair write to each other on the site. No staff reads it, nobody counts it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from reenter.common import clock
from reenter.common.models import OutboxMessage
from reenter.common.outbox import messages_cancel
from reenter.common.schedule import each_minute

from ..errors import Refused
from ..mails import messages as mails
from ..models import Mentorship, Message, Participant
from .mentorships import hold_check, mentorship_locked

LONGEST = 5000


@transaction.atomic
def message_send(*, actor: Any, mentorship: Mentorship, body: str) -> Message:
    """Write to the other half, who gets at most one mail a day about it, without the text.

    Answering means having read: what the other wrote before is marked so. Raises Refused.
    """
    body = body.strip()
    if not body:
        raise Refused(_("Write your message first."))
    if len(body) > LONGEST:
        raise Refused(
            _("Your message is too long. Use at most %(most)d characters.") % {"most": LONGEST}
        )
    mentorship = mentorship_locked(mentorship)
    if mentorship.state == Mentorship.State.ENDED:
        raise Refused(_("This mentorship has ended. Call us if you want to go on."))
    hold_check(mentorship)
    sender = mentorship.participant_of(actor)
    if sender is None:
        raise Refused(_("Only the two of you write here."))
    message = Message.objects.create(mentorship=mentorship, sender=actor, body=body)
    messages_read(actor=actor, mentorship=mentorship)
    _notify(mentorship, mentorship.other_of(actor))
    return message


@transaction.atomic
def messages_read(*, actor: Any, mentorship: Mentorship) -> int:
    """Mark what the other half wrote as read; a notice that was not sent yet is withdrawn."""
    unread = mentorship.messages.filter(read_at__isnull=True).exclude(sender=actor)
    read = unread.update(read_at=clock.now())
    if read and not _unread_for(actor).exists():
        messages_cancel(key_prefix=mails.notice_prefix(actor.pk))
    return read


@each_minute("message_notices", order=65)
def message_notices() -> int:
    """Tell people of messages that came after the day's notice: on the next day, if unread."""
    told = 0
    waiting = (
        Message.objects.filter(read_at__isnull=True)
        .exclude(mentorship__state=Mentorship.State.ENDED)
        .exclude(mentorship__on_hold=True)
        .order_by()
        .values("mentorship", "sender")
        .annotate(latest=Max("created_at"))
    )
    rows = list(waiting)
    pairs = Mentorship.objects.select_related(
        "programme__contact", "programme__organisation", "mentee__user", "mentor__user"
    ).in_bulk([row["mentorship"] for row in rows])
    told_at = _last_notices()
    for row in rows:
        mentorship = pairs[row["mentorship"]]
        mentee, mentor = mentorship.mentee, mentorship.mentor
        to = mentor if row["sender"] == mentee.user_id else mentee
        last = told_at.get(to.user_id)
        if last is None or (row["latest"] > last and _another_day(last, to.user.time_zone)):
            to.programme = mentorship.programme
            told += _notify(mentorship, to)
    return told


@transaction.atomic
def _notify(mentorship: Mentorship, to: Participant) -> bool:
    if not to.user.is_active:
        return False
    mails.notice(mentorship, to, mentorship.other_of(to.user))
    return True


def _last_notices() -> dict[Any, datetime]:
    """For which moment each person's last notice was meant; one written at night waits till 9."""
    notices = OutboxMessage.objects.filter(key__startswith=mails.NOTICE).order_by()
    return dict(notices.values_list("recipient").annotate(Max("not_before")))


def _another_day(moment: datetime, zone: str) -> bool:
    return moment.astimezone(ZoneInfo(zone)).date() < clock.today(zone)


def _unread_for(user: Any) -> Any:
    mine = Message.objects.visible_to(user).filter(read_at__isnull=True)
    return mine.exclude(sender=user)
