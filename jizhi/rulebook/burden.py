"""The burden guard (减负): what a regulation may not ask for, refused by name with the rule that forbids it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jizhi.rulebook.source import Entry, Mark, Reader, Row, Table, Text, Tree

APPS = "《政务移动互联网应用程序规范化管理办法》（国办函〔2026〕12号）"
SCHOOLS = "教师厅〔2025〕2号（为中小学教师减负）"
GRASSROOTS = "《整治形式主义为基层减负若干规定》（2024年8月6日）"


@dataclass(frozen=True)
class Ban:
    words: re.Pattern[str]
    asks_for: str
    instead: str
    source: str


ONLINE = "在线时[长间]|登[录陆](次数|天数|率)|学习时长|使用时长|活跃[度率]|上线率|日活"
LIKES = "点赞|转发(量|数|率|次数)|阅读量|浏览量|投票数|网络投票|集赞|关注人数"
TRACES = "轨迹|经纬度|GPS|(实时|手机|现场|上传)(定位|位置)|定位(打卡|信息|坐标|截图)"
FORCED = "水印照片|必传(照片|视频)|强制(拍照|录像|上传)"
BANS = (
    Ban(re.compile("打卡|签到|刷脸|人脸识别"), "打卡签到", "请改为写明要办成的事和办成的标准", APPS),
    Ban(re.compile("(?<!定)(?<!微)积分"), "积分", "请改为按指标评分，不设积分和积分排行", APPS),
    Ban(re.compile(ONLINE), "在线时长或登录次数", "请改为看工作结果", APPS),
    Ban(re.compile(LIKES), "点赞、转发或投票作为考核依据", "请改为看工作结果", APPS),
    Ban(re.compile(f"{TRACES}|{FORCED}"), "强制照片、视频、轨迹或定位", "请改为选填的佐证", GRASSROOTS),
)
WARNINGS = re.compile("台账|材料齐全|会议次数|发文数量|留痕")
VETO = re.compile("一票否决|责任状")
INSTEAD_OF = {"一票否决": "红线事项请写“不打等级，转专项核查”。", "责任状": "请改为写明谁办什么、什么时候办好。"}
PUNISHES = re.compile("清零|零分|0\\s*分|不合格|否决|取消|降[一等级]|末位")
PICTURES = re.compile("照片|图片|视频|录像|录音|拍照|截图")
NEGATED = re.compile("(不得|不准|不要求|不以|不设|不搞|禁止|严禁|取消|免于?|无需|不)$")

PROSE = ("依据", "存疑", "来源", "为何必须", "提示", "备注", "原文")  # it may say what is forbidden


def check(tree: Tree, applies_to: str, reader: Reader) -> None:
    """Reports everything in the names, forms, options and indicators of a regulation that would load people without need."""
    school = "学校" in applies_to or "院校" in applies_to
    for word, mark in _words(tree):
        for ban in BANS:
            if (found := ban.words.search(word)) and not NEGATED.search(word[: found.start()]):
                reader.problem(mark, word, f"“{_short(word)}”要求{ban.asks_for}，不能写入制度：{ban.source}不允许。{ban.instead}。")
        if school and (found := VETO.search(word)) and not NEGATED.search(word[: found.start()]):
            reader.problem(mark, word, f"“{_short(word)}”：学校制度不得设“{found[0]}”，{SCHOOLS}不允许。{INSTEAD_OF[found[0]]}")
    for entry in _entries(tree):
        if entry.key == "指标" or entry.key == "细则":
            _warn(entry, reader)
        if entry.key == "红线" and school:
            _red_lines(entry, reader)
        if entry.key == "表单":
            _forced_attachments(entry, reader)


def _is_prose(entry: Entry) -> bool:
    """Articles, and sentences under the keys for sentences; a form field of such a name is not one."""
    return entry.key == "条文" or (entry.key in PROSE and isinstance(entry.value, Text))


def _short(word: str) -> str:
    return word if len(word) <= 24 else word[:23] + "…"


def _words(tree: Tree) -> Iterator[tuple[str, Mark]]:
    if isinstance(tree, Text):
        yield tree.value, tree.mark
    elif isinstance(tree, Row):
        for item in tree.items:
            yield from _words(item)
    else:
        for entry in tree.entries:
            if not _is_prose(entry):
                yield entry.key, entry.mark
                yield from _words(entry.value)


def _entries(tree: Tree) -> Iterator[Entry]:
    if isinstance(tree, Row):
        for item in tree.items:
            yield from _entries(item)
    elif isinstance(tree, Table):
        for entry in tree.entries:
            if not _is_prose(entry):
                yield entry
                yield from _entries(entry.value)


def _names(tree: Tree) -> Iterator[Entry]:
    """The names directly under 指标 or 细则, in a table or a list of single-key items."""
    for table in tree.items if isinstance(tree, Row) else (tree,):
        if isinstance(table, Table):
            yield from table.entries


def _warn(entry: Entry, reader: Reader) -> None:
    for one in _names(entry.value):
        if found := WARNINGS.search(one.key):
            text = f"“{one.key}”以“{found[0]}”为评分对象，{SCHOOLS}不主张以留痕、台账、开会、发文评判工作；请改为看实效或现场事实。"
            reader.problem(one.mark, one.key, text, warn=True)


def _red_lines(entry: Entry, reader: Reader) -> None:
    """In schools a red line stops grading and asks for a check; it never punishes by itself."""
    for item in entry.value.items if isinstance(entry.value, Row) else (entry.value,):
        then = item.get("则") if isinstance(item, Table) else None
        said_then = "".join(word for word, _ in _words(then.value)) if then else ""
        if then and (isinstance(then.value, Table) or PUNISHES.search(said_then)):
            reader.problem(
                then.mark,
                "则",
                f"学校制度的红线只能停止评等并转核查，不能直接扣罚（变相一票否决）：{SCHOOLS}不允许。请写“不打等级，转专项核查”。",
            )


def _forced_attachments(entry: Entry, reader: Reader) -> None:
    for field in _names(entry.value):
        spec = field.value
        if not isinstance(spec, Table):
            continue
        kind = spec.get("附件")
        if kind is None:
            continue
        inner = kind.value if isinstance(kind.value, Table) else None
        places = [table for table in (spec, inner) if table]
        required = next((one for table in places if (one := table.get("必填")) and getattr(one.value, "value", "") == "是"), None)
        forced = next((one for one in (inner.entries if inner else ()) if getattr(one.value, "value", "") == "必填"), None)
        whole = kind if getattr(kind.value, "value", "") == "必填" else None
        if (found := required or forced or whole) and not any(table.get("为何必须") for table in places):
            named = forced.key if forced and PICTURES.search(forced.key) else "附件"
            text = (
                f"“{field.key}”把{named}设为必填，却没有写“为何必须”：{SCHOOLS}要求非必要不让上传照片、视频。请改为可选，或写明为何必须。"
            )
            reader.problem(found.mark, field.key, text)
