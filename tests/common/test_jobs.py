from datetime import timedelta

import pytest
from celery import current_app

from reenter.common import clock, jobs
from reenter.common.models import Job
from reenter.common.tasks import deliver_message, run_job


@pytest.fixture
def work(monkeypatch):
    """A kind of job that notes each run and does what the test says."""

    class Work:
        runs: list[str] = []
        error: Exception | None = None

        def __call__(self, job, progress):
            self.runs.append(job.params["name"])
            progress("half-way", 0.5)
            if self.error:
                raise self.error

    work = Work()
    work.runs = []
    monkeypatch.setitem(jobs._work, "tested", work)
    return work


@pytest.fixture
def start(django_capture_on_commit_callbacks, mentee):
    def start():
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.job_start(actor=mentee, kind="tested", params={"name": "one"})
        job.refresh_from_db()
        return job

    return start


def test_runs_once_and_says_so(work, start):
    job = start()
    assert (job.state, job.progress, job.phase) == (Job.State.DONE, 100, "half-way")
    jobs.job_run(str(job.pk))
    assert work.runs == ["one"]


def test_refusal_is_shown_to_the_person(work, start):
    work.error = jobs.JobRefused("Choose at least one mentor.")
    job = start()
    assert (job.state, job.error) == (Job.State.FAILED, "Choose at least one mentor.")


def test_error_stops_the_job_and_tells_no_detail(work, start, caplog):
    work.error = ZeroDivisionError("secret detail")
    job = start()
    assert (job.state, job.error) == (Job.State.FAILED, "")
    assert "job_failed" in caplog.text


def test_a_job_that_was_stopped_hears_it_from_its_progress(work, mentee, monkeypatch):
    job = Job.objects.create(kind="tested", params={"name": "one"}, started_by=mentee)

    def stopped(job, progress):
        assert jobs.job_cancel(job=job)
        progress("on", 0.7)
        work.runs.append("went on")

    monkeypatch.setitem(jobs._work, "tested", stopped)
    jobs.job_run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.progress, job.error) == (Job.State.CANCELLED, 0, "")
    assert job.finished_at
    assert work.runs == []
    jobs.job_run(str(job.pk))
    assert jobs.jobs_resume() == 0
    assert work.runs == []
    assert not jobs.job_cancel(job=job)


def test_a_job_that_is_done_cannot_be_stopped(work, start):
    job = start()
    assert not jobs.job_cancel(job=job)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_unknown_kind_is_refused(mentee):
    with pytest.raises(ValueError, match="nothing-like-it"):
        jobs.job_start(actor=mentee, kind="nothing-like-it", params={})


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING])
def test_what_a_dead_worker_left_is_taken_up(
    work, mentee, state, django_capture_on_commit_callbacks
):
    long_ago = clock.now() - timedelta(minutes=10)
    job = Job.objects.create(
        kind="tested",
        params={"name": "lost"},
        started_by=mentee,
        state=state,
        heartbeat_at=long_ago,
        created_at=long_ago,
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.jobs_resume() == 1
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert work.runs == ["lost"]


def test_a_living_job_is_left_alone(work, mentee):
    Job.objects.create(
        kind="tested", started_by=mentee, state=Job.State.RUNNING, heartbeat_at=clock.now()
    )
    assert jobs.jobs_resume() == 0
    assert work.runs == []


def test_only_who_started_it_sees_the_progress(client, work, start, mentee, mentor):
    job = start()
    url = f"/jobs/{job.pk}/"
    client.force_login(mentor)
    assert client.get(url).status_code == 404
    client.force_login(mentee)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("address", ["/rounds/stop/", "https://elsewhere.example/", None])
def test_the_page_has_a_button_to_stop_only_for_a_local_address(client, mentee, address):
    params = {"name": "one", "cancel": address}
    job = Job.objects.create(kind="tested", params=params, started_by=mentee)
    client.force_login(mentee)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert ('action="/rounds/stop/"' in page) == (address == "/rounds/stop/")
    assert "elsewhere" not in page
    jobs.job_cancel(job=job)
    response = client.get(f"/jobs/{job.pk}/")
    assert "Refresh" not in response
    assert "/rounds/stop/" not in response.content.decode()


def test_no_mail_waits_behind_a_job_nor_a_job_behind_mails():
    route = current_app.amqp.router.route
    names = {task.name: route({}, task.name)["queue"].name for task in (run_job, deliver_message)}
    assert names == {run_job.name: "jobs", deliver_message.name: "celery"}
    assert set(current_app.amqp.queues) >= set(names.values())
