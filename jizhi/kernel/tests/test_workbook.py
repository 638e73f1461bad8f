"""Spreadsheets come as their cells, and one that would fill the memory comes as a sentence."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from jizhi.kernel.workbook import TooLarge, Unreadable, all_sheets, first_sheet


def with_sheet(cells: str) -> bytes:
    """A workbook whose sheet is written by hand."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "x")
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                content = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()
            target.writestr(item.filename, content)
    return changed.getvalue()


def test_cells_keep_their_kind() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("甲")
        sheet.write_row(0, 0, ["姓名", 3, 2.5, True])
        sheet.write_datetime(1, 0, date(2026, 3, 16), day)
        book.add_worksheet("乙").write(1, 1, "后")
    assert first_sheet(out.getvalue()) == [["姓名", 3.0, 2.5, True], [date(2026, 3, 16), "", "", ""]]
    assert all_sheets(out.getvalue())[1] == ("乙", [["", ""], ["", "后"]])


@pytest.mark.req("X06")
def test_a_cell_in_the_last_corner_ends_nothing() -> None:
    """One kilobyte, and half a terabyte laid out."""
    bomb = with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert len(bomb) < 10_000
    for read in (first_sheet, all_sheets):
        with pytest.raises(TooLarge):
            read(bomb)


def test_what_is_no_spreadsheet_is_said_so() -> None:
    for content in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 100):
        with pytest.raises(Unreadable):
            first_sheet(content)
