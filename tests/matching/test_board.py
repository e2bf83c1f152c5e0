"""The pages of rounds: for facilitators of the programme, and nobody else."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.services.privacy import account_erase
from matching.models import Offer, Override, Round
from matching.selectors import board as selectors
from matching.services import overrides, rounds, solving
from matching.services.publishing import round_publish
from reenter.common import clock
from tests.factories import rounds as make


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def people(programme):
    return make.cohort(programme)


@pytest.fixture
def solved(people):
    return people.solved()


@pytest.fixture
def staff(client, facilitator):
    facilitator.language = "en"
    facilitator.save()
    client.force_login(facilitator)
    return client


def url(name, round, *rows):
    return reverse(f"matching:{name}", args=[round.pk, *(row.pk for row in rows)])


def pair_url(people, round, mentee, mentor, name="board_pair"):
    return url(name, round, people.row(round, mentee), people.row(round, mentor))


def text(response):
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_from_a_new_round_to_the_board(
    staff, people, programme, django_capture_on_commit_callbacks
):
    response = staff.post(reverse("matching:round_new", args=[programme.slug]))
    new = Round.objects.get()
    assert response.url == url("round_detail", new)
    page = text(staff.get(response.url))
    assert "Mentees to match 3" in page
    assert "Free places 2" in page
    assert "They share a language." in page
    with django_capture_on_commit_callbacks(execute=True):
        response = staff.post(url("round_solve", new))
    assert response.url == reverse("common:job_detail", args=[Round.objects.get().job.pk])
    response = staff.get(response.url)
    assert response.url == url("board", new)
    page = text(staff.get(response.url))
    assert "2 of 3 mentees" in page
    assert "Anna Canarius + Max Canarius" in page
    assert "The mentor can teach it." in page
    assert "Proven: no other set of pairs matches more people." in page
    assert "The places of mentors who fit went to others: 1" in page


def test_an_unsolved_round_has_no_board(staff, people):
    draft = people.draft()
    assert staff.get(url("board", draft)).url == url("round_detail", draft)
    assert staff.get(url("board_whynot", draft)).status_code == 404
    assert staff.get(pair_url(people, draft, "Anna", "Max")).status_code == 404
    assert staff.get(url("round_publish", draft)).url == url("board", draft)


def test_why_the_last_search_stopped_is_shown(staff, people, django_capture_on_commit_callbacks):
    solved = people.solved()
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(url("round_solve", solved))
        people.people["Max"].state = people.people["Nora"].state = "not_now"
        people.people["Max"].save()
        people.people["Nora"].save()
    for name in ("board", "round_detail"):
        assert "There is nobody to match." in text(staff.get(url(name, solved)))


def test_a_search_is_stopped_from_the_page(
    staff, people, solved, facilitator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        job = rounds.round_solve_start(actor=facilitator, round=solved)
    stop = url("round_solve_cancel", solved)
    for address in (url("board", solved), url("round_detail", solved), f"/jobs/{job.pk}/"):
        assert f'action="{stop}"' in staff.get(address).content.decode(), address
    page = text(staff.post(stop, follow=True))
    assert "The search is stopped. The round is as it was before." in page
    assert stop not in staff.get(url("board", solved)).content.decode()
    assert "Nothing has changed." in text(staff.get(f"/jobs/{job.pk}/"))
    assert "There is nothing to stop" in text(staff.post(stop, follow=True))


def test_the_rules_are_set_on_the_page(staff, people):
    draft = people.draft()
    fields = {"goals": 50, "lived": 20, "bonds": 10, "sector": 0, "availability": 10, "place": 10}
    data = {f"weight_{name}": value for name, value in fields.items()}
    data |= {"minimum_points": 500, "lower_quota": 2}
    assert staff.post(url("round_detail", draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.weights["goals"], draft.minimum_points, draft.lower_quota) == (0.5, 500, 2)
    page = text(staff.get(url("round_detail", draft)))
    assert "Now up to 5,000 of 10,000 points." in page
    assert "at least 500 points" in page
    assert "Each mentor gets at least 2 mentees, where that can be." in page
    assert "The weakest pair is made as good as possible." not in page
    staff.post(url("round_detail", draft), data | {"floor_first": "on"})
    page = text(staff.get(url("round_detail", draft)))
    assert "The weakest pair is made as good as possible." in page
    for wrong, message in (
        ({"weight_goals": 49}, "add up to 99 percent"),
        ({"weight_goals": ""}, "Fill in a percentage, or 0."),
        ({"weight_goals": "half"}, "Enter a whole number"),
        ({"minimum_points": 10001}, "less than or equal to 10000"),
        ({"lower_quota": 4}, "less than or equal to 3"),
        ({"lower_quota": ""}, "Fill in a number from 0 to 3."),
    ):
        response = staff.post(url("round_detail", draft), data | wrong)
        assert response.status_code == 200
        assert message in text(response)


def test_the_board_claims_a_best_weakest_pair_only_if_it_was_asked(staff, people):
    claim = "None of those has a better weakest pair."
    assert claim in text(staff.get(url("board", people.solved())))
    draft = people.draft()
    Round.objects.filter(pk=draft.pk).update(floor_first=False)
    without = solving.round_solve(actor=None, round=draft)
    page = text(staff.get(url("board", without)))
    assert "Proven" in page
    assert claim not in page


def test_the_board_names_mentors_below_the_quota_only_if_one_was_asked(staff, people):
    claim = "None of those fills more of the places that you asked for per mentor."
    short = "fewer mentees than you asked for"
    page = text(staff.get(url("board", people.solved())))
    assert claim not in page
    assert short not in page
    people.mentor("Olaf", 0)
    draft = people.draft()
    Round.objects.filter(pk=draft.pk).update(lower_quota=1)
    solved = solving.round_solve(actor=None, round=draft)
    page = text(staff.get(url("board", solved)))
    assert claim in page
    assert short not in page
    people.mentor("Pia", 0)
    draft = people.draft()
    Round.objects.filter(pk=draft.pk).update(lower_quota=1)
    solved = solving.round_solve(actor=None, round=draft)
    page = text(staff.get(url("board", solved)))
    assert claim in page
    assert f"1 mentor has {short}" in page
    assert re.search(r"(Max|Olaf|Pia) Canarius: 1 fewer", page)


def test_people_are_left_out_and_come_back(staff, people):
    draft = people.draft()
    anna = people.row(draft, "Anna")
    response = staff.post(url("round_people", draft), {"people": [anna.pk], "reason": ""})
    assert "Write in a few words why." in text(response)
    response = staff.post(url("round_people", draft), {"reason": "On holiday"})
    assert "Choose at least one person." in text(response)
    response = staff.post(url("round_people", draft), {"people": [uuid.uuid4()], "reason": "x"})
    assert "no longer here" in text(response)
    response = staff.post(url("round_people", draft), {"people": ["nobody"], "reason": "x"})
    assert response.status_code == 200
    data = {"people": [anna.pk], "reason": "On <b>holiday</b>"}
    assert staff.post(url("round_people", draft), data).status_code == 302
    page = staff.get(url("round_people", draft), {"taking_part": "no"})
    assert "On &lt;b&gt;holiday&lt;/b&gt;" in page.content.decode()
    assert "Ben Canarius" not in text(page)
    assert staff.post(url("round_person_back", draft, anna)).status_code == 302
    anna.refresh_from_db()
    assert anna.included


def names(response):
    return re.findall(r"(\w+) Canarius \+ \w+ Canarius</a>", response.content.decode())


def test_sorting_and_filtering(staff, people, programme):
    ben = people.people["Ben"]
    ben.waiting_since = clock.now() - timedelta(days=10)
    ben.save()
    people.mentor("Olaf", 0)
    solved = people.solved()
    page = url("board", solved)
    # Ben's second goal is not covered by Olaf or Max, so he has the fewest points.
    assert names(staff.get(page))[-1] == "Ben"
    assert names(staff.get(page, {"sort": "points_up"}))[0] == "Ben"
    assert names(staff.get(page, {"sort": "name"})) == ["Anna", "Ben", "Chris"]
    assert names(staff.get(page, {"sort": "waiting"}))[0] == "Ben"
    assert names(staff.get(page, {"band": "strong"})) == []
    assert len(names(staff.get(page, {"band": "middle"}))) == 3
    assert len(names(staff.get(page, {"show": "missing_answers"}))) == 3
    assert names(staff.get(page, {"show": "no_warning"})) == []
    assert names(staff.get(page, {"show": "locked"})) == []
    strange = {"sort": "x", "show": "'--", "band": "7", "page": "last page"}
    assert len(names(staff.get(page, strange))) == 3


def test_what_changed_since_the_last_time(staff, people, solved):
    anna, max_ = people.row(solved, "Anna"), people.row(solved, "Max")
    overrides.override_forbid(
        actor=None, round=solved, mentee=anna, mentor=max_, reason="They know each other"
    )
    page = text(staff.get(url("board", solved)))
    assert "Something has changed since these pairs were found" in page
    assert "They know each other" in page
    assert "Publish…" not in page
    solving.round_solve(actor=None, round=solved)
    response = staff.get(url("board", solved))
    assert "1 pair is new since the last time." in text(response)
    assert "1 pair is no longer there" in text(response)
    assert names(staff.get(url("board", solved), {"show": "new"}))[-1] == "Ben"
    assert "Publish…" in text(response)


def test_how_many_more_a_lower_minimum_would_match(staff, people):
    draft = people.draft()
    draft.minimum_points = 8000
    draft.save()
    solved = solving.round_solve(actor=None, round=draft)
    page = text(staff.get(url("board", solved)))
    assert "All mentors who could fit are below the minimum score: 3" in page
    assert "With a minimum of 6,000 points 2 more mentees would have a match." in page


def test_a_round_too_large_to_count_it_says_so(staff, solved):
    said = "too large to count what a lower minimum would change"
    assert said not in text(staff.get(url("board", solved)))
    solved.solution["more_if_lower_minimum"] = None
    solved.save()
    assert said in text(staff.get(url("board", solved)))


def test_the_parts_of_a_pair_add_up(staff, people, solved):
    response = staff.get(pair_url(people, solved, "Anna", "Max"))
    look = response.context["look"]
    assert look.paired
    assert sum(part.points for part in look.parts) == look.points
    for part in look.parts:
        assert sum(reason.points for reason in part.reasons) == part.points
    assert f"The parts add up to {look.points:,} points" in text(response)


def test_why_not_says_what_would_change_and_who_loses(staff, people, solved):
    page = text(staff.get(pair_url(people, solved, "Ben", "Max")))
    assert "They could be. But this is what would change:" in page
    assert re.search(r"All pairs together would have [\d,]+ points fewer.", page)
    assert re.search(r"Anna Canarius Max Canarius \([\d,]+\) none", page)
    page = text(staff.get(pair_url(people, solved, "Anna", "Nora")))
    assert "Not one of the goals is covered" in page
    assert "Keep these two together" not in page


def test_why_not_is_asked_by_choosing_two_without_names_in_the_address(staff, people, solved):
    page = url("board_whynot", solved)
    ben, max_ = people.row(solved, "Ben"), people.row(solved, "Max")
    response = staff.get(page, {"mentee": ben.pk, "mentor": max_.pk})
    assert response.url == pair_url(people, solved, "Ben", "Max")
    assert "Choose a mentor." in text(staff.get(page, {"mentee": ben.pk, "mentor": ""}))
    for wrong in ("Max", str(uuid.uuid4()), str(ben.pk)):
        assert staff.get(page, {"mentee": ben.pk, "mentor": wrong}).status_code == 200
    links = re.findall(
        r'(?:href|action)="([^"]+)"', staff.get(url("board", solved)).content.decode()
    )
    assert not [link for link in links if "canar" in link.lower() or "anna" in link.lower()]


def test_a_decision_on_the_page(staff, people, solved, facilitator):
    address = pair_url(people, solved, "Ben", "Max", "override_lock")
    assert "Write in a few words why." in text(staff.post(address, {"reason": ""}))
    assert staff.post(address, {"reason": "They asked for it"}).url == url("board", solved)
    made = Override.objects.get()
    assert (made.kind, made.by, made.reason) == ("lock", facilitator, "They asked for it")
    refused = pair_url(people, solved, "Anna", "Nora", "override_lock")
    assert "breaks a must-have" in text(staff.post(refused, {"reason": "Because"}))
    page = text(staff.get(pair_url(people, solved, "Ben", "Max")))
    assert "Keep these two together: decided by" in page
    response = staff.post(url("override_withdraw", solved, made), {"reason": "No longer"})
    assert response.url == url("board", solved)
    assert not Override.objects.filter(withdrawn_at=None).exists()


def test_forbidding_and_exchanging_on_the_page(staff, programme):
    people = make.cohort(programme)
    people.people["Max"].profile.chosen.update(term=people.topics[1])
    people.people["Nora"].profile.chosen.update(term=people.topics[1])
    people.mentee("Dora", 1)
    solved = people.solved()
    found = make.pairs(solved)
    (one, mentor), (two, _other) = found.items()
    other = solved.proposals.get(mentee__participant=people.people[two])
    address = pair_url(people, solved, one, mentor, "override_swap")
    assert "Choose the other pair." in text(staff.post(address, {"reason": "x"}))
    assert staff.post(address, {"reason": "x", "other": uuid.uuid4()}).status_code == 200
    assert staff.post(address, {"reason": "x", "other": other.pk}).status_code == 302
    assert Override.objects.filter(kind="lock").count() == 2
    address = pair_url(people, solved, one, mentor, "override_forbid")
    assert staff.post(address, {"reason": "x", "never_again": "on"}).status_code == 302
    assert Override.objects.get(kind="forbid").for_good
    nobody = pair_url(people, solved, "Anna", "Max", "override_swap")
    assert staff.get(nobody).status_code == 404


def test_before_two_are_kept_together_the_page_says_who_loses(staff, people, solved):
    page = text(staff.get(pair_url(people, solved, "Ben", "Max", "override_lock")))
    assert re.search(r"All pairs together would have [\d,]+ points fewer.", page)
    assert "Who would lose by it: Anna Canarius (no mentor)." in page
    assert re.search(r"Ben Canarius none Max Canarius \([\d,]+\) [\d,]+ more", page)
    assert not Override.objects.exists()
    page = text(staff.get(pair_url(people, solved, "Anna", "Nora", "override_lock")))
    assert "This cannot be done now:" in page
    assert "Anna Canarius + Nora Canarius: Not one of the goals is covered" in page
    Round.objects.filter(pk=solved.pk).update(problem=solved.problem | {"format": 1})
    page = text(staff.get(pair_url(people, solved, "Ben", "Max", "override_lock")))
    assert "We cannot count that now." in page
    Round.objects.filter(pk=solved.pk).update(problem=solved.problem)
    again = text(staff.post(pair_url(people, solved, "Ben", "Max", "override_lock"), {}))
    assert "Who would lose by it: Anna" in again


def test_before_two_are_kept_apart_the_page_says_what_it_costs(staff, people, solved):
    page = text(staff.get(pair_url(people, solved, "Anna", "Max", "override_forbid")))
    assert "Who would lose by it: Anna Canarius (no mentor)." in page
    assert "Ben Canarius none Max Canarius" in page
    page = text(staff.get(pair_url(people, solved, "Anna", "Nora", "override_forbid")))
    assert "Nobody gets another mentor, and no points are lost." in page
    rounds.round_leave_out(actor=None, round=solved, people=[people.row(solved, "Ben")], reason="x")
    page = text(staff.get(pair_url(people, solved, "Anna", "Max", "override_forbid")))
    assert "The figures below are from before." in page


def test_before_an_exchange_the_page_says_what_it_costs(staff, programme):
    people = make.cohort(programme)
    people.people["Max"].profile.chosen.update(term=people.topics[1])
    people.people["Ben"].delete()
    people.mentee("Dora", 0, 1)
    people.mentor("Zoe", 0)
    solved = people.solved()
    assert make.pairs(solved)["Chris"] != make.pairs(solved)["Dora"]
    names = make.pairs(solved)
    dora = solved.proposals.get(mentee__participant=people.people["Dora"])
    address = pair_url(people, solved, "Chris", names["Chris"], "override_swap")
    first = staff.get(address).content.decode()
    assert 'name="reason"' not in first
    page = staff.get(address, {"other": str(dora.pk)})
    after = overrides_of_exchange(people, solved, names)
    shown = page.context["price"]
    assert shown.total_change == after.solution["total"] - solved.solution["total"]
    assert "What this changes" in text(page)


def overrides_of_exchange(people, solved, names):
    """The round solved again with both new pairs kept together."""
    for mentee, mentor in (("Chris", names["Dora"]), ("Dora", names["Chris"])):
        overrides.override_lock(
            actor=None,
            round=solved,
            mentee=people.row(solved, mentee),
            mentor=people.row(solved, mentor),
            reason="x",
        )
    return solving.round_solve(actor=None, round=solved)


def test_publishing_after_a_summary(staff, people, solved):
    page = staff.get(url("round_publish", solved))
    assert "Pairs that get an offer 2" in text(page)
    assert "Mentees without a match 1" in text(page)
    assert not Offer.objects.exists()
    for wrong in ({}, {"revision": "x"}, {"revision": "7"}):
        staff.post(url("round_publish", solved), wrong)
        assert not Offer.objects.exists()
    seen = {"revision": page.context["round"].revision}
    assert "2 pairs have been asked" in text(
        staff.post(url("round_publish", solved), seen, follow=True)
    )
    again = staff.post(url("round_publish", solved), seen, follow=True)
    assert "already" in text(again)
    assert "Waiting for answers" in text(again)
    assert Offer.objects.count() == 2
    assert "Keep these two together" not in text(staff.get(pair_url(people, solved, "Anna", "Max")))


def test_without_safeguarding_names_the_page_says_what_to_do(staff, people, solved, programme):
    programme.state = "draft"
    programme.safeguarding_deputy = None
    programme.save()
    page = staff.get(url("round_publish", solved))
    assert "Name a safeguarding person and a deputy first" in text(page)
    assert 'name="revision"' not in page.content.decode()


def test_after_an_erasure_the_board_names_nobody(staff, people, solved):
    round_publish(actor=None, round=solved, revision=0)
    account_erase(actor=None, user=people.people["Anna"].user)
    page = text(staff.get(url("board", solved)))
    assert "Somebody who left + Max Canarius" in page
    assert "Anna" not in page
    row = solved.people.get(participant=None)
    max_ = people.row(solved, "Max")
    assert staff.get(url("board_pair", solved, row, max_)).status_code == 200


def test_somebody_who_was_not_looked_for_has_no_score(staff, people):
    people.people["Ben"].profile.places_taken = 1
    people.people["Ben"].profile.save()
    solved = people.solved()
    page = text(staff.get(pair_url(people, solved, "Ben", "Max")))
    assert "One of the two was not looked for" in page
    assert "Ben Canarius: Has an open offer or a mentorship already." in page


@pytest.mark.parametrize(("language", "shown"), [("en", "(4,000)"), ("nl", "(4.000)")])
def test_points_are_written_as_in_the_language_of_the_page(solved, language, shown):
    with translation.override(language):
        lines = [line for pair in selectors.board(solved).page for line in pair.lines]
    assert any(shown in line for line in lines)


def test_a_round_of_an_older_engine_shows_no_points_of_other_pairs(staff, people, solved):
    solved.problem["format"] = 1
    solved.save()
    page = staff.get(pair_url(people, solved, "Anna", "Nora"))
    assert page.status_code == 200
    assert "Points are counted in another way since" in text(page)


def test_more_than_a_hundred_pairs_come_in_pages(staff, people, solved, monkeypatch):
    monkeypatch.setattr(selectors, "PAIRS_ON_A_PAGE", 1)
    response = staff.get(url("board", solved), {"page": 2, "sort": "name"})
    assert names(response) == ["Chris"]
    assert "Page 2 of 2" in text(response)


def test_a_search_that_ran_out_of_time_says_how_far_it_can_be_from_the_best(staff, solved):
    page = text(staff.get(url("board", solved)))
    assert "Proven" in page
    assert "its time was over" not in page
    solved.solution["optimum"]["gap"] = 42
    solved.save()
    page = text(staff.get(url("board", solved)))
    assert "The search stopped because its time was over" in page
    assert "Another set has at most 42 points more" in page
    assert "has more points" not in page
