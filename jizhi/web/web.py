"""The workbench, one's own page, and the messages."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from jizhi.access.gate import require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.messages.actions import mark_read
from jizhi.messages.models import Message
from jizhi.procedure.queries.lists import bands, begun_by, done_by
from jizhi.ui import clock, export
from jizhi.ui.paging import page_of
from jizhi.ui.templatetags.jizhi import cn_time
from jizhi.web import menu, on_time
from jizhi.web.marks import SUPERVISION
from jizhi.web.workbench import bench_of

TODO: export.Columns = (
    ("事项", lambda duty: duty.todo.title),
    ("要办的", lambda duty: duty.todo.verb),
    ("说明", lambda duty: duty.todo.note),
    ("期限", lambda duty: duty.todo.due),
    ("缓急", lambda duty: duty.band),
)
DONE: export.Columns = (
    ("事项", lambda act: act.case.title),
    ("编号", lambda act: act.case.number),
    ("单位", lambda act: act.case.unit.name),
    ("步骤", lambda act: act.step),
    ("结论", lambda act: act.outcome),
    ("日期", lambda act: act.day),
    ("身份", lambda act: act.post),
)
BEGUN: export.Columns = (
    ("事项", lambda case: case.title),
    ("编号", lambda case: case.number),
    ("现在", lambda case: case.end or case.step),
    ("发起", lambda case: case.began_on),
    ("期限", lambda case: None if case.end else case.due),
)
INBOX: export.Columns = (
    ("消息", lambda message: message.title),
    ("内容", lambda message: message.text),
    ("时间", lambda message: cn_time(message.at)),
    ("状态", lambda message: "已读" if message.read_at else "未读"),
)
DUE: export.Columns = (
    ("问题", lambda row: row.title),
    ("编号", lambda row: row.number),
    ("整改时限", lambda row: row.limit),
    ("最后申请销号", lambda row: row.applied),
    ("结果", lambda row: row.end or "在办"),
    ("按期", lambda row: "按期" if row.in_time else "超过时限" if row.end else "未销号"),
)


def workbench(request: ActingRequest) -> HttpResponse:
    """待办 by default; 已办 and 我发起的 are pages of the same place."""
    actor, today, tab = request.actor, clock.today(), request.GET.get("tab", "")
    if export.asked(request):
        return _exported(request, tab)
    inspected = SUPERVISION in menu.marks_on(request).reached
    bench = bench_of(actor, menu.duties_of(request), today=today, now=clock.now(), inspected=inspected)
    context: dict[str, object] = {
        "bench": bench,
        "formula": on_time.FORMULA,
        "quick": menu.quick(actor),
        "tab": tab,
        "band": request.GET.get("band", ""),
    }
    if tab == "done":
        context["page"] = page_of(done_by(actor), request)
    elif tab == "begun":
        context["page"] = page_of(begun_by(actor), request)
    return render(request, "web/workbench.html", context)


def _exported(request: ActingRequest, tab: str) -> HttpResponse:
    """The tab that is open, whole."""
    if tab == "done":
        return export.table(request, "已办", DONE, done_by(request.actor).order_by("-id"))
    if tab == "begun":
        return export.table(request, "我发起的", BEGUN, begun_by(request.actor).order_by("-id"))
    band = request.GET.get("band", "")
    duties = [duty for _, rows in bands(menu.duties_of(request)) for duty in rows if band in ("", duty.band)]
    return export.table(request, "待办", TODO, duties)


def due_in_month(request: ActingRequest) -> HttpResponse:
    """The findings behind one month of the rate."""
    require(request.actor, "supervision.read_register")
    today = clock.today()
    try:
        first = date.fromisoformat(f"{request.GET.get('month') or f'{today:%Y-%m}'}-01")
    except ValueError:
        first = today.replace(day=1)
    rows = on_time.in_month(on_time.due_list(request.actor, since=first, today=today), first)
    if export.asked(request):
        return export.table(request, f"按期销号率{first:%Y年%m月}", DUE, rows)
    context = {"rows": rows, "first": first, "kept": sum(row.in_time for row in rows), "formula": on_time.FORMULA}
    return render(request, "web/on_time.html", context)


def me(request: ActingRequest) -> HttpResponse:
    """Who I am today, in which post I act; on phones also the whole menu."""
    return render(request, "web/me.html", {"groups": menu.groups(request.actor, request.path, menu.marks_on(request))})


def messages(request: ActingRequest) -> HttpResponse:
    rows = visible(request.actor, Message.objects.all())
    if export.asked(request):
        return export.table(request, "消息", INBOX, rows.order_by("-id"))
    return render(request, "web/messages.html", {"page": page_of(rows, request)})


@require_POST
def open_message(request: ActingRequest, pk: int) -> HttpResponse:
    """Marks the message read and goes where it points."""
    message = get_object_or_404(visible(request.actor, Message.objects.all()), pk=pk)
    mark_read(message.pk, by=request.actor, now=clock.now())
    return redirect(message.link or "messages")


urlpatterns = [
    path("", workbench, name="workbench"),
    path("due/", due_in_month, name="due_in_month"),
    path("me/", me, name="me"),
    path("messages/", messages, name="messages"),
    path("messages/<int:pk>/", open_message, name="open_message"),
]
