"""The editor, with only what somebody who writes chapters needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from . import cms, cms_moments, cms_stories, cms_transfer
from .inbox import AskedQuestion, BookProposal
from .linkcheck import findings, pointing_to
from .models import BlocksPage, HandbookIndexPage
from .snippets import GlossaryTermViewSet, ListsViewSetGroup

# People are managed in the site itself; the rest has no use here, or leads off the site.
HIDDEN_MENU = {"documents", "help"}
HIDDEN_SETTINGS = {"users", "groups", "sites", "workflows", "workflow-tasks", "collections"}
HIDDEN_REPORTS = {"workflows", "workflow-tasks", "page-types-usage"}


register_snippet(ListsViewSetGroup)
register_snippet(GlossaryTermViewSet)


class InboxPanel(Component):
    """On the first page of the editor: how much of what readers sent waits for an answer."""

    name = "inbox"
    template_name = "handbook/cms/inbox_panel.html"
    order = 5

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "questions": AskedQuestion.objects.waiting().count(),
            "books": BookProposal.objects.waiting().count(),
        }


class HowToPanel(Component):
    """On the first page of the editor: where the handbooks are, and how to change a page."""

    name = "how_to"
    template_name = "handbook/cms_how_to.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        books = HandbookIndexPage.objects.select_related("locale").order_by("path")
        return {"books": books}


@hooks.register("construct_homepage_panels")
def show_how_to(request: HttpRequest, panels: list[Component]) -> None:
    panels += [InboxPanel(), HowToPanel()]


@hooks.register("construct_homepage_summary_items", order=1000)  # after those that add to it
def hide_summary(request: HttpRequest, items: list[Component]) -> None:
    items.clear()


@hooks.register("construct_main_menu")
def hide_menu_items(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN_MENU]


@hooks.register("construct_settings_menu")
def hide_settings_items(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN_SETTINGS]


@hooks.register("construct_reports_menu")
def hide_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN_REPORTS]


@hooks.register("register_admin_urls")
def register_own_screens() -> list[URLPattern]:
    return [
        path("reports/translations/", cms.translation_report, name="handbook_translations"),
        path("stories/", cms_stories.story_list, name="handbook_stories"),
        path("stories/<uuid:pk>/", cms_stories.story_edit, name="handbook_story"),
        path("reports/links/", cms.link_report, name="handbook_links"),
        path("moments/", cms_moments.moment_list, name="handbook_moments"),
        path("moments/<slug:moment>/", cms_moments.moment_edit, name="handbook_moment"),
        path("reports/useful/", cms.useful_report, name="handbook_useful"),
        path("reports/useful/<int:pk>/remove/", cms.note_take_away, name="handbook_note_remove"),
        path("handbook/transfer/", cms_transfer.transfer, name="handbook_transfer"),
        path("handbook/export/", cms_transfer.export, name="handbook_export"),
        path("handbook/uploads/<uuid:pk>/", cms_transfer.upload, name="handbook_upload"),
    ]


@hooks.register("register_admin_menu_item")
def show_transfer() -> MenuItem:
    url = reverse("handbook_transfer")
    return MenuItem(
        gettext_lazy("Out and in"), url, name="transfer", icon_name="download", order=900
    )


@hooks.register("register_reports_menu_item")
def show_translations() -> MenuItem:
    url, label = reverse("handbook_translations"), gettext_lazy("Translations to do")
    return MenuItem(label, url, name="translations", icon_name="globe", order=100)


@hooks.register("register_reports_menu_item")
def show_links() -> MenuItem:
    url = reverse("handbook_links")
    return MenuItem(
        gettext_lazy("Links that need care"), url, name="links", icon_name="link", order=110
    )


@hooks.register("register_admin_menu_item")
def show_moments() -> MenuItem:
    url, label = reverse("handbook_moments"), gettext_lazy("Moments")
    return MenuItem(label, url, name="moments", icon_name="pick", order=220)


@hooks.register("insert_editor_js")
def clean_what_is_pasted() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/paste.js"))


@hooks.register("register_reports_menu_item")
def show_useful() -> MenuItem:
    url, label = reverse("handbook_useful"), gettext_lazy("Was it useful?")
    return MenuItem(label, url, name="useful", icon_name="comment", order=120)


@hooks.register("register_admin_menu_item")
def show_stories() -> MenuItem:
    url = reverse("handbook_stories")
    return MenuItem(gettext_lazy("Stories"), url, name="stories", icon_name="openquote", order=250)


@hooks.register("after_publish_page")
def tell_hidden_links(request: HttpRequest, page: Any) -> None:
    found = findings(page) if isinstance(page, BlocksPage) else []
    if found:
        text = _("This page links to something that readers do not see: %(findings)s")
        messages.warning(request, text % {"findings": " ".join(map(str, found))})


@hooks.register("after_unpublish_page")
def tell_who_links_here(request: HttpRequest, page: Any) -> None:
    chapters = pointing_to(page)
    if chapters:
        text = ngettext(
            "One published chapter links to this page. "
            "Readers see those words without a link now: %(titles)s.",
            "%(count)s published chapters link to this page. "
            "Readers see those words without a link now: %(titles)s.",
            len(chapters),
        )
        titles = ", ".join(f"“{chapter.title}”" for chapter in chapters)
        messages.warning(request, text % {"count": len(chapters), "titles": titles})
