"""Refusals: why a step or side act may not be taken now by this person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from jizhi.kernel.workdays import Calendar
from jizhi.rulebook import joining, words
from jizhi.rulebook.clocks import clock_of, silence, standing
from jizhi.rulebook.facts import LAUNCH, Act, Actor, Facts, Refusal, Running, Standing
from jizhi.rulebook.history import (
    APPROVE,
    ASK,
    DECLINE,
    answers,
    branch_of,
    counted,
    failing,
    holds,
    is_withdrawal,
    last_main_act,
    moving,
    outcome_named,
    outcomes_of,
    settled,
    side_act_named,
    silent_outcome,
    step_named,
)
from jizhi.rulebook.language import Procedure, Regulation, SideAct, Step, Test
from jizhi.rulebook.objecting import correction_refusal, in_publicity, objection_refusal
from jizhi.rulebook.parameters import Form, as_date
from jizhi.rulebook.parties import clash, collects, entitled, entitles, kept_out, short_handed, whose_turn
from jizhi.rulebook.publicity import CORRECTION, OBJECTION, RAISED
from jizhi.rulebook.recusal import recording, spoken

EXPIRY = "到期"
COMPARED = {  # as it is, as it must be
    "等于": ("为", "须为"),
    "不等于": ("不为", "不得为"),
    "至多": ("不多于", "不得多于"),
    "至少": ("不少于", "不得少于"),
    "超过": ("超过", "须超过"),
    "不足": ("少于", "须少于"),
    "含": ("包含", "须包含"),
}


@dataclass(frozen=True)
class Question:
    """May ``by`` do this now? The checks below answer it one after the other."""

    procedure: Procedure
    regulation: Regulation
    facts: Facts
    all_acts: Sequence[Act]
    name: str
    outcome: str | None
    form: Form
    by: Actor
    today: date
    calendar: Calendar
    roster: Sequence[Actor] | None
    known: Standing | None = None

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        return counted(self.procedure, self.all_acts)

    @cached_property
    def place(self) -> Standing:
        return self.known or standing(self.procedure, self.regulation, self.facts, self.all_acts, self.calendar)

    @cached_property
    def step(self) -> Step | None:
        return step_named(self.procedure, self.name)

    @cached_property
    def side(self) -> SideAct | None:
        return side_act_named(self.procedure, self.name)

    @property
    def clause(self) -> str | None:
        if self.name == LAUNCH:
            return self.procedure.launch.clause if self.procedure.launch else None
        found = self.step or self.side
        return found.clause if found else None

    @property
    def you(self) -> str:
        return f"您（{self.by.name}）" if self.by.name else "您"

    def no(self, reason: str, text: str, until: date | None = None, clause: str | None = None) -> Refusal:
        """A refusal whose sentence ends with its clause: …请等前面的步骤办完（第九条）。"""
        clause = clause or self.clause
        return Refusal(reason, f"{text}{words.by_clause(clause)}。", until, clause)


def refusal(
    procedure: Procedure,
    regulation: Regulation,
    facts: Facts,
    acts: Sequence[Act],
    step: str,
    outcome: str | None,
    form: Mapping[str, Any],
    *,
    by: Actor,
    today: date,
    calendar: Calendar,
    roster: Sequence[Actor] | None = None,
    place: Standing | None = None,
) -> Refusal | None:
    """Why this step or side act may not be taken now by this person; None when it may.

    ``outcome`` None asks only whether the person may act at all. ``roster`` is everyone who could be entitled: when the
    exclusions leave none of them, 人手不足 lets its own people in. ``place`` is where these acts leave the case, if known.
    """
    question = Question(procedure, regulation, facts, acts, step, outcome, form, by, today, calendar, roster, place)
    checks = OF_PUBLICITY.get(step, CHECKS) if question.side is not None else CHECKS
    return next((no for check in checks if (no := check(question)) is not None), None)


def _ended(q: Question) -> Refusal | None:
    if q.place.end is None:
        return None
    return q.no("已办结", f"本事项已于{words.on(q.place.since)}办结（{q.place.end}），不能再办“{q.name}”")


def _ended_for_all(q: Question) -> Refusal | None:
    """An objection that stopped one row (停该行) is answered after the others' end as well, or the row would wait for ever."""
    if q.outcome not in (RAISED, None) and any(one.open and one.row for one in q.place.objections):
        return None
    return _ended(q)


def _elsewhere(q: Question) -> Refusal | None:
    stands = q.place.step or ""
    since = f"本事项自{words.on(q.place.since)}起在“{stands}”步骤"
    if q.name == LAUNCH:
        return q.no("不在此步", f"{since}，已经发起过，不能再次发起") if q.acts else None
    if not q.acts and q.procedure.launch is not None:
        return q.no("不在此步", "本事项还没有发起，请先发起")
    if q.side is not None:
        if not q.side.during or stands in q.side.during:
            return None
        return q.no("不在此步", f"“{q.name}”只能在{words.quoted(q.side.during)}步骤办理，{since}")
    if (q.name == EXPIRY and q.by.system) or q.name == stands:
        return None
    if q.step is None:
        return q.no("不在此步", f"本程序没有“{q.name}”这一步，{since}，请办理“{stands}”")
    return q.no("不在此步", f"{since}，现在不能办“{q.name}”，请先由{_whoever(q, stands)}办理“{stands}”")


def _whoever(q: Question, step: str) -> str:
    return "，或".join(entitled(q.procedure, q.facts, q.all_acts, step)).split("，且不是")[0].split("；")[0]


def _too_early(q: Question) -> Refusal | None:
    last = q.acts[-1] if q.acts else None
    if last is None or q.today >= last.day:
        return None
    return q.no("早于上一步", f"上一步“{last.step}”办于{words.on(last.day)}，“{q.name}”的办理日期不能早于这一天", last.day)


def _by_the_system(q: Question) -> Refusal | None:
    """The system acts where the regulation names it, and when silence counts; everyone else passes on."""
    if not q.by.system:
        return None
    due = silence(q.procedure, q.regulation, q.facts, q.all_acts, today=q.today, calendar=q.calendar, place=q.place)
    if due is not None and q.name in (EXPIRY, due.step) and q.outcome in (None, due.outcome, EXPIRY):
        return None
    if q.name != EXPIRY and any(who.system for who in whose_turn(q.procedure, q.name, q.acts, q.outcome)):
        return None
    step = q.place.step or ""
    current = step_named(q.procedure, step)
    if q.place.step_due is not None and current is not None and silent_outcome(current) is not None:
        text = f"“{step}”的期限到{words.on(q.place.step_due)}为止，期满仍未办理的，才由系统代为办理"
        return q.no("无权", text, q.place.step_due, current.clause)
    return q.no("无权", f"“{q.name if q.name != EXPIRY else step}”没有逾期规定，系统不能代为办理")


def _incompatible(q: Question) -> Refusal | None:
    if q.by.system:
        return None
    if q.side is not None and q.outcome in (APPROVE, DECLINE) and _asked_by(q) == q.by.id:
        return q.no("不得兼办", f"“{q.name}”由{q.you}本人申请，不能由本人批准，请由其他有权的人办理")
    did = clash(q.procedure, q.name, q.by, q.facts, q.acts)
    if did is None:
        return None
    return q.no("不得兼办", f"{q.you}已办过本事项的“{did}”，“{did}”和“{q.name}”不得由同一人办理，请由其他有权的人办理")


def _asked_by(q: Question) -> str | None:
    return next((act.by for act in reversed(q.acts) if act.step == q.name and act.outcome == ASK), None)


def _unentitled(q: Question) -> Refusal | None:
    """Both 回避/除外 and 无权: who is barred hears of the exclusion, entitled or not."""
    if q.by.system:
        return None
    if q.name == LAUNCH and q.procedure.launch is None:
        return q.no("无权", f"“{q.procedure.name}”由其他程序引起，不能单独发起")
    whos = whose_turn(q.procedure, q.name, q.acts, q.outcome)
    if q.name == LAUNCH and (recorder := recording(q.procedure, q.facts, q.by)):
        whos = recorder.by
    bars = [kept_out(q.procedure, q.name, who, q.by, q.facts, q.acts, q.outcome) for who in whos]
    mine = [who for who, barred in zip(whos, bars, strict=True) if barred is None and entitles(who, q.by, q.procedure, q.facts, q.acts)]
    if any(who.decides == "任一人" for who in mine):
        return None
    short = short_handed(q.procedure, q.name, q.facts, q.acts, q.roster, q.outcome)
    if mine and not short:
        return None
    if barred := next((b for b in bars if b is not None), None):
        return q.no(barred.reason, f"{q.you}是{barred.text}，按规定应当回避，不能办理“{q.name}”；能办理的是{_entitled_words(q)}")
    if short and any(
        kept_out(q.procedure, q.name, who, q.by, q.facts, q.acts, q.outcome) is None and entitles(who, q.by, q.procedure, q.facts, q.acts)
        for who in q.procedure.short_handed
    ):
        return None
    if mine:
        text = f"“{q.name}”由{mine[0].body or mine[0].post}{mine[0].decides}议定，回避以后余下的人没有过半，不能再由本机构办理"
        return q.no("人手不足", f"{text}；{_entitled_words(q)}")
    return q.no("无权", f"能办理“{q.name}”的是{_entitled_words(q)}。{q.you}现在{_capacity(q.by)}，不能办理")


def _entitled_words(q: Question) -> str:
    if q.side is not None and q.outcome == ASK:  # not the approver, whom an asked side act waits for
        acts = [act for act in q.acts if act.step != q.name]
        return "，或".join(entitled(q.procedure, q.facts, acts, q.name))
    return "，或".join(entitled(q.procedure, q.facts, q.all_acts, q.name))


def _capacity(actor: Actor) -> str:
    titles = [held.title for held in actor.held]
    return f"以{words.listed(titles)}的身份办事" if titles else "没有担任有权办理的职务"


def _closed(q: Question) -> Refusal | None:
    """After 截止 only the silence rule moves the step; where there is none, late is better than never."""
    due = q.place.step_due
    if q.by.system or q.step is None or q.step.until is None or due is None or q.today <= due or silent_outcome(q.step) is None:
        return None
    return q.no("已截止", f"“{q.name}”已于{words.on(due)}截止，不能再办", due)


def _not_together(q: Question) -> Refusal | None:
    """分办, 等待 and 自动 over the children: not before those they wait for."""
    if q.step is None:
        return None
    if text := joining.not_gathered(q.step, q.regulation, q.facts, due=q.place.step_due, today=q.today):
        return q.no("未到齐", text, q.place.step_due)
    if text := joining.not_passed(q.procedure, q.step, q.regulation, q.facts):
        return q.no("等待上级事项", text)
    text = joining.still_underway(q.step, q.facts, q.place.stopped_rows)
    return q.no("未到齐", text) if text else None


def _unmarked(q: Question) -> Refusal | None:
    """评分: the step's first outcome needs its sheets."""
    if q.step is None or q.outcome is None or q.by.system or q.outcome != q.step.outcomes[0].name:
        return None
    text = joining.unmarked(q.step, q.facts, q.by)
    return q.no("缺评分", text) if text else None


def _said_already(q: Question) -> Refusal | None:
    """A member may change his word, not say it twice."""
    if q.outcome is None or not collects(q.procedure, q.name, q.acts, q.outcome):
        return None
    if spoken(q.procedure, q.acts, q.name).get(q.by.id) != q.outcome:
        return None
    return q.no("已表态", f"{q.you}已经对“{q.name}”表示过“{q.outcome}”，不用再办；改变意见的请选另一个结论")


def _withdrawal(q: Question) -> Refusal | None:
    if not is_withdrawal(q.side):
        return None
    if q.facts.children and (current := step_named(q.procedure, q.place.step or "")) and current.fan_out:
        return q.no("条件不足", f"已经分办给 {len(q.facts.children)} 个单位，不能撤回")
    last = last_main_act(q.procedure, q.acts)
    if last is None or last.step == LAUNCH:
        return q.no("条件不足", "本事项发起后还没有办过任何一步，没有可以撤回的办理")
    step = step_named(q.procedure, last.step)
    outcome = outcome_named(step, last.outcome, by=last.by) if step else None
    branch = branch_of(q.procedure, q.facts, q.acts[: q.acts.index(last)], step, outcome, last.form) if step and outcome else None
    if branch is not None and branch.start:
        return q.no("条件不足", f"上一步“{last.step}”已经引起{words.quoted(branch.start)}，不能撤回")
    return None


def _too_often(q: Question) -> Refusal | None:
    if q.side is None or q.side.times is None or q.outcome in (APPROVE, DECLINE) or q.name in q.place.pending:
        return None
    mine = [act for act in q.acts if act.step == q.name]
    approved = (settled(q.procedure, q.acts[:n], act) == APPROVE for n, act in enumerate(q.acts) if act.step == q.name)
    done = sum(approved) if q.side.approve else len(mine)
    if done < q.side.times:
        return None
    word = "批准过" if q.side.approve else "办过"
    return q.no("次数已满", f"“{q.name}”最多 {q.side.times} 次，本事项已经{word} {done} 次，不能再办")


def _expired(q: Question) -> Refusal | None:
    if q.side is None or q.outcome == DECLINE:
        return None
    if q.side.before is not None and q.side.before.root == "期限":
        due = q.place.step_due
        if due is None or q.today <= due:
            return None
        return q.no("已过期", f"“{q.name}”须在“{q.place.step}”的期限届满前办理，期限已于{words.on(due)}届满", due)
    clock = clock_of(q.procedure, q.side.before)
    if clock is None:
        return None
    running = _clock(q, clock.name)
    if running is None:
        return q.no("已过期", f"“{q.name}”须在“{clock.name}”期满前办理，现在“{clock.name}”没有在计时")
    if q.today <= running.due:
        return None
    return q.no("已过期", f"“{q.name}”须在“{clock.name}”期满前办理，“{clock.name}”已于{words.on(running.due)}期满", running.due)


def _clock(q: Question, name: str) -> Running | None:
    return next((running for running in q.place.clocks if running.name == name and running.stopped is None), None)


def _waiting(q: Question) -> Refusal | None:
    if q.side is None or q.name not in q.place.pending or q.outcome != ASK:
        return None
    return q.no("待批准", f"已有一件“{q.name}”申请在等待{_entitled_words(replace(q, outcome=APPROVE))}批准，请等批复后再申请")


def _unknown_outcome(q: Question) -> Refusal | None:
    if q.outcome is None or q.name in (LAUNCH, EXPIRY):
        return None
    if q.step is not None:
        if outcome_named(q.step, q.outcome, by=q.by.id) is not None or (q.step.record and q.step.record.name == q.outcome):
            return None
        names = outcomes_of(q.procedure, q.name, q.acts)
        return q.no("结论不符", f"“{q.name}”没有“{q.outcome}”这个结论，请从{words.listed(names)}中选择")
    if q.side is None or not q.side.approve or q.outcome == ASK:
        return None
    if q.outcome not in (APPROVE, DECLINE):
        return q.no("结论不符", f"“{q.name}”没有“{q.outcome}”这个结论，请从{words.listed((ASK, APPROVE, DECLINE))}中选择")
    return None if q.name in q.place.pending else q.no("结论不符", f"现在没有等待批准的“{q.name}”申请")


def _unmet(q: Question) -> Refusal | None:
    """须 of the step, a branch for the outcome, and a new day later than the old for an extension."""
    if q.outcome is None or q.by.system:
        return None
    if q.step is None:
        return _no_extension(q)
    answer = answers(q.facts, q.step, q.form, times=1 + sum(act.step == q.name for act in moving(q.procedure, q.acts)))
    for guard in q.step.guards:
        if guard.when is None or holds(guard.when, answer):
            missing = failing(guard.then, answer)
            if missing:
                when = f"{words.listed(_says(test, must=False) for test in guard.when.tests)}时，" if guard.when else ""
                return q.no("条件不足", f"{when}{words.listed(_says(test, must=True) for test in missing)}，请补上后再办“{q.name}”")
    outcome = outcome_named(q.step, q.outcome, by=q.by.id)
    if outcome is not None and branch_of(q.procedure, q.facts, q.acts, q.step, outcome, q.form) is None:
        figures = [test for branch in outcome.branches if branch.when for test in failing(branch.when, answer) if test.figure]
        if figures:
            now = words.listed(f"“{test.subject}”现在是 {q.facts.figures.get(test.subject, '未知')}" for test in figures)
            return q.no("条件不足", f"{now}，{words.listed(_says(test, must=True) for test in figures)}，还不能“{q.outcome}”")
        return q.no("条件不足", f"按已填的内容，“{q.name}”不能得出“{q.outcome}”的结论，请核对表单")
    return None


def _says(test: Test, *, must: bool) -> str:
    if test.share_of:
        return f"“{test.subject}”{COMPARED[test.op][must]}“{test.share_of}”的 {test.value[0]}/{test.value[1]}"
    values = test.value if isinstance(test.value, list | tuple) else (test.value,)
    joint = "或" if test.op == "等于" else ""
    return f"“{test.subject}”{COMPARED[test.op][must]}{joint.join(f'“{value}”' for value in values)}"


def _no_extension(q: Question) -> Refusal | None:
    until = as_date(q.form.get("至"))
    if q.side is not None and q.side.changes is not None and q.side.changes.root == "期限":
        due = q.place.step_due
        if until is None or due is None or q.outcome == DECLINE:
            return None
        if q.side.code not in ("prolong", "extend"):  # 产业验收 brings the day nearer; later only by 展期
            text = f"“{q.place.step}”的期限现在到{words.on(due)}为止，“至”不能晚于这一天；需要更久的请申请展期"
            return q.no("条件不足", text, due) if until > due else None
        if until > due:
            return None
        return q.no("条件不足", f"“{q.place.step}”的期限现在到{words.on(due)}为止，“至”须晚于这一天，请改选更晚的日期", due)
    clock = clock_of(q.procedure, q.side.changes) if q.side else None
    running = _clock(q, clock.name) if clock else None
    if running is None or until is None or until > running.due or q.outcome == DECLINE:
        return None
    return q.no("条件不足", f"“{running.name}”现在到{words.on(running.due)}为止，“至”须晚于这一天，请改选更晚的日期", running.due)


# In this order: the first that refuses is what the person hears.
CHECKS: tuple[Callable[[Question], Refusal | None], ...] = (
    _ended,
    in_publicity,
    _elsewhere,
    _too_early,
    _by_the_system,
    _incompatible,
    _unentitled,
    _said_already,
    _withdrawal,
    _too_often,
    _expired,
    _waiting,
    _unknown_outcome,
    _closed,
    _not_together,
    _unmarked,
    _unmet,
)
OF_PUBLICITY: dict[str, tuple[Callable[[Question], Refusal | None], ...]] = {
    OBJECTION: (_ended_for_all, objection_refusal),
    CORRECTION: (correction_refusal,),
}
