"""虎城村 with the shipped regulation of its fund in force: bodies, villagers on the register, one couple, money in the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from jizhi.access.actor import Actor, actor_of
from jizhi.fund.actions import Gift, open_fund, record_donation
from jizhi.fund.models import Fund
from jizhi.kernel.workdays import china
from jizhi.org.models import Household, Kinship, Level, Person
from jizhi.org.tests.town import Town
from jizhi.procedure.actions import act, begin, tick
from jizhi.procedure.models import Act, Case
from jizhi.regulation.models import Adoption, Edition

LIBRARY = Path(__file__).parents[2] / "library"
SUNDAY = date(2026, 11, 22)
NEED = {"用途": "基本生活", "金额": "3000", "理由": "房屋漏雨"}
LOAN = {"用途": "产业发展", "金额": "5000", "理由": "种龙安柚"}


@dataclass
class Hucheng:
    town: Town
    fund: Fund

    def by(self, name: str, title: str = "") -> Actor:
        """In the post or seat of this title, else in a seat of a body where he has one."""
        person = self.town.people[name]
        held = actor_of(person, today=SUNDAY).holdings
        key = next((one.key for one in held if one.title == title or (not title and one.body)), None)
        return actor_of(person, today=SUNDAY, key=key)

    def apply(
        self, form: dict[str, Any], *papers: str, by: str = "村民李", title: str = "", who: str = "村民李", on: date = SUNDAY
    ) -> Case:
        return self.begin("申请发放", {"申请人": str(self.town.people[who].pk), **form}, *papers, by=by, title=title)

    def apply_reward(self, *, who: str = "村民李") -> Case:
        form = {"申请人": str(self.town.people[who].pk), "金额": "5000"}
        return self.begin("脱贫奖励", form, "脱贫认定文件", by=who)

    def begin(self, procedure: str, form: dict[str, Any], *papers: str, by: str, title: str = "", on: date = SUNDAY) -> Case:
        uploads = {name: SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4\n" + name.encode()) for n, name in enumerate(papers)}
        unit, actor = self.town.units["虎城村"], self.by(by, title)
        return begin(
            "fund.help", procedure, unit=unit, title=f"{by}{procedure}", parties={}, form=form, by=actor, today=on, uploads=uploads
        )

    def do(self, case: Case, step: str, outcome: str, by: str, on: date = SUNDAY, title: str = "", **form: Any) -> Act:
        made = act(case.pk, step, outcome, form, by=self.by(by, title), today=on, opinion="看过了，属实")
        case.refresh_from_db()
        return made

    def resolve(self, title: str, *, about: Case | None = None, on: date = date(2028, 12, 18)) -> Case:
        """30 representatives, 25 came, 20 agreed; the supervisors found it so."""
        form = {"类别": "核销帮扶借款", "事由": title, "会议日期": "2028-12-15"}
        by, unit = self.by("主任杨", "村委会主任"), self.town.units["虎城村"]
        case = begin("deliberation.resolution", "决议", unit=unit, title=title, parties={}, form=form, about=about, by=by, today=on)
        self.do(case, "登记", "登记", "主任杨", on, 应到="30", 实到="25", 赞成="20")
        self.do(case, "通过核对", "属实", "监督郑", on)
        return case

    def over(self, on: date) -> None:
        """What falls due by then: the notice is over."""
        tick(today=on, calendar=china())

    def to_paying(self, case: Case, *, on: date = date(2026, 12, 2)) -> None:
        """Reviewed by two of three on the Sunday, posted, audited, rechecked."""
        self.do(case, "初审", "同意", "评审周")
        self.do(case, "初审", "同意", "评审冯")
        self.over(on)
        self.do(case, "审核", "同意", "组长吴", on)
        self.do(case, "审核", "同意", "组员陈", on)
        self.do(case, "复核", "同意", "两委沈", on)


def hucheng() -> Hucheng:
    town = Town()
    town.unit("四川省", Level.PROVINCE, code="51")
    town.unit("前锋区", Level.COUNTY, "四川省", code="511603")
    town.unit("虎城镇", Level.TOWN, "前锋区", code="511603108")
    town.unit("虎城村", Level.VILLAGE, "虎城镇", code="511603108201")
    town.unit("紫龙村", Level.VILLAGE, "虎城镇", code="511603108202")
    posts = {"会计钱": "会计", "出纳赵": "出纳", "文书韩": "村文书", "组长吴": "村党支部书记", "主任杨": "村委会主任"}
    for name in ("会计钱", "出纳赵", "文书韩", "组长吴", "主任杨", "组员陈", "评审周", "评审冯", "评审褚", "两委沈", "监督郑", "村民李"):
        town.person(name, "虎城村", posts.get(name, ""))
    town.person("紫龙张", "紫龙村")
    town.person("镇干部王", "虎城镇")
    town.body("虎城村", "评审小组", 组长="评审周", 成员="评审冯", 成员2="评审褚")
    town.body("虎城村", "管理领导小组", 组长="组长吴", 成员="组员陈", 成员2="主任杨")
    town.body("虎城村", "村两委", 组长="组长吴", 成员="两委沈", 成员2="主任杨")
    town.body("虎城村", "村务监督委员会", 组长="监督郑")
    town.body("虎城镇", "帮扶基金监管组", 组长="镇干部王")
    for unit, names in (("虎城村", ("村民李", "评审褚")), ("虎城村", ("文书韩",)), ("紫龙村", ("紫龙张",))):
        house = Household.objects.create(unit=town.units[unit], number=f"{unit}{names[0]}")
        Person.objects.filter(name__in=names).update(household=house)
    for person in town.people.values():
        person.refresh_from_db()
    Kinship.objects.create(person=town.people["评审褚"], other=town.people["村民李"], relation="配偶")
    for file in ("fund.yaml", "resolution.yaml"):
        text = (LIBRARY / file).read_text(encoding="utf-8")
        code = "fund.help" if file == "fund.yaml" else "deliberation.resolution"
        name = text.split("制度: ")[1].split("\n")[0]
        digest = sha256(text.encode()).hexdigest()
        edition = Edition.objects.create(code=code, name=name, since=date(2024, 5, 1), text=text, digest=digest)
        Adoption.objects.create(unit=town.units["虎城村"], edition=edition, since=date(2024, 5, 1), by=town.people["组长吴"])
    place = Hucheng(town, None)  # type: ignore[arg-type]
    place.fund = open_fund(
        town.units["虎城村"], name="虎城村促发展帮扶基金", bank="虎城信用社", holder="虎城村村民委员会", account_tail="7890",
        by=place.by("镇干部王"), today=date(2026, 1, 5),
    )  # fmt: skip
    gift = Gift(source="friend", channel="bank", fen=3_000_000, name="陈立新")
    record_donation(place.fund, gift, day=SUNDAY, by=place.by("出纳赵"), today=SUNDAY, key="g1")
    return place
