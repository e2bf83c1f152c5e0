"""Mails about the story of a pair; each names what happened and one thing to do."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from reenter.common import clock
from reenter.common.outbox import Category

from ..models import Participant, Telling
from .pairs import address, queue, see_mentorship


def prefix(telling: Telling) -> str:
    """What the keys of all mails about this story begin with."""
    return f"story:{telling.pk}:"


def asked(telling: Telling) -> None:
    half, name = telling.listener, telling.told_by.user.first_name
    with translation.override(half.user.language):
        _queue(
            telling,
            half,
            "asked",
            _("A story about the two of you"),
            [
                _("%(name)s wrote a short story about the two of you.") % {"name": name},
                _("Read it first. It goes on our site only if you both say yes."),
                _("Saying no is fine too."),
            ],
        )


def other_words(telling: Telling) -> None:
    half, name = telling.told_by, telling.listener.user.first_name
    with translation.override(half.user.language):
        _queue(
            telling,
            half,
            "other_words",
            _("Your story needs other words"),
            [
                _("%(name)s read your story and would like other words.") % {"name": name},
                _("Talk about it together. Then change it and ask again."),
            ],
        )


def agreed(telling: Telling) -> None:
    for half in _both(telling):
        with translation.override(half.user.language):
            _queue(
                telling,
                half,
                "agreed",
                _("You both said yes to your story"),
                [
                    _("You both said yes to your story."),
                    _("We read it now. You hear when it is on our site."),
                    _("You can take it back at any time."),
                ],
            )


def edited(telling: Telling) -> None:
    for half in _both(telling):
        with translation.override(half.user.language):
            _queue(
                telling,
                half,
                "edited",
                _("We changed words in your story"),
                [
                    _("We changed some words in your story, to make it easier to read."),
                    _("Read it again. It goes on our site only if you both say yes."),
                ],
            )


def published(telling: Telling) -> None:
    for half in _both(telling):
        with translation.override(half.user.language):
            _queue(
                telling,
                half,
                "published",
                _("Your story is on our site"),
                [
                    _("Your story is on our site now. Thank you for telling it."),
                    _("You can take it back at any time, with one button."),
                ],
            )


def taken_down(telling: Telling, half: Participant) -> None:
    """In the same words whoever wanted it, also when somebody has left the site."""
    with translation.override(half.user.language):
        _queue(
            telling,
            half,
            "taken_down",
            _("Your story is taken down"),
            [
                _("The story of the two of you is not on our site any more."),
                _("A story can always be taken down, and nobody has to say why."),
                _("Do you have a question? Call us."),
            ],
            category=Category.DIRECT,
            action=see_mentorship(telling.mentorship),
        )


def _both(telling: Telling) -> tuple[Participant, Participant]:
    return telling.told_by, telling.listener


def _queue(
    telling: Telling,
    half: Participant,
    what: str,
    subject: str,
    paragraphs: Sequence[str],
    category: str = Category.CAPPED,
    action: tuple[str, str] | None = None,
) -> None:
    queue(
        half,
        key=f"{prefix(telling)}{what}:{clock.now():%Y%m%d%H%M%S%f}:{half.pk}",
        category=category,
        subject=subject,
        paragraphs=paragraphs,
        action=action or (_("See your story"), address("mentoring:story_detail", str(telling.pk))),
    )
