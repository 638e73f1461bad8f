"""What makes an appraisal, as sentences: schedules, parts, tallies, quotas, stars, rewards, pay, overlays."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jizhi.rulebook.language import Column, Quota, Regulation, Schedule, Standard, Stars
from jizhi.rulebook.phrases import MANY
from jizhi.rulebook.words import by_clause, listed

SOURCES = {"指标": "按指标", "测评": "按民意测评", "评分": "另行评分"}


def schedule(number: int, found: Schedule) -> Iterator[str]:
    most = f" 至 {found.most}" if found.most < MANY else " 以上"
    yield f"　{number}. {found.name}：每个{found.per}一份，{found.least}{most} 行{by_clause(found.clause)}。"
    yield f"　　列：{listed(_column(column) for column in found.columns)}。"
    for name, total in found.totals.items():
        yield f"　　{name}合计 {total}。"
    if found.agreed_by:
        yield f"　　由{'和'.join(f'{one.post or one.body}' for one in found.agreed_by)}商定。"
    if found.frozen_at:
        yield f"　　办理“{found.frozen_at}”时冻结，以后不改。"


def _column(column: Column) -> str:
    notes = [f"从{listed(column.options)}中选"] if column.options else []
    notes += [f"不小于 {column.least}"] if column.least is not None else []
    notes += [f"不大于 {column.most}"] if column.most is not None else []
    notes += [] if column.required else ["选填"]
    return column.name + (f"（{'，'.join(notes)}）" if notes else "")


def standard(found: Standard) -> Iterator[str]:
    if own := found.own_tasks:
        weights = f"，共性与个性按参数“{own.weights}”计" if own.weights else ""
        yield f"　　个性：附表“{own.schedule}”，{own.points} 分；每项得分值乘完成率（至多 1）乘难度，合计以 {own.points} 分为限{weights}。"
        yield "　　各单位任务不同，名次按个性任务的完成率折算后比较。"
    if found.parts:
        yield "　　权重：" + listed(f"{part.name}占 {_percent(part.share)}（{SOURCES[part.source]}）" for part in found.parts) + "。"
    if poll := found.poll:
        groups = "；各组：" + listed(f"{name}占 {_percent(share)}" for name, share in poll.groups.items()) if poll.groups else ""
        returned = f"；收回不足发出的 {poll.returned[0]}/{poll.returned[1]} 无效" if poll.returned else ""
        chosen = listed(f"{name}计 {value} 分" for name, value in poll.coefficients.items())
        counted = "；弃权计入有效票" if poll.abstentions else ""
        yield f"　　测评：{chosen}{groups}{returned}{counted}；有效票不足 {poll.least} 张不出结果。"
    if rule := found.adjustments:
        items = listed(
            f"{item.name}至多{'加' if item.most > 0 else '减'} {abs(item.most)} 分{f'（须{item.needs}）' if item.needs else ''}"
            for item in rule.items
        )
        yield f"　　加减分：{items}；合计不超过正负 {rule.cap} 分。"
    if quotas := found.quotas:
        said = listed(f"{grade}至多 {_quota(quota)}" for grade, quota in quotas.grades.items())
        yield f"　　名额：{said}{'' if quotas.within == '全部' else f'，每个{quotas.within}分别计'}；满额的按名次降一等，写明理由。"
    if found.stars:
        yield from _stars(found.stars)
    if found.rewards:
        yield f"　　奖励：按参数“{found.rewards}”，有星级的按星级，没有的按等次。"
    if pay := found.pay:
        on_top = listed(f"“{name}”" for name in (pay.base, pay.seniority) if name)
        split = listed(f"“{name}”" for name in (pay.posts, pay.reviews) if name)
        yield f"　　待遇：{f'{on_top}之外，' if on_top else ''}本单位的奖励按{split or '人数'}分给干部，合计等于奖励。"


def _stars(rule: Stars) -> Iterator[str]:
    if rule.by == "逐星":
        yield f"　　定星：一级指标每项一颗星，得分率达到 {_percent(rule.rate or Decimal(0))} 的得星，几颗就是几星。"
    else:
        yield "　　定星：按总分，" + listed(f"{star} 星 {least} 分以上" for star, least in rule.bands.items()) + "。"
    if rule.among:
        yield f"　　只在{listed(rule.among)}中评星。"
    if rule.quotas:
        said = listed(f"{star} 星至多 {_quota(quota)}" for star, quota in rule.quotas.items())
        order = f"，依次比较{listed(rule.tie_breaks)}" if rule.tie_breaks else ""
        yield f"　　星级名额：{said}；满额的{'降一星' if rule.when_full == '降一星' else '不评星'}{order}，写明理由。"


def overlay(regulation: Regulation) -> Iterator[str]:
    if regulation.based_on:
        yield f"　以 {regulation.based_on} 为上位制度，没有写到的从其规定。"
    if regulation.may_change:
        yield f"　下位制度可以改：{listed(regulation.may_change)}；其余不能改。"


def _quota(quota: Quota) -> str:
    return f"{quota.count} 个" if quota.share is None else _percent(quota.share)


def _percent(share: Any) -> str:
    return f"{(share * 100).normalize():f}%"
