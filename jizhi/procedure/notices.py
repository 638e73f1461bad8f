"""What a notice in publicity says: declared fields only, masked as the regulation says, and nothing else of the case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from jizhi.kernel.ids import id_of
from jizhi.kernel.workdays import china
from jizhi.org.models import Person
from jizhi.papers.models import Publication
from jizhi.papers.queries import published_about
from jizhi.papers.rules import masked_name
from jizhi.procedure import forms
from jizhi.procedure.docket import Docket
from jizhi.procedure.many import redone
from jizhi.procedure.models import Case
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Publicity, Step
from jizhi.rulebook.publicity import OVER, first_day_down
from jizhi.ui.templatetags.jizhi import WEEKDAYS

KIND = "公示"
OTHER = "其他"
NAME, UNIT, TITLE = "姓名", "单位", "事项"
NUMBERS = re.compile(r"[\dXx]{7,}")


def title_of(docket: Docket, step: Step) -> str:
    """Of the unit and the step, never of the case, whose title may name a person: 虎城村申请发放公示（2026年第3号，困难帮扶）."""
    return f"{_plain_title(docket, step)}{mark_of(docket, step.publicity)}"


def _plain_title(docket: Docket, step: Step) -> str:
    return f"{docket.case.unit.name}{docket.procedure.name}{step.name}"


def mark_of(docket: Docket, publicity: Publicity | None) -> str:
    """What tells like notices of a unit apart: which case of the year it is, and what it is for as far as that is shown."""
    case = docket.case
    year = case.began_on.year
    like = Case.objects.filter(unit=case.unit_id, procedure=case.procedure, edition__code=docket.regulation.code, began_on__year=year)
    number = like.filter(pk__lte=case.pk).count()
    launch = docket.procedure.launch
    chosen = {spec.name for spec in (launch.form if launch else ()) if spec.kind == "选择"}
    shown = {name for name in publicity.shows if name in chosen} if publicity else set()
    uses = [text for name, text in declared_fields(docket, publicity) if name in shown] if publicity else []
    return f"（{'，'.join([f'{year}年第{number}号', *uses])}）"


def snapshot_of(docket: Docket, step: Step, notice: judgement.Notice) -> dict[str, Any]:
    """What the public sees. A case with children (分办) shows them as the rows of a table."""
    publicity = step.publicity
    assert publicity is not None  # a notice is of a publicity step
    names = [name for name, mask in publicity.shows.items() if mask != "不显示"]
    clause = f"{docket.regulation.name}{step.clause or ''}"
    fields = [["公示事项", docket.procedure.name], ["依据", clause]]
    again = redone(docket.rows)
    children = [one for one in docket.case.children.select_related("unit").order_by("pk") if not again or str(one.pk) in again]
    found: dict[str, Any] = {}
    if again:
        fields.append(["更正", f"{again_said(again)}；只公示重新办理的单位，其余单位的结果不变"])
    if children:
        decided = _decided(docket)
        rows = [[_of_child(publicity, name, child, decided.get(str(child.pk), {})) for name in names] for child in children]
        found["table"] = {"columns": names, "rows": rows}
    else:
        fields += [[name, text] for name in names if (text := _shown(docket, publicity, name))]
    if notice.last is not None:
        fields.append(["公示期", f"{_day(notice.posted)}至{_day(notice.last)}"])
    fields.append(["公示单位", docket.case.unit.name])
    found["fields"] = fields
    if step.objections is not None:
        found["note"] = (
            "对公示内容有异议的，请在公示期内提出，可以在网上填写，也可以书面、打电话或当面提出。"
            f"异议由{_hearers(step)}{'受理' if step.objections.screening else '答复'}，处理完以前{_stopped(step)}。"
        )
    return found


def again_said(again: Mapping[str, Mapping[str, Any]]) -> str:
    """01村：第 1 号异议成立，已重新办理, of each row that the case went back for."""
    said = [f"{row['单位']}：第 {'、'.join(map(str, row['异议']))} 号异议成立，已重新办理" for row in again.values()]
    return "；".join(said)


def declared_fields(docket: Docket, publicity: Publicity) -> list[list[str]]:
    """The fields that the regulation lets be shown of a case, masked as it says: what a decision about it may repeat."""
    names = [name for name, mask in publicity.shows.items() if mask != "不显示"]
    return [[name, text] for name in names if (text := _shown(docket, publicity, name))]


def current(docket: Docket, step: Step) -> Publication | None:
    """The newest notice of this step of the case, up or not."""
    plain = _plain_title(docket, step)  # a correction may change what it is for
    return published_about(docket.case).filter(Q(title=plain) | Q(title__startswith=f"{plain}（"), kind=KIND).first()


def down_on(step: Step, notice: judgement.Notice) -> date | None:
    """The first day that the notice is no longer shown."""
    return first_day_down(step.publicity, notice.last, china()) if step.publicity and notice.last else None


def left_early(why: str, *, today: date) -> dict[str, Any]:
    return {"fields": [["情况", why], ["停止公示日期", today.isoformat()]]}


def restarts(before: judgement.Notice | None, after: judgement.Notice | None, *, correction: bool) -> bool:
    """Whether an act put up a notice."""
    if after is None:
        return False
    return before is None or correction or (before.step, before.posted) != (after.step, after.posted)


def was_over(step: str, outcome: str, before: judgement.Notice) -> bool:
    """Whether the notice ended because its time was over: then it stays up until its day."""
    return (step, outcome) == (before.step, OVER)


def _shown(docket: Docket, publicity: Publicity, name: str) -> str:
    """One field, as it may leave; empty where the case says nothing."""
    party = docket.facts.parties.get(name)
    form = docket.form
    launch = docket.procedure.launch
    spec = next((one for one in (launch.form if launch else ()) if one.name == name), None)
    if spec is not None and spec.kind == "人" and party is None:
        chosen = Person.objects.filter(pk__in=_ids(form.get(name)))
        return _people([person.name for person in chosen], publicity, name)
    if party is None and spec is None and name == NAME:
        party = next((one for one in docket.facts.parties.values() if one.person), None)
    if party is not None:
        people = [one for one in party.name.split("、") if one]
        return _people(people, publicity, name) if party.person else party.name
    if spec is None and name in (UNIT, TITLE):
        return docket.case.unit.name if name == UNIT else docket.case.title
    value = form.get(name) if spec is not None else _of_acts(docket, name)
    closed = spec is not None and spec.kind in ("选择", "多选")
    return _masked(value, publicity, name, closed=closed, kind=spec.kind if spec is not None else "")


def _people(names: Iterable[str], publicity: Publicity, name: str) -> str:
    plain = publicity.shows[name] == "原样"
    return "、".join(one if plain else masked_name(one) for one in names)


def _masked(value: Any, publicity: Publicity, name: str, *, closed: bool, kind: str = "") -> str:
    """``closed``: the regulation itself lists every value, so one without a class of its own says nothing private."""
    if value in (None, "", [], ()):
        return ""
    values = list(value) if isinstance(value, list | tuple) else [value]
    match publicity.shows[name]:
        case "归类":
            said = [publicity.classes.get(str(one), str(one) if closed else OTHER) for one in values]
            return "、".join(dict.fromkeys(said))
        case "掩码":
            return "、".join(_hidden(forms.shown(one)) for one in values)
    return forms.shown(value, kind)


def _hidden(text: str) -> str:
    """138****5678 of a number, the first character of anything else."""
    if NUMBERS.fullmatch(text):
        return f"{text[:3]}****{text[-4:]}"
    return f"{text[:1]}**"


def _of_acts(docket: Docket, name: str) -> Any:
    """What the last act whose form has the field says."""
    return next((act.form[name] for act in reversed(docket.acts) if name in act.form), None)


def _decided(docket: Docket) -> dict[str, dict[str, Any]]:
    """What was computed or decided for each child (Act.facts["子件"]), the latest word for each. The value that a batch gave a
    row stands under the name of what it decides (默认: 测算.星级)."""
    found: dict[str, dict[str, Any]] = {}
    for row in docket.rows:
        step = docket.step(row.step)
        column = step.batch.default[1] if step and step.batch and step.batch.default else ""
        for key in ("子件", "行"):
            rows = row.facts.get(key)
            for child, values in rows.items() if isinstance(rows, Mapping) else ():
                if isinstance(values, Mapping):
                    given = {column: values["值"]} if key == "行" and column and "值" in values else {}
                    found.setdefault(str(child), {}).update({**values, **given})
    return found


def _of_child(publicity: Publicity, name: str, child: Case, decided: Mapping[str, Any]) -> str:
    if name in decided:
        return _masked(decided[name], publicity, name, closed=False)
    if name == UNIT:
        return child.unit.name
    return _masked(child.form.get(name), publicity, name, closed=False)


def _ids(value: Any) -> list[int]:
    values = value if isinstance(value, list | tuple) else [value]
    return [pk for one in values if (pk := id_of(one))]


def _stopped(step: Step) -> str:
    return "不进入下一步" if step.objections and step.objections.stops == "停" else "只停所异议的一个，其余照常进行"


def _hearers(step: Step) -> str:
    assert step.objections is not None  # asked only of steps that hear objections
    by = step.objections.screening.by if step.objections.screening else step.objections.answering.by
    return "、".join(dict.fromkeys(who.body or who.post or "" for who in by))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"
