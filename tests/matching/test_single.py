"""Match one person now: the best five, why not the rest, and the offer."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from accounts.models import Profile
from matching.engine import solve
from matching.models import ForbiddenPair, Offer
from matching.selectors import single as selectors
from matching.services import offers
from matching.services.single import single_offer
from mentoring.models import Participant
from reenter.common import clock
from reenter.common.models import AuditEntry
from tests.factories import accounts as make_accounts
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def client(english_client):
    return english_client


@pytest.fixture
def topics(db):
    return [make_accounts.term("topic", f"topic{number}") for number in range(4)]


@pytest.fixture
def anna(programme, mentee, topics):
    return make_mentoring.participant(
        programme=programme, role="mentee", user=mentee, terms={topics[0]: 1, topics[1]: 2}
    )


@pytest.fixture
def mentors(programme, topics):
    """Seven who help: the higher the number, the better; the last two alike."""
    wanted = [
        {topics[1]: 1},
        {topics[1]: 2},
        {topics[1]: 3},
        {topics[0]: 2},
        {topics[0]: 3},
        {topics[0]: 3, topics[1]: 3},
        {topics[0]: 3, topics[1]: 3},
    ]
    return [
        make_mentoring.participant(
            programme=programme,
            role="mentor",
            terms=terms,
            user=make_accounts.user(name=f"Mentor{number} Family{number}"),
        )
        for number, terms in enumerate(wanted)
    ]


def why_of(match):
    return {row.participant.user.name: [str(phrase) for phrase in row.why] for row in match.refused}


def test_the_best_five_come_in_order_of_points(anna, mentors):
    found = selectors.single_match(anna).best
    assert len(found) == 5
    points = [candidate.points for candidate in found]
    assert points == sorted(points, reverse=True)
    assert {found[0].participant, found[1].participant} == {mentors[5], mentors[6]}
    assert found[2].participant == mentors[4]
    for candidate in found:
        assert sum(candidate.parts.values()) == candidate.points
        assert sum(fact["points"] for fact in candidate.facts) == candidate.points


def test_ties_hold_during_the_day_and_change_over_days(anna, mentors):
    winners = set()
    for day in range(1, 21):
        with clock.standing_at(clock.now().replace(year=2027, month=1, day=day)):
            first = [selectors.single_match(anna).best[0].participant for _ in range(2)]
        assert first[0] == first[1]
        winners.add(first[0])
    assert winners == {mentors[5], mentors[6]}


def test_it_is_the_formula_of_the_rounds(anna, mentors):
    problem, index = selectors._problem(anna, list(selectors.matchable(anna.programme)))
    solution = solve(problem)
    best = selectors.single_match(anna).best[0]
    assert solution.points[0] == best.points
    assert index.mentors[solution.mentor_of[0]] == best.participant.pk


def test_who_fails_a_must_have_is_named_with_the_reason(anna, mentors, topics):
    programme = anna.programme
    ForbiddenPair.objects.create(mentee=anna.user, mentor=mentors[0].user, reason="declined")
    Profile.objects.filter(pk=mentors[1].profile_id).update(places_taken=1)
    Profile.objects.filter(pk=mentors[2].profile_id).update(languages=["fr"])
    Participant.objects.filter(pk=mentors[3].pk).update(state="applied")
    useless = make_mentoring.participant(
        programme=programme,
        role="mentor",
        terms={topics[3]: 3},
        user=make_accounts.user(name="Zed"),
    )
    withdrawn = make_mentoring.participant(programme=programme, role="mentor", state="withdrawn")
    found = selectors.single_match(anna)
    why = why_of(found)
    assert why["Mentor0 Family0"] == ["An offer between them was declined"]
    assert why["Mentor1 Family1"] == ["The mentor has no place left"]
    assert why["Mentor2 Family2"] == ["No language in common"]
    assert why["Mentor3 Family3"] == ["Is not admitted yet"]
    assert why[useless.user.name] == ["Not one of the goals is covered"]
    assert withdrawn.user.name not in why
    assert {c.participant for c in found.best} == set(mentors[4:])


def test_the_minimum_of_the_programme_counts(anna, mentors):
    anna.programme.minimum_points = 10_000
    anna.programme.save()
    found = selectors.single_match(anna)
    assert found.best == []
    assert "Below the minimum score of the programme" in why_of(found)["Mentor6 Family6"]


def test_for_a_mentor_the_best_waiting_mentees(anna, mentors, programme, topics):
    paired = make.offer(programme=programme).mentee
    other = make_mentoring.participant(programme=programme, role="mentee", terms={topics[2]: 1})
    found = selectors.single_match(mentors[6])
    assert [candidate.participant for candidate in found.best] == [anna]
    assert why_of(found)[other.user.name] == ["Not one of the goals is covered"]
    assert paired not in [candidate.participant for candidate in found.best]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"state": "applied"}, "Is not admitted yet"),
        ({"briefed_at": None}, "Has not had the briefing"),
    ],
)
def test_somebody_who_cannot_be_matched_gets_no_list(anna, mentors, change, text):
    Participant.objects.filter(pk=anna.pk).update(**change)
    anna.refresh_from_db()
    found = selectors.single_match(anna)
    assert [str(phrase) for phrase in found.blocked] == [text]
    assert (found.best, found.refused) == ([], [])


def test_somebody_with_an_open_offer_gets_no_list(anna, mentors, programme):
    make.offer(programme=programme, mentee=anna)
    assert [str(phrase) for phrase in selectors.single_match(anna).blocked] == [
        "Has an open offer or a mentorship already"
    ]


def test_no_mentors_at_all_is_no_error(anna):
    assert selectors.single_match(anna).best == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_is_fixed(anna, programme, topics, rows, django_assert_num_queries):
    for _ in range(rows):
        make_mentoring.participant(programme=programme, role="mentor", terms={topics[0]: 2})
        make_mentoring.participant(programme=programme, role="mentor", ready=False)
    person = selectors.Participant.objects.select_related("user", "profile", "programme").get(
        pk=anna.pk
    )
    with django_assert_num_queries(10):
        selectors.single_match(person)


def test_the_offer_carries_points_reasons_note_and_log(anna, mentors, facilitator):
    best = selectors.single_match(anna).best[0]
    offer = single_offer(
        actor=facilitator, participant=anna, other=best.participant, note="They met at the desk"
    )
    assert (offer.mentee, offer.mentor) == (anna, best.participant)
    assert (offer.points, offer.parts, offer.facts) == (best.points, best.parts, best.facts)
    assert (offer.source, offer.note) == (Offer.Source.ONE_PERSON, "They met at the desk")
    assert AuditEntry.objects.get(action="offer_open").actor == facilitator


def test_from_the_mentors_page_the_roles_stay_right(anna, mentors, facilitator):
    offer = single_offer(actor=facilitator, participant=mentors[6], other=anna, note="x")
    assert (offer.mentee, offer.mentor) == (anna, mentors[6])


def test_after_an_ended_offer_it_is_the_next_best(anna, mentors, programme, facilitator):
    ended = make.offer(programme=programme, mentee=anna, state="declined", closed_at=clock.now())
    other = make.offer(programme=programme, state="declined", closed_at=clock.now())
    offer = single_offer(
        actor=facilitator, participant=anna, other=mentors[5], note="x", after=str(ended.pk)
    )
    assert offer.source == Offer.Source.NEXT_BEST
    offers.offer_withdraw(actor=facilitator, offer=offer)
    offer = single_offer(
        actor=facilitator, participant=anna, other=mentors[4], note="x", after=str(other.pk)
    )
    assert offer.source == Offer.Source.ONE_PERSON


def test_a_pair_that_fails_a_must_have_is_refused_in_words(anna, mentors, facilitator):
    Profile.objects.filter(pk=mentors[6].profile_id).update(languages=["fr"])
    with pytest.raises(offers.OfferRefused, match="No language in common"):
        single_offer(actor=facilitator, participant=anna, other=mentors[6], note="x")
    assert not Offer.objects.exists()


def test_who_left_since_the_page_was_read_gets_no_offer(anna, mentors, facilitator):
    Participant.objects.filter(pk=mentors[6].pk).update(state=Participant.State.WITHDRAWN)
    with pytest.raises(offers.OfferRefused):
        single_offer(actor=facilitator, participant=anna, other=mentors[6], note="x")
    assert not Offer.objects.exists()


def url(person, other=None, query=""):
    if other is None:
        return reverse("matching:single_match", args=[person.pk]) + query
    return reverse("matching:single_offer", args=[person.pk, other.pk]) + query


def test_staff_go_from_the_page_to_the_offer(client, anna, mentors, facilitator, programme):
    ended = make.offer(programme=programme, mentee=anna, state="expired", closed_at=clock.now())
    client.force_login(facilitator)
    query = f"?after={ended.pk}"
    page = client.get(url(anna, query=query)).content.decode()
    assert url(anna, mentors[6], query) in page
    confirm = client.get(url(anna, mentors[6], query)).content.decode()
    assert "Mentor6 Family6" in confirm
    assert not Offer.objects.filter(mentor=mentors[6]).exists()
    empty = client.post(url(anna, mentors[6], query), {"note": ""}).content.decode()
    assert "Write in a few words why." in empty
    response = client.post(url(anna, mentors[6], query), {"note": "Same village"})
    offer = Offer.objects.get(mentor=mentors[6])
    assert response.url == reverse("matching:offer_detail", args=[offer.pk])
    assert offer.source == Offer.Source.NEXT_BEST
    again = client.post(url(anna, mentors[6]), {"note": "Twice"}, follow=True)
    assert "cannot be matched" in again.content.decode()
    assert Offer.objects.filter(state="open").count() == 1


def test_both_sides_read_the_same_table_of_points(client, anna, mentors, facilitator):
    client.force_login(facilitator)
    found = selectors.single_match(anna)
    best = found.best[0]
    page = client.get(url(anna)).content.decode()
    assert f'<a class="back-link" href="{reverse("desk:person_detail", args=[anna.pk])}"' in page
    from_mentor = client.get(url(best.participant)).content.decode()
    confirm = client.get(url(anna, best.participant)).content.decode()
    for html in (page, from_mentor, confirm):
        assert f'<span class="score">{best.points:,}</span>' in html
        for part in best.table:
            assert f"{part.points:,} of {part.most:,}" in html
            for reason in part.reasons:
                assert escape(reason.text) in html


def test_why_not_is_said_in_sentences(client, anna, facilitator):
    anna.state = "applied"
    anna.save()
    client.force_login(facilitator)
    assert "Is not admitted yet." in client.get(url(anna)).content.decode()


@pytest.mark.parametrize("after", ["nonsense", "' OR 1=1", "00000000-0000-0000-0000-000000000000"])
def test_a_made_up_address_breaks_nothing(client, anna, mentors, facilitator, after):
    client.force_login(facilitator)
    assert client.get(url(anna), {"after": after}).status_code == 200
    client.post(url(anna, mentors[6], f"?after={after}"), {"note": "x"})
    assert Offer.objects.get().source == Offer.Source.ONE_PERSON


def test_strangers_find_nothing_and_the_person_may_not(
    client, anna, mentors, stranger, foreign_facilitator
):
    for user, code in ((stranger, 404), (foreign_facilitator, 404), (anna.user, 403)):
        client.force_login(user)
        assert client.get(url(anna)).status_code == code
        assert client.post(url(anna, mentors[6]), {"note": "x"}).status_code == code
    client.logout()
    assert client.get(url(anna)).url == f"{reverse('account_login')}?next={url(anna)}"
    assert not Offer.objects.exists()


def test_staff_do_not_match_themselves(client, anna, mentors, facilitator, programme):
    me = make_mentoring.participant(programme=programme, role="mentor", user=facilitator)
    client.force_login(facilitator)
    assert client.get(url(me)).status_code == 403
    assert client.post(url(anna, me), {"note": "x"}).status_code == 403


def test_somebody_of_another_programme_is_not_there(client, anna, facilitator):
    elsewhere = make_mentoring.participant(programme=make_mentoring.programme(), role="mentor")
    client.force_login(facilitator)
    assert client.get(url(anna, elsewhere)).status_code == 404
