"""由 and 除: who may act, who is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jizhi.rulebook.language import Exclusion, Who
from jizhi.rulebook.phrases.plain import choice
from jizhi.rulebook.phrases.scope import Scope
from jizhi.rulebook.source import Reader, Table, Tree, nearest, said
from jizhi.rulebook.tally import RULES

UNIT_WORD = re.compile(r"本单位|上级(\(\S+\))?|对象")


def who(tree: Tree, key: str, reader: Reader, scope: Scope) -> tuple[Who, ...]:
    """由: 系统, 上一步, a party's name, a body, a post, whoever did a step; a list means any one of them."""
    return tuple(one for item in reader.rows(tree) if (one := _one_who(item, key, reader, scope)) is not None)


def _one_who(tree: Tree, key: str, reader: Reader, scope: Scope) -> Who | None:
    if not isinstance(tree, Table):
        word = reader.text(tree, key)
        if word is None:
            return None
        if word in ("系统", "上一步"):
            return Who(system=word == "系统", previous=word == "上一步")
        if word in scope.parties:
            return Who(party=word)
        reader.unknown(tree.mark, word, "当事人", ["系统", "上一步", *scope.parties])
        return None
    found = reader.keys(tree, f"“{key}”", allowed=("机构", "职务", "办过", "当事人", "身份", "单位", "除", "议定"), later=Who.LATER)
    ways = [way for way in ("机构", "职务", "办过", "当事人", "身份") if way in found]
    if len(ways) != 1:
        if not set(tree.keys()) & set(Who.LATER):
            reader.problem(tree.mark, key, f"“{key}”要写明是谁，并且只写一种：机构、职务、办过、当事人、身份。")
        return None
    said_by = found[ways[0]]
    values: dict[str, Any] = {}
    match ways[0]:
        case "办过":
            values["acted"] = _done(said_by.value, reader, scope.done)
        case "当事人":
            values["party"] = _party(said_by.value, reader, scope)
        case "身份":
            values["status"] = status(said_by.value, reader)
        case "机构":
            values["body"] = _body(said_by.value, reader, scope, own="单位" not in found)
        case _:
            values["post"] = reader.text(said_by.value, "职务")
    if not next(iter(values.values())):
        return None
    if "单位" in found:
        values["unit"] = _unit(found["单位"].value, reader)
    if "除" in found:
        values["excluding"] = exclusions(found["除"].value, reader, scope)
    if "议定" in found:
        rule = choice(found["议定"].value, "议定", RULES, reader)
        if rule is None:
            return None
        values["decides"] = rule
    return Who(**values)


def status(tree: Tree, reader: Reader) -> str | None:
    return choice(tree, "身份", ("本村户籍",), reader, later=("党员", "正式党员", "预备党员", "村民代表"))


def _unit(tree: Tree, reader: Reader) -> str:
    word = (reader.text(tree, "单位") or "本单位").replace("（", "(").replace("）", ")")
    if not UNIT_WORD.fullmatch(word):
        allowed = ("本单位", "上级", "上级(县)", "对象")
        reader.problem(tree.mark, "单位", f"“单位”不能写“{word}”，可写：{said(allowed)}。{nearest(word, allowed)}")
    return word


def _body(tree: Tree, reader: Reader, scope: Scope, *, own: bool) -> str | None:
    """A body may be set up by another regulation, so a near miss of one of this file's bodies is only a warning."""
    word = reader.text(tree, "机构")
    near = [one for one in scope.bodies if word and len(one) == len(word) and len(set(one) ^ set(word)) <= 2]
    if own and word not in scope.bodies and near:
        reader.problem(tree.mark, "机构", f"本文件没有设立叫“{word}”的机构。是否想写“{near[0]}”？", warn=True)
    return word


def _party(tree: Tree, reader: Reader, scope: Scope) -> str | None:
    word = reader.text(tree, "当事人")
    if word and word not in scope.parties:
        reader.unknown(tree.mark, word, "当事人", scope.parties)
    return word


def _done(tree: Tree, reader: Reader, allowed: Sequence[str]) -> tuple[str, ...]:
    words = reader.words(tree, "办过")
    for word in words:
        if word not in allowed:
            reader.unknown(tree.mark, word, "步骤", allowed)
    return words


def exclusions(tree: Tree, reader: Reader, scope: Scope) -> tuple[Exclusion, ...]:
    """除: parties by name, ``{近亲属: 整改人}``, ``{办过: 复查}``, ``{办过: [复查, 销号], 案件: 对象}``."""
    out: list[Exclusion] = []
    for item in reader.rows(tree):
        if not isinstance(item, Table):
            word = reader.text(item, "除")
            if word and word not in scope.parties:
                reader.unknown(item.mark, word, "当事人", scope.parties)
            elif word:
                out.append(Exclusion(party=word))
            continue
        if item.get("近亲属"):
            found = reader.keys(item, "“除”", allowed=("近亲属",))
            if "." in (reader.text(found["近亲属"].value, "近亲属") or ""):
                reader.later(found["近亲属"].value.mark, "近亲属", "引用对象的")
                continue
            relative = choice(found["近亲属"].value, "近亲属", scope.parties, reader)
            out += [Exclusion(kin_of=relative)] if relative else []
            continue
        if item.get("任职"):
            found = reader.keys(item, "“除”", allowed=("任职",))
            serves = choice(found["任职"].value, "任职", ("对象",), reader)
            out += [Exclusion(serves=serves)] if serves else []
            continue
        found = reader.keys(item, "“除”", allowed=("办过", "案件", "近亲属", "任职"), required=("办过",), later=("身份",))
        if "办过" not in found:
            continue
        of_subject = "案件" in found and choice(found["案件"].value, "案件", ("对象",), reader) is not None
        steps = _done(found["办过"].value, reader, ("发起", *scope.subject_steps) if of_subject else scope.done)
        out.append(Exclusion(acted=steps, of_subject_case=of_subject))
    return tuple(out)
