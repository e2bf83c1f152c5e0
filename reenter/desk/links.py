"""Addresses of pages in apps below, as the desk links to them."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def if_there(name: str, *args: Any) -> str:
    """The address, or nothing where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
