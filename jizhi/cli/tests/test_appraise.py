"""``jizhi appraise`` on whole campaigns: stars, one village one standard, pay; and every way to get the workbook wrong."""

import argparse
import io
import json
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jizhi.cli import appraise

LIBRARY = Path(__file__).parents[2] / "library"
STARS, VILLAGE = LIBRARY / "stars.yaml", LIBRARY / "village.yaml"
THEMES = ("发展富民星", "组织建设星", "文明和谐星", "民主法制星", "生态环境星")
BLOCKS = ("党建引领", "集体经济与增收", "公共服务与民生", "平安与矛盾化解", "人居环境与耕地", "财务与公开")
Rows = Sequence[Sequence[object]]


def workbook(path: Path, **sheets: Rows) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    appraise.add(parser.add_subparsers())
    args = parser.parse_args(["appraise", *map(str, arguments)])
    code = args.run(args)
    return code, capsys.readouterr().out


def appraised(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    code, out = run(capsys, *arguments, "--json")
    found: dict[str, Any] = json.loads(out)
    assert (code, found["problems"]) == (0, [])
    return found


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[tuple[str | None, int | None, str | None, str]]:
    code, out = run(capsys, *arguments, "--json")
    found = json.loads(out)
    assert (code, found["results"]) == (1, [])  # nothing half-done
    return [(one["sheet"], one["row"], one["column"], one["text"]) for one in found["problems"]]


def themes(count: int) -> list[int]:
    """Marks with so many stars."""
    return [*([17] * count), *([10] * (5 - count))]


def county(path: Path, *, seed: int = 0, **more: Rows) -> Path:
    """Three villages with five stars by their marks, three with four, eleven with three, three with two."""
    counts = [5] * 3 + [4] * 3 + [3] * 11 + [2] * 3
    villages = [(f"村{n:02d}", count) for n, count in enumerate(counts, 1)]
    random.Random(seed).shuffle(villages)
    return workbook(
        path,
        单位=[("单位", "乡镇"), *((name, "山圩镇") for name, _ in villages)],
        得分=[("单位", *THEMES), *((name, *themes(count)) for name, count in villages)],
        **more,
    )


def by_name(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["subject"]: one for one in found["results"]}


def kinds(row: Mapping[str, Any]) -> list[str]:
    return [flag["kind"] for flag in row["flags"]]


@pytest.mark.req("P16")
def test_three_five_three_four_and_eleven_three_star_villages_give_seventeen_awards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = appraised(capsys, STARS, county(tmp_path / "a.xlsx"))
    assert found["summary"] == {
        "units": 20, "grades": {}, "stars": {"5": 3, "4": 3, "3": 11, "2": 3}, "awarded": 17, "award_total": 130_000,
    }  # fmt: skip
    assert sum(one["award"] for one in found["results"]) == 130_000
    assert [one["rank"] for one in found["results"]] == list(range(1, 21))
    assert appraised(capsys, STARS, county(tmp_path / "b.xlsx", seed=1)) == found  # whatever the order of rows


@pytest.mark.req("P16")
def test_whoever_is_beyond_the_quota_drops_a_star_and_reads_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    villages = [("甲村", 20), ("乙村", 19), ("丙村", 18), ("丁村", 17.6), ("戊村", 17.4)]
    data = workbook(
        tmp_path / "a.xlsx",
        单位=[("单位",), *((name,) for name, _ in villages)],
        得分=[("单位", *THEMES), *((name, *[mark] * 5) for name, mark in villages)],
    )
    rows = by_name(appraised(capsys, STARS, data))
    assert [rows[name]["stars"] for name, _ in villages] == [5, 5, 5, 4, 4]
    assert kinds(rows["丁村"]) == ["quota_cut"]
    assert rows["丁村"]["stars_reason"] == "5 星名额 3 个已满，在其中列第 4，排在最后入围的丙村之后：总分低 2 分；降为 4 星"
    assert rows["戊村"]["award"] == 10_000


@pytest.mark.req("P16")
def test_equal_villages_are_cut_by_the_declared_chain_and_at_last_by_a_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["甲村", "乙村", "丙村", "丁村", "戊村"]
    past = [("单位", "年度", "名次", "星级"), *((name, 2023, at, 4) for at, name in enumerate(names, 1))]
    same = [("单位", *THEMES), *((name, *[20] * 5) for name in names)]
    units = [("单位",), *((name,) for name in names)]
    rows = by_name(appraised(capsys, STARS, workbook(tmp_path / "a.xlsx", 单位=units, 得分=same, 往年=past)))
    assert [rows[name]["stars"] for name in names] == [5, 5, 5, 4, 4]
    assert "往年名次第 3 先于第 4" in rows["丁村"]["stars_reason"]
    assert (rows["甲村"]["moved"], rows["丁村"]["moved"]) == ("升", "平")
    drawn = appraised(capsys, STARS, workbook(tmp_path / "b.xlsx", 单位=units, 得分=same), "--seed", "2024")
    assert sorted(one["stars"] for one in drawn["results"]) == [4, 4, 5, 5, 5]
    assert all("抽签，种子 2024，可复算" in one["decided_by"] for one in drawn["results"][1:])


@pytest.mark.req("P16")
def test_a_veto_is_off_until_its_document_is_named_and_then_proposes_a_ceiling(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = ("单位", "事项", "依据文件", "认定机关", "认定日期", "申辩记录")
    vetoes = [
        head,
        ("村01", "党风廉政问题", "扶纪〔2024〕8号", "县纪委", "2024-11-02", "村里说明已退款，未采纳"),
        ("村02", "党风廉政问题", "", "县纪委", "2024-11-02", "无异议"),
    ]
    rows = by_name(appraised(capsys, STARS, county(tmp_path / "a.xlsx", 否决=vetoes)))
    assert (rows["村01"]["stars"], rows["村01"]["award"], kinds(rows["村01"])) == (2, 0, ["veto"])
    assert rows["村01"]["stars_reason"] == "否决事项“党风廉政问题”（县纪委扶纪〔2024〕8号认定）：建议最高 2 星（不计此项为 5 星）"
    assert "申辩：村里说明已退款" in rows["村01"]["flags"][0]["reason"]
    assert "由有权机关决定" in rows["村01"]["flags"][0]["reason"]
    assert (rows["村02"]["stars"], kinds(rows["村02"])[0]) == (5, "veto_off")
    assert rows["村02"]["flags"][0]["reason"] == "党风廉政问题：没有写明文号，不启用，不影响本结果"


@pytest.mark.req("P16")
def test_a_veto_may_take_stars_off_instead_of_setting_a_ceiling(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = STARS.read_text(encoding="utf-8")
    fewer = tmp_path / "fewer.yaml"
    fewer.write_text(text.replace("{最高: 2}", "{降星: 1}"), encoding="utf-8")
    vetoes = [("单位", "事项", "依据文件", "认定机关", "申辩记录"), ("村01", "党风廉政问题", "扶纪〔2024〕8号", "县纪委", "无异议")]
    rows = by_name(appraised(capsys, fewer, county(tmp_path / "a.xlsx", 否决=vetoes)))
    assert (rows["村01"]["stars"], kinds(rows["村01"])[0]) == (4, "veto")
    assert rows["村01"]["stars_reason"] == "否决事项“党风廉政问题”（县纪委扶纪〔2024〕8号认定）：建议降 1 星（不计此项为 5 星）"
    fewer.write_text(text.replace("{最高: 2}", "{最高: 2, 降星: 1}"), encoding="utf-8")
    assert "它和“最高”只写一个" in refused(capsys, fewer, county(tmp_path / "a.xlsx"))[0][3]


TASK_HEAD = ("单位", "任务", "目标值", "计量单位", "难度", "分值", "完成值")
BALLOT_HEAD = ("单位", "发出", "收回", "有效", "优秀", "称职", "基本称职", "不称职")
FULL = dict(zip(BLOCKS, (15, 12, 12, 9, 8, 4), strict=True))


def township(path: Path, *, done: Mapping[str, float] | None = None, **more: Rows) -> Path:
    """Four villages of one town with full common marks; what differs is the tasks done."""
    done = {"甲村": 10, "乙村": 8, "丙村": 5, "丁村": 0} | dict(done or {})
    sheets: dict[str, Rows] = {
        "单位": [("单位", "乡镇"), *((name, "夏石镇") for name in done)],
        "得分": [("单位", *BLOCKS, "述职", "受市级以上表彰"), *((name, *FULL.values(), 90, 3 if name == "甲村" else "") for name in done)],
        "个性任务": [
            TASK_HEAD,
            *((name, "修屯级路", 10, "公里", 1, 20, value) for name, value in done.items()),
            *((name, "种柑橘", 100, "亩", 0.8, 20, 120) for name in done),
        ],
        "测评": [BALLOT_HEAD, *((name, 60, 58, 57, 30, 20, 5, 2) for name in done)],
    }
    return workbook(path, **(sheets | more))


@pytest.mark.req("P17")
def test_the_parts_of_a_village_add_up_and_its_own_tasks_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = by_name(appraised(capsys, VILLAGE, township(tmp_path / "a.xlsx")))
    first = rows["甲村"]
    assert [(part["name"], part["share"], part["score"]) for part in first["parts"]] == [
        ("实绩核验", "70%", "96.00"), ("民意测评", "20%", "85.96"), ("述职", "10%", "90.00"),
    ]  # fmt: skip
    assert "优秀率 52.63%" in first["parts"][1]["how"]
    # 96 × 70% + 85.9649… × 20% + 90 × 10% + 3
    assert (first["score"], first["normalised"], first["grade"], first["adjustment"]) == ("96.39", "99.19", "优秀", "3")
    assert first["tasks"][1]["how"] == "完成 120／目标 100亩，完成率 100%，超额不加分；20 分 × 100% × 难度 0.8 = 16 分"
    assert [block["rate"] for block in first["blocks"]] == ["100%"] * 7
    assert [one["rank"] for one in rows.values()] == [1, 2, 3, 4]
    # 30% of four is one: the second is within the band of nobody else
    assert (first["stars"], first["award"]) == (4, 12_000)


@pytest.mark.req("P17")
def test_comparison_goes_by_the_share_achieved_and_shows_both_ranks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [
        TASK_HEAD,
        *(("甲村", name, 10, "件", 0.8, 20, 10) for name in ("修路", "栽树")),
        *(("乙村", name, 10, "件", 1.2, 20, 9) for name in ("修路", "栽树")),
    ]
    data = township(
        tmp_path / "a.xlsx",
        单位=[("单位", "乡镇"), ("甲村", "夏石镇"), ("乙村", "夏石镇")],
        得分=[("单位", *BLOCKS, "述职"), ("甲村", *FULL.values(), 90), ("乙村", *FULL.values(), 90)],
        个性任务=tasks,
        测评=[BALLOT_HEAD, *((name, 60, 58, 57, 30, 20, 5, 2) for name in ("甲村", "乙村"))],
    )
    rows = by_name(appraised(capsys, VILLAGE, data))
    # easy tasks all done: 32 points of 40; hard ones at 90%: 43.2, capped at 40
    own = [rows[name]["blocks"][-1] for name in ("甲村", "乙村")]
    assert [(block["score"], block["rate"]) for block in own] == [("32", "100%"), ("40", "90%")]
    assert [(rows[name]["rank"], rows[name]["raw_rank"]) for name in ("甲村", "乙村")] == [(1, 2), (2, 1)]


@pytest.mark.req("P17")
def test_two_years_last_needs_the_same_town_and_peers_else_people_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = ("单位", "年度", "乡镇", "名次", "等次")
    last_year = [head, *((name, 2023, "夏石镇", at, "称职") for at, name in enumerate(("乙村", "甲村", "丙村", "丁村"), 1))]
    sure = by_name(appraised(capsys, VILLAGE, township(tmp_path / "a.xlsx", 往年=last_year)))["丁村"]
    assert kinds(sure) == ["two_years_last"]
    assert "有权机关决定" in sure["flags"][0]["reason"]
    changed = [*last_year, ("戊村", 2023, "夏石镇", 3, "称职")]
    unsure = by_name(appraised(capsys, VILLAGE, township(tmp_path / "b.xlsx", 往年=changed)))["丁村"]
    assert kinds(unsure) == ["two_years_last_unsure"]
    assert "本年少了戊村" in unsure["flags"][0]["reason"]
    moved = [head, *((name, 2023, "凭祥镇", at, "称职") for at, name in enumerate(("乙村", "甲村", "丙村", "丁村"), 1))]
    elsewhere = by_name(appraised(capsys, VILLAGE, township(tmp_path / "c.xlsx", 往年=moved)))["丁村"]
    assert "上年在凭祥镇，本年在夏石镇" in elsewhere["flags"][0]["reason"]
    better = [head, *((name, 2023, "夏石镇", at, "称职") for at, name in enumerate(("丁村", "甲村", "丙村", "乙村"), 1))]
    assert kinds(by_name(appraised(capsys, VILLAGE, township(tmp_path / "d.xlsx", 往年=better)))["丁村"]) == []


@pytest.mark.req("P17")
def test_the_quota_of_a_grade_is_cut_within_the_town_without_ties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    votes = [BALLOT_HEAD, *((name, 60, 60, 60, 60, 0, 0, 0) for name in ("甲村", "乙村", "丙村", "丁村"))]
    rows = by_name(appraised(capsys, VILLAGE, township(tmp_path / "a.xlsx", done=dict.fromkeys(("甲村", "乙村", "丙村"), 10), 测评=votes)))
    assert [row["grade"] for row in rows.values()].count("优秀") == 1
    cut = rows["乙村"]
    assert (cut["grade"], kinds(cut)[0], cut["stars"], cut["award"]) == ("称职", "quota_cut", 0, 3_000)
    assert cut["grade_reason"].startswith("夏石镇的“优秀”名额 1 个（4 个参评单位的 30%，不足 1 个的不计）已满，在其中列第 2")
    assert cut["stars_reason"] == "等次为称职，只在优秀中评星"


@pytest.mark.req("P17")
def test_a_veto_of_a_village_proposes_the_lowest_grade_and_takes_no_seat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vetoes = [("单位", "事项", "依据文件", "认定机关", "申辩记录"), ("甲村", "一票否决事项", "凭办〔2024〕3号", "市委组织部", "没有申辩")]
    votes = [BALLOT_HEAD, *((name, 60, 60, 60, 60, 0, 0, 0) for name in ("甲村", "乙村", "丙村", "丁村"))]
    rows = by_name(appraised(capsys, VILLAGE, township(tmp_path / "a.xlsx", done={"乙村": 10}, 否决=vetoes, 测评=votes)))
    assert (rows["甲村"]["grade"], rows["甲村"]["stars"], rows["甲村"]["award"]) == ("不称职", 0, 0)
    assert "按得分为优秀" in rows["甲村"]["grade_reason"]
    assert rows["乙村"]["grade"] == "优秀"


@pytest.mark.req("P17")
def test_an_overlay_of_the_township_weighs_anew_within_what_the_county_allows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = tmp_path / "town.yaml"
    text = (Path(__file__).parents[2] / "rulebook/tests/trials/p17_own_tasks.yaml").read_text(encoding="utf-8")
    overlay.write_text(text.replace("{共性: 60, 个性: 40}", "{共性: 50, 个性: 50}"), encoding="utf-8")
    data = township(tmp_path / "a.xlsx")
    rows = by_name(appraised(capsys, overlay, data))
    assert rows["丁村"]["parts"][0]["score"] == "70.00"  # 50 of common, 20 = 16/40 × 50
    overlay.write_text(text + "  细目:\n    每: {单位类型: 村}\n    列: {名称: 短文}\n", encoding="utf-8")
    assert refused(capsys, overlay, data)[0][3].startswith("“附表.细目”不能改：上位制度没有这一项")


CADRE_HEAD = ("单位", "姓名", "职务", "考核", "工龄", "月数")


@pytest.mark.req("P25")
def test_the_performance_shares_sum_to_the_award_and_each_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def plan(review: str) -> list[dict[str, Any]]:
        cadres = [
            CADRE_HEAD,
            ("甲村", "韦一", "村党组织书记", review, 12, ""),
            ("甲村", "农二", "副职", "称职", 3, 12),
            ("甲村", "黄三", "委员", "称职", 0, 6),
        ]
        row = by_name(appraised(capsys, VILLAGE, township(tmp_path / f"{review}.xlsx", 干部=cadres)))["甲村"]
        assert sum(Decimal(one["performance"]) for one in row["pay"]) == row["award"] == 12_000
        pay: list[dict[str, Any]] = row["pay"]
        return pay

    good, fair = plan("优秀"), plan("基本称职")
    assert [one["name"] for one in good] == ["韦一", "农二", "黄三"]
    assert (good[0]["base"], good[0]["seniority"]) == ("21600.00", "1440.00")
    assert good[0]["performance"] == "5538.46"  # 12,000 × 1.8 ÷ 3.9
    assert Decimal(fair[0]["performance"]) < Decimal(good[0]["performance"])
    assert good[0]["total"] == "28578.46"
    assert good[2]["base"] == "7200.00"
    assert "职务系数 1.5 × 考核“优秀”系数 1.2 = 1.8，占全村 3.9 的份额，得 5,538.46 元" in good[0]["how"]


@pytest.mark.req("P25")
def test_a_village_without_stars_pays_by_its_grade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cadres = [CADRE_HEAD, ("丁村", "陆四", "村党组织书记", "称职", 1, 12)]
    row = by_name(appraised(capsys, VILLAGE, township(tmp_path / "a.xlsx", 干部=cadres)))["丁村"]
    assert row["award"] == {"称职": 3_000, "基本称职": 0}[row["grade"]]
    assert Decimal(row["pay"][0]["performance"]) == row["award"]


@pytest.mark.req("P17")
def test_every_problem_comes_at_once_with_sheet_row_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = township(
        tmp_path / "a.xlsx",
        个性任务=[
            TASK_HEAD,
            *((name, f"任务{n}", 10, "件", 1, 20, 10) for name in ("甲村", "乙村", "丙村") for n in (1, 2)),
            ("丁村", "任务1", 0, "件", 1.3, 20, ""), ("丁村", "任务2", 10, "件", 1, 20, 1),
        ],
        测评=[BALLOT_HEAD, ("甲村", 60, 61, 57, 30, 20, 5, 2), ("乙村", 60, 58, 57, 30, 20, 5, 1), ("丙村", 60, 30, 30, 30, 0, 0, 0),
              ("丁村", 9, 9, 9, 9, 0, 0, 0), ("戊村", 60, 58, 57, 30, 20, 5, 2)],
        否决=[("单位", "事项", "依据文件"), ("甲村", "迟到", "某文")],
        干部=[CADRE_HEAD, ("甲村", "韦一", "会计", "很好", "多年", 13)],
    )  # fmt: skip
    found = refused(capsys, VILLAGE, data)
    places = {(sheet, row, column) for sheet, row, column, _ in found}
    assert {
        ("个性任务", 8, "目标值"), ("个性任务", 8, "难度"), ("个性任务", 8, "完成值"), ("测评", 2, "有效"), ("测评", 3, "有效"),
        ("测评", 4, "有效"), ("测评", 5, "有效"), ("测评", 6, "单位"), ("否决", 2, "事项"), ("干部", 2, "职务"), ("干部", 2, "考核"),
        ("干部", 2, "工龄"), ("干部", 2, "月数"),
    } == places  # fmt: skip
    texts = [text for _, _, _, text in found]
    assert "“甲村”收回 61 张多于发出 60 张" in texts
    assert "“乙村”优秀、称职、基本称职、不称职合计 56 张，与有效 57 张不符" in texts
    assert "“丁村”有效票共 9 张，少于 10 张，不出测评结果，请补测" in texts
    code, out = run(capsys, VILLAGE, data)
    assert code == 1
    assert f"共 {len(found)} 个问题，没有测算" in out


def test_sheets_that_lack_columns_or_are_missing_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = refused(capsys, STARS, workbook(tmp_path / "a.xlsx", 单位=[("村名",), ("甲村",)]))
    assert ("单位", 1, "第 1 列") in {one[:3] for one in found}
    assert ("得分", None, None) in {one[:3] for one in found}
    assert "要用 XLSX 工作簿" in refused(capsys, STARS, STARS)[0][3]
    assert run(capsys, STARS, tmp_path / "none.xlsx")[0] == 2
    assert run(capsys, tmp_path / "none.yaml", tmp_path / "a.xlsx")[0] == 2


def test_marks_may_be_rows_with_raters_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("单位", "评分人", "指标", "得分"),
        *(("甲村", rater, theme, mark) for rater, mark in (("一", 18), ("二", 20)) for theme in THEMES),
    ]
    found = appraised(capsys, STARS, workbook(tmp_path / "a.xlsx", 单位=[("单位",), ("甲村",)], 得分=rows))
    assert (found["results"][0]["score"], found["results"][0]["stars"]) == ("95.00", 5)


@pytest.mark.req("P17")
def test_a_new_regulation_is_tried_on_the_records_before_anyone_adopts_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(STARS.read_text(encoding="utf-8").replace("名额: {5: 3, 4: 3}", "名额: {5: 2, 4: 3}"), encoding="utf-8")
    data = county(tmp_path / "a.xlsx")
    code, out = run(capsys, STARS, data, "--preview", new, "--json")
    made = json.loads(out)
    assert (code, made["stays"]) == (0, 18)
    assert sorted((one["old"]["stars"], one["new"]["stars"]) for one in made["moves"]) == [(4, 3), (5, 4)]
    assert any("5 星名额 2 个已满" in reason for one in made["moves"] for reason in one["reasons"])
    assert "会变动" in run(capsys, STARS, data, "--preview", new)[1]


def test_the_text_can_be_read_and_says_that_people_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, VILLAGE, township(tmp_path / "a.xlsx"))
    assert code == 0
    assert "第 1 名（夏石镇第 1）  甲村  96.39 分  优秀  4 星  奖励 12,000.00 元" in out
    assert "由有权机关决定" in out
    assert io.StringIO(out).readline().startswith("《村级目标考评办法》细则“村级”，4 个单位")
