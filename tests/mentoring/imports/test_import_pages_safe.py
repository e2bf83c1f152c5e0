"""The import pages with hostile text, two clicks, strangers, and many rows."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import User
from mentoring.models import ImportBatch, Participant
from mentoring.services import imports as services
from reenter.common import clock, jobs
from reenter.common.models import AuditEntry, Job, OutboxMessage
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
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


class TestText:
    EVIL = "<script>alert(1)</script>"

    def test_every_page_escapes_the_file(self, desk, programme):
        text = f"name,email,field,{self.EVIL}\n{self.EVIL},{self.EVIL},{self.EVIL},{self.EVIL}\n"
        batch = uploaded(desk, programme, text.replace("field", "sector"))
        pages = [desk.get(page_of(batch, "columns"))]
        data = fields_of(pages[0]) | {"column_3": "name"}
        pages.append(desk.post(page_of(batch, "columns"), data))
        accept_columns(desk, batch)
        pages.append(desk.get(page_of(batch, "check")))  # the words
        words = pages[-1].context["form"].words
        desk.post(page_of(batch, "check"), dict.fromkeys(words, "-"))
        pages.append(desk.get(page_of(batch, "check")))  # the problems
        assert "is no e-mail address" in shown(pages[-1])
        for page in pages:
            assert self.EVIL not in shown(page)
            assert "&lt;script&gt;" in shown(page)

    @pytest.mark.parametrize("name", ["=1+1", "+31", "@SUM(A1)", '=HYPERLINK("x")', "-2"])
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_a_formula_stays_text(
        self, desk, programme, name, kind, django_capture_on_commit_callbacks
    ):
        if kind == "csv":
            quoted = name.replace('"', '""')
            file = csv(f'name,email\n"{quoted}",a@new.example\n')
        else:
            book, out = Workbook(), io.BytesIO()
            book.active.append(["name", "email"])
            book.active.append(["", "a@new.example"])
            book.active["A2"].value = name
            book.active["A2"].data_type = "s"
            book.save(out)
            file = SimpleUploadedFile("list.xlsx", out.getvalue())
        upload(desk, programme, file)
        batch = ImportBatch.objects.get()
        accept_columns(desk, batch)
        run(desk, batch, django_capture_on_commit_callbacks)
        assert User.objects.get(email="a@new.example").name == name


class TestOnce:
    def test_two_clicks_import_once(self, desk, programme, django_capture_on_commit_callbacks):
        batch = to_check(desk, programme, LIST)
        with django_capture_on_commit_callbacks(execute=True):
            first = desk.post(page_of(batch, "run"))
            second = desk.post(page_of(batch, "run"))
        assert Job.objects.filter(state="done").count() == 2
        for response in (first, second):
            assert desk.get(response.url).url == page_of(batch, "done")
        assert Participant.objects.filter(programme=programme).count() == 2
        assert OutboxMessage.objects.filter(key__startswith="imported:").count() == 2
        assert AuditEntry.objects.filter(action="participants_import").count() == 1
        batch.refresh_from_db()
        assert (batch.added, batch.known) == (2, 0)

    def test_opening_run_imports_nothing(self, desk, programme):
        assert desk.get(page_of(to_check(desk, programme, LIST), "run")).status_code == 405
        assert not Job.objects.exists()

    def test_a_list_that_is_gone_refuses_the_job(self, desk, programme, facilitator):
        batch = to_check(desk, programme, LIST)
        job = Job.objects.create(
            kind="import", params={"batch": str(batch.pk)}, started_by=facilitator
        )
        batch.delete()
        jobs.job_run(str(job.pk))
        job.refresh_from_db()
        assert (job.state, "no longer here" in job.error) == ("failed", True)

    def test_old_lists_are_forgotten(self, desk, programme, django_capture_on_commit_callbacks):
        done = to_check(desk, programme, LIST)
        run(desk, done, django_capture_on_commit_callbacks)
        old, young = (uploaded(desk, programme, LIST) for _ in range(2))
        long_ago = clock.now() - timedelta(days=7, minutes=1)
        ImportBatch.objects.filter(pk__in=[done.pk, old.pk]).update(created_at=long_ago)
        ImportBatch.objects.filter(pk=young.pk).update(created_at=clock.now() - timedelta(days=6))
        services.batches_forget()
        assert set(ImportBatch.objects.all()) == {done, young}


class TestAccess:
    def test_strangers_do_not_see_it(self, desk, client, programme, foreign_facilitator, mentee):
        batch = to_check(desk, programme, LIST)
        make_mentoring.participant(programme=programme, role="mentee", user=mentee)
        for person in (foreign_facilitator, mentee):
            client.force_login(person)
            for url in self.urls(programme, batch):
                assert client.post(url, STATEMENT).status_code == 404, url
                assert client.get(url).status_code in (404, 405), url
        assert not Job.objects.exists()

    def test_anonymous_people_sign_in_first(self, desk, client, programme):
        batch = to_check(desk, programme, LIST)
        client.logout()
        for url in self.urls(programme, batch):
            response = client.post(url)
            assert response.status_code == 302
            assert "/account/login/" in response.url

    def urls(self, programme, batch):
        start = reverse("mentoring:import_start", args=[programme.slug])
        return [start, *(page_of(batch, page) for page in PAGES)]


class TestQueries:
    @pytest.mark.parametrize("page", ["columns", "statement", "check"])
    @pytest.mark.parametrize("sector", ["it", "alchemy", "problem"])
    def test_do_not_grow_with_the_rows(self, desk, programme, page, sector):
        counts = []
        for number in (60, 200):
            address = "bad" if sector == "problem" else f"@n{number}.example"
            word = "alchemy" if sector == "alchemy" else "it"
            rows = "".join(f"P{n};p{n}{address};{word};1\n" for n in range(number))
            batch = to_check(desk, programme, DUTCH + rows)
            desk.get(page_of(batch, page))
            with CaptureQueriesContext(connection) as queries:
                shown(desk.get(page_of(batch, page)))
            counts.append(len(queries))
        assert counts[0] == counts[1]
        assert counts[0] <= 20


def test_a_worker_knows_the_job_and_the_scheduler_the_duty():
    """In a process that loads no page."""
    code = (
        "import django; django.setup()\n"
        "from reenter.common import jobs, schedule\n"
        "import sys; assert 'mentoring.views.imports' not in sys.modules\n"
        "assert 'import' in jobs._work\n"
        "assert 'imports' in schedule._duties\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
