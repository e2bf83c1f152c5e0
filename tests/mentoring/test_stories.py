"""Stories through the services: who may say what, what stands, and what brings it down."""

import json

import pytest
from django.db import IntegrityError, transaction

from accounts.models import LegalBasis
from accounts.services.basis import legal_basis_withdraw
from accounts.services.privacy import account_erase, account_export
from handbook.services.stories import (
    TRANSITIONS,
    story_edit,
    story_move,
    story_publish,
    story_unpublish,
)
from handbook.stories import Story
from mentoring.errors import Refused
from mentoring.models import StoryConsent, Telling
from mentoring.services import stories as services
from reenter.common.models import AuditEntry, OutboxMessage

from . import stories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(programme, mentee, mentor):
    return make.pair(programme, mentee=mentee, mentor=mentor)


def in_force(telling):
    return telling.consents.filter(withdrawn_at__isnull=True).count()


def mails(telling, what, user=None):
    rows = OutboxMessage.objects.filter(key__startswith=f"story:{telling.pk}:{what}:")
    return rows.filter(recipient=user) if user else rows


def take_back(telling, half):
    services.story_take_back(actor=half.user, telling=telling, participant=half)


# The way to the site


def test_from_the_first_word_to_the_site(pair, mentee, mentor):
    telling = make.written(pair)
    assert make.state(telling) == "draft"
    assert not Telling.objects.visible_to(mentor).exists()
    make.ask(telling)
    assert make.state(telling) == "asked"
    assert mails(telling, "asked", mentor).count() == 1
    make.agree(telling)
    assert make.state(telling) == "agreed"
    assert not Story.objects.visible_to(None).exists()
    make.publish(make.fresh(telling))
    story = Story.objects.visible_to(None).get()
    assert (story.mentee_name, story.mentor_name) == ("Mo", "Rik")
    assert mails(telling, "published").count() == 2


def test_a_yes_is_recorded_with_who_when_words_and_text(pair, mentor):
    telling = make.agreed(pair)
    yes = telling.consents.get(participant=pair.mentor)
    assert (yes.digest, yes.name, yes.text.code) == (telling.story.digest, "Rik", "story")
    assert (yes.how, yes.recorded_by, yes.withdrawn_at) == ("self", mentor, None)
    assert LegalBasis.objects.get(user=mentor, purpose="story").basis == "consent"
    entry = AuditEntry.objects.get(action="story_agree")
    assert (entry.actor, entry.on_behalf_of) == (mentor, None)
    assert "Rik" not in json.dumps(entry.data)


def test_either_may_tell_one_and_only_one(pair, mentee, mentor, stranger):
    first = services.story_begin(actor=mentee, mentorship=pair, language="nl")
    assert services.story_begin(actor=mentee, mentorship=pair, language="en") == first
    assert services.story_begin(actor=mentor, mentorship=pair, language="en") != first
    with pytest.raises(Refused):
        services.story_begin(actor=stranger, mentorship=pair, language="nl")


def test_an_unfinished_story_is_not_asked_about(pair):
    telling = make.written(pair, {"wanted": "Iets."})
    with pytest.raises(Refused, match="vragen"):
        make.ask(telling)
    assert in_force(telling) == 0
    assert not LegalBasis.objects.filter(purpose="story").exists()


def test_a_yes_to_words_that_are_gone_is_none(pair):
    telling = make.asked(pair)
    old = telling.story.digest
    services.story_answer(
        actor=pair.mentee.user, telling=telling, question="tip", text="Andere tip."
    )
    make.ask(telling)
    with pytest.raises(Refused, match="veranderd"):
        make.agree(telling, digest=old)
    assert make.state(telling) == "asked"


def test_other_words_make_every_yes_void(pair):
    telling = make.agreed(pair)
    services.story_answer(actor=pair.mentee.user, telling=telling, question="did", text="Meer.")
    story = make.fresh(telling).story
    assert (story.state, story.mentee_agreed, story.mentor_agreed) == ("draft", "", "")
    assert in_force(telling) == 0
    with pytest.raises(Refused):
        story_publish(actor=None, story=story, digest=story.digest)


def test_the_same_words_again_change_nothing(pair):
    telling = make.agreed(pair)
    services.story_answer(
        actor=pair.mentee.user, telling=telling, question="did", text=telling.story.did
    )
    assert (make.state(telling), in_force(telling)) == ("agreed", 2)


def test_a_story_on_the_site_is_not_changed_there(pair):
    telling = make.published(pair)
    with pytest.raises(Refused, match="Neem het eerst terug"):
        services.story_answer(
            actor=pair.mentee.user, telling=telling, question="did", text="Anders."
        )
    assert make.state(telling) == "published"


def test_the_other_may_ask_for_other_words(pair, mentee, mentor):
    telling = make.asked(pair)
    services.story_other_words(actor=mentor, telling=telling, digest=telling.story.digest)
    assert (make.state(telling), in_force(telling)) == ("draft", 0)
    assert mails(telling, "other_words", mentee).count() == 1
    assert mails(telling, "asked").get().state == "cancelled"


def test_on_hold_nothing_is_told(pair):
    telling = make.written(pair)
    pair.on_hold = True
    pair.save()
    with pytest.raises(Refused):
        make.ask(Telling.objects.get(pk=telling.pk))


# Staff in somebody's name


def test_staff_note_the_yes_of_somebody_without_e_mail(pair, mentor, facilitator):
    mentor.email = None
    mentor.save()
    telling = make.asked(pair)
    assert mails(telling, "asked", mentor).get().state == "letter"
    telling = Telling.objects.get(pk=telling.pk)
    make.agree(telling, actor=facilitator)
    yes = telling.consents.get(participant=pair.mentor)
    assert (yes.how, yes.recorded_by) == ("spoken", facilitator)
    assert AuditEntry.objects.get(action="story_agree").on_behalf_of == mentor
    assert make.state(telling) == "agreed"


def test_staff_do_not_say_yes_for_somebody_with_e_mail(pair, facilitator):
    telling = make.asked(pair)
    with pytest.raises(Refused):
        make.agree(telling, actor=facilitator)
    assert make.state(telling) == "asked"


# Editors


def edited(telling, **words):
    story = make.fresh(telling).story
    old = {name: getattr(story, name) for name in Story.WORDS}
    return story_edit(actor=None, story=story, digest=story.digest, words=old | words)


@pytest.mark.parametrize("begin", ["agreed", "published"])
def test_an_editor_s_words_go_back_to_both(pair, begin):
    telling = getattr(make, begin)(pair)
    edited(telling, did="Beter gezegd.")
    story = make.fresh(telling).story
    assert (story.state, story.mentee_agreed, story.mentor_agreed) == ("asked", "", "")
    assert story.published_at is None
    assert in_force(telling) == 0
    assert mails(telling, "edited").count() == 2
    make.agree(telling, participant=pair.mentee)
    assert make.state(telling) == "asked"
    make.agree(telling)
    assert make.state(telling) == "agreed"


def test_an_editor_who_changes_nothing_asks_nobody(pair):
    telling = make.published(pair)
    edited(telling)
    assert make.state(telling) == "published"
    assert not mails(telling, "edited").exists()


@pytest.mark.parametrize("begin", ["written", "asked"])
def test_an_editor_sees_and_changes_nothing_before_both_said_yes(pair, begin):
    telling = getattr(make, begin)(pair)
    assert not Story.objects.for_editors().exists()
    with pytest.raises(Refused):
        edited(telling, did="X")
    with pytest.raises(Refused):
        make.publish(telling)
    assert make.state(telling) == {"written": "draft", "asked": "asked"}[begin]


def test_what_an_editor_did_not_see_is_not_published(pair):
    telling = make.agreed(pair)
    with pytest.raises(Refused):
        story_publish(actor=None, story=telling.story, digest="0" * 64)
    assert make.state(telling) == "agreed"


def test_an_editor_takes_it_off_and_both_hear(pair, mentee, mentor):
    telling = make.published(pair)
    story_unpublish(actor=None, story=telling.story)
    assert make.state(telling) == "agreed"
    assert in_force(telling) == 2
    for user in (mentee, mentor):
        assert mails(telling, "taken_down", user).count() == 1
    with pytest.raises(Refused):
        story_unpublish(actor=None, story=telling.story)


# Taking back


@pytest.mark.parametrize("half", ["mentee", "mentor"])
@pytest.mark.parametrize("begin", ["asked", "agreed", "published"])
def test_either_takes_it_back_at_any_time(pair, half, begin):
    telling = getattr(make, begin)(pair)
    one, other = (pair.mentee, pair.mentor)[:: 1 if half == "mentee" else -1]
    take_back(telling, one)
    assert make.state(telling) == "withdrawn"
    assert not Story.objects.visible_to(None).exists()
    assert not Story.objects.for_editors().exists()
    assert in_force(telling) == 0
    message = mails(telling, "taken_down").get()
    assert message.recipient == other.user
    assert one.user.first_name not in json.dumps(message.sections)
    assert mails(telling, "published").exclude(state="cancelled").count() == 0
    take_back(telling, one)
    assert mails(telling, "taken_down").count() == 1


def test_who_was_never_asked_hears_nothing(pair):
    telling = make.written(pair)
    take_back(telling, pair.mentee)
    assert make.state(telling) == "withdrawn"
    assert not mails(telling, "taken_down").exists()


def test_what_was_taken_back_cannot_be_published_again(pair):
    telling = make.agreed(pair)
    seen = telling.story
    take_back(telling, pair.mentor)
    with pytest.raises(Refused):
        story_publish(actor=None, story=seen, digest=seen.digest)
    with pytest.raises(Refused):
        make.agree(telling)
    assert make.state(telling) == "withdrawn"


def test_it_can_be_told_again_and_both_are_asked_again(pair):
    telling = make.published(pair)
    take_back(telling, pair.mentee)
    words = telling.story.did
    services.story_answer(actor=pair.mentee.user, telling=telling, question="did", text=words)
    make.ask(telling)
    assert (make.state(telling), in_force(telling)) == ("asked", 1)


def test_staff_take_it_back_when_one_of_them_asks(pair, mentor, facilitator):
    telling = make.published(pair)
    services.story_take_back(actor=facilitator, telling=telling, participant=pair.mentor)
    entry = AuditEntry.objects.get(action="story_take_back")
    assert (entry.actor, entry.on_behalf_of) == (facilitator, mentor)
    assert mails(telling, "taken_down", pair.mentee.user).count() == 1


def test_taking_back_the_last_story_ends_the_consent_and_the_other_way_round(pair, mentee, mentor):
    telling = make.published(pair)
    take_back(telling, pair.mentor)
    assert not LegalBasis.objects.filter(
        user=mentor, purpose="story", withdrawn_at__isnull=True
    ).exists()
    services.story_answer(actor=mentee, telling=telling, question="tip", text="Opnieuw.")
    make.ask(telling)
    make.agree(telling)
    make.publish(make.fresh(telling))
    legal_basis_withdraw(actor=mentor, user=mentor, purpose="story")
    assert make.state(telling) == "withdrawn"


def test_taking_back_one_story_leaves_another_of_the_same_person_alone(pair, mentor):
    mentor.profiles.update(places=2)
    one, other = make.published(pair), make.published(make.pair(mentor=mentor))
    take_back(one, pair.mentor)
    assert make.state(other) == "published"
    assert LegalBasis.objects.filter(
        user=mentor, purpose="story", withdrawn_at__isnull=True
    ).exists()


# What the database refuses


@pytest.mark.parametrize("state", ["agreed", "published"])
@pytest.mark.parametrize("missing", ["mentee_agreed", "mentor_agreed"])
def test_the_database_refuses_a_story_without_both(pair, state, missing):
    telling = make.agreed(pair)
    rows = Story.objects.filter(pk=telling.story_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{"state": state, missing: ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{"state": state, "digest": "1" * 64})


def test_the_database_refuses_other_words_under_the_same_yes(pair):
    story = make.published(pair).story
    story.did = "Iets heel anders."
    with pytest.raises(IntegrityError), transaction.atomic():
        story.save()


def test_one_yes_in_force_per_person(pair):
    telling = make.asked(pair)
    first = telling.consents.get()
    first.pk = None
    first._state.adding = True
    first.id = Telling().id
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.parametrize("before", list(Story.State))
@pytest.mark.parametrize("after", list(Story.State))
def test_only_the_transitions_of_the_table(before, after):
    story = Story(state=before)
    if after in TRANSITIONS[before]:
        story_move(story, after)
        assert story.state == after
    else:
        with pytest.raises(Refused):
            story_move(story, after)
        assert story.state == before


# A person's data


def test_the_export_of_each_holds_what_they_may_see(pair, mentee, mentor, stranger):
    telling = make.written(pair)
    assert make.WORDS["did"] in json.dumps(account_export(mentee)["stories"])
    assert account_export(mentor)["stories"] == {"stories": [], "consents": []}
    make.ask(telling)
    make.agree(telling)
    theirs = account_export(mentor)["stories"]
    assert theirs["stories"][0]["did"] == make.WORDS["did"]
    assert [row["name"] for row in theirs["consents"]] == ["Rik"]
    assert account_export(stranger)["stories"] == {"stories": [], "consents": []}


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_erasing_one_of_the_two_takes_the_story_down(pair, mentee, mentor, who):
    telling = make.published(pair)
    gone, stays = (mentee, mentor) if who == "mentee" else (mentor, mentee)
    account_erase(actor=None, user=gone)
    assert not Story.objects.exists()
    assert not StoryConsent.objects.exists()
    assert mails(telling, "taken_down", stays).get().state == "pending"
    assert (
        not OutboxMessage.objects.filter(key__startswith=f"story:{telling.pk}:", state="pending")
        .exclude(key__contains="taken_down")
        .exists()
    )


def test_after_that_no_new_story_of_the_two(pair, mentee, mentor):
    account_erase(actor=None, user=mentor)
    pair = type(pair).objects.get(pk=pair.pk)
    with pytest.raises(Refused):
        services.story_begin(actor=mentee, mentorship=pair, language="nl")
