"""虎城镇 with two villages, its people, a poll and its roll; and what a browser does there."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Level
from jizhi.org.tests.town import Town
from jizhi.polling.actions import Settings, import_roll, issue_mark, make_poll, open_poll, print_slips
from jizhi.polling.models import Channel, Poll, PollKind

TODAY = date(2026, 11, 23)
GRADES = (("优秀", "100"), ("称职", "80"), ("基本称职", "60"), ("不称职", "0"))
GROUPS = (("领导", "30"), ("党员代表", "30"), ("村民代表", "40"))


@dataclass
class Place:
    town: Town

    def actor(self, name: str) -> Actor:
        return actor_of(self.town.people[name], today=TODAY)

    def browser(self, name: str) -> Client:
        client = Client()
        client.force_login(self.town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
        return client


def place() -> Place:
    town = Town()
    town.unit("前锋区", Level.COUNTY, code="511603")
    for name in ("虎城镇", "观阁镇"):
        town.unit(name, Level.TOWN, "前锋区")
    for name in ("虎城村", "紫龙村"):
        town.unit(name, Level.VILLAGE, "虎城镇")
    town.person("书记甲", "虎城镇", "乡镇党委书记", head=True)
    for name in ("干事乙", "干事丙", "干事丁"):
        town.person(name, "虎城镇", "干事")
    town.person("外镇书记", "观阁镇", "乡镇党委书记", head=True)
    return Place(town)


def drafted(here: Place, **changes: Any) -> Poll:
    """A poll about both villages, with two of the staff named."""
    town = here.town
    settings = {"least": "2/3", "grades": GRADES, **changes}
    return make_poll(
        town.units["虎城镇"], kind=PollKind.POLL, title="年度民意测评", settings=Settings(**settings),
        subjects=[town.units["虎城村"], town.units["紫龙村"]], staff=[town.people["干事乙"], town.people["干事丙"]],
        by=here.actor("书记甲"), today=TODAY,
    )  # fmt: skip


def table(rows: list[tuple[str, ...]], heads: tuple[str, ...] = ("编号", "姓名", "组别", "单位或村组")) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([heads, *rows]):
            sheet.write_row(number, 0, line)
    return out.getvalue()


def people(count: int, group: str = "", *, start: int = 1) -> list[tuple[str, ...]]:
    return [(f"R{number:03d}", f"村民{number}", group, "") for number in range(start, start + count)]


def opened(here: Place, rows: list[tuple[str, ...]], poll: Poll | None = None, **changes: Any) -> Poll:
    poll = poll or drafted(here, **changes)
    if rows:
        import_roll(poll.pk, table(rows), by=here.actor("书记甲"), today=TODAY)
    return open_poll(poll.pk, by=here.actor("书记甲"), today=TODAY)


def handed_out(here: Place, poll: Poll, count: int) -> list[str]:
    """Codes of slips, handed to the first people of the roll."""
    codes = [code for _, code in print_slips(poll.pk, by=here.actor("干事乙"), today=TODAY)]
    numbers = list(poll.roll.values_list("number", flat=True)[:count])
    issue_mark(poll.pk, numbers, Channel.SLIP, by=here.actor("干事乙"), today=TODAY)
    return codes


def ticks(poll: Poll, *places: int) -> dict[str, str]:
    """A ballot as typed: the place of the chosen grade per subject."""
    return {f"i{item.pk}": str(place) for item, place in zip(poll.items.all(), places, strict=True)}


def vote(code: str, poll: Poll, *places: int) -> Any:
    return Client().post(reverse("ballot", args=[code]), ticks(poll, *places))


def on_tablet(here: Place, poll: Poll, pin: str = "2468") -> Client:
    """A device that was handed to the hall."""
    device = here.browser("干事乙")
    device.post(reverse("poll_tablet", args=[poll.pk]), {"pin": pin})
    return device


def upload(content: bytes, name: str = "roll.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
