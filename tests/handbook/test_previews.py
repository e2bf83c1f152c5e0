"""A draft as each reader would see it."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.factories import handbook as make

HIDDEN = "Deze pagina is hier niet voor jou"


@pytest.fixture
def cms(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def see(cms):
    """Preview a draft of this page that links to each chapter for one role."""

    def show(page, mode, html="<p>Concept.</p>"):
        url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
        data = {
            "title": page.title, "slug": page.slug, "intro": page.intro,
            "audience": page.audience, "body": streamfield([("text", rich_text(html))]),
        }  # fmt: skip
        assert cms.post(url, nested_form_data(data)).json()["is_valid"]
        return cms.get(url, {"mode": mode})

    return show


@pytest.mark.parametrize(
    ("mode", "sees"),
    [
        ("", {"mentee", "mentor", "facilitator"}),
        ("everyone", set()),
        ("mentee", {"mentee"}),
        ("mentor", {"mentor"}),
        ("facilitator", {"mentee", "mentor", "facilitator"}),
    ],
)
def test_each_reader_sees_their_own_links_and_menu(see, tree, mode, sees):
    roles = ("mentee", "mentor", "facilitator")
    html = "".join(f"<p>{make.link(getattr(tree, role), f'naar {role}')}</p>" for role in roles)
    content = see(tree.public, mode, html).content.decode()
    for role in roles:
        assert f"naar {role}" in content
        assert (f">naar {role}</a>" in content) == (role in sees)
        assert (f"Deel-{role}" in content) == (role in sees)


@pytest.mark.parametrize("chapter", ["public", "mentee", "mentor", "facilitator"])
@pytest.mark.parametrize("mode", ["everyone", "mentee", "mentor", "facilitator"])
def test_a_reader_whom_it_is_not_for_sees_that_it_is_not_there(see, tree, chapter, mode):
    content = see(getattr(tree, chapter), mode).content.decode()
    may = chapter in ("public", mode) or mode == "facilitator"
    assert ("Concept." in content, HIDDEN in content) == (may, not may)


def test_a_visitor_is_offered_to_sign_in_and_a_mentee_is_not_named(see, tree, editor):
    assert reverse("account_login") in see(tree.public, "everyone").content.decode()
    assert editor.name not in see(tree.public, "mentee").content.decode()


def test_the_page_speaks_its_own_language_and_shows_its_translation(see, cms, book, editor):
    page = make.chapter(make.part(book), title="Begin")
    english = make.chapter(
        make.part(make.book("en")), title="Start", translation_key=page.translation_key,
        body=[make.text("<p>Published.</p>")],
    )  # fmt: skip
    english.body = [make.text("<p>Draft words.</p>")]
    english.save_revision()
    editor.language = "en"
    editor.save()
    assert '<html lang="nl"' in see(page, "mentee").content.decode()
    content = see(page, "translation:en").content.decode()
    assert '<html lang="en"' in content
    assert "Draft words." in content
    assert "minute to read" in content


def test_a_translation_that_is_not_there_is_no_error(see, tree):
    assert HIDDEN in see(tree.public, "translation:en").content.decode()


def test_the_editor_offers_the_readers_and_only_translations_that_exist(cms, tree):
    url = reverse("wagtailadmin_pages:edit", args=[tree.public.pk])
    content = cms.get(url).content.decode()
    for words in ("Alles, als redacteur", "Als bezoeker", "Als mentee", "Als mentor"):
        assert words in content
    assert "translation:en" not in content
    make.chapter(make.part(make.book("en")), translation_key=tree.public.translation_key)
    assert "De vertaling: Engels" in cms.get(url).content.decode()


def test_nobody_but_an_editor_previews(client, tree, facilitator):
    client.force_login(facilitator)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[tree.mentee.pk])
    assert client.get(url, {"mode": "mentee"}).status_code == 404
