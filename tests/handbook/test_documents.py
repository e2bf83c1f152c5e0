"""A Word or Markdown document becomes a draft part with chapters, or is refused in words."""

import io
import re
import zipfile

import pytest
from docx import Document as Word

from handbook.documents import MOST_BYTES, DocumentError, read_document
from handbook.models import ChapterPage, PartPage
from handbook.services.documents import document_keep
from reenter.common.models import AuditEntry
from tests.factories import handbook as make

MARKDOWN = """Vooraf een regel.

# Eerste

Een **woord** en *nog* een [link](https://a.example/x) en [niets](javascript:x).

## Tips voor thuis

- Bel eens.
- Schrijf op.

## Verder

1. een
   - binnen
2. twee

| a | b |
|---|---|
| c | d |

![Een tafel](tafel.png)

#### Diep

<script>alert(1)</script>

# Tweede

> Gezegd.
"""


def blocks(chapter):
    return [(block["type"], block["value"]) for block in chapter.blocks]


def test_markdown_becomes_chapters_with_blocks():
    document = read_document("Mijn stuk.md", MARKDOWN.encode())
    assert document.title == "Mijn stuk"
    assert [chapter.title for chapter in document.chapters] == ["Mijn stuk", "Eerste", "Tweede"]
    before, first, second = document.chapters
    assert blocks(before) == [("text", "<p>Vooraf een regel.</p>")]
    (_text, opening), (kind, tips), (_more, rest) = blocks(first)
    assert opening == (
        '<p>Een <b>woord</b> en <i>nog</i> een <a href="https://a.example/x">link</a> en '
        "[niets](javascript:x).</p>"
    )
    assert (kind, tips["title"]) == ("tips", "Tips voor thuis")
    assert [item["value"] for item in tips["items"]] == ["<p>Bel eens.</p>", "<p>Schrijf op.</p>"]
    assert all(item["id"] for item in tips["items"])
    assert "<h2>Verder</h2><ol><li>een<ul><li>binnen</li></ul></li><li>twee</li></ol>" in rest
    assert "<h3>Diep</h3>" in rest
    assert "&lt;script&gt;" in rest
    assert "<table" not in rest
    assert blocks(second) == [("text", "<p>Gezegd.</p>")]
    assert document.left_out == [
        "“Eerste”: een tabel van 2 rijen (a | b | c | d).",
        "“Eerste”: een afbeelding (Een tafel).",
    ]


def word(build):
    document, out = Word(), io.BytesIO()
    build(document)
    document.save(out)
    return out.getvalue()


def full(document):
    document.add_heading("Het hele stuk", 0)
    document.add_heading("Eerste", 1)
    words = document.add_paragraph("Een ")
    words.add_run("dik").bold = True
    words.add_run(" en ")
    words.add_run("schuin").italic = True
    document.add_heading("Onder", 2)
    document.add_paragraph("een", style="List Bullet")
    document.add_paragraph("twee", style="List Bullet")
    document.add_paragraph("stap", style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "cel"
    document.add_picture(io.BytesIO(make.picture()))
    document.add_heading("Tweede", 1)
    document.add_heading("Tips", 2)
    document.add_paragraph("Bel eens.", style="List Bullet")


def test_a_word_document_becomes_chapters_with_blocks():
    document = read_document("x.docx", word(full))
    assert document.title == "Het hele stuk"
    first, second = document.chapters
    assert (first.title, second.title) == ("Eerste", "Tweede")
    [(_kind, text)] = blocks(first)
    assert text == (
        "<p>Een <b>dik</b> en <i>schuin</i></p><h2>Onder</h2>"
        "<ul><li>een</li><li>twee</li></ul><ol><li>stap</li></ol>"
    )
    assert [kind for kind, _value in blocks(second)] == ["tips"]
    assert len(document.left_out) == 2
    assert "een tabel van 2 rijen (cel" in document.left_out[0]
    assert "een afbeelding" in document.left_out[1]


def changed(content, name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, text)
    return out.getvalue()


def test_footnotes_are_listed_and_a_link_to_a_file_reads_nothing(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(make.picture())
    content = word(full)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        links = archive.read("word/_rels/document.xml.rels").decode()
    links = re.sub(
        r'Target="media/image1.png"', f'Target="file://{secret}" TargetMode="External"', links
    )
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        body = old.read("word/document.xml").decode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            text = {"word/_rels/document.xml.rels": links,
                    "word/document.xml": body.replace("r:embed", "r:link")}  # fmt: skip
            new.writestr(entry, text.get(entry, old.read(entry)))
    document = read_document("x.docx", out.getvalue())
    assert "base64" not in str(document)
    assert str(secret) not in str(document)


def only_words(document):
    document.add_paragraph("Woorden zonder kop.")


def with_password():
    content = bytearray(word(full))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"\0" * 70_000_000)
    return out.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
REFUSED = [
    ("x.docx", lambda: b"", "leeg"),
    ("x.docx", lambda: b"%PDF-1.7", "geen Word-document"),
    ("x.docx", lambda: word(full)[:900], "geen Word-document"),
    ("x.docx", lambda: changed(word(full), "word/document.xml", "<x"), "geen Word-document"),
    ("x.docx", lambda: changed(word(full), "word/document.xml", ENTITIES), "geen Word-document"),
    ("x.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "wachtwoord"),
    ("x.docx", with_password, "wachtwoord"),
    ("x.docx", lambda: changed(word(full), "word/vbaProject.bin", "x"), "macro"),
    ("x.docm", lambda: word(full), "docx"),
    ("x.doc", lambda: b"x", "docx"),
    ("x", lambda: b"# x", "docx"),
    ("x.docx", lambda: b"\0" * (50 * 1024 * 1024), "te groot"),
    ("x.docx", bomb, "te groot"),
    ("x.docx", lambda: word(lambda document: None), "geen woorden"),
    ("x.docx", lambda: word(only_words), "geen koppen"),
    ("x.md", lambda: b"  \n", "leeg"),
    ("x.md", lambda: b"---", "geen woorden"),
    ("x.md", lambda: b"Alleen woorden\n\n## Lager", "geen koppen"),
    ("x.md", lambda: b"# \xff\xfe kop", "UTF-8"),
    ("x.md", lambda: b"#" + b" x" * MOST_BYTES, "te groot"),
    ("x.md", lambda: b"# x\n\ny\n\n" * 101, "meer dan 100"),
]


@pytest.mark.parametrize(("name", "make_content", "reason"), REFUSED)
def test_what_is_no_good_is_refused_with_advice(name, make_content, reason):
    with pytest.raises(DocumentError, match=reason):
        read_document(name, make_content())


@pytest.mark.parametrize(
    "text", ["# " + "x" * 500, "# a\n\n" + "- b\n" * 3000, "# [a](b)\n\n" + ">" * 60]
)
def test_odd_documents_do_no_harm(text):
    assert len(read_document("x.md", text.encode()).chapters[0].title) <= 120


@pytest.mark.django_db
def test_the_part_and_its_chapters_are_drafts(book, editor):
    make.part(book, slug="eerste")
    document = read_document("Mijn stuk.md", MARKDOWN.encode())
    part = document_keep(actor=editor, book=book, document=document)
    part = PartPage.objects.get(pk=part.pk)
    assert (part.title, part.live, part.get_parent().pk) == ("Mijn stuk", False, book.pk)
    chapters = list(ChapterPage.objects.child_of(part).order_by("path"))
    assert [chapter.slug for chapter in chapters] == ["mijn-stuk", "eerste", "tweede"]
    assert not any(chapter.live for chapter in chapters)
    assert chapters[1].latest_revision.user == editor
    newest = chapters[1].get_latest_revision_as_object()
    assert [block.block_type for block in newest.body] == ["text", "tips", "text"]
    assert AuditEntry.objects.get(action="handbook.document").data == {"chapters": 3}
    again = document_keep(actor=editor, book=book, document=document)
    assert again.slug != part.slug
