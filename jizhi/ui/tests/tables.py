"""An exported table as a test reads it."""

import io

import openpyxl
from django.test import Client

from jizhi.ui.export import XLSX


def rows_of(client: Client, address: str) -> list[tuple[object, ...]]:
    """The rows of all sheets without their heads."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.headers["Content-Type"] == XLSX, address
    return [row for sheet in openpyxl.load_workbook(io.BytesIO(answer.content)) for row in sheet.iter_rows(min_row=2, values_only=True)]
