"""Where editors change words, answered questions and books, and find what readers sent."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .books import Book
from .editor_forms import BookForm, QuestionForm
from .forms import GlossaryTermForm
from .glossary import GlossaryTerm
from .questions import Question

PUBLISHED = FieldPanel("is_published", help_text=_("Untick to take it off the page."))


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions and answers")
    list_display = [
        "__str__",
        Column("get_topic_display", label=_("Topic"), sort_key="topic"),
        Column("get_audience_display", label=_("Who may read it"), sort_key="audience"),
        BooleanColumn("is_published", label=_("Readers see it"), sort_key="is_published"),
    ]
    list_filter = ["topic", "audience", "is_published"]
    list_per_page = 100
    edit_handler = ObjectList(
        [
            FieldPanel("questions"),
            FieldPanel("answers"),
            FieldPanel("topic"),
            FieldPanel("audience"),
            PUBLISHED,
        ],
        base_form_class=QuestionForm,
    )


class BookViewSet(SnippetViewSet):
    model = Book
    icon = "doc-full"
    menu_label = _("Books")
    list_display = [
        "__str__",
        Column("authors", label=_("Authors"), sort_key="authors"),
        Column("get_audience_display", label=_("Good for"), sort_key="audience"),
        BooleanColumn("is_published", label=_("Readers see it"), sort_key="is_published"),
    ]
    list_filter = ["audience", "is_published"]
    list_per_page = 100
    edit_handler = ObjectList(
        [
            FieldPanel("titles"),
            FieldPanel("authors"),
            FieldPanel("year"),
            FieldPanel("isbns"),
            FieldPanel("why"),
            FieldPanel("for_whom"),
            FieldPanel("audience"),
            FieldPanel("topics"),
            PUBLISHED,
        ],
        base_form_class=BookForm,
    )


class GlossaryTermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Glossary")
    menu_name = "glossary"
    menu_order = 240
    add_to_admin_menu = True
    ordering = ["key"]
    list_per_page = 100
    list_display = [
        "__str__",
        Column("explanation", label=_("Explanation")),
        BooleanColumn("in_text", label=_("Explained in chapters")),
        BooleanColumn("is_published", label=_("Shown")),
    ]
    search_fields = [f"terms__{code}" for code, _name in settings.LANGUAGES]
    edit_handler = ObjectList(
        [
            FieldPanel("terms"),
            FieldPanel("explanations"),
            FieldPanel("chapter"),
            FieldPanel(
                "in_text",
                heading=_("Explained in chapters"),
                help_text=_("Untick it for an everyday word that often means another thing."),
            ),
            FieldPanel(
                "is_published",
                heading=_("Shown"),
                help_text=_("Untick it, and no reader sees this word."),
            ),
        ],
        base_form_class=GlossaryTermForm,
    )


class ListsViewSetGroup(SnippetViewSetGroup):
    """The two lists, and before them what readers sent for each."""

    items = (QuestionViewSet, BookViewSet)
    menu_label = _("Questions and books")
    menu_icon = "help"
    menu_order = 240

    def get_submenu_items(self) -> list[MenuItem]:
        sent = [
            MenuItem(
                _("New questions"),
                reverse_lazy("handbook:asked_questions"),
                name="asked-questions",
                icon_name="mail",
                order=-2,
            ),
            MenuItem(
                _("Proposed books"),
                reverse_lazy("handbook:proposed_books"),
                name="proposed-books",
                icon_name="mail",
                order=-1,
            ),
        ]
        return [*sent, *super().get_submenu_items()]
