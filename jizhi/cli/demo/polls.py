"""A school listens before it decides: a symposium, two questionnaires that are closed (one under names), a poll of its departments
that runs and one of its deputies in five aspects that was counted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Level, Person, Unit
from jizhi.org.queries import people_in, subtree
from jizhi.polling import box
from jizhi.polling.actions import (
    Question,
    Settings,
    add_opinion,
    answer_opinion,
    close_poll,
    enter_named,
    finish_symposium,
    import_roll,
    issue_mark,
    make_poll,
    open_poll,
    print_slips,
    record_symposium,
)
from jizhi.polling.models import Channel, Poll, PollKind

MATTER = "冬季作息时间调整方案"
QUESTIONS = (
    Question("single", "早上到校时间推迟到几点合适", ("7:50", "8:00", "8:10")),
    Question("multi", "调整以后您最担心什么", ("接送不便", "早餐时间", "课后服务", "没有担心")),
    Question("scale", "对现在的作息满意吗"),
    Question("text", "还有什么想说的"),
)
WORDS = {2: "早上校门口人太挤，希望分年级错开。", 5: "低年级可以再晚一点。", 9: "课后服务结束时间也请一起调。"}


def listen(school: Unit, principal: Person, *, today: date) -> None:
    """All by the principal, with two teachers as staff."""
    teachers = list(people_in(school).filter(number__startswith=principal.number[:3]).exclude(pk=principal.pk).order_by("pk")[:40])
    day = today - timedelta(days=30)
    _symposium(school, actor_of(principal, today=day), teachers, day)
    day = today - timedelta(days=20)
    _questionnaire(school, actor_of(principal, today=day), teachers, day)
    _poll(school, actor_of(principal, today=today), teachers, today)
    _named(school, actor_of(principal, today=day), teachers, day)
    _aspects(school, actor_of(principal, today=day), teachers, day)


def _symposium(school: Unit, by: Actor, teachers: list[Person], day: date) -> None:
    attendees = [*((one.name, "教师代表", True) for one in teachers[20:25]), ("周晓梅", "家长代表", False)]
    found = record_symposium(
        school, topic="冬季作息时间调整座谈会", day=day, place="学校会议室", chair="校长", precedes=MATTER, edition=None,
        minutes="校长介绍了调整的考虑。教师代表谈了早读和课后服务的安排，建议先听家长意见再定。", attendees=attendees, by=by, today=day,
    )  # fmt: skip
    for text, taken, answer in (
        ("先做一次问卷，听听家长和教师的意见", "采纳", "已安排问卷"),
        ("全校统一推迟半小时", "没有采纳", "双职工家庭接送有困难，推迟多少以问卷为准"),
    ):
        answer_opinion(add_opinion(found.pk, text=text, by=by, today=day).pk, taken=taken, answer=answer, by=by, today=day)
    finish_symposium(found.pk, by=by, today=day)


def _questionnaire(school: Unit, by: Actor, teachers: list[Person], day: date) -> None:
    poll = make_poll(
        school, kind=PollKind.SURVEY, title="冬季作息时间调整问卷", settings=Settings("1/2"), staff=teachers[:2], questions=QUESTIONS,
        intro="冬季作息要调整，先听大家的意见。不记名。", precedes=MATTER, by=by, today=day,
    )  # fmt: skip
    codes = _ready(poll, by, teachers[:20], day, issued=14)
    for number, code in enumerate(codes[:12]):
        box.cast(code, [number % 3, [number % 4], 2 + number % 3, WORDS.get(number)], poll=poll)
    numbers = [one.number for one in teachers[14:16]]
    issue_mark(poll.pk, numbers, Channel.PAPER, by=by, today=day)
    for place, paper in enumerate(numbers):
        box.cast_paper(f"demo {paper}", [1, [place], 3, None], poll=poll, group="")
    _close(poll, teachers[0], by, day)


def _named(school: Unit, by: Actor, teachers: list[Person], day: date) -> None:
    """Who will take on what: needs names."""
    questions = [
        Question("single", "愿意承担课后服务吗", ("愿意，每周两天", "愿意，每周一天", "这学期不方便")),
        Question("text", "可以开什么课"),
    ]
    settings = Settings("1/2", named=True)
    poll = make_poll(
        school, kind=PollKind.SURVEY, title="课后服务意向登记", settings=settings, staff=teachers[:2], questions=questions,
        intro="安排课后服务要知道每位老师的意向，所以这一份记名。", by=by, today=day,
    )  # fmt: skip
    _rolled(poll, by, teachers[:10], day)
    codes = [code for _, code in print_slips(poll.pk, by=by, today=day)]
    for number, code in enumerate(codes[:7]):
        box.cast_named(code, [number % 3, ("书法", "围棋", None)[number % 3]], poll=poll)
    enter_named(poll.pk, teachers[8].number, [1, "合唱"], by=by, today=day)
    _close(poll, teachers[0], by, day)


def _aspects(school: Unit, by: Actor, teachers: list[Person], day: date) -> None:
    grades = (("优秀", "100"), ("称职", "80"), ("基本称职", "60"), ("不称职", "0"))
    poll = make_poll(
        school, kind=PollKind.POLL, title="学校中层干部民主测评", settings=Settings("2/3", grades, aspects=tuple("德能勤绩廉")),
        staff=teachers[:3], subjects=teachers[20:22], by=by, today=day,
    )  # fmt: skip
    for number, code in enumerate(_ready(poll, by, teachers[:20], day, issued=20)[:18]):
        box.cast(code, [(number * at) % 3 // 2 for at in range(1, 11)], poll=poll)
    _close(poll, teachers[0], by, day)


def _close(poll: Poll, witness: Person, by: Actor, day: date) -> None:
    close_poll(poll.pk, witness=witness, by=by, today=day, now=timezone.make_aware(datetime.combine(day, time(17))))


def _poll(school: Unit, by: Actor, teachers: list[Person], day: date) -> None:
    departments = list(subtree(school).filter(level=Level.DEPARTMENT)[:4])
    grades = (("满意", "100"), ("比较满意", "80"), ("一般", "60"), ("不满意", "0"))
    poll = make_poll(
        school, kind=PollKind.POLL, title="本学期处室服务测评", settings=Settings("2/3", grades, abstain=True), staff=teachers[:3],
        subjects=departments, intro="给各处室这学期的服务评一个等次。", by=by, today=day,
    )  # fmt: skip
    for number, code in enumerate(_ready(poll, by, teachers, day, issued=12)[:9]):
        box.cast(code, [(number + place) % 4 for place in range(len(departments))], poll=poll)


def _ready(poll: Poll, by: Actor, people: list[Person], day: date, *, issued: int) -> list[str]:
    """Opened, with slips for the first of the roll; their codes."""
    _rolled(poll, by, people, day)
    codes = [code for _, code in print_slips(poll.pk, by=by, today=day)]
    issue_mark(poll.pk, [one.number for one in people[:issued]], Channel.SLIP, by=by, today=day)
    return codes


def _rolled(poll: Poll, by: Actor, people: list[Person], day: date) -> None:
    lines = ["编号,姓名", *(f"{one.number},{one.name}" for one in people)]
    import_roll(poll.pk, "\n".join(lines).encode(), by=by, today=day)
    open_poll(poll.pk, by=by, today=day)
