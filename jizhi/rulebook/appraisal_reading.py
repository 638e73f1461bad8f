"""Reading what makes an appraisal of a 细则: 权重, 个性, 测评, 加减分, 名额, 定星, 待遇, red lines that veto."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from jizhi.rulebook import phrases
from jizhi.rulebook.language import (
    Adjustment,
    Adjustments,
    Band,
    Indicator,
    OwnTasks,
    Part,
    Pay,
    Poll,
    Quota,
    Quotas,
    RedLine,
    Regulation,
    Standard,
    Stars,
)
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.source import Entry, Mark, Reader, Table, Tree, said

KEYS = ("个性", "权重", "测评", "加减分", "名额", "定星", "奖励", "待遇")
MOST_STARS = 5
PARTS = {"实绩核验": "指标", "民意测评": "测评"}  # where a part named so comes from, unless 取 says otherwise
SOURCES = ("指标", "测评", "评分")
VETO_NEEDS = ("文号", "认定机关", "认定日期", "申辩记录")
WITHIN = ("全部", "乡镇", "分组")
FULL = ("降一星", "不评")
CHANGEABLE = ("参数", "附表", "细则", "机构", "程序")


def appraisal(
    found: dict[str, Entry], indicators: tuple[Indicator, ...], bands: tuple[Band, ...], reader: Reader, scope: Scope
) -> dict[str, Any]:
    """The values of ``KEYS`` as fields of a Standard."""
    grades = tuple(band.grade for band in bands)
    values: dict[str, Any] = {}
    if "个性" in found:
        values["own_tasks"] = _own_tasks(found["个性"].value, reader, scope)
    if "权重" in found:
        values["parts"] = _parts(found["权重"].value, reader)
    if "测评" in found:
        values["poll"] = _poll(found["测评"].value, reader)
    if any(part.source == "测评" for part in values.get("parts", ())) and "测评" not in found:
        reader.problem(found["权重"].mark, "测评", "“权重”里有民意测评，请写明“测评”（系数、组、最少）。")
    if "加减分" in found:
        values["adjustments"] = _adjustments(found["加减分"].value, reader)
    if "名额" in found:
        values["quotas"] = _quotas(found["名额"].value, grades, reader)
    if "定星" in found:
        values["stars"] = _stars(found["定星"].value, indicators, grades, reader)
    if "奖励" in found:
        values["rewards"] = _parameter(found["奖励"].value, "奖励", reader, scope)
    if "待遇" in found:
        values["pay"] = _pay(found["待遇"].value, reader, scope)
    return values


def _parameter(tree: Tree, key: str, reader: Reader, scope: Scope) -> str | None:
    """``参数.奖励``: the name of a parameter."""
    word = reader.text(tree, key)
    if word is None:
        return None
    ref = phrases.reference(tree.mark, word, key, reader, scope, roots=("参数",))
    return ref.path[0] if ref else None


def _own_tasks(tree: Tree, reader: Reader, scope: Scope) -> OwnTasks | None:
    table = reader.table(tree, "个性")
    if table is None:
        return None
    found = reader.keys(table, "“个性”", allowed=("附表", "分值", "权重"), required=("附表", "分值"))
    schedule = reader.text(found["附表"].value, "附表") if "附表" in found else None
    points = phrases.decimal(found["分值"].value, "分值", reader) if "分值" in found else None
    weights = _parameter(found["权重"].value, "权重", reader, scope) if "权重" in found else None
    if schedule is None or points is None:
        return None
    if points <= 0:
        reader.problem(found["分值"].value.mark, "分值", "“个性”的分值应当大于 0。")
        return None
    return OwnTasks(schedule=schedule, points=points, weights=weights)


def _shares(tree: Tree, key: str, reader: Reader) -> dict[str, Decimal]:
    """Shares that must sum to 100%."""
    shares: dict[str, Decimal] = {}
    for entry in reader.named(tree, key):
        share = phrases.decimal(entry.value, entry.key, reader)
        if share is not None:
            shares[entry.key] = share
    _whole(tree.mark, key, shares.values(), reader)
    return shares


def _whole(mark: Mark, key: str, shares: Iterable[Decimal], reader: Reader) -> None:
    shares = tuple(shares)
    total = sum(shares, Decimal(0))
    if shares and (total != 1 or min(shares) <= 0):
        reader.problem(mark, key, f"“{key}”合计 {total * 100:f}%，每项应当大于 0，合计应当等于 100%。".replace(".00%", "%"))


def _parts(tree: Tree, reader: Reader) -> tuple[Part, ...]:
    """``{实绩核验: 70%, 民意测评: 20%, 述职: 10%}``; ``{占: 70%, 取: 指标}`` says where a part of another name comes from."""
    parts: list[Part] = []
    for entry in reader.named(tree, "权重"):
        source: str | None = PARTS.get(entry.key, "评分")
        share_at: Tree = entry.value
        if isinstance(entry.value, Table):
            found = reader.keys(entry.value, f"权重“{entry.key}”", allowed=("占", "取"), required=("占",))
            if "占" not in found:
                continue
            share_at = found["占"].value
            source = phrases.choice(found["取"].value, "取", SOURCES, reader) if "取" in found else source
        share = phrases.decimal(share_at, entry.key, reader)
        if share is not None and source is not None:
            parts.append(Part(name=entry.key, share=share, source=source))  # type: ignore[arg-type]
    _whole(tree.mark, "权重", (part.share for part in parts), reader)
    for source in ("指标", "测评"):
        if len([part for part in parts if part.source == source]) > 1:
            reader.problem(tree.mark, "权重", f"“权重”里只能有一项取自“{source}”。")
    return tuple(parts)


def _poll(tree: Tree, reader: Reader) -> Poll | None:
    table = reader.table(tree, "测评")
    if table is None:
        return None
    found = reader.keys(table, "“测评”", allowed=("系数", "组", "最少", "收回至少", "弃权"), required=("系数",))
    if "系数" not in found:
        return None
    coefficients = {
        entry.key: value
        for entry in reader.named(found["系数"].value, "系数")
        if (value := phrases.decimal(entry.value, entry.key, reader)) is not None
    }
    values: dict[str, Any] = {"coefficients": coefficients}
    for choice, value in coefficients.items():
        if not 0 <= value <= 100:
            reader.problem(found["系数"].value.mark, choice, f"测评系数“{choice}”应当在 0 到 100 之间。")
    if "组" in found:
        values["groups"] = _shares(found["组"].value, "组", reader)
    if "最少" in found:
        values["least"] = phrases.whole(found["最少"].value, "最少", reader) or 1
    if "收回至少" in found:
        values["returned"] = _fraction(found["收回至少"].value, "收回至少", reader)
    if "弃权" in found:
        word = phrases.choice(found["弃权"].value, "弃权", ("计入有效", "不计入有效"), reader)
        values["abstentions"] = word == "计入有效"
    return Poll(**values)


def _fraction(tree: Tree, key: str, reader: Reader) -> tuple[int, int] | None:
    word = reader.text(tree, key) or ""
    if (found := re.fullmatch(r"(\d{1,3})\s*/\s*(\d{1,3})", word)) and 0 < int(found[1]) <= int(found[2]):
        return int(found[1]), int(found[2])
    if (percent := phrases.PERCENT.fullmatch(word)) and 0 < Decimal(percent[1]) <= 100:
        return Decimal(percent[1]).as_integer_ratio()[0], Decimal(percent[1]).as_integer_ratio()[1] * 100
    reader.problem(tree.mark, key, f"“{key}”请写成 2/3 或 66%，不能写“{word}”。")
    return None


def _adjustments(tree: Tree, reader: Reader) -> Adjustments | None:
    """``{上限: 5, 项: [{名: 受市级以上表彰, 加: 3, 须: 表彰文件}, {名: 发生责任事故, 减: 3}]}``."""
    table = reader.table(tree, "加减分")
    if table is None:
        return None
    found = reader.keys(table, "“加减分”", allowed=("上限", "项"), required=("上限", "项"))
    if not {"上限", "项"} <= set(found):
        return None
    cap = phrases.decimal(found["上限"].value, "上限", reader)
    items = tuple(one for item in reader.rows(found["项"].value) if (one := _adjustment(item, reader)) is not None)
    return Adjustments(cap=cap, items=items) if cap is not None else None


def _adjustment(tree: Tree, reader: Reader) -> Adjustment | None:
    table = reader.table(tree, "加减分")
    if table is None:
        return None
    found = reader.keys(table, "“加减分”的项", allowed=("名", "加", "减", "须"), required=("名",))
    sides = [key for key in ("加", "减") if key in found]
    if len(sides) != 1:
        reader.problem(table.mark, "加减分", "每一项只写“加”或“减”中的一个，写至多几分。")
        return None
    name = reader.text(found["名"].value, "名") if "名" in found else None
    most = phrases.decimal(found[sides[0]].value, sides[0], reader)
    if name is None or most is None:
        return None
    if most <= 0:
        reader.problem(found[sides[0]].value.mark, sides[0], f"“{name}”的分数应当大于 0。")
    needs = reader.text(found["须"].value, "须") if "须" in found else None
    return Adjustment(name=name, most=most if sides[0] == "加" else -most, needs=needs)


def _quota(tree: Tree, key: str, reader: Reader) -> Quota | None:
    """``3`` or ``30%``."""
    word = reader.text(tree, key)
    if word is None:
        return None
    if (percent := phrases.PERCENT.fullmatch(word)) and Decimal(percent[1]) <= 100:
        return Quota(share=Decimal(percent[1]) / 100)
    if re.fullmatch(r"\d{1,6}", word):
        return Quota(count=int(word))
    reader.problem(tree.mark, key, f"“{key}”的名额请写个数或不超过 100% 的比例，形如 3 或 30%，不能写“{word}”。")
    return None


def _quotas(tree: Tree, grades: tuple[str, ...], reader: Reader) -> Quotas | None:
    table = reader.table(tree, "名额")
    if table is None:
        return None
    quotas: dict[str, Quota] = {}
    within = None
    for entry in table.entries:
        if entry.key == "按":
            within = phrases.choice(entry.value, "按", WITHIN, reader)
        elif entry.key not in grades:
            reader.unknown(entry.mark, entry.key, "等级", grades)
        elif entry.key == grades[-1]:
            reader.problem(entry.mark, entry.key, f"最低一等“{entry.key}”不能限名额：限了就没有等次可评。")
        elif quota := _quota(entry.value, entry.key, reader):
            quotas[entry.key] = quota
    return Quotas(grades=quotas, within=within or "全部")  # type: ignore[arg-type]


def _stars(tree: Tree, indicators: tuple[Indicator, ...], grades: tuple[str, ...], reader: Reader) -> Stars | None:
    table = reader.table(tree, "定星")
    if table is None:
        return None
    found = reader.keys(
        table, "“定星”", allowed=("依据", "每星", "分档", "限等次", "名额", "满额", "排序"), required=("依据",)
    )  # fmt: skip
    by = phrases.choice(found["依据"].value, "依据", ("逐星", "总分"), reader) if "依据" in found else None
    if by is None:
        return None
    values: dict[str, Any] = {"by": by}
    needs, idle = ("每星", "分档") if by == "逐星" else ("分档", "每星")
    if needs not in found:
        reader.problem(table.mark, needs, f"“定星”依据“{by}”，请写明“{needs}”。")
    if idle in found:
        reader.problem(found[idle].mark, idle, f"“定星”依据“{by}”，不用写“{idle}”。")
    if by == "逐星" and not 1 <= len(indicators) <= MOST_STARS:
        reader.problem(table.mark, "定星", f"“逐星”是一级指标每项一颗星，至多 {MOST_STARS} 颗，现有 {len(indicators)} 项。")
    if "每星" in found:
        values["rate"] = _rate(found["每星"].value, reader)
    if "分档" in found:
        values["bands"] = _star_bands(found["分档"].value, reader)
    if "限等次" in found:
        values["among"] = reader.words(found["限等次"].value, "限等次")
        for word in values["among"]:
            if word not in grades:
                reader.unknown(found["限等次"].value.mark, word, "等级", grades)
    if "名额" in found:
        entries = reader.named(found["名额"].value, "名额")
        values["quotas"] = {
            star: quota for entry in entries if (star := _star(entry, reader)) and (quota := _quota(entry.value, entry.key, reader))
        }
    if "满额" in found:
        values["when_full"] = phrases.choice(found["满额"].value, "满额", FULL, reader) or "降一星"
    if "排序" in found:
        values["tie_breaks"] = tie_breaks(found["排序"].value, indicators, reader)
    return Stars(**values)


def _star(entry: Entry, reader: Reader) -> int | None:
    if entry.key in tuple(str(one) for one in range(1, MOST_STARS + 1)):
        return int(entry.key)
    reader.problem(entry.mark, entry.key, f"星级只有 1 到 {MOST_STARS}，不能写“{entry.key}”。")
    return None


def _rate(tree: Tree, reader: Reader) -> Decimal | None:
    """``{得分率: {至少: 85%}}``."""
    for key in ("得分率", "至少"):
        table = reader.table(tree, key)
        if table is None:
            return None
        found = reader.keys(table, "“每星”", allowed=(key,), required=(key,))
        if key not in found:
            return None
        tree = found[key].value
    rate = phrases.decimal(tree, "至少", reader)
    if rate is not None and not 0 < rate <= 1:
        reader.problem(tree.mark, "至少", "得分率应当大于 0、不超过 100%。")
    return rate


def _star_bands(tree: Tree, reader: Reader) -> dict[int, Decimal]:
    bands: dict[int, Decimal] = {}
    for entry in reader.named(tree, "分档"):
        star, least = _star(entry, reader), phrases.decimal(entry.value, entry.key, reader)
        if star is None or least is None:
            continue
        if bands and not (star < min(bands) and least < min(bands.values())):
            reader.problem(entry.mark, entry.key, "“分档”请从高到低写，形如 {5: 95, 4: 90, 3: 85}。")
        bands[star] = least
    return bands


TIE_BREAKS = ("总分", "扣分次数", "上期名次", "往年名次", "抽签")


def tie_breaks(tree: Tree, indicators: tuple[Indicator, ...], reader: Reader) -> tuple[str, ...]:
    """排序: what is compared, one after the other; the draw is last, so that no two places are shared."""
    known = [word for one in _every(indicators) for word in (one.code, one.name)]
    words = []
    for item in reader.rows(tree):
        word = reader.text(item, "排序")
        if word is None:
            continue
        if word in ("表决", "往年平均名次"):
            reader.later(item.mark, word, "排序的")
        elif word not in TIE_BREAKS and word not in known:
            reader.unknown(item.mark, word, "排序依据", [*TIE_BREAKS, *known])
        words.append(word)
    if words and words[-1] != "抽签":
        reader.problem(tree.mark, "排序", "“排序”的最后一项应当是“抽签”，否则名次仍可能并列。")
    return tuple(words)


def _every(indicators: tuple[Indicator, ...]) -> Iterable[Indicator]:
    for one in indicators:
        yield one
        yield from _every(one.children)


def _pay(tree: Tree, reader: Reader, scope: Scope) -> Pay | None:
    table = reader.table(tree, "待遇")
    if table is None:
        return None
    names = {"基本补贴": "base", "工龄补贴": "seniority", "职务系数": "posts", "考核系数": "reviews"}
    found = reader.keys(table, "“待遇”", allowed=tuple(names))
    return Pay(**{names[key]: _parameter(entry.value, key, reader, scope) for key, entry in found.items()})


def red_line(tree: Tree, reader: Reader) -> RedLine | None:
    """``{名: 安全事故, 则: 转专项核查}``, or a veto: ``{名: 党风廉政问题, 须: [文号, 认定机关, 申辩记录], 则: {最高: 2}}``."""
    table = reader.table(tree, "红线")
    if table is None:
        return None
    found = reader.keys(table, "“红线”", allowed=("名", "则", "须"), required=("名", "则"))
    if not {"名", "则"} <= set(found):
        return None
    name, then = reader.text(found["名"].value, "名"), found["则"].value
    needs = reader.words(found["须"].value, "须") if "须" in found else ()
    for word in needs:
        if word not in VETO_NEEDS:
            reader.unknown(found["须"].value.mark, word, "否决要件", VETO_NEEDS)
    if not isinstance(then, Table):
        words = reader.text(then, "则")
        if needs:
            reader.problem(
                found["须"].mark,
                "须",
                "写了“须”的红线是否决，“则”请写最高几星、降几星或最高等次，形如 {最高: 2}、{降星: 1} 或 {等次: 不称职}。",
            )
        return RedLine(name=name, then=words) if name and words else None
    ceiling = reader.keys(then, "红线的“则”", allowed=("最高", "降星", "等次"))
    if not ceiling:
        return None
    if "文号" not in needs:
        reader.problem(found["则"].mark, "须", "否决必须有依据文件才能启用，请写明“须: [文号, 认定机关, 申辩记录]”。")
    stars = phrases.whole(ceiling["最高"].value, "最高", reader) if "最高" in ceiling else None
    less = phrases.whole(ceiling["降星"].value, "降星", reader) if "降星" in ceiling else None
    if less is not None and (less < 1 or "最高" in ceiling):
        reader.problem(ceiling["降星"].mark, "降星", "“降星”写降几颗，至少 1 颗，形如 {降星: 1}；它和“最高”只写一个。")
        return None
    grade = reader.text(ceiling["等次"].value, "等次") if "等次" in ceiling else None
    said_then = "，".join(
        [
            *([f"最高 {stars} 星"] if stars is not None else []),
            *([f"降 {less} 星"] if less else []),
            *([f"等次最高为{grade}"] if grade else []),
        ]
    )
    values = {"stars_at_most": stars, "stars_less": less, "grade_at_most": grade}
    return RedLine(name=name, then=said_then, needs=needs, **values) if name and said_then else None


def changeable(tree: Tree, reader: Reader) -> tuple[str, ...]:
    """可改: ``[参数.权重, 附表.个性任务]``, by section and name."""
    words = []
    for item in reader.rows(tree):
        word = reader.text(item, "可改")
        section, _, name = (word or "").partition(".")
        if word and (section not in CHANGEABLE or not name):
            reader.problem(item.mark, "可改", f"“可改”写的“{word}”看不懂，请写成 参数.名称、附表.名称 这样；可用：{said(CHANGEABLE)}。")
        elif word:
            words.append(word)
    return tuple(words)


def based_on(tree: Tree, reader: Reader) -> str | None:
    """``county.village.appraisal@2024``."""
    word = reader.text(tree, "基于")
    if word and not re.fullmatch(rf"{phrases.CODE.pattern}@\d{{4}}", word):
        reader.problem(tree.mark, "基于", f"“基于”请写上位制度的代号和施行年份，形如 county.village.appraisal@2024，不能写“{word}”。")
        return None
    return word


def check(regulation: Regulation, found: dict[str, Entry], reader: Reader) -> None:
    """What the parts must say to each other. An overlay is checked with its base (overlay.resolve)."""
    if regulation.based_on is None and "细则" in found:
        for text in cross_problems(regulation):
            reader.problem(found["细则"].mark, "细则", text)
    if regulation.based_on is None and "可改" in found:
        for path in regulation.may_change:
            if not has(regulation, path):
                reader.problem(found["可改"].mark, "可改", f"“可改”里的“{path}”在本制度里没有。")


def has(regulation: Regulation, path: str) -> bool:
    section, _, name = path.partition(".")
    return name in sections(regulation)[section]


def sections(regulation: Regulation) -> dict[str, dict[str, Any]]:
    """The parts of a regulation that an overlay may change, by their words."""
    return {
        "参数": dict(regulation.parameters),
        "附表": dict(regulation.schedules),
        "细则": dict(regulation.standards),
        "机构": dict(regulation.bodies),
        "程序": dict(regulation.procedures),
    }


def cross_problems(regulation: Regulation) -> list[str]:
    texts = []
    for standard in regulation.standards.values():
        texts += [*_schedule_problems(standard, regulation), *_parameter_problems(standard, regulation)]
        grades = [band.grade for band in standard.bands]
        texts += [
            f"细则“{standard.name}”的红线“{line.name}”：等次里没有“{line.grade_at_most}”。"
            for line in standard.red_lines
            if line.grade_at_most and line.grade_at_most not in grades
        ]
    return texts


def _schedule_problems(standard: Standard, regulation: Regulation) -> list[str]:
    own = standard.own_tasks
    if own is None:
        return []
    rows = regulation.schedules.get(own.schedule)
    if rows is None:
        known = said(regulation.schedules) or "本制度没有附表"
        return [f"细则“{standard.name}”的个性任务要用附表“{own.schedule}”，但没有这张附表（{known}）。"]
    lacking = [name for name in ("名称", "目标值", "难度", "分值") if name not in {column.name for column in rows.columns}]
    texts = [f"附表“{rows.name}”缺少{'、'.join(lacking)}这几列，算不出个性任务得分。"] if lacking else []
    total = rows.totals.get("分值")
    if total is not None and total != own.points:
        texts.append(f"附表“{rows.name}”的分值合计 {total}，与细则“{standard.name}”的个性分值 {own.points} 不符。")
    return texts


def _parameter_problems(standard: Standard, regulation: Regulation) -> list[str]:
    named = [standard.rewards, standard.own_tasks.weights if standard.own_tasks else None]
    named += [standard.pay.base, standard.pay.seniority, standard.pay.posts, standard.pay.reviews] if standard.pay else []
    texts = [f"细则“{standard.name}”引用的参数“{name}”没有写。" for name in named if name and name not in regulation.parameters]
    weights = standard.own_tasks.weights if standard.own_tasks else None
    for value in regulation.parameters.get(weights or "", ()):
        if not isinstance(value.amount, dict) or set(value.amount) != {"共性", "个性"}:
            texts.append(f"参数“{weights}”要写成 {{共性: 60, 个性: 40}}。")
        elif any(not isinstance(one, int | Decimal) or one < 0 for one in value.amount.values()) or not sum(value.amount.values()):
            texts.append(f"参数“{weights}”的共性、个性都应当是不小于 0 的数，合计大于 0。")
    return texts
