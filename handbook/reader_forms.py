"""What readers fill in: a question, a book, and the filters of the list of books."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import FilterForm, Form, RadioCards

from .isbn import isbn13
from .questions import Question
from .rules import Audience

LONGEST = 1000


def _text(**options: Any) -> forms.CharField:
    too_long = {"max_length": _("Your text is too long. Use at most %(limit_value)d characters.")}
    widget = forms.Textarea({"rows": 4})
    return forms.CharField(max_length=LONGEST, widget=widget, error_messages=too_long, **options)


class AskForm(Form):
    """`looked` is sent along once the person saw the questions that are like theirs."""

    text = _text(
        label=_("Your question"),
        help_text=_("Do not write your name or that of somebody else."),
    )
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("I do not know")), *Question.Topic.choices],
        required=False,
    )
    required_messages = {"text": _("Write your question first.")}


class ProposalForm(Form):
    title = forms.CharField(label=_("Title of the book"), max_length=200)
    author = forms.CharField(label=_("Who wrote it?"), max_length=200)
    book_language = forms.ChoiceField(
        label=_("In which language did you read it?"),
        choices=settings.LANGUAGES,
        widget=RadioCards,
    )
    why = _text(
        label=_("Why should others read it?"), help_text=_("One or two sentences are enough.")
    )
    isbn = forms.CharField(
        label=_("ISBN"),
        help_text=_("The number above the bar code: 10 or 13 digits."),
        max_length=30,
        required=False,
    )
    required_messages = {
        "title": _("Fill in the title."),
        "author": _("Fill in who wrote it. One name is enough."),
        "why": _("Write why others should read it."),
    }

    def clean_isbn(self) -> str:
        return clean_isbn(self.cleaned_data["isbn"])


def clean_isbn(text: str) -> str:
    """The thirteen digits, or nothing for nothing. Raises ValidationError."""
    if not text:
        return ""
    number = isbn13(text)
    if number is None:
        raise ValidationError(
            _("This number cannot be right. Copy it once more from the back of the book."),
            code="isbn",
        )
    return number


class BookFilterForm(FilterForm):
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    audience = forms.ChoiceField(
        label=_("Good for"), choices=[("", _("Everybody")), *Audience.choices[1:]], required=False
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("All")), *settings.LANGUAGES], required=False
    )
    unmarked = ("topic", "audience", "language")

    def __init__(self, *args: Any, topics: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("All")), *topics.items()]
