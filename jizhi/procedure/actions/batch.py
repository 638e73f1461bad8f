"""批办: one act over the rows of the children, or over many like cases. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.audit.actions import record
from jizhi.procedure.actions.fanout import digest
from jizhi.procedure.actions.moves import WHOLE, take
from jizhi.procedure.actions.refusals import FormProblems, Refused
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.effects import columns
from jizhi.procedure.models import Act, Case
from jizhi.procedure.queries.batch import BatchRow, batch_rows, options_of, proposed, rows_standing
from jizhi.procedure.queries.people import refusal_of
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import Problem, Refusal
from jizhi.rulebook.language import Batch, Outcome, Step

MOST = 2000  # rows of one batch
LONGEST = 300  # characters of a reason
Typed = Mapping[str, str]  # {"值": …, "理由": …, "退回": "是"}


class BatchProblems(FormProblems):
    """What is wrong beside which row, all at once (``rows``: child or case id → sentence), and beside the form. Nothing was
    changed."""

    def __init__(self, rows: Mapping[str, str], problems: Sequence[Problem] = ()) -> None:
        super().__init__([*problems, *(Problem(f"行 {pk}", text) for pk, text in rows.items())])
        self.rows = dict(rows)


@transaction.atomic
def act_batch(
    target: int | Sequence[int],
    step: str,
    outcome: str,
    rows: Mapping[str, Typed],
    *,
    by: Actor,
    today: date,
    key: str,
    opinion: str = "",
    form: Mapping[str, Any] | None = None,
) -> list[Act]:
    """Take a step once for many rows.

    ``target`` a parent's id: one act that decides for each child (``rows`` by the child's id: 值 empty or as proposed takes
    the default, another value needs its 理由; 退回 marks those that an outcome with 子件 sends back). ``target`` several ids:
    the same step of like cases (批办: 允许), a row whose 值 names another outcome needs its 理由. Raises Http404, Refused or
    BatchProblems. With a ``key`` seen before, the acts it made are returned.
    """
    if isinstance(target, int):
        return [_over_children(target, step, outcome, rows, by=by, today=today, key=key, opinion=opinion, form=form or {})]
    return _over_cases(list(dict.fromkeys(target)), step, outcome, rows, by=by, today=today, key=key, opinion=opinion, form=form or {})


# one act of the parent over its children


def _over_children(
    case_id: int,
    name: str,
    outcome: str,
    rows: Mapping[str, Typed],
    *,
    by: Actor,
    today: date,
    key: str,
    opinion: str,
    form: Mapping[str, Any],
) -> Act:
    case = visible(by, WHOLE.select_for_update(of=("self",)).filter(pk=case_id)).first()
    if case is None:
        raise Http404("没有这件案件，或您无权查看")
    key = f"{case_id}:{key}"[:64] if key else ""
    if key and (made := case.acts.filter(key=key).first()):
        return made
    docket = docket_of(case)
    step = _batch_step(docket, name, of_children=True)
    _allow(docket, name, by=by, today=today)
    named = judgement.outcome_named(step, outcome)
    if named is None:
        raise BatchProblems({}, [Problem("结论", "请选一个结论。")])
    known = {row.id: row for row in batch_rows(docket, step)}
    if set(rows) - set(known):
        raise Refused(Refusal("不在名单", "提交的行里有不属于本事项的单位，请刷新页面后再办"))
    facts = _decided(docket, step, named, known, rows, by=by) | _sent_back(named, known, rows)
    _agrees(docket, step, facts, by=by)
    return take(docket, name, outcome, form, by=by, today=today, opinion=opinion, key=key, facts=facts)


def _agrees(docket: Docket, step: Step, facts: Mapping[str, Any], *, by: Actor) -> None:
    """Where a body decides, its members vote on one and the same table: the one that the first of them put forward."""
    for key in ("行", "退回"):
        row = proposed(docket, step, key)
        if key not in facts or row is None or row.by_id == (by.person.pk if by.person else None):
            continue
        before, now = _values(row.facts[key]), _values(facts[key])
        if before != now:
            names = "、".join(sorted({str(pk) for pk, value in (before.items() ^ now.items())}))
            text = f"{row.by_name}已提出方案，您填的在{names}上和它不同；同意的请按原方案提交，不同意的请选其他结论。"
            raise BatchProblems({}, [Problem("方案", text)])


def _values(kept: Mapping[str, Any]) -> dict[str, str]:
    """Unit → value of the rows, or the children sent back."""
    if "子件" in kept:
        return dict.fromkeys(kept["理由"], kept["到"])
    return {row["单位"]: row["值"] for row in kept.values()}


def _decided(
    docket: Docket, step: Step, outcome: Outcome, known: Mapping[str, BatchRow], rows: Mapping[str, Typed], *, by: Actor
) -> dict[str, Any]:
    """The value of each row by the step's first outcome, with the reason where it departs. BatchProblems names every row."""
    batch = step.batch
    if batch is None or outcome.name != step.outcomes[0].name:
        return {}
    options = options_of(docket, step)
    put = proposed(docket, step, "行")
    earlier: Mapping[str, Any] = put.facts["行"] if put and put.by_id != (by.person.pk if by.person else None) else {}
    kept: dict[str, dict[str, str]] = {}
    wrong: dict[str, str] = {}
    for pk, row in known.items():
        if row.stopped:
            continue
        table = earlier.get(pk, {})  # what another member has put forward is agreed to by leaving it as it is
        value = _text(rows.get(pk, {}), "值") or table.get("值", "") or row.default
        reason = _text(rows.get(pk, {}), "理由") or (table.get("理由", "") if value == table.get("值") else "")
        if text := _row_problem(batch, row, value, reason, options):
            wrong[pk] = text
        kept[pk] = {"单位": row.name, "值": value, "默认": row.default, **({"理由": reason} if reason else {})}
    column = columns().get(batch.default[1]) if batch.default else None
    given = {pk: one["值"] for pk, one in {**rows_standing(docket), **kept}.items()}
    found = column.check(docket.case, given) if column and column.check and not wrong else {}
    wrong |= {pk: text for pk, text in found.items() if pk in kept}
    whole = [Problem("名额", found[""])] if "" in found and batch.firm else []
    if wrong or whole:
        raise BatchProblems(wrong, whole)
    return {"行": kept, "摘要": digest(kept)}


def _row_problem(batch: Batch, row: BatchRow, value: str, reason: str, options: Sequence[str]) -> str:
    if not value:
        return "没有测算结果，请填写。"
    if options and value not in options:
        return f"没有“{value}”这一项，可写：{'、'.join(options)}。"
    if batch.reasons and value != row.default and not reason:
        return f"与默认的“{row.default}”不同，请写明理由。" if row.default else "没有测算结果，请写明这样定的理由。"
    return "" if len(reason) <= LONGEST else f"理由最多 {LONGEST} 个字。"


def _sent_back(outcome: Outcome, known: Mapping[str, BatchRow], rows: Mapping[str, Typed]) -> dict[str, Any]:
    """The children that an outcome with 子件 sends back, each with its reason."""
    to = next((branch.children for branch in outcome.branches if branch.children), None)
    if to is None:
        return {}
    chosen = [pk for pk in known if _text(rows.get(pk, {}), "退回")]
    if not chosen:
        raise BatchProblems({}, [Problem("退回", "请勾选要退回的单位。")])
    if wrong := {pk: "退回请写明理由。" for pk in chosen if not _text(rows.get(pk, {}), "理由")}:
        raise BatchProblems(wrong)
    return {"退回": {"子件": chosen, "到": to, "理由": {known[pk].name: _text(rows[pk], "理由") for pk in chosen}}}


# the same step of many cases


def _over_cases(
    ids: Sequence[int],
    name: str,
    outcome: str,
    rows: Mapping[str, Typed],
    *,
    by: Actor,
    today: date,
    key: str,
    opinion: str,
    form: Mapping[str, Any],
) -> list[Act]:
    if not ids or len(ids) > MOST:
        raise BatchProblems({}, [Problem("行", f"请勾选要办的事项，一次最多 {MOST} 件。")])
    keys = {pk: f"{pk}:{key}"[:64] for pk in ids} if key else {}
    cases = list(visible(by, WHOLE.select_for_update(of=("self",)).filter(pk__in=ids)).order_by("pk"))
    if len(cases) != len(ids):
        raise Http404("有的事项不存在，或您无权查看")
    made = list(Act.objects.filter(key__in=keys.values()).order_by("case"))
    if made and len(made) == len(ids):
        return made
    if len({(case.edition_id, case.procedure) for case in cases}) > 1:
        raise Refused(Refusal("不能合办", "勾选的事项不是同一制度的同一程序，请分开办理"))
    acts: list[Act] = []
    wrong: dict[str, str] = {}
    for case in cases:
        typed = rows.get(str(case.pk), {})
        own, reason = _text(typed, "值") or outcome, _text(typed, "理由")
        if own != outcome and not reason:
            wrong[str(case.pk)] = f"与批办的“{outcome}”不同，请写明理由。"
            continue
        try:
            with transaction.atomic():
                acts.append(_one(case, name, own, form, by=by, today=today, opinion=reason or opinion, key=keys.get(case.pk, "")))
        except Refused as no:
            wrong[str(case.pk)] = no.refusal.text
        except FormProblems as problems:
            wrong[str(case.pk)] = " ".join(problem.text for problem in problems.problems)
    if wrong:  # the caller's transaction takes back what was done for the others
        raise BatchProblems(wrong)
    done = {str(act.case_id): {"结论": act.outcome, "意见": act.opinion} for act in acts}
    fields = {"步骤": name, "结论": outcome, "件数": len(acts), "案件": sorted(done), "行摘要": digest(done), "日期": today}
    record("procedure.act_batch", None, by=by, unit=by.unit or cases[0].unit, label=f"{name}（批办 {len(acts)} 件）", fields=fields)
    return acts


def _one(case: Case, name: str, outcome: str, form: Mapping[str, Any], *, by: Actor, today: date, opinion: str, key: str) -> Act:
    docket = docket_of(case)
    _batch_step(docket, name, of_children=False)
    return take(docket, name, outcome, form, by=by, today=today, opinion=opinion, key=key)


def _batch_step(docket: Docket, name: str, *, of_children: bool) -> Step:
    step = docket.step(name)
    if step is None or step.batch is None or step.batch.of_children is not of_children:
        raise Refused(Refusal("不能批办", f"“{name}”没有写明可以批办，请逐件办理"))
    return step


def _allow(docket: Docket, name: str, *, by: Actor, today: date) -> None:
    if (no := refusal_of(docket, name, None, {}, by=by.rulebook(), today=today)) is not None:
        raise Refused(no)


def _text(typed: Typed, name: str) -> str:
    return str(typed.get(name) or "").replace("\x00", "").strip()
