"""Departments are scored and ranked without ties; a published ranking stays as it is."""

from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction

from jizhi.access.gate import Forbidden, visible
from jizhi.audit.models import Entry
from jizhi.org.tests.town import Town, wanzhou
from jizhi.regulation.models import Edition
from jizhi.results.actions import ResultRefused, compute_result, correct_result, publish_result
from jizhi.results.models import Place, Result
from jizhi.results.queries import previous_ranks, result_published, result_standing
from jizhi.rulebook.formula import rounded
from jizhi.sheets.actions import amend_sheet
from jizhi.sheets.tests.rating import NOW, PERIOD, TODAY, acting, department, draft, edition, rated

pytestmark = [pytest.mark.django_db, pytest.mark.req("S13")]
MAY = "supervision.compute_ranking"


@pytest.fixture
def town() -> Town:
    return wanzhou()


@pytest.fixture
def rules(town: Town) -> Edition:
    return edition()


def computed(town: Town, rules: Edition, period: str = PERIOD) -> Result:
    by = acting(town, "副校长乙", seat=True)
    return compute_result(unit=town.units["太安小学"], edition=rules, standard="处室", period=period, permission=MAY, by=by, today=TODAY)


def published(town: Town, result: Result) -> Result:
    return publish_result(result.pk, permission=MAY, by=acting(town, "副校长乙", seat=True), today=TODAY)


def order(result: Result) -> list[tuple[str, str]]:
    return [(place.name, place.decided_by) for place in result.places.all()]


def test_equal_totals_are_ordered_by_the_declared_tie_breaks(town: Town, rules: Edition) -> None:
    department(town, "总务处")
    rated(town, rules, "教务处", "督学甲", CS2_2="7", CS5_2="扣0项")
    rated(town, rules, "德育处", "督学甲", CS2_2="10", CS3_1="5")
    rated(town, rules, "总务处", "督学甲", CS2_2="9")
    assert order(computed(town, rules)) == [
        ("总务处", "总分最高"),
        ("德育处", "总分高 2 分"),
        ("教务处", "总分相同；“执行与落实” 30 高于 27"),
    ]


def test_when_all_is_equal_the_published_draw_decides(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲")
    rated(town, rules, "德育处", "督学甲")
    first, second = computed(town, rules).places.all()
    assert (first.rank, second.rank) == (1, 2)
    assert second.decided_by.endswith(f"抽签，种子 CS·{PERIOD}，可复算")
    assert second.derivation["flag"] == "靠抽签分出先后"


def test_the_derivation_sums_to_the_score_and_names_the_raters(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲", CS2_1="11/12", CS2_2="良")
    rated(town, rules, "教务处", "督学丙", CS2_1="10/12", CS6_1=None)
    place = computed(town, rules).places.get()
    lines = place.derivation["lines"]
    exact = sum((Fraction(line["exact"]) for line in lines if line["adds"]), Fraction(0))
    assert exact == Fraction(place.derivation["exact"])
    assert place.score == rounded(exact, 2)
    assert [rating["rater"] for rating in place.derivation["ratings"]] == ["督学丙", "督学甲"]
    assert place.derivation["margin"] is not None


def test_a_draft_is_not_counted_and_nothing_is_computed_from_nothing(town: Town, rules: Edition) -> None:
    draft(town, rules, "教务处", "督学甲")
    with pytest.raises(ResultRefused, match="还没有提交的评分"):
        computed(town, rules)
    assert not Result.objects.exists()


def test_a_second_submit_is_answered_with_the_first_result(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲")
    first = computed(town, rules)
    with pytest.raises(ResultRefused) as refused:
        computed(town, rules)
    assert refused.value.result == first


def test_a_published_result_is_frozen_by_the_database(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲")
    result = computed(town, rules)
    result.places.update(decided_by="总分最高")  # before publication the rows are not final
    published(town, result)
    assert published(town, result).published_on == TODAY
    assert Entry.objects.filter(action="results.publish_result").count() == 1
    for change in (
        lambda: Result.objects.update(seed="另选"),
        lambda: Result.objects.all()._raw_delete("default"),
        lambda: Place.objects.update(rank=9),
        lambda: Place.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="不得再修改或删除"), transaction.atomic():
            change()


def test_a_correction_is_a_new_result_that_names_the_old_one(town: Town, rules: Edition) -> None:
    sheet = rated(town, rules, "教务处", "督学甲", CS5_1="1/9")
    rated(town, rules, "德育处", "督学甲", CS5_1="8/9")
    old, head = published(town, computed(town, rules)), acting(town, "副校长乙", seat=True)
    amend_sheet(sheet.pk, entries={"CS5.1": "9/9"}, reason="延期已批准", permission=MAY, by=head, now=NOW)
    new = correct_result(old.pk, reason="申诉成立", permission=MAY, by=head, today=TODAY)
    assert [name for name, _ in order(new)] == ["教务处", "德育处"]
    assert [name for name, _ in order(old)] == ["德育处", "教务处"]
    assert (new.corrects, new.seed) == (old, old.seed)
    unit = town.units["太安小学"]
    assert (result_published(unit, "处室", PERIOD), result_standing(unit, "处室", PERIOD)) == (old, new)
    published(town, new)
    assert previous_ranks(unit, "处室", period="下学期") == {
        f"org.Unit:{town.units['教务处'].pk}": 1, f"org.Unit:{town.units['德育处'].pk}": 2,
    }  # fmt: skip
    with pytest.raises(ResultRefused, match="已经更正过"):
        correct_result(old.pk, reason="再改", permission=MAY, by=head, today=TODAY)


def test_only_who_holds_the_domains_permission_computes(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲")
    with pytest.raises(Forbidden, match="计算处室排名"):
        compute_result(
            unit=town.units["太安小学"],
            edition=rules,
            standard="处室",
            period=PERIOD,
            permission=MAY,
            by=acting(town, "教师丁"),
            today=TODAY,
        )


def test_the_school_reads_a_ranking_once_it_is_published(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲")
    result = computed(town, rules)
    teacher, stranger = acting(town, "教师丁"), acting(town, "甘宁教师")
    assert not visible(teacher, Place.objects.all()).exists()
    published(town, result)
    assert visible(teacher, Place.objects.all()).count() == 1
    assert visible(teacher, Result.objects.all()).count() == 1
    assert not visible(stranger, Result.objects.all()).exists()
