"""办理日志: the entries that the actor may see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from jizhi.access.middleware import ActingRequest
from jizhi.audit.queries import latest_checkpoint, places_of
from jizhi.office import queries
from jizhi.office.forms import LogFilterForm
from jizhi.office.words import actions_known
from jizhi.ui import export
from jizhi.ui.paging import page_of

TABLE: export.Columns = (
    ("时间", lambda entry: f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}"),
    ("办理", lambda entry: actions_known().get(entry.action, entry.action)),
    ("事项", lambda entry: entry.label),
    ("办理人", lambda entry: entry.actor_name),
    ("职务", lambda entry: entry.post),
)


def listing(request: ActingRequest) -> HttpResponse:
    form = LogFilterForm(request.GET or None)
    rows = queries.log_entries(request.actor, form.chosen())
    if export.asked(request):
        return export.table(request, "办理日志", TABLE, rows.order_by("-id").iterator(chunk_size=1000))
    page = page_of(rows, request)
    sealed = places_of([entry.pk for entry in page.rows])
    context = {"form": form, "page": page, "words": actions_known(), "sealed": sealed, "head": latest_checkpoint()}
    return render(request, "office/log.html", context)
