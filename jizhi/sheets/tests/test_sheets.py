"""A rater fills in a sheet, hands it in, and it stays as it was."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from jizhi.access.gate import visible
from jizhi.audit.models import Entry
from jizhi.org.tests.town import Town, wanzhou
from jizhi.regulation.models import Edition
from jizhi.rulebook.scoring import score
from jizhi.sheets.actions import SheetRefused, amend_sheet, hand_in_sheet, save_sheet, standard_of
from jizhi.sheets.models import Sheet
from jizhi.sheets.queries import scoring_input, sheets_of, sheets_standing
from jizhi.sheets.tests.rating import FULL, NOW, PERIOD, TODAY, acting, draft, edition, rated

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return wanzhou()


@pytest.fixture
def rules(town: Town) -> Edition:
    return edition()


def test_a_draft_is_written_over_and_stays_one_sheet(town: Town, rules: Edition) -> None:
    first = draft(town, rules, "教务处", "督学甲", CS2_2="")
    again = draft(town, rules, "教务处", "督学甲", CS2_2="良")
    assert first.pk == again.pk
    assert Sheet.objects.count() == 1
    kept = again.scores.get(indicator="CS2.2")
    assert (kept.points, kept.how) == (Decimal("8.5"), "良")
    assert not sheets_of(town.units["教务处"]).exists()  # a draft does not count


def test_what_is_wrong_is_said_beside_each_field(town: Town, rules: Edition) -> None:
    with pytest.raises(SheetRefused) as refused:
        draft(town, rules, "教务处", "督学甲", CS2_2="中", CS2_1="13/12", CS9="1")
    assert set(refused.value.fields) == {"CS2.2", "CS2.1", "CS9"}
    assert "超过满分 14 分" in refused.value.fields["CS2.1"]
    assert not Sheet.objects.exists()


def test_missing_is_refused_and_not_applicable_is_said(town: Town, rules: Edition) -> None:
    sheet = draft(town, rules, "教务处", "督学甲", CS2_2="", CS2_3=None)
    with pytest.raises(SheetRefused) as refused:
        hand_in_sheet(sheet.pk, by=acting(town, "督学甲"), now=NOW)
    assert set(refused.value.fields) == {"CS2.2"}
    rated(town, rules, "教务处", "督学甲", CS2_3=None)
    assert sheets_of(town.units["教务处"]).get().scores.get(indicator="CS2.3").points is None


def test_a_sheet_handed_in_never_changes(town: Town, rules: Edition) -> None:
    sheet = rated(town, rules, "教务处", "督学甲")
    assert hand_in_sheet(sheet.pk, by=acting(town, "督学甲"), now=NOW).handed_in_at == NOW
    assert Entry.objects.filter(action="sheets.hand_in_sheet").count() == 1
    with pytest.raises(SheetRefused, match="已经提交"):
        draft(town, rules, "教务处", "督学甲")
    for change in (lambda: sheet.scores.update(points=1), lambda: sheet.scores.all().delete(), lambda: sheet.save()):
        with pytest.raises(DatabaseError, match="不得再修改或删除"), transaction.atomic():
            change()


def test_nobody_sees_or_hands_in_the_sheet_of_another(town: Town, rules: Edition) -> None:
    sheet = draft(town, rules, "教务处", "督学甲")
    assert visible(acting(town, "督学甲"), Sheet.objects.all()).count() == 1
    assert not visible(acting(town, "教师丁"), Sheet.objects.all()).exists()
    with pytest.raises(Http404):
        hand_in_sheet(sheet.pk, by=acting(town, "教师丁"), now=NOW)
    with pytest.raises(Http404):
        save_sheet(
            unit=town.units["太安小学"], edition=rules, standard="处室", subject=town.units["教务处"], subject_name="教务处",
            entries=FULL, by=acting(town, "甘宁教师"), today=TODAY,
        )  # fmt: skip


def test_totals_are_computed_exactly_from_what_was_entered(town: Town, rules: Edition) -> None:
    rated(town, rules, "教务处", "督学甲", CS2_1="11/12")
    found = sheets_standing(unit=town.units["太安小学"], edition=rules, standard="处室", period=PERIOD)
    (result,) = score(standard_of(rules, "处室"), scoring_input(found)).results
    assert str(result.exact) == "593/6"  # 100 − 14/12, not the four decimals of the column
    assert str(result.score) == "98.83"


def test_an_amendment_replaces_the_sheet_and_says_why(town: Town, rules: Edition) -> None:
    sheet, head = rated(town, rules, "教务处", "督学甲", CS5_1="7/9"), acting(town, "副校长乙", seat=True)
    change = {"entries": {"CS5.1": "7/8"}, "permission": "supervision.compute_ranking", "now": NOW}
    with pytest.raises(SheetRefused, match="更正理由"):
        amend_sheet(sheet.pk, reason=" ", by=head, **change)
    amended = amend_sheet(sheet.pk, reason="3 号整改延期已批准", by=head, **change)
    assert (amended.rater.name, amended.replaces_id) == ("督学甲", sheet.pk)
    assert sheets_of(town.units["教务处"]).get() == amended
    assert amended.scores.get(indicator="CS5.1").how == "7/8"
    assert amended.scores.count() == len(FULL)
    with pytest.raises(SheetRefused, match="已经更正过"):
        amend_sheet(sheet.pk, reason="再改", by=head, **change)
