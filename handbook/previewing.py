"""A draft as each kind of reader will see it, and its translation beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from .models import BOOK_PATH, HandbookIndexPage
from .rules import Audience, audiences, stand_in_for
from .serving import not_for_you

ALL = ""
TRANSLATION = "translation:"
Show = Callable[[HttpRequest, str], HttpResponse]


def modes(page: Any) -> list[tuple[str, str]]:
    """The choices of the preview, the editor's own view first."""
    readers = [
        (ALL, _("Everything, as an editor")),
        (Audience.EVERYONE.value, _("As a visitor")),
        (Audience.MENTEE.value, _("As a mentee")),
        (Audience.MENTOR.value, _("As a mentor")),
        (Audience.FACILITATOR.value, _("As a facilitator")),
    ]
    names = dict(settings.LANGUAGES)
    codes = page.get_translations().values_list("locale__language_code", flat=True)
    others = codes if page.pk else []
    return readers + [
        (f"{TRANSLATION}{code}", _("The translation: %(language)s") % {"language": names[code]})
        for code in others
    ]


def preview(page: Any, request: HttpRequest, mode: str, show: Show) -> HttpResponse:
    """The page in its own language, for the reader that `mode` names."""
    if mode.startswith(TRANSLATION):
        return _translated(page, request, mode.removeprefix(TRANSLATION))
    with translation.override(page.locale.language_code):
        if mode != ALL:
            request.user = stand_in_for(mode)  # type: ignore[assignment]
        if mode != ALL and not _wanted(page) <= audiences(request.user):
            return not_for_you(request, status=200)
        response: Any = show(request, ALL)
        return response.render()  # now, in this language


def _wanted(page: Any) -> set[str]:
    """The audiences that a reader of the page belongs to: its own, and that of its handbook."""
    own = {getattr(page, "audience", Audience.EVERYONE)}
    book = HandbookIndexPage.objects.filter(path=page.path[:BOOK_PATH]).exclude(pk=page.pk)
    return own | set(book.values_list("audience", flat=True))


def _translated(page: Any, request: HttpRequest, language: str) -> HttpResponse:
    other = page.get_translations().filter(locale__language_code=language).first()
    if other is None:
        return not_for_you(request, status=200)
    return other.specific.get_latest_revision_as_object().serve_preview(request, ALL)
