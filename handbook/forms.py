"""Forms of readers, and those of the editor that differ from Wagtail's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from reenter.common.forms import Form, TextPerLanguageField, WordsPerLanguageField

from . import uploads
from .glossary import GlossaryTerm
from .models import ChapterPage
from .reading_models import NOTE_LETTERS


class PictureField(WagtailImageField):
    """A picture by its content, whatever its name says; what comes out was drawn anew."""

    default_validators = []  # Wagtail's goes by the name
    default_error_messages = {
        "empty": _("This file is empty. Choose another one."),
        "missing": _("No file came through. Choose the picture again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = _("A photo or drawing, at most 10 MB: JPEG, PNG, WebP or GIF.")

    def to_python(self, data: Any) -> SimpleUploadedFile | None:
        upload = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        try:
            if upload.size > uploads.MOST_BYTES:
                raise uploads.PictureError(uploads.too_heavy())
            content, extension = uploads.redrawn(upload.read())
        except uploads.PictureError as error:
            raise ValidationError(str(error), code="picture") from error
        name = slugify(Path(upload.name).stem)[:60] or "picture"
        kind = {"jpg": "image/jpeg", "png": "image/png"}[extension]
        return SimpleUploadedFile(f"{name}.{extension}", content, kind)


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" not in self.fields:  # the second step of a multiple upload
            return
        given = self.fields["file"]
        given.widget.attrs["accept"] = "image/jpeg,image/png,image/webp,image/gif"
        self.fields["file"] = PictureField(
            label=given.label,
            widget=given.widget,
            required=given.required,
        )


class VerdictForm(Form):
    """Yes or no is the button that one presses; a note is never needed."""

    useful = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Press “Yes” or “No”.")),
    )
    note = forms.CharField(
        label=_("Do you want to add something?"),
        help_text=_("What is missing, or what helped? Write no names and no phone numbers."),
        required=False,
        max_length=NOTE_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _chapters() -> list[tuple[Any, str]]:
    pages = ChapterPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)
    rows = pages.order_by("path").values_list("translation_key", "title")
    return [("", _("None")), *rows]


class GlossaryTermForm(WagtailAdminModelForm):
    terms = WordsPerLanguageField(
        label=_("Word"),
        help_text=_("Then its other forms, with commas between them: “mentor, mentors”."),
        max_length=200,
    )
    explanations = TextPerLanguageField(
        label=_("Explanation"),
        help_text=_("Two short sentences at most."),
        max_length=300,
        box=forms.Textarea,
    )
    chapter = forms.TypedChoiceField(
        label=_("Read on in"),
        help_text=_("Who may not read that chapter does not see the word."),
        choices=_chapters,
        coerce=lambda key: UUID(str(key)),
        empty_value=None,
        required=False,
    )

    def clean_terms(self) -> dict[str, list[str]]:
        """A form of a word stands once in a language: else a reader would get either text."""
        terms = self.cleaned_data["terms"]
        for other in GlossaryTerm.objects.exclude(pk=self.instance.pk):
            for code, forms_here in terms.items():
                taken = {form.lower() for form in other.terms.get(code, [])}
                for form in forms_here:
                    if form.lower() in taken:
                        text = gettext("“%(form)s” stands with “%(word)s” already.")
                        raise ValidationError(text % {"form": form, "word": other})
        return terms
