"""Publishing: once, whole or not at all, and only what was looked at."""

import threading

import pytest
from django.db import connection

from matching.models import ForbiddenPair, Offer, Round
from matching.selectors.rounds import publication
from matching.services import overrides, publishing, rounds, solving
from matching.services.publishing import AlreadyPublished, PublishRefused, round_publish
from mentoring.models import Participant
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import matching as make_matching
from tests.factories import mentoring as make_mentoring
from tests.factories import rounds as make


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def people(programme):
    found = make.cohort(programme)
    found.mentor("Olaf", 2)
    return found


@pytest.fixture
def solved(people):
    return people.solved()


def publish(round, **extra):
    return round_publish(**{"actor": None, "round": round, "revision": round.revision} | extra)


def told(kind):
    rows = OutboxMessage.objects.filter(key__startswith=kind)
    return sorted(row.recipient.first_name for row in rows)


def nothing_happened(round):
    round.refresh_from_db()
    return (
        round.state == Round.State.REVIEWED
        and not Offer.objects.filter(proposal__round=round).exists()
        and not OutboxMessage.objects.exists()
    )


def test_every_pair_gets_an_offer_and_everybody_hears_something(people, solved, facilitator):
    expected = publication(solved)
    published = publish(solved, actor=facilitator)
    assert (published.state, published.published_by) == (Round.State.PUBLISHED, facilitator)
    offers = Offer.objects.select_related("proposal", "mentee__user", "mentor__user")
    found = {o.mentee.user.first_name: o.mentor.user.first_name for o in offers}
    assert found == make.pairs(solved) == {"Anna": "Max", "Chris": "Nora"}
    for offer in offers:
        assert (offer.source, offer.proposal.round_id) == ("round", solved.pk)
        assert offer.points == offer.proposal.points
        assert offer.facts == offer.proposal.facts
        assert offer.mentor.profile.places_taken == 1
    assert told("offer:") == ["Anna", "Chris", "Max", "Nora"]
    assert told("waiting:") == ["Ben", "Olaf"]
    assert (expected.pairs, expected.offers, expected.told) == (2, 4, 2)
    assert AuditEntry.objects.get(action="round_publish").data["offers"] == 2


def test_letters_are_announced_for_who_has_no_mail(people, solved):
    for name in ("Anna", "Ben"):
        user = people.people[name].user
        user.emailaddress_set.all().delete()
        user.email = None
        user.save()
    expected = publication(solved)
    publish(solved)
    assert expected.letters == 2
    assert OutboxMessage.objects.filter(state=OutboxMessage.State.LETTER).count() == 2


def test_the_second_to_publish_hears_that_it_is_done(solved):
    publish(solved)
    before = (Offer.objects.count(), OutboxMessage.objects.count())
    with pytest.raises(AlreadyPublished, match="already"):
        publish(solved)
    assert (Offer.objects.count(), OutboxMessage.objects.count()) == before


def test_only_what_was_looked_at_is_published(people, solved):
    anna, max_ = people.row(solved, "Anna"), people.row(solved, "Max")
    overrides.override_forbid(actor=None, round=solved, mentee=anna, mentor=max_, reason="x")
    with pytest.raises(PublishRefused, match="changed"):
        publish(solved, revision=0)
    solved.refresh_from_db()
    with pytest.raises(PublishRefused, match="changed"):
        publish(solved)
    assert nothing_happened(solved)
    again = solving.round_solve(actor=None, round=solved)
    with pytest.raises(PublishRefused, match="changed"):
        publish(again, revision=0)
    assert publish(again).state == Round.State.PUBLISHED


def test_a_draft_is_not_published(people):
    draft = people.draft()
    with pytest.raises(PublishRefused, match="first"):
        publish(draft)
    rounds.round_close(actor=None, round=draft)
    with pytest.raises(PublishRefused, match="closed"):
        publish(draft)


def not_now(people):
    Participant.objects.filter(pk=people.people["Nora"].pk).update(state="not_now")


def place_is_gone(people):
    make_matching.offer(programme=people.programme, mentor=people.people["Nora"])


def forbidden_since(people):
    users = {"mentee": people.people["Chris"].user, "mentor": people.people["Nora"].user}
    ForbiddenPair.objects.create(**users, reason=ForbiddenPair.Reason.DECLINED)


def erased(people):
    row = people.people["Nora"].round_places.get()
    row.participant = None
    row.save()


@pytest.mark.parametrize("change", [not_now, place_is_gone, forbidden_since, erased])
def test_when_one_pair_is_no_longer_possible_nothing_is_sent(people, solved, change):
    change(people)
    with pytest.raises(PublishRefused, match="Nothing was sent"):
        publish(solved)
    assert nothing_happened(solved)
    again = solving.round_solve(actor=None, round=solved)
    publish(again)
    assert make.pairs(again).get("Chris") is None
    assert make.pairs(again)["Anna"] == "Max"


def test_a_result_without_proof_is_not_published(solved):
    solution = dict(solved.solution)
    solution["mentor_of"] = solution["mentor_of"][::-1]
    Round.objects.filter(pk=solved.pk).update(solution=solution)
    with pytest.raises(PublishRefused, match="proof"):
        publish(solved)
    assert nothing_happened(solved)


def test_without_safeguarding_names_only_an_operator_publishes(people, solved):
    programme = people.programme
    programme.state = "draft"
    programme.safeguarding_deputy = None
    programme.save()
    with pytest.raises(PublishRefused, match="safeguarding"):
        publish(solved)
    assert nothing_happened(solved)
    assert publish(solved, without_safeguarding=True).state == Round.State.PUBLISHED
    assert AuditEntry.objects.get(action="round_publish").data["safeguarding"] is False


def test_who_was_not_looked_for_is_not_told_that_nobody_was_found(people, programme):
    make_matching.offer(programme=programme, mentee=people.people["Ben"])
    draft = people.draft()
    olaf = people.row(draft, "Olaf")
    rounds.round_leave_out(actor=None, round=draft, people=[olaf], reason="On holiday")
    publish(solving.round_solve(actor=None, round=rounds.locked(draft)))
    assert told("waiting:") == []


def test_more_pairs_take_a_fixed_number_of_queries_each(programme, django_assert_max_num_queries):
    """No query that grows with everybody in the round stands inside the loop over pairs."""
    found = make.cohort(programme)
    for number in range(6):
        found.mentee(f"M{number}", 0)
    found.mentor("Vera", 0, places=3)
    found.mentor("Wim", 0, places=3)
    solved = found.solved()
    assert solved.solution["matched"] == 8
    with django_assert_max_num_queries(8 * 36 + 40):
        publish(solved)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway")
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_give_one_publication():
    people = make.cohort(make_mentoring.programme())
    solved = people.solved()
    start, outcomes = threading.Barrier(4), []

    def publish_at_once():
        try:
            start.wait()
            publish(Round.objects.get(pk=solved.pk), revision=0)
            outcomes.append("published")
        except AlreadyPublished:
            outcomes.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_at_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already"] * 3 + ["published"]
    assert Offer.objects.count() == 2
    assert AuditEntry.objects.filter(action="round_publish").count() == 1


def test_has_safeguarding_needs_both(programme):
    assert publishing.has_safeguarding(programme)
    programme.safeguarding_person = None
    assert not publishing.has_safeguarding(programme)
