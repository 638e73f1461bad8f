"""The acts on a brief: drafted, saved, published. Its approval in between is its case's own affair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.messages.actions import send_to_all
from jizhi.org.models import Unit
from jizhi.papers.actions import issue_paper
from jizhi.papers.models import Paper
from jizhi.procedure.actions import begin
from jizhi.procedure.models import Act, Case
from jizhi.supervision.brief import queries, rules
from jizhi.supervision.brief.models import Brief, BriefItem


@dataclass(frozen=True)
class Edit:
    """Everything an editor may change."""

    title: str
    strengths: str
    problems_text: str
    items: tuple[rules.Item, ...]
    requirements: str
    report_to: str = ""
    send_to: str = ""
    issue_to: str = ""
    copies: int = 0
    audience: tuple[int, ...] = ()  # ids of units


class Stale(Exception):  # noqa: N818  an outcome, not a fault
    """Someone else saved the brief meanwhile; nothing was changed."""

    def __init__(self, brief: Brief) -> None:
        super().__init__(f"{brief.editor.name}已在您编辑期间保存过第 {brief.version} 稿")
        self.brief = brief


@transaction.atomic
def draft_brief(unit: Unit, *, title: str, period: str, since: date, until: date, by: Actor, today: date, key: str = "") -> Brief:
    """A brief of the period with its three parts drafted from the records, and its case begun."""
    require(by, "supervision.edit_brief", unit)
    assert by.person is not None
    case = begin(rules.CODE, rules.PROCEDURE, unit=unit, title=title, parties={}, form={}, by=by, today=today, key=key)
    if known := Brief.objects.filter(case=case).first():
        return known  # the same form sent twice
    draft = rules.draft(queries.inspected(unit, since, until), queries.ledger(unit, since, until), today=today)
    audience = queries.audience_of(unit, on=today)
    brief = Brief.objects.create(
        unit=unit,
        case=case,
        period=period,
        since=since,
        until=until,
        title=title,
        strengths=draft.strengths,
        requirements=draft.requirements,
        report_to=queries.office_above(unit),
        issue_to="各处室",
        editor=by.person,
    )
    case.subject_type, case.subject_id = brief._meta.label, str(brief.pk)
    case.save(update_fields=["subject_type", "subject_id"])
    _write_items(brief, draft.items)
    brief.published_to.set(audience)
    record("supervision.draft_brief", brief, by=by, fields={"标题": title, "自": since, "至": until}, unit=unit)
    return brief


@transaction.atomic
def save_brief(brief_id: int, edit: Edit, *, version: int, by: Actor, today: date) -> Brief:
    """The next version, unless someone saved one after ``version`` was read (Stale)."""
    brief = Brief.objects.select_for_update(of=("self",)).select_related("unit", "case__edition", "editor").get(pk=brief_id)
    require(by, "supervision.edit_brief", brief)
    assert by.person is not None
    if not queries.can_edit(brief):
        raise Forbidden("简报已经提交审核或发布，不能再改；需要修改时请审核人退回")
    if brief.version != version:
        raise Stale(brief)
    for name in ("title", "strengths", "problems_text", "requirements", "report_to", "send_to", "issue_to", "copies"):
        setattr(brief, name, getattr(edit, name))
    brief.editor, brief.version = by.person, version + 1
    brief.save()
    brief.items.all().delete()
    _write_items(brief, edit.items)
    allowed = {unit.pk for unit in queries.audience_of(brief.unit, on=today)}
    brief.published_to.set(pk for pk in edit.audience if pk in allowed)
    texts = {"标题": edit.title, "版本": brief.version, "问题": [item.text for item in edit.items]}
    record("supervision.save_brief", brief, by=by, fields=texts, unit=brief.unit)
    return brief


@transaction.atomic
def publish_brief(case: Case, act: Act, *, by: Actor, today: date) -> Brief:
    """督导.发布简报: number it, freeze what is printed, tell the units. Who may is the step's own 由, judged by the engine."""
    brief = Brief.objects.select_for_update(of=("self",)).select_related("unit", "editor").get(case=case)
    if brief.paper_id:
        return brief
    reviewer, signer = _approvers(case, act)
    snapshot = queries.frozen(queries.as_paper(brief, day=today, reviewer=reviewer, signer=signer))
    paper = issue_paper(rules.KIND, unit=brief.unit, title=brief.title, about=brief, snapshot=snapshot, by=by, today=today)
    # the serial's row is locked by issue_paper: the total cannot be given twice
    brief.issue, brief.total = paper.number, Paper.objects.filter(unit=brief.unit, kind=rules.KIND).count()
    brief.paper, brief.published_on = paper, today
    brief.save(update_fields=["issue", "total", "paper", "published_on"])
    units = list(brief.published_to.all())
    title = f"督导简报{brief.number_line}：{brief.title}"
    send_to_all(queries.readers(units, on=today), title, link=f"/supervision/briefs/{brief.pk}/", key=f"brief-{brief.pk}", now=act.at)
    fields = {"issue": brief.issue, "total": brief.total, "published_to": [unit.name for unit in units]}
    record("supervision.publish_brief", brief, by=by, fields=fields, unit=brief.unit)
    return brief


def _write_items(brief: Brief, items: Sequence[rules.Item]) -> None:
    BriefItem.objects.bulk_create(
        BriefItem(brief=brief, number=number, text=item.text[:500], finding_id=item.finding) for number, item in enumerate(items, start=1)
    )


def _approvers(case: Case, act: Act) -> tuple[str, str]:
    """审核 is whoever took the last step before the publishing act by another person, 签发 whoever published."""
    before = [row for row in case.acts.all() if row.number < act.number and row.by_id and row.by_id != act.by_id]
    return (before[-1].by_name if before else act.by_name), act.by_name
