"""F03, F04, F07, F08, F11: an application from hand to hand by the shipped regulation, with real money at its end."""

from datetime import date

import pytest
from django.test import Client

from jizhi.fund.models import Payment
from jizhi.fund.models.ledger import PaymentKind
from jizhi.fund.queries import outstanding
from jizhi.fund.tests.hucheng import LOAN, NEED, SUNDAY, Hucheng, hucheng
from jizhi.org.models import User
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Case, Todo
from jizhi.procedure.queries.tally import tally_of

pytestmark = pytest.mark.django_db
PAPER, PLANS = "困难情况说明", ("产业计划书", "借款合同")
WEDNESDAY, THURSDAY = date(2026, 12, 2), date(2026, 12, 3)


@pytest.fixture
def place() -> Hucheng:
    return hucheng()


@pytest.mark.req("F04")
def test_an_application_goes_through_every_hand_to_the_money(place: Hucheng) -> None:
    case = place.apply(NEED, PAPER)
    assert (case.step, case.parties["申请人"]["name"]) == ("初审", "村民李")
    place.to_paying(case)
    place.do(case, "发放", "已付", "出纳赵", THURSDAY, "出纳", 付款方式="转入本人账户")
    assert (case.step, Payment.objects.get().kind, Payment.objects.get().fen) == ("签收", PaymentKind.GRANT, 300000)
    place.do(case, "签收", "已收到", "村民李", THURSDAY)
    assert case.end == "办结"


@pytest.mark.req("F04")
def test_it_cannot_be_audited_before_the_seventh_full_day_ends(place: Hucheng) -> None:
    case = place.apply(NEED, PAPER)
    place.do(case, "初审", "同意", "评审周")
    place.do(case, "初审", "同意", "评审冯")
    assert case.step == "公示"
    with pytest.raises(Refused, match="公示至2026年11月30日方满7日"):
        place.do(case, "审核", "同意", "评审周", date(2026, 11, 30))


@pytest.mark.req("F04")
def test_one_member_never_decides_for_the_group(place: Hucheng) -> None:
    case = place.apply(NEED, PAPER)
    first = place.do(case, "初审", "同意", "评审周")
    assert (case.step, first.facts["应到"], first.facts["议定"]) == ("初审", 2, "过半数")  # 评审褚 is the applicant's wife
    tally = tally_of(docket_of(case), "初审", today=SUNDAY)
    assert tally is not None
    assert (tally.said, tally.waiting, tally.missing) == ((("评审周", "同意"),), ("评审冯",), 1)
    todo = Todo.objects.get(case=case, kind="do", done_at=None)
    assert set(todo.except_ids) >= {place.town.people[name].pk for name in ("评审周", "评审褚")}
    with pytest.raises(Refused, match="表示过“同意”"):
        place.do(case, "初审", "同意", "评审周")
    place.do(case, "初审", "不同意", "评审周")  # changes his word
    place.do(case, "初审", "不同意", "评审冯")
    assert case.end == "不予"


@pytest.mark.req("F04")
def test_the_page_shows_who_has_said_what(place: Hucheng) -> None:
    case = place.apply(NEED, PAPER)
    place.do(case, "初审", "退回", "评审周")
    client = Client()
    client.force_login(User.objects.get(username="评审冯"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "应到 2 人，过半数（2 人）意见一致才能定，已有 1 人表态，还差 1 人。" in page
    assert "未表态" in page
    assert "您已表态" not in page
    client.force_login(User.objects.get(username="评审周"), backend="django.contrib.auth.backends.ModelBackend")
    assert "您已表态“退回”" in client.get(f"/cases/{case.pk}/").content.decode()
    client.force_login(User.objects.get(username="评审冯"), backend="django.contrib.auth.backends.ModelBackend")
    sent = client.post(f"/cases/{case.pk}/act/", {"step": "初审", "outcome": "退回", "opinion": "缺户口复印件", "key": "k1"})
    assert sent.status_code == 302
    case.refresh_from_db()
    assert case.step == "补正"


@pytest.mark.req("F04")
def test_a_relative_takes_no_part_and_members_recuse_themselves(place: Hucheng) -> None:
    case = place.apply(NEED, PAPER)
    with pytest.raises(Refused, match="近亲属（配偶）"):
        place.do(case, "初审", "同意", "评审褚")
    place.do(case, "自报回避", "自报回避", "评审冯", 理由="与申请人合伙养鱼")
    with pytest.raises(Refused, match="已经回避"):
        place.do(case, "初审", "同意", "评审冯")
    with pytest.raises(Refused, match="没有过半"):  # one of three is left: no decision of the group
        place.do(case, "初审", "同意", "评审周")
    place.do(case, "初审", "同意", "镇干部王")
    assert case.step == "公示"


@pytest.mark.req("F04")
def test_a_challenge_is_decided_by_the_head_and_binds(place: Hucheng) -> None:
    case = place.apply(NEED, PAPER)
    asked = {"申请谁回避": str(place.town.people["评审冯"].pk), "理由": "与我有土地纠纷"}
    place.do(case, "申请回避", "申请", "村民李", **asked)
    place.do(case, "申请回避", "批准", "评审周")
    with pytest.raises(Refused, match="已经回避"):
        place.do(case, "初审", "同意", "评审冯")


@pytest.mark.req("F04")
def test_only_the_registered_apply_by_themselves_or_recorded(place: Hucheng) -> None:
    with pytest.raises(Refused, match="本村户籍的村民"):
        place.apply(NEED, PAPER, by="紫龙张", who="紫龙张")
    with pytest.raises(FormProblems, match="书面申请扫描件"):
        place.apply(NEED, PAPER, by="文书韩", title="村文书")
    with pytest.raises(FormProblems, match="户籍册上的人"):
        place.apply(NEED, PAPER, "书面申请扫描件", by="文书韩", title="村文书", who="紫龙张")
    case = place.apply(NEED, PAPER, "书面申请扫描件", by="文书韩", title="村文书")
    assert case.acts.get().facts == {"代录": {"人": str(place.town.people["村民李"].pk), "名": "村民李"}}


@pytest.mark.req("F03")
def test_limits_uses_and_papers_are_refused_beside_the_field_with_the_clause(place: Hucheng) -> None:
    with pytest.raises(FormProblems) as wrong:
        place.apply({**NEED, "金额": "5000.01"})
    said = {problem.field: problem.text for problem in wrong.value.problems}
    assert said["金额"].startswith("“基本生活”最多 5000 元，现在填了 5000.01 元")
    assert "第八条：“每种用途有限额" in said["金额"]
    assert "“基本生活”的，请上传“困难情况说明”" in said["困难情况说明"]
    with pytest.raises(FormProblems, match="第三条：“基金只用于") as wrong:
        place.apply({**NEED, "用途": "旅游"}, PAPER)
    assert not Case.objects.exists()


@pytest.mark.req("F07")
def test_a_loan_comes_back_in_parts_and_ends_by_itself(place: Hucheng) -> None:
    case = place.apply(LOAN, *PLANS)
    place.to_paying(case)
    place.do(case, "发放", "已付", "出纳赵", THURSDAY, "出纳", 付款方式="转入本人账户")
    assert (case.step, case.due, outstanding(case)) == ("偿还", date(2028, 12, 4), 500000)  # the 3rd is a Sunday
    place.do(case, "产业验收", "申请", "村民李", date(2027, 9, 1), 至="2027-12-01", 产业情况="挂果，已卖出两千斤")
    place.do(case, "产业验收", "批准", "组长吴", date(2027, 9, 2))
    assert case.due == date(2028, 12, 4)  # one of three
    place.do(case, "产业验收", "批准", "组员陈", date(2027, 9, 2))
    assert case.due == date(2027, 12, 1)
    place.do(case, "偿还", "还款", "出纳赵", date(2027, 10, 8), "出纳", 金额="2000")
    assert (case.step, outstanding(case)) == ("偿还", 300000)
    with pytest.raises(Refused, match="现在是 3000"):
        place.do(case, "偿还", "结清", "出纳赵", date(2027, 10, 9), "出纳")
    place.do(case, "偿还", "还款", "出纳赵", date(2027, 11, 1), "出纳", 金额="3000")
    assert (case.end, outstanding(case), case.acts.last().by) == ("办结", 0, None)


@pytest.mark.req("F07")
def test_a_loan_is_written_off_only_by_a_recorded_resolution(place: Hucheng) -> None:
    case = place.apply(LOAN, *PLANS)
    place.to_paying(case)
    place.do(case, "发放", "已付", "出纳赵", THURSDAY, "出纳", 付款方式="转入本人账户")
    with pytest.raises(FormProblems, match="引用的案件"):
        place.do(case, "偿还", "核销", "出纳赵", date(2028, 12, 20), "出纳")
    with pytest.raises(FormProblems, match="须是一件您看得到"):
        place.do(case, "偿还", "核销", "出纳赵", date(2028, 12, 20), "出纳", 引用的案件=str(case.pk))
    assert outstanding(case) == 500000
    meeting = place.resolve("核销村民李借款", about=case)
    cited = place.do(case, "偿还", "核销", "出纳赵", date(2028, 12, 20), "出纳", 引用的案件=str(meeting.pk))
    assert (case.end, outstanding(case), cited.facts["引用的案件"]["终点"]) == ("核销", 0, "通过")


@pytest.mark.req("F08")
def test_a_household_is_rewarded_once(place: Hucheng) -> None:
    for n in (1, 2):
        case = place.apply_reward()
        place.to_paying(case)
        if n == 1:
            place.do(case, "发放", "已付", "出纳赵", THURSDAY, "出纳", 付款方式="现金")
            assert case.step == "签收"
        else:
            with pytest.raises(Refused, match=r"基金\.本户奖励次数”现在是 1"):
                place.do(case, "发放", "已付", "出纳赵", THURSDAY, "出纳", 付款方式="现金")


@pytest.mark.req("F11")
def test_work_of_the_village_is_accepted_before_it_is_paid(place: Hucheng) -> None:
    form = {"项目名称": "三组蓄水池", "用途": "公益设施", "金额": "20000", "理由": "灌溉", "收款人": "某施工队"}
    case = place.begin("村级使用", form, "工程预算", by="主任杨", title="村两委成员")
    place.do(case, "初审", "同意", "评审周")
    place.do(case, "初审", "同意", "评审冯")
    place.over(WEDNESDAY)
    place.do(case, "审核", "同意", "组长吴", WEDNESDAY)
    with pytest.raises(Refused, match="不得由同一人办理"):
        place.do(case, "审核", "同意", "主任杨", WEDNESDAY)
    place.do(case, "审核", "同意", "组员陈", WEDNESDAY)
    place.do(case, "复核", "同意", "两委沈", WEDNESDAY)
    with pytest.raises(Refused, match=r"请先由.*办理“实施”"):
        place.do(case, "发放", "已付", "主任杨", THURSDAY, 付款方式="转账")
    place.do(case, "实施", "完成", "主任杨", THURSDAY, 完成情况="建成蓄水池一口", 完成数量="1 口")
    place.do(case, "验收", "合格", "监督郑", THURSDAY)
    place.do(case, "发放", "已付", "出纳赵", THURSDAY, "出纳", 付款方式="转账")
    assert (case.end, Payment.objects.get().payee) == ("办结", "某施工队")
