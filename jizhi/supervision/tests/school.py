"""太安小学 with its adopted regulations, and its people in the browser."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.test import Client

import jizhi
from jizhi.access.actor import Actor, actor_of
from jizhi.access.middleware import ACTING
from jizhi.org.models import Seat, Term
from jizhi.org.tests.town import SINCE, Town, wanzhou
from jizhi.regulation.models import Adoption, Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.indicators import leaves
from jizhi.ui import clock

LIBRARY = Path(jizhi.__file__).parent / "library"
FILES = {"school.loop": "loop", "school.lesson": "lesson", "school.department": "department"}


def school() -> Town:
    """The town, with both schools running the shipped regulations, and one more inspector at 甘宁小学."""
    town = wanzhou()
    town.person("甘宁督学", "甘宁小学", "教师")
    town.body("甘宁小学", "督导组", 督学="甘宁督学")
    Term.objects.create(region="500000", school_year="2025-2026", name="第二学期", starts=date(2026, 3, 2), ends=date(2026, 7, 10))
    Term.objects.create(region="500000", school_year="2026-2027", name="第一学期", starts=date(2026, 9, 1), ends=date(2027, 1, 22))
    for code, file in FILES.items():
        text = (LIBRARY / f"{file}.yaml").read_text(encoding="utf-8")
        edition = Edition.objects.create(code=code, name=code, since=date(2024, 10, 1), text=text, digest=sha256(text.encode()).hexdigest())
        for unit in ("太安小学", "甘宁小学"):
            by = town.people["曾校长"]
            Adoption.objects.create(unit=town.units[unit], edition=edition, since=SINCE, by=by)
    return town


def acting(town: Town, name: str) -> Actor:
    """In the seat of a body where he has one."""
    actor = actor_of(town.people[name], today=clock.today())
    seat = next((held.key for held in actor.holdings if held.body), None)
    return actor_of(town.people[name], today=clock.today(), key=seat)


def browser(town: Town, name: str) -> Client:
    """Logged in, acting in the seat of a body where he has one."""
    client = Client(raise_request_exception=True)
    client.force_login(town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
    seat = Seat.objects.filter(person=town.people[name]).first()
    if seat:
        session = client.session
        session[ACTING] = f"s{seat.pk}"
        session.save()
    return client


def lesson(town: Town, **changes: Any) -> dict[str, Any]:
    """A lesson as it is typed in, with one problem that is only noted; a change of None leaves the field out."""
    edition = Edition.objects.get(code="school.lesson")
    standard = regulation_of(edition).standards["课堂"]
    typed: dict[str, Any] = {
        "person": town.people["教师丁"].pk,
        "day": clock.today().isoformat(),
        "fact-class": "五年级2班",
        "fact-subject": "语文",
        "fact-topic": "草船借箭",
        "methods": ["听", "看"],
        "strengths": "导入用对话分角色读，4 分钟切题。",
        "suggestions": "把提问放到默读之后，先写再说。",
        "key": "form-1",
        "p0-text": "连续讲授 19 分钟。",
        **{f"s-{leaf.code}": "良" for leaf in leaves(*standard.indicators)},
    }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def finding(row: int, text: str, town: Town, **changes: Any) -> dict[str, Any]:
    """One row of problems that becomes a finding for 教务处 and 教师丁."""
    typed = {
        "text": text,
        "finding": "on",
        "launch-0": "落实",
        "launch-1": "一般",
        "area": "教学过程与方法",
        "department": town.units["教务处"].pk,
        "person": town.people["教师丁"].pk,
    }
    return {f"p{row}-{name}": value for name, value in {**typed, **changes}.items()}
