"""Rounds that are shared out with workers, and the words when a round is too large."""

from types import SimpleNamespace

import numpy as np
import pytest

from matching.engine.blocks import PREFIX, Blocks, Look
from matching.engine.large import write_run
from matching.services import rounds, scanning
from matching.tasks import scan_block
from reenter.common import jobs
from reenter.common.models import Job
from tests.factories import rounds as make
from tests.matching.engine.compiled.tables import random_round

RUN, NEXT = f"{PREFIX}1", f"{PREFIX}2"


@pytest.fixture
def run(tmp_path, settings):
    """A run in the folder in common, with one look of two blocks."""
    settings.SCAN_FOLDER = str(tmp_path)
    folder = tmp_path / RUN
    folder.mkdir()
    write_run(folder, random_round(300, 300, seed=1, places=1.05))
    blocks = Blocks(folder)
    rows = np.arange(300, dtype=np.int32)
    look = Look(rows, np.full(300, 900), np.zeros(300, np.int64), None, 0, 8, 0)
    blocks.ask(1, look, [slice(0, 200), slice(200, 300)])
    yield SimpleNamespace(folder=folder, blocks=blocks)
    for name in list(scanning._helpers):
        scanning._helpers.pop(name).close()


def test_a_task_does_its_block_and_does_nothing_the_second_time(run):
    scan_block.delay(RUN, 1, 0)
    assert run.blocks.answered(1) == {0}
    first = (run.folder / "1-0.npz").stat().st_mtime_ns
    scan_block.delay(RUN, 1, 0)
    assert (run.folder / "1-0.npz").stat().st_mtime_ns == first
    assert run.blocks.answered(1) == {0}


def test_all_blocks_are_handed_out_to_one_process_for_the_run(run):
    scanning.ScanQueue().hand_out(RUN, 1, 2)
    assert run.blocks.answered(1) == {0, 1}
    assert list(scanning._helpers) == [RUN]


def test_a_process_that_died_is_replaced_and_that_of_another_run_ends(run, tmp_path):
    assert scanning.block_scan(RUN, 1, 0)
    first = scanning._helpers[RUN]
    first.close()
    assert scanning.block_scan(RUN, 1, 1)
    second = scanning._helpers[RUN]
    assert second is not first
    (tmp_path / NEXT).mkdir()
    write_run(tmp_path / NEXT, random_round(300, 300, seed=1))
    assert not scanning.block_scan(NEXT, 1, 0)
    assert list(scanning._helpers) == [NEXT]
    assert not second.alive


@pytest.mark.parametrize(
    "name", [f"{PREFIX}over", "", "..", f"../{RUN}", f"{RUN}/../{RUN}", "other"]
)
def test_only_runs_in_the_folder_are_helped(run, name):
    (run.folder.parent / "other").mkdir()
    assert not scanning.block_scan(name, 1, 0)
    assert not scanning._helpers


def test_nothing_is_shared_without_a_folder_in_common(run, settings):
    shared = scanning.shared_solving()
    assert shared.folder == run.folder.parent
    assert shared.least_pairs == 10_000_000_000
    settings.SCAN_FOLDER = ""
    assert scanning.shared_solving() is None
    assert not scanning.block_scan(RUN, 1, 0)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "This round is too large for this machine."), ("nl", "Deze ronde is te groot")],
)
def test_a_round_that_does_not_fit_in_memory_is_refused_in_words(
    programme, facilitator, settings, django_capture_on_commit_callbacks, language, words
):
    settings.SOLVE_MOST_MEGABYTES = 0
    facilitator.language = language
    facilitator.save()
    draft = make.cohort(programme).draft()
    with django_capture_on_commit_callbacks():
        job = rounds.round_solve_start(actor=facilitator, round=draft)
    jobs.job_run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert words in job.error
    draft.refresh_from_db()
    assert draft.state == "draft"
    settings.SOLVE_MOST_MEGABYTES = 100
    again = rounds.round_solve_start(actor=facilitator, round=draft)
    jobs.job_run(str(again.pk))
    again.refresh_from_db()
    assert (again.state, again.error) == (Job.State.DONE, "")
