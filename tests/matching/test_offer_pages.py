"""The pages of offers: each reader sees what is theirs, strangers see nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import Profile
from matching.models import Offer
from mentoring.models import Mentorship
from reenter.common import clock
from reenter.common.models import OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import matching as make
from tests.factories import mentoring as make_mentoring

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def client(english_client):
    return english_client


@pytest.fixture
def offer(programme, mentee, mentor):
    """Marketing is the mentee's goal and may be seen; the theme may not."""
    goal = make_accounts.term("topic", "marketing")
    theme = make_accounts.term("theme", "starting-over")
    people = {}
    for role, user, visible in (
        ("mentee", mentee, ["idea", "goals"]),
        ("mentor", mentor, ["business", "topics"]),
    ):
        people[role] = make_mentoring.participant(
            programme=programme,
            role=role,
            user=user,
            terms={goal: 1, theme: None},
            pitch=f"The pitch of the {role}",
            exchange=f"The secret exchange of the {role}",
        )
        Profile.objects.filter(pk=people[role].profile_id).update(
            visible=visible, answered=["idea", "business", "goals", "topics", "themes", "exchange"]
        )
    facts = [
        {
            "criterion": "goals",
            "kind": "goal",
            "points": 4000,
            "rank": 1,
            "mentee_term": "marketing",
            "mentor_term": "marketing",
            "level": 3,
            "relation": 1.0,
        },
        {"criterion": "lived", "kind": "theme", "points": 1500, "term": "starting-over"},
    ]
    return make.offer(
        programme=programme,
        facts=facts,
        points=5500,
        parts={"goals": 4000, "lived": 1500},
        **people,
    )


def page(offer, name="offer_detail", *args):
    return reverse(f"matching:{name}", args=[offer.pk, *args])


def html(client, offer):
    response = client.get(page(offer))
    assert response.status_code == 200
    return response.content.decode()


def posts(offer):
    return [
        (page(offer, "offer_accept"), {}),
        (page(offer, "offer_decline"), {"reason": "no_time"}),
        (page(offer, "offer_answer", "mentee"), {"answer": "yes"}),
        (page(offer, "offer_withdraw"), {"note": "x"}),
    ]


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_each_half_sees_reasons_in_words_from_answers_that_may_be_seen(client, offer, side):
    client.force_login(getattr(offer, side).user)
    text = html(client, offer)
    other = offer.mentor if side == "mentee" else offer.mentee
    assert "marketing en" in text
    assert "starting-over" not in text
    assert other.profile.pitch in text
    assert "secret exchange" not in text
    assert other.user.first_name in text
    assert other.user.name.split(" ")[-1] not in text
    assert not re.search(r"\b(4,?000|5,?500|1,?500|points)\b", text)
    assert text.count("<h1") == 1


def test_an_answer_taken_back_is_no_longer_shown(client, offer):
    offer.mentor.profile.chosen.filter(term__code="marketing").delete()
    client.force_login(offer.mentee.user)
    assert "marketing en" not in html(client, offer)


def test_family_names_come_when_both_said_yes(client, offer):
    client.force_login(offer.mentor.user)
    client.post(page(offer, "offer_accept"))
    client.force_login(offer.mentee.user)
    assert "Jansen" not in html(client, offer)
    response = client.post(page(offer, "offer_accept"), follow=True)
    assert "Bram Jansen" in response.content.decode()
    assert Mentorship.objects.count() == 1


def test_opening_links_changes_nothing(client, offer):
    client.force_login(offer.mentee.user)
    for name in ("offer_detail", "offer_decline"):
        client.get(page(offer, name))
        client.head(page(offer, name))
    assert client.get(page(offer, "offer_accept")).status_code == 405
    offer.refresh_from_db()
    assert (offer.state, offer.mentee_answer) == (Offer.State.OPEN, "")


def test_strangers_and_other_staff_find_nothing(
    client, offer, stranger, foreign_facilitator, admin_user
):
    for user in (stranger, foreign_facilitator, admin_user):
        client.force_login(user)
        assert client.get(page(offer)).status_code == 404
        for url, data in posts(offer):
            assert client.post(url, data).status_code == 404
    offer.refresh_from_db()
    assert offer.state == Offer.State.OPEN


def test_without_login_one_is_brought_back_after_signing_in(client, offer):
    for url in [page(offer), *(url for url, _data in posts(offer))]:
        response = client.post(url) if url.endswith("accept/") else client.get(url)
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={url}"


def test_the_two_may_not_do_what_staff_do_and_staff_not_what_the_two_do(client, offer, facilitator):
    client.force_login(offer.mentee.user)
    assert client.post(page(offer, "offer_withdraw"), {"note": "x"}).status_code == 403
    assert client.post(page(offer, "offer_answer", "mentor"), {"answer": "yes"}).status_code == 403
    client.force_login(facilitator)
    assert client.post(page(offer, "offer_accept")).status_code == 403
    assert client.post(page(offer, "offer_decline"), {"reason": "no_time"}).status_code == 403


def test_staff_who_are_half_of_it_see_it_as_the_person_they_are(client, offer):
    make_accounts.Membership.objects.create(
        organisation=offer.programme.organisation, user=offer.mentor.user
    )
    client.force_login(offer.mentor.user)
    assert "5500" not in html(client, offer)
    assert client.post(page(offer, "offer_withdraw"), {"note": "x"}).status_code == 403


def test_a_no_asks_for_a_reason_and_tells_nobody(client, offer):
    client.force_login(offer.mentee.user)
    response = client.post(page(offer, "offer_decline"), {})
    assert "Choose the reason that comes closest." in response.content.decode()
    client.post(page(offer, "offer_decline"), {"reason": "competitor"})
    offer.refresh_from_db()
    assert offer.state == Offer.State.DECLINED
    client.force_login(offer.mentor.user)
    text = html(client, offer)
    assert "This match does not go on" in text
    assert "competitor" not in text.lower()
    assert "declined" not in text.lower()
    assert "Anna" in text


def test_who_said_no_reads_that_it_is_in_and_what_happens_next(client, offer):
    client.force_login(offer.mentee.user)
    response = client.post(page(offer, "offer_decline"), {"reason": "no_time"}, follow=True)
    text = response.content.decode()
    assert "Your no is in." in text
    assert "does not hear who said no" in text
    assert "You stay on the list." in text
    assert "says nothing about you" not in text
    client.force_login(offer.mentor.user)
    assert "Your no is in." not in html(client, offer)


@pytest.mark.parametrize("reason", ["nonsense", "<b>", "no_time' OR 1=1"])
def test_a_made_up_reason_is_refused_on_the_page(client, offer, reason):
    client.force_login(offer.mentee.user)
    assert client.post(page(offer, "offer_decline"), {"reason": reason}).status_code == 200
    offer.refresh_from_db()
    assert offer.state == Offer.State.OPEN


def test_declined_and_withdrawn_look_the_same(client, offer):
    client.force_login(offer.mentor.user)
    pages = []
    for state in ("declined", "withdrawn"):
        Offer.objects.update(state=state, closed_at=clock.now(), decline_reason="no_time")
        pages.append(re.sub(r'value="[^"]{20,}"|nonce="[^"]+"', "", html(client, offer)))
    assert pages[0] == pages[1]


def expire(offer, **extra):
    fields = {"state": "expired", "closed_at": clock.now() - DAY} | extra
    Offer.objects.filter(pk=offer.pk).update(**fields)
    Profile.objects.update(places_taken=0)


def test_an_expired_offer_can_still_be_wanted(client, offer):
    expire(offer)
    client.force_login(offer.mentee.user)
    assert "I still want this" in html(client, offer)
    client.post(page(offer, "offer_accept"))
    offer.refresh_from_db()
    assert (offer.state, offer.mentee_answer) == ("open", "yes")


def test_too_late_is_a_kind_page_that_says_what_comes(client, offer):
    expire(offer)
    Profile.objects.filter(pk=offer.mentor.profile_id).update(places_taken=1)
    client.force_login(offer.mentee.user)
    response = client.post(page(offer, "offer_accept"))
    assert response.status_code == 409
    text = response.content.decode()
    assert "The place has gone to somebody else" in text
    assert "within 30 days" in text


@pytest.mark.parametrize("state", Offer.State.values)
@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_no_state_breaks_any_page_or_button(client, offer, facilitator, state, side):
    Offer.objects.update(
        state=state, closed_at=clock.now(), mentee_answer="yes", mentor_answer="yes"
    )
    client.force_login(getattr(offer, side).user)
    for url, data in posts(offer)[:2]:
        assert client.post(url, data).status_code in (302, 409)
    assert client.get(page(offer)).status_code == 200
    client.force_login(facilitator)
    assert client.get(page(offer)).status_code == 200
    for url, data in posts(offer)[2:]:
        assert client.get(url).status_code == 200
        assert client.post(url, data).status_code == 302


def test_staff_see_both_sides_points_and_reasons(client, offer, facilitator):
    Offer.objects.update(
        state="declined", closed_at=clock.now(), mentee_answer="no", decline_reason="competitor"
    )
    client.force_login(facilitator)
    text = html(client, offer)
    for shown in (
        "5,500",
        "4,000",
        "1,500",
        "starting-over en",
        "We could be competitors",
        "Jansen",
    ):
        assert shown in text
    assert f"/rounds/single/{offer.mentee_id}/?after={offer.pk}" in text


def test_staff_record_the_answer_of_somebody_on_the_phone(client, offer, facilitator):
    client.force_login(facilitator)
    url = page(offer, "offer_answer", "mentee")
    assert "Choose yes or no." in client.post(url, {}).content.decode()
    no_reason = client.post(url, {"answer": "no"}).content.decode()
    assert "Choose the reason that comes closest." in no_reason
    client.post(url, {"answer": "yes"})
    offer.refresh_from_db()
    assert (offer.mentee_answer, offer.mentee_recorded_by) == ("yes", facilitator)
    assert facilitator.name in html(client, offer)
    assert client.post(page(offer, "offer_answer", "nobody"), {}).status_code == 404


def test_staff_take_an_offer_back_with_a_reason(client, offer, facilitator):
    client.force_login(facilitator)
    assert (
        "Write in a few words why."
        in client.post(page(offer, "offer_withdraw"), {"note": " "}).content.decode()
    )
    client.post(page(offer, "offer_withdraw"), {"note": "<script>alert(1)</script>"})
    text = html(client, offer)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_list_shows_only_ones_own_programmes_and_filters(
    client, offer, facilitator, foreign_facilitator, mentee
):
    old = make.offer(programme=offer.programme, age=8 * DAY)
    client.force_login(facilitator)
    everything = client.get(reverse("matching:offer_list")).content.decode()
    assert "Anna de Vries" in everything
    url = reverse("matching:offer_list")
    to_call = client.get(url, {"state": "call", "programme": offer.programme.slug})
    assert old.mentee.user.name in to_call.content.decode()
    assert "Anna de Vries" not in to_call.content.decode()
    assert client.get(url, {"state": "bogus", "programme": "none", "page": "x"}).status_code == 200
    client.force_login(foreign_facilitator)
    assert "Anna de Vries" not in client.get(url).content.decode()
    client.force_login(mentee)
    assert client.get(url).status_code == 404


def test_a_foreign_programme_in_the_filter_leaks_nothing(client, offer, foreign_facilitator):
    client.force_login(foreign_facilitator)
    response = client.get(reverse("matching:offer_list"), {"programme": offer.programme.slug})
    assert offer.programme.name not in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_queries(
    client, programme, facilitator, rows, django_assert_num_queries
):
    for _ in range(rows):
        make.offer(programme=programme)
    client.force_login(facilitator)
    with django_assert_num_queries(7):
        client.get(reverse("matching:offer_list"))


def test_the_page_asks_the_same_number_of_queries(client, offer):
    counts = []
    client.force_login(offer.mentee.user)
    for facts in (1, 3):
        Offer.objects.update(facts=[offer.facts[0]] * facts)
        with CaptureQueriesContext(connection) as queries:
            client.get(page(offer))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_it_can_be_read_in_dutch(offer):
    client = Client()
    client.force_login(offer.mentee.user)
    response = client.get(page(offer), headers={"accept-language": "nl"})
    assert "Ja, ik wil kennismaken" in response.content.decode()
    assert not OutboxMessage.objects.exists()
