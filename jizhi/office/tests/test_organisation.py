"""Units, people, posts and bodies through their acts."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from jizhi.access.actor import SYSTEM, Actor, actor_of
from jizhi.access.gate import Forbidden, visible
from jizhi.audit.models import Entry
from jizhi.office.actions.bodies import dissolve_body, end_seat, seat_member, set_up_body
from jizhi.office.actions.people import add_person, declare_kinship, edit_person, open_account, record_leaving
from jizhi.office.actions.posts import appoint, end_post
from jizhi.office.actions.refused import Refused
from jizhi.office.actions.regulations import adopt, load_library, submit_edition
from jizhi.office.actions.units import close_unit, create_unit, move_unit, rename_unit
from jizhi.org.models import Body, Level, Person, Unit
from jizhi.org.queries import ancestors, kin_of, people_matching, rulebook_actors, subtree
from jizhi.org.tests.town import Town, wanzhou
from jizhi.procedure.models import Case
from jizhi.regulation.bodies import composition, waivers
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import edition_in_force, editions_of
from jizhi.regulation.reading import regulation_of

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return wanzhou()


def acting(town: Town, name: str, title: str | None = None) -> Actor:
    actor = actor_of(town.people[name], today=TODAY)
    key = next((h.key for h in actor.holdings if h.title == title), None)
    return actor_of(town.people[name], today=TODAY, key=key)


def admin(town: Town) -> Actor:
    return acting(town, "管理员")


def fields(refused: pytest.ExceptionInfo[Refused]) -> dict[str, str]:
    return {problem.field: problem.text for problem in refused.value.problems}


def test_a_new_department_stands_in_the_tree_and_in_the_log(town: Town) -> None:
    school = town.units["太安小学"]
    unit = create_unit(school, "总务处", code="TA03", level="department", by=admin(town), today=TODAY)
    assert [u.name for u in ancestors(unit)] == ["太安小学", "万州区", "重庆市"]
    assert unit in subtree(school)
    assert unit.pinyin == "zongwuchu"
    assert Entry.objects.get(action="office.create_unit").values["上级"] == "太安小学"


def test_everything_wrong_with_a_new_unit_is_said_at_once(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        create_unit(town.units["教务处"], " ", code="500101", level="school", by=admin(town), today=TODAY)
    assert fields(refused) == {"name": "请填写名称", "code": "代码500101已由万州区使用", "level": "处室下面不能设学校"}


@pytest.mark.req("X03")
def test_an_administrator_reaches_his_own_school_only(town: Town) -> None:
    with pytest.raises(Http404):
        create_unit(town.units["甘宁小学"], "总务处", code="GN03", level="department", by=admin(town), today=TODAY)
    with pytest.raises(Forbidden):
        create_unit(town.units["万州区"], "新小学", code="X", level="school", by=admin(town), today=TODAY)
    with pytest.raises(Forbidden, match="由系统管理员办理，您现在的身份是教师"):
        rename_unit(town.units["教务处"], "教导处", by=acting(town, "教师丁"), today=TODAY)


def test_a_moved_school_takes_everything_below_it_along(town: Town) -> None:
    town.unit("高升片区", Level.TOWN, "万州区")
    school, area = town.units["太安小学"], town.units["高升片区"]
    load_library(by=SYSTEM, today=TODAY)
    edition = Edition.objects.get(code="school.loop")
    case = Case.objects.create(
        unit=town.units["教务处"], at_0=town.units["重庆市"].pk, edition=edition, procedure="整改", title="x", began_on=TODAY, since=TODAY
    )
    move_unit(school, area, by=SYSTEM, today=TODAY)
    department = Unit.objects.get(name="教务处")
    assert [u.name for u in ancestors(department)] == ["太安小学", "高升片区", "万州区", "重庆市"]
    assert department.depth == 4
    case.refresh_from_db()
    assert (case.at_2, case.at_3, case.at_4) == (area.pk, school.pk, department.pk)
    assert visible(acting(town, "曾校长"), Unit.objects.filter(name="教务处")).exists()
    with pytest.raises(Refused, match="自己的下级下面"):
        move_unit(town.units["万州区"], area, by=SYSTEM, today=TODAY)


def test_a_unit_is_closed_when_nothing_is_left_in_it(town: Town) -> None:
    with pytest.raises(Refused, match="下面还有2个单位"):
        close_unit(town.units["太安小学"], on=TODAY, by=admin(town), today=TODAY)
    with pytest.raises(Refused, match="还有1个职务在任"):
        close_unit(town.units["教务处"], on=TODAY, by=admin(town), today=TODAY)
    assert close_unit(town.units["德育处"], on=TODAY, by=admin(town), today=TODAY).closed_on == TODAY


def test_people_are_found_by_name_pinyin_and_initials(town: Town) -> None:
    person = add_person(town.units["太安小学"], "单晓曾", number="TA100", phone_tail="0427", by=admin(town), today=TODAY)
    assert (person.pinyin, person.initials) == ("shanxiaoceng", "sxc")
    for text in ("晓", "shan", "SXC", "TA100"):
        assert list(people_matching(Person.objects.all(), text)) == [person]
    with pytest.raises(Refused) as refused:
        add_person(town.units["太安小学"], "", number="TA100", phone_tail="12", by=admin(town), today=TODAY)
    assert set(fields(refused)) == {"name", "number", "phone_tail"}
    assert edit_person(person, name="曾晓", unit=town.units["教务处"], phone_tail="", by=admin(town), today=TODAY).pinyin == "zengxiao"


def test_kinship_is_declared_once_and_read_from_both_sides(town: Town) -> None:
    one, other = town.people["教师丁"], town.people["督学甲"]
    declare_kinship(one, other, "配偶", by=admin(town), today=TODAY)
    assert kin_of(one) == {other.pk: "配偶"}
    assert kin_of(other) == {one.pk: "配偶"}
    with pytest.raises(Refused, match="已登记为配偶"):
        declare_kinship(other, one, "配偶", by=admin(town), today=TODAY)


def test_a_post_has_a_term_and_is_held_once(town: Town) -> None:
    person, unit = town.people["教师丁"], town.units["德育处"]
    post = appoint(person, unit, "处室主任", head=True, since=TODAY, by=admin(town), today=TODAY)
    with pytest.raises(Refused, match="已任德育处处室主任"):
        appoint(person, unit, "处室主任", since=TODAY, by=admin(town), today=TODAY)
    assert actor_of(person, today=TODAY).post == "处室主任"  # a head post comes first
    end_post(post, on=TODAY, by=admin(town), today=TODAY)
    assert {h.title for h in actor_of(person, today=TODAY + timedelta(days=1)).holdings} == {"教师"}


@pytest.mark.req("X03")
def test_nobody_gives_himself_a_post(town: Town) -> None:
    with pytest.raises(Refused, match="不能给自己任职"):
        appoint(town.people["管理员"], town.units["太安小学"], "校长", since=TODAY, by=admin(town), today=TODAY)


def test_who_leaves_holds_nothing_any_more(town: Town) -> None:
    record_leaving(town.people["督学甲"], on=TODAY, by=admin(town), today=TODAY)
    assert town.people["督学甲"].seats.get().until == TODAY
    assert actor_of(Person.objects.get(name="督学甲"), today=TODAY + timedelta(days=1)).holdings == ()


def test_an_account_needs_a_good_password_and_gives_no_rights(town: Town) -> None:
    person = add_person(town.units["太安小学"], "新来的", number="TA200", by=admin(town), today=TODAY)
    with pytest.raises(Refused) as refused:
        open_account(person, "曾校长", password="123456", by=admin(town), today=TODAY)
    assert fields(refused)["username"] == "登录名曾校长已被使用"
    assert "密码" in fields(refused)["password"]
    open_account(person, "xinlai", password="一个很长的口令8", by=admin(town), today=TODAY)
    assert actor_of(person, today=TODAY).holdings == ()
    assert "口令" not in str(Entry.objects.filter(action="office.open_account").values())


def adopted(town: Town, *codes: str, unit: str = "太安小学") -> None:
    load_library(by=SYSTEM, today=TODAY)
    for code in codes:
        edition = Edition.objects.get(code=code)
        adopt(town.units[unit], edition, since=TODAY, by=acting(town, "曾校长" if unit == "太安小学" else "区督导主任"), today=TODAY)


def test_the_library_is_loaded_once_however_often(town: Town) -> None:
    first = load_library(by=SYSTEM, today=TODAY)
    assert [e.pk for e in load_library(by=SYSTEM, today=TODAY)] == [e.pk for e in first]
    assert {"school.charter", "school.loop"} <= {e.code for e in first}
    assert regulation_of(first[0]) is regulation_of(Edition.objects.get(pk=first[0].pk))  # parsed once
    with pytest.raises(Forbidden):
        load_library(by=admin(town), today=TODAY)


def test_the_nearest_adoption_up_the_tree_is_in_force(town: Town) -> None:
    adopted(town, "school.loop", unit="万州区")
    department, shipped = town.units["教务处"], Edition.objects.get(code="school.loop")
    assert edition_in_force(department, "school.loop", on=TODAY) == shipped
    assert edition_in_force(department, "school.loop", on=TODAY - timedelta(days=1)) is None
    own = submit_edition(town.units["太安小学"], shipped.text + "\n", by=acting(town, "曾校长"), today=TODAY)
    adopt(town.units["太安小学"], own, since=TODAY, by=acting(town, "曾校长"), today=TODAY)
    assert edition_in_force(department, "school.loop", on=TODAY) == own
    assert edition_in_force(town.units["甘宁小学"], "school.loop", on=TODAY) == shipped
    assert editions_of("school.loop").count() == 2
    assert set(visible(acting(town, "甘宁校长"), editions_of("school.loop"))) == {shipped}


def test_a_text_with_faults_is_refused_with_their_lines(town: Town) -> None:
    with pytest.raises(Refused, match="第1行"):
        submit_edition(town.units["太安小学"], "制度: 某办法\n", by=acting(town, "曾校长"), today=TODAY)
    assert not Edition.objects.exists()


def new_body(town: Town) -> Body:
    dissolve_body(town.bodies["太安小学督导组"], on=TODAY - timedelta(days=1), by=admin(town), today=TODAY)
    return set_up_body(town.units["太安小学"], "督导组", since=TODAY, by=admin(town), today=TODAY)


@pytest.mark.req("S02")
def test_a_body_is_set_up_only_under_a_regulation_in_force(town: Town) -> None:
    with pytest.raises(Refused, match="没有“督导组”"):
        set_up_body(town.units["甘宁小学"], "督导组", since=TODAY, by=SYSTEM, today=TODAY)
    adopted(town, "school.charter")
    body = new_body(town)
    assert (body.led_by, body.guided_by) == ("校长室", "上级督导室")
    with pytest.raises(Refused, match="已设督导组"):
        set_up_body(town.units["太安小学"], "督导组", since=TODAY, by=admin(town), today=TODAY)


@pytest.mark.req("S02")
def test_a_hard_rule_refuses_with_the_rule_quoted(town: Town) -> None:
    adopted(town, "school.charter")
    body = new_body(town)
    with pytest.raises(Refused) as refused:
        seat_member(body, town.people["教师丁"], "副组长", employment="兼职", since=TODAY, by=admin(town), today=TODAY)
    assert "副组长须由骨干班主任或骨干教师担任（第五条）" in fields(refused)["title"]
    appoint(town.people["教师丁"], town.units["太安小学"], "骨干教师", since=TODAY, by=admin(town), today=TODAY)
    seat = seat_member(body, town.people["教师丁"], "副组长", employment="兼职", since=TODAY, by=admin(town), today=TODAY)
    assert any(breach.short for breach in composition(body, on=TODAY))  # inspectors are still to come
    end_seat(seat, on=TODAY, by=admin(town), today=TODAY)


@pytest.mark.req("S02")
def test_an_in_principle_rule_takes_a_waiver_with_its_reason(town: Town) -> None:
    adopted(town, "school.charter")
    body = new_body(town)
    with pytest.raises(Refused) as refused:
        seat_member(body, town.people["督学甲"], "组长", employment="兼职", since=TODAY, by=admin(town), today=TODAY)
    assert "原则上由副校长兼任" in fields(refused)["waiver"]
    reason = "副校长支教一年"
    seat_member(body, town.people["督学甲"], "组长", employment="兼职", waiver=reason, since=TODAY, by=admin(town), today=TODAY)
    kept = waivers(body, on=TODAY)[0]
    assert (kept.waiver, "第四条" in kept.waived_rule) == (reason, True)


def test_the_roster_has_one_actor_with_all_he_holds(town: Town) -> None:
    roster = {actor.name: {held.title for held in actor.held} for actor in rulebook_actors(town.units["太安小学"], on=TODAY)}
    assert roster["督学甲"] == {"教师", "督导组督学"}
    assert roster["教务主任"] == {"处室主任"}
    assert roster["区督导主任"] == {"督导室主任"}
    assert "甘宁校长" not in roster
