"""The demo's records and what came of them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

from jizhi.access.actor import actor_of
from jizhi.cli.demo.cast import Cast
from jizhi.cli.demo.papers import Papers
from jizhi.cli.demo.ranking import Ranking
from jizhi.cli.demo.stamp import noon, sketch
from jizhi.cli.demo.texts import DEPARTMENT_NOTES, LESSONS, MATTERS, Lesson, Matter
from jizhi.cli.demo.year import Diary, Turn, loop
from jizhi.kernel.workdays import china
from jizhi.org.models import Person
from jizhi.procedure.actions import act, tick
from jizhi.procedure.models import Case
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.language import Indicator, Standard
from jizhi.supervision import rules
from jizhi.supervision.actions.answers import answer_record
from jizhi.supervision.actions.records import FoundProblem, Scores, Written, submit_record
from jizhi.supervision.actions.tasks import plan_task
from jizhi.supervision.models import Record

KINDS = ("plain", "reply", "silent", "failed", "extended", "plain", "twice", "reply", "plain")
LEADS = 340  # days of history in the full school


def play(casts: list[Cast], *, today: date) -> None:
    """Everything of the year, in the order of days."""
    diary = Diary(today=today, calendar=china())
    for index, cast in enumerate(casts):
        _School(cast, diary, full=index == 0, seed=index).plan()
    diary.play()
    tick(today=today)


class _School:
    """Plans one school's records; each begins its findings' turns."""

    def __init__(self, cast: Cast, diary: Diary, *, full: bool, seed: int) -> None:
        self.cast, self.diary, self.full = cast, diary, full
        self.draw = random.Random(seed)  # noqa: S311 — a demo's variety, not a secret
        self.count = 0

    def plan(self) -> None:
        today = self.diary.today
        step = 9 if self.full else 70
        start = today - timedelta(days=LEADS if self.full else 200 + 3 * self.draw.randrange(10))
        day, number = start, 0
        while day <= today:
            workday = day if self.diary.calendar.is_workday(day) else self.diary.later(day, 1)
            if _term_time(workday):
                self._plan_one(workday, number)
                number += 1
            day += timedelta(days=step)
        if self.full:
            self._recent()

    def _plan_one(self, day: date, number: int) -> None:
        matters = [m for m in MATTERS if m.department in self.cast.departments]
        matter = matters[number % len(matters)]
        kind = KINDS[number % len(KINDS)] if self.full else "plain"
        if number % 3 == 2:
            self.diary.at(day, lambda on: self._department(on, matter, kind, number))
        else:
            lesson = LESSONS[number % len(LESSONS)]
            self.diary.at(day, lambda on: self._lesson(on, lesson, matter if number % 2 == 0 else None, kind, number))

    def _recent(self) -> None:
        """What is open today: one overdue, one waiting for every role of the loop."""
        today = self.diary.today
        open_now = (  # workdays ago, what, and how it went so far
            (28, MATTERS[0], "stuck"),  # overdue and told to the level above
            (16, MATTERS[1], "unchecked"),  # a recheck that is overdue
            (9, MATTERS[2], "reply"),
            (8, MATTERS[8], "extended"),
            (7, MATTERS[9], "plain"),
            (6, MATTERS[13], "plain"),
            (5, MATTERS[4], "plain"),  # waits for the principal
            (4, MATTERS[1], "plain"),  # waits for the recheck
            (3, MATTERS[12], "plain"),
            (2, MATTERS[0], "reply"),  # waits for the answer
            (1, MATTERS[3], "plain"),
        )
        for number, (ago, matter, kind) in enumerate(open_now, start=100):
            self.diary.at(self.diary.before(ago), partial(self._department, matter=matter, kind=kind, number=number))
        self.diary.at(today, self._tasks)
        Papers(self.cast, self.diary).plan()
        Ranking(self.cast, self.diary).plan()

    def _lesson(self, day: date, lesson: Lesson, matter: Matter | None, kind: str, number: int) -> None:
        teacher = self.cast.teachers[number % len(self.cast.teachers)]
        again = self.diary.later(day, 10) if self.full and number % 4 == 0 else None
        facts = {
            "班级": lesson.klass,
            "学科": lesson.subject,
            "课题": lesson.topic.strip("《》"),
            "节次": f"第{number % 6 + 1}节",
            "课型": "新授",
        }
        written = Written(
            kind=rules.LESSON,
            subject=teacher,
            day=day,
            methods=["听", "看"] if number % 2 else ["听", "查", "交流"],
            strengths=lesson.strength,
            problems=self._problems(lesson.problem, matter, teacher),
            suggestions=lesson.suggestion,
            facts={**facts, "听课方式": "推门" if number % 2 else "预约"},
            scores=self._scores("school.lesson", "课堂", number),
            follow_up_on=again,
            counts=number % 4 != 1,
        )
        made = self._submit("inspector" if number % 3 else "second", written, day, kind, matter, teacher)
        if made and self.full and number % 4 == 0:
            answer_day = self.diary.later(day, 1)
            self.diary.at(answer_day, lambda on: self._answer(made, teacher, on))
        if made and again:
            self.diary.at(again, partial(self._follow_up, made=made, lesson=lesson))

    def _follow_up(self, day: date, *, made: Record, lesson: Lesson) -> None:
        """What came of the guidance; the newest ones are still to come."""
        written = Written(
            kind=rules.LESSON_PLAN,
            subject=made.subject,
            day=day,
            methods=["查", "交流"],
            strengths=f"上次的建议已用在课上：{lesson.suggestion}",
            problems=[FoundProblem("改动只在一个单元，还没有成为习惯。")],
            suggestions="下一单元继续用，月底再看一次。",
            facts={"班级": lesson.klass, "学科": lesson.subject, "抽查范围": "近两周教案", "抽查份数": 4},
            follows=made,
        )
        who = next(key for key in ("inspector", "second") if self.cast.who[key] == made.inspector)
        submit_record(self.cast.unit, written, by=self.cast.actor(who, today=day), today=day, now=noon(day))

    def _department(self, day: date, matter: Matter, kind: str, number: int) -> None:
        department = self.cast.departments[matter.department]
        teacher = self.cast.teachers[number % len(self.cast.teachers)]
        strength, problem, suggestion = DEPARTMENT_NOTES[number % len(DEPARTMENT_NOTES)]
        written = Written(
            kind=rules.DEPARTMENT,
            subject=department,
            day=day,
            methods=["查", "看"] if number % 2 else ["查", "访"],
            strengths=strength,
            problems=self._problems(problem, matter, teacher),
            suggestions=suggestion,
            facts={"检查内容": "常规工作"},
            evidence=f"现场查看记录：{matter.title}，抽看 10 处，地点和时间记在检查记录里。",
            upload=sketch(number) if number % 4 == 0 else None,
        )
        self._submit("inspector", written, day, kind, matter, teacher)

    def _problems(self, plain: str, matter: Matter | None, teacher: Person) -> list[FoundProblem]:
        found = [FoundProblem(plain)]
        if matter:
            form = {"层面": matter.layer, "程度": matter.severity}
            department = self.cast.departments[matter.department]
            found.append(FoundProblem(matter.title, wanted=True, department=department, person=teacher, form=form))
        return found

    def _submit(self, who: str, written: Written, day: date, kind: str, matter: Matter | None, teacher: Person) -> Record | None:
        self.count += 1
        made = submit_record(self.cast.unit, written, by=self.cast.actor(who, today=day), today=day, now=noon(day))
        for finding in made.findings.all():
            assert matter is not None  # only a matter begins a case
            turns = list(loop(matter, kind, f"head:{matter.department}", inspector=who))
            self._next(finding.case_id, turns, teacher, day)
        return made

    def _next(self, case: int, turns: list[Turn], teacher: Person, day: date) -> None:
        """Put the next turn of a case in the diary."""
        if turns:
            turn = turns[0]
            self.diary.at(self.diary.later(day, turn.gap), lambda on: self._take(case, turns, teacher, on))

    def _take(self, case: int, turns: list[Turn], teacher: Person, day: date) -> None:
        turn = turns[0]
        form: dict[str, Any] = dict(turn.form)
        if turn.limit_days:
            form["整改时限"] = (day + timedelta(days=turn.limit_days)).isoformat()
        if turn.extend_days:
            form["至"] = (day + timedelta(days=turn.extend_days)).isoformat()
        if turn.who == "system":
            tick(today=day)
        else:
            by = actor_of(teacher, today=day) if turn.who == "person" else self.cast.actor(turn.who, today=day)
            moved = Case.objects.filter(about=case, procedure="约谈").latest("pk").pk if turn.of_talk else case
            act(moved, turn.step, turn.outcome, form, by=by, today=day, opinion=turn.opinion)
        self._next(case, turns[1:], teacher, day)

    def _answer(self, made: Record, teacher: Person, day: date) -> None:
        text = "谢谢指出。下一课已调整提问的顺序，请有空再来看看。"
        answer_record(made.pk, text, by=actor_of(teacher, today=day), today=day, now=noon(day))

    def _scores(self, code: str, name: str, number: int) -> Scores | None:
        edition = edition_in_force(self.cast.unit, code, on=self.diary.today)
        assert edition is not None  # adopted when the school was made
        standard = regulation_of(edition).standards[name]
        return Scores(edition=edition, standard=name, entries={leaf.code: self._grade(number) for leaf in leaves(standard)})

    def _grade(self, number: int) -> str:
        return self.draw.choices(("优", "良", "合格", "不合格"), (5 + number % 3, 5, 2, 0.2))[0]

    def _tasks(self, today: date) -> None:
        by = self.cast.actor("leader", today=today)
        inspectors = [self.cast.who["inspector"], self.cast.who["rechecker"]]
        for ahead, title, form, kind, subject in (
            (2, "期中常规检查：德育处", "regular", rules.DEPARTMENT, self.cast.departments["德育处"]),
            (4, "五年级语文听课", "routine", rules.LESSON, self.cast.teachers[2]),
            (6, "作业批改随机抽查", "random", rules.LESSON_PLAN, self.cast.teachers[5]),
        ):
            plan_task(
                self.cast.unit, title=title, form=form, kind=kind, subject=subject, planned_on=self.diary.later(today, ahead),
                inspectors=inspectors, by=by, today=today,
            )  # fmt: skip


def leaves(standard: Standard) -> list[Indicator]:
    """The indicators that are scored."""
    found: list[Indicator] = []
    todo = list(standard.indicators)
    while todo:
        indicator = todo.pop(0)
        todo = [*indicator.children, *todo]
        if not indicator.children:
            found.append(indicator)
    return found


def _term_time(day: date) -> bool:
    return not (day.month == 8 or (day.month == 7 and day.day > 8) or (day.month == 2 and day.day < 25))
