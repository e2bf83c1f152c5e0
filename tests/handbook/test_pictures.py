"""Pictures that editors bring: taken by content, drawn anew, or refused with words that help."""

import io
import re
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageFile
from wagtail.images.models import Image as Picture

from handbook import uploads
from tests.factories import handbook as make

# Every address where a file comes in: one picture, many at once, and from within a chapter.
DOORS = ["wagtailimages:add", "wagtailimages:add_multiple", "wagtailimages_chooser:create"]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
GPS = 0x8825
ORIENTATION = 0x0112


def opened(content):
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def with_exif(**turn):
    exif = Image.Exif()
    exif[0x0110] = "Camera of somebody"
    exif[ORIENTATION] = turn.get("orientation", 1)
    exif.get_ifd(GPS)[2] = (53.0, 12.0, 4.0)
    return make.picture(40, 20, "JPEG", exif=exif, comment=b"secret words")


def bomb(side=30_000):
    """A small PNG that would take gigabytes once unpacked."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def moving(kind):
    """Two pictures, one after the other."""
    out = io.BytesIO()
    first, second = (Image.new("RGB", (9, 9), colour) for colour in ("red", "blue"))
    first.save(out, kind, save_all=True, append_images=[second])
    return out.getvalue()


def huge():
    """A sound PNG of a hundred million points in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


def for_print():
    out = io.BytesIO()
    Image.new("CMYK", (2000, 1000), (0, 255, 255, 0)).save(out, "JPEG")
    return out.getvalue()


def test_what_a_camera_writes_into_a_photo_is_gone():
    before = with_exif()
    assert b"Camera of somebody" in before
    assert opened(before).getexif().get_ifd(GPS)
    content, extension = uploads.redrawn(before)
    picture = opened(content)
    assert extension == "jpg"
    assert not picture.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(picture.info)
    for trace in (b"Camera", b"secret", b"Exif"):
        assert trace not in content


def test_a_photo_taken_sideways_stands_upright():
    content, _kind = uploads.redrawn(with_exif(orientation=6))
    assert opened(content).size == (20, 40)


def test_words_and_files_hidden_in_a_png_are_gone():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Somebody Known")
    content = make.picture(pnginfo=info) + b"PK\x03\x04 a zip behind it" + HTML
    assert b"Somebody Known" in content
    clean, extension = uploads.redrawn(content)
    assert extension == "png"
    assert opened(clean).info == {}
    for trace in (b"Somebody", b"zip behind", b"script"):
        assert trace not in clean


def test_a_large_picture_becomes_smaller_and_a_small_one_stays():
    large, _kind = uploads.redrawn(make.picture(4000, 1000))
    assert opened(large).size == (uploads.LONGEST_SIDE, 400)
    small, _kind = uploads.redrawn(make.picture(30, 20))
    assert opened(small).size == (30, 20)


def test_what_is_see_through_stays_so_and_colours_are_kept():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (10, 20, 30, 0)).save(out, "PNG")
    content, extension = uploads.redrawn(out.getvalue())
    assert extension == "png"
    assert opened(content).getpixel((0, 0)) == (10, 20, 30, 0)
    out = io.BytesIO()
    Image.new("CMYK", (4, 4), (0, 255, 255, 0)).save(out, "JPEG")
    content, _kind = uploads.redrawn(out.getvalue())
    red, green, _blue = opened(content).getpixel((0, 0))
    assert red > 200 > 60 > green


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_kind_is_known_by_its_content(kind):
    content, extension = uploads.redrawn(make.picture(10, 10, kind))
    assert opened(content).format == {"jpg": "JPEG", "png": "PNG"}[extension]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SVG, "Bewaar het als JPEG of PNG"),
        (HTML, "Bewaar het als JPEG of PNG"),
        (b"GIF89a" + HTML, "JPEG of PNG|beschadigd"),
        (b"%PDF-1.7", "Bewaar het als JPEG of PNG"),
        (make.picture(10, 10, "BMP"), "Bewaar het als JPEG of PNG"),
        (make.picture(300, 300, "JPEG", quality=95)[:400], "beschadigd|JPEG of PNG"),
        (bomb(), "te veel punten"),
        (bomb(9_000), "te veel punten"),
        (moving("GIF"), "beweegt"),
        (moving("WEBP"), "beweegt"),
        (moving("PNG"), "beweegt"),
        (b"\0" * (uploads.MOST_BYTES + 1), "te groot"),
    ],
)  # fmt: skip
def test_what_is_no_good_is_refused_with_advice(content, reason):
    with pytest.raises(uploads.PictureError, match=reason):
        uploads.redrawn(content)


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize("name", ["kiek.jpg", "kiek.png", "kiek.HEIC", "kiek", "../../kiek.html"])
def test_an_editor_brings_a_picture_whatever_its_name(editor_client, address, name):
    picture, stored = brought(editor_client, address, name, with_exif())
    assert re.fullmatch(r"original_images/kiek[\w.-]*\.jpg", picture.file.name)
    assert (picture.width, picture.height) == (40, 20)
    assert b"Camera" not in stored
    assert not opened(stored).getexif()
    assert opened(stored).format == "JPEG"
    assert picture.file_size == len(stored)


@pytest.mark.parametrize("address", DOORS)
def test_a_large_photo_for_print_is_kept_small_in_the_colours_of_screens(editor_client, address):
    picture, stored = brought(editor_client, address, "kiek.jpg", for_print())
    assert (picture.width, picture.height) == opened(stored).size == (1600, 800)
    assert opened(stored).mode == "RGB"


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "Bewaar het als JPEG of PNG"),
        (HTML, "Bewaar het als JPEG of PNG"),
        (bomb(), "te veel punten"),
        (huge(), "te veel punten"),
        (moving("GIF"), "beweegt"),
        (make.picture(300, 300, "JPEG", quality=95)[:-200], "beschadigd"),
        (b"", "leeg"),
        (b"\0" * (uploads.MOST_BYTES + 1), "te groot"),
    ],
    ids=["svg", "html", "bomb", "huge", "moving", "cut off", "empty", "heavy"],
)
def test_an_editor_hears_what_is_wrong(editor_client, address, content, words):
    response = send(editor_client, address, "foto.jpg", content)
    body = response.content.decode("unicode_escape" if "multiple" in address else "utf-8")
    assert words in body
    assert not Picture.objects.exists()


def test_a_picture_is_exchanged_by_the_same_rules(editor_client):
    picture = make.image()
    address = reverse("wagtailimages:edit", args=[picture.pk])
    data = {"title": "Ander", "file": SimpleUploadedFile("a.jpg", HTML, "image/jpeg")}
    assert "Bewaar het als JPEG of PNG" in editor_client.post(address, data).content.decode()
    data["file"] = SimpleUploadedFile("a.jpg", with_exif(), "image/jpeg")
    assert editor_client.post(address, data).status_code == 302
    with Picture.objects.get().file.open("rb") as file:
        assert b"Camera" not in file.read()


@pytest.mark.parametrize("name", ["mentee", "mentor", "stranger", "facilitator"])
@pytest.mark.parametrize("address", DOORS)
def test_nobody_else_brings_pictures(request, client, book, address, name):
    client.force_login(request.getfixturevalue(name))
    assert send(client, address, "a.png", make.picture()).status_code == 404
    assert not Picture.objects.exists()


def test_a_visitor_is_sent_to_the_door(book):
    response = send(Client(), "wagtailimages:add_multiple", "a.png", make.picture())
    assert response.status_code in (302, 403)
    assert not Picture.objects.exists()


@pytest.fixture
def editor_client(client, editor, book):
    client.force_login(editor)
    return client


def send(client, address, name, content):
    upload = SimpleUploadedFile(name, content, "image/jpeg")
    url = reverse(address)
    if address == "wagtailimages:add":
        return client.post(url, {"title": "Een foto", "file": upload})
    if "chooser" in address:
        data = {"image-chooser-upload-title": "Een foto", "image-chooser-upload-file": upload}
    else:
        data = {"title": "Een foto", "files[]": upload}
    return client.post(url, data, headers={"x-requested-with": "XMLHttpRequest"})


def brought(client, address, name, content):
    """The one picture there is after this upload, and what was stored."""
    response = send(client, address, name, content)
    assert response.status_code in (200, 302), response.content
    [picture] = Picture.objects.all()
    with picture.file.open("rb") as file:
        return picture, file.read()


def test_a_picture_that_is_cut_off_is_refused_beside_setting_type_too():
    """WeasyPrint switches the check off for its whole process when it is loaded."""
    pytest.importorskip("handbook.pdf.typesetting", exc_type=(ImportError, OSError))
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
