"""The pages of the profile: each question for both roles, resumed, checked, and nobody else's."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Profile
from accounts.questions import BY_ROLE
from accounts.services import profiles as services
from accounts.views.profiles import ProfileQuestionView
from reenter.common.models import AuditEntry
from tests.factories import accounts as make

CANARY = "Canarytext that was typed"
CASES = [(role, question.code) for role, asked in BY_ROLE.items() for question in asked]
SKIPPABLE = [
    (role, question.code) for role, asked in BY_ROLE.items() for question in asked
    if question.can_skip
]  # fmt: skip


@pytest.fixture
def terms(db):
    made = {code: make.term("topic", code, shown_first=code < "d") for code in "abcdefgh"}
    for kind in ("theme", "bond", "sector"):
        for number in (1, 2):
            made[f"{kind}{number}"] = make.term(kind, f"{kind}{number}")
    return made


VALID = {
    "languages": {"languages": ["nl"], "other": "ru"},
    "place": {"meeting": "either", "place": "Leeuwarden", "travel_km": "25"},
    "idea": {"pitch": "A soup\r\nkitchen", "phase": "plan"},
    "business": {"pitch": "I repair bicycles"},
    "goals": {"terms": ["b"]},
    "topics": {"terms": ["b"]},
    "themes": {"terms": ["theme1"]},
    "sector": {"terms": ["sector1", "sector2"]},
    "bonds": {"terms": ["bond2"]},
    "time": {"availability": ["weekday_morning"], "places": "2"},
    "exchange": {"exchange": "Cooking"},
}
INVALID = {
    "languages": [{}, {"languages": ["xx"]}],
    "place": [{}, {"meeting": "in_person", "place": CANARY}, {"meeting": "in_person"}],
    "idea": [{}, {"pitch": CANARY}, {"pitch": "x" * 301, "phase": "plan"}],
    "business": [{}, {"pitch": "x" * 301}],
    "goals": [{}, {"terms": list("abcdef")}, {"terms": ["bond1"]}],
    "topics": [{}, {"terms": list("abcdefgh")}, {"terms": ["unknown"]}],
    "themes": [{}, {"terms": ["bond1"]}],
    "sector": [{}, {"terms": ["theme1"]}],
    "bonds": [{}, {"terms": ["sector1"]}],
    "time": [{}, {"availability": ["always"]}],
    "exchange": [{}, {"exchange": "x" * 501}],
}


def url(role, question="", query=""):
    page = "question" if question else "overview"
    args = [role, question] if question else [role]
    return reverse(f"accounts:profile_{page}", args=args) + query


@pytest.fixture
def me(client, mentee, terms):
    client.force_login(mentee)
    return client


def stored(role):
    return Profile.objects.with_answers().get(role=role)


@pytest.mark.parametrize(("role", "code"), CASES)
def test_a_question_shows_why_it_is_asked_and_looking_stores_nothing(me, role, code):
    response = me.get(url(role, code))
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert escape(str(response.context["why"])) in page
    assert 'name="visible"' in page
    assert not Profile.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("role", "code"), CASES)
def test_a_valid_answer_is_saved_and_leads_on(me, role, code):
    response = me.post(url(role, code), VALID[code] | {"visible": "on"})
    asked = [question.code for question in BY_ROLE[role]]
    follows = asked[asked.index(code) + 1 :]
    if code == "topics":
        assert response.url == url(role, code, "?step=level")
    elif follows:
        assert response.url == url(role, follows[0])
    else:
        assert response.url == reverse("accounts:profile_check", args=[role])
    profile = stored(role)
    question = next(q for q in BY_ROLE[role] if q.code == code)
    assert question.is_filled(profile)
    assert profile.visible == [code]
    shown = me.get(url(role, code)).context["form"]
    assert shown["visible"].value() is True


@pytest.mark.parametrize(("role", "code"), CASES)
def test_the_box_for_the_match_can_be_cleared(me, role, code):
    me.post(url(role, code), VALID[code])
    assert stored(role).visible == []
    assert me.get(url(role, code)).context["form"]["visible"].value() is False


@pytest.mark.parametrize(("role", "code"), CASES)
def test_a_bad_answer_says_so_and_stores_nothing(me, role, code):
    for data in INVALID[code]:
        response = me.post(url(role, code), data)
        page = response.content.decode()
        assert response.status_code == 200
        assert 'id="error-summary"' in page
        assert response.context["form"].errors
        for target in re.findall(r'href="#(id_[^"]+)"', page):
            assert f'id="{target}"' in page
        for typed in data.values():
            assert not isinstance(typed, str) or typed in page
    assert all(profile.answered == [] for profile in Profile.objects.all())


@pytest.mark.parametrize(("role", "code"), SKIPPABLE)
def test_a_question_is_skipped_and_its_answer_taken_back(me, role, code):
    assert 'name="skip"' in me.get(url(role, code)).content.decode()
    me.post(url(role, code), VALID[code] | {"visible": "on"})
    response = me.post(url(role, code), VALID[code] | {"skip": "1"})
    assert response.status_code == 302
    profile = stored(role)
    question = next(q for q in BY_ROLE[role] if q.code == code)
    assert not question.is_filled(profile)
    assert (profile.answered, profile.visible) == ([code], [])


@pytest.mark.parametrize(("role", "code"), [case for case in CASES if case not in SKIPPABLE])
def test_a_needed_question_cannot_be_skipped(me, role, code):
    assert 'name="skip"' not in me.get(url(role, code)).content.decode()
    assert me.post(url(role, code), {"skip": "1"}).status_code == 404
    assert not Profile.objects.exists()


@pytest.mark.parametrize(("role", "code"), CASES)
def test_back_leads_to_the_question_before(me, role, code):
    asked = [question.code for question in BY_ROLE[role]]
    before = asked.index(code) - 1
    expected = url(role, asked[before]) if before >= 0 else url(role)
    assert me.get(url(role, code)).context["back_url"] == expected


def test_another_language_is_enough(me):
    me.post(url("mentee", "languages"), {"other": "ru", "one_more": "it"})
    assert stored("mentee").languages == ["ru", "it"]


def test_save_and_go_on_later(me):
    response = me.post(url("mentee", "idea"), VALID["idea"] | {"later": "1"}, follow=True)
    assert response.redirect_chain[0][0] == url("mentee")
    assert len(response.context["messages"]) == 1
    assert stored("mentee").pitch == "A soup kitchen"


def test_later_with_nothing_typed_just_leaves(me):
    data = {"later": "1", "visible": "on", "meeting": ""}
    assert me.post(url("mentee", "place"), data).url == url("mentee")
    assert not Profile.objects.exists()


def test_later_with_a_bad_answer_keeps_what_was_typed(me):
    response = me.post(url("mentee", "idea"), {"pitch": CANARY, "later": "1"})
    assert CANARY in response.content.decode()


def test_go_on_from_another_device(me, mentee, client_of):
    me.post(url("mentee", "languages"), VALID["languages"])
    me.post(url("mentee", "themes"), {"skip": "1"})
    elsewhere = client_of(mentee)
    response = elsewhere.get(url("mentee"))
    assert response.context["next_url"] == url("mentee", "place")
    states = [task["kind"] for task in response.context["tasks"]]
    assert states == ["success", "primary", "primary", "primary", "neutral", *["primary"] * 4]
    assert (response.context["done"], response.context["total"]) == (2, 9)
    form = elsewhere.get(url("mentee", "languages")).context["form"]
    assert form["languages"].value() == ["nl", "ru"]
    assert form["other"].value() == "ru"


@pytest.fixture
def client_of():
    from django.test import Client

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_goals_are_put_in_order_without_a_script(me):
    goals = url("mentee", "goals")
    order = f"{goals}?step=order"
    response = me.post(goals, {"terms": ["a", "b", "e"], "visible": "on"})
    assert response.url == order
    assert "goals" not in stored("mentee").answered
    page = me.get(order).content.decode()
    assert page.count('name="up"') == 2
    assert me.post(order, {"up": "e"}).url == order
    assert me.post(order, {"up": "e"}).url == order
    assert me.post(order, {"up": "e"}).url == order
    assert me.post(order, {}).url == url("mentee", "themes")
    profile = stored("mentee")
    assert [c.term.code for c in profile.answers_of("topic")] == ["e", "a", "b"]
    assert (profile.answered, profile.visible) == (["goals"], ["goals"])
    me.post(goals, {"terms": ["a", "c", "e"], "visible": "on"})
    assert [c.term.code for c in stored("mentee").answers_of("topic")] == ["e", "a", "c"]


def test_an_order_of_nothing_or_of_something_else_is_refused(me):
    order = url("mentee", "goals", "?step=order")
    assert me.get(order).url == url("mentee", "goals")
    me.post(url("mentee", "goals"), {"terms": ["a", "b"]})
    assert me.post(order, {"up": "c"}).status_code == 200
    assert [c.term.code for c in stored("mentee").answers_of("topic")] == ["a", "b"]


def test_a_mentor_says_how_well(me):
    me.post(url("mentor", "topics"), {"terms": ["a", "e"], "visible": "on"})
    level = url("mentor", "topics", "?step=level")
    response = me.post(level, {"level_0": "3", "level_1": "9"})
    assert response.context["form"].errors
    assert "topics" not in stored("mentor").answered
    assert me.post(level, {"level_0": "3", "level_1": "1"}).url == url("mentor", "themes")
    profile = stored("mentor")
    assert {c.term.code: c.level for c in profile.answers_of("topic")} == {"a": 3, "e": 1}
    assert (profile.answered, profile.visible) == (["topics"], ["topics"])
    me.post(url("mentor", "topics"), {"terms": ["a", "b"]})
    levels = {c.term.code: c.level for c in stored("mentor").answers_of("topic")}
    assert levels == {"a": 3, "b": 2}


def test_what_is_less_usual_is_folded_unless_it_was_chosen(me):
    page = me.get(url("mentee", "goals")).content.decode()
    assert '<details class="details">' in page
    me.post(url("mentee", "goals"), {"terms": ["a"]})
    assert '<details class="details">' in me.get(url("mentee", "goals")).content.decode()
    me.post(url("mentee", "goals"), {"terms": ["f"]})
    assert '<details class="details" open>' in me.get(url("mentee", "goals")).content.decode()


def test_a_retired_term_is_offered_only_to_those_who_chose_it(me, terms, client_of):
    me.post(url("mentee", "bonds"), {"terms": ["bond1"]})
    terms["bond1"].is_active = False
    terms["bond1"].save()
    assert 'value="bond1"' in me.get(url("mentee", "bonds")).content.decode()
    other = client_of(make.user())
    assert 'value="bond1"' not in other.get(url("mentee", "bonds")).content.decode()
    assert other.post(url("mentee", "bonds"), {"terms": ["bond1"]}).status_code == 200


def test_places_in_use_cannot_be_given_up(me, mentee):
    make.profile(role="mentor", user=mentee, places=3, places_taken=2)
    data = {"availability": ["weekday_morning"], "places": "1"}
    response = me.post(url("mentor", "time"), data)
    assert list(response.context["form"].errors) == ["places"]
    assert stored("mentor").places == 3


def test_the_other_role_starts_from_what_was_said_before(me):
    me.post(url("mentee", "languages"), {"languages": ["nl", "pl"]})
    me.post(url("mentee", "bonds"), {"terms": ["bond1"]})
    me.post(url("mentee", "exchange"), {"exchange": CANARY})
    assert me.get(url("mentor", "languages")).context["form"]["languages"].value() == ["nl", "pl"]
    assert me.get(url("mentor", "bonds")).context["form"]["terms"].value() == ["bond1"]
    assert CANARY not in me.get(url("mentor", "exchange")).content.decode()
    assert not Profile.objects.filter(role="mentor").exists()


def answer_all(client, role):
    for question in BY_ROLE[role]:
        client.post(url(role, question.code), VALID[question.code] | {"visible": "on"})
    if role == "mentor":
        client.post(url(role, "topics", "?step=level"), {"level_0": "3"})


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_the_whole_way_to_a_programme(me, role):
    answer_all(me, role)
    assert me.get(url(role)).context["next_url"] == reverse("accounts:profile_check", args=[role])
    check = me.get(reverse("accounts:profile_check", args=[role]))
    page = check.content.decode()
    for question in BY_ROLE[role]:
        assert url(role, question.code, "?from=check") in page
    assert "Leeuwarden" in page
    assert check.context["missing"] == []
    response = me.post(reverse("accounts:profile_check", args=[role]))
    assert response.url in ("/", "/programmes/")
    assert stored(role).completed_at is not None


def test_the_check_page_names_what_is_missing(me):
    check = reverse("accounts:profile_check", args=["mentee"])
    assert len(me.get(check).context["missing"]) == 4
    response = me.post(check)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert stored("mentee").completed_at is None


@pytest.mark.parametrize("origin", ["check", "overview"])
def test_changing_one_answer_comes_back(me, origin):
    answer_all(me, "mentee")
    page = url("mentee", "idea", f"?from={origin}")
    back = reverse(f"accounts:profile_{origin}", args=["mentee"])
    assert me.get(page).context["back_url"] == back
    response = me.post(page, {"pitch": "Bread", "phase": "running"})
    assert response.url == back
    assert stored("mentee").pitch == "Bread"


def test_an_origin_from_outside_is_not_followed(me):
    response = me.post(url("mentee", "idea", "?from=https://evil.example"), VALID["idea"])
    assert response.url == url("mentee", "goals")


def test_goals_changed_from_the_check_page_come_back_after_both_steps(me):
    goals = url("mentee", "goals", "?from=check")
    order = me.post(goals, {"terms": ["a", "b"]}).url
    assert me.post(order, {}).url == reverse("accounts:profile_check", args=["mentee"])


def test_who_chose_both_goes_on_with_the_other(me):
    me.post(reverse("accounts:start"), {"roles": ["mentee", "mentor"]})
    answer_all(me, "mentee")
    response = me.post(reverse("accounts:profile_check", args=["mentee"]))
    assert response.url == url("mentor")


def test_what_was_typed_is_never_trusted_in_html(me):
    me.post(url("mentee", "exchange"), {"exchange": "<script>alert(1)</script>"})
    for page in (url("mentee", "exchange"), reverse("accounts:profile_check", args=["mentee"])):
        assert "<script>alert(1)" not in me.get(page).content.decode()


def test_nobody_reaches_the_answers_of_another(me, mentee, client_of):
    me.post(url("mentee", "exchange"), {"exchange": CANARY})
    other = client_of(make.user())
    paths = [url("mentee"), reverse("accounts:profile_check", args=["mentee"])]
    for path in [*paths, *(url("mentee", q.code) for q in BY_ROLE["mentee"])]:
        assert CANARY not in other.get(path).content.decode()
    other.post(url("mentee", "exchange"), {"exchange": "Mine"})
    assert Profile.objects.get(user=mentee).exchange == CANARY


def test_staff_pages_can_be_built_on_these_views(rf, mentee, facilitator, terms):
    class OnBehalf(ProfileQuestionView):
        def get_subject(self):
            return mentee

    request = rf.post("/", {"languages": ["nl"]})
    request.user = facilitator
    response = OnBehalf.as_view()(request, role="mentee", question="languages")
    assert response.status_code == 302
    assert Profile.objects.get().user == mentee
    actions = AuditEntry.objects.values_list("action", "actor", "on_behalf_of")
    assert set(actions) == {
        ("profile_create", facilitator.pk, mentee.pk),
        ("profile_answer", facilitator.pk, mentee.pk),
    }


def test_pages_take_the_same_queries_for_few_and_many(me, mentee, django_assert_max_num_queries):
    answer_all(me, "mentee")

    def count(path):
        with django_assert_max_num_queries(12) as queries:
            me.get(path)
        return len(queries)

    paths = [
        url("mentee"),
        reverse("accounts:profile_check", args=["mentee"]),
        url("mentee", "goals"),
        url("mentee", "goals", "?step=order"),
        url("mentee", "bonds"),
    ]
    few = [count(path) for path in paths]
    profile = stored("mentee")
    services.answer_save(
        actor=mentee, profile=profile, question="goals", data={"terms": ["a", "b", "c"]}
    )
    for _n in range(3):
        make.term("bond")
    assert [count(path) for path in paths] == few
