"""借出、到期、逾期 of every village whose fund the reader may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.fund.queries.ledger import funds
from jizhi.fund.queries.loans import STATES, loans, villages
from jizhi.fund.web.answers import day, money
from jizhi.kernel.ids import id_of
from jizhi.procedure.queries.lists import status_of
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("借款", lambda row: row[0].title),
    ("村", lambda row: row[0].unit.name),
    ("借出（元）", lambda row: money(row[0].lent_fen)),
    ("已还（元）", lambda row: money(row[0].back_fen)),
    ("未还（元）", lambda row: money(row[0].left_fen)),
    ("到期", lambda row: day(row[0].due)),
    ("状态", lambda row: row[2]),
)
VILLAGES: export.Columns = (
    ("村", lambda row: row.fund.unit.name),
    ("未还（笔）", lambda row: row.out[0]),
    ("未还（元）", lambda row: money(row.out[1])),
    ("30 天内到期（笔）", lambda row: row.soon[0]),
    ("30 天内到期（元）", lambda row: money(row.soon[1])),
    ("逾期（笔）", lambda row: row.late[0]),
    ("逾期（元）", lambda row: money(row.late[1])),
    ("建账前的借款（笔）", lambda row: row.old[0]),
    ("建账前的借款（元）", lambda row: money(row.old[1])),
)


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    require(request.actor, "fund.read")
    today, given = clock.today(), request.GET
    state = given.get("state", "")
    fund = funds(request.actor).filter(pk=id_of(given.get("fund"))).first()
    rows = loans(request.actor, state=state, fund=fund, today=today)
    by_village = villages(request.actor, today=today)
    if export.asked(request):
        found = [(case, *status_of(case, today)) for case in rows]
        return export.book(request, "产业借款", [export.sheet("借款", TABLE, found), export.sheet("各村", VILLAGES, by_village)])
    page = page_of(rows, request, order=("falls_due", "id"))
    context = {
        "page": page, "rows": [(case, *status_of(case, today)) for case in page.rows], "total": count_words(rows), "states": STATES,
        "state": state, "fund": fund, "villages": by_village,
    }  # fmt: skip
    return render(request, "fund/loans.html", context)
