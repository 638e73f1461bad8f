"""Quarters that publish themselves and say when the books have moved; loans by due date; the effect sheet."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jizhi.fund.actions import Gift, do_due, open_fund, record_donation, reverse_voucher
from jizhi.fund.models import Effect, Payment, Release
from jizhi.fund.periods import IN, OUT, Item, Quarter, accounts_table, quarter_of, quarters
from jizhi.fund.tests.hucheng import LOAN, SUNDAY
from jizhi.fund.tests.test_applying import NEED, PAPER, Site, site
from jizhi.fund.tests.test_pages import sheet
from jizhi.kernel.money import fen_of
from jizhi.messages.models import Message
from jizhi.papers.models import Publication
from jizhi.procedure.figures import figures
from jizhi.procedure.models import Case, Todo
from jizhi.regulation.models import Adoption, Edition

pytestmark = pytest.mark.django_db
__all__ = ["site"]
PLANS = ("产业计划书", "借款合同")
NEW_YEAR, DAY = date(2027, 1, 5), date(2027, 1, 10)


def lent(site: Site) -> Case:
    site.apply("村民李", *PLANS, **LOAN)
    case = Case.objects.latest("pk")
    site.to_paying(case)
    assert site.pay(case)[0] == 302
    return case


@pytest.mark.req("F06")
def test_a_quarter_publishes_itself_once_with_nobody_named_who_did_not_ask_for_it(site: Site) -> None:
    by = site.place.by("出纳赵")
    for n, shows in enumerate(("both", "name", "amount", "nothing")):
        gift = Gift(source="villager", channel="bank", fen=10_000 + n, name=f"捐赠人{n}", disclosure=shows)
        record_donation(site.place.fund, gift, day=SUNDAY, by=by, today=SUNDAY, key=f"d{n}")
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.to_paying(case)
    site.pay(case)
    assert do_due(today=date(2027, 1, 9)) == []  # ten days after the quarter, as the regulation says
    assert len(do_due(today=DAY)) == 2
    assert do_due(today=DAY) == []
    one = Publication.objects.get(kind="收支")
    rows = one.snapshot["table"]["rows"]
    assert ["收入", "外出乡友捐赠", "1", "30,000.00"] in rows
    assert ["收入", "本村群众捐赠", "4", "400.06"] in rows
    assert ["支出", "困难帮扶", "1", "3,000.00"] in rows
    assert ["期末", "本期结余", "", "27,400.06"] in rows
    assert [row[1::2] for row in rows if row[0] == "捐赠人"] == [["捐赠人0", "100.00"], ["捐赠人1", "不公开"], ["不公开姓名", "100.02"]]
    assert "村民李" not in str(one.snapshot)
    site.on(DAY)
    page = Client().get(f"/p/n/{one.public_id}/").content.decode()
    assert "2026年第四季度" in page
    assert "27,400.06" in page


@pytest.mark.req("F06")
def test_a_published_figure_that_no_longer_agrees_is_flagged_and_corrected(site: Site) -> None:
    do_due(today=DAY)
    site.on(DAY)
    first = Publication.objects.get(kind="收支")
    gift = Gift(source="villager", channel="bank", fen=50_000)
    record_donation(site.place.fund, gift, day=date(2026, 12, 30), by=site.place.by("出纳赵"), today=DAY, key="late")
    page = Client().get(f"/p/n/{first.public_id}/").content.decode()
    assert "公布以后有变动" in page
    assert "公布 30,000.00 元，现在账上 30,500.00 元" in page
    assert Todo.objects.get(post="会计", done_at=None).title == "2026年第四季度收支与账面不符"
    release = Release.objects.get(kind="收支")
    url, accountant = f"/fund/quarters/{release.pk}/correct/", site.browser("会计钱")
    assert "不符" in accountant.get(f"/fund/{site.place.fund.pk}/quarters/").content.decode()
    assert "还没有填原因" in accountant.post(url, {"reason": ""}).content.decode()
    assert accountant.post(url, {"reason": "年底一笔捐赠补记"}).status_code == 302
    assert "已经更正过" in accountant.post(url, {"reason": "再来"}).content.decode()
    second = Publication.objects.get(replaces=first)
    assert ["更正原因", "年底一笔捐赠补记"] in second.snapshot["fields"]
    assert "这一份已有更正" in Client().get(f"/p/n/{first.public_id}/").content.decode()
    assert not Todo.objects.filter(post="会计", done_at=None).exists()
    assert first.snapshot["table"]["rows"][-1][3] == "30,000.00"
    assert site.browser("出纳赵", "出纳").post(url, {"reason": "x"}).status_code == 403
    assert do_due(today=DAY) == []


@pytest.mark.req("F07")
def test_loans_are_listed_by_due_date_and_come_back_in_parts(site: Site) -> None:
    case = lent(site)
    cashier = site.browser("出纳赵", "出纳")
    assert case.due == date(2028, 12, 4)
    page = cashier.get("/fund/loans/").content.decode()
    assert "1 笔 5,000.00 元" in page
    site.on(date(2028, 11, 10))
    assert do_due(today=site.day)[-1] == "村民李申请发放：2028年12月4日到期，已提醒"
    assert not [line for line in do_due(today=site.day) if "提醒" in line]
    assert {one.to.name for one in Message.objects.filter(title__startswith="借款将到期")} == {"出纳赵", "村民李"}
    assert "村民李申请发放" in cashier.get("/fund/loans/?state=soon").content.decode()
    assert site.do(case, "偿还", "还款", "出纳赵", "出纳", 金额="2000")[0] == 302
    assert site.do(case, "偿还", "还款", "出纳赵", "出纳", 金额="3000.01")[0] == 403
    site.on(date(2028, 12, 20))
    late = cashier.get("/fund/loans/?state=late").content.decode()
    assert "逾期" in late
    assert "3,000.00" in late
    assert "村民李申请发放" not in cashier.get("/fund/loans/?state=soon").content.decode()
    sheet = cashier.get("/fund/loans/?as=xlsx")
    assert sheet.status_code == 200
    assert site.browser("村民李").get("/fund/loans/").status_code == 403


@pytest.mark.req("F07")
def test_an_extension_is_asked_for_once_and_granted_by_the_group(site: Site) -> None:
    case = lent(site)
    site.on(date(2028, 11, 10))
    assert site.do(case, "展期", "申请", "村民李", **_side(site, case, "展期", 至="2029-06-01", 理由="旱灾减产"))[0] == 302
    for name, title in (("组长吴", "管理领导小组组长"), ("组员陈", "")):
        assert site.do(case, "展期", "批准", name, title)[0] == 302
    assert case.due == date(2029, 6, 1)
    site.on(date(2029, 5, 10))
    assert site.do(case, "展期", "申请", "村民李", **_side(site, case, "展期", 至="2029-12-03", 理由="再延"))[0] == 403


@pytest.mark.req("X16")
@pytest.mark.req("F07")
def test_the_clerk_files_for_who_has_no_phone_and_says_why(site: Site) -> None:
    case = lent(site)
    site.on(date(2028, 11, 10))
    clerk = ("文书韩", "村文书")
    ask = _side(site, case, "展期", 至="2029-06-01", 理由="旱灾减产")
    status, text = site.do(case, "展期", "申请", *clerk, **ask)
    assert (status, "请填写“代录缘由”" in text) == (422, True)
    assert site.do(case, "展期", "申请", "出纳赵", "出纳", **ask)[0] == 403
    why = _side(site, case, "展期", 代录缘由="本人没有手机，当面口述")
    assert site.do(case, "展期", "申请", *clerk, **ask, **why)[0] == 302
    assert case.acts.latest("number").facts["代录"]["名"] == "村民李"
    asked = _side(site, case, "申请回避", 申请谁回避=str(site.place.town.people["组员陈"].pk), 理由="有纠纷", 代录缘由="当面口述")
    assert site.do(case, "申请回避", "申请", *clerk, **asked)[0] == 302
    page = site.browser("村民李").get(f"/cases/{case.pk}/").content.decode()
    assert page.count("为村民李代录") == 2
    assert "本人没有手机，当面口述" in page
    assert 'name="s2-代录缘由"' not in page  # the party himself is not asked why
    assert site.do(case, "申请回避", "批准", "组长吴", "管理领导小组组长")[0] == 302
    for name, title in (("组长吴", "管理领导小组组长"), ("主任杨", "管理领导小组成员")):
        assert site.do(case, "展期", "批准", name, title)[0] == 302
    assert case.due == date(2029, 6, 1)


@pytest.mark.req("F12")
@pytest.mark.req("F07")
def test_what_was_lent_before_the_ledger_is_tracked_as_every_other_loan(site: Site) -> None:
    town = site.place.town
    Adoption.objects.create(
        unit=town.units["紫龙村"], edition=Edition.objects.get(code="fund.help"), since=SUNDAY, by=town.people["组长吴"]
    )
    for name, title in (("紫龙会计", "会计"), ("紫龙出纳", "出纳"), ("紫龙文书", "村文书")):
        town.person(name, "紫龙村", title)
    fund = open_fund(
        town.units["紫龙村"], name="紫龙村基金", bank="信用社", holder="紫龙村", account_tail="1234",
        by=site.place.by("镇干部王"), today=SUNDAY,
    )  # fmt: skip
    accountant, base = site.browser("紫龙会计"), f"/fund/{fund.pk}/import/opening/"
    head = ("类别", "科目", "限定用途", "金额", "到期日")
    wrong = sheet(head, ("银行存款", "", "", 100, "2027-01-01"), ("借款", "紫龙张", "", 5000, "明年"))
    accountant.post(base, {"file": wrong, "day": "2026-11-20"})
    page = accountant.get(f"{base}preview/").content.decode()
    for why in ("只有借款填到期日", "“明年”不是日期"):
        assert why in page
    rows = (("银行存款", "", "", 100, ""), ("借款", "紫龙张", "", 5000, "2027-01-31"), ("借款", "搬走的人", "产业发展", 300, ""))
    accountant.post(base, {"file": sheet(head, *rows), "day": "2026-11-20"})
    assert "已导入期初余额" in accountant.post(f"{base}preview/", follow=True).content.decode()
    case, gone = Case.objects.filter(unit=fund.unit).order_by("due")
    assert (case.title, case.step, case.due) == ("紫龙张期初借款", "偿还", date(2027, 1, 31))
    assert (gone.parties["申请人"]["person"], gone.due) == (None, date(2028, 11, 22))
    assert "期初借款" not in site.browser("紫龙张").get("/fund/apply/").content.decode()
    cashier = site.browser("紫龙出纳")
    assert "2 笔 5,300.00 元" in cashier.get("/fund/loans/").content.decode()
    site.on(date(2027, 1, 10))
    assert [line for line in do_due(today=site.day) if "已提醒" in line] == ["紫龙张期初借款：2027年1月31日到期，已提醒"]
    ask = {"step": "展期", "outcome": "申请", "key": "p", **_side(site, case, "展期", 至="2027-06-01", 理由="旱灾", 代录缘由="口述")}
    assert site.browser("紫龙文书").post(f"/cases/{case.pk}/act/", ask).status_code == 302
    assert site.do(case, "偿还", "还款", "紫龙出纳", "出纳", 金额="2000")[0] == 302
    site.on(date(2027, 3, 1))
    late = cashier.get("/fund/loans/?state=late").content.decode()
    for part in ("紫龙张期初借款", "5,000.00", "2,000.00", "3,000.00"):
        assert part in late, part
    assert "搬走的人" not in late
    assert site.do(case, "偿还", "还款", "紫龙出纳", "出纳", 金额="3000")[0] == 302
    assert case.end == "办结"


def _side(site: Site, case: Case, name: str, **form: str) -> dict[str, str]:
    """The fields of a side act, which have a prefix on the page."""
    from jizhi.procedure.docket import docket_of
    from jizhi.procedure.queries.desk import prefix_of

    return {prefix_of(docket_of(case), name) + field: value for field, value in form.items()}


@pytest.mark.req("F07")
def test_a_loan_is_written_off_by_a_resolution_about_it_entered_on_its_page(site: Site) -> None:
    case = lent(site)
    site.on(SUNDAY)
    other = lent(site)
    site.on(date(2028, 12, 18))
    unit = site.place.town.units["虎城村"].pk
    url = f"/cases/new/{unit}/deliberation.resolution/meeting/"
    form = {"类别": "核销帮扶借款", "事由": "村民李受灾，无力偿还", "会议日期": "2028-12-15"}
    head, meetings = site.browser("主任杨", "村委会主任"), []
    assert f'<option value="{case.pk}" selected>' in head.get(f"{url}?about={case.pk}").content.decode()
    for n, about in enumerate((str(case.pk), str(other.pk), "")):
        assert head.post(url, {**form, "关于哪件事项": about, "key": f"m{n}"}).status_code == 302
        meetings.append(Case.objects.latest("pk"))
    wrong = head.post(url, {**form, "关于哪件事项": str(meetings[0].pk), "key": "m9"})
    assert (wrong.status_code, "“关于哪件事项”没有这一件" in wrong.content.decode()) == (422, True)
    meeting = meetings[0]
    assert meeting.title == "决议：核销帮扶借款"
    assert site.do(case, "偿还", "核销", "出纳赵", "出纳", 引用的案件=str(meeting.pk))[0] == 422  # it has not passed
    for one in meetings:
        assert site.do(one, "登记", "登记", "主任杨", "村委会主任", 应到="30", 实到="25", 赞成="20")[0] == 302
        assert site.do(one, "通过核对", "属实", "监督郑")[0] == 302
    for one, why in zip(meetings[1:], ("是关于别的事项的", "没有写明关于哪件事项"), strict=True):
        status, text = site.do(case, "偿还", "核销", "出纳赵", "出纳", 引用的案件=str(one.pk))
        assert (status, why in text) == (422, True)
    assert site.do(case, "偿还", "核销", "出纳赵", "出纳", 引用的案件=str(meeting.pk))[0] == 302
    assert case.end == "核销"
    status, text = site.do(other, "偿还", "核销", "出纳赵", "出纳", 引用的案件=str(meeting.pk))  # one resolution, one loan
    assert (status, "是关于别的事项的" in text) == (422, True)
    assert "1 笔 5,000.00 元" in site.browser("出纳赵", "出纳").get("/fund/loans/").content.decode()


@pytest.mark.req("F09")
def test_the_effect_sheet_counts_records_and_is_published(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.to_paying(case)
    site.pay(case)
    clerk, base = site.browser("文书韩", "村文书"), f"/fund/{site.place.fund.pk}/effects/"
    photo = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 contract")
    owner = {"kind": "owner", "name": "龙安柚种植大户", "mu": "500.5", "day": "2026-12-01", "key": "e1", "evidence": photo}
    for _ in range(2):
        photo.seek(0)
        assert clerk.post(f"{base}new/", owner).status_code == 302
    wrong = clerk.post(f"{base}new/", {"kind": "training", "name": "电焊", "day": "2029-01-01", "key": "e2"}).content.decode()
    assert "培训要填人次" in wrong
    clerk.post(f"{base}new/", {"kind": "training", "name": "电焊培训", "people": "600", "day": "2026-12-02", "key": "e3"})
    clerk.post(f"{base}new/", {"kind": "training", "name": "登错的", "people": "5", "day": "2026-12-02", "key": "e4"})
    mistake = Effect.objects.get(name="登错的")
    assert clerk.post(f"/fund/effects/{mistake.pk}/strike/", {"reason": "重复"}).status_code == 302
    page = clerk.get(base).content.decode()
    for part in ('href="#helped">1</a> 户', 'href="#owner">1</a> 位', "500.5</a> 亩", 'href="#training">600</a> 人次', "合同.pdf"):
        assert part in page, part
    assert clerk.get(f"/fund/{site.place.fund.pk}/").status_code == 404  # the clerk keeps no accounts
    assert site.browser("紫龙张").get(f"/fund/effects/{mistake.pk}/strike/").status_code == 404
    do_due(today=DAY)
    rows = Publication.objects.get(kind="成效").snapshot["table"]["rows"]
    assert ["帮扶户数", "1 户"] in rows
    assert ["引进业主", "1 位，发展面积 500.5 亩"] in rows
    assert ["技能培训", "1 期，600 人次"] in rows
    counted = {name: figure.listed(case) for name, figure in figures().items() if figure.listed and name.startswith("基金.")}
    assert [row[0] for row in counted["基金.受助户数"].rows] == ["村*李"]  # as many households as were counted, none by name
    assert [row[2] for row in counted["基金.培训人次"].rows] == ["600"]
    site.on(DAY)
    first, late = Release.objects.get(kind="成效"), Effect.objects.get(name="电焊培训")
    clerk.post(f"/fund/effects/{late.pk}/strike/", {"reason": "没有办成"})
    public = f"/p/n/{first.publication.public_id}/"
    assert "技能培训：公布 1 期，600 人次，现在 0 期，0 人次" in Client().get(public).content.decode()
    accountant = site.browser("会计钱")
    assert f"/fund/quarters/{first.pk}/correct/" in accountant.get(f"/fund/{site.place.fund.pk}/quarters/").content.decode()
    assert accountant.post(f"/fund/quarters/{first.pk}/correct/", {"reason": "一期培训没有办成"}).status_code == 302
    page = Client().get(public).content.decode()
    assert "这一份已有更正" in page
    assert "一期培训没有办成" in page
    second = Publication.objects.get(replaces=first.publication)
    assert ["技能培训", "0 期，0 人次"] in second.snapshot["table"]["rows"]
    assert ["更正原因", "一期培训没有办成"] in second.snapshot["fields"]
    assert not Todo.objects.filter(verb="更正公布", done_at=None).exists()
    reverse_voucher(Payment.objects.get().voucher, reason="付错了人", by=site.place.by("会计钱"), today=DAY)
    assert "帮扶户数：公布 1 户，现在 0 户" in Client().get(f"/p/n/{second.public_id}/").content.decode()


def test_quarters() -> None:
    assert [quarter_of(date(2026, month, 1)).number for month in (1, 3, 4, 12)] == [1, 1, 2, 4]
    assert Quarter(2026, 4).last == date(2026, 12, 31)
    assert list(quarters(date(2026, 5, 1), date(2027, 1, 1))) == [Quarter(2026, 2), Quarter(2026, 3), Quarter(2026, 4)]
    assert list(quarters(date(2026, 5, 1), date(2026, 6, 30))) == []


SIDES, HEADS = st.sampled_from([IN, OUT]), st.sampled_from(["甲", "乙"])


@given(st.integers(0, 10**9), st.lists(st.tuples(SIDES, HEADS, st.integers(-(10**8), 10**8)), max_size=8))
def test_what_is_left_is_what_was_there_with_all_that_came_and_went(opening: int, moves: list[tuple[str, str, int]]) -> None:
    rows = accounts_table(opening, [Item(*move) for move in moves], [])
    left = opening + sum(fen if side == IN else -fen for side, _, fen in moves)
    assert fen_of(rows[-1][3], negative=True, zero=True) == left
