"""Results of a year before this program, from a spreadsheet: checked whole, kept whole or not at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions import record_past
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.forms import PastForm
from jizhi.appraisal.web.answers import campaign_for
from jizhi.org.imports import Column, Kind, parsed_as
from jizhi.ui import clock

SHOWN = 20  # problems of a page
KIND = Kind(
    "往年结果",
    (
        Column("unit", ("单位", "村")), Column("rank", ("名次",), required=False), Column("grade", ("等次", "等级"), required=False),
        Column("stars", ("星级",), required=False), Column("score", ("得分",), required=False),
    ),
)  # fmt: skip
HEADS = {column.key: column.heads[0] for column in KIND.columns}


def past(request: ActingRequest, pk: int) -> HttpResponse:
    campaign = campaign_for(request, pk)
    require(request.actor, "appraisal.record_past", campaign.unit)
    form = PastForm(request.POST or None, request.FILES or None, initial={"year": campaign.year - 1})
    if request.method == "POST" and form.is_valid():
        found = parsed_as(KIND, form.cleaned_data["file"].read(), kind="past")
        problems = [f"第 {error.row} 行{error.column}：{error.text}" for error in found.errors]
        if not problems:
            rows = [dict(row.cells) for row in found.rows]
            edition, year = campaign.case.edition, form.cleaned_data["year"]
            try:
                made = record_past(
                    campaign.unit, edition=edition, standard=campaign.standard, year=year, rows=rows, by=request.actor, today=clock.today()
                )
            except AppraisalRefused as refused:
                problems = [_said(field, text, [row.number for row in found.rows]) for field, text in refused.fields.items()]
            else:
                messages.success(request, f"已补录 {len(made)} 个单位 {year} 年的结果")
                return redirect("appraisal", pk)
        for text in problems[:SHOWN]:
            form.add_error("file", text)
    context = {"form": form, "title": "补录往年结果", "verb": "检查并导入", "back": f"/appraisal/{pk}/", "upload": True, "spec": KIND}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


def _said(field: str, text: str, numbers: list[int]) -> str:
    at, _, key = field.partition("-")
    return f"第 {numbers[int(at) - 1]} 行{HEADS.get(key, '')}：{text}" if at.isdecimal() else text
