from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.availability import SLOTS
from accounts.models import LegalBasis, Profile, User
from mentoring.imports.mapping import Mapping, Statement
from mentoring.imports.tables import read_table
from mentoring.models import Participant
from mentoring.selectors.participants import matchable
from mentoring.services.imports import import_participants, import_plan
from reenter.common.models import AuditEntry, OutboxMessage
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make_mentoring

ROOT = Path(__file__).resolve().parents[3]
STATEMENT = Statement(by="Gemeente X", on=date(2026, 11, 1), text="import_statement/2026-11")
BASIC = Mapping(columns={"name": "name", "email": "email"})

pytestmark = pytest.mark.django_db


def command(programme, role, *extra):
    call_command(
        "import_participants",
        f"--programme={programme.slug}",
        f"--role={role}",
        f"--mapping={ROOT}/docs/examples/cohort_{role}s.toml",
        *extra,
        str(ROOT / f"tests/data/cohort_a_{role}s.csv"),
    )


def plan_of(programme, text, mapping=BASIC, role="mentee"):
    table = read_table(text.encode(), "list.csv")
    return import_plan(programme=programme, table=table, mapping=mapping, role=role)


def problems_of(programme, text, mapping=BASIC, role="mentee"):
    return [str(problem) for problem in plan_of(programme, text, mapping, role).problems]


class TestCohort:
    def test_both_files_come_in_ready_to_match(self, content, programme, capsys):
        command(programme, "mentee")
        command(programme, "mentor")
        assert "Added 191; already there: 0." in capsys.readouterr().out
        assert Participant.objects.filter(role="mentee").count() == 191
        assert Participant.objects.filter(role="mentor").count() == 120
        assert len(matchable(programme)) == 311

    def test_answers_arrive_where_they_belong(self, content, programme):
        command(programme, "mentor")
        profile = Profile.objects.get(user__email="m0001@cohort.example")
        chosen = {c.term.code: c.level for c in profile.chosen.select_related("term")}
        assert chosen["entrecomp-3.1"] == 3
        assert chosen["entrecomp-2.1"] == 1
        assert chosen["coding-meetups"] is None
        assert "it" in chosen
        assert (profile.places, profile.languages) == (1, ["en"])

    def test_goals_keep_their_order(self, content, programme):
        command(programme, "mentee")
        profile = Profile.objects.get(user__email="e0001@cohort.example")
        goals = profile.chosen.exclude(rank=None).order_by("rank")
        assert [c.term.code for c in goals.select_related("term")] == [
            "entrecomp-3.4",
            "entrecomp-2.5",
            "entrecomp-1.4",
            "entrecomp-3.2",
        ]

    def test_the_same_file_twice_adds_nothing(self, content, programme, capsys):
        command(programme, "mentor")
        rows = (User.objects.count(), AuditEntry.objects.count(), OutboxMessage.objects.count())
        command(programme, "mentor")
        assert "Added 0; already there: 120." in capsys.readouterr().out
        assert rows == (
            User.objects.count(),
            AuditEntry.objects.filter().count() - 1,
            OutboxMessage.objects.count(),
        )

    def test_dry_run_writes_nothing(self, content, programme, capsys):
        before = User.objects.count()
        command(programme, "mentee", "--dry-run")
        assert "Would add 191" in capsys.readouterr().out
        assert User.objects.count() == before

    def test_without_a_statement_nobody_can_be_matched(self, content, programme, tmp_path):
        text = (ROOT / "docs/examples/cohort_mentors.toml").read_text()
        bare = tmp_path / "bare.toml"
        bare.write_text(text.partition("[legal_basis]")[0])
        call_command(
            "import_participants",
            f"--programme={programme.slug}",
            "--role=mentor",
            f"--mapping={bare}",
            str(ROOT / "tests/data/cohort_a_mentors.csv"),
        )
        assert Participant.objects.filter(role="mentor").count() == 120
        assert len(matchable(programme)) == 0


def test_dutch_columns_by_command_without_a_mapping(content, programme, tmp_path, capsys):
    file = tmp_path / "lijst.csv"
    file.write_text(
        "Naam;E-mailadres;Talen;Branche;Schoenmaat\nAnna;anna@example.org;nl, fy;it;38\n"
    )
    arguments = [f"--programme={programme.slug}", "--role=mentee", str(file)]
    call_command("import_participants", *arguments)
    assert "Added 1; already there: 0." in capsys.readouterr().out
    profile = Profile.objects.get(user__email="anna@example.org")
    assert profile.languages == ["nl", "fy"]
    assert [chosen.term.code for chosen in profile.chosen.all()] == ["it"]


class TestProblems:
    def test_every_problem_is_named_by_row_and_column(self, content, programme):
        mapping = Mapping(
            columns={"name": "name", "email": "mail", "sector": "field", "languages": "talk"},
        )
        text = (
            "name,mail,field,talk\n"
            "Anna,anna@example.org,it,en\n"
            ",no-address,alchemy,klingonese\n"
            "Bob,ANNA@example.org,it,nl\n"
        )
        assert problems_of(programme, text, mapping) == [
            "Row 3, column “mail”: “no-address” is no e-mail address.",
            "Row 3, column “field”: We do not know “alchemy”. Choose which of ours it is, or"
            " that it is not needed.",
            "Row 3, column “talk”: “klingonese” is no language we know. Use a code such as nl"
            " or en.",
            "Row 3, column “name”: Fill in a name.",
            "Row 4, column “mail”: “anna@example.org” stands in row 2 as well.",
        ]

    @pytest.mark.parametrize(
        ("mapping", "text", "message"),
        [
            (BASIC, "name\nAnna\n", "the file lacks it"),
            (BASIC, "name,email,shoe\nAnna,a@example.org,42\n", "shoe: Say what this column is"),
            (BASIC, "name,email\n", "no people"),
            (BASIC, "name,email\nAnna,\n", "Fill in an e-mail address or a number"),
            (Mapping(columns={"email": "email"}), "email\na@example.org\n", "holds the name"),
            (Mapping(columns={"name": "name"}), "name\nAnna\n", "or your own number"),
        ],
    )
    def test_columns(self, programme, mapping, text, message):
        assert message in "\n".join(problems_of(programme, text, mapping))

    def test_one_bad_row_and_nothing_is_written(self, content, programme, tmp_path):
        file = tmp_path / "list.csv"
        file.write_text("name,email\nAnna,anna@example.org\nBob,bob\n")
        before = User.objects.count()
        with pytest.raises(CommandError, match="Row 3, column “email”"):
            call_command(
                "import_participants", f"--programme={programme.slug}", "--role=mentee", str(file)
            )
        assert User.objects.count() == before

    def test_a_mentee_who_is_not_45_is_refused(self, programme):
        mapping = Mapping(columns={**BASIC.columns, "forty_five_or_over": "old"})
        text = "name,email,old\nAnna,anna@example.org,no\n"
        assert "45 or over" in problems_of(programme, text, mapping)[0]
        assert problems_of(programme, text, mapping, role="mentor") == []

    @pytest.mark.parametrize("level", ["0", "4", "high"])
    def test_a_level_is_1_to_3(self, content, programme, level):
        mapping = Mapping(columns={**BASIC.columns, "topics": "t"})
        text = f"name,email,t\nAnna,anna@example.org,pricing:{level}\n"
        assert "is not 1, 2 or 3" in problems_of(programme, text, mapping, role="mentor")[0]

    def test_too_many_topics(self, content, programme):
        mapping = Mapping(columns={**BASIC.columns, "topics": "t"})
        six = ";".join(f"entrecomp-1.{n}" for n in range(1, 6)) + ";pricing"
        text = f"name,email,t\nAnna,anna@example.org,{six}\n"
        assert "at most 5" in problems_of(programme, text, mapping)[0]

    @pytest.mark.parametrize(
        ("argument", "message"),
        [
            ("--programme=none", "no programme"),
            ("/nowhere/list.csv", "cannot be read"),
            ("--mapping=/nowhere/map.toml", "cannot be read"),
        ],
    )
    def test_command_names_what_is_missing(self, programme, tmp_path, argument, message):
        file = tmp_path / "list.csv"
        file.write_text("name,email\nAnna,anna@example.org\n")
        arguments = [f"--programme={programme.slug}", "--role=mentee", str(file)]
        if argument.startswith("/"):
            arguments[-1] = argument
        else:
            arguments.append(argument)
        with pytest.raises(CommandError, match=message):
            call_command("import_participants", *arguments)


class TestPeople:
    def test_words_of_a_list_are_known_in_both_languages(self, content, programme):
        mapping = Mapping(
            columns={**BASIC.columns, "meeting": "m", "availability": "a"}, separator="|"
        )
        for language in ("nl", "en"):
            with translation.override(language):
                words = f"{Profile.Meeting.ONLINE.label};{SLOTS[0][1]}"
            plan = plan_of(programme, f"name;email;m;a\nAnna;anna@example.org;{words}\n", mapping)
            assert plan.problems == []
            assert plan.new[0].answers["meeting"] == "online"
            assert plan.new[0].answers["availability"] == [SLOTS[0][0]]

    def test_a_stranger_with_an_account_is_not_opened_to_the_organisation(self, programme):
        elsewhere = make_mentoring.programme()
        outsider = make_mentoring.participant(programme=elsewhere, role="mentee").user
        text = f"name,email\nWhoever,{outsider.email}\n"
        assert "cannot be imported" in problems_of(programme, text)[0]

    def test_somebody_of_the_organisation_gets_a_second_role(self, programme):
        person = make_mentoring.participant(programme=programme, role="mentee").user
        plan = plan_of(programme, f"name,email\nAnna,{person.email}\n", role="mentor")
        added = import_participants(
            actor=None, programme=programme, role="mentor", mapping=BASIC, plan=plan
        )
        assert added == 1
        assert person.participations.count() == 2
        person.refresh_from_db()
        assert person.name != "Anna"

    def test_somebody_without_email_gets_a_letter(self, programme):
        mapping = Mapping(columns={"name": "name", "external_id": "id"})
        plan = plan_of(programme, "name,id\nAnna,7\n", mapping)
        import_participants(
            actor=None, programme=programme, role="mentee", mapping=mapping, plan=plan
        )
        message = OutboxMessage.objects.get()
        assert message.state == OutboxMessage.State.LETTER
        assert not message.recipient.has_usable_password()

    def test_everything_has_an_actor(self, programme, facilitator):
        plan = plan_of(programme, "name,email\nAnna,anna@example.org\n")
        import_participants(
            actor=facilitator, programme=programme, role="mentee", mapping=BASIC, plan=plan
        )
        actions = AuditEntry.objects.filter(actor=facilitator)
        assert set(actions.values_list("action", flat=True)) == {
            "participants_import",
            "participant_import",
        }
        assert "anna" not in str(list(actions.values("data"))).lower()

    def test_a_plan_with_problems_is_not_carried_out(self, programme):
        plan = plan_of(programme, "name,email\nAnna,nothing\n")
        with pytest.raises(ValueError, match="problems"):
            import_participants(
                actor=None, programme=programme, role="mentee", mapping=BASIC, plan=plan
            )

    def test_the_statement_is_on_record(self, content, programme, facilitator):
        table = read_table(b"name,email\nAnna,anna@example.org\n", "list.csv")
        mapping = Mapping(
            columns=BASIC.columns,
            legal_basis=STATEMENT,
        )
        plan = import_plan(programme=programme, table=table, mapping=mapping, role="mentee")
        import_participants(
            actor=facilitator, programme=programme, role="mentee", mapping=mapping, plan=plan
        )
        basis = LegalBasis.objects.get(user__email="anna@example.org")
        assert (basis.how, basis.statement) == ("import", "Gemeente X")
        assert basis.recorded_by == facilitator
        assert str(basis.given_at.date()) == "2026-11-01"

    def test_a_statement_names_a_text_that_exists(self, programme):
        unknown = replace(STATEMENT, text="import_statement/1999-01")
        mapping = Mapping(columns=BASIC.columns, legal_basis=unknown)
        problems = problems_of(programme, "name,email\nAnna,anna@example.org\n", mapping)
        assert "import_statement/1999-01" in problems[0]

    def test_query_count_does_not_grow_with_rows(
        self, content, programme, django_assert_max_num_queries
    ):
        rows = "".join(f"Person {n},p{n}@example.org\n" for n in range(60))
        with django_assert_max_num_queries(12):
            plan_of(programme, "name,email\n" + rows)


def test_a_known_person_is_not_changed(programme):
    known = make_mentoring.participant(programme=programme, role="mentee", external_id="7")
    mapping = Mapping(columns={"name": "name", "external_id": "id"})
    plan = plan_of(programme, "name,id\nOther Name,7\n", mapping)
    assert (len(plan.new), len(plan.known)) == (0, 1)
    import_participants(actor=None, programme=programme, role="mentee", mapping=mapping, plan=plan)
    assert make_accounts.User.objects.get(pk=known.user_id).name == known.user.name
