"""The pages about a story of a pair: the right person, outsiders, bad input, number of queries."""

import pytest
from django.urls import reverse

from handbook.stories import Story
from mentoring.models import Telling

from . import stories as make

pytestmark = pytest.mark.django_db

OUTSIDERS = ["stranger", "foreign_facilitator", "admin_user"]


@pytest.fixture
def pair(programme, mentee, mentor):
    return make.pair(programme, mentee=mentee, mentor=mentor)


@pytest.fixture
def telling(pair):
    return make.asked(pair)


def url(name, telling, *args):
    return reverse(f"mentoring:story_{name}", args=[telling.pk, *args])


def yes(telling, **extra):
    return {"name": "own", "agree": "on", "digest": make.fresh(telling).story.digest} | extra


@pytest.fixture
def as_(client, request):
    def sign_in(who):
        client.force_login(request.getfixturevalue(who))
        return client

    return sign_in


def read(response):
    return response.content.decode()


def test_telling_it_one_question_per_page(as_, pair, mentee):
    client = as_("mentee")
    detail = reverse("mentoring:mentorship_detail", args=[pair.pk])
    assert "Vertel ons verhaal" in read(client.get(detail))
    response = client.post(reverse("mentoring:story_begin", args=[pair.pk]))
    for text in make.WORDS.values():
        response = client.post(response.url, {"answer": text})
        assert response.status_code == 302
    telling = Telling.objects.get()
    assert response.url == url("detail", telling)
    page = read(client.get(response.url))
    assert all(text in page for text in make.WORDS.values())
    assert "Vertel ons verhaal" not in read(client.get(detail))


def test_asking_and_agreeing(as_, pair):
    telling = make.written(pair)
    client = as_("mentee")
    answer = {"name": "made_up", "made_up": "Mo", "side": ""}
    assert client.post(url("ask", telling), yes(telling, **answer)).status_code == 302
    assert make.fresh(telling).story.mentee_name == "Mo"
    client = as_("mentor")
    page = read(client.get(url("detail", telling)))
    assert make.WORDS["did"] in page
    assert "Ik wil graag andere woorden" in page
    client.post(url("agree", telling), yes(telling))
    story = make.fresh(telling).story
    assert (story.state, story.mentor_name) == ("agreed", "Bram")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"agree": ""}, "Zet het vinkje"),
        ({"name": "made_up"}, "Schrijf de naam"),
        ({"name": "made_up", "made_up": "x" * 41}, "41"),
        ({"name": "nobody"}, "id_mentor_name"),
        ({"digest": "0" * 64}, "De woorden zijn veranderd"),
        ({"digest": ""}, "digest"),
    ],
)
def test_a_yes_with_a_mistake_is_none(as_, telling, change, error):
    response = as_("mentor").post(url("agree", telling), yes(telling) | change)
    assert response.status_code == 200
    assert error in read(response)
    assert make.state(telling) == "asked"


@pytest.mark.parametrize(
    ("answer", "error"), [("", "Schrijf een of twee zinnen"), ("x" * 2001, "2001")]
)
def test_an_answer_with_a_mistake_is_not_kept(as_, telling, answer, error):
    response = as_("mentee").post(url("question", telling, "did"), {"answer": answer})
    assert error in read(response)
    assert make.fresh(telling).story.did == make.WORDS["did"]


def test_a_question_that_does_not_exist(as_, telling):
    assert as_("mentee").get(url("question", telling, "nothing")).status_code == 404


def test_an_answer_of_a_story_on_the_site_is_refused_in_words(as_, pair):
    telling = make.published(pair)
    response = as_("mentee").post(url("question", telling, "did"), {"answer": "Anders."})
    assert "Neem het eerst terug" in read(response)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("page", ["detail", "ask", "agree", "other_words", "take_back"])
def test_outsiders_find_nothing(as_, telling, who, page):
    client = as_(who)
    assert client.post(url(page, telling)).status_code in (404, 405)
    assert client.get(url("detail", telling)).status_code == 404
    assert make.state(telling) == "asked"


@pytest.mark.parametrize("page", ["detail", "ask", "agree", "other_words", "take_back"])
def test_nobody_signed_in_is_asked_to(client, telling, page):
    response = client.post(url(page, telling))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("page", ["ask", "agree", "other_words", "take_back"])
def test_looking_changes_nothing(as_, telling, page):
    assert as_("mentor").get(url(page, telling)).status_code == 405


@pytest.mark.parametrize(
    ("page", "who"),
    [("ask", "mentor"), ("ask", "facilitator"), ("other_words", "mentee"),
     ("other_words", "facilitator")],
)  # fmt: skip
def test_insiders_without_the_right(as_, telling, page, who):
    assert as_(who).post(url(page, telling), yes(telling)).status_code == 403


def test_only_who_tells_it_writes(as_, telling):
    assert as_("mentor").get(url("question", telling, "did")).status_code == 403
    assert as_("facilitator").get(url("question", telling, "did")).status_code == 403


@pytest.mark.parametrize("who", ["mentor", "facilitator"])
def test_a_draft_is_only_for_who_tells_it(as_, pair, who):
    telling = make.written(pair)
    client = as_(who)
    assert client.get(url("detail", telling)).status_code == 404
    name = "mentorship_staff" if who == "facilitator" else "mentorship_detail"
    pair_page = client.get(reverse(f"mentoring:{name}", args=[pair.pk]))
    assert str(telling.pk) not in read(pair_page)


def test_who_read_it_before_does_not_read_the_new_draft(as_, telling):
    as_("mentee").post(url("question", telling, "did"), {"answer": "Geheim voorlopig."})
    page = read(as_("mentor").get(url("detail", telling)))
    assert "Geheim voorlopig" not in page
    assert "past de woorden aan" in page


def test_staff_note_the_yes_of_somebody_without_e_mail(as_, telling, mentor):
    client = as_("facilitator")
    assert "Noteer het ja" not in read(client.get(url("detail", telling)))
    mentor.email = None
    mentor.save()
    assert "Noteer het ja" in read(client.get(url("detail", telling)))
    client.post(url("agree", telling), yes(telling, side="mentor"))
    assert make.state(telling) == "agreed"


def test_one_button_takes_it_back(as_, pair, client):
    telling = make.published(pair)
    public = reverse("handbook:story_detail", args=[telling.story_id])
    assert client.get(public).status_code == 200
    response = as_("mentor").post(url("take_back", telling))
    assert response.url == reverse("mentoring:mentorship_detail", args=[pair.pk])
    client.logout()
    assert client.get(public).status_code == 404
    other = read(as_("mentee").get(url("detail", telling)))
    assert "weggehaald" in other
    shown = read(as_("mentor").get(url("detail", telling)))
    assert make.WORDS["did"] not in shown


def test_also_when_the_programme_paused_the_pair(as_, pair):
    telling = make.published(pair)
    pair.on_hold = True
    pair.save()
    client = as_("mentor")
    content = read(client.get(reverse("mentoring:mentorship_detail", args=[pair.pk])))
    assert url("detail", telling) in content
    assert "Vertel ons verhaal" not in content
    client.post(url("take_back", telling))
    assert make.state(telling) == "withdrawn"


def test_staff_take_it_back_for_the_one_who_asks(as_, pair):
    telling = make.published(pair)
    as_("facilitator").post(url("take_back", telling), {"side": "mentor"})
    assert make.state(telling) == "withdrawn"


def test_taking_consent_back_on_my_privacy_takes_the_story_down(as_, pair):
    telling = make.published(pair)
    as_("mentor").post(reverse("accounts:purpose_withdraw", args=["story"]))
    assert make.state(telling) == "withdrawn"
    assert not Story.objects.visible_to(None).exists()


@pytest.mark.parametrize("who", ["mentee", "mentor", "facilitator"])
def test_number_of_queries(as_, telling, who, django_assert_max_num_queries):
    client = as_(who)
    client.get(url("detail", telling))
    with django_assert_max_num_queries(14):
        client.get(url("detail", telling))
