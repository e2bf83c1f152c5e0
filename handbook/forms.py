"""Forms of the editor that differ from Wagtail's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from . import uploads


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
