"""Stories of applications through the pages: who may apply, what is refused where, the hands it goes through, the money."""

import io
import re
from datetime import date
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from jizhi.access.middleware import ACTING
from jizhi.audit.models import Entry
from jizhi.fund.actions import Gift, record_donation, reverse_voucher
from jizhi.fund.models import Payment, Reward
from jizhi.fund.queries.ledger import cash_of
from jizhi.fund.tests.hucheng import SUNDAY, Hucheng, hucheng
from jizhi.messages.models import Message
from jizhi.org.models import Household, Kinship, Person, Post
from jizhi.papers.models import Publication
from jizhi.procedure.models import Case, Todo
from jizhi.ui import clock

pytestmark = pytest.mark.django_db
PAPER = "困难情况说明"
LAST, AFTER, PAYDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3)


class Site:
    """The village with people at their browsers on a day."""

    def __init__(self, place: Hucheng, patch: pytest.MonkeyPatch) -> None:
        self.place, self.patch, self.keys = place, patch, 0
        self.on(SUNDAY)

    def on(self, day: date) -> None:
        self.day = day
        self.patch.setattr(clock, "today", lambda: day)

    def browser(self, name: str, title: str = "") -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.place.town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
        acting = self.place.by(name, title).acting
        if acting:
            session = client.session
            session[ACTING] = acting.key
            session.save()
        return client

    def url(self, procedure: str, village: str = "虎城村") -> str:
        return f"/cases/new/{self.place.town.units[village].pk}/fund.help/{procedure}/"

    def apply(self, name: str = "村民李", *papers: str, procedure: str = "grant", title: str = "", who: str = "村民李", **form: str) -> Any:
        self.keys += 1
        data = {"申请人": str(self.place.town.people[who].pk), "key": f"k{self.keys}", **form}
        files = {paper: SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 " + paper.encode()) for n, paper in enumerate(papers)}
        return self.browser(name, title).post(self.url(procedure), {**data, **files})

    def do(self, case: Case, step: str, outcome: str, name: str, title: str = "", key: str = "", **form: str) -> tuple[int, str]:
        self.keys += 1
        data = {"step": step, "outcome": outcome, "opinion": "看过了，属实", "key": key or f"k{self.keys}", **form}
        answer = self.browser(name, title).post(f"/cases/{case.pk}/act/", data)
        case.refresh_from_db()
        return answer.status_code, answer.content.decode()

    def reviewed(self, case: Case) -> None:
        for name in ("评审周", "评审冯"):
            assert self.do(case, "初审", "同意", name)[0] == 302

    def to_paying(self, case: Case) -> None:
        self.reviewed(case)
        self.on(AFTER)
        self.place.over(AFTER)
        for step, name in (("审核", "组长吴"), ("审核", "组员陈"), ("复核", "两委沈")):
            assert self.do(case, step, "同意", name, "管理领导小组组长" if (step, name) == ("审核", "组长吴") else "")[0] == 302
        self.on(PAYDAY)

    def pay(self, case: Case, name: str = "出纳赵", key: str = "") -> tuple[int, str]:
        return self.do(case, "发放", "已付", name, "出纳", key, 付款方式="转入本人账户")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(hucheng(), monkeypatch)


NEED = {"用途": "基本生活", "金额": "3000", "理由": "房屋漏雨"}


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return "".join(page.get_textpage().get_text_range() for page in document).replace(" ", "").replace("\r\n", "")


@pytest.mark.req("F04")
def test_a_villager_applies_and_the_money_reaches_him(site: Site) -> None:
    villager = site.browser("村民李")
    page = villager.get("/fund/apply/").content.decode()
    assert "就学就医" in page
    assert "入学或就医票据" in page
    first = villager.get(site.url("grant")).content.decode()
    assert "先选用途" in first
    assert 'type="file"' not in first
    form = villager.get(f"{site.url('grant')}?use=基本生活").content.decode()
    assert form.count('type="file"') == 1  # of this use alone
    assert f'name="{PAPER}"' in form
    assert "最多 5000 元" in form
    assert "紫龙张" not in form
    assert "书面申请扫描件" not in form
    assert site.apply("村民李", PAPER, **NEED).status_code == 302
    case = Case.objects.get()
    assert (case.title, case.step) == ("村民李申请发放", "初审")
    assert "村民李申请发放" in villager.get("/fund/cases/").content.decode()
    site.to_paying(case)
    cashier = site.browser("出纳赵", "出纳").get(f"/cases/{case.pk}/").content.decode()
    assert "可以支付" in cashier
    assert "30,000.00 元" in cashier
    assert site.pay(case)[0] == 302
    assert cash_of(site.place.fund) == {"": 2_700_000}
    shown = villager.get(f"/cases/{case.pk}/").content.decode()
    assert "3,000.00 元，2026年12月3日" in shown
    assert "/fund/vouchers/" not in shown
    slip = text_of(villager.get(f"/fund/cases/{case.pk}/slip/").content)
    assert "叁仟元整" in slip
    assert "村民李" in slip
    assert site.do(case, "签收", "已收到", "村民李")[0] == 302
    assert case.end == "办结"
    decision = Publication.objects.get(kind="决定")
    assert ["用途", "困难帮扶"] in decision.snapshot["fields"]
    assert "村民李" not in str(decision.snapshot)
    assert Client().get(f"/p/n/{decision.public_id}/").status_code == 200


@pytest.mark.req("F04")
def test_posted_on_sunday_it_waits_until_the_first_of_december(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.reviewed(case)
    notice = Publication.objects.get(kind="公示")
    assert (notice.posted_on, notice.until, case.step) == (SUNDAY, LAST, "公示")
    assert notice.title == "虎城村申请发放公示（2026年第1号，困难帮扶）"
    site.on(LAST)
    site.place.over(LAST)
    status, text = site.do(case, "审核", "同意", "组员陈")
    assert status == 403
    assert "公示至2026年11月30日方满7日" in text
    assert "第十条" in text
    site.on(AFTER)
    site.place.over(AFTER)
    assert site.do(case, "审核", "同意", "组员陈")[0] == 302


@pytest.mark.req("F04")
def test_an_objection_on_the_public_site_stops_it_until_it_is_answered(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.reviewed(case)
    notice = Publication.objects.get(kind="公示")
    site.on(date(2026, 11, 25))
    sent = Client().post(f"/p/n/{notice.public_id}/object/", {"name": "文书韩", "text": "他家有两套房", "key": "o1", "website": ""})
    assert sent.status_code == 302
    site.on(AFTER)
    site.place.over(AFTER)
    assert site.do(case, "审核", "同意", "组员陈")[0] == 403
    assert case.step == "公示"
    known = str(site.place.town.people["文书韩"].pk)
    assert site.do(case, "异议", "受理", "监督郑", 异议号="1", 核实为=known)[0] == 302
    assert site.do(case, "异议", "不成立", "监督郑", 异议号="1", 答复="已入户核实，只有一处危房")[0] == 302
    site.place.over(AFTER)
    case.refresh_from_db()
    assert case.step == "审核"
    assert "只有一处危房" in Client().get(sent["Location"]).content.decode()


@pytest.mark.req("F04")
def test_an_objection_that_no_supervisor_may_hear_is_heard_by_the_town(site: Site) -> None:
    town = site.place.town
    Kinship.objects.create(person=town.people["监督郑"], other=town.people["村民李"], relation="父母")
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.reviewed(case)
    notice = Publication.objects.get(kind="公示")
    Client().post(f"/p/n/{notice.public_id}/object/", {"name": "文书韩", "text": "他家有两套房", "key": "o1", "website": ""})
    assert (Todo.objects.get(verb="受理异议", done_at=None).body, Todo.objects.get(done_at=None).unit.name) == ("帮扶基金监管组", "虎城镇")
    known = str(town.people["文书韩"].pk)
    status, text = site.do(case, "异议", "受理", "监督郑", 异议号="1", 核实为=known)
    assert (status, "近亲属" in text) == (403, True)
    page = site.browser("镇干部王").get(f"/cases/{case.pk}/").content.decode()
    assert "他家有两套房" in page
    assert site.do(case, "异议", "受理", "镇干部王", 异议号="1", 核实为=known)[0] == 302
    assert site.do(case, "异议", "不成立", "镇干部王", 异议号="1", 答复="已入户核实")[0] == 302
    site.on(AFTER)
    site.place.over(AFTER)
    case.refresh_from_db()
    assert case.step == "审核"


@pytest.mark.req("F04")
def test_a_relative_and_a_stranger_to_the_village_take_no_part(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    status, text = site.do(case, "初审", "同意", "评审褚")  # the applicant's wife
    assert status == 403
    assert "近亲属（配偶）" in text
    stranger = site.browser("紫龙张")
    assert stranger.get(site.url("grant")).status_code == 404
    assert site.apply("紫龙张", PAPER, who="紫龙张", **NEED).status_code == 404
    Person.objects.filter(name="两委沈").update(household=None)
    page = site.browser("两委沈").get(site.url("grant"))
    assert page.status_code == 403
    assert "本村户籍" in page.content.decode()
    assert "不在有帮扶基金的村的户籍册上" in stranger.get("/fund/apply/").content.decode()
    assert Case.objects.count() == 1


@pytest.mark.req("F03")
def test_what_is_wrong_stands_beside_its_field_with_the_clause(site: Site) -> None:
    answer = site.apply(**{**NEED, "金额": "5000.01"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“基本生活”最多 5000 元，现在填了 5000.01 元" in text
    assert "第八条：“每种用途有限额" in text
    assert "请上传“困难情况说明”" in text
    assert "房屋漏雨" in text
    other = site.apply("村民李", PAPER, **{**NEED, "用途": "旅游"})
    assert other.status_code == 422
    assert "第三条：“基金只用于" in other.content.decode()
    other = site.apply("村民李", who="文书韩", **NEED)  # in another's name, which only the clerk may
    assert other.status_code == 403
    assert not Case.objects.exists()


@pytest.mark.req("X16")
@pytest.mark.req("F04")
def test_a_paper_application_is_entered_by_the_clerk_and_counts_once(site: Site) -> None:
    clerk = site.browser("文书韩", "村文书")
    link = re.search(r'href="(/p/at/[^"]*/grant/form\.pdf)"', clerk.get("/fund/apply/").content.decode())
    assert link is not None
    printed = Client().get(link[1]).content  # without a log-in too
    assert len(pypdfium2.PdfDocument(printed)) == 1
    blank = text_of(printed)
    for part in ("申请发放申请书", "□基本生活", "就学就医", "入学或就医票据", "签名（按印）", "交给村文书", "复核、发放、签收"):
        assert part in blank
    listed = Client().get(link[1].removesuffix("fund.help/grant/form.pdf")).content.decode()
    for part in ("申请发放", "脱贫奖励", "就学就医", "入学或就医票据", "5000", "村文书", "打印空白申请书", "脱贫认定文件"):
        assert part in listed
    assert "村级使用" not in listed
    missing = site.apply("文书韩", PAPER, title="村文书", **NEED)
    assert "请上传“书面申请扫描件”" in missing.content.decode()
    for _ in range(2):
        site.keys = 7  # the same form, sent twice
        assert site.apply("文书韩", PAPER, "书面申请扫描件", title="村文书", **NEED).status_code == 302
    case = Case.objects.get()
    assert case.acts.get().facts["代录"]["名"] == "村民李"
    assert case.began_by is not None
    assert case.began_by.name == "文书韩"


@pytest.mark.req("F05")
@pytest.mark.req("F04")
def test_who_decided_does_not_pay_and_two_payments_are_one(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.to_paying(case)
    town = site.place.town
    Post.objects.create(person=town.people["组员陈"], unit=town.units["虎城村"], title="出纳", since=date(2026, 1, 1))
    status, text = site.pay(case, "组员陈")
    assert status == 403
    assert "不得由同一人办理" in text
    town.person("出纳钱", "虎城村", "出纳")
    first, second = site.pay(case, key="p1"), site.pay(case, "出纳钱", key="p2")  # both had the page open
    assert (first[0], second[0]) == (302, 403)
    assert site.pay(case, key="p1")[0] == 302  # the first form once more
    assert Payment.objects.count() == 1
    assert cash_of(site.place.fund) == {"": 2_700_000}


@pytest.mark.req("F01")
@pytest.mark.req("F05")
def test_what_the_fund_cannot_pay_is_refused_in_words_and_nothing_is_half_done(site: Site) -> None:
    form = {"项目名称": "三组蓄水池", "用途": "公益设施", "金额": "40000", "理由": "灌溉", "收款人": "某施工队", "申请人": ""}
    site.apply("主任杨", "工程预算", procedure="village_use", title="村两委成员", **form)
    case = Case.objects.get()
    site.to_paying(case)
    site.do(case, "实施", "完成", "主任杨", "村两委成员", 完成情况="建成", 完成数量="1 口")
    site.do(case, "验收", "合格", "监督郑")
    page = site.browser("出纳赵", "出纳").get(f"/cases/{case.pk}/").content.decode()
    assert "还差 10,000.00 元" in page
    gift = Gift(source="friend", channel="bank", fen=2_000_000, restricted_to="助学")
    record_donation(site.place.fund, gift, day=site.day, by=site.place.by("出纳赵"), today=site.day, key="g2")
    status, text = site.do(case, "发放", "已付", "出纳赵", "出纳", 付款方式="转账")
    assert status == 403  # what is given for another purpose does not pay it
    assert "“银行存款”余额 30,000.00 元，还差 10,000.00 元" in text
    assert (case.step, Payment.objects.count()) == ("发放", 0)
    gift = Gift(source="friend", channel="bank", fen=1_000_000, restricted_to="公益设施")
    record_donation(site.place.fund, gift, day=site.day, by=site.place.by("出纳赵"), today=site.day, key="g3")
    assert site.do(case, "发放", "已付", "出纳赵", "出纳", 付款方式="转账")[0] == 302
    assert cash_of(site.place.fund) == {"": 0, "公益设施": 0, "助学": 2_000_000}


@pytest.mark.req("F08")
def test_a_household_is_rewarded_once_by_page_and_by_database(site: Site) -> None:
    for n in (1, 2):
        site.on(SUNDAY)
        assert site.apply("村民李", "脱贫认定文件", procedure="reward", 金额="5000").status_code == 302
        case = Case.objects.latest("pk")
        site.to_paying(case)
        status, text = site.do(case, "发放", "已付", "出纳赵", "出纳", 付款方式="现金")
        assert status == (302 if n == 1 else 403), text
    page = site.browser("出纳赵", "出纳").get(f"/cases/{case.pk}/").content.decode()
    assert "已领过脱贫奖励" in page
    assert site.do(case, "发放", "不付", "出纳赵", "出纳", 付款方式="现金")[0] == 302
    assert (case.end, Payment.objects.count()) == ("不予", 1)
    payment = Payment.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reward.objects.bulk_create([Reward(household=Household.objects.get(rewards__payment=payment), case=case, payment_id=10**6)])
    reverse_voucher(payment.voucher, reason="户主写错", by=site.place.by("会计钱"), today=PAYDAY)
    assert Reward.objects.get().taken_back


@pytest.mark.req("F11")
def test_the_village_begins_a_work_by_its_page(site: Site) -> None:
    form = {"项目名称": "三组蓄水池", "用途": "公益设施", "金额": "20000", "理由": "灌溉", "收款人": "某施工队", "申请人": ""}
    assert site.apply("主任杨", "工程预算", procedure="village_use", title="村两委成员", **form).status_code == 302
    case = Case.objects.get()
    assert (case.title, case.step) == ("三组蓄水池", "初审")
    refused = site.apply("村民李", "工程预算", procedure="village_use", **form)
    assert refused.status_code == 403
    site.reviewed(case)
    site.on(AFTER)
    site.place.over(AFTER)
    for step, name, title in (("审核", "组长吴", "管理领导小组组长"), ("审核", "组员陈", ""), ("复核", "两委沈", "")):
        site.do(case, step, "同意", name, title)
    assert case.step == "实施"
    assert site.pay(case)[0] == 403  # before it is accepted
    assert site.do(case, "实施", "完成", "主任杨", "村两委成员", 完成情况="建成", 完成数量="1 口")[0] == 302
    assert site.do(case, "验收", "合格", "监督郑")[0] == 302
    assert site.do(case, "发放", "已付", "出纳赵", "出纳", 付款方式="转账")[0] == 302
    assert Payment.objects.get().payee == "某施工队"


@pytest.mark.req("X16")
def test_a_refusal_says_why_and_how_to_object_and_names_nobody_in_public(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    for name in ("评审周", "评审冯"):
        site.do(case, "初审", "不同意", name)
    assert case.end == "不予"
    told = Message.objects.get(to=site.place.town.people["村民李"], key=f"refused{case.pk}")
    assert "看过了，属实" in told.text
    assert "村务监督委员会" in told.text
    decision = Publication.objects.get(kind="决定")
    assert ["结果", "不予批准"] in decision.snapshot["fields"]
    assert not re.search("村\\*|村民李|3000", str(decision.snapshot))
    assert decision.down_on == date(2026, 12, 23)


def test_every_address_of_another_village_is_not_there(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.to_paying(case)
    site.pay(case)
    unit = site.place.town.units["虎城村"].pk
    stranger, fund = site.browser("紫龙张"), site.place.fund.pk
    for url in (
        f"/cases/{case.pk}/", f"/fund/cases/{case.pk}/slip/", f"/fund/apply/{unit}/grant/",
        site.url("grant"), f"/fund/{fund}/quarters/", f"/fund/{fund}/quarters/2026/3/publish/", f"/fund/{fund}/effects/",
        f"/fund/{fund}/effects/new/", f"/fund/{fund}/",
    ):  # fmt: skip
        assert stranger.get(url).status_code == 404, url
    assert "村民李" not in stranger.get("/fund/cases/").content.decode()
    assert stranger.get("/fund/cases/?as=xlsx").status_code == 200


@pytest.mark.req("X16")
@pytest.mark.req("F04")
def test_what_the_clerk_does_for_a_villager_without_a_phone_says_for_whom_and_why(site: Site) -> None:
    assert site.apply("村民李", PAPER, **NEED).status_code == 302
    case, clerk, why = Case.objects.get(), ("文书韩", "村文书"), "没有手机，当面口述，收条已签名"
    for name in ("评审周", "评审冯"):
        site.do(case, "初审", "退回", name)
    status, text = site.do(case, "补正", "提交", *clerk, 补充说明="补交户口复印件")
    assert (status, "请填写“代录缘由”（第九条）" in text, "补交户口复印件" in text) == (422, True, True)
    assert site.do(case, "补正", "提交", *clerk, 补充说明="补交户口复印件", 代录缘由=why)[0] == 302
    site.to_paying(case)
    assert site.pay(case)[0] == 302
    assert 'name="代录缘由"' in site.browser(*clerk).get(f"/cases/{case.pk}/").content.decode()
    assert 'name="代录缘由"' not in site.browser("村民李").get(f"/cases/{case.pk}/").content.decode()  # the party is not asked why
    assert site.do(case, "签收", "已收到", *clerk, 代录缘由=why)[0] == 302
    page = site.browser("村民李").get(f"/cases/{case.pk}/").content.decode()
    assert (page.count("为村民李代录"), page.count(why), case.end) == (2, 2, "办结")
    for entry in Entry.objects.filter(action="procedure.act", actor_name="文书韩"):
        assert (entry.values["代录"]["名"], entry.values["表单"]["代录缘由"]) == ("村民李", why)
    assert Entry.objects.filter(action="procedure.act", actor_name="文书韩").count() == 2


@pytest.mark.req("X16")
def test_what_a_villager_does_himself_carries_no_such_mark(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    for name in ("评审周", "评审冯"):
        site.do(case, "初审", "退回", name)
    assert site.do(case, "补正", "提交", "村民李", 补充说明="补交户口复印件")[0] == 302
    assert "代录" not in site.browser("村民李").get(f"/cases/{case.pk}/").content.decode()
    assert "代录" not in Entry.objects.filter(action="procedure.act").latest("pk").values
