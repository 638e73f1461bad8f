"""What a body must be, what it should be in principle, and what one appointment would break."""

import pytest

from jizhi.rulebook.composition import Breach, Member, appointment_breaches, breaches, rules_of
from jizhi.rulebook.language import Body
from jizhi.rulebook.reading import read

CHARTER = """
制度: 学校督导工作章程
代号: school.charter
施行: 2024-10-01
适用: {单位类型: 学校}
机构:
  督导组:
    代号: team
    组长: {人数: 1, 原则上: {职务: 副校长}, 依据: 第四条}
    副组长: {人数: 1-2, 须: {职务: [骨干班主任, 骨干教师]}, 待遇: 学校中层干部, 依据: 第五条}
    督学: {人数: 3-5, 专兼: [专职, 兼职], 依据: 第六条}
    不得兼任: [总务主任]
    现有编制: 是
    依据: 第二条
"""


@pytest.fixture
def team() -> Body:
    found, problems = read(CHARTER, "charter.yaml")
    assert found is not None, [str(problem) for problem in problems]
    return found.bodies["督导组"]


def person(name: str, seat: str, *posts: str, employment: str = "") -> Member:
    return Member(name, name, seat, posts, employment)


WHOLE = [
    person("赵", "组长", "副校长"),
    person("钱", "副组长", "骨干教师", "教师"),
    *(person(name, "督学", "教师", employment="兼职") for name in ("孙", "李", "周")),
]


def test_a_body_as_the_regulation_wants_it_breaks_nothing(team):
    assert breaches(team, WHOLE) == []


def test_a_leader_who_is_no_vice_principal_asks_for_a_reason(team):
    (breach,) = breaches(team, [person("赵", "组长", "教导主任"), *WHOLE[1:]])
    assert (breach.hard, breach.seat, breach.person) == (False, "组长", "赵")
    assert breach.rule == "组长原则上由副校长兼任（第四条）"
    assert breach.text == "组长原则上由副校长兼任（第四条），赵现任教导主任"


def test_a_deputy_who_may_not_be_one_is_refused_with_the_rule(team):
    (breach,) = appointment_breaches(team, WHOLE, person("吴", "副组长", "教师"))
    assert (breach.hard, breach.rule) == (True, "副组长须由骨干班主任或骨干教师担任（第五条）")


def test_one_too_many_is_refused(team):
    full = [*WHOLE, person("吴", "副组长", "骨干班主任")]
    (breach,) = appointment_breaches(team, full, person("郑", "副组长", "骨干教师"))
    assert (breach.hard, breach.rule) == (True, "副组长1至2名（第五条）")
    assert breach.text.endswith("共 3 名，多 1 名")
    (more,) = appointment_breaches(team, [*full, person("郑", "副组长", "骨干教师")], person("王", "副组长", "骨干教师"))
    assert more.over == 2  # already too many is no licence for one more


def test_seats_still_empty_stop_no_appointment(team):
    assert appointment_breaches(team, [], WHOLE[0]) == []
    empty = breaches(team, WHOLE[:1])
    assert [(breach.hard, breach.short, breach.seat) for breach in empty] == [(True, True, "副组长"), (True, True, "督学")]
    assert empty[1].text == "督学3至5名（第六条），现有 0 名，还缺 3 名"
    after = breaches(team, [WHOLE[0], WHOLE[2]])
    assert [breach for breach in after if breach not in set(empty)] == []  # told with other numbers, it is the same breach


def test_what_was_wrong_before_is_not_the_new_members_doing(team):
    waived = [person("赵", "组长", "教导主任"), *WHOLE[1:]]
    assert appointment_breaches(team, waived, person("吴", "督学", "教师", employment="专职")) == []


def test_posts_that_do_not_go_together_employment_and_double_seats(team):
    rules = {breach.rule for breach in appointment_breaches(team, WHOLE, person("吴", "督学", "总务主任"))}
    assert rules == {"督导组成员不得兼任总务主任（第二条）", "督学须写明专职或兼职（第六条）"}
    (double,) = appointment_breaches(team, WHOLE, person("赵", "督学", "副校长", employment="兼职"))
    assert (double.hard, double.rule) == (True, "同一人在督导组只担任一个席位（第二条）")


def test_a_seat_that_is_not_in_the_regulation_is_refused(team):
    (breach,) = appointment_breaches(team, WHOLE, person("吴", "秘书", "教师"))
    assert breach == Breach(True, "督导组设组长、副组长、督学（第二条）", "秘书", "吴", "")


def test_the_rules_read_as_sentences(team):
    assert rules_of(team) == [
        "组长1名（第四条）",
        "组长原则上由副校长兼任（第四条）",
        "副组长1至2名（第五条）",
        "副组长须由骨干班主任或骨干教师担任（第五条）",
        "副组长享受学校中层干部待遇（第五条）",
        "督学3至5名（第六条）",
        "督学须写明专职或兼职（第六条）",
        "督导组成员不得兼任总务主任（第二条）",
        "所需编制在现有编制中解决（第二条）",
    ]
