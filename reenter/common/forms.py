"""The base of every form: errors say what to do, and screen readers hear which field they mean."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

AUTOCOMPLETE = {
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "email": "email",
    "phone": "tel",
    "tel": "tel",
    "organisation_name": "organization",
    "postcode": "postal-code",
    "place": "address-level2",
}

REQUIRED = {
    "name": _("Fill in your name."),
    "email": _("Fill in your e-mail address."),
    "phone": _("Fill in your phone number."),
    "code": _("Fill in the code."),
    "password": _("Fill in your password."),
}

INVALID: dict[type[forms.Field], Any] = {
    forms.EmailField: _("Write the e-mail address like this: name@example.com."),
    forms.DateField: _("Fill in a date that exists."),
    forms.IntegerField: _("Fill in a whole number, like 3."),
    forms.URLField: _("Write the address like this: https://example.com."),
}


class _Hints:
    """`hints` maps a value to a line of explanation under its label."""

    def __init__(self, *args: Any, hints: Mapping[Any, Any] | None = None, **kwargs: Any) -> None:
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}
        super().__init__(*args, **kwargs)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(option["value"]), "")
        return option


class RadioCards(_Hints, forms.RadioSelect):
    """One choice out of a few; the whole card is the target."""


class CheckboxCards(_Hints, forms.CheckboxSelectMultiple):
    """Several choices; the whole card is the target."""


class TextPerLanguageWidget(forms.MultiWidget):
    template_name = "components/text_per_language.html"
    use_fieldset = True

    def __init__(
        self, attrs: dict[str, Any] | None = None, box: type[forms.Widget] = forms.TextInput
    ) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            code: box({"lang": code}) for code, _name in settings.LANGUAGES
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = zip(context["widget"]["subwidgets"], settings.LANGUAGES, strict=True)
        for box, (_code, language) in boxes:
            box["label"] = language
        return context


class TextPerLanguageField(forms.MultiValueField):
    """A text in every language of the site, as a mapping from language code to text.

    With `every` False some languages may stay empty. `box` is the widget for one language.
    """

    def __init__(
        self,
        *,
        max_length: int = 120,
        every: bool = True,
        box: type[forms.Widget] = forms.TextInput,
        **kwargs: Any,
    ) -> None:
        boxes = [
            forms.CharField(max_length=max_length, required=every) for _code in settings.LANGUAGES
        ]
        kwargs.setdefault("widget", TextPerLanguageWidget(box=box))
        super().__init__(boxes, require_all_fields=every, **kwargs)
        self.error_messages["required"] = (
            _("Fill in this text in every language.")
            if every
            else _("Fill in this text in one language at least.")
        )

    def compress(self, values: list[str]) -> dict[str, str]:
        codes = [code for code, _name in settings.LANGUAGES]
        return {code: text for code, text in zip(codes, values, strict=False) if text}


class WordsPerLanguageField(TextPerLanguageField):
    """A few words in every language, with commas between them, as a list per language."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value  # what somebody typed
        return {code: ", ".join(words) for code, words in value.items()}

    def compress(self, values: list[str]) -> dict[str, Any]:
        lists = {
            code: [tidy for word in text.split(",") if (tidy := " ".join(word.split()))]
            for code, text in super().compress(values).items()
        }
        if not all(lists.values()):
            raise forms.ValidationError(self.error_messages["required"])
        return lists


class PlainForm:
    """Plain error texts and autocomplete for every field; mixed into both bases.

    `required_messages` maps a field's name to the sentence shown when it is left empty.
    `unmarked` names fields that may stay empty but are not called optional: a filter, or a field
    that is needed when another one is empty.
    `labels_hidden` keeps labels for screen readers only: for pages whose h1 is the question.
    """

    required_messages: Mapping[str, Any] = {}
    labels_hidden = False
    unmarked: Collection[str] = ()
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._say_plainly(name, field)
            if name in AUTOCOMPLETE and not field.widget.is_hidden:
                field.widget.attrs.setdefault("autocomplete", AUTOCOMPLETE[name])

    def _say_plainly(self, name: str, field: forms.Field) -> None:
        message = self.required_messages.get(name) or REQUIRED.get(name)
        if message:
            field.error_messages["required"] = message
        elif field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _required_text(name, field)
        if type(field) in INVALID:
            field.error_messages["invalid"] = INVALID[type(field)]


def _required_text(name: str, field: forms.Field) -> Any:
    label = field.label or name.replace("_", " ").capitalize()
    if isinstance(field, forms.BooleanField):
        return _("Tick the box to go on.")
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return gettext("Choose an answer for “%(label)s”.") % {"label": label}
    return gettext("Fill in “%(label)s”.") % {"label": label}


class Form(PlainForm, forms.Form):
    """Base of the project's forms; show with `{{ form|crispy }}` (error summary included)."""


class ModelForm(PlainForm, forms.ModelForm):
    """Base of the project's model forms; show with `{{ form|crispy }}`."""


class FilterForm(Form):
    """The filters above a list; unknown values count as no filter."""

    def chosen(self) -> dict[str, str]:
        """The valid filters alone."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
