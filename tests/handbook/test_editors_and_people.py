"""Somebody in the group Editors walks through the whole editor and meets no participant."""

import re

import pytest
from django.urls import URLResolver, reverse
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.models import Page

from tests.factories import accounts as make_accounts
from tests.factories import handbook as make
from tests.factories import mentoring as make_mentoring

PEOPLE = [("Kanarie Gevleugeld", "kanarie@example.org"), ("Spreeuw Vink", "spreeuw@example.org")]
CANARIES = [word for person in PEOPLE for word in person]
FIRST_PAGES = [
    "wagtailadmin_home", "wagtailimages:index", "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:aging_pages", "wagtailadmin_reports:locked_pages",
    "handbook_translations", "handbook_links", "handbook_useful",
]  # fmt: skip
LINK = re.compile(r'href="(/cms/[^"#]*)"|"url": ?"(/cms/[^"#]*)"')
MOST = 150
NOT_ASKED = {"/cms/logout/", "/cms/failwhale/"}  # the second fails on purpose
ASKED = 'value="Kanarie"'  # the field for searching repeats what was looked for


@pytest.fixture
def people(programme):
    """Two participants of a programme."""
    for name, email in PEOPLE:
        person = make_accounts.user(name=name, email=email)
        make_mentoring.participant(programme=programme, role="mentee", user=person)


def walk(client):
    """Every address of the editor that can be reached by links, with what it shows."""
    waiting = [reverse(name) for name in FIRST_PAGES]
    seen = {}
    while waiting and len(seen) < MOST:
        url = waiting.pop(0).replace("&amp;", "&").replace("export=xlsx", "export=csv")
        if url in seen or "logout" in url:
            continue
        response = client.get(url)
        seen[url] = (response.status_code, response.getvalue().decode(errors="replace"))
        if response.status_code == 200:
            waiting += [one or two for one, two in LINK.findall(seen[url][1])]
    return seen


def test_an_editor_meets_no_participant_anywhere(client, editor, book, people, admin_user):
    page = make.chapter(make.part(book), body=[make.text("<p>Woorden.</p>")])
    page.save_revision(user=editor).publish(user=editor)
    make.image()
    client.force_login(editor)
    seen = walk(client)
    assert len(seen) > 40
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in seen
    for url, (status, content) in seen.items():
        assert status < 500, url
        assert [name for name in CANARIES if name in content] == [], url
    assert not [url for url in seen if re.match(r"/cms/(users|groups|sites)/", url)]


def addresses(patterns, prefix=""):
    """Every address below these patterns that asks for nothing."""
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        elif not re.search(r"[<(]", path):
            yield path.replace("^", "").replace("$", "").replace("\\", "")


def test_no_address_of_the_editor_shows_a_participant(client, editor, book, people):
    """Also those that no link leads to."""
    client.force_login(editor)
    found = set(addresses(wagtailadmin_urls.urlpatterns, "/cms/")) - NOT_ASKED
    assert len(found) > 60
    for url in sorted(found):
        for response in (client.get(url), client.get(url, {"q": "Kanarie", "export": "csv"})):
            content = response.getvalue().decode(errors="replace")
            assert response.status_code < 500, url
            assert [name for name in CANARIES if name in content.replace(ASKED, "")] == [], url


@pytest.mark.parametrize(
    "address", ["users/", "users/1/", "users/new/", "groups/", "groups/new/", "bulk/accounts/user/"]
)
def test_the_screens_for_people_are_not_there(client, editor, people, address):
    client.force_login(editor)
    assert client.get(f"/cms/{address}").status_code == 404


def test_the_history_of_the_site_names_only_who_changed_pages(client, editor, book, people):
    page = make.chapter(make.part(book))
    page.save_revision(user=editor, log_action=True)
    client.force_login(editor)
    content = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    assert editor.name in content
    assert not [name for name in CANARIES if name in content]


@pytest.mark.parametrize("address", ["/django-admin/", "/django-admin/accounts/user/"])
def test_an_editor_has_no_other_back_door(client, editor, people, address):
    client.force_login(editor)
    response = client.get(address, follow=True)
    assert not [name for name in CANARIES if name in response.content.decode()]
    assert "Kanarie" not in response.content.decode()


def test_pages_of_staff_are_closed_to_an_editor(client, editor, people, programme):
    client.force_login(editor)
    for name in ("desk:people_search", "desk:letter_list", "accounts:organisation_list"):
        assert client.get(reverse(name)).status_code in (403, 404), name
    url = reverse("desk:programme_detail", kwargs={"slug": programme.slug})
    assert client.get(url).status_code == 404


def test_an_editor_cannot_change_the_top_of_the_tree(client, editor, book):
    client.force_login(editor)
    root = Page.get_first_root_node()
    add = reverse("wagtailadmin_pages:add_subpage", args=[root.pk])
    assert "homepage" not in client.get(add, follow=True).content.decode()
