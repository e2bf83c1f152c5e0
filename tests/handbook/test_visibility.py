"""Who reads what: pages, lists, neighbours, links and search, per role."""

import pytest
from django.urls import reverse

from handbook.models import ChapterPage, PartPage
from handbook.selectors import chapter_url, visible_chapters
from tests.factories import handbook as make
from tests.factories import mentoring as make_mentoring

READERS = ["anonymous", "stranger", "mentee", "mentor", "facilitator", "admin"]
ROLES = ["mentor", "mentee", "facilitator"]
each_reader = pytest.mark.parametrize("name", READERS)


@each_reader
@pytest.mark.parametrize("role", ROLES)
def test_a_chapter_for_one_role(tree, as_reader, name, role):
    client, may_read = as_reader(name)
    response = client.get(getattr(tree, role).url)
    if role in may_read:
        assert response.status_code == 200
        assert f"Kanarie {role} zingt" in response.content.decode()
        return
    assert f"Geheim-{role}" not in response.content.decode()
    if name == "anonymous":
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={getattr(tree, role).url}"
    else:
        assert response.status_code == 404
        assert reverse("handbook:index") in response.content.decode()


@each_reader
def test_a_public_chapter_is_for_everybody(tree, as_reader, name):
    client, _may_read = as_reader(name)
    assert client.get(tree.public.url).status_code == 200


def test_a_visitor_is_told_why_to_sign_in(tree, client):
    client.cookies["django_language"] = "en"
    response = client.get(tree.mentor.url, follow=True)
    assert "Log in om deze pagina te lezen" in response.content.decode()


@each_reader
@pytest.mark.parametrize("page", ["book", "opening", "public"])
def test_lists_menus_and_neighbours_show_only_what_one_may_read(tree, as_reader, name, page):
    client, may_read = as_reader(name)
    content = client.get(getattr(tree, page).url).content.decode()
    for role in ROLES:
        shown = f"Geheim-{role}" in content or f"Deel-{role}" in content
        # A part page lists its own chapters only.
        assert shown == (role in may_read and page != "opening"), role


@each_reader
def test_a_part_without_a_chapter_for_the_reader_is_closed(tree, as_reader, name):
    client, may_read = as_reader(name)
    for role in ROLES:
        response = client.get(getattr(tree, f"{role}_part").url)
        if role in may_read:
            assert response.status_code == 200
        else:
            assert response.status_code == (302 if name == "anonymous" else 404)
            assert f"Deel-{role}" not in response.content.decode()


@each_reader
def test_search_finds_only_what_one_may_read(tree, as_reader, name):
    client, may_read = as_reader(name)
    response = client.get(reverse("handbook:search"), {"q": "kanarie", "language": "nl"})
    content = response.content.decode()
    assert {role for role in ROLES if f"Geheim-{role}" in content} == may_read
    assert response.context["count"] == len(may_read)


@each_reader
def test_the_page_to_print_leaves_out_what_one_may_not_read(tree, as_reader, name):
    make.chapter(
        tree.opening, title="Alleen voor mentoren", audience="mentor",
        body=[make.text("<p>Stille kanarie.</p>")],
    )  # fmt: skip
    client, may_read = as_reader(name)
    content = client.get(f"{tree.opening.url}?print=1").content.decode()
    assert "Welkom" in content
    assert ("Stille kanarie" in content) == ("mentor" in may_read)


@each_reader
def test_links_to_what_one_may_not_read_become_plain_text(tree, as_reader, name):
    value = {"text": "Lees.", "label": "Knoplabel", "target": "chapter", "page": tree.mentor.pk}
    page = make.chapter(
        tree.opening,
        body=[
            make.text(f"<p>Zie {make.link(tree.mentor, 'dit stuk')}.</p>"),
            make.listed("tips", "", [f"<p>Tip: {make.link(tree.mentor, 'lees dit')}.</p>"]),
            {"type": "action", "value": value},
        ],
    )
    client, may_read = as_reader(name)
    content = client.get(page.url).content.decode()
    assert "dit stuk" in content
    assert "lees dit" in content
    if "mentor" in may_read:
        assert content.count(f'href="{tree.mentor.url}"') >= 4
        assert "Knoplabel" in content
    else:
        assert tree.mentor.url not in content
        assert "Knoplabel" not in content


def test_a_participant_reads_the_chapters_of_their_role(tree, client, programme):
    participant = make_mentoring.participant(programme=programme, role="mentee", ready=False)
    client.force_login(participant.user)
    assert client.get(tree.mentee.url).status_code == 200
    assert client.get(tree.mentor.url).status_code == 404


def test_somebody_who_is_both_reads_both(tree, client, readers, mentee, programme):
    make_mentoring.participant(programme=programme, role="mentor", user=mentee)
    client.force_login(mentee)
    assert client.get(tree.mentee.url).status_code == 200
    assert client.get(tree.mentor.url).status_code == 200
    assert client.get(tree.facilitator.url).status_code == 404


def test_an_editor_reads_everything(tree, client, editor):
    client.force_login(editor)
    assert all(client.get(getattr(tree, role).url).status_code == 200 for role in ROLES)


def test_drafts_are_nowhere(tree, client, admin_user):
    draft = make.chapter(tree.opening, title="Halfaf", live=False)
    client.force_login(admin_user)
    assert client.get(draft.get_url()).status_code == 404
    assert "Halfaf" not in client.get(tree.book.url).content.decode()
    assert list(visible_chapters(admin_user, "nl").filter(pk=draft.pk)) == []


def test_chapters_of_a_part_off_the_site_are_off_the_site(tree, client, admin_user):
    tree.opening.unpublish()
    client.force_login(admin_user)
    assert client.get(tree.public.url).status_code == 404
    client.logout()
    assert client.get(tree.public.url).status_code == 404
    assert not ChapterPage.objects.visible_to(admin_user).filter(pk=tree.public.pk).exists()
    assert not PartPage.objects.visible_to(admin_user).filter(pk=tree.opening.pk).exists()


def test_an_empty_part_asks_nobody_to_sign_in(book, client):
    assert client.get(make.part(book).url).status_code == 404


@pytest.mark.parametrize("path", ["/nl/nergens/", "/nl/handboek/a/b/c/d/", "/nl/handboek/nergens/"])
def test_unknown_addresses_are_not_found(tree, client, path):
    assert client.get(path).status_code == 404


def test_the_top_of_a_language_leads_to_the_first_page(tree, client):
    response = client.get("/nl/")
    assert (response.status_code, response.url) == (302, reverse("desk:home"))


def test_other_pages_can_find_a_chapter(tree):
    assert chapter_url(tree.public.translation_key, "nl") == "/nl/handboek/opening/welkom/"
    assert chapter_url(tree.public.translation_key, "en") is None
    assert chapter_url("no-such-chapter", "nl") is None
    tree.public.unpublish()
    assert chapter_url(tree.public.translation_key, "nl") is None


@pytest.mark.parametrize("name", ["anonymous", "mentor", "admin"])
@pytest.mark.parametrize("page", ["book", "opening", "public"])
def test_queries_do_not_grow_with_the_handbook(
    tree, as_reader, name, page, django_assert_max_num_queries
):
    client, _may_read = as_reader(name)
    url = getattr(tree, page).url
    client.get(url)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for _ in range(2):
        more = make.chapter(make.part(tree.book))
        make.chapter(tree.opening, body=[make.text(f"<p>{make.link(more, 'x')}</p>")])
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_queries_of_a_chapter_full_of_links(tree, as_reader, django_assert_max_num_queries):
    value = {"text": "Lees.", "label": "Kijk", "target": "chapter", "page": tree.mentee.pk}
    links = [make.text(f"<p>{make.link(tree.public, 'a')} {make.link(tree.mentor, 'b')}</p>")] * 3
    page = make.chapter(tree.opening, body=[*links, *[{"type": "action", "value": value}] * 3])
    client, _may_read = as_reader("mentor")
    client.get(page.url)
    with django_assert_max_num_queries(12):
        client.get(page.url)


def test_links_that_one_may_follow_cost_no_query(tree, as_reader, django_assert_max_num_queries):
    client, _may_read = as_reader("mentor")
    plain = make.chapter(tree.opening)
    linking = make.chapter(
        tree.opening,
        body=[make.text(f"<p>{make.link(tree.public, 'a')} {make.link(tree.mentor, 'b')}</p>")],
    )
    client.get(plain.url)
    with django_assert_max_num_queries(12) as few:
        client.get(plain.url)
    with django_assert_max_num_queries(len(few)):
        content = client.get(linking.url).content.decode()
    assert f'<a href="{tree.mentor.url}" rel="noopener">b</a>' in content
