from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jizhi.rulebook.language import Duration, Ref
from jizhi.rulebook.reading import Problem, read
from jizhi.rulebook.schema import schema

TRIALS = Path(__file__).parent / "trials"
BUILT = {"s07_loop.yaml", "p17_own_tasks.yaml", "f04_fund.yaml", "p16_stars.yaml"}
LATER = sorted(path for path in TRIALS.glob("*.yaml") if path.name not in BUILT)
LOOP = (TRIALS / "s07_loop.yaml").read_text(encoding="utf-8")
HEAD = "制度: 试行办法\n代号: trial\n施行: 2026-01-01\n适用: {单位类型: 学校}\n"


def problems_of(text: str) -> list[Problem]:
    regulation, problems = read(text, "试.yaml")
    assert (regulation is None) == any(problem.severity == "error" for problem in problems)
    return problems


def changed(old: str, new: str) -> list[Problem]:
    """The problems of the loop with one thing written otherwise."""
    assert LOOP.count(old) >= 1
    return problems_of(LOOP.replace(old, new, 1))


def test_the_loop_reads_without_a_problem() -> None:
    regulation, problems = read(LOOP, "s07_loop.yaml")
    assert problems == []
    assert regulation is not None
    loop = regulation.procedures["整改"]
    assert [step.name for step in loop.steps] == ["初步意见", "申辩", "答复", "通报", "整改", "申请销号", "复查", "销号"]
    assert loop.clocks[0].length == Ref(root="表单", path=("整改时限",))
    assert loop.clocks[0].cap == Ref(root="参数", path=("整改上限", "程度"))
    assert regulation.parameters["整改上限"][0].amount["较重"] == Duration(count=30, unit="日")
    assert regulation.parameters["申辩期"][0].since == date(2015, 1, 1)
    lookback = regulation.procedures["回头看"]
    assert lookback.launch is not None
    assert lookback.launch.draw is not None
    assert lookback.launch.draw.share == Decimal("0.20")
    assert lookback.subject.after == Duration(count=3, unit="个月")
    recheck = loop.steps[6].outcomes[2]
    assert [branch.start for branch in recheck.branches] == [(), ("约谈",)]


def test_a_folded_text_is_one_line_of_its_words_and_nothing_else() -> None:
    regulation, problems = read(f"{HEAD}条文:\n  - 条: 第一条\n    文: >-\n      结果先给\n      处室看。  # 不是注释\n", "试.yaml")
    assert problems == []
    assert regulation is not None
    assert regulation.clauses[0].text == "结果先给 处室看。  # 不是注释"


@pytest.mark.parametrize("file", LATER, ids=lambda path: path.stem)
def test_what_is_not_built_yet_is_refused_by_name_and_nothing_else_is(file: Path) -> None:
    regulation, problems = read(file.read_text(encoding="utf-8"), file.name)
    assert regulation is None
    assert problems
    assert [str(problem) for problem in problems if not problem.later] == []
    assert all(problem.text.startswith("尚未支持：") for problem in problems)


@pytest.mark.parametrize("word", ["表决", "节奏", "名册", "通则"])
@pytest.mark.parametrize("beside", ["          代号: recheck", "    代号: rectify", "代号: school.loop"])
def test_a_word_of_a_later_part_is_refused_wherever_it_stands(word: str, beside: str) -> None:
    indent = " " * (len(beside) - len(beside.lstrip()))
    found = changed(f"\n{beside}\n", f"\n{beside}\n{indent}{word}: {{满: 7日}}\n")
    assert [problem.text.startswith("尚未支持：") for problem in found] == [True], [str(one) for one in found]


def test_all_problems_come_at_once_with_their_places() -> None:
    text = HEAD + "参数:\n  期: [{自: 2026-13-01, 值: 5日, 来源: 听说}]\n程序:\n  办:\n    代号: 办\n    对象: 事\n    步骤: []\n"
    found = problems_of(text)
    assert [(problem.line, problem.key) for problem in found] == [(6, "自"), (6, "来源"), (9, "终点"), (9, "代号"), (11, "步骤")]
    assert str(found[0]).startswith("试.yaml:6:11 “自”写的“2026-13-01”不是日期")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("申请: 复查", "申请: 复察", "没有叫“复察”的步骤或终点"),
        ("申请: 复查", "申请: 复察", "是否想写“复查”？"),
        ("期限: 参数.复查期", "期限: 参数.复查", "没有叫“复查”的参数"),
        ("期限: 参数.复查期", "期限: 快点", "不是期限"),
        ("期限: 参数.复查期", "时限: 参数.复查期", "是否想写“期限”？"),
        ("由: 被督导", "由: 被监督", "没有叫“被监督”的当事人"),
        ("[[整改, 复查, 销号]", "[[整改, 复审, 销号]", "没有叫“复审”的步骤"),
        ("早于: 时钟.整改期", "早于: 时钟.整改", "没有叫“整改”的时钟"),
        ("并: [约谈]", "并: [谈话]", "没有叫“谈话”的程序"),
        ("{选择: [决策, 执行, 落实]}", "{选择: [决策]}", "至少要有两个选项"),
        ("{程度: 重大隐患}", "{程度: 重大}", "没有叫“重大”的“程度”选项"),
        ("{方法: {含: 看}}", "{手段: {含: 看}}", "没有叫“手段”的条件"),
        ("代号: recheck", "代号: reply", "代号“reply”重复"),
        ("代号: recheck", "代号: 复查", "只能用英文字母"),
        ("立行立改: 3日, 一般: 15日", "立行立改: 三日, 一般: 15日", "不是期限"),
        ("立行立改: 3日, 一般: 15日", "马上改: 3日, 一般: 15日", "没有哪个单选的表单项有这些选项"),
        ("意见: 必填", "意见: 必须", "“意见”不能写“必须”"),
        ("次数: 1", "次数: 一", "应当是整数"),
        ("比例: 20%", "比例: 120%", "不超过 100%"),
        ("施行: 2024-10-01", "施行: 2024年10月", "不是日期"),
        ("来源: 法,", "来源: 听说,", "可写：种子、法、本地"),
        (", {到: 整改, 并: [约谈]}]", "]", "请在最后加一条不带“当”的去向"),
        ("采纳: 不予认定", "采纳: 通报", "终点“不予认定”没有任何结论走到"),
        ("完成: 申请销号", "完成: 整改", "步骤“申请销号”走不到"),
        ("完成: 申请销号", "完成: 整改", "步骤“整改”出不去"),
        ("终点: {结束: 已销号,", "终点: {结束: 已销号, 复查: 复查,", "既是步骤又是终点"),
        ("终点: 已销号, 满", "终点: 已结束, 满", "没有叫“已结束”的“整改”终点"),
    ],
)
def test_a_wrong_word_is_named_with_what_is_allowed(old: str, new: str, said: str) -> None:
    assert any(said in problem.text for problem in changed(old, new)), [str(one) for one in changed(old, new)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "文件是空的"),
        ("- 甲\n", "若干行“键: 值”"),
        ("制度: [甲\n", "没有配对"),
        ("制度: 甲\n\t代号: a\n", "制表符"),
        ("制度: &甲 试行\n代号: *甲\n", "不能用“&”"),
        ("制度: !!python/object 试行\n", "不能用“!”"),
        ("制度: 甲\n制度: 乙\n", "“制度”重复，第 1 行"),
        ("制度: 甲\n---\n制度: 乙\n", "一个文件只写一部制度"),
        ("制度: " + "[" * 30 + "]" * 30, "层次超过 20 层"),
        ("制度: " + "长" * 100_000, "超过 256 KB"),
        ("制度: 甲\x07\n", "控制字符"),
    ],
)
def test_a_text_that_is_no_regulation_says_why(text: str, said: str) -> None:
    assert any(said in problem.text for problem in problems_of(text))


def test_an_alias_is_refused_where_it_stands() -> None:
    assert [(problem.line, problem.column) for problem in problems_of(HEAD + "条文: &a []\n参数: *a\n")][:2] == [(5, 5), (6, 5)]


STANDARD = """细则:
  课堂:
    代号: lesson
    对象: 课
    满分: 10
    指标:
      - 准备: {代号: A, 分值: 4, 计分: 四档}
      - 效果: {代号: B, 分值: 6, 计分: {公式: 达成数 ÷ 应达成数 × 6, 无则满分: 是}}
    四档: {优: 1, 良: 0.85, 合格: 70%, 不合格: 0.4}
    等级: {优: 9, 良: 8, 不合格: 0}
    排序: [总分, B, 抽签]
"""


def test_a_standard_keeps_the_digits_of_the_text() -> None:
    regulation, problems = read(HEAD + STANDARD, "试.yaml")
    assert problems == []
    assert regulation is not None
    standard = regulation.standards["课堂"]
    assert str(standard.grade_points["良"]) == "0.85"
    assert standard.grade_points["合格"] == Decimal("0.7")
    assert standard.indicators[1].scoring is not None
    assert standard.indicators[1].scoring.formula == "达成数 ÷ 应达成数 × 6"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("分值: 4", "分值: 5", "细则“课堂”的满分是 10 分，下级指标合计 11 分（5 + 6）"),
        ("代号: B", "代号: A", "指标代号“A”（效果）重复"),
        ("良: 8,", "良: 9,", "请从高到低写"),
        (", 抽签]", "]", "最后一项应当是“抽签”"),
        ("[总分, B,", "[总分, C,", "没有叫“C”的排序依据"),
        ("计分: 四档", "计分: 五档", "是否想写“四档”？"),
        (" ÷ 应达成数", " ÷ import(应达成数", "看不懂"),
        ("良: 0.85", "良: 1.85", "应当在 0 到 1 之间"),
    ],
)
def test_a_standard_that_does_not_add_up_is_refused(old: str, new: str, said: str) -> None:
    found = problems_of(HEAD + STANDARD.replace(old, new, 1))
    assert any(said in problem.text for problem in found), [str(one) for one in found]


def test_a_body_is_read_with_its_seats() -> None:
    text = HEAD + (
        "机构:\n  督导组:\n    人数: 5-8\n    组长: {人数: 1, 原则上: {职务: 副校长}}\n    督学: {人数: 3以上, 专兼: [专职, 兼职]}\n"
        "    指导: {机构: 督导室, 单位: 上级（县）}\n"
    )
    regulation, problems = read(text, "试.yaml")
    assert problems == []
    assert regulation is not None
    body = regulation.bodies["督导组"]
    assert (body.least, body.most) == (5, 8)
    assert [(seat.name, seat.least, seat.in_principle) for seat in body.seats] == [("组长", 1, ("副校长",)), ("督学", 3, ())]
    assert body.guided_by is not None
    assert body.guided_by.unit == "上级(县)"


def wrong_by_schema(value: Any, rule: dict[str, Any], whole: dict[str, Any], where: str = "") -> Iterator[str]:
    """A validator of the few words of JSON Schema that ours uses."""
    if "$ref" in rule:
        rule = whole["$defs"][rule["$ref"].rpartition("/")[2]]
    if "anyOf" in rule and not any(not list(wrong_by_schema(value, one, whole)) for one in rule["anyOf"]):
        yield f"{where}: none of anyOf"
    if "enum" in rule and value not in rule["enum"]:
        yield f"{where}: {value}"
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    named = rule.get("type", [])
    names = [named] if isinstance(named, str) else named
    if names and not any(isinstance(value, kinds[one]) for one in names):
        yield f"{where}: {value} is no {named}"
    elif isinstance(value, dict):
        yield from (f"{where}: {key} missing" for key in rule.get("required", ()) if key not in value)
        for key, inner in value.items():
            known = rule.get("properties", {}).get(key, rule.get("additionalProperties", {}))
            if known is False:
                yield f"{where}: {key} unknown"
            else:
                yield from wrong_by_schema(inner, known, whole, f"{where}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from wrong_by_schema(inner, rule.get("items", {}), whole, f"{where}[]")


@pytest.mark.parametrize("file", sorted((Path(__file__).parents[2] / "library").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_what_is_shipped(file: Path) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor

    class Plain(SafeConstructor):
        """JSON has no dates."""

    Plain.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Plain
    assert list(wrong_by_schema(yaml.load(file.read_text(encoding="utf-8")), schema(), schema())) == []


def test_the_schema_refuses_an_unknown_key() -> None:
    assert list(
        wrong_by_schema({"制度": "甲", "代号": "a", "施行": "2026-01-01", "适用": {"单位类型": "学校"}, "章程": 1}, schema(), schema())
    )
