"""What a step says of many (分办, 等待, 自动, 批办, 评分, 冻结, 截止), in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from jizhi.rulebook.language import Auto, Batch, Branch, FanOut, Length, Marking, Ref, Step, Wait
from jizhi.rulebook.words import listed, on

Say = Callable[[Length], str]


def sentences(step: Step, length: Say) -> Iterator[str]:
    """Whatever the step has of them, each a sentence. ``length`` says a length or a reference in words."""
    if step.freezes:
        yield f"办理时冻结{listed(step.freezes)}，以后不再改。"
    if step.fan_out:
        yield _fan_out(step.fan_out, length)
    if step.wait:
        yield _wait(step.wait)
    if step.auto:
        yield _auto(step.auto)
    if step.until:
        yield f"到{on(step.until) if isinstance(step.until, date) else length(step.until)}截止。"
    if step.marking:
        yield _marking(step.marking)
    if step.batch:
        yield _batch(step.batch)


def back(branch: Branch) -> str:
    """Behind where an outcome leads: 并把所选的子件退回“组织复核”."""
    return f"，并把所选的子件退回“{branch.children}”" if branch.children else ""


def _fan_out(fan: FanOut, length: Say) -> str:
    left_out = f"（列入“{listed(fan.excluding)}”名单的除外）" if fan.excluding else ""
    come = f"全部到“{fan.at}”" if fan.at else "全部办结"
    until = f"，或者到{on(fan.until) if isinstance(fan.until, date) else length(fan.until)}为止（未到的列出）" if fan.until else ""
    return f"给下辖每个“{fan.below}”{left_out}各开一件“{fan.procedure}”；{come}{until}，再往下办。"


def _wait(wait: Wait) -> str:
    return f"等上级事项的“{wait.step}”办理{f'为“{wait.outcome}”' if wait.outcome else '通过'}以后，由系统往下办。"


def _auto(auto: Auto) -> str:
    args = listed(f"{name}：{_argument(value)}" for name, value in auto.args.items())
    return f"到了本步，系统立即办理{f'（{args}）' if args else ''}；办不成的，以后每天再办。"


def _argument(value: Any) -> str:
    if isinstance(value, Ref):
        return f"参数“{value.path[0]}”"
    return listed(f"{key} {one}" for key, one in value.items()) if isinstance(value, Mapping) else str(value)


def _marking(need: Marking) -> str:
    sheet = f"“{need.standard}”{need.role or '评分'}表"
    if need.share is not None:
        return f"按公开的种子抽查 {(need.share * 100).normalize():f}%，抽中的须有 {need.least} 人提交{sheet}。"
    each = "，办理人本人也须提交" if need.each else ""
    return f"办理前须提交{sheet}。" if need.role else f"办理前须有 {need.least} 人提交{sheet}{each}。"


def _batch(batch: Batch) -> str:
    if batch.default is None:
        return "同类事项可以一并批办。"
    reasons = "，与默认不同的写明理由" if batch.reasons else ""
    return f"对各子件逐行批办，默认按“{batch.default[0]}”得出的{batch.default[1]}{reasons}{'，名额不可突破' if batch.firm else ''}。"
