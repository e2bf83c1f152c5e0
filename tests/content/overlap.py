"""Words in a row that our texts share with another one: python -m tests.content.overlap SOURCE.txt

The RE-ENTER handbook is not ours to hand on, so its text is not in the repository: save it as
plain text and name that file. Exit code 1 when any text here shares eight words in a row with it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from handbook.readability import WORD

from .files import ROOT

LEAST = 8
TEXTS = (
    "handbook/content/**/*.md",
    "handbook/content/*.json",
    "accounts/data/*.json",
    "locale/**/*.po",
)
# The funder asks that this is printed as it is.
DISCLAIMER = re.compile(r"The European Commission support.*?contained therein", re.S)


def words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(DISCLAIMER.sub("", text))]


def runs(source: list[str], text: list[str]) -> Iterator[str]:
    """The longest runs of LEAST words or more that stand in both."""
    known = {tuple(source[at : at + LEAST]) for at in range(len(source) - LEAST + 1)}
    start = None
    for at in range(len(text) + 1):
        if tuple(text[at : at + LEAST]) in known:
            start = at if start is None else start
        elif start is not None:
            yield " ".join(text[start : at + LEAST - 1])
            start = None


def main(path: str) -> int:
    source = words(Path(path).read_text(encoding="utf-8"))
    files = sorted(file for pattern in TEXTS for file in ROOT.glob(pattern))
    found = [
        (file, run)
        for file in files
        for run in runs(source, words(file.read_text(encoding="utf-8")))
    ]
    for file, run in found:
        sys.stdout.write(f"{file.relative_to(ROOT)}: {run}\n")
    sys.stdout.write(f"{len(files)} files, {len(found)} runs of {LEAST} words or more\n")
    return int(bool(found))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
