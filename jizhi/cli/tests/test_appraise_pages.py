"""``jizhi appraise`` and the pages say the same of the same records."""

import json
from pathlib import Path

import pytest
import xlsxwriter

from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.queries.records import records_of, seed_of
from jizhi.appraisal.tests.fusui import DAY, County
from jizhi.appraisal.tests.test_village import place as place
from jizhi.appraisal.tests.test_village import run_through
from jizhi.cli.main import main
from jizhi.procedure.models import Act

pytestmark = pytest.mark.django_db


@pytest.mark.req("P17")
def test_the_command_says_the_same_of_the_same_records(place: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_through(place)
    standard = standard_for(place.case)
    records = records_of(place.case, standard).campaign
    file = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:

        def put(name: str, *lines: tuple[object, ...]) -> None:
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)

        put("单位", ("单位", "乡镇"), *((one.name, one.town) for one in records.units))
        score_rows = [(s.subject, s.rater, row.indicator, str(row.entry)) for s in records.sheets for row in s.rows]
        score_rows += [(one.unit, one.rater, one.item, str(one.value)) for one in records.extras]
        put("得分", ("单位", "评分人", "指标", "得分"), *score_rows)
        put("个性任务", ("单位", "任务", "目标值", "完成值", "难度", "分值", "计量单位"),
            *((t.unit, t.name, t.target, t.done, t.difficulty, t.points, t.measure) for t in records.tasks))  # fmt: skip
        choices = ("优秀", "称职", "基本称职", "不称职")
        put("测评", ("单位", "发出", "收回", "有效", *choices),
            *((b.unit, b.given, b.returned, b.valid, *(b.choices[c] for c in choices)) for b in records.ballots))  # fmt: skip
    rules = tmp_path / "village.yaml"
    rules.write_text(place.case.edition.text, encoding="utf-8")
    args = ["appraise", str(rules), str(file), "--json", "--on", DAY.isoformat(), "--seed", seed_of(place.case, standard)]
    assert main(args) == 0
    said = {row["subject"]: row for row in json.loads(capsys.readouterr().out)["results"]}
    computed = Act.objects.get(case=place.case, step="考评汇总").facts["子件"]
    for row in computed.values():
        mine = said[row["单位"]]
        assert (mine["score"], mine["rank"], mine["grade"], str(mine["stars"] or 0)) == (row["得分"], row["名次"], row["等次"], row["星级"])
