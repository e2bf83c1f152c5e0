"""A facilitator who is mentor or mentee: their own pair and offer are not on their desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from mentoring.models import CheckIn, Mentorship
from mentoring.services.contacts import contact_record
from reenter.common import clock
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

from .make import offer

CANARY = "Canary-comment"
NOTE = "Canary-note"

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(programme):
    """Looks after the programme too, and is no half of anything."""
    return make_accounts.facilitator(organisation=programme.organisation)


@pytest.fixture
def me(programme, facilitator):
    return make.participant(programme=programme, role="mentor", user=facilitator)


@pytest.fixture
def pair(programme, me):
    """Their mentee says that it does not fit; staff talked about it."""
    pair = make.mentorship(programme=programme, mentor=me)
    moment = clock.now() - timedelta(days=1)
    CheckIn.objects.create(
        mentorship=pair,
        participant=pair.mentee,
        kind="first_meeting",
        day=0,
        due_at=moment,
        asked_at=moment,
        answered_at=moment,
        state="answered",
        fit="not_good",
        comment=CANARY,
    )
    return pair


@pytest.fixture
def talk(pair, colleague):
    contact_record(
        actor=colleague, participant=pair.mentee, mentorship=pair, about="not_good_fit", note=NOTE
    )


@pytest.mark.usefixtures("pair")
def test_the_task_is_for_colleagues(client, facilitator, colleague):
    for reader, tasks in ((facilitator, 0), (colleague, 1)):
        client.force_login(reader)
        assert len(client.get(reverse("desk:home")).context["lines"]) == tasks


def test_an_offer_to_oneself_is_for_colleagues(client, programme, me, facilitator, colleague):
    made = offer(programme=programme, mentor=me, days_ago=8)
    for reader, seen in ((facilitator, False), (colleague, True)):
        client.force_login(reader)
        for page in ("desk:home", "matching:offer_list"):
            text = client.get(reverse(page)).content.decode()
            assert (made.mentee.user.name in text) is seen


@pytest.mark.usefixtures("talk")
def test_answers_and_talks_are_for_colleagues(client, pair, facilitator, colleague):
    person = reverse("desk:person_detail", args=[pair.mentee.pk])
    staff = reverse("mentoring:mentorship_staff", args=[pair.pk])
    answer = CheckIn.objects.get()
    for reader, seen in ((facilitator, False), (colleague, True)):
        client.force_login(reader)
        page = client.get(person)
        assert (NOTE in page.content.decode()) is seen
        assert bool(page.context["history"]) is seen
        assert bool(page.context["mentorships"]) is seen
        assert client.get(staff).status_code == (200 if seen else 403)
        detail = client.get(reverse("mentoring:check_in_detail", args=[answer.pk]))
        assert detail.status_code == (200 if seen else 404)
        assert (CANARY in detail.content.decode()) is seen


def test_the_list_of_pairs_names_it_once_as_their_own(client, pair, facilitator):
    client.force_login(facilitator)
    text = client.get(reverse("mentoring:mentorship_list")).content.decode()
    assert reverse("mentoring:mentorship_detail", args=[pair.pk]) in text
    assert reverse("mentoring:mentorship_staff", args=[pair.pk]) not in text


def test_who_looks_after_what(pair, facilitator, colleague, foreign_facilitator):
    for reader, seen in ((facilitator, 0), (colleague, 1), (foreign_facilitator, 0)):
        assert Mentorship.objects.looked_after_by(reader).count() == seen
        assert CheckIn.objects.visible_to(reader).count() == seen
