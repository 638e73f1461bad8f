"""Reading 公示 and 异议: a step that is a wait."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jizhi.rulebook import phrases
from jizhi.rulebook.language import Answering, Branch, Duration, Objections, Objectors, Outcome, Publicity, Screening, Step, Who
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.publicity import OBJECTED, OVER
from jizhi.rulebook.source import Entry, Reader, Table, Text, Tree

MASKS = ("原样", "掩码", "归类", "不显示")
KEYS = ("满", "首日", "末日遇休", "显示", "归类", "渠道", "检索", "下架", "内容变更")
EITHER = {"首日": ("计", "不计"), "末日遇休": ("顺延", "不顺延"), "检索": ("允许", "禁止"), "内容变更": ("重新公示", "不得变更")}
NAMES = {"首日": "first_day_counts", "末日遇休": "rolls", "检索": "indexed", "内容变更": "restarts"}
PLAIN = ("姓名", "单位", "事项")  # what every case can show
IDENTITIES = ("本村户籍",)


def publicity_step(entry: Entry, table: Table, clause: str | None, code: str, reader: Reader, scope: Scope) -> Step | None:
    """The step with its ordinary outcomes: 期满 and 异议成立, both of the system, so that nothing else need know."""
    where = f"步骤“{entry.key}”"
    allowed = ("代号", "公示", "异议", "期满", "文书", "效力", "依据")
    if extra := [key for key in ("由", "结论", "期限", "逾期") if table.get(key)]:
        at = table.get(extra[0])
        assert at is not None
        reader.problem(at.mark, extra[0], f"{where}是公示，由系统按期办结，不写“{extra[0]}”；期满后去哪一步写在“期满”。")
    kept = Table(table.mark, tuple(one for one in table.entries if one.key not in extra))
    found = reader.keys(kept, where, allowed=allowed, required=("代号", "公示", "期满"), later=Step.LATER)
    if "公示" not in found or "期满" not in found:
        return None
    after = _step_or_end(found["期满"].value, "期满", reader, scope)
    publicity = _publicity(found["公示"].value, reader, scope)
    objections = _objections(found["异议"].value, reader, scope) if "异议" in found else None
    if after is None or publicity is None or ("异议" in found and objections is None):
        return None
    outcomes = [Outcome(name=OVER, branches=(Branch(to=after),))]
    if objections is not None and objections.upheld is not None:
        outcomes.append(Outcome(name=OBJECTED, branches=(Branch(to=objections.upheld),)))
    texts = {name: reader.text(found[key].value, key) for key, name in (("文书", "paper"), ("效力", "effect")) if key in found}
    return Step(
        name=entry.key,
        code=code,
        by=(Who(system=True),),
        outcomes=tuple(outcomes),
        publicity=publicity,
        objections=objections,
        clause=clause,
        **texts,  # type: ignore[arg-type]
    )


def _step_or_end(tree: Tree, key: str, reader: Reader, scope: Scope) -> str | None:
    word = reader.text(tree, key)
    if word is not None and word not in (*scope.steps, *scope.ends):
        reader.unknown(tree.mark, word, "步骤或终点", (*scope.steps, *scope.ends))
        return None
    return word


def _publicity(tree: Tree, reader: Reader, scope: Scope) -> Publicity | None:
    table = reader.table(tree, "公示")
    if table is None:
        return None
    found = reader.keys(table, "“公示”", allowed=KEYS, required=("满", "显示"), later=Publicity.LATER)
    if "满" not in found:
        return None
    least = phrases.length(found["满"].value, "满", reader, scope)
    values: dict[str, Any] = {"least": least}
    for key, name in NAMES.items():
        if key in found and (word := phrases.choice(found[key].value, key, EITHER[key], reader)):
            values[name] = word == EITHER[key][0]
    if "下架" in found:
        down = phrases.length(found["下架"].value, "下架", reader, replace(scope, parameters={}, forms={}))
        values["down_after"] = down if isinstance(down, Duration) else None
    if "渠道" in found:
        values["channels"] = reader.words(found["渠道"].value, "渠道")
    values["shows"] = _shows(found.get("显示"), reader, scope)
    values["classes"] = _classes(found.get("归类"), reader)
    if "归类" in values["shows"].values() and "归类" not in found:
        reader.problem(table.mark, "归类", "“显示”里有“归类”的，要在“归类”里写明归为哪一类，形如 {就学就医: 困难帮扶}。")
    return Publicity(**values) if least is not None else None


def _shows(entry: Entry | None, reader: Reader, scope: Scope) -> dict[str, str]:
    """显示: {姓名: 掩码, 用途: 归类}. A name nobody fills in shows nothing, which is worth a warning."""
    table = reader.table(entry.value, "显示") if entry else None
    shows: dict[str, str] = {}
    for one in table.entries if table else ():
        word = phrases.choice(one.value, one.key, MASKS, reader)
        known = (*PLAIN, *scope.launch, *scope.forms, *scope.parties, *scope.decided)
        if one.key not in known and scope.launch and not scope.more_forms:
            reader.problem(one.mark, one.key, f"“显示”里的“{one.key}”不是表单项，也不是当事人，公示上不会有内容，请核对。", warn=True)
        if word:
            shows[one.key] = word
    return shows


def _classes(entry: Entry | None, reader: Reader) -> dict[str, str]:
    table = reader.table(entry.value, "归类") if entry else None
    words = {one.key: reader.text(one.value, one.key) for one in (table.entries if table else ())}
    return {key: word for key, word in words.items() if word}


def _objections(tree: Tree, reader: Reader, scope: Scope) -> Objections | None:
    table = reader.table(tree, "异议")
    if table is None:
        return None
    allowed = ("谁", "受理", "期间", "答复", "结论")
    found = reader.keys(table, "“异议”", allowed=allowed, required=("答复", "结论"))
    if "答复" not in found or "结论" not in found:
        return None
    answering = _duty(found["答复"], ("由", "期限"), reader, scope)
    upheld = _upheld(found["结论"].value, reader, scope)
    if answering is None or upheld is None:
        return None
    values: dict[str, Any] = {"answering": Answering(**answering), **upheld}
    if "谁" in found:
        values["who"] = _objectors(found["谁"].value, reader, scope)
    if "受理" in found and (screening := _duty(found["受理"], ("由", "期限", "不受理须"), reader, scope)):
        values["screening"] = Screening(**screening)
    if "期间" in found:
        values["stops"] = phrases.choice(found["期间"].value, "期间", ("停", "停该行"), reader) or "停"
    if values.get("stops", "停") == "停" and "upheld_child" in upheld:
        reader.problem(found["结论"].value.mark, "成立", "异议成立后退回子件的，“期间”请写“停该行”。")
    return Objections(**values)


def _duty(entry: Entry, allowed: tuple[str, ...], reader: Reader, scope: Scope) -> dict[str, Any] | None:
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    found = reader.keys(table, f"“{entry.key}”", allowed=allowed, required=("由",))
    values: dict[str, Any] = {"by": phrases.who(found["由"].value, "由", reader, scope) if "由" in found else ()}
    if "期限" in found:
        values["limit"] = phrases.length(found["期限"].value, "期限", reader, scope)
    if "不受理须" in found:
        values["reason"] = phrases.choice(found["不受理须"].value, "不受理须", ("理由",), reader) is not None
    return values if values["by"] else None


def _objectors(tree: Tree, reader: Reader, scope: Scope) -> Objectors | None:
    """``{身份: 本村户籍, 核实: 必须}``, or whoever 由 could name."""
    if not isinstance(tree, Table):
        return Objectors(among=phrases.who(tree, "谁", reader, scope))
    verified = tree.get("核实")
    must = phrases.choice(verified.value, "核实", ("必须", "不必"), reader) == "必须" if verified else False
    if identity := tree.get("身份"):
        reader.keys(tree, "“谁”", allowed=("身份", "核实"))
        return Objectors(identity=phrases.choice(identity.value, "身份", IDENTITIES, reader), verified=must)
    rest = Table(tree.mark, tuple(one for one in tree.entries if one.key != "核实"))
    return Objectors(among=phrases.who(rest, "谁", reader, scope), verified=must)


def _upheld(tree: Tree, reader: Reader, scope: Scope) -> dict[str, str] | None:
    """``{不成立: 继续, 成立: 初审}`` or ``成立: {子件: 组织复核}``."""
    table = reader.table(tree, "结论")
    if table is None:
        return None
    found = reader.keys(table, "异议的“结论”", allowed=("不成立", "成立"), required=("成立",))
    if "不成立" in found:
        phrases.choice(found["不成立"].value, "不成立", ("继续",), reader)
    if "成立" not in found:
        return None
    to = found["成立"].value
    if not isinstance(to, Text):
        inner = reader.keys(to, "“成立”", allowed=("子件",), required=("子件",)) if isinstance(to, Table) else {}
        child = reader.text(inner["子件"].value, "子件") if "子件" in inner else None
        return {"upheld_child": child} if child else None
    word = _step_or_end(to, "成立", reader, scope)
    return {"upheld": word} if word else None
