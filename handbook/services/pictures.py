"""The images of the handbook."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from wagtail.images import get_image_model


def picture_keep(*, name: str, content: bytes) -> Any:
    """The image with just this content, made when it is not there.

    For files that come with the product: they are taken as they are. What people bring goes
    through `handbook.uploads.redrawn`.
    """
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # as Wagtail counts it
    model = get_image_model()
    image = model.objects.filter(file_hash=digest).first()
    if image is None:
        image = model(title=name.rpartition(".")[0], file=ContentFile(content, name=name))
        image._set_image_file_metadata()
        image.save()
    return image
