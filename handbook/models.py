"""The handbooks as pages: a home per language, then handbook > part > chapter."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length, Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from reenter.common.models import Entity

from . import rendering
from .blocks import LINE_FEATURES, BodyBlock
from .panels import ChapterForm, CheckPanel, HandbookForm
from .paper_models import Paper, Upload
from .reading_models import ChapterRead, SearchHit, SearchWord, Verdict
from .rules import Audience, audiences

__all__ = [
    "BlocksPage", "ChapterPage", "ChapterQuerySet", "ChapterRead", "HandbookIndexPage",
    "HandbookQuerySet", "HomePage", "LoadedPage", "Paper", "PartPage", "SearchHit", "SearchWord",
    "Upload", "Verdict",
]  # fmt: skip

BOOK_PATH = 3 * Page.steplen  # the root, a language, a handbook


class HomePage(Page):
    """The top of one language's tree. It has no face of its own: the site has a first page."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["handbook.HandbookIndexPage"]
    is_creatable = False
    private_page_options: list[str] = []
    promote_panels: list[Any] = []

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page of a whole path at once, where Wagtail asks twice per component."""
        if not path_components:
            return super().route(request, path_components)
        if len(path_components) > len(LEVELS):
            raise Http404
        url_path = f"{self.url_path}{'/'.join(path_components)}/"
        page = LEVELS[len(path_components) - 1].objects.live().filter(url_path=url_path).first()
        if page is None:
            raise Http404
        return RouteResult(page)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("desk:home")


class ReadingPage(Page):
    """What the three levels share: an introduction, and one gate for the reader."""

    # Who may read is the audience's affair; Wagtail's own privacy button would be a second truth.
    private_page_options: list[str] = []
    promote_panels = [FieldPanel("slug")]

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """None can be set (see above), so none are looked up for each reader."""
        return PageViewRestriction.objects.none()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from .serving import serve

        return serve(self, request, super().serve)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from .previewing import preview

        return preview(self, request, mode_name, super().serve_preview)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .serving import context_of

        return super().get_context(request, *args, **kwargs) | context_of(self, request)


def _intro() -> models.CharField:
    return models.CharField(
        _("introduction"),
        max_length=250,
        help_text=_("One sentence below the title. It says what the reader finds here."),
    )


def _title_panel() -> TitleFieldPanel:
    return TitleFieldPanel("title", help_text=_("Short and plain: what is this page about?"))


class BlocksPage(ReadingPage):
    """A page with words of its own, written for one kind of reader."""

    audience = models.CharField(
        _("who may read it"),
        max_length=12,
        choices=Audience,
        default=Audience.EVERYONE,
        help_text=_(
            "Everyone: also people who are not signed in. "
            "Facilitators and editors can read every chapter."
        ),
    )
    base_form_class = ChapterForm

    class Meta:
        abstract = True

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        from .previewing import modes

        return modes(self)

    @property
    def raw_body(self) -> rendering.Raw:
        """The blocks as stored: reading them asks the database nothing."""
        return self.body.get_prep_value()


def _body(**extra: Any) -> StreamField:
    return StreamField(
        BodyBlock(),
        verbose_name=_("content"),
        help_text=_("Press + to add a block. Drag a block by its handle to move it."),
        **extra,
    )


def _check_panel() -> CheckPanel:
    return CheckPanel(heading=_("Is it plain, and do its links work?"))


class HandbookQuerySet(PageQuerySet):
    def visible_to(self, user: Any) -> HandbookQuerySet:
        """Published handbooks that are written for the person."""
        return self.live().filter(audience__in=audiences(user))


class HandbookIndexPage(BlocksPage):
    class Status(models.TextChoices):
        INTRODUCTION = "introduction", _("Introduction only")
        COMPLETE = "complete", _("Complete")

    intro = _intro()
    readers = models.CharField(
        _("for whom"),
        max_length=150,
        blank=True,
        help_text=_("In a few words: “For trainers who teach business skills”."),
    )
    status = models.CharField(
        _("how far it is"), max_length=12, choices=Status, default=Status.COMPLETE
    )
    body = _body(blank=True)
    credits = RichTextField(
        _("source and thanks"),
        features=LINE_FEATURES,
        blank=True,
        help_text=_("Stands at the foot of every page of the handbook."),
    )

    objects = PageManager.from_queryset(HandbookQuerySet)()

    parent_page_types = ["handbook.HomePage"]
    subpage_types = ["handbook.PartPage"]
    content_panels = [
        _title_panel(),
        FieldPanel("intro"),
        FieldPanel("readers"),
        FieldPanel("audience"),
        FieldPanel("status"),
        FieldPanel("body"),
        FieldPanel("credits"),
        _check_panel(),
    ]
    base_form_class = HandbookForm

    class Meta:
        verbose_name = _("handbook")
        verbose_name_plural = _("handbooks")


class PartQuerySet(PageQuerySet):
    def visible_to(self, user: Any) -> PartQuerySet:
        """Published parts with at least one chapter that the person may read."""
        chapters = ChapterPage.objects.visible_to(user).filter(path__startswith=OuterRef("path"))
        return self.live().filter(Exists(chapters))


class PartPage(ReadingPage):
    intro = _intro()

    objects = PageManager.from_queryset(PartQuerySet)()

    parent_page_types = ["handbook.HandbookIndexPage"]
    subpage_types = ["handbook.ChapterPage"]
    content_panels = [_title_panel(), FieldPanel("intro")]

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        if "print" in request.GET:
            return "handbook/part_print.html"
        return super().get_template(request, *args, **kwargs)


class ChapterQuerySet(PageQuerySet):
    def visible_to(self, user: Any) -> ChapterQuerySet:
        """Published chapters that are written for the person, as are their part and handbook."""
        books = HandbookIndexPage.objects.visible_to(user)
        return self._within(books).filter(audience__in=audiences(user))

    def published(self) -> ChapterQuerySet:
        """On the site, with their part and handbook."""
        return self._within(HandbookIndexPage.objects.live())

    def _within(self, books: HandbookQuerySet) -> ChapterQuerySet:
        # Looked up once for all chapters, not once for each: there are few parts and handbooks.
        places = {
            "part_path": Substr("path", 1, Length("path") - Page.steplen),
            "book_path": Substr("path", 1, BOOK_PATH),
        }
        parts = PartPage.objects.live().values("path")
        return (
            self.live()
            .alias(**places)
            .filter(part_path__in=parts, book_path__in=books.values("path"))
        )


class ChapterPage(BlocksPage):
    intro = _intro()
    body = _body()
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    search_text = models.TextField(default="", editable=False)

    objects = PageManager.from_queryset(ChapterQuerySet)()

    parent_page_types = ["handbook.PartPage"]
    subpage_types: list[str] = []
    content_panels = [
        _title_panel(),
        FieldPanel("intro"),
        FieldPanel("audience"),
        FieldPanel("body"),
        _check_panel(),
    ]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("update_fields") is None:
            self.search_text = rendering.plain_text(self.raw_body)
            self.reading_minutes = rendering.reading_minutes(self.search_text)
        return super().save(*args, **kwargs)


LEVELS: tuple[type[Page], ...] = (HandbookIndexPage, PartPage, ChapterPage)


class LoadedPage(Entity):
    """What `load_handbook` last wrote for a key, so that it never overwrites somebody's edit.

    For a question or a book, in no language: that somebody deleted it, so that it stays away.
    """

    language = models.CharField(max_length=10)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "key"], name="loaded_page_once")]

    def __str__(self) -> str:
        return f"{self.language} {self.key}"


# Django finds models in this module.
from .glossary import GlossaryTerm  # noqa: E402, F401
from .inbox import AskedQuestion, BookProposal  # noqa: E402, F401
from .moments import Moment, MomentReading  # noqa: E402, F401
from .questions import Question  # noqa: E402, F401
from .stories import Story  # noqa: E402, F401
