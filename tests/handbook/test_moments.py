"""Which chapters are offered at which moment: loaded once, chosen by editors, shown to readers."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from handbook.keys import chapter_key
from handbook.models import Moment, MomentReading
from handbook.moments import PLACES, who_misses
from handbook.selectors import reading_for
from handbook.services.moments import moment_set, moments_load
from reenter.common.errors import Refused
from reenter.common.models import AuditEntry
from tests.content.files import load_chapters, load_content
from tests.factories import handbook as make

LIST = reverse("handbook_moments")
OFFER = reverse("handbook_moment", args=["offer"])


@pytest.fixture
def load(db, tmp_path):
    def with_changes(**changes):
        path = tmp_path / "moments.json"
        wanted = {str(moment): [] for moment in Moment} | changes
        path.write_text(json.dumps(wanted), encoding="utf-8")
        return dict(moments_load(actor=None, path=path))

    return with_changes


def names(*keys):
    return [str(chapter_key(key)) for key in keys]


def stored(moment):
    return MomentReading.objects.get(moment=moment).chapters


class TestFile:
    """What comes with the product."""

    wanted = load_content("_moments.json")
    audience = {c.front["translation_key"]: c.front["audience"] for c in load_chapters()}

    def test_names_every_moment_and_nothing_else(self):
        assert set(self.wanted) == set(Moment) == set(PLACES)

    @pytest.mark.parametrize("moment", Moment)
    def test_chapters_exist_are_few_and_may_be_read_there(self, moment):
        keys, place = self.wanted[moment], PLACES[moment]
        assert 1 <= len(keys) == len(set(keys)) <= place.most
        for key in keys:
            assert who_misses(place.readers, self.audience[key]) == []

    def test_loads_and_shows_in_both_languages(self, loaded, admin_user):
        assert moments_load(actor=None) == {"created": len(Moment)}
        for language in ("nl", "en"):
            with translation.override(language):
                for moment, keys in self.wanted.items():
                    assert len(reading_for(admin_user, moment)) == len(keys)


class TestLoading:
    def test_again_changes_nothing(self, load):
        assert load(offer=["welcome"]) == {"created": len(Moment)}
        assert load(offer=["welcome"]) == {"same": len(Moment)}
        assert AuditEntry.objects.filter(action__startswith="moment.").count() == len(Moment)

    def test_a_new_file_arrives_but_never_over_an_edit(self, load, tree):
        load(offer=["welcome"], goals=["welcome"], stopping=["welcome"])
        moment_set(actor=None, moment="offer", chapters=[tree.public.translation_key])
        moment_set(actor=None, moment="goals", chapters=[])
        new = {moment: ["safety"] for moment in ("offer", "goals", "stopping")}
        assert load(**new) == {"same": len(Moment) - 3, "kept": 2, "updated": 1}
        assert stored("offer") == [str(tree.public.translation_key)]
        assert stored("goals") == []
        assert stored("stopping") == names("safety")

    def test_what_an_editor_chose_first_is_kept(self, load, tree):
        moment_set(actor=None, moment="offer", chapters=[tree.public.translation_key])
        assert load(offer=["welcome"]) == {"created": len(Moment) - 1, "kept": 1}
        assert stored("offer") == [str(tree.public.translation_key)]


class TestChoosing:
    def test_is_recorded_with_its_author(self, editor, tree):
        keys = [tree.mentor.translation_key, tree.public.translation_key]
        moment_set(actor=editor, moment="offer", chapters=keys)
        assert stored("offer") == [str(key) for key in keys]
        entry = AuditEntry.objects.get(action="moment.set")
        assert (entry.actor, entry.data["moment"]) == (editor, "offer")

    def test_refuses_what_makes_no_sense(self, editor, tree):
        key = tree.public.translation_key
        others = [make.chapter(tree.opening).translation_key for _ in range(2)]
        for keys in ([key, key], [key, *others], [uuid.uuid4()]):
            with pytest.raises(Refused):
                moment_set(actor=editor, moment="offer", chapters=keys)
        assert not AuditEntry.objects.filter(action="moment.set").exists()
        assert not MomentReading.objects.exists()


class TestReading:
    def titles(self, user, *moments):
        return [chapter.title for chapter in reading_for(user, *moments)]

    def test_in_the_order_of_the_editor_each_once(self, tree, admin_user):
        make.offered("offer", tree.mentor, tree.public)
        make.offered("goals", tree.public, tree.mentee)
        assert self.titles(admin_user, "offer") == ["Geheim-mentor", "Welkom"]
        both = self.titles(admin_user, "offer", "goals")
        assert both == ["Geheim-mentor", "Welkom", "Geheim-mentee"]

    @pytest.mark.parametrize("name", ["anonymous", "stranger", "mentee", "mentor", "facilitator"])
    def test_each_reader_gets_what_they_may_see(self, tree, readers, name, rf):
        from django.contrib.auth.models import AnonymousUser

        user, may_read = readers[name]
        for role in ("mentee", "mentor", "facilitator"):
            make.offered("offer", getattr(tree, role), tree.public)
            wanted = [f"Geheim-{role}"] * (role in may_read) + ["Welkom"]
            assert self.titles(user or AnonymousUser(), "offer") == wanted

    def test_only_in_the_language_of_the_page_and_when_published(self, tree, admin_user):
        english = make.chapter(
            make.part(make.book("en")), translation_key=tree.public.translation_key, title="Welcome"
        )
        make.offered("offer", tree.public, tree.mentor)
        with translation.override("en"):
            (found,) = reading_for(admin_user, "offer")
            assert (found.title, found.url) == ("Welcome", english.url)
            english.unpublish()
            assert reading_for(admin_user, "offer") == []
        tree.opening.unpublish()
        assert self.titles(admin_user, "offer") == ["Geheim-mentor"]

    def test_nothing_is_offered_where_nothing_was_chosen(self, tree, admin_user):
        make.offered("offer")
        assert reading_for(admin_user, "offer", "goals") == []

    def test_takes_as_many_queries_for_many_as_for_one(
        self, tree, mentee, django_assert_num_queries
    ):
        make.offered("offer", tree.public)
        make.offered("briefing_mentee", *[make.chapter(tree.opening) for _ in range(4)])
        assert self.titles(mentee, "offer") == ["Welkom"]  # addresses and audience are known now
        for moments in (["offer"], ["offer", "briefing_mentee"]):
            with django_assert_num_queries(2):
                reading_for(mentee, *moments)
        with django_assert_num_queries(1):
            reading_for(mentee, "goals")


class TestScreens:
    def page(self, client, address=LIST):
        response = client.get(address)
        assert response.status_code == 200
        return response.content.decode()

    @pytest.fixture
    def erik(self, client, editor):
        client.force_login(editor)
        return client

    def test_the_menu_leads_there(self, erik, tree):
        assert LIST in self.page(erik, reverse("wagtailadmin_home"))

    def test_every_moment_is_listed_in_plain_words(self, erik, tree):
        page = self.page(erik)
        for moment in Moment:
            assert str(moment.label) in page
            assert reverse("handbook_moment", args=[moment]) in page

    def test_it_says_who_will_not_see_a_chapter(self, erik, tree):
        make.offered("goals", tree.mentor)
        page = self.page(erik)
        assert "In het Nederlands is het voor: Mentoren. Niet voor: Mentees." in page
        assert "Het is er niet in het Engels." in page
        tree.mentor_part.unpublish()
        assert "Het is niet gepubliceerd in het Nederlands." in self.page(erik)

    def test_it_is_content_with_what_is_complete(self, erik, tree):
        part = make.part(make.book("en"))
        make.chapter(part, translation_key=tree.mentor.translation_key, audience="mentor")
        make.offered("first_meeting_mentor", tree.mentor)
        page = self.page(erik)
        assert "Te zien in elke taal." in page
        assert "Niet voor" not in page

    def test_a_deleted_chapter_is_named_as_gone(self, erik, tree):
        make.offered("goals", tree.mentor)
        tree.mentor.delete()
        assert "Een hoofdstuk dat weg is" in self.page(erik)
        page = self.page(erik, reverse("handbook_moment", args=["goals"]))
        assert "Geheim-mentor" not in page

    def test_an_editor_chooses_and_orders(self, erik, editor, tree):
        first, second = str(tree.mentor.translation_key), str(tree.public.translation_key)
        assert "Geheim-mentor" in self.page(erik, OFFER)
        response = erik.post(OFFER, {"chapter_1": first, "chapter_2": second})
        assert response.url == LIST
        assert stored("offer") == [first, second]
        assert f'value="{first}" selected' in self.page(erik, OFFER)
        erik.post(OFFER, {"chapter_1": "", "chapter_2": second})
        assert stored("offer") == [second]
        erik.post(OFFER, {})
        assert stored("offer") == []
        assert AuditEntry.objects.filter(action="moment.set", actor=editor).count() == 3

    @pytest.mark.parametrize("key", ["not-a-key", "00000000-0000-4000-8000-000000000000"])
    def test_a_chapter_that_is_none_is_refused(self, erik, tree, key):
        response = erik.post(OFFER, {"chapter_1": key})
        assert response.status_code == 200
        assert response.context["form"].errors
        assert not MomentReading.objects.exists()

    def test_a_chapter_twice_is_refused_and_explained(self, erik, tree):
        key = str(tree.public.translation_key)
        response = erik.post(OFFER, {"chapter_1": key, "chapter_2": key})
        assert "Een hoofdstuk staat hier twee keer." in response.content.decode()
        assert not MomentReading.objects.exists()

    def test_there_is_no_other_moment(self, erik, tree):
        assert erik.get(reverse("handbook_moment", args=["lunch"])).status_code == 404

    @pytest.mark.parametrize("name", ["mentee", "mentor", "stranger", "facilitator"])
    @pytest.mark.parametrize("address", [LIST, OFFER])
    def test_the_screens_are_not_there_for_others(self, request, client, tree, address, name):
        client.force_login(request.getfixturevalue(name))
        assert client.get(address).status_code == 404
        assert client.post(address, {"chapter_1": tree.public.translation_key}).status_code == 404
        assert not MomentReading.objects.exists()

    @pytest.mark.parametrize("address", [LIST, OFFER])
    def test_a_visitor_signs_in_first(self, tree, address):
        assert reverse("account_login") in Client().get(address).url

    @pytest.mark.parametrize("address", [LIST, OFFER])
    def test_queries_do_not_grow(self, erik, tree, address, django_assert_max_num_queries):
        make.offered("offer", tree.public)
        self.page(erik, address)
        with django_assert_max_num_queries(15) as few:
            self.page(erik, address)
        for moment in ("goals", "stopping", "closing"):
            part = make.part(tree.book)
            make.offered(moment, make.chapter(part), make.chapter(part))
        with django_assert_max_num_queries(len(few)):
            self.page(erik, address)
