"""The village of this room's tests."""

import pytest

from jizhi.fund.tests.village import Village, village


@pytest.fixture
def place(db: None) -> Village:
    return village()
