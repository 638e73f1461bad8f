"""Reading 程序: steps, outcomes, clocks, side acts, who may begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from jizhi.rulebook import decisions, fanout, notices, phrases
from jizhi.rulebook.language import (
    Branch,
    Clock,
    Draw,
    Escalation,
    Launch,
    Outcome,
    Procedure,
    Ref,
    SideAct,
    Silence,
    Step,
    Subject,
    Who,
)
from jizhi.rulebook.phrases import Field, Scope
from jizhi.rulebook.source import Entry, Reader, Row, Table, Text, Tree

SIDE_ACT_CODES = {"延期": "extend", "撤回": "withdraw", "进展": "progress", "转办": "transfer", "展期": "prolong"}
LATER_SIDE_ACTS = ("并案",)
LATER_BRANCH = ("次数", "加")


def names(entry: Entry, base: Scope, all_procedures: Mapping[str, Tree]) -> Scope:
    """Every name that the procedure defines, found before anything is judged; nothing is reported here."""
    table = entry.value
    launch = _fields(_under(_under(table, "发起"), "表单"))
    steps = _entries(_under(table, "步骤"))
    side_acts = [entry for tree in (table, *(one.value for one in steps)) for entry in _entries(_under(tree, "随时"))]
    forms = dict(launch)
    outcomes: list[str] = []
    for one in (*steps, *side_acts):
        forms |= _fields(_under(one.value, "表单"))
        outcomes += [outcome.key for outcome in _entries(_under(one.value, "结论"))]
    subject = _under(table, "对象")
    about = subject.value if isinstance(subject, Text) else getattr(_under(subject, "案件"), "value", "")
    other = all_procedures.get(about)
    return replace(
        base,
        steps=tuple(one.key for one in steps),
        side_acts=(*(one.key for one in side_acts), *(decisions.RECUSAL_ACTS if _under(table, "回避") else ())),
        ends=tuple(one.key for one in _entries(_under(table, "终点"))),
        outcomes=tuple(outcomes),
        clocks=tuple(one.key for one in _entries(_under(table, "时钟"))),
        parties=tuple(dict.fromkeys(one.key for source in (table, other) for one in _entries(_under(source, "当事人")))),
        launch=launch,
        forms=forms,
        more_forms=any(set(one.value.keys()) & set(Step.LATER) for one in steps if isinstance(one.value, Table)),
        subject_steps=tuple(one.key for one in _entries(_under(other, "步骤"))),
        decided=tuple(_decided(steps)),
    )


def _decided(steps: Iterable[Entry]) -> Iterator[str]:
    for one in steps:
        default = _under(_under(one.value, "批办"), "默认")
        if isinstance(default, Text):
            yield default.value.rpartition(".")[2]


def _under(tree: Tree | None, key: str) -> Tree | None:
    entry = tree.get(key) if isinstance(tree, Table) else None
    return entry.value if entry else None


def _entries(tree: Tree | None) -> list[Entry]:
    if isinstance(tree, Table):
        return list(tree.entries)
    if isinstance(tree, Row):
        return [entry for item in tree.items if isinstance(item, Table) for entry in item.entries]
    return []


def _fields(tree: Tree | None) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for entry in _entries(tree):
        kinds = entry.value.entries if isinstance(entry.value, Table) else ()
        kind = entry.value.value if isinstance(entry.value, Text) else next((k.key for k in kinds if k.key in phrases.FIELD_KINDS), "")
        options = _under(entry.value, kind) if kind in ("选择", "多选") else None
        found[entry.key] = Field(kind, tuple(o.value for o in options.items if isinstance(o, Text)) if isinstance(options, Row) else ())
    return found


def procedure(entry: Entry, reader: Reader, scope: Scope) -> Procedure | None:
    where = f"程序“{entry.key}”"
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    allowed = ("代号", "对象", "当事人", "发起", "时钟", "随时", "步骤", "终点", "不得兼办", "人手不足", "回避")
    found = reader.keys(table, where, allowed=allowed, required=("代号", "对象", "步骤", "终点"), later=Procedure.LATER)
    values: dict[str, Any] = {"name": entry.key, "code": phrases.code(found.get("代号"), reader)}
    if "对象" in found:
        values["subject"] = _subject(found["对象"].value, reader, scope)
    if "当事人" in found:
        values["parties"] = _parties(found["当事人"].value, reader, scope)
    if "发起" in found:
        values["launch"] = _launch(found["发起"].value, reader, scope)
    if "时钟" in found:
        values["clocks"] = _all(found["时钟"].value, "时钟", reader, scope, _clock)
    if "随时" in found:
        values["side_acts"] = _all(found["随时"].value, "随时事项", reader, scope, _side_act)
    if "步骤" in found:
        values["steps"] = _all(found["步骤"].value, "步骤", reader, scope, _step)
    if "终点" in found:
        values["ends"] = _ends(found["终点"].value, reader, scope)
    if "不得兼办" in found:
        values["incompatible"] = _incompatible(found["不得兼办"].value, reader, scope)
    if "人手不足" in found:
        values["short_handed"] = _short_handed(found["人手不足"].value, reader, scope)
    if "步骤" in found:
        values["side_acts"] = (*values.get("side_acts", ()), *_step_acts(found["步骤"].value, reader, scope))
    if "回避" in found and (rule := decisions.recusal(found["回避"].value, reader, scope, clause)):
        stand_ins = values.get("short_handed", ())
        recorded = values["launch"].recorded if values.get("launch") else None
        acts = decisions.recusal_acts(rule, values.get("steps", ()), tuple(values.get("parties", {})), stand_ins, recorded)
        values |= {"recusal": rule, "side_acts": (*values.get("side_acts", ()), *acts)}
    _same_codes([*_entries(_under(table, "步骤")), *_entries(_under(table, "随时"))], reader)
    if any(values.get(key) is None for key in ("subject", "steps", "ends")):
        return None
    return Procedure(**values)


def _all(tree: Tree, kind: str, reader: Reader, scope: Scope, read_one: Any) -> tuple[Any, ...]:
    entries = reader.named(tree, kind)
    if not entries:
        reader.problem(tree.mark, kind, f"至少要写一个{kind}。")
    return tuple(one for entry in entries if (one := read_one(entry, reader, scope)) is not None)


def _same_codes(entries: list[Entry], reader: Reader) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        code = _under(entry.value, "代号")
        if not isinstance(code, Text):
            continue
        if code.value in seen:
            reader.problem(
                code.mark, "代号", f"代号“{code.value}”重复，“{seen[code.value].key}”（第 {seen[code.value].mark.line} 行）已经用过。"
            )
        seen.setdefault(code.value, entry)


def _subject(tree: Tree, reader: Reader, scope: Scope) -> Subject | None:
    if not isinstance(tree, Table):
        word = reader.text(tree, "对象")
        return Subject(kind=word, case=word if word in scope.procedures else None) if word else None
    found = reader.keys(tree, "“对象”", allowed=("案件", "终点", "满"), required=("案件",), later=("节奏", "下辖"))
    if "案件" not in found:
        return None
    case = reader.text(found["案件"].value, "案件")
    if case is None:
        return None
    if case not in scope.procedures:
        reader.unknown(found["案件"].value.mark, case, "程序", scope.procedures)
    after = phrases.length(found["满"].value, "满", reader, replace(scope, parameters={}, forms={})) if "满" in found else None
    return Subject(
        kind=case,
        case=case,
        end=reader.text(found["终点"].value, "终点") if "终点" in found else None,
        after=None if isinstance(after, Ref) else after,
    )


def _parties(tree: Tree, reader: Reader, scope: Scope) -> dict[str, Ref]:
    found: dict[str, Ref] = {}
    for entry in reader.named(tree, "当事人"):
        word = reader.text(entry.value, entry.key)
        local = replace(scope, forms=scope.launch)
        ref = phrases.reference(entry.value.mark, word, entry.key, reader, local, ("对象", "表单", "步骤")) if word else None
        if ref:
            found[entry.key] = ref
    return found


def _launch(tree: Tree, reader: Reader, scope: Scope) -> Launch | None:
    table = reader.table(tree, "发起")
    if table is None:
        return None
    found = reader.keys(table, "“发起”", allowed=("由", "代录", "表单", "抽取", "依据"), required=("由",), later=Launch.LATER)
    values: dict[str, Any] = {"by": phrases.who(found["由"].value, "由", reader, scope) if "由" in found else ()}
    if "表单" in found:
        values["form"] = phrases.fields(found["表单"].value, reader, scope)
    if "代录" in found:
        values["recorded"] = decisions.recording(found["代录"].value, reader, scope, clause)
    if "抽取" in found:
        values["draw"] = _draw(found["抽取"].value, reader)
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    return Launch(**values)


def _draw(tree: Tree, reader: Reader) -> Draw | None:
    table = reader.table(tree, "抽取")
    if table is None:
        return None
    found = reader.keys(table, "“抽取”", allowed=("比例", "种子", "每"), required=("比例", "每"))
    if "比例" not in found or "每" not in found:
        return None
    share = phrases.decimal(found["比例"].value, "比例", reader)
    every = phrases.choice(found["每"].value, "每", ("学期", "月"), reader)
    if "种子" in found:
        phrases.choice(found["种子"].value, "种子", ("公开",), reader)
    if share is None or every is None:
        return None
    if not 0 < share <= 1:
        reader.problem(found["比例"].value.mark, "比例", "抽取比例应当大于 0、不超过 100%。")
        return None
    return Draw(share=share, every=every)  # type: ignore[arg-type]


def clause(tree: Tree, reader: Reader, scope: Scope) -> str | None:
    return phrases.article(tree, reader, scope)


def _place(tree: Tree, key: str, reader: Reader, scope: Scope, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Names of steps (起, 止, 在)."""
    words = reader.words(tree, key)
    for word in words:
        if word in allowed:
            continue
        if key in ("起", "止") and word in scope.outcomes:
            reader.later(tree.mark, word, "时钟以结论起止：")
        else:
            reader.unknown(tree.mark, word, "步骤", allowed)
    return words


def _clock(entry: Entry, reader: Reader, scope: Scope) -> Clock | None:
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    where = f"时钟“{entry.key}”"
    allowed = ("起", "止", "长", "上限", "退回另计", "超期", "预警", "依据")
    found = reader.keys(table, where, allowed=allowed, required=("起", "止", "长"), later=Clock.LATER)
    if not {"起", "止", "长"} <= set(found):
        return None
    places = ("发起", *scope.steps)
    starts = _place(found["起"].value, "起", reader, scope, places)
    stops = _place(found["止"].value, "止", reader, scope, (*scope.steps, *scope.ends))
    values: dict[str, Any] = {"length": phrases.length(found["长"].value, "长", reader, scope)}
    for key, name in (("上限", "cap"), ("退回另计", "again")):
        if key in found:
            values[name] = phrases.length(found[key].value, key, reader, scope)
    if "超期" in found:
        values["late"] = _late(found["超期"].value, reader, scope)
    if "预警" in found:
        lengths = [
            phrases.length(item, "预警", reader, replace(scope, parameters={}, forms={})) for item in reader.rows(found["预警"].value)
        ]
        values["warn"] = tuple(one for one in lengths if one is not None)
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    if len(starts) != 1:
        reader.problem(found["起"].value.mark, "起", f"{where}只能从一个步骤起算。")
        return None
    return Clock(name=entry.key, start=starts[0], stops=stops, **values) if values["length"] is not None else None


def _late(tree: Tree, reader: Reader, scope: Scope) -> Escalation | None:
    table = reader.table(tree, "超期")
    if table is None:
        return None
    found = reader.keys(table, "“超期”", allowed=("上报", "状态"), later=("视为", "到"))
    tell = phrases.who(found["上报"].value, "上报", reader, scope) if "上报" in found else ()
    state = reader.text(found["状态"].value, "状态") if "状态" in found else None
    return Escalation(tell=tell[0] if tell else None, state=state or "超期")


def _side_act(entry: Entry, reader: Reader, scope: Scope, at: str = "") -> SideAct | None:
    if entry.key in LATER_SIDE_ACTS:
        reader.later(entry.mark, entry.key, "随时事项")
        return None
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    where = f"随时事项“{entry.key}”"
    allowed = ("代号", "在", "由", "代录", "批", "早于", "次数", "改", "直到", "表单", "依据")
    required = ("由",) if entry.key in SIDE_ACT_CODES else ("代号", "由")
    changes = table.get("改")
    if changes and isinstance(changes.value, Text) and changes.value.value.startswith("名册."):
        required = ("由",)  # not yet supported as a whole: say only that
    found = reader.keys(table, where, allowed=allowed, required=required, later=SideAct.LATER)
    if "由" not in found:
        return None
    values: dict[str, Any] = {"by": phrases.who(found["由"].value, "由", reader, scope)}
    if "代录" in found:
        values["recorded"] = decisions.recording(found["代录"].value, reader, scope, clause)
    if "在" in found:
        values["during"] = _place(found["在"].value, "在", reader, scope, scope.steps)
    if "批" in found:
        values["approve"] = phrases.who(found["批"].value, "批", reader, scope)
    for key, name in (("早于", "before"), ("改", "changes")):
        if key in found:
            values[name] = _clock_ref(found[key], reader, scope, at)
    if "次数" in found:
        values["times"] = phrases.whole(found["次数"].value, "次数", reader)
    if "直到" in found:
        values["until"] = phrases.choice(found["直到"].value, "直到", ("下一步已办",), reader)
    if "表单" in found:
        values["form"] = phrases.fields(found["表单"].value, reader, scope)
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    return SideAct(name=entry.key, code=phrases.code(found.get("代号"), reader, SIDE_ACT_CODES.get(entry.key, "")), **values)


def _step_acts(tree: Tree, reader: Reader, scope: Scope) -> list[SideAct]:
    """随时 of a step: possible while the case stands there. 展期 moves the last day of the step itself."""
    found = [
        (step.key, act)
        for step in _entries(tree)
        for entry in _entries(_under(step.value, "随时"))
        if (act := _side_act(entry, reader, scope, at=step.key)) is not None
    ]
    return [
        act.model_copy(
            update={"during": (at,)} | ({"changes": Ref(root="期限", path=(at,))} if act.code == "prolong" and not act.changes else {})
        )
        for at, act in found
    ]


def _clock_ref(entry: Entry, reader: Reader, scope: Scope, at: str) -> Ref | None:
    word = reader.text(entry.value, entry.key)
    if word == "期限" and at:
        return Ref(root="期限", path=(at,))
    return phrases.reference(entry.value.mark, word, entry.key, reader, scope, ("时钟",)) if word else None


def _step(entry: Entry, reader: Reader, scope: Scope) -> Step | None:
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    if table.get("公示"):
        by_clause, code = table.get("依据"), phrases.code(table.get("代号"), reader)
        return notices.publicity_step(entry, table, clause(by_clause.value, reader, scope) if by_clause else None, code, reader, scope)
    where = f"步骤“{entry.key}”"
    allowed = ("代号", "由", "期限", "逾期", "意见", "表单", "须", "结论", "文书", "效力", "依据", "记", "随时", *fanout.KEYS)
    found = reader.keys(table, where, allowed=allowed, required=_required(table), later=Step.LATER)
    scope = replace(scope, own=_fields(found["表单"].value) if "表单" in found else {})
    values: dict[str, Any] = {"code": phrases.code(found.get("代号"), reader)}
    if "由" in found:
        values["by"] = phrases.who(found["由"].value, "由", reader, scope)
    if "期限" in found:
        values["limit"] = phrases.length(found["期限"].value, "期限", reader, scope)
    if "逾期" in found:
        values["silence"] = _silence(found["逾期"].value, reader, scope)
    if "意见" in found:
        values["opinion"] = phrases.choice(found["意见"].value, "意见", ("必填", "选填"), reader) or "选填"
    if "表单" in found:
        values["form"] = phrases.fields(found["表单"].value, reader, scope)
    if "须" in found:
        values["guards"] = phrases.guards(found["须"].value, reader, scope)
    if "结论" in found:
        values["outcomes"] = _outcomes(found["结论"].value, where, reader, scope)
    if "到" in found and (to := _target(found["到"].value, reader, scope)):
        if "结论" in found:
            reader.problem(found["到"].mark, "到", f"{where}有“结论”，各结论写明去向，不再写“到”。")
        values["outcomes"] = values.get("outcomes") or (fanout.only_outcome(found, to),)
    values |= fanout.read_step(found, reader, scope)
    if any(key in found for key in fanout.BY_THE_SYSTEM):
        values["by"] = (Who(system=True),)
    if "记" in found:
        values["record"] = decisions.record(found["记"].value, reader, scope)
    for key, name in (("文书", "paper"), ("效力", "effect")):
        if key in found:
            values[name] = reader.text(found[key].value, key)
    if "auto" in values:
        values["effect"] = values["auto"].effect
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    if "逾期" in found and not {"期限", "截止"} & set(found) and not set(table.keys()) & set(Step.LATER):
        reader.problem(found["逾期"].mark, "逾期", f"{where}写了“逾期”，但没有写“期限”。")
    return Step(name=entry.key, **values) if values.get("by") and values.get("outcomes") else None


def _required(table: Table) -> list[str]:
    """What a step cannot do without: who takes it, unless the system does, and where it leads."""
    written = set(table.keys())
    by = [] if written & set(fanout.BY_THE_SYSTEM) else ["由"]
    return ["代号", *by, "到" if written & set(fanout.BY_THE_SYSTEM) else "结论"] if "到" not in written else ["代号", *by]


def _silence(tree: Tree, reader: Reader, scope: Scope) -> Silence | None:
    table = reader.table(tree, "逾期")
    if table is None:
        return None
    found = reader.keys(table, "“逾期”", allowed=("视为", "到", "上报"))
    to = _target(found["到"].value, reader, scope) if "到" in found else None
    tell = phrases.who(found["上报"].value, "上报", reader, scope) if "上报" in found else ()
    counts_as = reader.text(found["视为"].value, "视为") if "视为" in found else None
    if counts_as and to is None:
        reader.problem(table.mark, "逾期", f"“逾期”视为“{counts_as}”以后要写明“到”哪一步。")
    return Silence(counts_as=counts_as, to=to, tell=tell[0] if tell else None)


def _target(tree: Tree, reader: Reader, scope: Scope) -> str | None:
    word = reader.text(tree, "到")
    if word and word not in scope.steps and word not in scope.ends:
        reader.unknown(tree.mark, word, "步骤或终点", (*scope.steps, *scope.ends))
    return word


def _outcomes(tree: Tree, where: str, reader: Reader, scope: Scope) -> tuple[Outcome, ...]:
    outcomes = []
    for entry in reader.named(tree, "结论"):
        branches = [branch for item in reader.rows(entry.value) if (branch := _branch(item, entry.key, reader, scope)) is not None]
        if (
            branches
            and len(branches) == len(reader.rows(entry.value))
            and all(branch.when and not any(test.figure for test in branch.when.tests) for branch in branches)
        ):
            reader.problem(
                entry.mark, entry.key, f"{where}的结论“{entry.key}”每条去向都带条件，条件都不满足时无处可去，请在最后加一条不带“当”的去向。"
            )
        if branches:
            outcomes.append(Outcome(name=entry.key, branches=tuple(branches)))
    return tuple(outcomes)


def _branch(tree: Tree, outcome: str, reader: Reader, scope: Scope) -> Branch | None:
    if not isinstance(tree, Table):
        to = _target(tree, reader, scope)
        return Branch(to=to) if to else None
    found = reader.keys(
        tree, f"结论“{outcome}”", allowed=("当", "到", "并", "引用", "子件", "效力", "须"), required=("到",), later=LATER_BRANCH
    )
    if "到" not in found:
        return None
    to = _target(found["到"].value, reader, scope)
    when = phrases.condition(found["当"].value, "当", reader, scope) if "当" in found else None
    starts = reader.words(found["并"].value, "并") if "并" in found else ()
    for start in starts:
        if start not in scope.procedures:
            reader.unknown(found["并"].value.mark, start, "程序", scope.procedures)
    cites = phrases.choice(found["引用"].value, "引用", ("对象", "本案"), reader) if "引用" in found else None
    if to is None or ("当" in found and when is None):
        return None
    children = reader.text(found["子件"].value, "子件") if "子件" in found else None
    effect = reader.text(found["效力"].value, "效力") if "效力" in found else None
    needs = decisions.cited(found["须"].value, f"结论“{outcome}”", reader) if "须" in found else ()
    return Branch(when=when, to=to, start=starts, cites=cites, children=children, effect=effect, needs=needs)


def _ends(tree: Tree, reader: Reader, scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in reader.named(tree, "终点"):
        word = reader.text(entry.value, entry.key)
        if entry.key in scope.steps:
            reader.problem(entry.mark, entry.key, f"“{entry.key}”既是步骤又是终点，请换一个名字。")
        if word:
            found[entry.key] = word
    return found


def _incompatible(tree: Tree, reader: Reader, scope: Scope) -> tuple[tuple[str, ...], ...]:
    sets: list[tuple[str, ...]] = []
    rows = reader.rows(tree)
    if isinstance(tree, Row) and all(isinstance(item, Text) for item in rows):
        rows = (tree,)  # one set written without the outer brackets
    for item in rows:
        words = reader.words(item, "不得兼办")
        for word in words:
            if word not in scope.done:
                reader.unknown(item.mark, word, "步骤", scope.done)
        if len(set(words)) < 2:
            reader.problem(item.mark, "不得兼办", "“不得兼办”的每一组至少写两个不同的步骤。")
        sets.append(words)
    return tuple(sets)


def _short_handed(tree: Tree, reader: Reader, scope: Scope) -> Any:
    table = reader.table(tree, "人手不足")
    if table is None:
        return ()
    found = reader.keys(table, "“人手不足”", allowed=("由",), required=("由",))
    return phrases.who(found["由"].value, "由", reader, scope) if "由" in found else ()
