"""``jizhi tick`` takes down what was public for long enough."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from jizhi.access.actor import SYSTEM
from jizhi.cli.main import main
from jizhi.org.tests.town import wanzhou
from jizhi.papers.actions import publish


@pytest.mark.django_db
@pytest.mark.req("X16")
def test_tick_takes_down_what_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    unit, today = wanzhou().units["太安小学"], timezone.localdate()
    posted = today - timedelta(days=40)
    publish("公示", unit=unit, title="旧公示", about=unit, snapshot={"fields": [["申请人", "张*"]]}, by=SYSTEM, today=posted, down_on=today)
    for expected in (1, 0):
        assert main(["tick", "--json"]) == 0
        assert sum("旧公示" in line for line in json.loads(capsys.readouterr().out)["done"]) == expected
