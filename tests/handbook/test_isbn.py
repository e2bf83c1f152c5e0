"""The number on the back of a book, as people write it."""

import pytest

from handbook.isbn import isbn13


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("9780306406157", "9780306406157"),
        ("978-0-306-40615-7", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("0 8044 2957 X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("979\u20110\u20112600\u20110043\u20118", "9790260000438"),
        ("9780306406158", None),
        ("0306406153", None),
        ("9770306406157", None),
        ("97803064061", None),
        ("978030640615\u0667", None),
        ("ISBN 9780306406157", None),
        ("", None),
    ],
)
def test_a_number_is_checked_by_its_last_digit(written, number):
    assert isbn13(written) == number
