"""基于: a township's text stands on the county's and may change only what that allows; cases run both as one."""

from datetime import date

import pytest

from jizhi.access.actor import SYSTEM, Actor, actor_of
from jizhi.office.actions.refused import Refused
from jizhi.office.actions.regulations import adopt, load_library, submit_edition
from jizhi.org.models import Level
from jizhi.org.tests.town import Town
from jizhi.regulation.reading import regulation_of

TODAY = date(2026, 3, 10)
pytestmark = [pytest.mark.django_db, pytest.mark.req("P17")]
OVERLAY = """
制度: 渠黎镇村级考评办法
代号: quli.village.appraisal
基于: county.village.appraisal@2024
施行: 2024-02-01
适用: {单位类型: 乡镇}
附表:
  个性任务:
    每: {单位类型: 村}
    行数: 2-4
    列: {名称: 短文, 目标值: 数, 单位: 短文, 难度: {数: {从: 0.8, 到: 1.2}}, 分值: 数}
    合计: {分值: 40}
    冻结: 发布公告
"""


@pytest.fixture
def town() -> Town:
    town = Town()
    town.unit("扶绥县", Level.COUNTY, code="451421")
    town.unit("渠黎镇", Level.TOWN, "扶绥县", code="451421101")
    town.person("镇书记", "渠黎镇", "乡镇党委书记", head=True)
    load_library(by=SYSTEM, today=TODAY)
    return town


def secretary(town: Town) -> Actor:
    return actor_of(town.people["镇书记"], today=TODAY)


def test_an_overlay_runs_with_its_base_as_one(town: Town) -> None:
    edition = submit_edition(town.units["渠黎镇"], OVERLAY, by=secretary(town), today=TODAY)
    adopt(town.units["渠黎镇"], edition, since=TODAY, by=secretary(town), today=TODAY)
    assert edition.base is not None
    whole, base = regulation_of(edition), regulation_of(edition.base)
    assert (whole.name, set(whole.procedures)) == ("渠黎镇村级考评办法", set(base.procedures))
    assert whole.schedules["个性任务"] != base.schedules["个性任务"]
    assert regulation_of(edition.base).schedules["个性任务"] == base.schedules["个性任务"]


def test_it_changes_only_what_the_base_allows_and_says_which(town: Town) -> None:
    with pytest.raises(Refused, match=r"“机构[.]考核组”不能改"):
        submit_edition(town.units["渠黎镇"], OVERLAY + "机构:\n  考核组: {代号: group, 组长: {人数: 1}}\n", by=secretary(town), today=TODAY)
    with pytest.raises(Refused, match=r"没有找到上位制度“county[.]village[.]appraisal@2019”"):
        submit_edition(town.units["渠黎镇"], OVERLAY.replace("@2024", "@2019"), by=secretary(town), today=TODAY)
