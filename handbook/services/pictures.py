"""The images of the handbook."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from wagtail.images import get_image_model


def picture_find(content: bytes) -> Any:
    """The image with just this content, or None."""
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # as Wagtail counts it
    return get_image_model().objects.filter(file_hash=digest).first()


def picture_keep(*, name: str, content: bytes) -> Any:
    """The image with just this content, made when it is not there.

    For files that come with the product: they are taken as they are. What people bring goes
    through `handbook.uploads.redrawn`.
    """
    image = picture_find(content)
    if image is None:
        file = ContentFile(content, name=name)
        image = get_image_model()(title=name.rpartition(".")[0], file=file)
        image._set_image_file_metadata()
        image.save()
    return image
