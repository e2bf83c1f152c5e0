"""Mails that ask one person how it goes, answered in a few seconds without signing in."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from reenter.common.outbox import Category

from ..models import CheckIn
from ..tokens import check_in_token
from .pairs import address, queue


def message_key(check_in: CheckIn) -> str:
    """What the keys of all messages about this check-in begin with."""
    return f"check_in:{check_in.pk}:"


def ask_key(check_in: CheckIn) -> str:
    return f"{message_key(check_in)}ask"


def ask(check_in: CheckIn) -> None:
    _queue(check_in, ask_key(check_in), [])


def remind(check_in: CheckIn) -> None:
    with translation.override(check_in.participant.user.language):
        again = [_("We asked you this a few days ago. One tap is enough.")]
    _queue(check_in, f"{message_key(check_in)}reminder", again)


def _queue(check_in: CheckIn, key: str, first: list[str]) -> None:
    participant = check_in.participant
    other = check_in.mentorship.other_of(participant.user).user
    with translation.override(participant.user.language):
        names = {"name": other.first_name}
        if check_in.kind == CheckIn.Kind.FIRST_MEETING:
            subject = _("How was your first meeting?")
            question = _("You met %(name)s. Do you two fit well together?") % names
        else:
            subject = _("How is it going?")
            question = _("How is it going with %(name)s? How can we help?") % names
        queue(
            participant,
            key=key,
            category=Category.CAPPED,
            subject=subject,
            paragraphs=[
                *first,
                question,
                _("Your answer takes ten seconds. %(name)s does not see it.") % names,
                _("Rather tell us by phone? Call the number below."),
            ],
            action=(
                _("Give your answer"),
                address("mentoring:check_in_answer", check_in_token(check_in)),
            ),
        )
