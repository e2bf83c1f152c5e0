"""The content files become pages once, and nobody's work is undone after that."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from handbook import content_files
from handbook.keys import chapter_key
from handbook.models import ChapterPage, HandbookIndexPage, HomePage, PartPage
from handbook.selectors import chapter_url
from handbook.services import handbook_load
from reenter.common.models import AuditEntry
from tests.content.contents import CONTENTS, KEYS

KEPT = ("_credits", "_handbook", "welcome", "what-is-mentoring")
SERIES = ("workshops", "learners", "handbook", "collaboration", "policy")
PAGES = 2 * (len(SERIES) + len(CONTENTS) + len(KEYS))


@pytest.fixture
def folder(tmp_path):
    """Two chapters in each language, to change at will."""
    for language in ("nl", "en"):
        (tmp_path / language).mkdir()
        for name in KEPT:
            shutil.copy(content_files.FOLDER / language / f"{name}.md", tmp_path / language)
    return tmp_path


def load(folder):
    outcomes = handbook_load(actor=None, folder=folder)
    return {(o.language, o.name): o for o in outcomes}


def chapter(key="welcome", language="nl"):
    return ChapterPage.objects.get(translation_key=chapter_key(key), locale__language_code=language)


def edit(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    return page.save_revision()


def rewrite(folder, old, new, name="welcome", language="nl"):
    path = folder / language / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_product_s_own_content_becomes_pages_in_both_languages(loaded, client, admin_user):
    assert {outcome.state for outcome in loaded} == {"created"}
    assert HomePage.objects.count() == 2
    assert HandbookIndexPage.objects.count() == 2 * len(SERIES)
    assert PartPage.objects.count() == 2 * len(CONTENTS) == 10
    books = [content_files.read_book(language) for language in ("nl", "en")]
    assert ChapterPage.objects.count() == sum(len(book.chapters) for book in books) == 2 * len(KEYS)
    client.force_login(admin_user)
    for page in ChapterPage.objects.all():
        response = client.get(page.url)
        assert response.status_code == 200
        assert page.get_translations().count() == 1
        # Every link in the files found its chapter.
        stored = str(page.raw_body)
        assert "chapter:" not in stored
        assert stored.count("linktype") == response.content.decode().count('rel="noopener"')


def test_reading_times_are_those_of_the_files(loaded):
    for language in ("nl", "en"):
        for path in (content_files.FOLDER / language).glob("[!_]*.md"):
            front, _body = content_files._read(path)
            page = chapter(front["translation_key"], language)
            assert page.reading_minutes == front["reading_minutes"], path.name


def test_the_ground_is_prepared(loaded):
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"nl", "en"}
    site = Site.objects.get()
    assert site.root_page.specific.locale.language_code == "nl"
    assert not Page.objects.filter(title__startswith="Welcome to your new").exists()
    assert AuditEntry.objects.get(action="handbook.loaded").data == {"pages": PAGES}


def test_addresses_redirect_to_the_language_of_the_reader(loaded, client):
    index = reverse("handbook:index")
    assert client.get(index, headers={"accept-language": "nl"}).url == "/nl/handboek/"
    assert client.get(index, headers={"accept-language": "en"}).url == "/en/handbook/"
    assert chapter_url("welcome", "nl") == "/nl/handboek/om-te-beginnen/wat-is-re-enter/"
    assert chapter_url("welcome", "en") == "/en/handbook/to-begin-with/what-is-re-enter/"


def test_the_credits_stand_on_every_page(loaded, client):
    for page in (*HandbookIndexPage.objects.all(), PartPage.objects.first(), chapter()):
        assert "2017-1-HR01-KA204-035423" in client.get(page.url).content.decode()


def test_loading_twice_changes_nothing(folder, db):
    load(folder)
    before = list(Page.objects.order_by("pk").values())
    outcomes = load(folder)
    assert {outcome.state for outcome in outcomes.values()} == {"same"}
    assert list(Page.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(action="handbook.loaded").count() == 1


def test_a_changed_file_changes_the_page_nobody_edited(folder, db):
    load(folder)
    rewrite(folder, "Wat RE-ENTER is", "Welkom hier")
    outcomes = load(folder)
    assert outcomes["nl", "chapter/welcome"].state == "updated"
    assert chapter().title == "Welkom hier"
    assert {o.state for key, o in outcomes.items() if key[1] != "chapter/welcome"} == {"same"}
    assert chapter().revisions.count() == 2


@pytest.mark.parametrize("published", [True, False])
def test_an_edit_is_kept_and_reported(folder, db, published):
    load(folder)
    revision = edit(chapter(), title="Met de hand")
    if published:
        revision.publish()
    rewrite(folder, "## Wat je in dit handboek vindt", "## Wat je hier vindt")
    outcome = load(folder)["nl", "chapter/welcome"]
    assert (outcome.state, outcome.differs) == ("kept", ("title", "block 1"))
    assert chapter().get_latest_revision_as_object().title == "Met de hand"
    assert chapter().live_revision.as_object().title == chapter().title
    assert load(folder)["nl", "chapter/welcome"].state == "kept"


def test_going_back_to_an_older_version_is_kept_too(folder, db):
    load(folder)
    first = chapter().latest_revision
    rewrite(folder, "Wat RE-ENTER is", "Nieuwe titel")
    load(folder)
    first.as_object().save_revision(previous_revision=first).publish(previous_revision=first)
    assert chapter().title == "Wat RE-ENTER is"
    assert load(folder)["nl", "chapter/welcome"].state == "kept"
    assert chapter().title == "Wat RE-ENTER is"


@pytest.mark.parametrize("model", [HandbookIndexPage, PartPage])
def test_edits_of_the_handbook_and_of_parts_are_kept(folder, db, model):
    load(folder)
    page = model.objects.filter(locale__language_code="nl").first()
    edit(page, intro="Eigen inleiding.").publish()
    outcomes = load(folder)
    assert [o.differs for o in outcomes.values() if o.state == "kept"] == [("intro",)]
    assert model.objects.get(pk=page.pk).intro == "Eigen inleiding."


def test_what_somebody_deleted_stays_away(folder, db):
    load(folder)
    chapter().delete()
    PartPage.objects.filter(slug="about-mentoring").get().delete()
    outcomes = load(folder)
    gone = {key for key, outcome in outcomes.items() if outcome.state == "removed"}
    assert gone == {
        ("nl", "chapter/welcome"), ("en", "part/mentoring"), ("en", "chapter/what-is-mentoring"),
    }  # fmt: skip
    assert ChapterPage.objects.count() == 2
    # The English welcome links to a chapter that is gone: the words stay, the link goes.
    assert outcomes["en", "chapter/welcome"].state == "updated"


def test_a_page_taken_off_the_site_stays_off(folder, db):
    load(folder)
    chapter().unpublish()
    rewrite(folder, "Wat RE-ENTER is", "Nieuwe titel")
    load(folder)
    assert not chapter().live


def test_a_new_file_becomes_a_new_chapter(folder, db):
    load(folder)
    for language in ("nl", "en"):
        source = content_files.FOLDER / language / "reverse-mentoring.md"
        shutil.copy(source, folder / language)
    outcomes = load(folder)
    created = [key for key, outcome in outcomes.items() if outcome.state == "created"]
    assert sorted(created) == [
        ("en", "chapter/reverse-mentoring"),
        ("nl", "chapter/reverse-mentoring"),
    ]
    # The chapter that mentioned it links to it now.
    assert outcomes["nl", "chapter/what-is-mentoring"].state == "updated"


def test_an_address_that_is_taken_gives_way(folder, db):
    load(folder)
    page = chapter()
    parent = page.get_parent()
    page.delete()
    from handbook.models import LoadedPage

    LoadedPage.objects.filter(key="chapter/welcome").delete()
    taken = ChapterPage(
        title="X", intro="Y", slug="wat-is-re-enter", locale=parent.locale, body=page.body
    )
    parent.add_child(instance=taken)
    assert load(folder)["nl", "chapter/welcome"].state == "created"
    assert chapter().slug not in ("", "wat-is-re-enter")


BROKEN = [
    ("+++\ntitle", "title", "front matter"),
    (":::text\n", "tekst zonder blok\n:::text\n", "outside a block"),
    (":::steps", ":::unknown", "unknown"),
    ('part = "introduction"', 'part = "nowhere"', "no part is called"),
    ("link: page:signup", "link: page:elsewhere", "leads nowhere"),
    ("label: ", "naam: ", "lines text, label, link"),
    ('audience = "everyone"', "", "audience"),
    ('title = "', "title = ", "welcome.md"),
]


@pytest.mark.parametrize(("old", "new", "reason"), BROKEN)
def test_a_broken_file_is_named_and_nothing_is_written(folder, db, old, new, reason, english):
    rewrite(folder, old, new)
    with pytest.raises(content_files.ContentError, match=reason) as caught:
        load(folder)
    assert "welcome.md" in str(caught.value)
    assert not HomePage.objects.exists()


def test_the_command_tells_what_it_did(db):
    out = StringIO()
    call_command("load_handbook", stdout=out)
    assert f"{PAGES} created" in out.getvalue()
    edit(chapter(), title="Met de hand").publish()
    out = StringIO()
    call_command("load_handbook", stdout=out)
    assert "nl kept     chapter/welcome: differs in title" in out.getvalue()
    assert f"1 kept, {PAGES - 1} same" in out.getvalue()


def test_the_command_explains_a_broken_file(folder, db, monkeypatch):
    rewrite(folder, ":::steps", ":::unknown")
    monkeypatch.setattr(
        "handbook.management.commands.load_handbook.handbook_load",
        lambda actor: handbook_load(actor=actor, folder=folder),
    )
    with pytest.raises(CommandError, match=r"welcome\.md"):
        call_command("load_handbook")
