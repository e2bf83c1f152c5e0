"""Pictures that people bring: looked at by their content and drawn anew.

What is kept is made from the pixels alone, so nothing else that was in the file comes along: no
place or camera (EXIF, GPS, XMP), no comment, no second file hidden behind the picture.
"""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOVING = ("PNG", "WEBP", "GIF")  # a JPEG of a telephone may hold several pictures, and is still
QUALITY = 85
MOST_COLOURS = 4096


class PictureError(ValueError):
    """A file that is not taken; the text says to the editor what to do."""


def redrawn(content: bytes) -> tuple[bytes, str]:
    """The picture as JPEG, or as PNG when it is see-through or drawn, and its extension.

    At most LONGEST_SIDE pixels wide and high, upright, in the colours of screens (sRGB).
    Raises PictureError.
    """
    if len(content) > MOST_BYTES:
        raise PictureError(too_heavy())
    picture = _opened(content)
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureError(_too_many_pixels())
    drawn = picture.format in ("PNG", "GIF")
    try:
        if picture.format in MOVING and picture.is_animated:
            raise PictureError(_moves())
        picture.load()
        picture = ImageOps.exif_transpose(picture)
        picture = _in_screen_colours(picture)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    except PictureError:
        raise
    except Exception as error:  # Pillow raises whatever a broken file makes it stumble over
        raise PictureError(
            _("This file is damaged. Open it on your computer, save it anew and try again.")
        ) from error
    few = drawn and picture.getcolors(MOST_COLOURS) is not None  # a chart, not a photo
    return _encoded(picture, "PNG" if few or picture.mode == "RGBA" else "JPEG")


def too_heavy() -> str:
    return _(
        "This file is too big: over %(most)s MB. Save a smaller copy, or mail it to yourself as "
        "“medium” and use that one."
    ) % {"most": MOST_BYTES // 1024 // 1024}


def _too_many_pixels() -> str:
    return _(
        "This picture has too many points: over %(most)s million. Save a smaller copy of about "
        "%(side)s points wide."
    ) % {"most": MOST_PIXELS // 1_000_000, "side": LONGEST_SIDE}


def _moves() -> str:
    return _("This picture moves. Choose a still one, or save one moment of it as JPEG or PNG.")


def _opened(content: bytes) -> Image.Image:
    """The picture with only its head read: a huge one is not unpacked."""
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(_too_many_pixels()) from error
    except Exception as error:  # as above
        raise PictureError(
            _("This is no picture that we can show. Save it as JPEG or PNG and try again.")
        ) from error


def _in_screen_colours(picture: Image.Image) -> Image.Image:
    """RGB or, when any of it is see-through, RGBA; a colour profile of its own is worked in."""
    profile = picture.info.get("icc_profile")
    see_through = picture.has_transparency_data
    result = picture.convert("RGBA" if see_through else "RGB")
    if profile and picture.mode in ("RGB", "RGBA"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ImageCms.profileToProfile(result, source, ImageCms.createProfile("sRGB"), inPlace=True)
        except (ImageCms.PyCMSError, OSError):
            return result  # a broken profile: the colours as they are
    return result


def _encoded(picture: Image.Image, kind: str) -> tuple[bytes, str]:
    out = io.BytesIO()
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)  # the points alone: `info` stays behind
    if kind == "PNG":
        clean.save(out, "PNG", optimize=True)
        return out.getvalue(), "png"
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue(), "jpg"


def is_bare(content: bytes) -> bool:
    """Whether a JPEG or PNG holds nothing but a picture that fits: it can be taken as it is.

    So a picture that was drawn anew once keeps its bytes when it travels from site to site.
    """
    try:
        picture = _opened(content)
        if picture.width * picture.height > MOST_PIXELS:
            return False
        picture.load()
    except Exception:  # as above
        return False
    fits = max(picture.size) <= LONGEST_SIDE
    bare = {"JPEG": _is_bare_jpeg, "PNG": _is_bare_png}.get(picture.format or "")
    return fits and bare is not None and bare(content)


def _is_bare_png(content: bytes) -> bool:
    place = 8
    while place + 12 <= len(content):
        size, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        if kind not in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            return False
        place += size + 12
        if kind == b"IEND":
            return place == len(content)
    return False


def _is_bare_jpeg(content: bytes) -> bool:
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        kind = content[place + 1]
        if kind == 0xFE or 0xE1 <= kind <= 0xEF:  # a comment, or what a camera or program wrote
            return False
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
        if kind == 0xDA:
            place = _after_scan(content, place)
            if content[place : place + 2] == b"\xff\xd9":
                return place + 2 == len(content)
    return False


def _after_scan(content: bytes, place: int) -> int:
    """The place of the next marker: within a scan 0xFF is followed by 0 or a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            return len(content)
        if content[place + 1] != 0 and not 0xD0 <= content[place + 1] <= 0xD7:
            return place
        place += 2
