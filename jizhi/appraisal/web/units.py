"""One unit of a campaign: how its result came about, marks, vetoes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions import answer_veto, give_mark, lower_stars, record_veto, withdraw_veto
from jizhi.appraisal.forms import AnswerForm, LowerForm, MarkForm, ReasonForm, VetoForm
from jizhi.appraisal.models import CampaignPoll, Mark, OwnTasks, Verdict, Veto
from jizhi.appraisal.queries.campaigns import awarded_of, decided, places_by_unit, result_of, standard_for, underway
from jizhi.appraisal.queries.pay import has_pay, published_plan
from jizhi.appraisal.queries.records import filled
from jizhi.appraisal.queries.scores import may_score
from jizhi.appraisal.rules import said_verdict
from jizhi.appraisal.web.answers import child_for, tried
from jizhi.org.models import Unit
from jizhi.procedure.many import period_of
from jizhi.regulation.queries import family
from jizhi.sheets.models import Sheet
from jizhi.ui import clock


def unit(request: ActingRequest, pk: int) -> HttpResponse:
    child, campaign = child_for(request, pk)
    standard = standard_for(child)
    place = places_by_unit(result_of(campaign)).get(child.unit_id)
    sheets = Sheet.objects.filter(
        edition=child.edition_id, standard=standard.name, subject_type=Unit._meta.label, subject_id=str(child.unit_id),
        period__startswith=period_of(child), handed_in_at__isnull=False, replaced_by=None,
    )  # fmt: skip
    past = Verdict.objects.filter(unit=child.unit_id, code__in=family(child.edition)).select_related("corrected_by")
    table = None
    if standard.own_tasks is not None:
        table = OwnTasks.objects.filter(
            unit=child.unit_id, edition=child.edition_id, schedule=standard.own_tasks.schedule, year=campaign.year
        ).first()
    above = may(request.actor, "appraisal.read", campaign.unit)
    seen = list((sheets if above else sheets.filter(rater=request.actor.person)).select_related("rater").order_by("group", "pk"))
    row = decided(campaign.case).get(str(child.pk), {})
    awarded, open_ = awarded_of(child), underway(child)
    times = dict.fromkeys(("record_veto", "answer_veto", "withdraw_veto"), open_ or awarded is not None)
    times |= {"give_mark": open_, "lower_stars": awarded is not None}
    context = {
        "child": child,
        "campaign": campaign,
        "standard": standard,
        "place": place,
        "kept": place.derivation if place else None,
        "said": said_verdict(row.get("值", "")),
        "said_why": row.get("理由", ""),
        "verdicts": visible(request.actor, past).order_by("-year", "-pk"),
        "sheets": seen,
        "filled": filled(standard, seen),
        "marks": visible(request.actor, Mark.objects.filter(case=child)).select_related("by"),
        "vetoes": visible(request.actor, Veto.objects.filter(case=child)).select_related("by", "defended_by", "lowered"),
        "polls": CampaignPoll.objects.filter(campaign=campaign).select_related("poll"),
        "table": table,
        "scores": may_score(campaign, request.actor, child),
        "has_pay": has_pay(child),
        "pay": published_plan(child),
        "awarded": awarded,
        "can": {name: when and may(request.actor, f"appraisal.{name}", child.unit) for name, when in times.items()},
    }
    return render(request, "appraisal/unit.html", context)


def mark(request: ActingRequest, pk: int) -> HttpResponse:
    child, _ = child_for(request, pk)
    require(request.actor, "appraisal.give_mark", child.unit)
    form = MarkForm(request.POST or None, standard=standard_for(child))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tried(form, lambda: give_mark(child.pk, **data, by=request.actor, today=clock.today())) is not None:
            messages.success(request, f"已登记{data['item']}")
            return redirect("appraised_unit", pk)
    context = {"form": form, "title": f"{child.unit.name}：登记述职和加减分", "verb": "登记", "back": f"/appraisal/units/{pk}/"}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


def veto(request: ActingRequest, pk: int) -> HttpResponse:
    child, _ = child_for(request, pk)
    require(request.actor, "appraisal.record_veto", child.unit)
    form = VetoForm(request.POST or None, standard=standard_for(child))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tried(form, lambda: record_veto(child.pk, **data, by=request.actor, today=clock.today())) is not None:
            messages.success(request, "已登记，请告知该村申辩；要件不全的不启用")
            return redirect("appraised_unit", pk)
    context = {"form": form, "title": f"{child.unit.name}：登记否决事项", "verb": "登记", "back": f"/appraisal/units/{pk}/"}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


def answer(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, Veto.objects.select_related("case__unit")), pk=pk)
    require(request.actor, "appraisal.answer_veto", found)
    form = AnswerForm(request.POST or None, initial={"defence": found.defence})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["defence"]
        if tried(form, lambda: answer_veto(pk, defence=text, by=request.actor, today=clock.today())) is not None:
            messages.success(request, "申辩已记下，随否决事项一起交有权机关")
            return redirect("appraised_unit", found.case_id)
    context = {"form": form, "title": f"对“{found.matter}”申辩", "verb": "提交申辩", "back": f"/appraisal/units/{found.case_id}/"}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, Veto.objects.select_related("case__unit")), pk=pk)
    require(request.actor, "appraisal.withdraw_veto", found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["reason"]
        if tried(form, lambda: withdraw_veto(pk, reason=text, by=request.actor, today=clock.today())) is not None:
            messages.success(request, "已撤销")
            return redirect("appraised_unit", found.case_id)
    context = {"form": form, "title": f"撤销“{found.matter}”", "verb": "撤销", "back": f"/appraisal/units/{found.case_id}/"}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


def lower(request: ActingRequest, pk: int) -> HttpResponse:
    """A veto found within the year after the award: the decision by which the unit loses stars."""
    found = get_object_or_404(visible(request.actor, Veto.objects.select_related("case__unit")), pk=pk)
    require(request.actor, "appraisal.lower_stars", found)
    form = LowerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: lower_stars(pk, **form.cleaned_data, by=request.actor, today=clock.today()))
        if made is not None:
            messages.success(request, f"已登记，{made.because}；公布的结果已更正")
            return redirect("appraised_unit", found.case_id)
    title = f"{found.case.unit.name}：因“{found.matter}”降星"
    context = {"form": form, "title": title, "verb": "登记决定", "back": f"/appraisal/units/{found.case_id}/"}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)
