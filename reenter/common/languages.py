"""A text in every language of the site, in one field: one box per language, no JSON to see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TextPerLanguageWidget(forms.MultiWidget):
    template_name = "components/text_per_language.html"
    use_fieldset = True

    def __init__(
        self, attrs: dict[str, Any] | None = None, box: type[forms.Widget] = forms.TextInput
    ) -> None:
        boxes: dict[str, Any] = {code: box() for code, _name in settings.LANGUAGES}
        super().__init__(boxes, attrs)

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = zip(context["widget"]["subwidgets"], settings.LANGUAGES, strict=True)
        for box, (code, language) in boxes:
            box["label"] = language
            box["attrs"]["lang"] = code
        return context


class TextPerLanguageField(forms.MultiValueField):
    """A text in every language of the site, as a mapping from language code to text."""

    widget = TextPerLanguageWidget

    def __init__(self, *, max_length: int = 120, **kwargs: Any) -> None:
        boxes = [forms.CharField(max_length=max_length) for _code in settings.LANGUAGES]
        super().__init__(boxes, require_all_fields=True, **kwargs)
        self.error_messages["required"] = _("Fill in this text in every language.")

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
            raise ValidationError(self.error_messages["required"])
        return lists
