"""Fixtures of the commands' tests."""

import json
from typing import Any

import pytest

from jizhi.cli.main import main
from jizhi.cli.tests.log import Read


@pytest.fixture
def verified(capsys: pytest.CaptureFixture[str]) -> Read:
    """``jizhi verify --json`` with its exit code."""

    def read(*words: str) -> dict[str, Any]:
        capsys.readouterr()
        code = main(["verify", "--json", *words])
        return {"code": code, **json.loads(capsys.readouterr().out)}

    return read
