"""Refusals of publicity: the next step before the wait is over, objections out of time, corrections by the wrong person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jizhi.rulebook import words
from jizhi.rulebook.facts import SYSTEM, Filed, Notice, Refusal
from jizhi.rulebook.history import step_named
from jizhi.rulebook.language import Duration, Step
from jizhi.rulebook.parameters import last_day_or_length
from jizhi.rulebook.parties import bar, entitled, entitles, kept_out, short_handed, whose_turn
from jizhi.rulebook.publicity import (
    ADMITTED,
    CHANGES,
    CORRECTION,
    DECLINED,
    OBJECTED,
    OBJECTION,
    OVER,
    RAISED,
    UNFOUNDED,
    UPHELD,
    number_of,
    objections_at,
    turn,
)

if TYPE_CHECKING:
    from jizhi.rulebook.legality import Question

EARLY = "公示未满"
OUTCOMES = (RAISED, ADMITTED, DECLINED, UNFOUNDED, UPHELD)


def in_publicity(q: Question) -> Refusal | None:
    """While something is in publicity: nothing else may be taken, and the system may end it only when it is over."""
    notice = q.place.notice
    if notice is None or q.side is not None or (q.step is None and not q.by.system):
        return None
    over = notice.over(q.today)
    if q.step is None:
        return None if over else _before_the_end(q, notice, over=False)
    if q.name != notice.step:
        return _before_the_end(q, notice, over=over)
    if q.by.system:
        return None if over and q.outcome in (OVER, None) else _before_the_end(q, notice, over=over and q.outcome != OBJECTED)
    if over:
        return q.no("无权", f"公示已满，“{notice.step}”由系统自动办结，不用人工办理")
    return _before_the_end(q, notice, over=False)


def _before_the_end(q: Question, notice: Notice, *, over: bool) -> Refusal:
    step = step_named(q.procedure, notice.step)
    assert step is not None  # the notice is of a step
    what = f"不得{q.name}" if q.step is not None and q.name != notice.step else "不得办结公示"
    if notice.last is None:
        return q.no(EARLY, f"制度没有写明现在适用的公示天数，此前{what}，请先补上参数", clause=step.clause)
    if q.today <= notice.last:
        text = f"公示至{words.on(notice.last)}方满{_wait(q, step)}，此前{what}"
        return q.no(EARLY, text, notice.last, step.clause)
    if notice.blocking:
        numbers = words.listed(f"第 {number} 号" for number in notice.blocking)
        text = f"公示期虽到{words.on(notice.last)}为止，但异议{numbers}还没有受理或答复，处理完以前{what}"
        return q.no("有异议", text, clause=step.clause)
    if over:
        return q.no("不在此步", f"公示已于{words.on(notice.last)}期满，先由系统办结“{notice.step}”，再办“{q.name}”", clause=step.clause)
    return q.no("结论不符", f"“{notice.step}”现在不能以“{q.outcome}”办结", clause=step.clause)


def _wait(q: Question, step: Step) -> str:
    """7日, as the regulation says it."""
    assert step.publicity is not None
    notice = q.place.notice
    posted = notice.posted if notice else q.today
    found = last_day_or_length(step.publicity.least, regulation=q.regulation, procedure=q.procedure, facts=q.facts, forms=(), on=posted)
    return f"{found.count}{found.unit}" if isinstance(found, Duration) else ""


def objection_refusal(q: Question) -> Refusal | None:
    """Why this act about an objection may not be done; None when it may."""
    if q.outcome == "":
        return q.no("结论不符", "请先选一个结论，再提交")
    if q.outcome not in (*OUTCOMES, None):
        return q.no("结论不符", f"“{OBJECTION}”没有“{q.outcome}”这个结论，请从{words.listed(OUTCOMES)}中选择")
    if q.acts and q.today < q.acts[-1].day:
        last = q.acts[-1]
        return q.no("早于上一步", f"上一步“{last.step}”办于{words.on(last.day)}，异议的办理日期不能早于这一天", last.day)
    if q.by.id == SYSTEM.id and q.by.system:
        return q.no("无权", "异议由人提出、受理和答复，系统不能代办")
    if q.outcome in (RAISED, None):
        return _raising(q)
    number = number_of(q.form, q.place.objections, q.outcome)
    found = next((one for one in q.place.objections if one.number == number), None)
    if found is None:
        return q.no("没有这件异议", f"没有第 {number} 号异议" if number else f"没有等待“{q.outcome}”的异议")
    clause = _clause(q, found.step)
    if q.outcome not in CHANGES.get(found.state, ()):
        able = CHANGES.get(found.state, ())
        text = f"第 {found.number} 号异议现在是“{found.state}”，" + (f"只能办理{words.listed(able)}" if able else "已经处理完，不能再办")
        return q.no("结论不符", text, clause=clause)
    return _not_yours(q, found, clause)


def _raising(q: Question) -> Refusal | None:
    notice = q.place.notice
    declared = objections_at(q.procedure, notice.step if notice else None)
    if notice is None or declared is None:
        over = [act for act in q.acts if act.outcome == OVER and objections_at(q.procedure, act.step)]
        if over:
            text = f"公示已于{words.on(over[-1].day)}前期满，异议期已过；仍有意见的，请向上一级反映"
            return q.no("已过期", text, clause=_clause(q, over[-1].step))
        return q.no("不在此步", "本事项现在没有在公示，不能提出异议")
    clause = _clause(q, notice.step)
    if notice.last is not None and q.today > notice.last:
        text = f"公示已于{words.on(notice.last)}期满，异议须在公示期内提出；仍有意见的，请向上一级反映"
        return q.no("已过期", text, notice.last, clause)
    among = declared.who.among if declared.who else ()
    barred = [bar(who, q.by, q.facts, q.acts) for who in among]
    if among and not any(no is None and entitles(who, q.by, q.procedure, q.facts, q.acts) for who, no in zip(among, barred, strict=True)):
        return q.no("无权", f"{q.you}不在可以提出异议的人之列", clause=clause)
    return None


def _not_yours(q: Question, found: Filed, clause: str | None) -> Refusal | None:
    whos = turn(q.procedure, found.step, q.outcome)
    bars = [kept_out(q.procedure, OBJECTION, who, q.by, q.facts, q.acts, q.outcome) for who in whos]
    if any(no is None and entitles(who, q.by, q.procedure, q.facts, q.acts) for who, no in zip(whos, bars, strict=True)):
        return None
    stand_ins = q.procedure.short_handed if short_handed(q.procedure, OBJECTION, q.facts, q.acts, q.roster, q.outcome) else ()
    free = [who for who in stand_ins if kept_out(q.procedure, OBJECTION, who, q.by, q.facts, q.acts, q.outcome) is None]
    if any(entitles(who, q.by, q.procedure, q.facts, q.acts) for who in free):
        return None
    verb = "受理" if q.outcome in (ADMITTED, DECLINED) else "答复"
    if no := next((one for one in bars if one is not None), None):
        return q.no(no.reason, f"{q.you}是{no.text}，按规定应当回避，不能{verb}第 {found.number} 号异议", clause=clause)
    able = stand_ins or whos
    who = words.listed(f"{one.body}成员" if one.body else one.post or one.party or "指定的人" for one in able)
    return q.no("无权", f"能{verb}异议的是{who or '制度指定的人'}，{q.you}不在其列", clause=clause)


def correction_refusal(q: Question) -> Refusal | None:
    """Why the notice may not be corrected now by this person."""
    notice = q.place.notice
    if q.place.end is not None:
        return q.no("已办结", f"本事项已于{words.on(q.place.since)}办结（{q.place.end}），不能再更正公示")
    step = step_named(q.procedure, notice.step) if notice else None
    if step is None or step.publicity is None or not step.publicity.restarts:
        return q.no("不在此步", "本事项现在没有可以更正的公示")
    if q.acts and q.today < q.acts[-1].day:
        return q.no("早于上一步", f"上一步办于{words.on(q.acts[-1].day)}，更正公示的日期不能早于这一天", q.acts[-1].day)
    if any(entitles(who, q.by, q.procedure, q.facts, q.acts) for who in whose_turn(q.procedure, CORRECTION, q.acts)):
        return None
    who = "，或".join(entitled(q.procedure, q.facts, q.acts, CORRECTION))
    return q.no("无权", f"能更正公示的是{who}，{q.you}不在其列", clause=step.clause)


def _clause(q: Question, step: str) -> str | None:
    found = step_named(q.procedure, step)
    return found.clause if found else None
