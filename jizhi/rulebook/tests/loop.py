# ruff: noqa: E501
"""The supervision loop as a regulation, its people, and shorthands for histories: the town that these tests share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from jizhi.kernel.workdays import china
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import Act, Actor, Facts, Held, Party, Refusal, Standing
from jizhi.rulebook.language import Procedure, Regulation
from jizhi.rulebook.reading import read

LOOP = """\
# Trial: S07 loop with right of reply, failing recheck, third-person closing, extension, escalation, look-back.
制度: 校级督导整改闭环办法
代号: school.loop
施行: 2024-10-01
适用: {单位类型: 学校}
参数:                                   # every number once: dated, by jurisdiction, with its source
  申辩期: [{自: 2015-01-01, 地域: "500000", 值: 5日, 来源: 法, 依据: 重庆市教育督导条例}]
  整改上限: [{自: 2024-10-01, 值: {立行立改: 3日, 一般: 15日, 较重: 30日}, 来源: 本地}]
  复查期: [{自: 2024-10-01, 值: 5个工作日, 来源: 本地}]
程序:
  整改:
    代号: rectify
    对象: 问题
    当事人: {被督导: 对象.责任处室, 整改人: 对象.责任人, 发现人: 对象.记录人}      # named parties of a case
    发起:
      由: {机构: 督导组}
      表单:
        层面: {选择: [决策, 执行, 落实]}
        程度: {选择: [立行立改, 一般, 较重, 重大隐患]}
        方法: {多选: [看, 听, 查, 访, 交流], 至少: 1}
        佐证: {附件: {照片: 可选}}
    时钟:                               # a clock runs over several steps, can stop, and is not the step's own limit
      整改期: {起: 通报, 止: 申请销号, 长: 表单.整改时限, 上限: 参数.整改上限, 超期: {上报: {职务: 督导室主任, 单位: 上级}, 状态: 超期}}
    随时:                               # side acts: legal while the case stands in these steps, do not move it
      延期: {在: [整改], 由: 整改人, 批: {职务: 校长, 单位: 本单位}, 早于: 时钟.整改期, 次数: 1, 改: 时钟.整改期}
      撤回: {由: 上一步, 直到: 下一步已办}
      进展: {在: [整改], 由: 整改人, 表单: {说明: 长文}}
    步骤:
      - 初步意见: {代号: opinion, 由: {办过: 发起}, 结论: {送达: 申辩}}
      - 申辩:
          代号: reply
          由: 被督导
          期限: 参数.申辩期
          逾期: {视为: 无意见, 到: 通报}          # silence rule
          结论: {无意见: 通报, 有申辩: 答复}
      - 答复: {代号: answer, 由: {机构: 督导组, 除: [发现人]}, 意见: 必填, 结论: {采纳: 不予认定, 部分采纳: 通报, 不采纳: 通报}}
      - 通报: {代号: notify, 由: {职务: 督导组组长}, 表单: {整改时限: 日期}, 文书: 整改通知书, 结论: {下达: 整改}}
      - 整改: {代号: rectify, 由: 整改人, 表单: {措施: 长文, 完成情况: 长文}, 结论: {完成: 申请销号}}
      - 申请销号: {代号: apply, 由: 被督导, 结论: {申请: 复查}}
      - 复查:
          代号: recheck
          由: {机构: 督导组, 除: [整改人, 发现人]}
          期限: 参数.复查期
          表单: {方法: {多选: [看, 听, 查, 访, 交流]}}
          须: [{当: {程度: 重大隐患}, 则: {方法: {含: 看}}}]       # guard on the form
          结论:
            通过: 销号
            部分通过: 整改
            不通过: [{当: {本步次数: {至多: 1}}, 到: 整改}, {到: 整改, 并: [约谈]}]      # outcome by count; starts another procedure
      - 销号: {代号: close_out, 由: {职务: 校长, 单位: 本单位}, 结论: {同意: 结束, 退回: 复查}, 效力: 督导.销号}
    终点: {结束: 已销号, 不予认定: 不予认定}              # named ends instead of the bare word 终止
    不得兼办: [[整改, 复查, 销号], [发起, 答复]]          # several sets, not one
    人手不足: {由: {机构: 督导室, 单位: 上级}}            # what happens when exclusions leave nobody (village school of four teachers)
  约谈:
    代号: talk
    对象: 整改
    步骤:
      - 约谈: {代号: talk, 由: {职务: 校长}, 期限: 3个工作日, 结论: {已谈: 结束}}
    终点: {结束: 已约谈}
  回头看:                               # drawn later; relapse opens a new case citing the old
    代号: lookback
    对象: {案件: 整改, 终点: 已销号, 满: 3个月}
    发起: {由: 系统, 抽取: {比例: 20%, 种子: 公开, 每: 学期}}
    步骤:
      - 回访: {代号: revisit, 由: {机构: 督导组, 除: [{办过: [复查, 销号], 案件: 对象}]}, 结论: {未反弹: 结束, 反弹: {到: 结束, 并: [整改], 引用: 对象}}}
    终点: {结束: 已回访}
"""

CASES = """\
# Cases are lists: a step may be taken twice.
- 名称: 第一次复查不通过，第二次通过，第三人销号
  经过:
    - {日: 2026-03-02, 人: 督学甲, 办: 发起, 填: {程度: 一般}}
    - {日: 2026-03-02, 人: 督学甲, 办: 初步意见, 结论: 送达}
    - {日: 2026-03-04, 人: 教务主任, 办: 申辩, 结论: 无意见}
    - {日: 2026-03-05, 人: 组长, 办: 通报, 结论: 下达, 填: {整改时限: 2026-03-20}}
    - {日: 2026-03-18, 人: 教师乙, 办: 整改, 结论: 完成}
    - {日: 2026-03-18, 人: 教务主任, 办: 申请销号, 结论: 申请}
    - {日: 2026-03-20, 人: 督学丙, 办: 复查, 结论: 不通过}
    - {日: 2026-03-27, 人: 教师乙, 办: 整改, 结论: 完成}
    - {日: 2026-03-27, 人: 教务主任, 办: 申请销号, 结论: 申请}
    - {日: 2026-03-30, 人: 督学丙, 办: 复查, 结论: 通过}
  再办: {日: 2026-03-31, 人: 督学丙, 办: 销号, 结论: 同意}
  应当: {拒绝: 不得兼办}
- 名称: 申辩期过未答视为无意见
  经过:
    - {日: 2026-03-02, 人: 督学甲, 办: 发起, 填: {程度: 一般}}
    - {日: 2026-03-02, 人: 督学甲, 办: 初步意见, 结论: 送达}
    - {日: 2026-03-10, 人: 系统, 办: 到期}
  应当: {所在: 通报, 超期: 否}
"""


@cache
def regulation(text: str = LOOP) -> Regulation:
    found, problems = read(text, "loop.yaml")
    assert found is not None, [str(problem) for problem in problems]
    return found


SCHOOL, DISTRICT, OFFICE = "太安小学", "万州区", "教务处"


def member(name: str, seat: str = "督学") -> Actor:
    return Actor(name, name, (Held(f"督导组{seat}", SCHOOL, body="督导组"),))


FINDER, SECOND, THIRD = member("督学甲"), member("督学丙"), member("督学丁")
LEADER = member("组长", "组长")
HEAD = Actor("教务主任", "教务主任", (Held("教务主任", OFFICE, head=True),))
TEACHER = Actor("教师乙", "教师乙", (Held("教师", SCHOOL),))
PRINCIPAL = Actor("校长", "校长", (Held("校长", SCHOOL),))
INSPECTOR = Actor("区督学", "区督学", (Held("督导室督学", DISTRICT, body="督导室"),))

FACTS = Facts(
    unit=SCHOOL,
    upward=((DISTRICT, "县"), ("重庆市", "省")),
    region="500101",
    began=date(2026, 3, 2),
    by=FINDER.id,
    parties={
        "被督导": Party(OFFICE, unit=OFFICE),
        "整改人": Party(TEACHER.name, person=TEACHER.id),
        "发现人": Party(FINDER.name, person=FINDER.id),
    },
    form={"层面": "执行", "程度": "一般", "方法": ["查"]},
)


def day(text: str) -> date:
    month, of_month = text.split("-")
    return date(2026, int(month), int(of_month))


class Story:
    """A case told line by line. ``tell`` asserts that the act may be taken; ``no`` gives the refusal."""

    def __init__(self, text: str = LOOP, facts: Facts = FACTS, procedure: str = "整改") -> None:
        self.regulation = regulation(text)
        self.procedure: Procedure = self.regulation.procedures[procedure]
        self.facts = facts
        self.acts: list[Act] = []

    def no(
        self, on: str, who: Actor, step: str, outcome: str | None = None, *, roster: tuple[Actor, ...] | None = None, **form: Any
    ) -> Refusal | None:
        return judgement.refusal(
            self.procedure,
            self.regulation,
            self.facts,
            self.acts,
            step,
            outcome,
            form,
            by=who,
            today=day(on),
            calendar=china(),
            roster=roster,
        )

    def tell(self, on: str, who: Actor, step: str, outcome: str = "", **form: Any) -> Story:
        refused = self.no(on, who, step, outcome or None, **form)
        assert refused is None, refused
        self.acts.append(Act(len(self.acts) + 1, step, outcome or step, who.id, who.name, day(on), form))
        return self

    def at(self) -> Standing:
        return judgement.standing(self.procedure, self.regulation, self.facts, self.acts, china())

    def silence(self, on: str) -> Act | None:
        return judgement.silence(self.procedure, self.regulation, self.facts, self.acts, today=day(on), calendar=china())

    def graver(self, degree: str) -> Story:
        self.facts = replace(self.facts, form={**self.facts.form, "程度": degree})
        return self


def notified(story: Story | None = None, until: str = "2026-03-20") -> Story:
    """A finding whose rectification has begun: 3月5日 notified, to be done by 3月20日."""
    story = story or Story()
    story.tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").tell("3-4", HEAD, "申辩", "无意见")
    return story.tell("3-5", LEADER, "通报", "下达", 整改时限=until)


def applied(story: Story | None = None) -> Story:
    """Rectified and applied for on 3月18日, two days before the limit."""
    return notified(story).tell("3-18", TEACHER, "整改", "完成").tell("3-18", HEAD, "申请销号", "申请")


def problems(story: Story, name: str, form: Mapping[str, Any], on: str) -> dict[str, str]:
    found = judgement.form_problems(
        judgement.fields_of(story.procedure, name),
        form,
        procedure=story.procedure,
        regulation=story.regulation,
        facts=story.facts,
        today=day(on),
        calendar=china(),
    )
    return {problem.field: problem.text for problem in found}
