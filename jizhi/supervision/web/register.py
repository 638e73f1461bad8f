"""问题整改台账: the page, and the same rows and columns as a spreadsheet."""

from django.http import HttpResponse
from django.shortcuts import render

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.supervision.forms.filters import RegisterFilter
from jizhi.supervision.queries import people, register
from jizhi.ui import clock
from jizhi.ui import export as files
from jizhi.ui.paging import count_words, page_of


def listing(request: ActingRequest) -> HttpResponse:
    require(request.actor, "supervision.read_register")
    form, today, columns = _form(request), clock.today(), register.columns(wide=bool(request.GET.get("wide")))
    narrow = form.narrow()
    rows = register.register(request.actor, narrow, today=today)
    page = page_of(register.with_history(rows), request, order=("-began_on", "-id"))
    context = {
        "form": form,
        "page": page,
        "columns": columns,
        "lines": [register.shown(line, columns) for line in register.lines(page.rows, today=today)],
        "total": count_words(rows),
        "totals": register.totals(register.register(request.actor, narrow.without("state"), today=today), today=today),
        "wide": bool(request.GET.get("wide")),
        "more": bool({"layer", "degree", "method", "unit"} & form.chosen().keys()),
    }
    return render(request, "supervision/register.html", context)


def export(request: ActingRequest) -> HttpResponse:
    """Exactly the rows and columns that the page shows with the same address."""
    require(request.actor, "supervision.read_register")
    form, today = _form(request), clock.today()
    columns = register.columns(wide=bool(request.GET.get("wide")))
    rows = register.with_history(register.register(request.actor, form.narrow(), today=today)).order_by("-began_on", "-id")
    lines = (register.Line(case, today) for case in rows.iterator(chunk_size=500))
    table = [(column.head, column.cell) for column in columns]
    return files.table(request, "问题整改台账", table, lines)


def _form(request: ActingRequest) -> RegisterFilter:
    whole = register.register(request.actor, today=clock.today())
    words = {"layer": register.choices_in(whole, "层面"), "degree": register.choices_in(whole, "程度"), "area": register.areas(whole)}
    return RegisterFilter(
        request.GET or None, departments=people.departments_for(request.actor), schools=people.filter_schools(request.actor), words=words
    )
