"""A small place that has nothing to do with schools: a county with an office, its people, and two regulations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Body, Person, Post, Seat, Unit, User
from jizhi.org.rules import segment
from jizhi.procedure.models import Case
from jizhi.regulation.models import Adoption, Edition

DAY = date(2026, 3, 2)  # a Monday

ROADS = """
制度: 修路申请办法
代号: town.roads
施行: 2024-01-01
适用: {单位类型: 机关}
条文:
  - 条: 第一条
    文: 村民申请修路，由评审组审，主任批。
参数:
  审核期: [{自: 2024-01-01, 值: 5个工作日, 来源: 本地}]
程序:
  修路:
    代号: road
    对象: 路
    当事人: {申请村: 对象.村, 经办人: 对象.经办人}
    发起:
      由: {职务: 办事员}
      依据: 第一条
      表单:
        里程: 数
        路面: {选择: [水泥, 沥青]}
        说明: {长文: {必填: 否}}
    时钟:
      办理期: {起: 审核, 止: 批准, 长: 10个工作日, 预警: [2个工作日], 超期: {上报: {职务: 县长, 单位: 上级}, 状态: 超期}}
    随时:
      撤回: {由: 上一步, 直到: 下一步已办}
      进展: {在: [审核], 由: 申请村, 表单: {说明: 长文}}
      延期: {在: [批准], 由: 经办人, 批: {职务: 主任, 单位: 本单位}, 次数: 1, 改: 时钟.办理期}
    步骤:
      - 征求意见:
          代号: ask
          由: 申请村
          期限: 3日
          逾期: {视为: 无意见, 到: 审核}
          结论: {无意见: 审核, 有意见: 终止}
          依据: 第一条
      - 审核:
          代号: review
          由: {机构: 评审组, 除: [经办人]}
          期限: 参数.审核期
          意见: 必填
          表单: {方法: {多选: [看, 问], 至少: 1}, 看现场: 是否, 日子: {日期: {必填: 否}}}
          结论: {同意: 批准, 不同意: 征求意见}
          依据: 第一条
      - 批准:
          代号: approve
          由: {职务: 主任}
          结论: {同意: {到: 结束, 并: [公告]}, 退回: 审核}
          文书: 批准书（路批）
          依据: 第一条
    终点: {结束: 已批准, 终止: 已终止}
    不得兼办: [[审核, 批准]]
    人手不足: {由: {职务: 县长, 单位: 上级}}
  公告:
    代号: notice
    对象: 修路
    步骤:
      - 张贴: {代号: post, 由: 申请村, 结论: {已贴: 结束}}
    终点: {结束: 已公告}
  抽查:
    代号: sample
    对象: {案件: 修路, 终点: 已批准, 满: 1个月}
    发起: {由: 系统, 抽取: {比例: 50%, 种子: 公开, 每: 月}}
    步骤:
      - 回访: {代号: visit, 由: {机构: 评审组}, 结论: {正常: 结束}}
    终点: {结束: 已回访}
"""


@dataclass
class Town:
    county: Unit
    office: Unit
    village: Unit
    edition: Edition

    def actor(self, name: str, *, today: date = DAY, title: str = "") -> Actor:
        who = Person.objects.get(name=name)
        held = actor_of(who, today=today).holdings
        return actor_of(who, today=today, key=next((one.key for one in held if one.title == title), None))

    def user(self, name: str) -> User:
        person = Person.objects.get(name=name)
        return User.objects.get_or_create(username=f"u{person.pk}", defaults={"person": person})[0]

    def parties(self) -> dict[str, object]:
        return {"申请村": self.village, "经办人": Person.objects.get(name="办事员甲")}

    def begin(self, title: str = "三组到四组修路", *, today: date = DAY, key: str = "", **form: object) -> Case:
        from jizhi.procedure.actions import begin

        filled = {"里程": "1.5", "路面": "水泥", **form}
        by = self.actor("办事员甲", today=today, title="办事员")
        return begin("town.roads", "修路", unit=self.office, title=title, parties=self.parties(), form=filled, by=by, today=today, key=key)


def unit(name: str, parent: Unit | None, level: str, code: str) -> Unit:
    made = Unit.objects.create(name=name, parent=parent, level=level, code=code, path=f"new{code}", depth=parent.depth + 1 if parent else 0)
    made.path = (parent.path if parent else "") + segment(made.pk)
    made.save()
    return made


def person(name: str, at: Unit, *posts: tuple[str, bool]) -> Person:
    made = Person.objects.create(name=name, unit=at, number=f"n{Person.objects.count() + 1}")
    for title, head in posts:
        Post.objects.create(person=made, unit=at, title=title, head=head, since=date(2024, 1, 1))
    return made


def build() -> Town:
    county = unit("云县", None, "county", "500999")
    office = unit("路政办", county, "office", "500999-1")
    village = unit("石桥村", county, "village", "500999-2")
    person("县长壬", county, ("县长", True))
    person("办事员甲", office, ("办事员", False))
    person("主任丁", office, ("主任", True))
    person("村长戊", village, ("村长", True))
    group = Body.objects.create(unit=office, kind="评审组", name="路政评审组", since=date(2024, 1, 1))
    for name in ("评审乙", "评审丙"):
        Seat.objects.create(body=group, person=person(name, office), title="成员", since=date(2024, 1, 1))
    Seat.objects.create(body=group, person=Person.objects.get(name="办事员甲"), title="成员", since=date(2024, 1, 1))
    edition = Edition.objects.create(
        code="town.roads", name="修路申请办法", since=date(2024, 1, 1), text=ROADS, digest=hashlib.sha256(ROADS.encode()).hexdigest()
    )
    Adoption.objects.create(unit=office, edition=edition, since=date(2024, 1, 1), by=Person.objects.get(name="主任丁"))
    return Town(county, office, village, edition)
