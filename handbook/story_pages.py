"""Stories on the site, for everybody, each in the language in which it was told."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation

from . import selectors
from .languages import asked_language
from .stories import Story

STORIES_A_PAGE = 10
A_FEW = 3


def story_list(request: HttpRequest) -> HttpResponse:
    """In the language of the page that asks; stories told in another come after.

    The first page of the site takes the newest few from here, after it was shown itself.
    """
    language = asked_language(request)
    with translation.override(language):
        rows = selectors.stories(request.user, language)
        size = A_FEW if "few" in request.GET else STORIES_A_PAGE
        context = {
            "page_obj": Paginator(rows, size).get_page(request.GET.get("page")),
            "language_next": reverse("handbook:story_list"),
        }
        return render(request, "handbook/story_list.html", context)


def story_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    story = get_object_or_404(Story.objects.visible_to(request.user), pk=pk)
    context = {"story": story, "language_next": reverse("handbook:story_detail", args=[pk])}
    return render(request, "handbook/story_detail.html", context)
