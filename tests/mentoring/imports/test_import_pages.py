"""The import in the browser: file, columns, statement, words, check, done."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import LegalBasis, ProfileTerm, User
from mentoring.models import ImportBatch, Participant, SavedMapping
from mentoring.selectors.participants import matchable
from reenter.common.models import Job
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make_mentoring

from .pages import (
    DUTCH,
    LIST,
    PAGES,
    STATEMENT,
    accept_columns,
    csv,
    fields_of,
    page_of,
    run,
    shown,
    to_check,
    upload,
    uploaded,
    xlsx,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


class TestWholeFlow:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_from_file_to_people_who_can_be_matched(
        self, desk, programme, kind, django_capture_on_commit_callbacks
    ):
        file = csv(LIST) if kind == "csv" else xlsx(r.split(";") for r in LIST.splitlines())
        assert "CSV" in shown(desk.get(f"/programmes/{programme.slug}/import/"))
        response = upload(desk, programme, file)
        batch = ImportBatch.objects.get()
        assert response.url == page_of(batch, "columns")
        accept_columns(desk, batch)
        assert "code of conduct" in shown(desk.get(page_of(batch, "statement")))
        assert desk.post(page_of(batch, "statement"), STATEMENT).url == page_of(batch, "check")
        check = shown(desk.get(page_of(batch, "check")))
        assert "Import 2 people" in check
        assert "Schoenmaat" in check
        assert "cannot be matched" not in check
        assert User.objects.filter(email__endswith="new.example").count() == 0
        response = run(desk, batch, django_capture_on_commit_callbacks)
        assert response.url == reverse("common:job_detail", args=[Job.objects.get().pk])
        response = desk.get(response.url)
        assert response.url == page_of(batch, "done")
        assert "See the people" in shown(desk.get(response.url))
        assert {p.user.name for p in matchable(programme)} == {"Anna de Wit", "Bob Zwart"}
        assert LegalBasis.objects.filter(statement="Gemeente X").count() == 2

    def test_the_rows_are_gone_and_all_pages_lead_to_done(
        self, desk, programme, django_capture_on_commit_callbacks
    ):
        batch = to_check(desk, programme, LIST)
        run(desk, batch, django_capture_on_commit_callbacks)
        batch.refresh_from_db()
        assert (batch.rows, batch.added, batch.known) == ([], 2, 0)
        for page in PAGES[:-1]:
            method = desk.post if page == "run" else desk.get
            assert method(page_of(batch, page)).url == page_of(batch, "done")

    def test_done_before_it_is_done_leads_back_to_the_check(self, desk, programme):
        batch = uploaded(desk, programme, LIST)
        assert desk.get(page_of(batch, "done")).url == page_of(batch, "check")

    def test_nothing_new_offers_no_button(
        self, desk, programme, django_capture_on_commit_callbacks
    ):
        run(desk, to_check(desk, programme, LIST), django_capture_on_commit_callbacks)
        again = to_check(desk, programme, LIST)
        page = shown(desk.get(page_of(again, "check")))
        assert "There is nothing to import" in page
        assert page_of(again, "run") not in page

    def test_without_a_statement_people_come_in_but_are_not_matched(
        self, desk, programme, django_capture_on_commit_callbacks
    ):
        batch = to_check(desk, programme, LIST, statement={"by": "", "on": ""})
        assert "cannot be matched yet" in shown(desk.get(page_of(batch, "check")))
        run(desk, batch, django_capture_on_commit_callbacks)
        assert Participant.objects.filter(programme=programme, state="applied").count() == 2
        assert list(matchable(programme)) == []


class TestFile:
    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("list.csv", b"", "The file is empty"),
            ("list.csv", b" \n ", "The file is empty"),
            ("list.pdf", b"%PDF", "no CSV or XLSX"),
            ("list.csv", b"a\x00b", "no CSV or XLSX"),
            ("list.xlsx", b"no zip", "Save it again as .xlsx"),
            ("list.csv", b"name,name\nA,B\n", "Two columns are called \u201cname\u201d"),
            ("list.csv", b"name,,mail\nA,B,C\n", "Column 2 has no name"),
            ("list.csv", b"name,mail\nA,B,C\n", "Row 2 has more cells"),
            ("list.csv", b"Our list;;\nname;mail\nA;B\n", "Does row 1 hold a title?"),
            ("list.csv", b"name,mail\n", "no people"),
            ("list.csv", b'name,mail\n"A,B\n', "quotation mark"),
            ("list.csv", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ],
    )
    def test_a_bad_file_says_why_and_keeps_the_role(self, desk, programme, name, text, message):
        page = shown(upload(desk, programme, SimpleUploadedFile(name, text), "mentor"))
        assert message in page
        assert 'value="mentor"' in page.partition("checked")[0][-200:]
        assert not ImportBatch.objects.exists()

    def test_no_file_and_no_role(self, desk, programme):
        page = shown(desk.post(reverse("mentoring:import_start", args=[programme.slug]), {"x": 1}))
        assert "Choose a file." in page
        assert "Who is on the list?" in page

    def test_broken_xml_inside_a_workbook(self, desk, programme):
        whole, broken = xlsx([["name", "email"], ["A", "a@b.nl"]]), io.BytesIO()
        with ZipFile(io.BytesIO(whole.read())) as old, ZipFile(broken, "w") as new:
            for part in old.namelist():
                sheet = part.startswith("xl/worksheets")
                new.writestr(part, b"<worksheet><sheetData><row" if sheet else old.read(part))
        file = SimpleUploadedFile("list.xlsx", broken.getvalue())
        assert "cannot be opened" in shown(upload(desk, programme, file))

    def test_a_workbook_that_unpacks_to_a_flood(self, desk, programme):
        bomb = io.BytesIO()
        with ZipFile(bomb, "w", ZIP_DEFLATED) as parts:
            parts.writestr("xl/sharedStrings.xml", b" " * (201 * 1024 * 1024))
        file = SimpleUploadedFile("list.xlsx", bomb.getvalue())
        assert "cannot be opened" in shown(upload(desk, programme, file))


class TestColumns:
    def test_dutch_names_are_proposed_and_examples_shown(self, desk, programme):
        response = desk.get(page_of(uploaded(desk, programme, LIST), "columns"))
        assert list(fields_of(response).values()) == ["name", "email", "sector", "-"]
        assert "anna@new.example · bob@new.example" in shown(response)

    @pytest.mark.parametrize(
        ("chosen", "message"),
        [
            (
                ["name", "name", "-", "-"],
                "for the column \u201cNaam\u201d",
            ),
            (["-", "email", "-", "-"], "column that holds the name"),
            (["name", "-", "-", "-"], "an e-mail address or your own number"),
            (["name", "shoe", "-", "-"], "Select a valid choice"),
            (["name", "", "-", "-"], "Choose an answer for \u201cE-mailadres\u201d"),
        ],
    )
    def test_a_wrong_choice_says_what_to_do(self, desk, programme, chosen, message):
        batch = uploaded(desk, programme, LIST)
        data = {f"column_{place}": code for place, code in enumerate(chosen)}
        assert message in shown(desk.post(page_of(batch, "columns"), data))
        assert not SavedMapping.objects.exists()

    def test_only_mentors_have_places(self, desk, programme):
        for role, there in (("mentee", False), ("mentor", True)):
            batch = uploaded(desk, programme, LIST, role)
            page = shown(desk.get(page_of(batch, "columns")))
            assert ('value="places"' in page) is there


class TestStatement:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"stated": "on", "on": "2026-11-01"}, "name of who recorded it"),
            ({"briefed": "on", "by": "X"}, "day on which it was recorded"),
            ({"stated": "on", "by": "X", "on": "2999-01-01"}, "still to come"),
            ({"stated": "on", "by": "X", "on": "soon"}, "date that exists"),
            ({"stated": "on", "by": "X" * 151, "on": "2026-11-01"}, "150"),
        ],
    )
    def test_a_gap_says_what_to_do(self, desk, programme, data, message):
        batch = uploaded(desk, programme, LIST)
        assert message in shown(desk.post(page_of(batch, "statement"), data))

    def test_the_next_list_needs_a_statement_of_its_own(self, desk, programme):
        to_check(desk, programme, LIST)
        second = uploaded(desk, programme, LIST.replace("new.", "other."))
        first_page = fields_of(desk.get(page_of(second, "statement")))
        assert not any(first_page.values())
        assert "cannot be matched yet" in shown(desk.get(page_of(second, "check")))


class TestProblems:
    def test_rows_are_named_and_nothing_can_be_imported(self, desk, programme):
        batch = to_check(desk, programme, LIST + ";no-address;it;1\nC;anna@new.example;it;2\n")
        page = shown(desk.get(page_of(batch, "check")))
        for text in ("no-address\u201d is no e-mail address", "Fill in a name", "stands in row 2"):
            assert text in page
        assert page.count('data-label="Row">4<') == 2
        assert page.count('data-label="Column">E-mailadres<') == 2
        assert page_of(batch, "run") not in page

    def test_a_hundred_are_shown_and_the_rest_counted(self, desk, programme):
        rows = "".join(f"P{n};bad{n};it;1\n" for n in range(120))
        page = shown(desk.get(page_of(to_check(desk, programme, DUTCH + rows), "check")))
        assert page.count('data-label="Row"') == 100
        assert "And 20 more." in page
        assert "120 problems" in page

    def test_a_change_in_the_meantime_refuses_the_job(
        self, desk, programme, django_capture_on_commit_callbacks
    ):
        batch = to_check(desk, programme, LIST)
        make_accounts.user(email="anna@new.example")
        url = run(desk, batch, django_capture_on_commit_callbacks).url
        page = shown(desk.get(url))
        assert "Something changed since you checked the list" in page
        assert page_of(batch, "done") in page
        assert not Participant.objects.filter(programme=programme).exists()

    def test_somebody_of_another_organisation_stays_unknown(self, desk, programme):
        there = make_mentoring.participant(programme=make_mentoring.programme(), role="mentee")
        text = LIST + f"X;{there.user.email};it;1\n"
        page = shown(desk.get(page_of(to_check(desk, programme, text), "check")))
        assert "This address cannot be imported" in page
        assert there.user.name not in page


class TestWords:
    TEXT = LIST.replace("bob@new.example;it", "bob@new.example;alchemy, magic")

    def explain(self, client, batch, **chosen):
        form = client.get(page_of(batch, "check")).context["form"]
        data = {name: chosen[word] for name, (_code, word) in form.words.items()}
        return client.post(page_of(batch, "check"), data)

    def test_all_words_are_asked_at_once_then_remembered(
        self, desk, programme, django_capture_on_commit_callbacks
    ):
        batch = to_check(desk, programme, self.TEXT)
        page = shown(desk.get(page_of(batch, "check")))
        assert "alchemy" in page
        assert "magic" in page
        response = self.explain(desk, batch, alchemy="marketing", magic="-")
        assert response.url == page_of(batch, "check")
        assert "Import 2 people" in shown(desk.get(response.url))
        run(desk, batch, django_capture_on_commit_callbacks)
        chosen = ProfileTerm.objects.get(profile__user__email="bob@new.example")
        assert chosen.term.code == "marketing"
        again = self.TEXT.replace("@new.", "@next.")
        second = to_check(desk, programme, again)
        assert "Import 2 people" in shown(desk.get(page_of(second, "check")))
        other = uploaded(desk, programme, again.replace("Schoenmaat", "Kleur"))
        assert other.mapping["values"]["sector"]["alchemy"] == "marketing"

    def test_an_unanswered_word_is_asked_again(self, desk, programme):
        batch = to_check(desk, programme, self.TEXT)
        page = shown(self.explain(desk, batch, alchemy="", magic="-"))
        assert "Choose an answer for \u201calchemy\u201d" in page
        page = shown(self.explain(desk, batch, alchemy="no-such-sector", magic="-"))
        assert "Select a valid choice" in page

    def test_a_page_that_somebody_else_changed_maps_no_wrong_word(self, desk, programme):
        batch = to_check(desk, programme, self.TEXT)
        old = desk.get(page_of(batch, "check")).context["form"].words
        stale = {name: "marketing" for name, (_c, word) in old.items() if word == "alchemy"}
        self.explain(desk, batch, alchemy="-", magic="-")
        assert desk.post(page_of(batch, "check"), stale).url == page_of(batch, "check")
        batch.refresh_from_db()
        assert batch.mapping["values"]["sector"] == {"alchemy": "", "magic": ""}

    def test_a_flood_of_words_comes_in_parts(self, desk, programme):
        rows = "".join(f"P{n};p{n}@new.example;word {n};1\n" for n in range(60))
        batch = to_check(desk, programme, DUTCH + rows)
        response = desk.get(page_of(batch, "check"))
        assert len(response.context["form"].words) == 50
        assert "10 more words" in shown(response)

    def test_a_prefix_does_not_hide_the_code_that_was_chosen(self, desk, programme):
        batch = to_check(desk, programme, "name,email,goals\nA,a@new.example,1.4;growing\n")
        batch.mapping |= {"prefixes": {"topics": "entrecomp-"}, "separator": ";"}
        batch.save()
        response = self.explain(desk, batch, growing="entrecomp-1.1")
        assert "Import 1 person" in shown(desk.get(response.url))


class TestMapping:
    def test_what_the_pages_do_not_ask_is_kept(
        self, desk, programme, django_capture_on_commit_callbacks
    ):
        text = "name,email,goals\nA,a@new.example,1.4/2.5\n"
        kept = {
            "columns": {"name": "name", "email": "email", "topics": "goals"},
            "visible": ["languages", "topics"],
            "prefixes": {"topics": "entrecomp-"},
            "separator": "/",
        }
        SavedMapping.objects.create(
            organisation=programme.organisation, role="mentee", mapping=kept
        )
        batch = to_check(desk, programme, text)
        run(desk, batch, django_capture_on_commit_callbacks)
        profile = User.objects.get(email="a@new.example").profiles.get()
        assert profile.visible == ["languages", "topics"]
        assert profile.chosen.count() == 2
        saved = SavedMapping.objects.get().mapping
        assert {key: saved[key] for key in kept} == kept

    def test_the_next_list_with_the_same_columns_is_proposed_alike(self, desk, programme):
        batch = uploaded(desk, programme, LIST)
        data = {"column_0": "name", "column_1": "email", "column_2": "-", "column_3": "phone"}
        desk.post(page_of(batch, "columns"), data)
        second = desk.get(page_of(uploaded(desk, programme, LIST), "columns"))
        assert fields_of(second) == data
        mentors = desk.get(page_of(uploaded(desk, programme, LIST, "mentor"), "columns"))
        assert fields_of(mentors)["column_2"] == "sector"

    def test_another_organisation_does_not_get_our_mapping(
        self, desk, programme, client, foreign_facilitator
    ):
        batch = uploaded(desk, programme, LIST)
        data = {"column_0": "name", "column_1": "email", "column_2": "-", "column_3": "phone"}
        desk.post(page_of(batch, "columns"), data)
        client.force_login(foreign_facilitator)
        theirs = foreign_facilitator.memberships.get().organisation.programmes.get()
        page = client.get(page_of(uploaded(client, theirs, LIST), "columns"))
        assert fields_of(page)["column_3"] == "-"
