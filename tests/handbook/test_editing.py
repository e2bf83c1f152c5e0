"""What an admin or an editor does on screen, and who cannot."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Page, PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from handbook.blocks import TEXT_FEATURES
from handbook.models import ChapterPage
from handbook.services import due_pages_publish, handbook_load
from reenter.common import clock
from tests.factories import handbook as make


@pytest.fixture
def chapter(book):
    page = make.chapter(make.part(book), title="Eerste titel")
    page.save_revision().publish()
    return page


@pytest.fixture(params=["admin_user", "editor"])
def cms(request, client):
    """Signed in as an admin, and as somebody in the group Editors."""
    client.force_login(request.getfixturevalue(request.param))
    return client


def form(page, html="<p>Nieuwe woorden.</p>", **extra):
    data = {
        "title": page.title,
        "slug": page.slug,
        "intro": page.intro,
        "audience": page.audience,
        "body": streamfield([("text", rich_text(html))]),
    }
    return nested_form_data(data | extra)


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def shown(page):
    return Client().get(page.url).content.decode()


def test_an_edit_is_published_and_shows(cms, chapter):
    response = cms.post(edit_url(chapter), form(chapter, **{"action-publish": "1"}))
    assert response.status_code == 302
    assert "Nieuwe woorden." in shown(chapter)


def test_a_draft_is_not_shown(cms, chapter):
    assert cms.post(edit_url(chapter), form(chapter)).status_code == 302
    assert "Nieuwe woorden." not in shown(chapter)
    assert ChapterPage.objects.get(pk=chapter.pk).has_unpublished_changes


def test_a_preview_shows_the_draft_in_a_frame_of_the_editor_only(cms, chapter):
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[chapter.pk])
    assert cms.post(url, form(chapter)).json()["is_valid"]
    response = cms.get(url)
    assert "Nieuwe woorden." in response.content.decode()
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    page = Client().get(chapter.url)
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_preview_of_a_page_that_does_not_exist_yet(cms, chapter):
    parent = chapter.get_parent()
    args = ["handbook", "chapterpage", parent.pk]
    url = reverse("wagtailadmin_pages:preview_on_add", args=args)
    new = ChapterPage(title="Nieuw", slug="nieuw", intro="Zin.", audience="everyone")
    assert cms.post(url, form(new)).json()["is_valid"]
    assert "Nieuwe woorden." in cms.get(url).content.decode()
    add = reverse("wagtailadmin_pages:add", args=args)
    assert cms.post(add, form(new, **{"action-publish": "1"})).status_code == 302
    assert "Nieuwe woorden." in shown(ChapterPage.objects.get(slug="nieuw"))


def test_versions_can_be_compared_and_an_older_one_published_again(cms, chapter):
    first = chapter.latest_revision
    cms.post(edit_url(chapter), form(chapter, **{"action-publish": "1"}))
    second = ChapterPage.objects.get(pk=chapter.pk).latest_revision
    compare = reverse(
        "wagtailadmin_pages:revisions_compare", args=[chapter.pk, first.pk, second.pk]
    )
    assert "Nieuwe woorden." in cms.get(compare).content.decode()
    assert cms.get(reverse("wagtailadmin_pages:history", args=[chapter.pk])).status_code == 200
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[chapter.pk, first.pk])
    assert cms.get(revert).status_code == 200
    old = form(chapter, "<p>Words.</p>", revision=first.pk, **{"action-publish": "1"})
    assert cms.post(edit_url(chapter), old).status_code == 302
    assert "Nieuwe woorden." not in shown(chapter)
    assert "<p>Words.</p>" in shown(chapter)
    page = ChapterPage.objects.get(pk=chapter.pk)
    assert (page.revisions.count(), page.live_revision_id) == (3, page.latest_revision_id)


def through_the_editor(value, features):
    """A stored text as the editor of the browser gives it back."""
    converter = ContentstateConverter(features)
    return converter.to_database_format(converter.from_database_format(value))


def resaved(value, features):
    if isinstance(value, dict):
        return {name: resaved(part, features) for name, part in value.items()}
    if isinstance(value, list):
        return [resaved(part, features) for part in value]
    if isinstance(value, str) and value.startswith("<"):
        return through_the_editor(value, features)
    return value


def test_saving_without_a_change_is_no_edit(db):
    handbook_load(actor=None)
    for page in ChapterPage.objects.filter(locale__language_code="nl"):
        stored = page.raw_body
        for _block in page.body:
            pass  # the editor reads every value, where a page shows what is stored
        assert page.raw_body == stored
        raw = resaved(page.raw_body, TEXT_FEATURES)
        assert raw != page.raw_body  # the editor leaves marks of its own
        page.body = raw
        page.save_revision().publish()
    assert {outcome.state for outcome in handbook_load(actor=None)} == {"same"}


def moment_text(moment):
    return moment.astimezone(clock.ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%d %H:%M")


def test_a_planned_version_appears_when_it_is_due(cms, chapter):
    due = clock.now().replace(second=0, microsecond=0) + timedelta(days=3)
    data = form(chapter, go_live_at=moment_text(due), **{"action-publish": "1"})
    assert cms.post(edit_url(chapter), data).status_code == 302
    assert "Nieuwe woorden." not in shown(chapter)
    before, after = due - timedelta(minutes=1), due + timedelta(minutes=1)
    call_command("send_due", now=before.isoformat(), stdout=StringIO())
    assert "Nieuwe woorden." not in shown(chapter)
    out = StringIO()
    call_command("send_due", now=after.isoformat(), stdout=out)
    assert "handbook_pages_publish: 1" in out.getvalue()
    assert "Nieuwe woorden." in shown(chapter)
    out = StringIO()
    call_command("send_due", now=after.isoformat(), stdout=out)
    assert "handbook_pages_publish: 0" in out.getvalue()
    assert PageLogEntry.objects.filter(page=chapter.pk, action="wagtail.publish.scheduled").exists()


def test_a_page_goes_off_the_site_when_it_expires(cms, chapter):
    until = clock.now().replace(second=0, microsecond=0) + timedelta(days=3)
    cms.post(
        edit_url(chapter), form(chapter, expire_at=moment_text(until), **{"action-publish": "1"})
    )
    with clock.standing_at(until - timedelta(minutes=1)):
        assert due_pages_publish() == 0
    with clock.standing_at(until + timedelta(minutes=1)):
        assert due_pages_publish() == 1
        assert due_pages_publish() == 0
    assert Client().get(chapter.url).status_code == 404


def test_a_button_to_a_chapter_needs_a_chapter(cms, chapter):
    value = {"text": "Lees.", "label": "Kijk", "target": "chapter", "page": ""}
    data = form(chapter, body=streamfield([("action", value)]), **{"action-publish": "1"})
    response = cms.post(edit_url(chapter), data)
    assert response.status_code == 200
    assert "Kies het hoofdstuk" in response.content.decode()


@pytest.mark.parametrize(
    ("alt", "decoration", "words"),
    [
        ("", "", "zin wat je ziet, of vink"),
        ("Twee mensen.", "on", "Een afbeelding voor versiering heeft geen beschrijving"),
        ("Twee mensen.", "", None),
        ("", "on", None),
    ],
)
def test_an_image_is_not_published_without_words_for_who_cannot_see_it(
    cms, chapter, alt, decoration, words
):
    value = {"image": str(make.image().pk), "alt": alt, "decoration": decoration, "caption": ""}
    data = form(chapter, body=streamfield([("image", value)]), **{"action-publish": "1"})
    response = cms.post(edit_url(chapter), data)
    assert (response.status_code == 302) == (words is None)
    assert ("<figure" in shown(chapter)) == (words is None)
    if words:
        assert words in response.content.decode()


def test_a_chapter_can_be_translated(cms, chapter):
    url = reverse("simple_translation:submit_page_translation", args=[chapter.pk])
    english = chapter.locale.__class__.objects.get(language_code="en")
    chapter.get_parent().specific.copy_for_translation(english, copy_parents=True)
    assert cms.post(url, {"locales": [english.pk]}).status_code == 302
    assert chapter.get_translations().get().locale_id == english.pk


def test_the_first_page_of_the_editor_explains_itself(cms, book):
    content = cms.get(reverse("wagtailadmin_home")).content.decode()
    assert "Een pagina van het handboek wijzigen" in content
    assert reverse("wagtailadmin_explore", args=[book.pk]) in content
    for leads_off in ("releases.wagtail", "gravatar", "guide.wagtail.org", "docs.wagtail.org"):
        assert leads_off not in content


@pytest.mark.parametrize("path", ["", "pages/", "account/", "images/", "reports/site-history/"])
def test_the_pages_of_the_editor_open(admin_user, client, book, path):
    client.force_login(admin_user)
    response = client.get(f"{reverse('wagtailadmin_home')}{path}", follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["users/", "groups/", "sites/", "collections/"])
def test_an_editor_sees_no_people_and_no_settings(editor, client, book, path):
    client.force_login(editor)
    response = client.get(f"{reverse('wagtailadmin_home')}{path}")
    assert response.status_code in (302, 403, 404)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f'"{path}' not in home


@pytest.mark.parametrize("name", ["mentee", "mentor", "stranger", "facilitator"])
@pytest.mark.parametrize("path", ["", "pages/", "users/", "login/", "password_reset/"])
def test_the_editor_is_closed_to_everybody_else(request, client, book, name, path):
    client.force_login(request.getfixturevalue(name))
    response = client.get(f"{reverse('wagtailadmin_home')}{path}")
    assert response.status_code == 404
    assert "handboek wijzigen" not in response.content.decode()


CLOSED = ["users/", "users/new/", "users/1/", "groups/", "sites/", "collections/", "documents/"]


@pytest.mark.parametrize("path", CLOSED)
def test_nobody_makes_people_groups_or_sites_in_the_editor(admin_user, client, book, path):
    client.force_login(admin_user)
    assert client.get(f"{reverse('wagtailadmin_home')}{path}").status_code == 404
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f"/cms/{path.partition('/')[0]}/" not in home


def test_nobody_else_can_change_a_page(chapter, client, facilitator):
    client.force_login(facilitator)
    client.post(edit_url(chapter), form(chapter, **{"action-publish": "1"}))
    assert "Nieuwe woorden." not in shown(chapter)
    assert Page.objects.get(pk=chapter.pk).latest_revision_id == chapter.latest_revision_id


def test_a_visitor_signs_in_at_the_one_door(client, book):
    home = reverse("wagtailadmin_home")
    response = client.get(home, follow=True)
    path, query = response.redirect_chain[-1][0].split("?")
    assert (path, query) == (reverse("account_login"), f"next={home}")
    answer = client.post(f"{home}login/", {"username": "a", "password": "b"})
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["editor", "admin_user"])
def test_who_edits_needs_a_second_factor(request, client, book, settings, name):
    settings.STAFF_MFA_REQUIRED = True
    client.force_login(request.getfixturevalue(name))
    response = client.get(reverse("wagtailadmin_home"))
    assert (response.status_code, response.url) == (302, reverse("accounts:second_factor"))
