"""一村一细则 in one town through the pages: own tasks, five steps, grades and stars, pay."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
import xlsxwriter
from django.test import Client

from jizhi.appraisal.models import Campaign, CampaignPoll, OwnTasks, PayPlan, ScheduleRow, Verdict, Veto
from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.queries.records import records_of, report_of
from jizhi.appraisal.tests.fusui import DAY, TOWNS, County, county
from jizhi.org.models import Unit
from jizhi.polling.models import Item, Poll
from jizhi.polling.models import Result as PollResult
from jizhi.procedure.actions import act_batch, tick
from jizhi.procedure.models import Act, Case
from jizhi.regulation.models import Edition
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Result
from jizhi.ui import clock
from jizhi.ui.tests.tables import rows_of

pytestmark = pytest.mark.django_db
TOWN = TOWNS[0]
VILLAGES = ("01村", "04村", "07村")
BEST = {"party": "优", "income": "优", "service": "优", "safety": "优", "land": "优", "open": "优"}
MIXED = {**BEST, "income": "良", "land": "合格"}
POOR = dict.fromkeys(BEST, "不合格")
OVER = DAY + timedelta(days=8)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    made = county(9)
    made.adopt("village.yaml", "扶绥县")
    for name in VILLAGES:
        made.town.person(f"{name}书记", name, "村党组织书记", head=True)
    return made


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def sent(client: Client, url: str, data: dict[str, str]) -> str:
    answer = client.post(url, data, follow=True)
    assert answer.status_code == 200, re.findall(r"<li>(.*?)</li>|jz-errors.*?<p>(.*?)</p>", answer.content.decode(), re.DOTALL)[-6:]
    return answer.content.decode()


def rows(*rows: tuple[str, str, str, str, str]) -> dict[str, str]:
    names = ("名称", "目标值", "计量单位", "难度", "分值")
    return {f"r{n}-{name}": value for n, row in enumerate(rows, 1) for name, value in zip(names, row, strict=True)}


TWO = rows(("修水渠", "2", "公里", "1.0", "20"), ("种油茶", "50", "亩", "1.1", "20"))


def begun(place: County) -> Campaign:
    boss = place.browser(f"{TOWN}书记")
    sent(boss, "/appraisal/begin/", {"what": "county.village.appraisal/年度考评", "year": "2026"})
    sent(boss, "/appraisal/begin/", {"what": "county.village.appraisal/年度考评", "year": "2026"})
    campaign = Campaign.objects.get()
    place.case = Case.objects.select_related("unit", "edition").get(pk=campaign.case_id)
    return campaign


def agreed(place: County, campaign: Campaign) -> None:
    for name in VILLAGES:
        village = place.town.units[name]
        url = f"/appraisal/{campaign.pk}/tasks/{village.pk}/"
        sent(place.browser(f"{name}书记"), url, TWO)
        table = OwnTasks.objects.get(unit=village)
        for who in (f"{name}书记", f"{TOWN}书记"):
            client = place.browser(who)
            seen = page(client, url).split('name="seen" value="')[1].split('"')[0]
            sent(client, f"/appraisal/tasks/{table.pk}/agree/", {"seen": seen})


def announced(place: County, campaign: Campaign) -> None:
    boss = place.browser(f"{TOWN}书记")
    sent(boss, f"/cases/{campaign.case_id}/act/", {"step": "发布公告", "outcome": "发布", "key": "k"})
    place.case.refresh_from_db()


def sealed_poll(place: County, campaign: Campaign, votes: dict[str, dict[str, int]]) -> None:
    """A poll as it is after the close."""
    boss = place.town.people[f"{TOWN}书记"]
    grades = [["优秀", "100"], ["称职", "80"], ["基本称职", "60"], ["不称职", "0"]]
    poll = Poll.objects.create(
        unit=place.town.units[TOWN], kind="poll", title="村级民意测评", grades=grades, least="10", made_by=boss, made_on=DAY, opened_on=DAY,
        closed_on=DAY,
    )  # fmt: skip
    kept = {}
    for n, (name, counts) in enumerate(votes.items(), 1):
        unit = place.town.units[name]
        item = Item.objects.create(poll=poll, position=n, kind="grade", text=name, subject_type=Unit._meta.label, subject_id=str(unit.pk))
        kept[str(item.pk)] = {"": counts}
    figures = {"groups": {"": {"expected": 30, "issued": 30, "returned": 28, "valid": 28}}, "votes": kept}
    PollResult.objects.create(poll=poll, enough=True, figures=figures, digest="x", closed_by=boss, witness=boss, day=DAY)
    sent(place.browser(f"{TOWN}书记"), f"/appraisal/{campaign.pk}/poll/", {"poll": str(poll.pk)})


def verified(place: County, done: dict[str, tuple[str, str]], marks: dict[str, dict[str, str]]) -> None:
    raters = [f"{TOWN}考核{n}" for n in (1, 2, 3)]
    for name in VILLAGES:
        place.rate(name, "工作述职", [f"{name}书记"], BEST)
        place.take(name, "工作述职", "述职", f"{name}书记", 述职报告="今年办成三件事")
        client = place.browser(raters[0])
        for row, value in zip(ScheduleRow.objects.filter(tasks__unit__name=name), done[name], strict=True):
            sent(client, f"/appraisal/rows/{row.pk}/", {"done": value, "proof": "现场查看"})
        sent(client, f"/appraisal/units/{place.child(name).pk}/mark/", {"item": "述职", "value": "90", "fact": ""})
        place.rate(name, "实绩核验", raters, marks[name])
        place.take(name, "实绩核验", "核验", raters[0])


def polled(place: County) -> None:
    for name in VILLAGES:
        place.take(name, "民意测评", "测评完成", f"{TOWN}考核1")


def decided(place: County) -> None:
    act_batch(place.case.pk, "党委审定", "通过", {}, by=place.by(f"{TOWN}委员"), today=DAY, key="d")
    tick(today=OVER)


VOTES = {
    "01村": {"优秀": 28, "称职": 0, "基本称职": 0, "不称职": 0},
    "04村": {"优秀": 20, "称职": 8, "基本称职": 0, "不称职": 0},
    "07村": {"优秀": 0, "称职": 8, "基本称职": 10, "不称职": 10},
}
DONE = {"01村": ("2", "50"), "04村": ("1.5", "50"), "07村": ("0", "10")}
MARKS = {"01村": BEST, "04村": MIXED, "07村": POOR}


def run_through(place: County) -> Campaign:
    return run_finished(place, begun(place))


def run_finished(place: County, campaign: Campaign) -> Campaign:
    agreed(place, campaign)
    announced(place, campaign)
    sealed_poll(place, campaign, VOTES)
    verified(place, DONE, MARKS)
    polled(place)
    return campaign


@pytest.mark.req("P17")
def test_a_town_runs_the_five_steps_and_the_page_gives_the_results_of_the_command(
    place: County, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = run_through(place)
    assert place.where() == "党委审定"
    computed = Act.objects.get(case=place.case, step="考评汇总").facts["子件"]
    standard = standard_for(place.case)
    report = report_of(place.case, standard, records_of(place.case, standard), on=DAY)
    assert {one.unit.name: format(one.score, "f") for one in report.results} == {row["单位"]: row["得分"] for row in computed.values()}
    result = Result.objects.get(unit=place.case.unit)
    best = result.places.get(name="01村")
    assert best.rank == 1
    assert best.derivation["tasks"][1]["how"].startswith("完成 50／目标 50亩，完成率 100%")
    detail = page(place.browser(f"{TOWN}书记"), f"/appraisal/units/{place.child('01村').pk}/")
    assert "修水渠" in detail
    assert "有效 28 张" in detail
    whole = page(place.browser(f"{TOWN}书记"), f"/appraisal/{campaign.pk}/")
    assert best.decided_by in whole
    decided(place)
    assert place.where() == "已兑现"
    verdicts = {one.unit.name: (one.grade, one.stars, one.award_fen) for one in Verdict.objects.all()}
    assert verdicts["07村"][0] == "不称职"
    assert verdicts["07村"][2] == 0


@pytest.mark.req("P17")
def test_nothing_is_announced_before_both_sides_agreed_and_afterwards_nothing_changes(place: County) -> None:
    campaign = begun(place)
    boss = place.browser(f"{TOWN}书记")
    answer = boss.post(f"/cases/{campaign.case_id}/act/", {"step": "发布公告", "outcome": "发布", "key": "k"})
    assert "个性任务还没有填好并由双方商定" in answer.content.decode()
    url = f"/appraisal/{campaign.pk}/tasks/{place.town.units['01村'].pk}/"
    wrong = place.browser("01村书记").post(url, rows(("修水渠", "两", "公里", "1.5", "20"), ("种油茶", "50", "亩", "1", "10")))
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "“两”应当是大于 0 的数" in text
    assert "1.5 应当在 0.8 到 1.2 之间" in text
    assert "“分值”合计 30，应当是 40" in text
    assert not OwnTasks.objects.exists()
    agreed(place, campaign)
    announced(place, campaign)
    assert place.case.step == "分办"
    kept = Act.objects.get(case=place.case, step="发布公告").facts["冻结"]["附表"]
    assert kept["单位"][str(place.town.units["01村"].pk)] == OwnTasks.objects.get(unit__name="01村").digest
    assert "已于" in place.browser("01村书记").post(url, rows(("别的", "1", "", "1", "40"))).content.decode()


def workbook(*lines: tuple[str, ...]) -> BytesIO:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    out.seek(0)
    out.name = "tasks.xlsx"
    return out


@pytest.mark.req("P17")
def test_own_tasks_come_by_spreadsheet_all_or_none(place: County) -> None:
    campaign = begun(place)
    boss = place.browser(f"{TOWN}书记")
    head = ("村", "名称", "目标值", "计量单位", "难度", "分值", "判定")
    bad = workbook(
        head,
        ("01村", "修水渠", "2", "公里", "1", "40", ""),
        ("01村", "种油茶", "5", "亩", "3", "5", ""),
        ("99村", "x", "1", "", "1", "40", ""),
    )
    text = boss.post(f"/appraisal/{campaign.pk}/tasks/import/", {"file": bad}, follow=True).content.decode()
    assert "“99村”不是参评的村" in text
    assert "3 应当在 0.8 到 1.2 之间" in text
    boss.post(f"/appraisal/{campaign.pk}/tasks/import/preview/")
    assert not OwnTasks.objects.exists()
    good = workbook(head, ("01村", "修水渠", "2", "公里", "1", "20", ""), ("01村", "种油茶", "5", "亩", "1.2", "20", ""))
    boss.post(f"/appraisal/{campaign.pk}/tasks/import/", {"file": good})
    assert "已导入 1 个村" in boss.post(f"/appraisal/{campaign.pk}/tasks/import/preview/", follow=True).content.decode()
    assert ScheduleRow.objects.filter(tasks__unit__name="01村").count() == 2
    assert not OwnTasks.objects.exclude(unit__name="01村").exists()


@pytest.mark.req("P17")
def test_a_veto_is_off_without_a_document_and_the_village_answers_it(place: County) -> None:
    campaign = begun(place)
    agreed(place, campaign)
    announced(place, campaign)
    sealed_poll(place, campaign, VOTES)
    boss = place.browser(f"{TOWN}书记")
    for name, document in (("01村", ""), ("04村", "镇纪〔2026〕3号")):
        url = f"/appraisal/units/{place.child(name).pk}/veto/"
        sent(boss, url, {"matter": "一票否决事项", "document": document, "authority": "镇纪委", "decided_on": "2026-10-08"})
    answer = place.child("04村").vetoes.get().pk  # type: ignore[attr-defined]
    sent(place.browser("04村书记"), f"/appraisal/vetoes/{answer}/answer/", {"defence": "已整改"})
    sent(
        boss,
        f"/appraisal/units/{place.child('07村').pk}/veto/",
        {"matter": "一票否决事项", "document": "镇纪〔2026〕5号", "authority": "镇纪委"},
    )
    mistaken = place.child("07村").vetoes.get()  # type: ignore[attr-defined]
    url = f"/appraisal/vetoes/{mistaken.pk}/withdraw/"
    assert boss.post(url, {"reason": ""}).status_code == 422
    assert place.browser("07村书记").get(url).status_code in (403, 404)
    sent(boss, url, {"reason": "认定机关已撤销原文件"})
    assert "已撤销：认定机关已撤销原文件" in page(boss, f"/appraisal/units/{mistaken.case_id}/")
    verified(place, DONE, MARKS)
    polled(place)
    flags = {one.name: [flag["kind"] for flag in one.derivation["flags"]] for one in Result.objects.get(unit=place.case.unit).places.all()}
    assert "veto_off" in flags["01村"]
    assert "veto" in flags["04村"]
    assert not {"veto", "veto_off"} & set(flags["07村"])  # what was withdrawn counts for nothing
    seen = page(boss, f"/appraisal/units/{place.child('04村').pk}/")
    assert 'href="#line-income"' in seen  # a figure leads to what each rater entered
    assert f'<td data-l="{TOWN}考核1（实绩核验）">良</td>' in seen
    computed = Act.objects.get(case=place.case, step="考评汇总").facts["子件"]
    assert computed[str(place.child("04村").pk)]["等次"] == "不称职"


@pytest.mark.req("P25")
def test_the_pay_plan_sums_to_the_award_each_share_explained_and_is_locked(place: County) -> None:
    run_through(place)
    decided(place)
    child = place.child("01村")
    url = f"/appraisal/units/{child.pk}/pay/"
    boss = place.browser(f"{TOWN}书记")
    cadres = (("陈一", "村党组织书记", "优秀", "10"), ("李二", "村委会主任", "称职", "3"), ("王三", "委员", "基本称职", "0"))
    for name, post, review, years in cadres:
        sent(boss, url, {"name": name, "post": post, "review": review, "seniority": years, "months": "12"})
    text = page(boss, url)
    assert "工龄补贴每年工龄 10 元 × 10 年 × 12 个月 = 1,200.00 元" in text
    assert "已公布" in sent(boss, f"{url}publish/", {})
    sent(boss, f"{url}publish/", {})
    plan = PayPlan.objects.get()
    award = Verdict.objects.get(case=child).award_fen
    assert award > 0
    assert sum(share["performance"] for share in plan.shares) == award == plan.award_fen
    assert plan.shares[0]["performance"] > plan.shares[1]["performance"] > plan.shares[2]["performance"]
    answer = boss.post(url, {"name": "赵四", "post": "委员", "review": "优秀", "seniority": "1", "months": "12"})
    assert PayPlan.objects.get().shares == plan.shares
    assert answer.status_code in (200, 302, 422)
    paid = rows_of(boss, f"{url}?as=xlsx")
    assert [row[1] for row in paid[:-1]] == [name for name, *_ in cadres]
    assert all(str(cell) in page(boss, url).replace(",", "") for row in paid for cell in row[2:6])
    assert paid[-1][0] == "合计"


@pytest.mark.req("P17")
def test_a_published_pay_plan_follows_a_village_s_corrected_result(place: County, monkeypatch: pytest.MonkeyPatch) -> None:
    run_through(place)
    decided(place)
    monkeypatch.setattr(clock, "today", lambda: OVER)
    child, boss = place.child("01村"), place.browser(f"{TOWN}书记")
    url = f"/appraisal/units/{child.pk}/"
    sent(boss, f"{url}pay/", {"name": "陈一", "post": "村党组织书记", "review": "优秀", "seniority": "10", "months": "12"})
    sent(boss, f"{url}pay/publish/", {})
    papers = {"matter": "一票否决事项", "document": "扶纪〔2026〕8号", "authority": "县纪委监委", "decided_on": DAY.isoformat()}
    sent(boss, f"{url}veto/", papers)
    veto = Veto.objects.get()
    sent(place.browser("01村书记"), f"/appraisal/vetoes/{veto.pk}/answer/", {"defence": "认可"})
    decision = {"document": "新发〔2026〕3号", "decided_on": OVER.isoformat(), "reason": "虚报项目"}
    sent(boss, f"/appraisal/vetoes/{veto.pk}/lower/", decision)
    old, new = Verdict.objects.filter(case=child).order_by("pk")
    assert (new.grade, new.award_fen, new.corrects) == ("不称职", 0, old)
    assert "下面还是更正前公布的方案" in page(boss, f"{url}pay/")
    assert "由本方案取代" in sent(boss, f"{url}pay/publish/", {})
    sent(boss, f"{url}pay/publish/", {})  # twice is once
    first, second = PayPlan.objects.order_by("pk")
    assert (first.award_fen, second.award_fen, second.corrects) == (old.award_fen, 0, first)
    assert [share["performance"] for share in second.shares] == [0]
    assert second.shares[0]["base"] == first.shares[0]["base"]


@pytest.mark.req("P17")
def test_another_town_sees_nothing_of_it(place: County) -> None:
    campaign = run_through(place)
    other = place.browser(f"{TOWNS[1]}书记")
    child, table, row = place.child("01村").pk, OwnTasks.objects.first(), ScheduleRow.objects.first()
    assert table is not None
    assert row is not None
    urls = [
        f"/appraisal/{campaign.pk}/{end}" for end in ("", "poll/", "preview/", "tasks/", "tasks/import/", f"tasks/{table.unit_id}/")
    ] + [f"/appraisal/units/{child}/{end}" for end in ("", "mark/", "veto/", "pay/")] + [f"/appraisal/rows/{row.pk}/"]  # fmt: skip
    assert {other.get(url).status_code for url in urls} == {404}
    for url in (f"/appraisal/tasks/{table.pk}/agree/", f"/appraisal/{campaign.pk}/settled/", f"/appraisal/units/{child}/pay/publish/"):
        assert other.post(url).status_code == 404, url
    mine = place.browser("01村书记")
    assert "04村" not in page(mine, f"/appraisal/{campaign.pk}/tasks/")
    page(mine, f"/appraisal/units/{place.child('04村').pk}/", status=404)


@pytest.mark.req("X06", "P17")
def test_each_table_of_a_campaign_is_given_as_its_page_shows_it(place: County) -> None:
    campaign = begun(place)
    boss, url = place.browser(f"{TOWN}书记"), f"/appraisal/{campaign.pk}/"
    assert all(len(row) == 3 for row in rows_of(boss, f"{url}?as=xlsx"))  # nothing is computed yet
    campaign = run_finished(place, campaign)
    assert [row[:3] for row in rows_of(boss, "/appraisal/?as=xlsx")] == [(campaign.case.title, TOWN, 2026)]
    shown = page(boss, url)
    units = rows_of(boss, f"{url}?as=xlsx")
    assert [row[0] for row in units] == sorted(VILLAGES, key=shown.index)
    assert all(str(row[7]) in shown for row in units)
    own = f"{url}tasks/{place.town.units['01村'].pk}/"
    assert rows_of(boss, f"{own}?as=xlsx") == [("修水渠", "2", "公里", "1.0", "20", "", "2"), ("种油茶", "50", "亩", "1.1", "20", "", "50")]
    assert "?as=xlsx" in page(boss, own)
    new = tried(place)
    trial = f"{url}preview/?edition={new.pk}"
    moved, said = rows_of(boss, f"{trial}&as=xlsx"), page(boss, trial)
    assert f"{len(moved)} 个单位会变动" in said
    assert all(text in said for unit, why in moved for text in (str(unit), *str(why).split("\n")))
    for address in (f"{url}?as=xlsx", f"{own}?as=xlsx", f"{trial}&as=xlsx"):
        page(place.browser(f"{TOWNS[1]}书记"), address, status=404)


@pytest.mark.req("P17")
def test_a_new_regulation_is_tried_on_these_records(place: County) -> None:
    campaign = run_through(place)
    new = tried(place)
    before = Result.objects.get(unit=place.case.unit)
    said = page(place.browser(f"{TOWN}书记"), f"/appraisal/{campaign.pk}/preview/?edition={new.pk}")
    assert "个单位会变动" in said
    assert "等次由" in said
    assert Result.objects.get() == before
    assert regulation_of(new).code == "county.village.appraisal"
    assert CampaignPoll.objects.count() == 1


def tried(place: County) -> Edition:
    """An edition that weighs the poll more."""
    text = place.case.edition.text.replace(
        "权重: {实绩核验: 70%, 民意测评: 20%, 述职: 10%}", "权重: {实绩核验: 20%, 民意测评: 70%, 述职: 10%}"
    )
    text = text.replace("施行: 2024-01-01", "施行: 2024-02-01", 1).replace("名额: {优秀: 30%", "名额: {优秀: 100%")
    return Edition.objects.create(
        code="county.village.appraisal", name="新办法", since=DAY, text=text, digest=sha256(text.encode()).hexdigest(),
        owner=place.town.units["扶绥县"],
    )  # fmt: skip


@pytest.mark.req("P17")
def test_only_a_poll_that_stands_still_and_gives_one_grade_counts_in_a_campaign(place: County) -> None:
    campaign, boss = begun(place), place.town.people[f"{TOWN}书记"]
    unit = place.town.units[VILLAGES[0]]
    poll = Poll.objects.create(unit=place.town.units[TOWN], kind="poll", title="分项测评", least="10", made_by=boss, made_on=DAY)
    for n, aspect in enumerate("德能"):
        Item.objects.create(
            poll=poll, position=n, kind="grade", text=unit.name, aspect=aspect, subject_type=Unit._meta.label, subject_id=str(unit.pk)
        )
    client, form = place.browser(f"{TOWN}书记"), {"poll": str(poll.pk)}
    assert "这次测评还没有开始" in client.post(f"/appraisal/{campaign.pk}/poll/", form).content.decode()
    Poll.objects.update(opened_on=DAY)
    assert "分德、能评，细则按一个等次计" in client.post(f"/appraisal/{campaign.pk}/poll/", form).content.decode()
    assert not CampaignPoll.objects.exists()


@pytest.mark.req("P17")
def test_two_years_last_is_a_flag_with_its_reason(place: County) -> None:
    campaign = begun(place)
    boss = place.browser(f"{TOWN}书记")
    head = ("单位", "名次", "等次", "得分")
    text = boss.post(
        f"/appraisal/{campaign.pk}/past/", {"year": "2025", "file": workbook(head, ("99村", "1", "优秀", "90"))}
    ).content.decode()
    assert "“99村”不是本单位下辖的单位" in text
    lines = (("01村", "1", "优秀", "95"), ("04村", "2", "称职", "85"), ("07村", "3", "不称职", "50"))
    sent(boss, f"/appraisal/{campaign.pk}/past/", {"year": "2025", "file": workbook(head, *lines)})  # type: ignore[dict-item]
    agreed(place, campaign)
    announced(place, campaign)
    sealed_poll(place, campaign, VOTES)
    verified(place, DONE, MARKS)
    polled(place)
    kept = Result.objects.get(unit=place.case.unit).places.get(name="07村").derivation
    assert [flag["kind"] for flag in kept["flags"]] == ["two_years_last"]
    assert "2025 年和本年都列新宁镇3 个单位末位" in kept["flags"][0]["reason"]
    decided(place)
    moved = Verdict.objects.get(unit__name="01村", year=2026)
    assert moved.moved == "降"
    assert "2025年优秀" in moved.moved_why
