"""Case files of ``jizhi try``: lists of imagined acts and what should come of them, in words an official reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jizhi.rulebook import many_cases, phrases
from jizhi.rulebook.facts import LAUNCH, SYSTEM, Act, Actor, Held, Party
from jizhi.rulebook.fields import fields_of
from jizhi.rulebook.history import outcomes_of, side_act_named, step_named
from jizhi.rulebook.language import Procedure, Regulation
from jizhi.rulebook.legality import EXPIRY
from jizhi.rulebook.objecting import OUTCOMES
from jizhi.rulebook.publicity import CORRECTION, OBJECTION, OVER, publicity_steps, side_act_of_publicity
from jizhi.rulebook.source import Entry, Mark, Problem, Reader, Row, Table, Text, Tree, parse, said

UNIT = "本单位"
ABOVE = ("县", "市", "省")  # the levels above a unit, nearest first
ABOVE_A_VILLAGE = ("乡镇", *ABOVE)


def upward_of(regulation: Regulation) -> tuple[tuple[str, str], ...]:
    """The units above the one where the cases happen; the nearest is 上级."""
    nearest, *others = ABOVE_A_VILLAGE if regulation.applies_to.startswith(("村", "屯")) else ABOVE
    return (("上级", nearest), *((f"上级({level})", level) for level in others))


@dataclass(frozen=True)
class Line:
    """One act: on which day who does what, with which outcome and form."""

    line: int
    day: date
    who: str
    what: str
    outcome: str | None
    form: Mapping[str, Any]
    figures: Mapping[str, Any] = field(default_factory=dict)  # 数: what figures say from then on

    def __str__(self) -> str:
        return f"第 {self.line} 行（{self.day}，{self.who}办“{self.what}”）"


@dataclass(frozen=True)
class Expected:
    """应当: a refusal (reason or part of its text, until when), form problems, or where the case then stands."""

    refused: str | None = None
    until: date | None = None
    form: tuple[str, ...] = ()
    at: str | None = None
    late: bool | None = None
    due: date | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class TryCase:
    name: str
    line: int
    procedure: Procedure
    acts: tuple[Line, ...]
    once_more: Line | None
    expected: Expected
    region: str = ""
    people: Mapping[str, Actor] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    subject_acts: tuple[Act, ...] = ()
    kin: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # party -> person -> relation
    many: Mapping[str, Any] = field(default_factory=dict)  # 子件, 父件, 评分


class CaseFileError(Exception):
    """The case file cannot be read; every problem with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_cases(regulation: Regulation, text: str, file: str) -> list[TryCase]:
    """The cases of a file. CaseFileError lists everything wrong in it."""
    reader = Reader(file)
    tree = parse(text, reader)
    cases: list[TryCase] = []
    if not regulation.procedures:
        reader.problem(Mark(1, 1), "程序", f"《{regulation.name}》没有写明程序，没有可以试的内容。")
    elif isinstance(tree, Row):
        cases = [case for item in tree.items if (case := _Cases(regulation, reader).case(item)) is not None]
    elif tree is not None:
        reader.problem(tree.mark, "", "用例文件应当是一列用例，每个用例以“- 名称: …”开头。")
    if reader.problems:
        raise CaseFileError(reader.problems)
    return cases


def region_of(regulation: Regulation) -> str:
    """Where a case that names no 地域 takes place: the first place that the parameters name."""
    values = (value for values in regulation.parameters.values() for value in values)
    return next((value.region for value in values if value.region), "")


class _Cases:
    """Reads one case; problems go to the reader."""

    def __init__(self, regulation: Regulation, reader: Reader) -> None:
        self.regulation = regulation
        self.reader = reader

    def case(self, tree: Tree) -> TryCase | None:
        table = self.reader.table(tree, "用例")
        if table is None:
            return None
        found = self.reader.keys(
            table,
            "用例",
            allowed=("名称", "程序", "地域", "人物", "当事人", "近亲属", "对象经过", *many_cases.KEYS, "经过", "再办", "应当"),
            required=("名称", "应当") if _begins(table.get("再办")) else ("名称", "经过", "应当"),
        )
        procedure = self._procedure(found.get("程序"))
        if procedure is None:
            return None
        people = self._people(found.get("人物"))
        acts = self._lines(found.get("经过"), procedure)
        if acts and acts[0].what != LAUNCH:
            self.reader.problem(found["经过"].mark, "经过", f"经过的第一行应当办“{LAUNCH}”，不是“{acts[0].what}”。")
        once_more = self._line(found["再办"].value, procedure, open_outcome=True) if "再办" in found else None
        return TryCase(
            name=(self.reader.text(found["名称"].value, "名称") or "") if "名称" in found else "",
            line=table.mark.line,
            procedure=procedure,
            acts=acts,
            once_more=once_more,
            expected=self._expected(found.get("应当"), procedure, has_more="再办" in found),
            region=(self.reader.text(found["地域"].value, "地域") or "") if "地域" in found else region_of(self.regulation),
            people=people,
            parties=self._parties(found.get("当事人"), procedure),
            subject_acts=self._subject_acts(found.get("对象经过"), procedure),
            kin=self._kin(found.get("近亲属")),
            many=many_cases.imagined(found, procedure, self.regulation, self.reader),
        )

    def _procedure(self, entry: Entry | None) -> Procedure | None:
        if entry is None:
            return next(iter(self.regulation.procedures.values()))
        name = self.reader.text(entry.value, "程序")
        if name is not None and name not in self.regulation.procedures:
            self.reader.unknown(entry.value.mark, name, "程序", self.regulation.procedures)
        return self.regulation.procedures.get(name or "")

    def _lines(self, entry: Entry | None, procedure: Procedure) -> tuple[Line, ...]:
        if entry is None:
            return ()
        if not isinstance(entry.value, Row) or not entry.value.items:
            self.reader.problem(entry.value.mark, "经过", "“经过”应当是一列办理，每行形如“- {日: 2026-03-02, 人: 督学甲, 办: 发起}”。")
            return ()
        return tuple(line for item in entry.value.items if (line := self._line(item, procedure)) is not None)

    def _line(self, tree: Tree, procedure: Procedure, *, open_outcome: bool = False) -> Line | None:
        table = self.reader.table(tree, "办理")
        if table is None:
            return None
        found = self.reader.keys(table, "办理", allowed=("日", "人", "办", "结论", "填", "数"), required=("日", "人", "办"))
        day = phrases.day(found["日"].value, "日", self.reader) if "日" in found else None
        who = self.reader.text(found["人"].value, "人") if "人" in found else None
        what = self._what(found.get("办"), procedure)
        outcome = self.reader.text(found["结论"].value, "结论") if "结论" in found else None
        if day is None or who is None or what is None:
            return None
        if outcome is None:
            outcome = self._only_outcome(table, procedure, what, open_outcome=open_outcome)
        form = self._form(found.get("填"), procedure, what)
        said = self.reader.table(found["数"].value, "数") if "数" in found else None
        figures = {one.key: phrases.scalar(one.value, one.key, self.reader) for one in (said.entries if said else ())}
        return Line(table.mark.line, day, who, what, outcome, form, figures)

    def _kin(self, entry: Entry | None) -> dict[str, dict[str, str]]:
        """``{申请人: {评审乙: 配偶}}``."""
        table = self.reader.table(entry.value, "近亲属") if entry else None
        found: dict[str, dict[str, str]] = {}
        for one in table.entries if table else ():
            people = self.reader.table(one.value, one.key)
            found[one.key] = {who.key: self.reader.text(who.value, who.key) or "" for who in (people.entries if people else ())}
        return found

    def _what(self, entry: Entry | None, procedure: Procedure) -> str | None:
        name = self.reader.text(entry.value, "办") if entry else None
        if entry is None or name is None:
            return None
        if name == OVER and publicity_steps(procedure):
            return EXPIRY
        known = [LAUNCH, EXPIRY, *(step.name for step in procedure.steps), *(side.name for side in procedure.side_acts)]
        known += [special for special in (OBJECTION, CORRECTION) if side_act_of_publicity(procedure, special)]
        if name not in known:
            self.reader.unknown(entry.value.mark, name, "步骤", known)
            return None
        return name

    def _only_outcome(self, table: Table, procedure: Procedure, what: str, *, open_outcome: bool) -> str | None:
        """A step with one outcome needs no 结论; 再办 without one asks only whether the person may act."""
        step, side = step_named(procedure, what), side_act_named(procedure, what)
        if step is not None and len(step.outcomes) == 1 and step.record is None:
            return step.outcomes[0].name
        if side is not None and not side.approve and what != OBJECTION:
            return side.name
        if what in (LAUNCH, EXPIRY):
            return what
        if not open_outcome:
            of_side = OUTCOMES if what == OBJECTION else ("申请", "批准", "不批准")
            names = outcomes_of(procedure, what, ()) if step else of_side
            self.reader.problem(table.mark, "结论", f"“{what}”有 {len(names)} 种结论，请写明结论：{said(names)}。")
        return None

    def _form(self, entry: Entry | None, procedure: Procedure, what: str) -> dict[str, Any]:
        table = self.reader.table(entry.value, "填") if entry else None
        known = [one.name for one in fields_of(procedure, what)]
        form: dict[str, Any] = {}
        for one in table.entries if table else ():
            if one.key not in known:
                self.reader.unknown(one.mark, one.key, f"“{what}”的表单项", known)
            elif isinstance(one.value, Table):
                self.reader.problem(one.value.mark, one.key, f"“{one.key}”应当填一个词、一句话或一列词。")
            else:
                form[one.key] = one.value.value if isinstance(one.value, Text) else list(self.reader.words(one.value, one.key))
        return form

    def _people(self, entry: Entry | None) -> dict[str, Actor]:
        table = self.reader.table(entry.value, "人物") if entry else None
        return {one.key: self._person(one) for one in (table.entries if table else ())}

    def _person(self, entry: Entry) -> Actor:
        held: list[Held] = []
        registered: set[str] = set()
        for item in self.reader.rows(entry.value):
            table = self.reader.table(item, entry.key)
            if table is None:
                continue
            found = self.reader.keys(table, f"人物“{entry.key}”", allowed=("职务", "机构", "席位", "单位", "主持", "户籍"))
            said_of = {key: self.reader.text(one.value, key) or "" for key, one in found.items()}
            if "户籍" in found:
                registered.add(self._unit_id(said_of["户籍"].replace("本村", UNIT)))
                if not {"职务", "机构"} & set(found):
                    continue
            if ("职务" in found) == ("机构" in found):
                self.reader.problem(table.mark, entry.key, f"人物“{entry.key}”请写“职务”，或者写“机构”和“席位”，只写一种。")
                continue
            body = said_of.get("机构")
            head = "主持" in found and phrases.yes(found["主持"].value, "主持", self.reader)
            title = f"{body}{said_of.get('席位', '成员')}" if body else said_of["职务"]
            held.append(Held(title=title, unit=self._unit_id(said_of.get("单位", UNIT)), body=body, head=head))
        serves = frozenset(one.unit for one in held)
        return Actor(id=entry.key, name=entry.key, held=tuple(held), registered=frozenset(registered), serves=serves)

    def _unit_id(self, words: str) -> str:
        """本单位, 上级, 上级(县) (the nearest above), or a unit's own name."""
        plain = words.replace("（", "(").replace("）", ")")
        nearest, level = upward_of(self.regulation)[0]
        return {f"上级({level})": nearest}.get(plain, plain)

    def _parties(self, entry: Entry | None, procedure: Procedure) -> dict[str, Party]:
        """``{整改人: 教师乙, 被督导: {单位: 教务处}}``."""
        table = self.reader.table(entry.value, "当事人") if entry else None
        parties: dict[str, Party] = {}
        for one in table.entries if table else ():
            if one.key not in procedure.parties:
                self.reader.unknown(one.mark, one.key, "当事人", procedure.parties)
            elif isinstance(one.value, Table):
                found = self.reader.keys(one.value, "当事人", allowed=("单位",), required=("单位",))
                name = self.reader.text(found["单位"].value, "单位") if "单位" in found else None
                parties[one.key] = Party(name=name or "", unit=self._unit_id(name or ""))
            elif name := self.reader.text(one.value, one.key):
                parties[one.key] = Party(name=name, person=name)
        return parties

    def _subject_acts(self, entry: Entry | None, procedure: Procedure) -> tuple[Act, ...]:
        """The history of the case that this one is about, taken as it is."""
        about = self.regulation.procedures.get(procedure.subject.case or procedure.subject.kind)
        if entry is None:
            return ()
        if about is None:
            self.reader.problem(entry.mark, "对象经过", f"“{procedure.name}”办的不是另一个程序的事项，不用写“对象经过”。")
            return ()
        lines = self._lines(entry, about)
        return tuple(
            Act(n, line.what, line.outcome or "", _person_id(line.who), line.who, line.day, line.form) for n, line in enumerate(lines, 1)
        )

    def _expected(self, entry: Entry | None, procedure: Procedure, *, has_more: bool) -> Expected:
        table = self.reader.table(entry.value, "应当") if entry else None
        if entry is None or table is None:
            return Expected()
        keys = ("拒绝", "至", "表单", "所在", "超期", "到期", "截至")
        found = self.reader.keys(table, "“应当”", allowed=keys)
        if not {"拒绝", "表单", "所在", "超期", "到期"} & set(table.keys()):
            self.reader.problem(table.mark, "应当", "“应当”要写明结果：拒绝、表单、所在、超期、到期，至少一项。")
        for key in ("拒绝", "表单"):
            if key in found and not has_more:
                self.reader.problem(found[key].mark, key, f"“应当”写了“{key}”，还要用“再办”写明办哪一步。")
        if "至" in found and "拒绝" not in found:
            self.reader.problem(found["至"].mark, "至", "“至”和“拒绝”一起用，写明到哪一天为止不得办理。")
        days = {key: phrases.day(found[key].value, key, self.reader) for key in ("至", "到期", "截至") if key in found}
        return Expected(
            refused=self.reader.text(found["拒绝"].value, "拒绝") if "拒绝" in found else None,
            until=days.get("至"),
            form=self.reader.words(found["表单"].value, "表单") if "表单" in found else (),
            at=self._place(found.get("所在"), procedure),
            late=phrases.yes(found["超期"].value, "超期", self.reader) if "超期" in found else None,
            due=days.get("到期"),
            as_of=days.get("截至"),
        )

    def _place(self, entry: Entry | None, procedure: Procedure) -> str | None:
        """A step's name or an end's word; an end's own name stands for its word."""
        name = self.reader.text(entry.value, "所在") if entry else None
        if entry is None or name is None:
            return None
        name = procedure.ends.get(name, name)
        known = [*(step.name for step in procedure.steps), *procedure.ends.values()]
        if name not in known:
            self.reader.unknown(entry.value.mark, name, "步骤或终点", known)
        return name


def _begins(entry: Entry | None) -> bool:
    """Whether 再办 is the beginning itself, so that nothing has gone before."""
    what = entry.value.get("办") if entry and isinstance(entry.value, Table) else None
    return what is not None and isinstance(what.value, Text) and what.value.value == LAUNCH


def _person_id(name: str) -> str:
    return SYSTEM.id if name == SYSTEM.name else name
