import io

import pytest
from openpyxl import Workbook

from mentoring.imports.tables import MAX_BYTES, TableError, read_table


def xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_reads_csv_as_people_export_it(delimiter, encoding):
    text = delimiter.join(["naam", "taal"]) + "\r\n" + delimiter.join(["José", "nl"]) + "\r\n\r\n"
    table = read_table(text.encode(encoding), "list.csv")
    assert table.columns == ["naam", "taal"]
    assert table.rows == [["José", "nl"]]
    assert table.numbers == [2]


def test_reads_xlsx_with_numbers_as_text():
    table = read_table(xlsx([["id", "name"], [7.0, "Anna"], [None, None], [8, None]]), "list.XLSX")
    assert table.rows == [["7", "Anna"], ["8", ""]]
    assert table.numbers == [2, 4]


def test_keeps_commas_and_lines_inside_quotes():
    table = read_table(b'name,pitch\nAnna,"bread, cake\nand pie"\n', "list.csv")
    assert table.rows == [["Anna", "bread, cake\nand pie"]]


@pytest.mark.parametrize(
    ("content", "filename", "message"),
    [
        (b"", "list.csv", "empty"),
        (b"  \n ", "list.csv", "empty"),
        (b"a,b\n1,2\n", "list.pdf", "no CSV or XLSX"),
        (b"a,a\n1,2\n", "list.csv", "Two columns"),
        (b"a,,c\n1,2,3\n", "list.csv", "Column 2 has no name"),
        (b"a,b\n1,2,3\n", "list.csv", "Row 2 has more cells"),
        (b'a,b\n1,"2\n', "list.csv", "quotation mark"),
        (b"a\x00b,c\n1,2\n", "list.csv", "no CSV or XLSX"),
        (b"PK\x03\x04 broken", "list.xlsx", "cannot be opened"),
        (b"plain text", "list.xlsx", "cannot be opened"),
        (b"x" * (MAX_BYTES + 1), "list.csv", "larger than 10 MB"),
    ],
)
def test_says_what_is_wrong_with_the_file(content, filename, message):
    with pytest.raises(TableError, match=message):
        read_table(content, filename)
