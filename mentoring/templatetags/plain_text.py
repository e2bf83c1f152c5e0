"""Long plain text on a page: paragraphs, short headings and lists, always escaped."""

from __future__ import annotations

from django import template

register = template.Library()

LONGEST_HEADING = 60


@register.filter
def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Splits a text at empty lines into ("list" | "heading" | "paragraph", lines)."""
    made: list[tuple[str, list[str]]] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines:
            made.append(_block(lines))
    return made


def _block(lines: list[str]) -> tuple[str, list[str]]:
    if all(line.startswith("- ") for line in lines):
        return "list", [line[2:] for line in lines]
    alone = len(lines) == 1 and len(lines[0]) <= LONGEST_HEADING
    if alone and not lines[0].endswith((".", "?", "!", ":")):
        return "heading", lines
    return "paragraph", lines
