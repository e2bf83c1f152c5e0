"""From HTML to a tagged PDF. The only module that knows WeasyPrint; load it when a PDF is made.

WeasyPrint needs libraries of the system (pango). Where they are missing this module cannot be
loaded and raises OSError: `handbook.services.papers` turns that into words.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.urls import URLFetcher, URLFetcherResponse

# WeasyPrint lets the whole process take pictures that are cut off; an upload of one is refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False

logger = logging.getLogger(__name__)

VARIANT = "pdf/ua-1"
Read = Callable[[], bytes]

# It tells each page, and nobody but `_telling` below wants to know.
PROGRESS_LOGGER.setLevel(logging.INFO)
PROGRESS_LOGGER.propagate = False


class GivenFilesOnly(URLFetcher):
    """Hands out the files that came with the document, by name; every other address is refused."""

    def __init__(self, files: Mapping[str, Read]) -> None:
        super().__init__(allowed_protocols=())
        self.files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url not in self.files:
            logger.warning("pdf_address_refused scheme=%s", url.partition(":")[0][:20])
            raise ValueError("This address is not part of the document.")
        return URLFetcherResponse(url, self.files[url]())


def typeset(
    html: str,
    *,
    css: str,
    base_url: str,
    files: Mapping[str, Read],
    on_page: Callable[[int], None],
) -> tuple[bytes, int]:
    """The PDF and its number of pages; `on_page` hears of each page that is laid out."""
    fetcher = GivenFilesOnly(files)
    with _telling(on_page):
        style = CSS(string=css, url_fetcher=fetcher, base_url=base_url)
        source = HTML(string=html, base_url=base_url, url_fetcher=fetcher)
        document = source.render(stylesheets=[style], pdf_variant=VARIANT)
    return document.write_pdf(pdf_variant=VARIANT), len(document.pages)


@contextmanager
def _telling(on_page: Callable[[int], None]) -> Iterator[None]:
    """Pass on the pages of this thread; other workers may set type at the same time."""
    thread = threading.get_ident()
    count = 0

    class Pages(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            nonlocal count
            if record.thread == thread and "Page %d" in str(record.msg):
                count += 1
                on_page(count)

    handler = Pages()
    PROGRESS_LOGGER.addHandler(handler)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(handler)
