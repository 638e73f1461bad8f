"""Reading what decisions need: 代录, 回避 of a procedure, 记, cited cases, and the side acts that these bring along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jizhi.rulebook import phrases
from jizhi.rulebook.language import Cited, Contract, FieldSpec, Record, Recording, Recusal, SideAct, Step, Who
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.source import Reader, Table, Tree

STEPS_DOWN, CHALLENGE = "自报回避", "申请回避"
CHALLENGED = "申请谁回避"  # the field that names him
RECUSAL_ACTS = (STEPS_DOWN, CHALLENGE)
REASON = FieldSpec(name="理由", kind="长文", hint="写明是什么关系，或者为什么不宜参加。")


def recording(tree: Tree, reader: Reader, scope: Scope, clause: Any) -> Recording | None:
    """``{职务: 村文书, 须: [书面申请扫描件]}``."""
    table = reader.table(tree, "代录")
    if table is None:
        return None
    own = ("须", "依据")
    by = phrases.who(Table(table.mark, tuple(e for e in table.entries if e.key not in own)), "代录", reader, scope)
    needs, said = table.get("须"), table.get("依据")
    names = reader.words(needs.value, "须") if needs else ()
    return Recording(by=by, needs=names, clause=clause(said.value, reader, scope) if said else None) if by else None


def recusal(tree: Tree, reader: Reader, scope: Scope, clause: Any) -> Recusal | None:
    """``{谁: [申请人, {近亲属: 申请人}, {任职: 对象}], 自报: 允许, 申请回避: 允许}``."""
    table = reader.table(tree, "回避")
    if table is None:
        return None
    found = reader.keys(table, "“回避”", allowed=("谁", "自报", "申请回避", "依据"), required=("谁",), later=Recusal.LATER)
    allowed = {
        key: phrases.choice(found[key].value, key, ("允许", "不允许"), reader) == "允许" for key in ("自报", "申请回避") if key in found
    }
    return Recusal(
        who=phrases.exclusions(found["谁"].value, reader, scope) if "谁" in found else (),
        own=allowed.get("自报", False),
        asked=allowed.get("申请回避", False),
        clause=clause(found["依据"].value, reader, scope) if "依据" in found else None,
    )


def recusal_acts(
    rule: Recusal, steps: Sequence[Step], parties: Iterable[str], stand_ins: Sequence[Who], recorded: Recording | None = None
) -> tuple[SideAct, ...]:
    """The side acts by which people are recused one by one. A challenge is decided by the head of the body, or by those who
    stand in where a body is short of people; whoever may begin a case for a party may challenge for him (代录)."""
    whos = [who for step in steps for who in step.by if who.body or who.post]
    plain = tuple(dict.fromkeys(who.model_copy(update={"excluding": (), "decides": "任一人"}) for who in whos))
    heads = tuple(dict.fromkeys(Who(post=f"{who.body}组长", unit=who.unit) for who in whos if who.body))
    found: list[SideAct] = []
    if rule.own and plain:
        found.append(SideAct(name=STEPS_DOWN, code="recuse", by=plain, form=(REASON,), clause=rule.clause))
    if rule.asked and parties and (heads or stand_ins):
        by = tuple(Who(party=name) for name in parties)
        form = (FieldSpec(name=CHALLENGED, kind="人"), REASON)
        stand_in = tuple(who.model_copy(update={"decides": "任一人"}) for who in stand_ins)
        proxy = recorded.model_copy(update={"needs": ()}) if recorded else None
        approve = (*heads, *stand_in)
        found.append(SideAct(name=CHALLENGE, code="challenge", by=by, recorded=proxy, approve=approve, form=form, clause=rule.clause))
    return tuple(found)


def record(tree: Tree, reader: Reader, scope: Scope) -> Record | None:
    """``基金.还款``, or ``{效力: 基金.还款, 名: 还款, 表单: {…}}``; named after what the effect does, it asks an amount."""
    amount = (FieldSpec(name="金额", kind="金额"),)
    if not isinstance(tree, Table):
        effect = reader.text(tree, "记")
        return Record(name=effect.rpartition(".")[2], effect=effect, form=amount) if effect else None
    found = reader.keys(tree, "“记”", allowed=("效力", "名", "表单"), required=("效力",))
    effect = reader.text(found["效力"].value, "效力") if "效力" in found else None
    name = reader.text(found["名"].value, "名") if "名" in found else None
    form = phrases.fields(found["表单"].value, reader, scope) if "表单" in found else amount
    return Record(name=name or effect.rpartition(".")[2], effect=effect, form=form) if effect else None


def cited(tree: Tree, where: str, reader: Reader) -> tuple[Cited, ...]:
    """须 of an outcome: ``[{案件: deliberation.resolution, 终点: 通过}]``."""
    out: list[Cited] = []
    for item in reader.rows(tree):
        if not isinstance(item, Table) or not item.get("案件"):
            reader.later(item.mark, "须", f"{where}的")
            continue
        found = reader.keys(item, "“须”", allowed=("案件", "终点"), required=("案件", "终点"))
        words = {key: reader.text(entry.value, key) for key, entry in found.items()}
        case, end = words.get("案件"), words.get("终点")
        if case and not phrases.CODE.fullmatch(case):
            reader.problem(found["案件"].value.mark, "案件", f"“案件”请写另一部制度的代号，如 deliberation.resolution，不能写“{case}”。")
        elif case and end:
            out.append(Cited(case=case, end=end))
    return tuple(out)


def contract(table: Table, key: str, reader: Reader, scope: Scope) -> Contract | None:
    """``{合同: 到期日, 兜底: 2年}``: a day asked in some form of the procedure, else a length."""
    found = reader.keys(table, f"“{key}”", allowed=("合同", "兜底"), required=("合同", "兜底"))
    if not {"合同", "兜底"} <= set(found):
        return None
    name = (reader.text(found["合同"].value, "合同") or "").removeprefix("表单.")
    fallback = phrases.length(found["兜底"].value, "兜底", reader, scope)
    known = scope.forms.get(name)
    if known is not None and known.kind != "日期":
        reader.problem(found["合同"].value.mark, "合同", f"“合同”引用的表单项“{name}”是“{known.kind}”，应当是“日期”。")
        return None
    return Contract(field=name, fallback=fallback) if name and fallback is not None and not isinstance(fallback, Contract) else None
