"""The handbook out and in: the same files again, all or nothing, and nothing lost."""

import io
import os
import re
import stat
import zipfile
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from wagtail.images.models import Image
from wagtail.models import Page

from handbook.content_files import FOLDER, ContentError, read_book
from handbook.keys import key_of
from handbook.models import ChapterPage, HandbookIndexPage, HomePage, LoadedPage, PartPage
from handbook.package import MOST_FILE_BYTES, unpacked, zipped
from handbook.services import handbook_export, handbook_import, handbook_load, import_plan
from reenter.common.models import AuditEntry
from tests.factories import handbook as make

pytestmark = pytest.mark.django_db


def empty_site():
    """As after `migrate`: no page, no image, nothing known of what was loaded."""
    for home in HomePage.objects.all():
        home.delete()
    LoadedPage.objects.all().delete()
    for image in Image.objects.all():
        default_storage.delete(image.file.name)
        image.delete()


def folder_of(files, tmp_path, name="in"):
    folder = tmp_path / name
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def states(changes):
    return {f"{change.language}/{change.file}": change.state for change in changes}


POINTS = [
    {"title": "Een *ster*", "text": "<p>Want <b>ja</b>.</p><p>En nog wat.</p>"},
    {"title": "Twee", "text": '<p>Zie <a href="https://a.example/x_y">daar</a>.</p>'},
]


@pytest.fixture
def rich(book):
    """Every kind of block, an image twice and one with its name, in two languages."""
    image, other = make.image(width=40), make.image(width=30)
    opening = make.part(book, slug="opening")
    first = make.chapter(opening, slug="eerste_hoofdstuk", title='Met "aanhaling" en \\')
    closed = make.chapter(
        make.part(book, slug="dicht"), slug="dicht", live=False, audience="mentor"
    )
    picture = {"image": image.pk, "alt": "Een tafel", "decoration": False, "caption": "Wij: Ada"}
    button = {"text": "Kom.", "label": "Ga"}
    first.body = [
        make.text(
            f"<h2>Kop</h2><p>Lees {make.link(closed, 'dit')}, {make.link(opening, 'dat')} of "
            f"{make.link(book, 'alles')}.<br/>Regel <i>twee</i></p><h3>Lager</h3>"
            "<ol><li>een<ul><li>binnen</li></ul></li><li>twee</li></ol><p>- geen lijst</p>"
        ),
        make.listed("tips", "Tips: drie", ["<p>Bel.</p>", "<p>Schrijf <b>op</b>.</p>"]),
        make.listed("benefits", "", POINTS),
        make.listed("steps", "Stappen", POINTS),
        {"type": "quote", "value": {"words": "Mooi.\nEcht.", "name": "Piet, jr", "role": "bakker"}},
        {"type": "quote", "value": {"words": "Kort.", "name": "An", "role": ""}},
        {"type": "example", "value": {"title": "S", "text": "<p>title: x</p><ul><li>y</li></ul>"}},
        {"type": "question", "value": {"question": "En jij?", "text": "<p>Denk na.</p>"}},
        {"type": "image", "value": picture},
        {"type": "image", "value": picture | {"image": other.pk}},
        {"type": "image", "value": picture | {"alt": "", "decoration": True, "caption": ""}},
        {"type": "video", "value": {"title": "Film", "minutes": 3, "text": "Een.\nTwee.",
                                    "link": "https://Video.example?a=b_c"}},
        {"type": "action", "value": button | {"target": "signup", "page": None}},
        {"type": "action", "value": button | {"target": "chapter", "page": closed.pk}},
    ]  # fmt: skip
    first.save_revision().publish()
    english = make.part(make.book("en", credits="<p>By <b>us</b>.</p>"), slug="opening-en")
    make.chapter(english, slug="first", translation_key=first.translation_key)
    return first


# Round trip


def test_what_goes_out_and_in_and_out_again_is_the_same(rich, tmp_path):
    export = handbook_export()
    assert export.notes == []
    assert {name for name in export.files if name.startswith("nl/")} == {
        "nl/_handbook.md", "nl/_credits.md", "nl/eerste-hoofdstuk.md", "nl/dicht.md",
    }  # fmt: skip
    assert len([name for name in export.files if name.startswith("images/")]) == 2
    assert "en/eerste-hoofdstuk.md" in export.files
    before = {page.translation_key for page in Page.objects.exclude(depth__lt=3)}
    empty_site()
    changes = handbook_import(actor=None, folder=folder_of(export.files, tmp_path))
    assert set(states(changes).values()) == {"new"}
    assert {page.translation_key for page in Page.objects.exclude(depth__lt=3)} == before
    assert handbook_export().files == export.files
    chapter = ChapterPage.objects.get(slug="eerste_hoofdstuk").get_latest_revision_as_object()
    kinds = [block.block_type for block in chapter.body]
    assert kinds == [block.block_type for block in rich.body]
    closed = ChapterPage.objects.get(slug="dicht")
    assert chapter.body[13].value["page"].pk == closed.pk
    assert chapter.body[8].value["image"].file.size
    assert f'id="{closed.pk}"' in chapter.body[0].value.source


def test_a_first_page_with_words_and_a_link_to_another_handbook_come_back(db, tmp_path):
    handbook_load(actor=None)
    books = HandbookIndexPage.objects.filter(locale__language_code="nl")
    other = books.get(translation_key=key_of("series/learners"))
    own = books.get(translation_key=key_of("handbook"))
    own.body = [make.text(f'<p>Lees <a id="{other.pk}" linktype="page">dit</a>.</p>')]
    own.save_revision().publish()
    chapter = make.chapter(make.part(other, title="Deel"), title="Les")
    export = handbook_export()
    assert "(series:learners)" in export.files["nl/_handbook.md"].decode()
    assert export.notes == [
        f"“{other.title}”: alleen de eerste bladzijde staat erin, niet de hoofdstukken."
    ]
    folder = folder_of(export.files, tmp_path)
    chapter.delete()
    empty_site()
    handbook_import(actor=None, folder=folder, publish=True)
    assert handbook_export().files == export.files
    own, other = books.get(translation_key=own.translation_key), books.get(slug=other.slug)
    assert f'id="{other.pk}"' in own.body[0].value.source


def test_the_same_for_the_product_s_own_chapters(db, tmp_path):
    handbook_load(actor=None)
    export = handbook_export()
    assert export.notes == []
    names = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/**/*.md")}
    assert set(export.files) == names
    folder = folder_of(export.files, tmp_path)
    for language in ("nl", "en"):
        ours, theirs = read_book(language), read_book(language, folder)
        assert (ours.credits, ours.parts) == (theirs.credits, theirs.parts)
        assert (ours.readers, ours.status) == (theirs.readers, theirs.status)
        assert [(one.key, one.order, one.readers) for one in ours.series] == [
            (one.key, one.order, one.readers) for one in theirs.series
        ]
        for one, other in zip(ours.chapters, theirs.chapters, strict=True):
            assert (one.key, one.title, one.intro, one.part) == (
                other.key, other.title, other.intro, other.part
            )  # fmt: skip
    assert set(states(import_plan(folder)).values()) == {"same"}
    empty_site()
    changes = handbook_import(actor=None, folder=folder, publish=True)
    assert set(states(changes).values()) == {"new"}
    assert handbook_export().files == export.files
    assert ChapterPage.objects.live().count() == 72
    assert {outcome.state for outcome in handbook_load(actor=None)} == {"same"}


def test_a_zip_is_the_same_each_time_and_is_read_like_a_folder(rich, tmp_path):
    files = handbook_export().files
    first, again = io.BytesIO(), io.BytesIO()
    zipped(files, first)
    zipped(dict(reversed(files.items())), again)
    assert first.getvalue() == again.getvalue()
    with unpacked(io.BytesIO(first.getvalue())) as folder:
        assert set(states(import_plan(folder)).values()) == {"same"}


def test_what_is_not_complete_is_named_and_left_out(book):
    chapter = make.chapter(make.part(book), slug="half")
    chapter.body = [
        {"type": "quote", "value": {"words": "", "name": "", "role": ""}},
        make.text("<p>Heel.</p>"),
        {"type": "action", "value": {"text": "a", "label": "b", "target": "chapter", "page": None}},
    ]
    chapter.save_revision(clean=False)
    export = handbook_export()
    assert len(export.notes) == 2
    assert "nl/half.md: blok 1" in export.notes[0]
    assert b"Heel." in export.files["nl/half.md"]
    assert b"quote" not in export.files["nl/half.md"]


# Into a site where editors work


def rewritten(files, name, old, new):
    text = files[name].decode()
    assert old in text
    return files | {name: text.replace(old, new).encode()}


def test_a_changed_page_gets_a_new_version_and_readers_see_nothing_of_it(
    rich, tmp_path, admin_user
):
    files = rewritten(
        handbook_export().files, "nl/eerste-hoofdstuk.md", "Denk na.", "Denk goed na."
    )
    folder = folder_of(files, tmp_path)
    plan = import_plan(folder)
    [change] = [change for change in plan if change.state != "same"]
    assert (change.file, change.differs) == ("eerste-hoofdstuk", ("block 8",))
    versions = rich.revisions.count()
    assert handbook_import(actor=admin_user, folder=folder) == plan
    rich.refresh_from_db()
    assert rich.has_unpublished_changes
    assert "goed" not in rich.search_text
    assert rich.revisions.count() == versions + 1
    assert rich.latest_revision.user == admin_user
    entry = AuditEntry.objects.get(action="handbook.imported")
    assert (entry.actor, entry.data) == (admin_user, {"new": 0, "changed": 1, "published": False})
    assert set(states(handbook_import(actor=admin_user, folder=folder)).values()) == {"same"}
    assert AuditEntry.objects.filter(action="handbook.imported").count() == 1


def test_a_draft_of_an_editor_stays_in_the_history_and_the_plan_says_so(rich, tmp_path):
    folder = folder_of(handbook_export().files, tmp_path)
    rich.title = "Van de redactie"
    rich.save_revision()
    [change] = [change for change in import_plan(folder) if change.state != "same"]
    assert change.differs == ("title",)
    assert "een concept van een redacteur blijft in de geschiedenis" in change.line()
    handbook_import(actor=None, folder=folder, publish=True)
    titles = [r.content["title"] for r in rich.revisions.order_by("created_at")]
    assert "Van de redactie" in titles[:-1]
    assert titles[-1] == 'Met "aanhaling" en \\'


def test_a_new_page_comes_after_the_one_before_it_and_keeps_the_others(rich, tmp_path):
    files = dict(handbook_export().files)
    text = files["nl/dicht.md"].decode().replace('"dicht"', '"nieuw"', 2)
    text = re.sub(r"id = .*\n", "", text).replace('part = "dicht"', 'part = "opening"')
    files["nl/nieuw.md"] = text.replace("order = 1", "order = 2").encode()
    last = make.chapter(PartPage.objects.get(slug="opening"), slug="laatste")
    changes = handbook_import(actor=None, folder=folder_of(files, tmp_path))
    assert [c.file for c in changes if c.state == "new"] == ["nieuw"]
    chapters = ChapterPage.objects.child_of(last.get_parent()).order_by("path")
    assert [c.slug for c in chapters] == ["eerste_hoofdstuk", "nieuw", "laatste"]
    assert not chapters[1].live
    assert ChapterPage.objects.get(pk=last.pk).live


def test_a_locked_page_is_not_touched(rich, tmp_path):
    folder = folder_of(
        rewritten(handbook_export().files, "nl/eerste-hoofdstuk.md", "Denk", "Peins"), tmp_path
    )
    ChapterPage.objects.filter(pk=rich.pk).update(locked=True)
    with pytest.raises(ContentError, match=r"nl/eerste-hoofdstuk.*is op slot"):
        handbook_import(actor=None, folder=folder)


# All or nothing

BROKEN = [
    ("nl/dicht.md", "Words.", "Words.\n:::\nbuiten", r"dicht.md: line 1\d: .*outside a block"),
    ("nl/dicht.md", "Words.", "[x](chapter:weg)", r"line 1\d, block text: .*chapter:weg"),
    ("nl/dicht.md", ":::text", ":::tekst", r"line 1\d: there is no block 'tekst'. Expected: text"),
    ("nl/dicht.md", 'audience = "mentor"', 'audience = "all"', "audience is one of everyone"),
    ("nl/dicht.md", "order = 1", "order = 0", "order is a whole number"),
    ("nl/dicht.md", "order = 1", "order = ", r"front matter: .*line 7"),
    ("nl/dicht.md", 'title = "', 'titel = "', "title is missing"),
    ("nl/dicht.md", 'intro = "', f'intro = "{"x" * 250}', "at most 250"),
    ("nl/dicht.md", 'key = "dicht"', 'key = "open"', "is not the name of the file"),
    ("nl/dicht.md", "+++\n", "", "no front matter"),
    ("nl/dicht.md", 'id = "', 'id = "x', "id .* is not one"),
    ("nl/_handbook.md", 'slug = "dicht"', 'slug = "a/b"', "slug 'a/b'"),
    ("nl/_handbook.md", 'key = "dicht"', 'key = "opening"', "stands twice"),
    ("nl/eerste-hoofdstuk.md", "label: Ga", f"label: {'x' * 61}", r"block action: .*61.*60"),
    ("nl/eerste-hoofdstuk.md", "alt: Een tafel", "alt: ", "lines|line alt"),
    ("nl/eerste-hoofdstuk.md", "file: picture", "file: weg", r"images/weg"),
    ("nl/eerste-hoofdstuk.md", "minutes: 3", "minutes: drie", "whole number"),
]  # fmt: skip


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("name", "old", "new", "reason"), BROKEN)
def test_a_mistake_is_named_by_file_and_line_and_nothing_is_written(
    rich, tmp_path, name, old, new, reason
):
    files = rewritten(handbook_export().files, name, old, new)
    folder = folder_of(rewritten(files, "en/_handbook.md", "Handbook", "New"), tmp_path)
    before = list(Page.objects.order_by("pk").values())
    for call in (lambda: import_plan(folder), lambda: handbook_import(actor=None, folder=folder)):
        with pytest.raises(ContentError, match=reason) as caught:
            call()
        assert name.rpartition("/")[2] in str(caught.value)
    assert list(Page.objects.order_by("pk").values()) == before


def test_a_failure_half_way_leaves_no_page_and_no_file(rich, tmp_path):
    files = dict(handbook_export().files)
    empty_site()
    images = set(default_storage.listdir("original_images")[1])
    folder = folder_of(
        rewritten(files, "en/_handbook.md", 'intro = "Intro."', 'intro = ""'), tmp_path
    )
    with pytest.raises(ContentError, match=r"en/_handbook\.md"):
        handbook_import(actor=None, folder=folder, publish=True)
    assert not HandbookIndexPage.objects.exists()
    assert not Image.objects.exists()
    assert set(default_storage.listdir("original_images")[1]) == images


def test_an_image_with_more_than_a_picture_in_it_is_drawn_anew(rich, tmp_path):
    files = dict(handbook_export().files)
    empty_site()
    name = next(name for name in files if name.startswith("images/"))
    files[name] += b"PK\x03\x04 something behind it"
    handbook_import(actor=None, folder=folder_of(files, tmp_path))
    for image in Image.objects.all():
        assert b"something" not in image.file.read()


@pytest.mark.parametrize("content", [b"<svg/>", b"", b"GIF89a<script>"])
def test_what_is_no_picture_is_refused(rich, tmp_path, content):
    files = dict(handbook_export().files)
    name = next(name for name in files if name.startswith("images/"))
    folder = folder_of(files | {name: content}, tmp_path)
    with pytest.raises(ContentError, match=name):
        handbook_import(actor=None, folder=folder)


# What a zip file may not do


def package(extra, **changes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("nl/_handbook.md", "nl/_credits.md"):
            archive.writestr(name, (FOLDER / name).read_text(encoding="utf-8"))
        for entry, content in extra:
            archive.writestr(entry, content)
    return io.BytesIO(out.getvalue())


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ([("../nl/weg.md", "x")], "buiten de map"),
        ([("/nl/weg.md", "x")], "buiten de map"),
        ([("nl\\..\\..\\weg.md", "x")], "buiten de map"),
        ([("C:/nl/weg.md", "x")], "buiten de map"),
        ([(link("nl/weg.md"), "/etc/passwd")], "een link en geen bestand"),
        ([("nl/weg.exe", "x")], "hoort niet in een handboek"),
        ([("nl/Weg.md", "x")], "hoort niet in een handboek"),
        ([("de/weg.md", "x")], "hoort niet in een handboek"),
        ([("images/weg.svg", "x")], "hoort niet in een handboek"),
        ([("nl/weg.md", "x" * (MOST_FILE_BYTES + 1))], "te groot"),
        ([(f"nl/a{n}.md", b"\0" * MOST_FILE_BYTES) for n in range(21)], "te groot"),
        ([(f"nl/a{n}.md", "") for n in range(3001)], "meer dan 3000"),
    ],
)
def test_a_dangerous_zip_is_refused_in_words(extra, reason):
    with pytest.raises(ContentError, match=reason), unpacked(package(extra)):
        pass


def test_a_zip_that_lies_about_its_size_is_refused():
    content = package([("nl/weg.md", b"\0" * (MOST_FILE_BYTES + 5))]).getvalue()
    size = (MOST_FILE_BYTES + 5).to_bytes(4, "little")
    assert content.count(size) == 2
    with (
        pytest.raises(ContentError, match=r"te groot|beschadigd"),
        unpacked(io.BytesIO(content.replace(size, (5).to_bytes(4, "little")))),
    ):
        pass


def test_what_is_no_zip_or_has_a_password_is_refused(tmp_path):
    for content in (b"", b"%PDF-1.7", b"PK\x03\x04 broken"):
        with pytest.raises(ContentError, match="geen zip"), unpacked(io.BytesIO(content)):
            pass
    content = bytearray(package([]).getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    with pytest.raises(ContentError, match="wachtwoord"), unpacked(io.BytesIO(bytes(content))):
        pass
    with pytest.raises(ContentError, match="geen handboek"), unpacked(tmp_path):
        pass


def test_what_computers_add_and_a_folder_around_it_do_no_harm():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("nl/_handbook.md", "nl/_credits.md", "nl/welcome.md", "_faq.json"):
            content = (FOLDER / name).read_bytes()
            archive.writestr(f"Mijn handboek/{name}", content.replace(b"\n", b"\r\n"))
        archive.writestr("__MACOSX/nl/._welcome.md", b"x")
        archive.writestr("Mijn handboek/.DS_Store", b"x")
    with unpacked(out) as folder:
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
        assert names == ["nl/_credits.md", "nl/_handbook.md", "nl/welcome.md"]
        assert read_book("nl", folder).chapters[0].title == read_book("nl").chapters[0].title


def test_a_folder_with_a_link_in_it_is_refused(tmp_path):
    folder = folder_of({"nl/_handbook.md": "x"}, tmp_path)
    os.symlink("/etc/passwd", folder / "nl" / "weg.md")
    with pytest.raises(ContentError, match="een link"), unpacked(folder):
        pass
    (folder / "nl" / "weg.md").unlink()
    os.symlink("/etc", folder / "images")
    with pytest.raises(ContentError, match="een link"), unpacked(folder):
        pass


# The commands


def test_the_commands_go_out_and_in(rich, tmp_path):
    out = StringIO()
    call_command("export_handbook", str(tmp_path / "a.zip"), stdout=out)
    call_command("export_handbook", str(tmp_path / "a"), stdout=out)
    count = len(handbook_export().files)
    assert out.getvalue().count(f"{count} files written") == 2
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_handbook", str(tmp_path / "a"))
    empty_site()
    out = StringIO()
    call_command("import_handbook", str(tmp_path / "a.zip"), "--dry-run", stdout=out)
    assert "nl new      eerste-hoofdstuk" in out.getvalue()
    assert not HandbookIndexPage.objects.exists()
    call_command("import_handbook", str(tmp_path / "a.zip"), stdout=out)
    call_command("export_handbook", str(tmp_path / "b.zip"), stdout=out)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    call_command("import_handbook", str(tmp_path / "a"), stdout=out)
    assert out.getvalue().endswith("8 same\n")
    with pytest.raises(CommandError, match="There is no"):
        call_command("import_handbook", str(tmp_path / "nowhere"))
    (tmp_path / "a" / "nl" / "dicht.md").write_text("x")
    with pytest.raises(CommandError, match=r"Nothing was written\. .*dicht\.md"):
        call_command("import_handbook", str(tmp_path / "a"))
