"""Files that editors bring: looked at before anything is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import documents
from .documents import DocumentError, read_document
from .front_matter import ContentError
from .models import HandbookIndexPage
from .package import unpacked
from .services import import_plan

MOST_MEGABYTES = 50
MISSING = {"required": _("Choose a file first."), "empty": _("This file is empty. Choose another.")}


class PackageForm(forms.Form):
    file = forms.FileField(
        label=_("Zip file"),
        help_text=_("As you took it out here, with the texts changed or not."),
        error_messages=MISSING,
        widget=forms.FileInput({"accept": ".zip"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1024 * 1024:
            text = _("This file is too big: over %(most)s MB.")
            raise ValidationError(text % {"most": MOST_MEGABYTES})
        try:
            with unpacked(file) as folder:
                import_plan(folder)
        except ContentError as error:
            raise ValidationError(str(error)) from error
        return file


class DocumentForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), help_text=_("In which handbook it belongs."))
    file = forms.FileField(
        label=_("Document"),
        help_text=_("Word (.docx) or Markdown (.md), at most 10 MB."),
        error_messages=MISSING,
        widget=forms.FileInput({"accept": ".docx,.md,.markdown"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = set(HandbookIndexPage.objects.values_list("locale__language_code", flat=True))
        choices = [(code, name) for code, name in settings.LANGUAGES if code in there]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            if file.size > documents.MOST_BYTES:
                raise DocumentError(documents.too_heavy())
            read_document(file.name, file.read())
        except DocumentError as error:
            raise ValidationError(str(error)) from error
        return file
