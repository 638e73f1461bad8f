"""The mix of methods and of evidence; every figure opens its records."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.supervision.forms.filters import RecordFilter
from jizhi.supervision.queries import people, records
from jizhi.ui import clock


def methods(request: ActingRequest) -> HttpResponse:
    require(request.actor, "supervision.read_register")
    form = RecordFilter(request.GET or None, units=people.filter_units(request.actor), periods=records.periods(request.actor))
    chosen = {name: value for name, value in form.chosen().items() if name not in ("method", "evidence")}
    rows = records.narrowed(request.actor, chosen, today=clock.today())
    context = {
        "form": form,
        "methods": [(share, _list(chosen, share.query)) for share in records.method_mix(rows)],
        "evidence": [(share, _list(chosen, share.query)) for share in records.evidence_mix(rows)],
        "all": _list(chosen, {}),
        "total": rows.count(),
        "today": clock.today(),
    }
    return render(request, "supervision/methods.html", context)


def _list(chosen: Mapping[str, str], more: Mapping[str, str]) -> str:
    """The address of the records that a figure counts."""
    return f"{reverse('record_list')}?{urlencode({**chosen, **more})}"
