"""The commands, on the real cohort: imported, matched, published, checked."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.services.taxonomy import taxonomy_load
from matching.models import Offer, Round
from mentoring.models import Programme
from reenter.common.models import OutboxMessage
from tests.factories import rounds as make

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "engine_version",
    "weights",
    "matched",
    "total_points",
    "certificate",
    "pairs",
    "unmatched",
]


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def import_cohort(slug):
    for role in ("mentee", "mentor"):
        run(
            "import_participants",
            f"--programme={slug}",
            f"--role={role}",
            f"--mapping={ROOT}/docs/examples/cohort_{role}s.toml",
            str(ROOT / f"tests/data/cohort_a_{role}s.csv"),
        )


@pytest.mark.slow
def test_cohort_a_from_import_to_published(db, tmp_path):
    taxonomy_load()
    run("create_programme", "cohort-a", "--organisation", "Demo")
    import_cohort("cohort-a")
    file = tmp_path / "round.json"
    run("run_round", "--programme", "cohort-a", "--publish", "--output", str(file))
    result = json.loads(file.read_text())
    assert list(result) == KEYS
    assert result["matched"] == len(result["pairs"]) == 144
    assert len(result["unmatched"]) == 191 - 144
    assert result["total_points"] == sum(pair["points"] for pair in result["pairs"])
    assert all(sum(pair["parts"].values()) == pair["points"] for pair in result["pairs"])
    assert result["certificate"]["gap"] == 0
    assert max(Counter(pair["mentee"] for pair in result["pairs"]).values()) == 1
    assert "@" in result["pairs"][0]["mentee"]
    assert {row["reason"] for row in result["unmatched"]} == {"no_place_left"}
    found = Round.objects.get()
    assert (found.state, found.created_by) == (Round.State.PUBLISHED, None)
    assert Offer.objects.open().count() == 144
    assert OutboxMessage.objects.filter(key__startswith="waiting:").count() == 47
    assert "is proven: 144 pairs" in run("verify_round", str(found.pk))


def test_on_screen_without_a_file_and_each_run_is_a_new_round(programme):
    people = make.cohort(programme)
    user = people.people["Ben"].user
    user.emailaddress_set.all().delete()
    user.email = None
    user.save()
    anna = people.people["Anna"]
    anna.user.emailaddress_set.all().delete()
    anna.user.email = None
    anna.user.save()
    anna.external_id = "E-17"
    anna.save()
    result = json.loads(run("run_round", "--programme", programme.slug))
    assert {(pair["mentee"], pair["mentor"]) for pair in result["pairs"]} == {
        ("E-17", "max@canary.example"),
        ("chris@canary.example", "nora@canary.example"),
    }
    ben = {"mentee": str(people.people["Ben"].pk), "reason": "no_place_left"}
    assert result["unmatched"] == [ben]
    run("run_round", "--programme", programme.slug)
    assert Round.objects.count() == 2
    assert not Offer.objects.exists()


def test_what_cannot_be_done_is_said(programme, tmp_path):
    with pytest.raises(CommandError, match="no programme “elsewhere”"):
        run("run_round", "--programme", "elsewhere")
    with pytest.raises(CommandError):
        run("run_round", "--programme", programme.slug)
    make.cohort(programme)
    with pytest.raises(CommandError, match="cannot be written"):
        run("run_round", "--programme", programme.slug, "--output", str(tmp_path / "no" / "x.json"))


def test_a_programme_without_safeguarding_is_published_with_a_warning(programme):
    make.cohort(programme)
    Programme.objects.filter(pk=programme.pk).update(state="draft", safeguarding_person=None)
    errors = StringIO()
    call_command(
        "run_round", "--programme", programme.slug, "--publish", stdout=StringIO(), stderr=errors
    )
    assert "no safeguarding person" in errors.getvalue()
    assert Offer.objects.count() == 2


def test_a_round_is_checked_afresh(programme):
    people = make.cohort(programme)
    solved = people.solved()
    assert "is proven: 2 pairs" in run("verify_round", str(solved.pk))
    problem = dict(solved.problem)
    problem["minimum_points"] = 9000
    Round.objects.filter(pk=solved.pk).update(problem=problem)
    with pytest.raises(CommandError, match="NOT proven"):
        run("verify_round", str(solved.pk))
    with pytest.raises(CommandError, match="has not been solved"):
        run("verify_round", str(people.draft().pk))
    with pytest.raises(CommandError, match="There is no round"):
        run("verify_round", "8d1e1f0a-0000-4000-8000-000000000000")


@pytest.mark.parametrize("damaged", [{}, {"format": None}, {"format": "x"}, []])
def test_a_damaged_round_is_not_taken_for_an_older_one(programme, damaged):
    solved = make.cohort(programme).solved()
    Round.objects.filter(pk=solved.pk).update(problem=damaged)
    with pytest.raises(CommandError, match="NOT proven"):
        run("verify_round", str(solved.pk))


def test_a_round_of_an_older_engine_is_named_as_such(programme):
    solved = make.cohort(programme).solved()
    Round.objects.filter(pk=solved.pk).update(
        problem=solved.problem | {"format": 1}, engine_version="1.0"
    )
    with pytest.raises(CommandError, match=r"by engine 1\.0 in format 1\. This is engine"):
        run("verify_round", str(solved.pk))
