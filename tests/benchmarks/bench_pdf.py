"""The PDF of the whole handbook in each language: python -m tests.benchmarks.bench_pdf

The product's own chapters as a facilitator reads them, each language in a process of its own.
Seconds of processor time (wall-clock time beside it) and the most memory that the process took.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time

from tests.benchmarks.bench_handbook import LANGUAGES, scratch


def measure(language: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch(folder)
        from handbook.models import HandbookIndexPage
        from handbook.pdf.edition import edition_of
        from handbook.rules import Audience
        from handbook.services import handbook_load, papers

        handbook_load(actor=None)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        book = HandbookIndexPage.objects.get(locale__language_code=language)
        cpu, wall = time.process_time(), time.perf_counter()
        edition = edition_of(book, frozenset(Audience))
        content, pages = papers._typeset(edition, lambda phase, fraction: None)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"{language}: {len(edition.chapters)} chapters, {pages} pages, "
            f"{len(content) / 1024:.0f} KiB, {cpu:.1f} s of processor ({wall:.1f} s by the clock), "
            f"{most:.0f} MiB at most ({before:.0f} before)\n"
        )


def main() -> None:
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for language in LANGUAGES:  # each in a process of its own, so that memory is its own
        command = [sys.executable, "-m", "tests.benchmarks.bench_pdf", language]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
