"""The number of a book: ten or thirteen digits, the last of which checks the others (ISO 2108)."""

from __future__ import annotations

import re

TEN = re.compile(r"\d{9}[\dX]")
THIRTEEN = re.compile(r"97[89]\d{10}")


def isbn13(text: str) -> str | None:
    """The thirteen digits of a number as people write it; None when it cannot be right."""
    digits = re.sub(r"[\s\u2010-\u2015-]", "", text).upper()
    if THIRTEEN.fullmatch(digits) and digits.isascii():
        return digits if digits[-1] == _last_digit(digits[:12]) else None
    if TEN.fullmatch(digits) and digits.isascii() and _is_valid_ten(digits):
        return f"978{digits[:9]}{_last_digit(f'978{digits[:9]}')}"
    return None


def _last_digit(twelve: str) -> str:
    total = sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(twelve))
    return str(-total % 10)


def _is_valid_ten(digits: str) -> bool:
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
