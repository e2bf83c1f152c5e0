"""What editors fill in: an answer, a question with its answer, a book."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.models import Term
from reenter.common.forms import Form, TextPerLanguageField

from .books import Book
from .questions import Question
from .reader_forms import clean_isbn

LONGEST = 4000


class AnswerForm(Form):
    text = forms.CharField(
        label=_("What you tell the sender"), max_length=LONGEST, widget=forms.Textarea({"rows": 6})
    )
    required_messages = {"text": _("Write what you tell the sender.")}


class EntryForm(WagtailAdminModelForm):
    """The texts of one language are all there or all empty; `needed` may not stay empty."""

    together: tuple[str, ...] = ()

    def __init__(self, *args: Any, needed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        texts = {name: cleaned[name] for name in self.together if name in cleaned}
        for code, language in settings.LANGUAGES:
            if code != self.needed and not any(code in text for text in texts.values()):
                continue
            for name, text in texts.items():
                if code not in text:
                    error = gettext("Fill in this text in %(language)s too.")
                    self.add_error(name, ValidationError(error % {"language": language}))
        return cleaned


class QuestionForm(EntryForm):
    questions = TextPerLanguageField(
        label=_("Question"),
        help_text=_("Short, without names. A language may stay empty: it is then listed."),
        max_length=300,
        every=False,
    )
    answers = TextPerLanguageField(
        label=_("Answer"), max_length=LONGEST, every=False, box=forms.Textarea
    )
    together = ("questions", "answers")

    class Meta:
        model = Question
        fields = ("questions", "answers", "topic", "audience")


class TopicsField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, choices=_topics, **kwargs)


def _topics() -> list[tuple[str, str]]:
    return [(term.code, str(term)) for term in Term.objects.of_kind("topic").offered()]


class BookForm(EntryForm):
    titles = TextPerLanguageField(
        label=_("Title"),
        help_text=_("In each language in which the book can be read."),
        max_length=200,
        every=False,
    )
    isbns = TextPerLanguageField(label=_("ISBN"), max_length=30, every=False, required=False)
    why = TextPerLanguageField(
        label=_("Why read it"), max_length=600, every=False, box=forms.Textarea
    )
    for_whom = TextPerLanguageField(label=_("For whom"), max_length=300, every=False)
    topics = TopicsField(label=_("Topics"), required=False)
    together = ("why", "for_whom")

    class Meta:
        model = Book
        fields = (
            "titles", "authors", "year", "isbns", "why", "for_whom", "audience", "topics",
        )  # fmt: skip

    def clean_isbns(self) -> dict[str, str]:
        return {code: clean_isbn(text) for code, text in self.cleaned_data["isbns"].items()}
