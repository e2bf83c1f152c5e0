"""The handbook with 300 chapters in each language: python -m tests.benchmarks.bench_handbook

The chapters are those of the product, again and again, each with words of its own, so that the
list of words grows as it would. A chapter is read by a visitor, and by somebody who marked half of
the handbook as read; the words of the glossary are explained in it. Milliseconds of processor time
from request to answer, with an empty SQLite database of its own, or on PostgreSQL when
`BENCH_DATABASE_URL` names one. Fails when a goal is missed.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

CHAPTERS, LANGUAGES = 300, ("nl", "en")
PART = 25
WORDS_OF_ITS_OWN = 30
TIMES = 30
CHAPTER_MS, SEARCH_MS, MOST_QUERIES = 30.0, 100.0, 12
SEARCHES = {
    "nl": ("gesprek", "gespek", "mentoring", "een goed gesprek met je mentor", "ondernmeingsplan"),
    "en": ("meeting", "mentro", "coaching", "a good talk with your mentor", "entreprenuership"),
}


def scratch(folder: str) -> None:
    """Django on an empty, migrated database."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "reenter.settings.local",
        "DJANGO_DEBUG": "False",
        "DJANGO_ALLOWED_HOSTS": "testserver",
        "REENTER_VAR": folder,
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3"),
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def world() -> None:
    """300 chapters per language, in parts of 25."""
    from handbook.content_files import read_book, stream_blocks
    from handbook.file_blocks import NOTHING, Finder
    from handbook.models import ChapterPage
    from handbook.services.entries import glossary_load
    from tests.factories import handbook as make

    glossary_load(actor=None)
    for language in LANGUAGES:
        chapters = read_book(language).chapters
        own = _words_of_its_own(chapters)
        book = make.book(language)
        part = None
        for number, chapter in zip(range(CHAPTERS), itertools.cycle(chapters), strict=False):
            if number % PART == 0:
                part = make.part(book)
            words = " ".join(itertools.islice(own, WORDS_OF_ITS_OWN))
            last = ChapterPage.objects.order_by("-pk").values_list("pk", flat=True).first()
            find = Finder(chapter=lambda key, last=last: last, image=NOTHING.image)
            body = stream_blocks(chapter, find)
            body.append(make.text(f"<h2>{chapter.title}</h2><p>{words}.</p>"))
            make.chapter(part, title=f"{chapter.title} {number}", intro=chapter.intro, body=body)


def _words_of_its_own(chapters: Any) -> Iterator[str]:
    """Made-up compounds of the words of the chapters, as Dutch makes them every day."""
    text = " ".join(line for c in chapters for block in c.blocks for line in block.lines)
    words = sorted({word.lower() for word in text.split() if word.isalpha() and len(word) > 4})
    step = 7919  # a prime, so that neighbours in the alphabet do not meet
    for number in itertools.count():
        yield words[number * step % len(words)] + words[number * number % len(words)]


def reader(language: str) -> Any:
    """Somebody signed in who marked every other chapter as read."""
    from django.test import Client

    from handbook.models import ChapterPage, ChapterRead
    from tests.factories import accounts as make

    user = make.user(language=language)
    keys = ChapterPage.objects.filter(locale__language_code=language).order_by("path")
    for key in keys.values_list("translation_key", flat=True)[::2]:
        ChapterRead.objects.create(user=user, translation_key=key)
    client = Client()
    client.force_login(user)
    return client


def measure(client: Any, address: str, query: dict[str, str]) -> tuple[float, int]:
    """Median milliseconds of many times, and the number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, query)
    queries = len(captured)  # the next request forgets them
    if response.status_code != 200:
        raise SystemExit(f"{address} answers {response.status_code}.")
    spent = []
    for _turn in range(TIMES):
        start = time.process_time()
        client.get(address, query)
        spent.append(time.process_time() - start)
    return 1000 * statistics.median(spent), queries


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch(folder)
        begin = time.process_time()
        world()
        made = time.process_time() - begin
        sys.exit(report(made))


def report(made: float) -> str | None:
    """The table; what was missed, if anything."""
    from django.test import Client
    from django.urls import reverse

    from handbook.models import ChapterPage, SearchHit, SearchWord
    from handbook.services import handbook_index

    begin = time.process_time()
    handbook_index()
    again = time.process_time() - begin
    sys.stdout.write(
        f"{ChapterPage.objects.count()} chapters, {SearchWord.objects.count()} words, "
        f"{SearchHit.objects.count()} hits; made in {made:.1f} s, indexed again in {again:.1f} s\n"
        "page | CPU ms | queries | goal\n"
    )
    visitor, missed = Client(), []
    for language in LANGUAGES:
        page = ChapterPage.objects.filter(locale__language_code=language).order_by("path")[150]
        name = f"{language} chapter page own work"
        rows: list[tuple[str, Client, str, dict[str, str], float]] = [
            (name, visitor, page.url, {}, CHAPTER_MS),
            (f"{name}, signed in", reader(language), page.url, {}, CHAPTER_MS),
        ]
        search = reverse("handbook:search")
        for words in SEARCHES[language]:
            query = {"q": words, "language": language}
            rows.append((f"{language} search “{words}”", visitor, search, query, SEARCH_MS))
        for name, client, address, query, most in rows:
            spent, queries = measure(client, address, query)
            passed = spent < most and queries <= MOST_QUERIES
            missed += [] if passed else [name]
            verdict = "pass" if passed else "miss"
            sys.stdout.write(f"{name} | {spent:.1f} | {queries} | < {most:.0f} ms, {verdict}\n")
    return f"Missed: {', '.join(missed)}." if missed else None


if __name__ == "__main__":
    main()
