"""``jizhi ledger export``."""

from pathlib import Path

import pytest

from jizhi.cli.main import main
from jizhi.fund.tests.village import village

pytestmark = pytest.mark.django_db


@pytest.mark.req("F05")
def test_a_ledger_is_exported_by_village(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    village().give(1000)
    file = tmp_path / "fund.beancount"
    assert main(["ledger", "export", "511603108201", "--out", str(file)]) == 0
    assert main(["ledger", "export", "虎城村"]) == 0
    assert capsys.readouterr().out == file.read_text()
    assert "Assets:Bank:YinHangCunKuan  1000.00 CNY" in file.read_text()
    assert main(["ledger", "export", "没有村"]) == 1
    assert "没有“没有村”的帮扶基金" in capsys.readouterr().err
