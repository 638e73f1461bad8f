"""Reading what a procedure says of many: 分办 with 汇合, 等待, 自动, 批办, 评分, 冻结, 截止."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jizhi.rulebook import phrases
from jizhi.rulebook.language import Auto, Batch, Branch, FanOut, FieldSpec, Launch, Marking, Outcome, Procedure, Ref, Step, Wait
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.source import Entry, Mark, Reader, Row, Table, Text, Tree

KEYS = ("分办", "等待", "自动", "批办", "评分", "冻结", "截止", "到")
BY_THE_SYSTEM = ("分办", "等待", "自动")  # these steps have no 由
FROZEN = ("细则", "名单", "附表")
STARS = "考评.定星"  # what 自动: {定星: 五星} is short for
DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
NAMED_LIST = re.compile(r"名单\.(\S+)")
OF_PARENT = re.compile(r"父件\.(\S+)")
OF_STEP = re.compile(r"([^.\s]+)\.([^.\s]+)")
JOINED, REACHED, DONE = "汇合", "等到", "已办"  # the one outcome of a step that only says 到


def read_step(found: Mapping[str, Entry], reader: Reader, scope: Scope) -> dict[str, Any]:
    """The values of a step that these keys give."""
    values: dict[str, Any] = {}
    for key, (name, read_one) in READERS.items():
        if key in found and (value := read_one(found[key].value, reader, scope)) is not None:
            values[name] = value
    return values


def only_outcome(found: Mapping[str, Entry], to: str) -> Outcome:
    """The outcome of a step without 结论 that says 到."""
    return Outcome(name=JOINED if "分办" in found else REACHED if "等待" in found else DONE, branches=(Branch(to=to),))


def _fan_out(tree: Tree, reader: Reader, scope: Scope) -> FanOut | None:
    table = reader.table(tree, "分办")
    if table is None:
        return None
    found = reader.keys(table, "“分办”", allowed=("程序", "对象", "汇合"), required=("程序", "对象"))
    procedure = reader.text(found["程序"].value, "程序") if "程序" in found else None
    if procedure and procedure not in scope.procedures:
        reader.unknown(found["程序"].value.mark, procedure, "程序", scope.procedures)
    below, excluding = _units(found["对象"].value, reader) if "对象" in found else (None, ())
    at, until = _join(found["汇合"].value, reader, scope) if "汇合" in found else (None, None)
    if not procedure or not below:
        return None
    return FanOut(procedure=procedure, below=below, excluding=excluding, at=at, until=until)


def _units(tree: Tree, reader: Reader) -> tuple[str | None, tuple[str, ...]]:
    """对象: ``{下辖: 村, 除: 名单.新设}``."""
    table = reader.table(tree, "对象")
    if table is None:
        return None, ()
    found = reader.keys(table, "分办的“对象”", allowed=("下辖", "除"), required=("下辖",))
    excluding: list[str] = []
    for item in reader.rows(found["除"].value) if "除" in found else ():
        word = reader.text(item, "除")
        named = NAMED_LIST.fullmatch(word or "")
        if named:
            excluding.append(named[1])
        elif word:
            reader.problem(item.mark, "除", f"分办对象的“除”写的“{word}”看不懂，请写成“名单.名称”，如 名单.新设。")
    return (reader.text(found["下辖"].value, "下辖") if "下辖" in found else None), tuple(excluding)


def _join(tree: Tree, reader: Reader, scope: Scope) -> tuple[str | None, Any]:
    """汇合: ``{全部: 到达, 在: 待审定, 或至: 2024-12-10, 未到: 列出}``."""
    table = reader.table(tree, "汇合")
    if table is None:
        return None, None
    found = reader.keys(table, "“汇合”", allowed=("全部", "在", "或至", "未到"), required=("全部",))
    whole = phrases.choice(found["全部"].value, "全部", ("到达", "办结"), reader) if "全部" in found else None
    at = reader.text(found["在"].value, "在") if "在" in found else None
    if whole == "到达" and at is None:
        reader.problem(table.mark, "在", "“汇合”写了“全部: 到达”，请用“在”写明到达子件的哪一步。")
    if "未到" in found:
        phrases.choice(found["未到"].value, "未到", ("列出",), reader)
    until = _day_or_length(found["或至"].value, reader, scope) if "或至" in found else None
    return at, until


def _day_or_length(tree: Tree, reader: Reader, scope: Scope) -> Any:
    if isinstance(tree, Text) and DAY.fullmatch(tree.value.strip()):
        return phrases.day(tree, "或至", reader)
    return phrases.length(tree, "或至", reader, scope)


def _wait(tree: Tree, reader: Reader, scope: Scope) -> Wait | None:
    """``父件.县委审定``, or ``{父件: 县委审定, 结论: 通过}``."""
    if isinstance(tree, Table):
        found = reader.keys(tree, "“等待”", allowed=("父件", "结论"), required=("父件",))
        step = reader.text(found["父件"].value, "父件") if "父件" in found else None
        return Wait(step=step, outcome=reader.text(found["结论"].value, "结论") if "结论" in found else None) if step else None
    word = reader.text(tree, "等待")
    named = OF_PARENT.fullmatch(word or "")
    if named:
        return Wait(step=named[1])
    if word:
        reader.problem(tree.mark, "等待", f"“等待”写的“{word}”看不懂，请写成“父件.步骤”，如 父件.县委审定。")
    return None


def _auto(tree: Tree, reader: Reader, scope: Scope) -> Auto | None:
    """``{效力: 考评.授星, 奖励: 参数.奖励}``, or ``{定星: 五星, 于: 子件}``."""
    table = reader.table(tree, "自动")
    if table is None:
        return None
    args = {entry.key: _argument(entry, reader, scope) for entry in table.entries if entry.key != "效力"}
    named = table.get("效力")
    if named is None and "定星" not in args:
        reader.problem(table.mark, "效力", "“自动”要写明系统办什么：“效力: 名称”，或者“定星: 细则名”。")
        return None
    if args.get("于", "子件") != "子件":
        reader.problem(table.mark, "于", f"“自动”的“于”只能写“子件”，不能写“{args['于']}”。")
    effect = reader.text(named.value, "效力") if named else STARS
    return Auto(effect=effect, args=args) if effect else None


def _argument(entry: Entry, reader: Reader, scope: Scope) -> Any:
    tree = entry.value
    if isinstance(tree, Text) and tree.value.startswith("参数."):
        return phrases.reference(tree.mark, tree.value.strip(), entry.key, reader, scope, ("参数",))
    return phrases.scalar(tree, entry.key, reader)


def _batch(tree: Tree, reader: Reader, scope: Scope) -> Batch | None:
    """``允许``, or ``{行: 子件, 默认: 测算.星级, 逐行改: {须: 理由}, 名额: 不可破}``."""
    if not isinstance(tree, Table):
        return Batch() if phrases.choice(tree, "批办", ("允许",), reader) else None
    found = reader.keys(tree, "“批办”", allowed=("行", "默认", "逐行改", "名额"), required=("行", "默认"))
    if "行" in found:
        phrases.choice(found["行"].value, "行", ("子件",), reader)
    word = reader.text(found["默认"].value, "默认") if "默认" in found else None
    named = OF_STEP.fullmatch(word or "")
    if word and not named:
        reader.problem(found["默认"].value.mark, "默认", f"“默认”写的“{word}”看不懂，请写成“步骤.项目”，如 测算.星级。")
    if named and named[1] not in scope.steps:
        reader.unknown(found["默认"].value.mark, named[1], "步骤", scope.steps)
    reasons = True
    if "逐行改" in found and (change := found["逐行改"].value) and isinstance(change, Table):
        inner = reader.keys(change, "“逐行改”", allowed=("须",), required=("须",))
        if "须" in inner:
            phrases.choice(inner["须"].value, "须", ("理由",), reader)
    elif "逐行改" in found:
        reasons = phrases.choice(found["逐行改"].value, "逐行改", ("允许",), reader) is None
    firm = "名额" in found and phrases.choice(found["名额"].value, "名额", ("不可破", "可破"), reader) == "不可破"
    return Batch(default=(named[1], named[2]), reasons=reasons, firm=firm) if named else None


def _marking(tree: Tree, reader: Reader, scope: Scope) -> Marking | None:
    """``{细则: 五星, 作为: 自评}``, ``{细则: 五星, 评分人: 逐人, 最少: 3}``, ``{细则: 五星, 抽查: 30%}``."""
    table = reader.table(tree, "评分")
    if table is None:
        return None
    found = reader.keys(table, "“评分”", allowed=("细则", "作为", "评分人", "最少", "抽查"), required=("细则",))
    values: dict[str, Any] = {}
    if "作为" in found:
        values["role"] = reader.text(found["作为"].value, "作为") or ""
    if "评分人" in found:
        values["each"] = phrases.choice(found["评分人"].value, "评分人", ("逐人", "任一人"), reader) == "逐人"
    if "最少" in found:
        values["least"] = phrases.whole(found["最少"].value, "最少", reader) or 1
    if "抽查" in found and (share := phrases.decimal(found["抽查"].value, "抽查", reader)) is not None:
        if not 0 < share <= 1:
            reader.problem(found["抽查"].value.mark, "抽查", "抽查比例应当大于 0、不超过 100%。")
        values["share"] = share
    standard = reader.text(found["细则"].value, "细则") if "细则" in found else None
    return Marking(standard=standard, **values) if standard else None


def _freezes(tree: Tree, reader: Reader, scope: Scope) -> tuple[str, ...]:
    words = reader.words(tree, "冻结")
    for word in words:
        if word not in FROZEN:
            reader.unknown(tree.mark, word, "可冻结的内容", FROZEN)
    return words


def _until(tree: Tree, reader: Reader, scope: Scope) -> date | Ref | None:
    """``2024-10-31``, or a parameter or form field that holds a date."""
    word = reader.text(tree, "截止")
    if word is None or "." not in word:
        return phrases.day(tree, "截止", reader) if word else None
    return phrases.reference(tree.mark, word, "截止", reader, scope, ("参数", "表单"))


READERS: Mapping[str, tuple[str, Any]] = {
    "分办": ("fan_out", _fan_out),
    "等待": ("wait", _wait),
    "自动": ("auto", _auto),
    "批办": ("batch", _batch),
    "评分": ("marking", _marking),
    "冻结": ("freezes", _freezes),
    "截止": ("until", _until),
}


def list_fields(procedure: Procedure, step: Step) -> tuple[FieldSpec, ...]:
    """Where a step freezes the list of units, the lists that 除 names and no form asks for are written down there."""
    if "名单" not in step.freezes:
        return ()
    asked = {field.name for one in procedure.steps for field in one.form}
    asked |= {field.name for field in (procedure.launch.form if procedure.launch else ())}
    names = dict.fromkeys(name for one in procedure.steps if one.fan_out for name in one.fan_out.excluding)
    hint = "写不参加的单位名称，一行一个；没有的不填"
    return tuple(FieldSpec(name=name, kind="长文", required=False, hint=hint) for name in names if name not in asked)


def check(found: dict[str, Procedure], entries: Iterable[Entry], standards: tuple[str, ...], reader: Reader) -> None:
    """What one procedure says of another, once all are read."""
    entries = list(entries)
    written = {entry.key: (_names_under(entry, "步骤"), _names_under(entry, "终点")) for entry in entries}  # read well or not
    parents = [(one, step.fan_out) for one in found.values() for step in one.steps if step.fan_out]
    for entry in entries:
        model = found.get(entry.key)
        if model is None:
            continue
        children = [fan.procedure for one, fan in parents if one is model and fan.procedure in written]
        above = [one.name for one, fan in parents if fan.procedure == model.name]
        for step in model.steps:
            _check_step(model, step, entry, children, above, written, standards, reader)


def _check_step(
    model: Procedure,
    step: Step,
    entry: Entry,
    children: list[str],
    above: list[str],
    written: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    standards: tuple[str, ...],
    reader: Reader,
) -> None:
    mark = _mark(entry, step.name)
    fan = step.fan_out
    if fan and fan.at and fan.procedure in written and fan.at not in (places := [*written[fan.procedure][0], *written[fan.procedure][1]]):
        reader.unknown(mark, fan.at, f"“{fan.procedure}”步骤或终点", places)
    if step.fan_out and (unknown := [name for name in step.fan_out.excluding if not _listed(model, name)]):
        text = f"分办对象除去“名单.{unknown[0]}”，但没有哪个表单有“{unknown[0]}”一项，也没有步骤写“冻结: [名单]”。"
        reader.problem(mark, "除", text)
    if step.wait and not above:
        reader.problem(mark, "等待", f"“{model.name}”不是哪个程序“分办”出来的，没有父件可等。")
    elif step.wait and step.wait.step not in (names := [name for parent in above for name in written[parent][0]]):
        reader.unknown(mark, step.wait.step, "父件步骤", names)
    named = step.marking.standard if step.marking else step.auto.args.get("定星") if step.auto else None
    if named and named not in standards:
        reader.unknown(mark, str(named), "细则", standards)
    for branch in (branch for outcome in step.outcomes for branch in outcome.branches if branch.children):
        steps = [name for child in children for name in written[child][0]]
        if children and branch.children not in steps:
            reader.unknown(mark, branch.children or "", "子件步骤", steps)
        elif not children:
            reader.problem(mark, "子件", f"“{model.name}”没有分办，没有子件可退。")


def _listed(model: Procedure, name: str) -> bool:
    fields = [*(model.launch.form if model.launch else ()), *(field for one in model.steps for field in one.form)]
    return any(field.name == name for field in fields) or any("名单" in one.freezes for one in model.steps)


def _written(entry: Entry, key: str) -> list[Entry]:
    under = entry.value.get(key) if isinstance(entry.value, Table) else None
    tree = under.value if under else None
    tables = tree.items if isinstance(tree, Row) else (tree,)
    return [one for table in tables if isinstance(table, Table) for one in table.entries]


def _names_under(entry: Entry, key: str) -> tuple[str, ...]:
    return tuple(one.key for one in _written(entry, key))


def _mark(entry: Entry, name: str) -> Mark:
    return next((one.mark for one in _written(entry, "步骤") if one.key == name), entry.mark)


def begun_by_first_step(found: dict[str, Procedure]) -> None:
    """A procedure that says no 发起 and is begun by no other is begun by whoever takes its first step."""
    begun = {name for one in found.values() for step in one.steps for o in step.outcomes for branch in o.branches for name in branch.start}
    begun |= {step.fan_out.procedure for one in found.values() for step in one.steps if step.fan_out}
    for name, one in found.items():
        first = one.steps[0]
        if one.launch is None and one.subject.case is None and name not in begun and any(not who.system for who in first.by):
            found[name] = one.model_copy(
                update={"launch": Launch(by=tuple(who for who in first.by if not who.system), clause=first.clause)}
            )


__all__ = ["BY_THE_SYSTEM", "KEYS", "begun_by_first_step", "check", "list_fields", "only_outcome", "read_step"]
