"""Departments ranked without ties: computed, shown to the department first, appealed, talked over, published, priced."""

import io
import re
from datetime import date

import pytest
from django.utils import timezone
from python_calamine import load_workbook

from jizhi.audit.models import Entry
from jizhi.messages.models import Message
from jizhi.procedure import actions as procedure
from jizhi.results.models import Result
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.reading import read
from jizhi.sheets.actions import hand_in_sheet, save_sheet
from jizhi.sheets.models import Sheet
from jizhi.supervision.ranking.models import Feedback, PayFactor
from jizhi.supervision.ranking.tests.town import LIBRARY, Town, build

PERIOD = "2025-2026学年第二学期"
GOOD = {
    "CS1.1": "扣0项",
    "CS1.2": "10/10",
    "CS2.1": "12/12",
    "CS2.2": "优",
    "CS2.3": "优",
    "CS3.1": "优",
    "CS3.2": "10/10",
    "CS4.1": "满意度均值=92",
    "CS4.2": "互评均值=85",
    "CS5.1": "9/9",
    "CS5.2": "扣0项",
    "CS6.1": "优",
    "CS6.2": "良",
}


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def town(db, today) -> Town:
    """教务处 rated twice; 德育处 and 总务处 equal in total but not in 执行与落实; 办公室 and 教科室 equal in everything."""
    town = build("department")
    rate(town, today, "督学甲", "教务处", {})
    rate(town, today, "督学乙", "教务处", {"CS6.2": "优"})
    rate(town, today, "督学甲", "德育处", {"CS2.1": "10", "CS3.2": "7"})
    rate(town, today, "督学甲", "总务处", {"CS2.1": "11", "CS3.2": "6"})
    for name in ("办公室", "教科室"):
        rate(town, today, "督学甲", name, {"CS2.2": "不合格"})
    return town


def rate(town: Town, today: date, rater: str, department: str, changes: dict[str, str]) -> None:
    edition = town.school.adoptions.get(edition__code="school.department").edition
    by, subject = town.actor(rater, today=today), town.departments[department]
    sheet = save_sheet(
        unit=town.school,
        edition=edition,
        standard="处室",
        subject=subject,
        subject_name=department,
        entries=GOOD | changes,
        by=by,
        today=today,
        period=PERIOD,
    )
    hand_in_sheet(sheet.pk, by=by, now=timezone.now())


def computed(town: Town, *, deliver: bool = True) -> Result:
    leader = town.client("组长")
    assert leader.post("/supervision/ranking/", {"period": PERIOD}).status_code == 302
    result = Result.objects.latest("pk")
    if deliver:
        leader.post(f"/supervision/ranking/{result.pk}/deliver/")
    return result


def take(
    town: Town, result: Result, today: date, department: str, who: str, step: str, outcome: str, form: dict | None = None, opinion: str = ""
):
    case = Feedback.objects.get(place__result=result, place__name=department).case
    return procedure.act(case.pk, step, outcome, form or {}, by=town.actor(who, today=today), today=today, opinion=opinion)


def settle(town: Town, result: Result, today: date, *names: str) -> None:
    """No objection, then the principal's talk."""
    for name in names:
        take(town, result, today, name, f"{name}主任", "申诉期", "无异议")
        take(town, result, today, name, "校长", "谈话", "已谈", {"谈话要点": "肯定成绩，指出不足"})


ALL = ("教务处", "德育处", "总务处", "办公室", "教科室")


@pytest.mark.req("S13")
def test_equal_totals_are_ordered_by_the_declared_tie_breaks_and_the_page_says_by_which(town):
    result = computed(town)
    page = town.client("校长").get(f"/supervision/ranking/{result.pk}/").content.decode()
    assert list(result.places.values_list("rank", flat=True)) == [1, 2, 3, 4, 5]
    assert list(result.places.values_list("name", flat=True))[:3] == ["教务处", "总务处", "德育处"]
    assert "总分相同；“执行与落实” 27 高于 26" in page
    assert "抽签，种子 CS·2025-2026学年第二学期，可复算" in page
    assert "靠抽签分出先后" in page
    assert page.count('class="jz-reason"') == 4  # one between every neighbour pair
    assert "还没有评分、没有排入的处室：信息中心" in page
    assert "style=" not in page


@pytest.mark.req("S13")
def test_the_department_sees_its_own_place_first_and_nobody_elses(town):
    result = computed(town, deliver=False)
    url = f"/supervision/ranking/{result.pk}/"
    head = town.client("德育处主任")
    assert head.get(url).status_code == 404  # not delivered yet
    town.client("组长").post(f"{url}deliver/")
    page = head.get(url).content.decode()
    assert "德育处 95" in page or "德育处 9" in page
    assert "怎么来的" in page
    assert "总务处" not in page
    assert town.client("教师乙").get(url).status_code == 404
    assert "总务处" not in head.get(f"{url}ranking.xlsx").content.decode("latin-1")
    rows = load_workbook(io.BytesIO(head.get(f"{url}ranking.xlsx").content)).get_sheet_by_name("名次").to_python()
    assert [row[1] for row in rows] == ["处室", "德育处"]


@pytest.mark.req("S13")
def test_publication_waits_for_every_appeal_and_talk(town, today):
    result = computed(town)
    url = f"/supervision/ranking/{result.pk}/"
    settle(town, result, today, *ALL[:-1])
    refused = town.client("校长").post(f"{url}publish/", follow=True).content.decode()
    assert "还不能公布（第十条）：教科室：申诉期没有满" in refused
    assert Result.objects.get(pk=result.pk).published_on is None
    settle(town, result, today, "教科室")
    assert "已公布，全校可以看到" in town.client("校长").post(f"{url}publish/", follow=True).content.decode()
    page = town.client("教师乙").get(url).content.decode()
    assert "总务处" in page
    assert "已公布" in page
    assert Message.objects.filter(to=town.people["教科室主任"], link=url).count() == 1
    town.client("校长").post(f"{url}publish/")
    assert Message.objects.filter(to=town.people["教科室主任"], link=url).count() == 1


@pytest.mark.req("S13")
def test_an_appeal_is_answered_by_someone_who_did_not_rate_and_its_correction_names_the_old_result(town, today):
    result = computed(town)
    take(town, result, today, "教务处", "教务处主任", "申诉期", "申诉", {"申诉理由": "创新与成果应为优"})
    for rater in ("督学甲", "督学乙", "组长"):
        with pytest.raises(procedure.Refused):
            take(town, result, today, "教务处", rater, "答复", "更正", opinion="属实")
    take(town, result, today, "教务处", "督学丙", "答复", "更正", opinion="奖状属实，应为优")
    sheet = Sheet.objects.get(rater=town.people["督学甲"], subject_name="教务处")
    amend = f"/supervision/ranking/{result.pk}/amend/{sheet.pk}/"
    assert "现得 4.25" in town.client("组长").get(amend).content.decode()
    assert "没有改动任何一项" in town.client("组长").post(amend, {**GOOD, "reason": "申诉成立"}).content.decode()
    assert town.client("组长").post(amend, {**GOOD, "CS6.2": "优", "reason": "申诉成立"}).status_code == 302
    answer = town.client("组长").post(f"/supervision/ranking/{result.pk}/correct/", {"reason": "教务处申诉成立"}, follow=True)
    fresh = Result.objects.get(corrects=result)
    assert "对" in answer.content.decode()
    assert fresh.places.get(name="教务处").score > result.places.get(name="教务处").score
    old, new = (Feedback.objects.get(place__result=one, place__name="教务处").case_id for one in (result, fresh))
    assert old == new
    assert "已被更正" in town.client("校长").get(f"/supervision/ranking/{result.pk}/").content.decode()
    take(town, fresh, today, "教务处", "校长", "谈话", "已谈", {"谈话要点": "说明更正"})
    settle(town, fresh, today, *ALL[1:])
    town.client("校长").post(f"/supervision/ranking/{fresh.pk}/publish/")
    assert Result.objects.get(pk=fresh.pk).published_on == today


def appealed(town: Town, result: Result, today: date, item: str, entry: str) -> str:
    """德育处 appeals; the page of its place."""
    form = {"申诉理由": "两项任务已经按期完成", "申诉指标": item, "应为": entry}
    take(town, result, today, "德育处", "德育处主任", "申诉期", "申诉", form)
    return f"/supervision/ranking/{result.pk}/?place={result.places.get(name='德育处').pk}"


def table(page: str) -> list[list[str]]:
    """The rows of the ranking as it would be."""
    found = page.partition("若申诉成立的名次")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", found.partition("<tbody>")[2], re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)] for row in rows]


@pytest.mark.req("S13")
def test_who_decides_an_appeal_sees_who_would_move_and_why_and_nothing_is_stored(town, today):
    result = computed(town)
    url = appealed(town, result, today, "重点任务按期完成", "12/12")
    kept = Sheet.objects.count(), Result.objects.count(), Entry.objects.count()
    page = town.client("督学丙").get(url).content.decode()
    assert "重点任务按期完成 10 改为 14，合计 93.63 改为 97.63，名次由第 3 升为第 2" in page
    assert table(page)[1:3] == [
        ["2", "德育处上一名：总分高 0.38 分", "3，变动", "97.63"],
        ["3", "总务处上一名：总分高 4 分", "2，变动", "93.63"],
    ]
    assert [row[0] for row in table(page)] == ["1", "2", "3", "4", "5"]  # no two share a rank
    assert (Sheet.objects.count(), Result.objects.count(), Entry.objects.count()) == kept


@pytest.mark.req("S13")
def test_who_decides_may_try_another_mark_and_a_wrong_one_is_told_beside_its_field(town, today):
    result = computed(town)
    url = appealed(town, result, today, "", "")
    decider = town.client("督学丙")
    assert "若申诉成立" in decider.get(url).content.decode()
    assert not table(decider.get(url).content.decode())
    assert "名次不变，仍为第 3" in decider.get(f"{url}&item=CS2.1&entry=10").content.decode()
    wrong = decider.get(f"{url}&item=CS2.1&entry=99").content.decode()
    assert "“99”合 99 分，超过满分 14 分" in wrong
    assert 'value="99"' in wrong
    assert not table(wrong)


@pytest.mark.req("S13")
def test_who_appeals_sees_his_own_line_alone_and_cannot_try_other_marks(town, today):
    result = computed(town)
    url = appealed(town, result, today, "重点任务按期完成", "12/12")
    head = town.client("德育处主任").get(f"{url}&item=CS2.1&entry=0").content.decode()
    assert "名次由第 3 升为第 2" in head
    assert "总务处" not in head
    assert "试算名次" not in head


@pytest.mark.req("S13")
def test_nobody_else_sees_what_an_appeal_would_change_and_after_the_answer_nobody_does(town, today):
    result = computed(town)
    url = appealed(town, result, today, "重点任务按期完成", "12/12")
    for name in ("校长", "组长", "督学甲"):  # the principal, who delivered, who rated
        assert "若申诉成立" not in town.client(name).get(url).content.decode(), name
    take(town, result, today, "德育处", "督学丙", "答复", "维持", opinion="仍有一项未完成")
    for name in ("督学丙", "德育处主任"):
        assert "若申诉成立" not in town.client(name).get(url).content.decode(), name


def test_the_appeal_offers_the_items_of_the_standard():
    regulation, _ = read((LIBRARY / "department.yaml").read_text(), "department.yaml")
    appeal = next(step for step in regulation.procedures["处室考核"].steps if step.name == "申诉期")
    options = next(field.options for field in appeal.form if field.name == "申诉指标")
    assert list(options) == [leaf.name for leaf in leaves(*regulation.standards["处室"].indicators)]


def test_scores_are_not_touched_without_an_upheld_appeal(town, today):
    result = computed(town)
    sheet = Sheet.objects.filter(subject_name="教务处").first()
    url = f"/supervision/ranking/{result.pk}/amend/{sheet.pk}/"
    assert town.client("组长").post(url, {**GOOD, "CS6.2": "不合格", "reason": "想改"}).status_code == 403
    assert town.client("督学丙").get(url).status_code == 403


def test_a_correction_needs_a_reason(town):
    result = computed(town)
    answer = town.client("组长").post(f"/supervision/ranking/{result.pk}/correct/", {"reason": ""})
    assert answer.status_code == 422
    assert "写明为什么更正" in answer.content.decode()


def test_computing_twice_gives_the_same_result_and_strangers_may_not(town):
    computed(town)
    computed(town)
    assert Result.objects.count() == 1
    assert town.client("督学甲").post("/supervision/ranking/", {"period": PERIOD}).status_code == 403
    assert "请选列出的学期" in town.client("组长").post("/supervision/ranking/", {"period": "没有的学期"}).content.decode()


@pytest.mark.req("S13")
def test_the_pay_table_follows_from_the_schools_own_factors_and_none_are_shipped(town, today):
    result = computed(town)
    url = f"/supervision/ranking/{result.pk}/pay/"
    principal = town.client("校长")
    assert "学校尚未设定系数" in principal.get(url).content.decode()
    wrong = principal.post(url, {"rank_1": "一点二", "rank_2": "1.1"})
    assert wrong.status_code == 422
    assert "请填数字，例：1.05" in wrong.content.decode()
    assert PayFactor.objects.count() == 0
    principal.post(url, {f"rank_{rank}": str(1.3 - rank / 10)[:3] for rank in range(1, 6)})
    page = principal.get(url).content.decode()
    assert "教务处主任" in page
    assert "1.2" in page
    assert town.client("组长").get(url).status_code == 403
    settle(town, result, today, *ALL)
    principal.post(f"/supervision/ranking/{result.pk}/publish/")
    assert principal.post(url, {"rank_1": "9"}).status_code == 403
    assert str(PayFactor.objects.get(rank=1).factor) == "1.200"


def test_the_spreadsheet_holds_the_reasons_and_the_derivation(town):
    result = computed(town)
    answer = town.client("校长").get(f"/supervision/ranking/{result.pk}/ranking.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheet_names == ["说明", "名次", "得分来历"]
    rows = book.get_sheet_by_name("名次").to_python()
    assert rows[0][:3] == ["名次", "处室", "得分"]
    assert "执行与落实" in rows[3][5]
    assert "filename*=utf-8''" in answer["Content-Disposition"]
