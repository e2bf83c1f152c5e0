"""The editor's pages for the handbook out and in, and for a document in."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse

from handbook.content_files import FOLDER
from handbook.models import ChapterPage, PartPage, Upload
from handbook.package import zipped
from handbook.services import handbook_export, papers, uploads
from reenter.common import clock
from reenter.common.models import AuditEntry, Job
from tests.factories import handbook as make

TRANSFER, EXPORT = reverse("handbook_transfer"), reverse("handbook_export")


@pytest.fixture
def site(book):
    chapter = make.chapter(make.part(book, slug="deel"), slug="begin", title="Begin")
    chapter.save_revision().publish()
    return chapter


@pytest.fixture
def desk(client, editor, site):
    client.force_login(editor)
    return client


def package(old=b"Words.", new=b"Anders."):
    out = io.BytesIO()
    files = {name: text.replace(old, new) for name, text in handbook_export().files.items()}
    zipped(files, out)
    return SimpleUploadedFile("handboek.zip", out.getvalue())


def send(client, file, **more):
    return client.post(TRANSFER, {"file": file, **more})


def words(client, url):
    return client.get(url).content.decode()


def test_an_editor_takes_the_handbook_out(desk, site):
    assert EXPORT in words(desk, TRANSFER)
    response = desk.get(EXPORT)
    assert "handbook.zip" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == handbook_export().files
    site.body = [{"type": "quote", "value": {"words": "", "name": "", "role": ""}}]
    site.save_revision(clean=False)
    with zipfile.ZipFile(io.BytesIO(desk.get(EXPORT).content)) as archive:
        assert "blok 1" in archive.read("_left-out.txt").decode()


def test_an_editor_sees_what_would_change_before_it_does(
    desk, site, editor, django_capture_on_commit_callbacks
):
    response = send(desk, package())
    upload = Upload.objects.get()
    assert response.url == reverse("handbook_upload", args=[upload.pk])
    page = words(desk, response.url)
    assert "Begin" in page
    assert "nieuwe versie: blok 1" in page
    assert "2 pagina\N{RIGHT SINGLE QUOTATION MARK}s zijn gelijk" in page
    site.refresh_from_db()
    assert not site.has_unpublished_changes
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(response.url)
    job = Job.objects.get()
    assert response.url == reverse("common:job_detail", args=[job.pk])
    site.refresh_from_db()
    assert site.has_unpublished_changes
    assert site.latest_revision.user == editor
    assert not Upload.objects.exists()
    assert not upload.file.storage.exists(upload.file.name)
    assert desk.get(response.url).url == f"{TRANSFER}?done=1"
    assert "is ingelezen" in words(desk, f"{TRANSFER}?done=1")
    uploads.import_job(job, lambda phase, fraction: None)  # once more does no harm
    assert AuditEntry.objects.filter(action="handbook.imported", actor=editor).count() == 1


def test_what_is_here_already_has_no_button(desk):
    page = words(desk, send(desk, package(new=b"Words.")).url)
    assert "alles staat hier al" in page
    assert "Inlezen als concepten" not in page


@pytest.mark.parametrize(
    ("make_file", "reason"),
    [
        (lambda: SimpleUploadedFile("x.zip", b"no zip"), "geen zipbestand"),
        (lambda: SimpleUploadedFile("x.zip", b""), "leeg"),
        (lambda: None, "Kies eerst een bestand"),
        (lambda: package(b":::text", b":::tekst"), r"begin.md: regel 12: er is geen blok"),
        (lambda: SimpleUploadedFile("x.zip", bytes(50 * 1024 * 1024 + 1)), "te groot"),
    ],
)
def test_a_wrong_zip_is_refused_and_nothing_is_kept(desk, make_file, reason):
    file = make_file()
    response = send(desk, file) if file else desk.post(TRANSFER, {})
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert not Upload.objects.exists()


def test_an_editor_brings_a_document_in(desk):
    file = SimpleUploadedFile("Mijn stuk.md", b"# Een\n\nJa.\n\n| a |\n|---|\n| b |\n\n# Twee\n")
    response = send(desk, file, language="nl")
    page = words(desk, response.url)
    assert "Mijn stuk" in page
    assert "een tabel van 2 rijen" in page
    assert PartPage.objects.count() == 1
    response = desk.post(response.url)
    part = PartPage.objects.get(title="Mijn stuk")
    assert response.url == reverse("wagtailadmin_explore", args=[part.pk])
    assert [c.title for c in ChapterPage.objects.child_of(part)] == ["Een", "Twee"]
    assert not part.live
    assert "2 hoofdstukken zijn nu een concept" in words(desk, response.url)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "language", "reason"),
    [
        ("x.pdf", b"%PDF", "nl", "Kies een Word-document"),
        ("x.md", b"geen kop", "nl", "geen koppen"),
        ("x.md", b"# Kop\n\nx", "en", "en"),  # there is no English handbook here
        ("x.docx", bytes(11 * 1024 * 1024), "nl", "te groot"),
    ],
)
def test_a_wrong_document_is_refused_and_nothing_is_kept(desk, name, content, language, reason):
    response = send(desk, SimpleUploadedFile(name, content), language=language)
    assert response.status_code == 200
    form = response.context["document"]
    assert reason in str(form.errors)
    assert not Upload.objects.exists()
    assert PartPage.objects.count() == 1


def test_a_site_that_changed_meanwhile_is_told_in_words(desk, site):
    url = send(desk, package()).url
    ChapterPage.objects.filter(pk=site.pk).update(locked=True)
    response = desk.get(url)
    assert response.url == TRANSFER
    assert "op slot" in words(desk, TRANSFER)
    assert desk.get(reverse("handbook_upload", args=[site.translation_key])).status_code == 404


def test_what_nobody_confirmed_goes_after_a_day(desk, monkeypatch):
    send(desk, package())
    file = Upload.objects.get().file
    assert papers.papers_forget() == 0
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert papers.papers_forget() == 1
    assert not file.storage.exists(file.name)


@pytest.mark.parametrize("name", ["mentee", "mentor", "stranger", "facilitator"])
def test_for_others_these_pages_are_not_there(request, client, site, name):
    upload = Upload.objects.create(name="x.zip", file="x")
    client.force_login(request.getfixturevalue(name))
    for url in (TRANSFER, EXPORT, reverse("handbook_upload", args=[upload.pk])):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


def test_each_field_has_an_id_of_its_own(desk):
    page = words(desk, TRANSFER)
    ids = re.findall(r' id="([^"]+)"', page)
    for name in ("package_file", "document_file", "document_language"):
        assert ids.count(name) == 1
        assert f'for="{name}"' in page


def test_a_visitor_signs_in_first(site):
    for url in (TRANSFER, EXPORT):
        assert reverse("account_login") in Client().get(url).url


def test_an_administrator_may_and_the_menu_leads_there(client, admin_user, site):
    client.force_login(admin_user)
    assert client.get(TRANSFER).status_code == 200
    assert TRANSFER in words(client, reverse("wagtailadmin_home"))
    assert client.put(EXPORT).status_code == 405


def test_the_product_s_own_folder_comes_in_over_the_web(desk, monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("nl/_handbook.md", "nl/_credits.md", "nl/welcome.md"):
            archive.writestr(name, (FOLDER / name).read_bytes())
    response = send(desk, SimpleUploadedFile("x.zip", out.getvalue()))
    page = response.content.decode()
    assert "welcome.md" in page  # it links to chapters that are not in it
    assert "er is geen pagina chapter:" in page
