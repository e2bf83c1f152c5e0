"""Seconds of one round of cohort A: python -m tests.benchmarks.bench_cohort

Imports the cohort into an empty SQLite database of its own, with the embedded broker, and makes,
solves, stores, checks and publishes a round. Wall clock and processor time of each step.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SLUG = "cohort-a"
LIMIT = 5.0


class Clock:
    """Laps by name: wall clock and processor time."""

    def __init__(self) -> None:
        self.laps: dict[str, tuple[float, float]] = {}
        self.restart()

    def restart(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        wall, cpu = self.laps.get(name, (0.0, 0.0))
        self.laps[name] = (
            wall + time.perf_counter() - self.wall,
            cpu + time.process_time() - self.cpu,
        )
        self.restart()


def scratch(folder: str) -> None:
    """Django on an empty, migrated database in `folder`, with the cohort in it."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "reenter.settings.local",
        "REENTER_VAR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    with open(os.devnull, "w") as quiet:
        call_command("migrate", verbosity=0)
        call_command("load_taxonomy", stdout=quiet)
        call_command("create_programme", SLUG, organisation="Demo", stdout=quiet)
        for role in ("mentee", "mentor"):
            call_command(
                "import_participants",
                str(ROOT / f"tests/data/cohort_a_{role}s.csv"),
                programme=SLUG,
                role=role,
                mapping=ROOT / f"docs/examples/cohort_{role}s.toml",
                stdout=quiet,
            )


def phases(clock: Clock) -> Callable[[str, float], None]:
    """`progress` of a solve: each report ends the step before it."""
    ends = {0.1: "build", 0.75: "solve", 0.9: "verify"}

    def report(phase: str, fraction: float) -> None:
        name = ends.get(round(fraction, 2))
        if name and name not in clock.laps:
            clock.lap(name)

    return report


def measure() -> tuple[Clock, Any]:
    """One round, as `run_round --publish` does it."""
    from matching.services.publishing import round_publish
    from matching.services.rounds import round_draft
    from matching.services.solving import round_solve
    from mentoring.models import Programme

    programme = Programme.objects.get(slug=SLUG)
    clock = Clock()
    made = round_draft(actor=None, programme=programme)
    clock.lap("draft")
    made = round_solve(actor=None, round=made, progress=phases(clock))
    clock.lap("store")
    made = round_publish(actor=None, round=made, revision=0, without_safeguarding=True)
    clock.lap("publish")
    return clock, made


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch(folder)
        clock, made = measure()
        mentees = made.people.filter(role="mentee").count()
        mentors = made.people.filter(role="mentor").count()
        write = sys.stdout.write
        pairs, points = made.proposals.count(), made.solution["total"]
        write(f"{mentees} mentees, {mentors} mentors, {pairs} pairs, {points:,} points\n")
        write("step | wall s | CPU s\n")
        for name, (wall, cpu) in clock.laps.items():
            write(f"{name} | {wall:.2f} | {cpu:.2f}\n")
        wall, cpu = (sum(lap[part] for lap in clock.laps.values()) for part in (0, 1))
        write(f"all | {wall:.2f} | {cpu:.2f}\n")
        if wall > LIMIT:
            sys.exit(f"The round took {wall:.1f} s, more than {LIMIT:.0f} s.")


if __name__ == "__main__":
    main()
