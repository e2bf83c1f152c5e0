"""How many chapters there are, and how plain they are: python -m tests.content.figures"""

import sys
from statistics import median

from handbook.readability import reading_ease

from .files import LANGUAGES, Chapter, load_chapters, load_series, parse_blocks, plain_text


def ease(page: Chapter) -> float:
    text = page.front["intro"] + "\n" + plain_text(parse_blocks(page.body))
    return reading_ease(text, page.language)


def main() -> None:
    for name, pages in (("chapters", load_chapters()), ("series", load_series())):
        for language in LANGUAGES:
            eases = {page.path.stem: ease(page) for page in pages if page.language == language}
            hardest = min(eases, key=eases.__getitem__)
            sys.stdout.write(
                f"{language} {len(eases)} {name}: "
                f"lowest {eases[hardest]:.1f} ({hardest}), median {median(eases.values()):.1f}\n"
            )


if __name__ == "__main__":
    main()
