"""PDFs of the handbook: what is in them, who gets which, and when one is made anew."""

import importlib
import io
import logging
import sys
from datetime import timedelta

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from pypdf import PdfReader

from handbook.models import Paper
from handbook.pdf.edition import address_of_image, edition_of, files_of, html_of
from handbook.rules import Audience
from handbook.services import papers
from reenter.common import clock, jobs
from reenter.common.models import AuditEntry, Job
from tests.factories import handbook as make

pytestmark = pytest.mark.django_db
EVERYONE = frozenset({Audience.EVERYONE})


def address(page, name="pdf"):
    return reverse(f"handbook:{name}", args=[page.locale.language_code, page.translation_key])


@pytest.fixture
def pango():
    """The libraries of the system that a PDF is made with; `.ci/run` installs them."""
    try:
        importlib.import_module("handbook.pdf.typesetting")
    except OSError:
        pytest.skip("no pango on this machine, so no PDF can be made")


@pytest.fixture
def ask(pango, django_capture_on_commit_callbacks):
    """Press the button; tests run the job at once."""

    def ask(client, page):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address(page))

    return ask


def pdf(client, page):
    response = client.get(address(page, "pdf_file"))
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(b"".join(response.streaming_content)))


def words(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def titles(outline):
    return [titles(one) if isinstance(one, list) else one.title for one in outline]


# What is in it


@pytest.fixture
def whole(tree):
    """A public chapter with every kind of block, an image, and links in and out of it."""
    tree.book.credits = "<p>Bewerkt naar een bron, gewijzigd, niet goedgekeurd.</p>"
    tree.book.save()
    points = [{"title": "Punt", "text": "<p>Waarom.</p>"}]
    picture = {"image": make.image(width=60, height=40).pk, "decoration": False, "caption": "Foto"}
    tree.public.body = [
        make.text(f"<h2>Begin hier</h2><p>Lees {make.link(tree.mentor, 'voor mentoren')}.</p>"),
        make.text("<h3>Dieper</h3><ol><li>een</li><li>twee</li></ol>"),
        make.listed("tips", "Drie tips", ["<p>Bel eens.</p>"]),
        make.listed("benefits", "Wat het brengt", points),
        make.listed("steps", "Zo gaat het", points),
        {"type": "quote", "value": {"words": "Mooi.", "name": "Piet", "role": "bakker"}},
        {"type": "example", "value": {"title": "Sanne", "text": "<p>Stel.</p>"}},
        {"type": "question", "value": {"question": "En jij?", "text": ""}},
        {"type": "image", "value": picture | {"alt": "Twee mensen aan tafel"}},
        {"type": "image", "value": picture | {"alt": "", "decoration": True}},
        {"type": "video", "value": {"title": "Film", "minutes": 2,
                                    "link": "https://video.example/x", "text": "Een gesprek."}},
        {"type": "action", "value": {"text": "Doe mee.", "label": "Meld je aan",
                                     "target": "signup", "page": None}},
    ]  # fmt: skip
    tree.public.save()
    return tree


def test_the_pdf_of_a_chapter_is_tagged_and_holds_all_its_words(client, whole, ask):
    assert ask(client, whole.public).url == address(whole.public)  # how far it is
    assert ask(client, whole.public).url == address(whole.public, "pdf_file")  # it is there
    reader = pdf(client, whole.public)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Welkom \N{EN DASH} Handboek"
    assert titles(reader.outline)[0] == "Welkom"
    assert titles(reader.outline)[1][0] == "Begin hier"
    text = words(reader)
    for word in ("Kom binnen.", "Begin hier", "Dieper", "twee", "Bel eens.", "Waarom.", "Mooi.",
                 "Sanne", "En jij?", "Foto", "Film", "https://video.example/x", "Meld je aan",
                 "gewijzigd, niet goedgekeurd", "/nl/handboek/opening/welkom/"):  # fmt: skip
        assert word in text
    assert "Geheim" not in text
    assert f"1 / {len(reader.pages)}" in text


def test_images_have_their_words_and_one_for_decoration_is_left_out(client, whole, ask):
    ask(client, whole.public)
    reader = pdf(client, whole.public)
    found = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    figures = [node for node in tree_of(found) if node.get("/S") == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == ["Twee mensen aan tafel"]


def tree_of(nodes):
    for node in nodes:
        node = node.get_object()
        if isinstance(node, dict):
            yield node
            kids = node.get("/K", [])
            yield from tree_of(kids if isinstance(kids, list) else [kids])


def test_the_whole_handbook_has_a_table_of_contents_with_page_numbers(client, whole, ask):
    ask(client, whole.book)
    reader = pdf(client, whole.book)
    assert titles(reader.outline) == [
        "Inhoud", "Opening", ["Welkom", ["Begin hier", ["Dieper"], "Drie tips", "Wat het brengt",
        "Zo gaat het", "Sanne"]], "Bron en dank",
    ]  # fmt: skip
    contents = " ".join(reader.pages[1].extract_text().split()).replace(".", "").replace(" ", "")
    assert "Opening3" in contents
    assert f"Bronendank{len(reader.pages)}" in contents
    page = reader.get_destination_page_number(reader.outline[1])
    assert page == 2


def test_a_link_within_the_document_is_a_jump_and_another_leads_to_the_site(whole, readers):
    every = frozenset(Audience)
    jump = f'<a href="#page-{whole.mentor.pk}"'
    assert jump in html_of(edition_of(whole.book, every))
    alone = html_of(edition_of(whole.public, every))
    assert jump not in alone
    assert '<a href="/nl/handboek/deel-mentor/geheim-mentor/"' in alone
    assert "Lees voor mentoren" in html_of(edition_of(whole.public, EVERYONE))


def test_english_pages_speak_english(client, whole, ask):
    page = make.chapter(make.part(make.book("en")), title="Welcome", body=[
        {"type": "example", "value": {"title": "", "text": "<p>Say.</p>"}},
    ])  # fmt: skip
    ask(client, page)
    reader = pdf(client, page)
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "Example Say." in words(reader)
    assert "Source and thanks" in words(reader)


# No address but those of its own files


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/x.png", "https://example.org/", "file:///etc/passwd", "data:text/css,a{}",
     "/media/x.png", "handbook:image/999", "handbook:image/../../x"],
)  # fmt: skip
def test_every_other_address_is_refused(url, pango):
    from handbook.pdf.typesetting import GivenFilesOnly

    fetcher = GivenFilesOnly({"handbook:image/1": lambda: b"image"})
    assert fetcher("handbook:image/1").read() == b"image"
    for call in (fetcher, fetcher.fetch, fetcher.open):
        with pytest.raises(ValueError, match="not part of the document"):
            call(url)


def test_setting_type_opens_no_connection(monkeypatch, whole, caplog, pango):
    from handbook.pdf.typesetting import typeset

    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    html = '<html lang="nl"><title>x</title><img src="https://a.example/x.png" alt="x"><p>Ja</p>'
    css = "@import url(https://a.example/x.css); p { background: url(file:///etc/passwd) }"
    pages = []
    handlers = list(logging.getLogger("weasyprint.progress").handlers)
    content, count = typeset(
        html, css=css, base_url="https://a.example/", files={}, on_page=pages.append
    )
    assert (content[:5], count, pages[:1]) == (b"%PDF-", 1, [1])
    refused = [record.args for record in caplog.records if "refused" in record.msg]
    assert {("https",), ("file",)} == set(refused)
    assert logging.getLogger("weasyprint.progress").handlers == handlers


def test_only_the_images_of_the_document_can_be_read(whole):
    edition = edition_of(whole.public, EVERYONE)
    other = make.image()
    files = files_of(edition)
    assert len(files) == 1
    assert address_of_image(other.pk) not in files
    assert next(iter(files.values()))()[:4] == b"\x89PNG"


# Who gets what


@pytest.mark.parametrize(
    "name", ["anonymous", "stranger", "mentee", "mentor", "facilitator", "admin"]
)
def test_each_reader_gets_what_they_may_see(as_reader, tree, name):
    client, may_read = as_reader(name)
    user = client.session.get("_auth_user_id")
    reader = papers.audiences(reader_of(user))
    html = html_of(edition_of(tree.book, reader))
    for role in ("mentor", "mentee", "facilitator"):
        assert (f"Kanarie {role}" in html) == (role in may_read)
        status = client.get(address(tree.__dict__[role])).status_code
        assert (status == 200) == (role in may_read), role
        assert status in (200, 404) if user else (200, 302)


def reader_of(user):
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    return get_user_model().objects.get(pk=user) if user else AnonymousUser()


def test_one_reader_never_gets_the_file_of_another(client, tree, ask, as_reader):
    staff, _roles = as_reader("facilitator")
    ask(staff, tree.book)
    assert "Kanarie mentor" in words(pdf(staff, tree.book))
    assert client.get(address(tree.book, "pdf_file")).url == address(tree.book)
    ask(client, tree.book)
    assert "Kanarie" not in words(pdf(client, tree.book))
    assert Paper.objects.count() == 2


@pytest.mark.parametrize("name", ["pdf", "pdf_file"])
def test_a_page_for_others_is_not_there(client, tree, stranger, name, ask):
    assert "account/login" in client.get(address(tree.mentor, name)).url
    client.force_login(stranger)
    assert client.get(address(tree.mentor, name)).status_code == 404
    assert ask(client, tree.mentor).status_code == 404
    assert client.get(address(tree.mentor_part, name)).status_code == 404
    assert not Paper.objects.exists()


def test_what_is_no_page_of_the_handbook_is_not_there(client, tree):
    key = "00000000-0000-4000-8000-000000000009"
    home = tree.book.get_parent().translation_key
    for language, number in (("nl", key), ("xx", tree.book.translation_key), ("nl", home)):
        url = reverse("handbook:pdf", args=[language, number])
        assert client.get(url).status_code == 404
    tree.public.unpublish()
    assert client.get(address(tree.public)).status_code == 404


def test_an_empty_handbook_has_no_pdf(client, book, ask):
    assert ask(client, book).status_code == 404


# Made once, kept until the content changes


def test_it_is_made_once_and_again_when_a_word_changes(client, tree, ask):
    ask(client, tree.public)
    first = Paper.objects.get()
    assert client.get(address(tree.public)).context["paper"] == first
    ask(client, tree.public)
    assert Job.objects.count() == 1
    tree.public.body = [make.text("<p>Anders.</p>")]
    tree.public.save_revision().publish()
    assert client.get(address(tree.public, "pdf_file")).url == address(tree.public)
    ask(client, tree.public)
    assert "Anders." in words(pdf(client, tree.public))
    assert Paper.objects.count() == 2
    name = first.file.name
    assert first.file.storage.exists(name)
    with_commit(papers.papers_forget)
    assert [paper.pk for paper in Paper.objects.all()] != [first.pk]
    assert Paper.objects.count() == 1


def with_commit(call):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return call()


def test_files_go_with_their_rows_after_a_month(client, tree, ask, monkeypatch):
    ask(client, tree.public)
    paper = Paper.objects.get()
    assert with_commit(papers.papers_forget) == 0
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert with_commit(papers.papers_forget) == 1
    assert not paper.file.storage.exists(paper.file.name)
    assert papers.papers_forget() == 0


def test_two_who_ask_at_once_share_one_job(tree, mentee, stranger):
    first = papers.paper_request(page=tree.public, user=stranger)
    again = papers.paper_request(page=tree.public, user=stranger)
    assert first.pk == again.pk
    assert Job.objects.get().state == Job.State.QUEUED
    page = Client().get(address(tree.public))
    assert page.context["job"] == Job.objects.get()
    assert page["Refresh"]


def test_running_the_job_twice_changes_nothing(client, tree, ask):
    ask(client, tree.public)
    paper, job = Paper.objects.get(), Job.objects.get()
    before = paper.file.name, paper.file.size
    papers.paper_make(job, lambda phase, fraction: None)
    paper.refresh_from_db()
    assert (paper.file.name, paper.file.size) == before


def test_it_tells_how_far_it_is(tree, monkeypatch, pango):
    monkeypatch.setattr(papers, "TELLS_EVERY", 0)
    papers.paper_request(page=tree.public, user=reader_of(None))
    told = []
    papers.paper_make(Job.objects.get(), lambda phase, fraction: told.append(fraction))
    assert len(told) >= 2
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 1


def test_a_text_that_changed_meanwhile_is_asked_for_once_more(client, tree, ask, caplog):
    papers.paper_request(page=tree.public, user=reader_of(None))
    tree.public.title = "Anders"
    tree.public.save()
    jobs.job_run(str(Job.objects.get().pk))
    assert Job.objects.get().state == Job.State.FAILED
    assert "net veranderd" in Job.objects.get().error
    ask(client, tree.public)
    assert Job.objects.filter(state=Job.State.DONE).count() == 1


def test_a_lost_file_is_made_again(client, tree, ask):
    ask(client, tree.public)
    paper = Paper.objects.get()
    paper.file.storage.delete(paper.file.name)
    assert client.get(address(tree.public, "pdf_file")).url == address(tree.public)
    ask(client, tree.public)
    assert words(pdf(client, tree.public))


def test_without_pango_the_page_says_so_in_words(client, tree, monkeypatch):
    monkeypatch.setitem(sys.modules, "handbook.pdf.typesetting", None)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(address(tree.public)).url == address(tree.public)
    page = client.get(address(tree.public)).content.decode()
    assert "Deze site kan geen pdf maken" in page
    assert "Maak de pdf" in page
    assert client.get(tree.public.url).status_code == 200


def test_nobody_is_remembered_as_having_asked(client, tree, ask, mentee):
    client.force_login(mentee)
    ask(client, tree.public)
    assert Job.objects.get().started_by is None
    assert not AuditEntry.objects.filter(actor=mentee).exists()


# The pages


def test_each_page_has_a_button(client, tree):
    for page in (tree.book, tree.opening, tree.public):
        assert f'action="{address(page)}"' in client.get(page.url).content.decode()


def test_looking_makes_nothing_and_takes_few_queries(client, tree, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        page = client.get(address(tree.public)).content.decode()
    assert "Maak de pdf" in page
    assert not Paper.objects.exists()
    assert not Job.objects.exists()
    assert client.put(address(tree.public)).status_code == 405
    assert client.post(address(tree.public, "pdf_file")).status_code == 405
