"""虎城镇 in the demo: two villages with their funds, a year of gifts and help like the seed's, one application in publicity,
one stopped by an objection, one loan overdue. Everything goes through the acts, each on its own day."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from jizhi.access.actor import PUBLIC, SYSTEM, Actor
from jizhi.cli.demo.books import keep_books
from jizhi.cli.demo.people import Names
from jizhi.cli.demo.stamp import acting, noon
from jizhi.cli.demo.year import Diary
from jizhi.disclosure.actions import answer_tip, file_tip, keep_desk
from jizhi.disclosure.rules import SUGGESTION
from jizhi.fund.actions import Gift, do_due, open_fund, record_donation
from jizhi.fund.actions.results import Came, record_effect
from jizhi.fund.models import Fund
from jizhi.kernel.workdays import china
from jizhi.office.actions.bodies import seat_member, set_up_body
from jizhi.office.actions.imports import import_rows
from jizhi.office.actions.regulations import adopt
from jizhi.office.actions.units import create_unit
from jizhi.org.models import Person, Unit
from jizhi.procedure.actions import act, begin, object_to, tick
from jizhi.procedure.models import Case
from jizhi.regulation.models import Edition

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n"
PAPERS = {
    "基本生活": ("困难情况说明",),
    "就学就医": ("入学或就医票据",),
    "市场与就业信息": ("费用清单",),
    "引进项目": ("项目意向书",),
    "产业发展": ("产业计划书", "借款合同"),
}
# the village's officers by number: post, then body and seat
POSTS = {1: "村党支部书记", 2: "村委会主任", 3: "村文书", 4: "会计", 5: "出纳"}
SEATS = (
    ("管理领导小组", {1: "组长", 9: "成员", 10: "成员"}),
    ("评审小组", {6: "组长", 7: "成员", 8: "成员"}),
    ("村两委", {2: "组长", 11: "成员", 12: "成员"}),
    ("村务监督委员会", {13: "组长", 14: "成员", 15: "成员"}),
)
REASONS = {
    "基本生活": ("房屋漏雨，雨季前要翻修", "家中劳力外出未归，口粮接不上", "遭了水灾，被褥家具泡坏", "独居老人，过冬缺棉被和煤"),
    "就学就医": ("孩子上大学，路费和被褥钱不够", "住院以后欠下药费", "孩子上初中住校，生活费紧张"),
    "市场与就业信息": ("外出务工，想去招聘会的路费", "订阅农产品价格信息一年"),
    "产业发展": ("种龙安柚三亩，缺苗木钱", "养殖土鸡两百只，缺鸡苗和饲料钱"),
}
TRAININGS = (("柑橘修剪", 120), ("养殖防疫", 95), ("电焊工", 60), ("家政服务", 85), ("电商销售", 110), ("农机操作", 150))
SOURCES = (("cadre", 800), ("villager", 200), ("friend", 2600), ("villager", 100), ("friend", 1500), ("other", 1200), ("cadre", 500))


@dataclass
class Village:
    """One village's people by number, and its fund."""

    unit: Unit
    people: dict[int, Person]
    fund: Fund | None = None
    known: dict[str, Actor] = field(default_factory=dict)

    def by(self, number: int, day: date, held: str = "") -> Actor:
        """The person in the post or body of this name, else as he comes; nobody changes posts within the demo."""
        key = f"{number}{held}"
        if key not in self.known:
            person = self.people[number]
            self.known[key] = acting(person, today=day, body=held) if held in BODIES else acting(person, today=day, title=held or None)
        return self.known[key]


BODIES = frozenset(kind for kind, _ in SEATS)


def villages(editions: dict[str, Edition], *, today: date, began: date) -> dict[str, Village]:
    """虎城村 in full, 紫龙村 begun."""
    town = Unit.objects.get(code="511603108")
    officials = _officials(town, editions, began)
    hucheng = create_unit(town, "虎城村", code="511603108299", level="village", short="虎城", by=SYSTEM, today=began)
    zilong = Unit.objects.get(code="511603108202")
    names = Names("虎城")
    found = {"虎城村": _village(hucheng, "HC", names, 72, began), "紫龙村": _village(zilong, "ZL", names, 24, began)}
    overseer = acting(officials[2], today=began, body="帮扶基金监管组")
    for name, village in found.items():
        village.fund = open_fund(
            village.unit, name=f"{name}促发展帮扶基金", bank="虎城镇农村信用社", holder=f"{name}村民委员会", account_tail="6018" if name == "虎城村" else "6026",
            by=overseer, today=began,
        )  # fmt: skip
    _Year(found["虎城村"], today=today, began=began).play()
    _begun(found["紫龙村"], today=today)
    for village in found.values():
        assert village.fund is not None
        keep_books(village.fund, accountant=partial(village.by, 4, held="会计"), today=today)
    _sent_in(found["虎城村"], today=today)
    return found


def _sent_in(village: Village, *, today: date) -> None:
    """Where the village is reached, a suggestion answered and one waiting."""
    secretary = village.by(1, today, "村党支部书记")
    keep_desk(
        village.unit, receiver="村务监督委员会", phone="0826-2800000", place="虎城村便民服务站", hours="工作日上午八点半至下午五点", by=secretary, today=today
    )  # fmt: skip
    for n, text in enumerate(("公开栏贴得太高，老人看不清，能不能放低一些、字大一些。", "希望把外出务工的招聘信息每月贴一次。")):
        day = today - timedelta(days=12 - 10 * n)
        tip = file_tip(village.unit, kind=SUGGESTION, text=text, name="", contact="", channel="网站", key=f"demo-{n}", by=PUBLIC, today=day)
        if not n:
            said = "已经把公开栏放低，张贴改用大字；看不清的可以到服务站请人念。"
            answer_tip(tip.pk, answer=said, by=village.by(13, day, "村务监督委员会"), today=day, now=noon(day + timedelta(days=2)))


def _officials(town: Unit, editions: dict[str, Edition], day: date) -> dict[int, Person]:
    names = Names("虎城镇")
    posts = {1: "乡镇党委书记", 2: "财政所所长", 3: "组织委员"}
    people = [f"HZ-{n:03},{names.next()},{town.code}" for n in posts]
    held = [f"HZ-{n:03},{title},{town.code},{'是' if n == 1 else ''},{day}" for n, title in posts.items()]
    _rows("people", "工号,姓名,单位代码", people, town, day)
    _rows("posts", "工号,职务,单位代码,主持工作,任职日期", held, town, day)
    found = {int(one.number[-3:]): one for one in Person.objects.filter(number__startswith="HZ-")}
    secretary = acting(found[1], today=day, title="乡镇党委书记")
    for code in ("fund.town", "fund.help", "deliberation.resolution"):
        adopt(town, editions[code], since=day, note="镇党委会议通过，各村执行", by=secretary, today=day)
    group = set_up_body(town, "帮扶基金监管组", since=day, by=SYSTEM, today=day)
    for number, title in ((2, "组长"), (3, "成员")):
        seat_member(group, found[number], title, since=day, by=SYSTEM, today=day)
    return found


def _rows(kind: str, heads: str, lines: list[str], unit: Unit, day: date) -> None:
    import_rows(kind, "\n".join([heads, *lines]).encode(), unit=unit, by=SYSTEM, today=day)


def _village(unit: Unit, prefix: str, names: Names, households: int, day: date) -> Village:
    """Officers and villagers on the register, two to a household: the first of each has an odd number above 100."""
    lines = [f"{prefix}-{n:03},{names.next()},{unit.code},{prefix}H{n:03},{n % 6 + 1}组" for n in range(1, 16)]
    for house in range(households):
        for one in (1, 2):
            number = 100 + 2 * house + one
            lines.append(f"{prefix}-{number:03},{names.next()},{unit.code},{prefix}H{100 + house},{house % 6 + 1}组")
    _rows("people", "工号,姓名,单位代码,户号,村民组", lines, unit, day)
    held = [f"{prefix}-{n:03},{title},{unit.code},{'是' if n == 1 else ''},{day}" for n, title in POSTS.items()]
    _rows("posts", "工号,职务,单位代码,主持工作,任职日期", held, unit, day)
    found = Person.objects.filter(number__startswith=f"{prefix}-").select_related("unit", "household")
    village = Village(unit, {int(one.number.rpartition("-")[2]): one for one in found})
    for kind, seats in SEATS:
        body = set_up_body(unit, kind, since=day, by=SYSTEM, today=day)
        for number, title in seats.items():
            seat_member(body, village.people[number], title, since=day, by=SYSTEM, today=day)
    return village


def _begun(village: Village, *, today: date) -> None:
    """A fund that has only just started: three gifts, nothing spent."""
    assert village.fund is not None
    for n, (source, yuan) in enumerate(SOURCES[:3]):
        day = today - timedelta(days=30 - n)
        gift = Gift(source=source, channel="bank", fen=yuan * 100, name="", disclosure="amount")
        record_donation(village.fund, gift, day=day, by=village.by(5, day, "出纳"), today=day, key=f"zl-{n}")


@dataclass
class _Year:
    """虎城村's year."""

    village: Village
    today: date
    began: date

    def play(self) -> None:
        self.diary = Diary(today=self.today, calendar=china())
        self._gifts()
        self._help()
        self._quarters()
        self._effects()
        self.diary.play()
        tick(today=self.today)

    def _quarters(self) -> None:
        """What is published every quarter, on the day that it is due."""
        for year in range(self.began.year, self.today.year + 1):
            for month in (1, 4, 7, 10):
                if (day := date(year, month, 16)) > self.began:
                    self.diary.at(day, self._publish)

    def _effects(self) -> None:
        """Two owners with some 540 mu, six trainings with 620 attendances, one work."""
        came = [
            Came("owner", "龙安柚种植大户", mu=Decimal(320), note="带动务工"),
            Came("owner", "生态水产养殖场", mu=Decimal(222)),
            *(Came("training", title, people=people) for title, people in TRAININGS),
            Came("work", "三组机耕道硬化", note="新修 1.2 公里"),
        ]
        for n, one in enumerate(came):
            self.diary.at(self.began + timedelta(days=40 + 35 * n), partial(self._came, n, one))

    def _came(self, n: int, came: Came, day: date) -> None:
        assert self.village.fund is not None
        by = self.village.by(3, day, "村文书")
        record_effect(self.village.fund, came, day=day, by=by, today=day, now=noon(day), key=f"came-{n}")

    def _publish(self, day: date) -> None:
        do_due(today=day)

    def _gifts(self) -> None:
        """Some 50,000 yuan over the year: from cadres, villagers, friends elsewhere; one of them for a purpose."""
        sources = itertools.cycle(SOURCES)
        first = self.began + timedelta(days=5)
        for n in range(42):
            source, yuan = next(sources) if n else ("cadre", 12_000)  # the town's cadres together, when it was set up
            self.diary.at(first + timedelta(days=8 * n), partial(self._give, n, source, yuan))

    def _give(self, n: int, source: str, yuan: int, day: date) -> None:
        assert self.village.fund is not None
        donor = self.village.people[101 + 2 * (n % 20)] if source == "villager" else None
        gift = Gift(
            source=source,
            channel="bank",
            fen=yuan * 100,
            name=donor.name if donor else "" if n % 3 == 0 else f"乡友{n}" if source == "friend" else "",
            donor=donor,
            disclosure=("both", "amount", "nothing")[n % 3],
            restricted_to="就学就医" if n == 9 else "",
        )
        record_donation(self.village.fund, gift, day=day, by=self.village.by(5, day, "出纳"), today=day, key=f"hc-{n}")

    def _help(self) -> None:
        """Twenty-two households with the larger help, thirty with some 333 yuan each in a hard winter, two loans."""
        houses: Iterator[int] = iter(range(101, 101 + 2 * 72, 2))
        start = self.began + timedelta(days=60)
        for n in range(20):
            use = ("基本生活", "就学就医", "基本生活", "市场与就业信息")[n % 4]
            yuan = {"基本生活": 700, "就学就医": 900, "市场与就业信息": 300}[use]
            self._case(next(houses), use, f"{yuan}", start + timedelta(days=12 * n), n)
        for n in range(30):
            self._case(next(houses), "基本生活", "333.33" if n else "333.43", start + timedelta(days=100 + n // 6), n)
        self._case(next(houses), "产业发展", "3000", start + timedelta(days=10), 0, loan=150)  # long overdue
        self._case(next(houses), "产业发展", "2000", start + timedelta(days=30), 1, loan=400, repaid="800")
        self._case(next(houses), "就学就医", "1000", self.today - timedelta(days=6), 2, until="公示")
        self._case(next(houses), "基本生活", "1200", self.today - timedelta(days=9), 3, until="异议")
        self._case(next(houses), "基本生活", "600", self.today - timedelta(days=1), 1, until="初审")

    def _case(self, who: int, use: str, yuan: str, day: date, n: int, *, until: str = "", loan: int = 0, repaid: str = "") -> None:
        self.diary.at(day, lambda on: self._apply(who, use, yuan, on, n, until=until, loan=loan, repaid=repaid))

    def _apply(self, who: int, use: str, yuan: str, day: date, n: int, *, until: str, loan: int, repaid: str) -> None:
        person = self.village.people[who]
        by_clerk = n % 3 == 1  # a villager without a phone: the clerk enters the paper
        papers = [*PAPERS[use], *(["书面申请扫描件"] if by_clerk else [])]
        uploads = {name: SimpleUploadedFile(f"{name}.pdf", PDF) for name in papers}
        reasons = REASONS[use]
        form = {"申请人": str(person.pk), "用途": use, "金额": yuan, "理由": reasons[n % len(reasons)]}
        by = self.village.by(3, day, "村文书") if by_clerk else self.village.by(who, day)
        case = begin(
            "fund.help",
            "申请发放",
            unit=self.village.unit,
            title=f"{person.name}申请{use}帮扶",
            parties={},
            form=form,
            by=by,
            today=day,
            uploads=uploads,
        )
        if until == "初审":
            self._do(case, 6, "评审小组", "初审", "同意", day)
            return
        later = self.diary.later
        self.diary.at(later(day, 1), lambda on: self._review(case, on, until=until, loan=loan, repaid=repaid))

    def _review(self, case: Case, day: date, *, until: str, loan: int, repaid: str) -> None:
        for number in (6, 7):
            self._do(case, number, "评审小组", "初审", "同意", day)
        if until == "异议":
            self.diary.at(day + timedelta(days=2), lambda on: self._object(case, on))
        elif not until:
            over = china().after(day, 7, "日") + timedelta(days=1)
            self.diary.at(self.diary.later(over, 1), lambda on: self._approve(case, on, loan=loan, repaid=repaid))

    def _object(self, case: Case, day: date) -> None:
        said = "他家今年新买了小汽车，是不是还该算困难户，请查清楚。"
        object_to(case.pk, name="热心村民", contact="村口小卖部转", text=said, channel="网站", by=PUBLIC, today=day)
        self.diary.at(self.diary.later(day, 1), lambda on: self._screen(case, on))

    def _screen(self, case: Case, day: date) -> None:
        verified = {"异议号": 1, "核实为": str(self.village.people[119].pk)}
        act(case.pk, "异议", "受理", verified, by=self.village.by(13, day, "村务监督委员会"), today=day)

    def _approve(self, case: Case, day: date, *, loan: int, repaid: str) -> None:
        tick(today=day)
        for number in (1, 9):
            self._do(case, number, "管理领导小组", "审核", "同意", day)
        self._do(case, 11, "村两委", "复核", "同意", day)
        self.diary.at(self.diary.later(day, 1), lambda on: self._pay(case, on, loan=loan, repaid=repaid))

    def _pay(self, case: Case, day: date, *, loan: int, repaid: str) -> None:
        due = {"到期日": (day + timedelta(days=loan)).isoformat()} if loan else {}
        self._do(case, 5, "出纳", "发放", "已付", day, {"付款方式": "转入本人账户", **due})
        if repaid:
            self.diary.at(day + timedelta(days=90), lambda on: self._do(case, 5, "出纳", "偿还", "还款", on, {"金额": repaid}))
        elif not loan:
            why = {"代录缘由": "本人不用手机，当面领款，在纸面收条上签了名"}
            self.diary.at(self.diary.later(day, 1), lambda on: self._do(case, 3, "村文书", "签收", "已收到", on, why))

    def _do(self, case: Case, number: int, held: str, step: str, outcome: str, day: date, form: dict[str, Any] | None = None) -> None:
        act(case.pk, step, outcome, form or {}, by=self.village.by(number, day, held), today=day, opinion="入户看过，情况属实。")
