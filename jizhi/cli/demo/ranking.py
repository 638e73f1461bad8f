"""The demo's department rankings: two published terms, and the present one in its days of appeal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from jizhi.cli.demo.cast import Cast
from jizhi.cli.demo.stamp import noon
from jizhi.cli.demo.texts import DEPARTMENT_NOTES
from jizhi.cli.demo.year import Diary
from jizhi.org.models import Term
from jizhi.procedure.actions import act
from jizhi.procedure.models import Case
from jizhi.regulation.queries import edition_in_force
from jizhi.supervision import rules
from jizhi.supervision.actions.records import FoundProblem, Scores, Written, submit_record
from jizhi.supervision.queries.people import period_of
from jizhi.supervision.ranking.actions import compute_ranking, deliver_ranking, publish_ranking, set_pay_factors

RATERS = ("inspector", "second", "deputy")
# what the raters found, by department: grades of the four-grade items, then shares and deductions.
# 办公室 and 信息中心 are alike to the last item, so that the tie-breaks have to decide.
FOUND = {
    "教务处": ("优优优优优", "19/20", "11/12", "10/10", "满意度均值=93", "互评均值=90", "5/6", "扣0项", "扣0项"),
    "德育处": ("优优优良优", "18/20", "11/12", "10/10", "满意度均值=92", "互评均值=85", "7/9", "扣0项", "扣0项"),
    "教科室": ("优良优优良", "18/20", "10/11", "9/10", "满意度均值=90", "互评均值=88", "4/4", "扣1项", "扣0项"),
    "总务处": ("良良优良良", "17/20", "12/12", "9/10", "满意度均值=86", "互评均值=84", "8/9", "扣0项", "扣0项"),
    "办公室": ("良良良良良", "16/20", "9/10", "9/10", "满意度均值=85", "互评均值=82", "3/4", "扣1项", "扣0项"),
    "信息中心": ("良良良良良", "16/20", "9/10", "9/10", "满意度均值=85", "互评均值=82", "3/4", "扣1项", "扣0项"),
}
GRADED = ("CS2.2", "CS2.3", "CS3.1", "CS6.1", "CS6.2")
COUNTED = ("CS1.2", "CS2.1", "CS3.2", "CS4.1", "CS4.2", "CS5.1", "CS1.1", "CS5.2")
FACTORS = ("1.20", "1.15", "1.10", "1.05", "1.00", "0.95")  # this school's own; none are shipped


class Ranking:
    """Plans the rankings of one school."""

    def __init__(self, cast: Cast, diary: Diary) -> None:
        self.cast, self.diary = cast, diary

    def plan(self) -> None:
        today = self.diary.today
        for term in Term.objects.filter(ends__lt=today, ends__gt=today - timedelta(days=330)).order_by("ends"):
            self._term(self.diary.later(term.ends - timedelta(days=24), 1), closes=True)
        if Term.objects.filter(starts__lt=today - timedelta(days=20), ends__gt=today).exists():
            self._term(self.diary.before(3), closes=False)

    def _term(self, day: date, *, closes: bool) -> None:
        for rater in RATERS:
            self.diary.at(day, partial(self._rate, rater=rater, shift=int(closes)))
        self.diary.at(self.diary.later(day, 1), partial(self._compute, closes=closes))

    def _rate(self, day: date, *, rater: str, shift: int) -> None:
        edition = edition_in_force(self.cast.unit, "school.department", on=day)
        assert edition is not None  # adopted when the school was made
        for number, (name, found) in enumerate(FOUND.items()):
            grades = found[0] if rater != RATERS[(number + shift) % 3] else found[0][1:] + "良"
            entries = dict(zip(GRADED, grades, strict=True)) | dict(zip(COUNTED, found[1:], strict=True))
            if name == "信息中心":
                entries |= dict(zip(GRADED, "良良良良良", strict=True))
            strength, problem, suggestion = DEPARTMENT_NOTES[(number + shift) % len(DEPARTMENT_NOTES)]
            written = Written(
                kind=rules.DEPARTMENT,
                subject=self.cast.departments[name],
                day=day,
                methods=["查", "访"],
                strengths=strength,
                problems=[FoundProblem(problem)],
                suggestions=suggestion,
                facts={"检查内容": "处室考核评分"},
                scores=Scores(edition=edition, standard="处室", entries=entries),
            )
            submit_record(self.cast.unit, written, by=self.cast.actor(rater, today=day), today=day, now=noon(day))

    def _compute(self, day: date, *, closes: bool) -> None:
        leader = self.cast.actor("leader", today=day)
        result = compute_ranking(self.cast.unit, period_of(self.cast.unit, day), by=leader, today=day)
        deliver_ranking(result.pk, by=leader, today=day)
        after = self.diary.later(day, 1)
        self.diary.at(after, partial(self._appeal, result=result.pk))
        if closes:
            self.diary.at(self.diary.later(day, 2), partial(self._hear, result=result.pk))
            self.diary.at(self.diary.later(day, 4), partial(self._publish, result=result.pk))

    def _appeal(self, day: date, *, result: int) -> None:
        reason = "3 号整改延期已批准，不应算到期，按期率应为 7/8。"
        case = self._case(result, "德育处")
        form = {"申诉理由": reason, "申诉指标": "整改按期销号", "应为": "7/8"}
        act(case.pk, "申诉期", "申诉", form, by=self.cast.actor("head:德育处", today=day), today=day)
        for name in ("教务处", "总务处"):
            by = self.cast.actor(f"head:{name}", today=day)
            act(self._case(result, name).pk, "申诉期", "无异议", {}, by=by, today=day)

    def _hear(self, day: date, *, result: int) -> None:
        for name in FOUND:
            case = self._case(result, name)
            if case.step == "申诉期":
                act(case.pk, "申诉期", "无异议", {}, by=self.cast.actor(f"head:{name}", today=day), today=day)
        opinion = "延期批准在时限届满之后，仍按到期计算。"
        by = self.cast.actor("rechecker", today=day)
        act(self._case(result, "德育处").pk, "答复", "维持", {}, by=by, today=day, opinion=opinion)

    def _publish(self, day: date, *, result: int) -> None:
        principal = self.cast.actor("principal", today=day)
        for name in FOUND:
            form = {"谈话要点": f"与{name}主任谈了得分构成和下一步改进。"}
            act(self._case(result, name).pk, "谈话", "已谈", form, by=principal, today=day)
        period = period_of(self.cast.unit, day)
        factors = {rank: Decimal(text) for rank, text in enumerate(FACTORS, start=1)}
        set_pay_factors(self.cast.unit, period, factors, by=principal, today=day)
        publish_ranking(result, by=principal, today=day, now=noon(day))

    def _case(self, result: int, name: str) -> Case:
        return Case.objects.get(feedback__place__result=result, feedback__place__name=name)
