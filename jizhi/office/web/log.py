"""办理日志: the entries that the actor may see."""

from django.http import HttpResponse
from django.shortcuts import render

from jizhi.access.middleware import ActingRequest
from jizhi.office import queries
from jizhi.office.forms import LogFilterForm
from jizhi.office.words import actions_known
from jizhi.ui.paging import page_of


def listing(request: ActingRequest) -> HttpResponse:
    form = LogFilterForm(request.GET or None)
    rows = queries.log_entries(request.actor, form.chosen())
    return render(request, "office/log.html", {"form": form, "page": page_of(rows, request), "words": actions_known()})
