"""Admins edit what people choose from, in the same place as the handbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .forms.taxonomy import TermForm, TermGroupForm, TopicRelationForm
from .models import Term, TermGroup, TopicRelation
from .selectors.taxonomy import in_use


class TermViewSet(SnippetViewSet):
    model = Term
    icon = "tag"
    menu_label = _("Topics, themes and bonds")
    list_display = [
        "__str__",
        Column("group", label=_("Group"), sort_key="group"),
        BooleanColumn("shown_first", label=_("Shown first"), sort_key="shown_first"),
        BooleanColumn("is_active", label=_("Can be chosen"), sort_key="is_active"),
    ]
    list_filter = ["group__kind", "group", "is_active"]
    search_fields = [f"labels__{code}" for code, _name in settings.LANGUAGES]
    list_per_page = 100

    edit_handler = ObjectList(
        [
            FieldPanel("group"),
            FieldPanel("labels"),
            FieldPanel("sentences"),
            FieldPanel("shown_first", heading=_("Shown first")),
            FieldPanel(
                "is_active",
                heading=_("Can be chosen"),
                help_text=_("Untick to retire it. Who chose it before keeps it."),
            ),
            FieldPanel("position", heading=_("Order within the group")),
        ],
        base_form_class=TermForm,
    )


class TermGroupViewSet(SnippetViewSet):
    model = TermGroup
    icon = "folder-open-inverse"
    menu_label = _("Groups")
    list_display = [
        "__str__",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("position", label=_("Order within the kind"), sort_key="position"),
    ]
    list_filter = ["kind"]
    edit_handler = ObjectList(
        [
            FieldPanel("kind", heading=_("Kind")),
            FieldPanel("labels"),
            FieldPanel("position", heading=_("Order within the kind")),
        ],
        base_form_class=TermGroupForm,
    )


class TopicRelationViewSet(SnippetViewSet):
    model = TopicRelation
    icon = "link"
    menu_label = _("Related topics")
    list_display = [
        Column("a", label=_("Who knows about")),
        Column("b", label=_("can also help with")),
        Column("strength", label=_("How much, from 0 to 1"), sort_key="strength"),
    ]
    list_per_page = 100
    edit_handler = ObjectList(
        [
            FieldPanel("a"),
            FieldPanel("b"),
            FieldPanel("strength"),
        ],
        base_form_class=TopicRelationForm,
    )


class TaxonomyViewSetGroup(SnippetViewSetGroup):
    items = (TermViewSet, TermGroupViewSet, TopicRelationViewSet)
    menu_label = _("What people choose from")
    menu_icon = "list-ul"
    menu_order = 250


register_snippet(TaxonomyViewSetGroup)


@hooks.register("before_delete_snippet")
def keep_what_is_in_use(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """What people chose stays: their answers and old rounds must keep their meaning."""
    for instance in instances:
        if isinstance(instance, Term | TermGroup) and in_use(instance):
            text = gettext("“%(name)s” is in use. Retire it: untick “Can be chosen”.")
            if isinstance(instance, TermGroup):
                text = gettext("“%(name)s” still has entries. Move or delete those first.")
            messages.error(request, text % {"name": instance})
            viewset = instance.snippet_viewset
            return redirect(reverse(viewset.get_url_name("edit"), args=[instance.pk]))
    return None
