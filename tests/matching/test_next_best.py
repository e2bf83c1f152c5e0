"""When an offer came to nothing: who is next, exactly, and why nobody is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from matching.models import Offer, Round
from matching.selectors.next_best import next_best
from matching.selectors.offers import offer_get
from matching.services import offers
from matching.services.publishing import round_publish
from matching.services.single import single_offer
from mentoring.models import Participant
from reenter.common import clock
from tests.factories import rounds as make


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def client(english_client):
    return english_client


@pytest.fixture
def people(programme):
    return make.cohort(programme)


def published(people):
    solved = people.solved()
    return round_publish(actor=None, round=solved, revision=solved.revision)


def offer_of(people, name):
    return Offer.objects.filter(mentee=people.people[name]).latest("opened_at")


def declined(people, name, side="mentee"):
    offer = offer_of(people, name)
    actor = getattr(offer, side).user
    answer = {"side": side, "answer": "no", "reason": "no_time"}
    return offers.offer_answer(actor=actor, offer=offer, **answer)


def names_of(half):
    return [
        (pair.mentee.user.first_name, pair.mentor.user.first_name)
        for pair in (half.pairs or half.instead)
    ]


def why_of(half):
    return [str(phrase) for phrase in half.why]


def asked(user, offer):
    return next_best(offer_get(user, offer.pk))


def test_the_free_place_goes_to_the_best_of_who_waits(people, facilitator):
    published(people)
    found = asked(facilitator, declined(people, "Anna"))
    mine, theirs = found.halves
    assert why_of(mine) == ["No other mentor of this round meets the must-haves"]
    assert names_of(theirs) == [("Ben", "Max")]
    pair = theirs.pairs[0]
    assert sum(part.points for part in pair.table) == pair.points > 0
    assert any(part.reasons for part in pair.table)


@pytest.mark.parametrize("how", ["declined", "expired", "withdrawn"])
def test_whatever_ended_it_the_same_two_are_not_next(people, facilitator, how):
    people.mentor("Olaf", 0)
    people.mentor("Paul", 1)
    published(people)
    offer = offer_of(people, "Chris")
    if how == "declined":
        offer = declined(people, "Chris")
    elif how == "withdrawn":
        offers.offer_withdraw(actor=facilitator, offer=offer, note="x")
    else:
        Offer.objects.filter(pk=offer.pk).update(expires_at=clock.now())
        offers.offers_due()
    mine, theirs = asked(facilitator, offer).halves
    free = {"Nora", "Paul"} - {offer.mentor.user.first_name}
    assert names_of(mine) == [("Chris", name) for name in free]
    assert theirs.pairs == []
    assert why_of(theirs) == ["No other mentee who waits meets the must-haves"]


def test_open_and_accepted_offers_keep_their_places(people, facilitator):
    people.mentor("Olaf", 0)
    published(people)
    for side in offers.SIDES:
        kept = offer_of(people, "Ben")
        actor = getattr(kept, side).user
        offers.offer_answer(actor=actor, offer=kept, side=side, answer="yes")
    mine, _theirs = asked(facilitator, declined(people, "Anna")).halves
    assert mine.pairs == []
    assert why_of(mine) == ["1 other mentor fits, but has no free place now"]


def test_a_place_that_goes_to_somebody_else_is_named(people, facilitator):
    """The second goal of two against the only one: Ada fits the free place less well."""
    Participant.objects.all().delete()
    people.mentee("Ada", 0, 1)
    people.mentee("Bea", 2)
    people.mentee("Cor", 2)
    people.mentor("Rich", 0)
    people.mentor("Some", 1, 2)
    solved = published(people)
    pairs = make.pairs(solved)
    assert pairs["Ada"] == "Rich"
    Participant.objects.filter(pk=people.people["Rich"].pk).update(state="not_now")
    holder = next(name for name, mentor in pairs.items() if mentor == "Some")
    waiting = ({"Bea", "Cor"} - {holder}).pop()
    offers.offer_withdraw(actor=None, offer=offer_of(people, holder), note="x")
    mine, theirs = asked(facilitator, declined(people, "Ada")).halves
    assert why_of(mine) == ["The free places go to others: that is best for all who wait"]
    assert names_of(mine) == [(waiting, "Some")]
    assert why_of(theirs) == ["Is set to “not now”"]


def test_who_found_a_match_elsewhere_is_not_next(people, facilitator):
    published(people)
    over = declined(people, "Anna")
    anna, ben, max_ = (people.people[name] for name in ("Anna", "Ben", "Max"))
    Participant.objects.filter(pk=ben.pk).update(waiting_since=None)
    _mine, theirs = asked(facilitator, over).halves
    assert why_of(theirs) == ["No other mentee who waits meets the must-haves"]
    Participant.objects.filter(pk=ben.pk).update(waiting_since=clock.now())
    single_offer(actor=facilitator, participant=max_, other=ben, note="x", after=str(over.pk))
    assert offer_of(people, "Ben").source == Offer.Source.NEXT_BEST
    assert why_of(asked(facilitator, over).halves[1]) == ["The mentor has no place left"]
    # The next best came to nothing as well: the same round answers.
    again = declined(people, "Ben")
    mine, theirs = asked(facilitator, again).halves
    assert mine.pairs == theirs.pairs == []
    assert anna.profile.places_taken == 0


def test_without_a_round_or_with_one_of_an_older_engine_nothing_is_claimed(people, facilitator):
    solved = published(people)
    over = declined(people, "Anna")
    Round.objects.filter(pk=solved.pk).update(problem=solved.problem | {"format": 1})
    assert asked(facilitator, over) is None
    Round.objects.all().delete()
    assert asked(facilitator, over) is None


def page_of(offer):
    return reverse("matching:offer_detail", args=[offer.pk])


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_staff_go_from_the_ended_offer_to_the_next(client, people, facilitator):
    published(people)
    client.force_login(facilitator)
    assert "Who is next" not in text(client.get(page_of(offer_of(people, "Anna"))))
    over = declined(people, "Anna")
    response = client.get(page_of(over))
    page = text(response)
    assert "Who is next" in page
    assert "Nobody is next now: No other mentor of this round meets the must-haves." in page
    link = reverse("matching:single_offer", args=[people.people["Max"].pk, people.people["Ben"].pk])
    address = f"{link}?after={over.pk}"
    assert address in response.content.decode()
    assert client.post(address, {"note": "The next best"}).status_code == 302
    made = offer_of(people, "Ben")
    assert (made.source, made.mentor) == (Offer.Source.NEXT_BEST, people.people["Max"])


def test_the_task_leads_to_it(client, people, facilitator):
    published(people)
    over = declined(people, "Anna")
    client.force_login(facilitator)
    page = client.get(reverse("desk:home")).content.decode()
    assert page_of(over) in page


def test_nobody_else_sees_who_is_next(
    client, people, foreign_facilitator, stranger, admin_user, facilitator
):
    published(people)
    over = declined(people, "Anna")
    for user in (foreign_facilitator, stranger, admin_user):
        client.force_login(user)
        assert client.get(page_of(over)).status_code == 404
    for name in ("Anna", "Max"):
        client.force_login(people.people[name].user)
        page = text(client.get(page_of(over)))
        assert "Who is next" not in page
        assert "Ben" not in page
    client.logout()
    assert client.get(page_of(over)).url.startswith("/account/login/")


def test_the_number_of_queries_does_not_grow(client, people, facilitator):
    def queries():
        client.get(page_of(over))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page_of(over)).status_code == 200
        return len(caught)

    published(people)
    over = declined(people, "Anna")
    client.force_login(facilitator)
    few = queries()
    Round.objects.all().delete()
    Offer.objects.all().delete()
    for person in Participant.objects.all():
        person.profile.places_taken = 0
        person.profile.save()
    for number in range(5):
        people.mentee(f"M{number}", 0)
        people.mentor(f"T{number}", 0)
    published(people)
    over = declined(people, "M1")
    assert queries() == few <= 25
