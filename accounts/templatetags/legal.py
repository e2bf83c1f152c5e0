"""Showing a legal text: plain text in the database, headings, paragraphs and lists on the page."""

from __future__ import annotations

from django import template

register = template.Library()

HEADING_LENGTH = 60
SENTENCE_ENDS = (".", "?", "!", ":", ",")


@register.filter
def blocks(body: str) -> list[tuple[str, list[str]]]:
    """Parts of kind "heading", "list" or "paragraph" with their lines; nothing is mark-up.

    A first line that is short and no sentence is a heading.
    """
    parts: list[tuple[str, list[str]]] = []
    for part in body.split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            parts.append(("list", [line.removeprefix("- ") for line in lines]))
            continue
        if lines and _is_heading(lines[0]):
            parts.append(("heading", [lines.pop(0)]))
        if lines:
            parts.append(("paragraph", lines))
    return parts


def _is_heading(line: str) -> bool:
    return len(line) <= HEADING_LENGTH and not line.endswith(SENTENCE_ENDS)
