"""Everyone who could be meant, as the rulebook sees them: enough to tell that nobody is left (人手不足)."""

from datetime import date

import pytest

from jizhi.kernel.workdays import china
from jizhi.org.models import Person
from jizhi.org.queries import rulebook_actors
from jizhi.org.tests.town import Town, wanzhou
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.reading import read

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db

TALKS = """
制度: 谈话办法
代号: school.talks
施行: 2024-10-01
适用: {单位类型: 学校}
程序:
  谈话:
    代号: talk
    对象: 处室
    当事人: {处室: 对象.处室, 发现人: 对象.发现人}
    发起: {由: {机构: 督导组}}
    步骤:
      - 自查:
          代号: check
          由: {当事人: 处室, 除: [发现人]}
          结论: {属实: 结束}
    终点: {结束: 谈完}
    人手不足: {由: {职务: 校长}}
"""


@pytest.fixture
def town() -> Town:
    return wanzhou()


def talks() -> Regulation:
    found, problems = read(TALKS, "talks.yaml")
    assert found is not None, [str(problem) for problem in problems]
    return found


def refusal(town: Town, name: str, *, finder: Person) -> judgement.Refusal | None:
    regulation = talks()
    school, department = town.units["太安小学"], town.units["教务处"]
    everyone = {actor.name: actor for actor in rulebook_actors(department, on=TODAY)}
    parties = {
        "处室": judgement.Party(name=department.name, unit=str(department.pk)),
        "发现人": judgement.Party(name=finder.name, person=str(finder.pk)),
    }
    facts = judgement.Facts(str(school.pk), (), "500101", TODAY, everyone["督学甲"].id, parties)
    launch = judgement.Act(1, judgement.LAUNCH, judgement.LAUNCH, everyone["督学甲"].id, "督学甲", TODAY)
    return judgement.refusal(
        regulation.procedures["谈话"],
        regulation,
        facts,
        [launch],
        "自查",
        "属实",
        {},
        by=everyone[name],
        today=TODAY,
        calendar=china(),
        roster=list(everyone.values()),
    )


def test_the_head_of_a_department_answers_for_it(town: Town) -> None:
    assert refusal(town, "教务主任", finder=town.people["督学甲"]) is None
    assert refusal(town, "曾校长", finder=town.people["督学甲"]) is not None


@pytest.mark.req("S07")
def test_where_the_head_is_excluded_himself_the_stand_in_may(town: Town) -> None:
    head = town.people["教务主任"]
    assert refusal(town, "教务主任", finder=head) is not None
    assert refusal(town, "曾校长", finder=head) is None
