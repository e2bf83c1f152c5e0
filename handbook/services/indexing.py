"""The words of published chapters, kept so that search finds them.

A chapter is indexed anew in the transaction in which it is saved; `index_handbook` does all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from handbook import rendering, richtext, search, stems
from handbook.models import ChapterPage, SearchHit, SearchWord

# A word that begins like the query counts half, and still more than any word of a lower place.
TITLE, HEADING, TEXT = 100, 40, 10
MOST_TIMES = 9
BATCH = 500
_HEADING = re.compile(r"<h[23]\b[^>]*>(.*?)</h[23]>", re.S)


@receiver(post_save, sender=ChapterPage, dispatch_uid="handbook_chapter_index")
def _saved(
    instance: ChapterPage, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Publishing and unpublishing save the whole page; a draft saves a few fields of it."""
    if not raw and update_fields is None:
        chapter_index(instance)


@transaction.atomic
def chapter_index(page: ChapterPage) -> None:
    """Make the index agree with this chapter; one that is not published has no words in it."""
    SearchHit.objects.filter(page=page).delete()
    if not page.live:
        return
    weights = _weights(page)
    known = _words(page.locale.language_code, weights)
    SearchHit.objects.bulk_create(
        [SearchHit(page=page, word_id=known[word], weight=weights[word]) for word in weights],
        batch_size=BATCH,
    )


@transaction.atomic
def handbook_index() -> int:
    """Index every chapter anew and forget words that stand nowhere; how many chapters."""
    SearchHit.objects.all().delete()
    SearchWord.objects.all().delete()
    pages = ChapterPage.objects.live().select_related("locale").order_by("path")
    count = 0
    for page in pages.iterator(chunk_size=100):
        page.search_text = rendering.plain_text(page.raw_body)
        ChapterPage.objects.filter(pk=page.pk).update(search_text=page.search_text)
        chapter_index(page)
        count += 1
    return count


def _weights(page: ChapterPage) -> dict[str, int]:
    """What each word of a chapter weighs: its best place, then how often it stands there."""
    headings = (
        richtext.plain(found)
        for html in rendering.texts(page.raw_body)
        for found in _HEADING.findall(html)
    )
    weights: dict[str, int] = {}
    for word in search.words_in(page.search_text):
        weights[word] = min(weights.get(word, TEXT) + 1, TEXT + MOST_TIMES)
    for place, texts in ((HEADING, [page.intro, *headings]), (TITLE, [page.title])):
        for text in texts:
            for word in search.words_in(text):
                times = weights.get(word, 0) % 10
                weights[word] = max(weights.get(word, 0), place + times)
    return weights


def _words(language: str, words: Iterable[str]) -> dict[str, int]:
    """The rows of these words by word, made when they are new."""
    rows = SearchWord.objects.filter(language=language, word__in=list(words))
    known = dict(rows.values_list("word", "pk"))
    new = [
        SearchWord(language=language, word=word, stem=stem, root=root)
        for word in words
        if word not in known
        for stem, root in [stems.stems(language, word)]
    ]
    if not new:
        return known
    # Somebody else may publish the same new word at this moment.
    SearchWord.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
    return dict(rows.all().values_list("word", "pk"))
