"""Admins edit topics, groups and relations without seeing a code."""

import re

import pytest
from django.urls import reverse

from accounts.models import Term, TermGroup, TopicRelation
from reenter.common.languages import TextPerLanguageField
from tests.factories import accounts as make


@pytest.fixture
def cms(client, admin_user):
    client.force_login(admin_user)
    return client


def url(model, page, *args):
    return reverse(model.snippet_viewset.get_url_name(page), args=args)


def term_data(group, **extra):
    return {
        "group": str(group.pk),
        "labels_nl": "Boekhouden",
        "labels_en": "Bookkeeping",
        "sentences_nl": "Ik wil mijn boeken begrijpen.",
        "sentences_en": "I want to understand my books.",
        "shown_first": "on",
        "is_active": "on",
        "position": "3",
    } | extra


@pytest.mark.parametrize("model", [Term, TermGroup, TopicRelation])
@pytest.mark.parametrize("page", ["list", "add"])
def test_lists_and_empty_forms(cms, model, page):
    a, b = make.term(), make.term()
    TopicRelation.objects.create(a=a, b=b, strength=0.5)
    response = cms.get(url(model, page))
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("model", "heading"),
    [
        (Term, "Antwoorden om uit te kiezen"),
        (TermGroup, "Groepen antwoorden"),
        (TopicRelation, "Paren verwante onderwerpen"),
    ],
)
def test_the_headings_stand_in_the_language_of_the_editor(cms, admin_user, model, heading):
    admin_user.language = "nl"
    admin_user.save()
    page = cms.get(url(model, "list")).content.decode()
    assert re.search(rf"<title>\s*{heading}", page)


def test_entries_are_found_by_their_name_in_any_language(cms):
    make.term(code="wandelen")
    make.term(code="fietsen")
    for words in ("wandelen nl", "WANDELEN EN"):
        found = cms.get(url(Term, "list"), {"q": words}).context["object_list"]
        assert [term.code for term in found] == ["wandelen"]


def test_a_term_is_added_with_a_text_per_language_and_a_code_of_its_own(cms):
    group = make.term(code="boekhouden").group
    response = cms.post(url(Term, "add"), term_data(group))
    assert response.status_code == 302
    term = Term.objects.get(code="boekhouden-2")
    assert term.labels == {"nl": "Boekhouden", "en": "Bookkeeping"}
    assert term.sentences["en"] == "I want to understand my books."
    assert (term.group, term.shown_first, term.is_active, term.position) == (group, True, True, 3)


def test_a_text_in_one_language_is_refused_and_kept_on_the_page(cms):
    group = make.term().group
    response = cms.post(url(Term, "add"), term_data(group, labels_en=""))
    assert response.status_code == 200
    assert "Boekhouden" in response.content.decode()
    assert not Term.objects.filter(labels__nl="Boekhouden").exists()


def test_sentences_may_stay_empty(cms):
    group = make.term().group
    cms.post(url(Term, "add"), term_data(group, sentences_nl="", sentences_en=""))
    assert Term.objects.get(code="boekhouden").sentences == {}


def test_a_term_is_edited_and_keeps_its_code(cms):
    term = make.term(code="oud")
    page = cms.get(url(Term, "edit", term.pk)).content.decode()
    assert 'value="oud nl"' in page
    assert "{&quot;" not in page
    cms.post(url(Term, "edit", term.pk), term_data(term.group))
    term.refresh_from_db()
    assert (term.code, term.labels["nl"]) == ("oud", "Boekhouden")


def test_a_new_language_needs_no_code(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "German")]
    field = TextPerLanguageField()
    html = str(field.widget.render("labels", {"nl": "Boekhouden"}, {"id": "id_labels"}))
    assert 'name="labels_de"' in html
    assert ">German</label>" in html
    assert field.clean(["a", "b", "c"]) == {"nl": "a", "en": "b", "de": "c"}


def test_a_chosen_term_is_retired_not_deleted(cms):
    term, unused = make.term(), make.term()
    make.profile(role="mentee", terms={term: 1})
    response = cms.post(url(Term, "delete", term.pk), follow=True)
    (message,) = response.context["messages"]
    assert str(term) in str(message)
    assert Term.objects.filter(pk=term.pk).exists()
    cms.post(url(Term, "edit", term.pk), term_data(term.group) | {"is_active": ""})
    assert Term.objects.get(pk=term.pk).is_active is False
    cms.post(url(Term, "delete", unused.pk))
    assert not Term.objects.filter(pk=unused.pk).exists()


def test_many_at_once_are_not_deleted_when_one_is_in_use(cms):
    term, unused = make.term(), make.term()
    make.profile(role="mentee", terms={term: 1})
    bulk = reverse("wagtail_bulk_action", args=["accounts", "term", "delete"])
    cms.post(f"{bulk}?id={term.pk}&id={unused.pk}")
    assert Term.objects.count() == 2


def test_a_group_with_entries_stays(cms):
    group = make.term().group
    cms.post(url(TermGroup, "delete", group.pk))
    assert TermGroup.objects.filter(pk=group.pk).exists()


def test_a_term_never_changes_its_kind(cms):
    topic, bond = make.term("topic"), make.term("bond")
    response = cms.post(url(Term, "edit", topic.pk), term_data(bond.group))
    assert response.status_code == 200
    topic.refresh_from_db()
    assert topic.group.kind == "topic"


def test_a_group_with_entries_never_changes_its_kind(cms):
    group = make.term("topic").group
    data = {"kind": "bond", "labels_nl": "Nieuw", "labels_en": "New", "position": "1"}
    cms.post(url(TermGroup, "edit", group.pk), data)
    group.refresh_from_db()
    assert (group.kind, group.labels["nl"]) == ("topic", "Nieuw")


def test_relations_are_made_once_between_two_topics(cms):
    a, b, bond = make.term(), make.term(), make.term("bond")

    def relate(x, y):
        return cms.post(
            url(TopicRelation, "add"), {"a": str(x.pk), "b": str(y.pk), "strength": "0.5"}
        )

    assert relate(a, b).status_code == 302
    assert relate(b, a).status_code == 200
    assert relate(a, a).status_code == 200
    assert relate(a, bond).status_code == 200
    assert TopicRelation.objects.get().strength == 0.5


def test_only_staff_of_the_site_edit(client, facilitator):
    client.force_login(facilitator)
    group = make.term().group
    client.post(url(Term, "add"), term_data(group))
    assert not Term.objects.filter(code="boekhouden").exists()


def test_anonymous_is_sent_to_sign_in(client, db):
    response = client.get(url(Term, "list"))
    assert response.status_code == 302
    assert "login" in response.url
