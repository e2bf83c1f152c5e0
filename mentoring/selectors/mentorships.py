"""Reads about pairs, for the two and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from handbook.models import Moment
from reenter.common import clock

from ..models import CheckIn, Meeting, Mentorship, Message, Participant
from .signals import END_IS_NEAR, FIRST_MEETING_WITHIN, with_last_sign

MESSAGES_PER_PAGE = 30


def pairs(rows: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    """With everything that a page or a mail about a pair needs."""
    return rows.select_related(
        "programme__contact",
        "programme__safeguarding_person",
        "programme__safeguarding_deputy",
        "programme__organisation",
        "mentee__user",
        "mentee__profile",
        "mentor__user",
        "mentor__profile",
    )


def own_mentorships(user: Any) -> QuerySet[Mentorship]:
    """The pairs that the person is half of, running ones first. One query.

    Annotated with `has_unread` (messages), `next_meeting` (a moment) and `open_check_in` (a pk).
    """
    unread = Message.objects.filter(mentorship=OuterRef("pk"), read_at__isnull=True)
    to_come = Meeting.objects.filter(mentorship=OuterRef("pk"), starts_at__gt=clock.now())
    asked = CheckIn.objects.filter(
        mentorship=OuterRef("pk"), participant__user=user, state=CheckIn.State.ASKED
    )
    return (
        pairs(Mentorship.objects.of_person(user))
        .annotate(
            has_unread=Exists(unread.exclude(sender=user)),
            next_meeting=Subquery(to_come.order_by("starts_at").values("starts_at")[:1]),
            open_check_in=Subquery(asked.order_by("-asked_at").values("pk")[:1]),
        )
        .order_by("state", "-started_at")
    )


def mentorships_for_staff(
    user: Any, *, programme: str = "", state: str = ""
) -> QuerySet[Mentorship]:
    """The pairs that the person looks after, of one programme (its slug) or all; never messages."""
    rows = Mentorship.objects.looked_after_by(user)
    if programme:
        rows = rows.filter(programme__slug=programme)
    if state:
        rows = rows.filter(state=state)
    rows = with_last_sign(rows).select_related("programme", "mentee__user", "mentor__user")
    return rows.order_by("state", "-started_at", "pk")


@dataclass(frozen=True)
class NextSteps:
    """What comes next in a pair, for one of the two; each part may be missing."""

    check_in: CheckIn | None
    first_meeting_by: datetime | None
    meeting: Meeting | None
    next_question: CheckIn | None
    moment: str


def meetings_of(mentorship: Mentorship) -> list[Meeting]:
    return list(mentorship.meetings.order_by("-starts_at"))


def to_record(meetings: list[Meeting]) -> list[Meeting]:
    """Those of which nobody said yet whether they took place."""
    now = clock.now()
    return [m for m in meetings if m.starts_at <= now and m.took_place is None]


def next_steps(
    mentorship: Mentorship, participant: Participant, meetings: list[Meeting]
) -> NextSteps:
    """One query beyond the meetings."""
    now = clock.now()
    waiting = list(
        mentorship.check_ins.filter(
            Q(state=CheckIn.State.ASKED) | Q(state=CheckIn.State.PLANNED),
            participant=participant,
        ).order_by("due_at")
    )
    asked = [check_in for check_in in waiting if check_in.state == CheckIn.State.ASKED]
    planned = [check_in for check_in in waiting if check_in.state == CheckIn.State.PLANNED]
    to_come = [m for m in meetings if m.starts_at > now and m.took_place is None]
    met = any(meeting.took_place for meeting in meetings)
    return NextSteps(
        check_in=asked[-1] if asked else None,
        first_meeting_by=None if met else mentorship.started_at + FIRST_MEETING_WITHIN,
        meeting=to_come[-1] if to_come else None,
        next_question=planned[0] if planned else None,
        moment=_moment(mentorship, participant, meetings),
    )


def _moment(mentorship: Mentorship, participant: Participant, meetings: list[Meeting]) -> str:
    """At which moment the pair is, for one of the two; empty when no chapter belongs to it."""
    if mentorship.state != Mentorship.State.ACTIVE:
        return ""
    met = sum(meeting.took_place is True for meeting in meetings)
    if not met:
        return Moment.FIRST_MEETING_MENTEE if participant.is_mentee else Moment.FIRST_MEETING_MENTOR
    if mentorship.ends_on <= clock.today() + END_IS_NEAR:
        return Moment.CLOSING
    return {1: Moment.AGREEMENT, 2: Moment.GOALS, 3: Moment.GOALS}.get(met, "")


def messages_page(mentorship: Mentorship, number: Any) -> Page:
    """The newest messages are on page 1; on each page the oldest comes first. Two queries."""
    rows = mentorship.messages.select_related("sender").order_by("-created_at")
    page = Paginator(rows, MESSAGES_PER_PAGE).get_page(number)
    page.object_list = list(page.object_list)[::-1]
    return page
