"""借出、到期、逾期 of every village whose fund the reader may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.fund.queries.ledger import funds
from jizhi.fund.queries.loans import STATES, loans, villages
from jizhi.kernel.ids import id_of
from jizhi.kernel.money import plain_yuan
from jizhi.procedure.queries.lists import status_of
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("借款", lambda case: case.title),
    ("村", lambda case: case.unit.name),
    ("借出（元）", lambda case: plain_yuan(case.lent_fen)),
    ("已还（元）", lambda case: plain_yuan(case.back_fen)),
    ("未还（元）", lambda case: plain_yuan(case.left_fen)),
    ("到期", lambda case: case.due),
)


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    require(request.actor, "fund.read")
    today, given = clock.today(), request.GET
    state = given.get("state", "")
    fund = funds(request.actor).filter(pk=id_of(given.get("fund"))).first()
    rows = loans(request.actor, state=state, fund=fund, today=today)
    if export.asked(request):
        return export.table(request, "借款", TABLE, rows)
    page = page_of(rows, request, order=("falls_due", "id"))
    context = {
        "page": page, "rows": [(case, *status_of(case, today)) for case in page.rows], "total": count_words(rows), "states": STATES,
        "state": state, "fund": fund, "villages": villages(request.actor, today=today),
    }  # fmt: skip
    return render(request, "fund/loans.html", context)
