"""A file as rows of text: CSV in its usual dialects and encodings, or the first sheet of XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from zipfile import ZipFile

from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 20 * MAX_BYTES
MAX_ROWS = 20_000
MAX_COLUMNS = 200


class TableError(Exception):
    """The file cannot be read as a table; the message says what to do about it."""


@dataclass(frozen=True)
class Table:
    """`rows` hold one text per column; `numbers` the row of the file that each came from."""

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]


def read_table(content: bytes, filename: str) -> Table:
    """Parse `content`; the ending of `filename` tells CSV from XLSX.

    Raises TableError for an empty, too large or broken file, and for a header with an empty or
    a repeated name. Rows without any text are left out.
    """
    if not content.strip():
        raise TableError(_("The file is empty. Choose a file with a header row and people."))
    if len(content) > MAX_BYTES:
        raise TableError(_("The file is larger than 10 MB. Split it and import the parts."))
    if filename.lower().endswith(".xlsx"):
        lines = _xlsx_lines(content)
    elif filename.lower().endswith((".csv", ".txt", ".tsv")):
        lines = _csv_lines(content)
    else:
        raise TableError(_("This is no CSV or XLSX file. Save the list as CSV or Excel first."))
    return _table(lines)


def _table(lines: list[list[str]]) -> Table:
    if not lines:
        raise TableError(_("The file is empty. Choose a file with a header row and people."))
    columns = [name.strip() for name in lines[0]]
    while columns and not columns[-1]:
        columns.pop()
    _check_header(columns)
    rows, numbers = [], []
    for number, line in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if any(cells[len(columns) :]):
            raise TableError(
                _(
                    "Row %(row)s has more cells than row 1 has names. Does row 1 hold a title? "
                    "Delete that row. Otherwise look for a stray comma."
                )
                % {"row": number}
            )
        rows.append((cells + [""] * len(columns))[: len(columns)])
        numbers.append(number)
    if len(rows) > MAX_ROWS:
        raise TableError(_("The file has more than 20,000 rows. Split it and import the parts."))
    return Table(columns, rows, numbers)


def _check_header(columns: list[str]) -> None:
    if not columns or len(columns) > MAX_COLUMNS:
        raise TableError(_("The first row must hold the names of the columns."))
    for position, name in enumerate(columns, start=1):
        if not name:
            raise TableError(_("Column %(number)s has no name in row 1.") % {"number": position})
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise TableError(
            _("Two columns are called “%(name)s”. Give each its own name.") % {"name": repeated[0]}
        )


def _csv_lines(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\x00" in text:
        raise TableError(_("This is no CSV or XLSX file. Save the list as CSV or Excel first."))
    try:
        dialect = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t|")
        delimiter = dialect.delimiter
    except csv.Error:
        delimiter = ","
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return list(reader)
    except csv.Error as error:
        raise TableError(
            _("Row %(row)s cannot be read: a quotation mark is open or misplaced.")
            % {"row": reader.line_num}
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _xlsx_lines(content: bytes) -> list[list[str]]:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            raise ValueError(f"{unpacked} bytes unpacked")
        # Loaded for a file only: it takes a third of a second of every start.
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        return _lines(rows)
    except Exception as error:  # openpyxl hands on whatever the broken part raised
        raise TableError(
            _("This Excel file cannot be opened. Save it again as .xlsx, or as CSV.")
        ) from error


def _lines(rows: Iterable[Iterable[object]]) -> list[list[str]]:
    """All rows, to one filled row too many: enough to know that there are too many."""
    lines, filled = [], 0
    for row in rows:
        lines.append(_cells(row))
        filled += bool(lines[-1])
        if filled > MAX_ROWS + 1:
            break
    return lines


def _cells(row: Iterable[object]) -> list[str]:
    cells = [_cell(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(value: object) -> str:
    """A number of Excel without its decimal tail, a date as ISO, everything else as text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
