"""A small regulation with a publicity step, and its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from jizhi.kernel.workdays import china
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import SYSTEM, Act, Actor, Facts, Held, Party, Refusal, Standing
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.reading import read

NOTICE = """
制度: 困难帮扶申请办法
代号: village.aid
施行: 2024-05-01
适用: {单位类型: 村}
条文:
  - 条: 第五条
    文: 初审同意的，公示 7 日。
参数:
  公示天数: [{自: 2024-05-01, 值: 7日, 来源: 种子, 依据: 公示7天}]
程序:
  申请发放:
    代号: grant
    对象: 申请
    当事人: {申请人: 表单.申请人}
    发起:
      由: {职务: 村文书}
      表单:
        申请人: 人
        用途: {选择: [基本生活, 就学就医, 产业发展]}
        金额: 数
        理由: 长文
    步骤:
      - 初审: {代号: review, 由: {机构: 评审小组}, 意见: 选填, 结论: {同意: 公示, 不同意: 不予}}
      - 公示:
          代号: publicity
          依据: 第五条
          公示:
            满: 参数.公示天数
            首日: 不计
            末日遇休: 顺延
            显示: {姓名: 掩码, 用途: 归类, 金额: 原样}
            归类: {就学就医: 困难帮扶}
            渠道: [网站, 公开栏]
            检索: 禁止
            下架: 30日
            内容变更: 重新公示
          异议:
            谁: {身份: 本村户籍, 核实: 必须}
            受理: {由: {机构: 村务监督委员会}, 期限: 1个工作日, 不受理须: 理由}
            期间: 停
            答复: {由: {机构: 村务监督委员会, 除: [{办过: 初审}]}, 期限: 3个工作日}
            结论: {不成立: 继续, 成立: 初审}
          期满: 审核
      - 审核: {代号: audit, 由: {机构: 管理领导小组}, 期限: 3个工作日, 结论: {同意: 发放, 不同意: 不予}}
      - 发放: {代号: pay, 由: {职务: 出纳}, 结论: {已付: 结束}}
    随时:
      撤回: {由: 上一步, 直到: 下一步已办}
    终点: {结束: 办结, 不予: 不予}
"""
VILLAGE = "v"
SUNDAY = date(2026, 11, 22)
FACTS = Facts(
    unit=VILLAGE,
    upward=(),
    region="511603",
    began=SUNDAY,
    by="clerk",
    parties={"申请人": Party("张小明", person="applicant")},
    form={"申请人": "applicant", "用途": "就学就医", "金额": "3000", "理由": "住院"},
)


def member(id_: str, body: str) -> Actor:
    return Actor(id_, id_, (Held(f"{body}成员", VILLAGE, body),))


CLERK = Actor("clerk", "文书", (Held("村文书", VILLAGE),))
REVIEWER = member("reviewer", "评审小组")
OVERSEER, OTHER = member("overseer", "村务监督委员会"), member("other", "村务监督委员会")
BOTH = Actor("reviewer", "两头", (Held("村务监督委员会成员", VILLAGE, "村务监督委员会"),))
LEADER = member("leader", "管理领导小组")
VILLAGER = Actor("villager", "村民")


@cache
def regulation(text: str = NOTICE) -> Regulation:
    found, problems = read(text, "aid.yaml")
    assert problems == []
    assert found is not None
    return found


@dataclass
class Story:
    text: str = NOTICE
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.regulation = regulation(self.text)
        self.procedure = self.regulation.procedures["申请发放"]

    def where(self) -> Standing:
        return judgement.standing(self.procedure, self.regulation, FACTS, self.acts, china())

    def no(self, day: date, by: Actor, step: str, outcome: str | None = None, **form: Any) -> Refusal | None:
        return judgement.refusal(self.procedure, self.regulation, FACTS, self.acts, step, outcome, form, by=by, today=day, calendar=china())

    def tell(self, day: date, by: Actor, step: str, outcome: str, **form: Any) -> Story:
        refused = self.no(day, by, step, outcome, **form)
        assert refused is None, refused
        self.acts.append(Act(len(self.acts) + 1, step, outcome, by.id, by.name, day, form))
        return self

    def tick(self, day: date) -> Act | None:
        due = judgement.silence(self.procedure, self.regulation, FACTS, self.acts, today=day, calendar=china())
        if due is not None:
            assert self.no(day, SYSTEM, due.step, due.outcome) is None
            self.acts.append(due)
        return due


def posted(day: date = SUNDAY, text: str = NOTICE) -> Story:
    """Reviewed, and put up on ``day``."""
    story = Story(text)
    story.acts.append(Act(1, "发起", "发起", "clerk", "文书", day))
    return story.tell(day, REVIEWER, "初审", "同意")
