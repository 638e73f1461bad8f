"""The mix of methods and of evidence; every figure opens its records."""

from django.http import HttpResponse
from django.shortcuts import render

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.supervision.forms.filters import RecordFilter
from jizhi.supervision.queries import people, records
from jizhi.ui import clock


def methods(request: ActingRequest) -> HttpResponse:
    require(request.actor, "supervision.read_register")
    form = RecordFilter(request.GET or None, units=people.filter_units(request.actor), periods=records.periods(request.actor))
    chosen = form.chosen()
    rows = records.narrowed(request.actor, chosen, today=clock.today())
    context = {
        "form": form,
        "chosen": chosen,
        "methods": records.method_mix(rows),
        "evidence": records.evidence_mix(rows),
        "total": rows.count(),
        "today": clock.today(),
    }
    return render(request, "supervision/methods.html", context)
