"""年度评星 of 扶绥县: last year's with its seventeen awards, this year's standing in the middle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jizhi.appraisal.actions import begin_campaign
from jizhi.cli.demo.county import COMMITTEE, ORGANISER, PARTY, TOWNS, County
from jizhi.cli.demo.stamp import noon
from jizhi.kernel.workdays import china
from jizhi.org.models import Unit
from jizhi.procedure.actions import act, act_batch, tick
from jizhi.procedure.many import marks_of, period_of
from jizhi.procedure.models import Case
from jizhi.regulation.reading import regulation_of
from jizhi.sheets.actions import hand_in_sheet, save_sheet

CODES = ("rich", "org", "civil", "law", "eco")
STAR = {"rich": "优", "org": "10/10", "civil": "扣 0 项", "law": "优", "eco": "是"}
JUST = {"rich": "良", "org": "9/10", "civil": "扣 1 项", "law": "良", "eco": "是"}  # a star as well, with fewer points
NO_STAR = {"rich": "合格", "org": "8/10", "civil": "扣 3 项", "law": "合格", "eco": "否"}
# four come to five stars and the quota is three: one gives way, and so does one of the then three four-star villages' rivals
GIVEN = (5, 3, 3, 4, 3, 3, 5, 3, 3, 2, 5, 3, 3, 4, 5, 3, 3, 3)


def sheet_of(place: int, stars: int, rater: int = 0) -> dict[str, str]:
    """What a rater finds in a village; raters differ a little, villages in which stars they miss."""
    lost = {CODES[(place + n) % 5] for n in range(5 - stars)}
    best = (place % 3, (place + rater) % 5)
    return {code: NO_STAR[code] if code in lost else JUST[code] if n in best else STAR[code] for n, code in enumerate(CODES)}


@dataclass
class Stars:
    """One campaign as it goes."""

    place: County
    case: Case
    children: Mapping[int, Case]  # by unit

    def rate(self, village: Unit, step: str, number: str, held: str, entries: dict[str, str], day: date) -> None:
        child = self.children[village.pk]
        procedure = regulation_of(self.case.edition).procedures[child.procedure]
        need = next(one.marking for one in procedure.steps if one.name == step)
        assert need is not None  # the steps of this regulation that are rated
        by = self.place.by(number, day, held)
        sheet = save_sheet(
            unit=self.case.unit, edition=self.case.edition, standard=need.standard, subject=village, subject_name=village.name,
            entries=entries, by=by, today=day, period=period_of(child, need), group=need.role or step,
        )  # fmt: skip
        hand_in_sheet(sheet.pk, by=by, now=noon(day))

    def report(self, village: Unit, day: date) -> None:
        """自查申报: a village always thinks well of itself."""
        number = self.place.secretary(village)
        self.rate(village, "自查申报", number, PARTY, STAR, day)
        act(
            self.children[village.pk].pk,
            "自查申报",
            "申报",
            {},
            by=self.place.by(number, day, PARTY),
            today=day,
            opinion="已逐项自查，材料齐全。",
        )

    def town(self, villages: list[Unit], day: date) -> None:
        """乡镇考核 of the villages of one town: three rate each, one sends all of them on."""
        prefix = TOWNS[villages[0].code[:9]][0]
        for village in villages:
            at = self.place.villages.index(village)
            for rater in range(3):
                self.rate(village, "乡镇考核", f"{prefix}-00{rater + 2}", "考核组", sheet_of(at, GIVEN[at], rater), day)
        pks = [self.children[one.pk].pk for one in villages]
        by = self.place.by(f"{prefix}-002", day, "考核组")
        act_batch(pks, "乡镇考核", "报送", {}, by=by, today=day, key=f"town{day}", opinion="到村看过，逐项核过台账。")

    def recheck(self, day: date) -> None:
        """组织复核: the drawn ones are rated once more, then all are agreed to together."""
        for at, village in enumerate(self.place.villages):
            child = Case.objects.select_related("unit", "edition", "parent").get(pk=self.children[village.pk].pk)
            if marks_of(child, regulation_of(child.edition).procedures[child.procedure])["组织复核"].drawn:
                self.rate(village, "组织复核", "FS-002", "组织部", sheet_of(at, GIVEN[at]), day)
        pks = [child.pk for child in self.children.values()]
        by = self.place.by("FS-002", day, "组织部")
        act_batch(pks, "组织复核", "同意", {}, by=by, today=day, key=f"county{day}", opinion="抽查的村已复核，其余看过材料。")

    def by_town(self) -> list[list[Unit]]:
        return [[one for one in self.place.villages if one.code[:9] == code] for code in TOWNS]


def _announced(place: County, *, year: int, day: date) -> Stars:
    by = place.by("FS-001", day, ORGANISER)
    campaign = begin_campaign(place.unit, code="party.stars", procedure="年度评星", year=year, by=by, today=day)
    left_out = {"不参评": place.without(place.unit, place.villages)}
    act(campaign.case_id, "发布公告", "发布", left_out, by=by, today=day, opinion="先在四个镇十八个村评，其余村明年起参加。")
    case = Case.objects.select_related("unit", "edition").get(pk=campaign.case_id)
    children = Case.objects.filter(parent=case).select_related("unit", "edition", "parent")
    return Stars(place, case, {child.unit_id: child for child in children})


def last_year(place: County, *, year: int, day: date) -> None:
    """Finished and published: 3 five-star, 3 four-star and 11 three-star villages, 130,000 yuan."""
    stars = _announced(place, year=year, day=day)
    for at, village in enumerate(place.villages):
        stars.report(village, day + timedelta(days=5 + at % 6))
    for n, villages in enumerate(stars.by_town()):
        stars.town(villages, day + timedelta(days=16 + n))
    stars.recheck(day + timedelta(days=24))
    decided = china().after(day + timedelta(days=24), 2, "个工作日")
    for number in ("FS-011", "FS-012"):
        by = place.by(number, decided, COMMITTEE)
        act_batch(stars.case.pk, "县委审定", "通过", {}, by=by, today=decided, key=number, opinion="同意按测算结果定星。")
    tick(today=china().after(decided, 5, "日") + timedelta(days=4))


def this_year(place: County, *, year: int, today: date) -> None:
    """Announced three weeks ago: one town has sent its villages on, one has begun to rate, the others are writing their own."""
    stars = _announced(place, year=year, day=today - timedelta(days=21))
    first, second, third, _ = stars.by_town()
    for at, village in enumerate([*first, *second, *third[:2]]):
        stars.report(village, today - timedelta(days=14 - at % 5))
    stars.town(second, today - timedelta(days=6))
    for number in ("QL-002", "QL-003"):
        stars.rate(first[0], "乡镇考核", number, "考核组", sheet_of(0, 4), today - timedelta(days=3))
