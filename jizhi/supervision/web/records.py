"""Records: the list, one record, what is about me; answering and adding evidence."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.evidence.queries import evidence_about
from jizhi.supervision import rules
from jizhi.supervision.actions import add_record_evidence, answer_record
from jizhi.supervision.forms.answer import AnswerForm, EvidenceForm
from jizhi.supervision.forms.filters import RecordFilter
from jizhi.supervision.models import Record
from jizhi.supervision.queries import derivation, people, records
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("事项", lambda record: record.title),
    ("学校", lambda record: record.unit.name),
    ("检查类型", lambda record: record.get_kind_display()),
    ("对象", lambda record: record.subject.name),
    ("检查人", lambda record: record.inspector.name),
    ("日期", lambda record: record.day),
)


def listing(request: ActingRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    form = RecordFilter(request.GET or None, units=people.filter_units(actor), periods=records.periods(actor))
    rows = records.narrowed(actor, form.chosen(), today=today)
    if export.asked(request):
        return export.table(request, "检查记录", TABLE, rows.order_by("-day", "-id"))
    page = page_of(rows, request, order=("-day", "-id"))
    due = records.to_follow_up(actor, today=today)
    context = {
        "form": form,
        "page": page,
        "grades": derivation.grades(page.rows),
        "total": count_words(rows),
        "follow_up": count_words(due),
        "kinds": rules.KINDS if may(actor, "supervision.submit_record") else (),
    }
    return render(request, "supervision/records.html", context)


def about_me(request: ActingRequest) -> HttpResponse:
    rows = records.about_me(request.actor, today=clock.today())
    if export.asked(request):
        return export.table(request, "对我的检查", TABLE, rows.order_by("-day", "-id"))
    page = page_of(rows, request, order=("-day", "-id"))
    return render(request, "supervision/about_me.html", {"page": page, "grades": derivation.grades(page.rows), "total": count_words(rows)})


def record(request: ActingRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(records.record_page(request.actor), pk=pk))


@require_POST
def answer(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(records.record_page(request.actor), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, answer_form=form)
    data = form.cleaned_data
    answer_record(pk, data["text"], by=request.actor, today=clock.today(), now=clock.now(), key=data["key"])
    messages.success(request, "已回应，检查人会收到消息")
    return redirect("record", pk)


@require_POST
def evidence(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(records.record_page(request.actor), pk=pk)
    require(request.actor, "supervision.add_evidence", found)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, evidence_form=form)
    data = form.cleaned_data
    add_record_evidence(pk, text=data["evidence"], upload=data["upload"], by=request.actor, today=clock.today(), now=clock.now())
    messages.success(request, "已补充佐证")
    return redirect("record", pk)


def _page(
    request: ActingRequest, found: Record, *, answer_form: AnswerForm | None = None, evidence_form: EvidenceForm | None = None
) -> HttpResponse:
    actor = request.actor
    sheet = derivation.standing(found.sheet) if found.sheet else None
    context = {
        "record": found,
        "sheet": sheet,
        "scored": derivation.scored(sheet) if sheet else None,
        "findings": records.findings_of(actor, found),
        "evidence": evidence_about(found),
        "previous": records.previous(actor, person=found.person, department=found.department, before=found).first(),
        "answer_form": (answer_form or AnswerForm()) if records.may_answer(actor, found) else None,
        "evidence_form": (evidence_form or EvidenceForm()) if may(actor, "supervision.add_evidence", found) else None,
        "can_follow": may(actor, "supervision.submit_record", found.unit),
        "can_list": visible(actor, Record.objects.filter(unit=found.unit)).exclude(pk=found.pk).exists(),
        "today": clock.today(),
    }
    return render(request, "supervision/record.html", context)
