"""The forms by which polls, questionnaires and symposia are made, and drafts changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from jizhi.org.models import Person, Unit
from jizhi.org.queries import people_in, units_open
from jizhi.polling import rules
from jizhi.polling.actions import Question, Settings, Subject, Typed
from jizhi.polling.forms.fields import Key, Lines, One, Several
from jizhi.polling.models import ItemKind, Poll
from jizhi.regulation.models import Edition

OFFERED = 300  # people and units listed for ticking
QUESTIONS, MORE, MOST = 4, 4, 24  # rows of a new questionnaire, rows added at once, rows at most
ASKED = [(kind.value, kind.label) for kind in ItemKind if kind != ItemKind.GRADE]


def _people(unit: Unit, today: date) -> Any:
    here = people_in(unit).exclude(left_on__lt=today)
    return here.filter(pk__in=here.order_by("unit__path", "pk").values("pk")[:OFFERED])


class _Staffed(forms.Form):
    title = forms.CharField(label="名称", max_length=80, error_messages={"required": "写一个名称"})
    intro = Lines(label="卷首说明", required=False, rows=3, most=1000, help_text="为什么问、谁来看、用在哪里")
    staff = Several(
        Person.objects.none(),
        label="工作人员",
        widget=forms.CheckboxSelectMultiple,
        help_text="发票、录入、监票和见证的人，您本人不用选；录入和监票要两个人",
        error_messages={"required": "至少选一位工作人员"},
    )
    least = forms.CharField(
        label="最低收回",
        max_length=12,
        initial="2/3",
        help_text="应到人数的几分之几（例：2/3），或者人数（例：30）；不到的不启封、不公布结果",
        error_messages={"required": "写明收回多少才公布结果"},
    )
    key = Key()

    def __init__(self, *args: Any, unit: Unit, today: date, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        staff = self.fields["staff"]
        assert isinstance(staff, forms.ModelMultipleChoiceField)
        staff.queryset = _people(unit, today).exclude(pk=person.pk if person else None)

    def clean_least(self) -> str:
        least: str = self.cleaned_data["least"]
        if problem := rules.least_problem(least):
            raise forms.ValidationError(problem)
        return least.strip().replace("／", "/")


class PollForm(_Staffed):
    """A poll about units or people. Grades and groups of the unit's last poll stand there already."""

    field_order = ["title", "intro", "subject_units", "subject_people", "aspects", "grades", "groups"]
    subject_units = Several(Unit.objects.none(), label="测评哪些单位", required=False, widget=forms.CheckboxSelectMultiple)
    subject_people = Several(Person.objects.none(), label="测评哪些人", required=False, widget=forms.CheckboxSelectMultiple)
    aspects = forms.CharField(
        label="评价项目",
        max_length=220,
        required=False,
        help_text="每个对象分几项各评一个等次的，写项目，例：德、能、勤、绩、廉；按整体评一个等次的留空",
    )
    grades = Lines(
        label="等次和分值",
        help_text="每行一个，从高到低，例：优秀 100",
        error_messages={"required": "写明等次和分值，每行一个，例：优秀 100"},
    )
    groups = Lines(
        label="分组和权重",
        required=False,
        rows=3,
        help_text="每行一组，合计 100，例：村民代表 40；不分组的留空，人人同样算。有效票不足 5 份的组，为保密和别的组合并计分，权重相加",
    )
    most_best = forms.IntegerField(
        label="每票最多几个最高等次",
        required=False,
        min_value=1,
        max_value=500,
        help_text="不限的留空；分项评的，每一项各自限",
        error_messages={"invalid": "请填整数", "min_value": "至少 1 个，不限的留空", "max_value": "数太大，请核对"},
    )
    abstain = forms.BooleanField(label="可以弃权", required=False)
    abstain_counts = forms.BooleanField(label="弃权计入有效票（按 0 分）", required=False)

    def __init__(self, *args: Any, unit: Unit, today: date, person: Person | None, **kwargs: Any) -> None:
        if not kwargs.get("initial") and (last := Poll.objects.filter(unit=unit).exclude(grades=[]).order_by("-pk").first()):
            kwargs["initial"] = {"grades": _lines(last.grades), "groups": _lines(last.groups), "least": last.least}
        super().__init__(*args, unit=unit, today=today, person=person, **kwargs)
        below = units_open(unit, on=today).filter(depth=unit.depth + 1)
        self._offer("subject_units", below.filter(pk__in=below.values("pk")[:OFFERED]))
        self._offer("subject_people", _people(unit, today))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows
        if not rows.exists():
            del self.fields[name]

    def clean_aspects(self) -> tuple[str, ...]:
        found, problem = rules.aspects_read(self.cleaned_data["aspects"])
        if problem:
            raise forms.ValidationError(problem)
        return found

    def clean_grades(self) -> list[tuple[str, str]]:
        found, problem = rules.grades_read(self.cleaned_data["grades"])
        if problem:
            raise forms.ValidationError(problem)
        return [(grade.name, str(grade.points)) for grade in found]

    def clean_groups(self) -> list[tuple[str, str]]:
        found, problem = rules.groups_read(self.cleaned_data["groups"])
        if problem:
            raise forms.ValidationError(problem)
        return [(name, str(weight)) for name, weight in found.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("subject_units") and not data.get("subject_people"):
            name = "subject_units" if "subject_units" in self.fields else "subject_people"
            if name in self.fields and name not in self.errors:
                self.add_error(name, "至少选一个测评对象")
        return data

    @property
    def subjects(self) -> list[Subject]:
        return [*self.cleaned_data.get("subject_units", ()), *self.cleaned_data.get("subject_people", ())]

    @property
    def settings(self) -> Settings:
        data = self.cleaned_data
        names = ("least", "grades", "groups", "most_best", "abstain", "abstain_counts", "aspects")
        return Settings(**{name: data[name] for name in names})

    @property
    def typed(self) -> Typed:
        data = self.cleaned_data
        return {
            "title": data["title"], "intro": data["intro"], "settings": self.settings, "staff": list(data["staff"]),
            "subjects": self.subjects,
        }  # fmt: skip


class SurveyForm(_Staffed):
    """The head of a questionnaire; its questions are QuestionRows."""

    field_order = ["title", "intro", "precedes", "edition", "named", "least", "wall", "staff"]
    named = forms.ChoiceField(
        label="记名还是不记名",
        choices=[("no", "不记名"), ("yes", "实名")],
        initial="no",
        required=False,
        widget=forms.RadioSelect,
        help_text="实名的，每人凭印着本人姓名的凭条填写，封存后组织人看得到谁填了什么；不记名的，谁也看不到是谁填的",
        error_messages={"invalid_choice": "请选不记名或者实名"},
    )
    precedes = forms.CharField(
        label="为哪项决定或制度征求意见", max_length=120, required=False, help_text="例：作息时间调整方案；没有的留空"
    )
    edition = One(Edition.objects.none(), label="本单位的哪一版制度", required=False, empty_label="不针对制度")
    wall = forms.BooleanField(
        label="另开一个公开链接",
        required=False,
        help_text="可以贴在墙上或者发到群里；打开的人不用凭条，因此不能保证一人只填一份，结果里单独计",
    )

    def __init__(self, *args: Any, editions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _editions(self, editions)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["named"] = data.get("named") == "yes"
        if data["named"] and data.get("wall"):
            self.add_error("wall", "实名问卷不能另开公开链接：打开的人是谁没有办法核实。请去掉一个")
        return data

    def typed(self, questions: list[Question]) -> Typed:
        data = self.cleaned_data
        return {
            "title": data["title"], "intro": data["intro"], "precedes": data["precedes"], "edition": data.get("edition"),
            "settings": Settings(data["least"], wall=data["wall"], named=data["named"]), "staff": list(data["staff"]),
            "questions": questions,
        }  # fmt: skip


@dataclass
class Row:
    """One row of questions as typed: kind, text and options, with what is wrong."""

    number: int
    kind: str = ItemKind.SINGLE
    text: str = ""
    options: str = ""
    problem: str = ""

    @property
    def shown(self) -> int:
        return self.number + 1


class QuestionRows:
    """The questions of a questionnaire. Rows without a text are left out."""

    def __init__(self, data: Mapping[str, str] | None = None, *, poll: Poll | None = None) -> None:
        if data is None and poll is not None:
            data = _rows_of(poll)
        count = QUESTIONS
        if data is not None:
            typed = data.get("rows", "")
            count = min(int(typed), MOST) if typed.isdecimal() and len(typed) < 4 else QUESTIONS
            count = min(count + MORE, MOST) if "more" in data else count
        self.rows = [self._row(number, data or {}) for number in range(count)]
        self.choices = ASKED

    def _row(self, number: int, data: Mapping[str, str]) -> Row:
        def typed(name: str) -> str:
            return data.get(f"q{number}-{name}", "").replace("\x00", "").strip()

        return Row(number, typed("kind") or ItemKind.SINGLE, typed("text"), typed("options"))

    def is_valid(self) -> bool:
        for row in self.rows:
            row.problem = _problem(row)
        if not any(row.text for row in self.rows):
            self.rows[0].problem = "至少写一道题"
        return not any(row.problem for row in self.rows)

    @property
    def questions(self) -> list[Question]:
        return [Question(row.kind, row.text, tuple(_options(row))) for row in self.rows if row.text]

    @property
    def errors(self) -> list[dict[str, str]]:
        return [{"field": f"q{row.number}-text", "label": f"第{row.shown}题", "text": row.problem} for row in self.rows if row.problem]


def _rows_of(poll: Poll) -> dict[str, str]:
    """The questions of a draft as they were typed."""
    items = list(poll.items.all())
    found = {"rows": str(len(items))}
    for number, item in enumerate(items):
        found |= {f"q{number}-kind": item.kind, f"q{number}-text": item.text, f"q{number}-options": "\n".join(item.options)}
    return found


def _options(row: Row) -> list[str]:
    if row.kind not in (ItemKind.SINGLE, ItemKind.MULTI):
        return []
    return [line.strip() for line in re.split(r"[\r\n；;]+", row.options) if line.strip()]


def _problem(row: Row) -> str:
    options = _options(row)
    if not row.text:
        return "有选项没有题目，请写题目" if row.options else ""
    if row.kind not in dict(ASKED):
        return "请选一种题型"
    if len(row.text) > 200:
        return f"题目最多 200 字，现有 {len(row.text)} 字"
    if row.kind in (ItemKind.SINGLE, ItemKind.MULTI):
        if len(options) < 2:
            return "至少写两个选项，每行一个"
        if len(options) > 20 or len(set(options)) < len(options) or any(len(option) > 60 for option in options):
            return "选项最多 20 个，不重复，每个最多 60 字"
    return ""


def initial_of(poll: Poll) -> dict[str, Any]:
    """A draft as it was typed, for either form."""
    subjects = {
        name: list(dict.fromkeys(poll.items.filter(subject_type=model._meta.label).values_list("subject_id", flat=True)))
        for name, model in (("subject_units", Unit), ("subject_people", Person))
    }
    return {
        "title": poll.title, "intro": poll.intro, "precedes": poll.precedes, "edition": poll.edition_id, "least": poll.least,
        "grades": _lines(poll.grades), "groups": _lines(poll.groups), "most_best": poll.most_best, "abstain": poll.abstain,
        "abstain_counts": poll.abstain_counts, "wall": bool(poll.wall), "named": "yes" if poll.named else "no",
        "staff": list(poll.staff.exclude(pk=poll.made_by_id).values_list("pk", flat=True)), "aspects": "、".join(poll.aspects), **subjects,
    }  # fmt: skip


class PersonForm(forms.Form):
    """One line of the roll."""

    number = forms.CharField(label="编号", max_length=30, error_messages={"required": "写编号", "max_length": "编号最多 30 字"})
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "写姓名", "max_length": "姓名最多 40 字"})
    group = forms.CharField(label="组别", max_length=20, required=False, error_messages={"max_length": "组别最多 20 字"})
    note = forms.CharField(label="单位或村组", max_length=40, required=False, error_messages={"max_length": "最多 40 字"})


class SymposiumForm(forms.Form):
    topic = forms.CharField(label="议题", max_length=80, error_messages={"required": "写明议题"})
    day = forms.DateField(
        label="日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "选开会的日期", "invalid": "日期读不懂，请写成 2026-03-30 这样"},
    )
    place = forms.CharField(label="地点", max_length=40, required=False)
    chair = forms.CharField(label="主持人", max_length=40, error_messages={"required": "写明主持人"})
    precedes = forms.CharField(
        label="为哪项决定或制度征求意见",
        max_length=120,
        help_text="例：作息时间调整方案",
        error_messages={"required": "写明这次座谈在哪项决定或制度之前"},
    )
    edition = One(Edition.objects.none(), label="本单位的哪一版制度", required=False, empty_label="不针对制度")
    attendees = Lines(
        label="到会名单",
        rows=6,
        help_text="由记录人登记，不用签到。每行一人，写姓名和身份，例：王芳 教师代表；没有到会的在后面写“缺席”",
        error_messages={"required": "至少写一个到会的人"},
    )
    minutes = Lines(label="座谈记录", rows=8, most=20_000, error_messages={"required": "写下座谈记录"})
    key = Key()

    def __init__(self, *args: Any, editions: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        _editions(self, editions)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(f"{day.month}月{day.day}日还没有到，座谈开过以后再登记")
        return day

    def clean_attendees(self) -> list[tuple[str, str, bool]]:
        found = []
        for line in self.cleaned_data["attendees"].splitlines():
            name, *rest = re.sub(r"[\s,，、:：]+", " ", line).strip().split(" ")
            if not name:
                continue
            if len(name) > 40 or len("".join(rest)) > 38:
                raise forms.ValidationError(f"“{line[:20]}”太长，每行只写一个人的姓名和身份")
            here = "缺席" not in rest
            found.append((name, " ".join(part for part in rest if part != "缺席"), here))
        if not any(here for _, _, here in found):
            raise forms.ValidationError("至少要有一个人到会")
        return found


class OpinionForm(forms.Form):
    speaker = forms.CharField(label="提出人", max_length=40, required=False, help_text="本人不愿写名字的留空")
    text = Lines(label="意见", rows=3, most=1000, error_messages={"required": "写下意见"})


class AnswerForm(forms.Form):
    taken = forms.ChoiceField(
        label="采纳情况",
        choices=[(word, word) for word in ("采纳", "部分采纳", "没有采纳")],
        widget=forms.RadioSelect,
        error_messages={"required": "选一种采纳情况", "invalid_choice": "选一种采纳情况"},
    )
    answer = forms.CharField(label="说明", max_length=300, required=False, help_text="没有采纳或者部分采纳的，写明理由")


def _editions(form: forms.Form, editions: Any) -> None:
    field = form.fields["edition"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = editions
    if not editions.exists():
        del form.fields["edition"]


def _lines(pairs: list[list[str]]) -> str:
    return "\n".join(f"{name} {value}" for name, value in pairs)
