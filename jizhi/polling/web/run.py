"""One poll: its page, roll, slips, paper, close, spreadsheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.polling import queries
from jizhi.polling.actions import (
    FROZEN,
    PollRefused,
    check_tally,
    close_poll,
    enter_named,
    enter_paper,
    enter_tally,
    issue_mark,
    print_slips,
    reject_tally,
    take_back,
)
from jizhi.polling.counting import figures_of, in_the_way
from jizhi.polling.export import named_sheet, result_sheets, roll_columns
from jizhi.polling.forms.run import HANDED_OUT, BallotForm, CloseForm, MarkForm, SheetForm, SlipsForm, TakeBackForm, TallyForm
from jizhi.polling.models import Channel, Poll, Result
from jizhi.polling.rules import least_words
from jizhi.polling.slips import form_pdf, qr_svg, slips_pdf
from jizhi.polling.web.make import seen
from jizhi.ui import clock
from jizhi.ui.export import asked, book, table
from jizhi.ui.paging import page_of


def poll(request: ActingRequest, pk: int) -> HttpResponse:
    """What stands, what comes next; after the close the result."""
    found = seen(request, pk)
    result = Result.objects.filter(poll=found).select_related("closed_by", "witness").first()
    link = request.build_absolute_uri(reverse("survey_wall", args=[found.wall])) if found.wall and found.is_open else ""
    context = {
        "poll": found,
        "result": result,
        "panels": queries.panels(found, result) if result else [],
        "headings": [(text, items) for (text, _), items in queries.headings(found.items.all())],
        "sheets": found.tallies.exclude(checked_by=None).select_related("entered_by", "checked_by") if result else (),
        "figures": figures_of(found) if result is None else None,
        "least": least_words(found.least),
        "waiting": in_the_way(found) if found.is_open else [],
        "can_organise": may(request.actor, "polling.organise", found),
        "staff": found.staff.all(),
        "link": link,
        "qr": qr_svg(link) if link else "",
        "frozen": FROZEN,
    }
    return render(request, "polling/poll.html", context)


def roll(request: ActingRequest, pk: int) -> HttpResponse:
    """Who is on the roll and what was handed to whom; POST marks the ticked, or the rest of a group."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    if request.method == "POST":
        return _mark(request, found)
    text, given, group = (request.GET.get(name, "").replace("\x00", "") for name in ("q", "given", "group"))
    rows = queries.roll_matching(found, text, given=given)
    rows = rows.filter(group=group) if group else rows
    if asked(request):
        return table(request, "名册", roll_columns(found), rows.order_by("id"))
    groups = sorted(set(found.roll.values_list("group", flat=True)))
    context = {
        "poll": found, "page": page_of(rows, request, order=("id",), size=50), "figures": figures_of(found), "q": text, "given": given,
        "group": group, "groups": groups, "channels": Channel.choices, "handed_out": HANDED_OUT,
        "can_organise": may(request.actor, "polling.organise", found),
    }  # fmt: skip
    return render(request, "polling/roll.html", context)


def _mark(request: ActingRequest, found: Poll) -> HttpResponse:
    form = MarkForm(request.POST)
    here = redirect(f"{request.path}?{request.GET.urlencode()}")
    if not form.is_valid():
        messages.error(request, "请选发给什么：凭条还是纸质票")
        return here
    numbers = form.numbers(request.POST)
    if "whole" in request.POST:
        rest = found.roll.filter(group=request.POST.get("group", "").replace("\x00", ""), channel="")
        numbers = list(rest.values_list("number", flat=True)[:1000])
    if not numbers:
        messages.error(request, "没有选人，或者这一组都已经发过")
        return here
    channel = Channel(form.cleaned_data["channel"])
    try:
        issue_mark(found.pk, numbers, channel, by=request.actor, today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, f"已登记发出{channel.label} {len(set(numbers))} 人")
    return here


def back(request: ActingRequest, pk: int) -> HttpResponse:
    """An unused slip or paper ballot comes back."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    entry = found.roll.filter(number=(request.POST or request.GET).get("number", "").replace("\x00", "")).first()
    if entry is None:
        messages.error(request, "名册里没有这个编号，请在名册上找到本人再收回")
        return redirect("poll_roll", pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None, initial={"number": entry.number})
    if request.method == "POST" and form.is_valid():
        try:
            take_back(found.pk, entry.number, form.cleaned_data["code"], by=request.actor, today=clock.today())
        except PollRefused as refused:
            for name, text in (refused.fields or {"code": refused.text}).items():
                form.add_error(name, text)
        else:
            messages.success(request, f"已收回{entry.name}的，可以改发别的方式")
            return redirect("poll_roll", pk)
    return render(request, "polling/back.html", {"poll": found, "entry": entry, "form": form})


def slips(request: ActingRequest, pk: int) -> HttpResponse:
    """POST makes new codes and gives them as one PDF; they are kept nowhere."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    form = SlipsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = print_slips(found.pk, again=form.cleaned_data["again"], by=request.actor, today=clock.today())
        except PollRefused as refused:
            form.add_error(None, refused.text)
        else:
            response = HttpResponse(slips_pdf(found, made, site=request.build_absolute_uri("/")), content_type="application/pdf")
            response["Content-Disposition"] = f'attachment; filename="slips-{found.pk}.pdf"'
            return response
    live = found.tokens.filter(channel=Channel.SLIP, void=False).count()
    return render(request, "polling/slips.html", {"poll": found, "form": form, "live": live, "people": found.roll.count()})


def tally(request: ActingRequest, pk: int) -> HttpResponse:
    """Counting sheets by group. Who entered one does not confirm it; confirmed figures are not shown before the close."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    if not found.is_poll:
        raise Http404
    groups = sorted(set(found.roll.values_list("group", flat=True)))
    chosen = (request.POST or request.GET).get("group")
    group = chosen if chosen in groups else groups[0] if len(groups) == 1 and not chosen else None
    tallies = {tally.group: tally for tally in found.tallies.select_related("entered_by", "checked_by")}
    one = tallies.get(group) if group is not None else None
    if request.method == "POST" and group is None:
        messages.error(request, "请从名册的组别里选一组")
        return redirect("poll_tally", pk)
    if request.method == "POST" and group is not None and request.POST.get("do") in ("check", "reject"):
        return _checked(request, found, group)
    form = TallyForm(request.POST if request.method == "POST" else None, poll=found, tally=None if one and one.checked_by_id else one)
    if group is not None and form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            enter_tally(
                pk, group, returned=data["returned"], valid=data["valid"], votes=form.votes, by=request.actor, today=clock.today()
            )  # fmt: skip
        except PollRefused as refused:
            form.refuse(refused.fields or {"": refused.text})
        else:
            messages.success(request, f"{group}计票表已录入，请监票人用自己的账号登录确认")
            return redirect("poll_tally", pk)
    issued = {name: found.roll.filter(group=name, channel=Channel.PAPER).count() for name in groups}
    lines = [(name, issued[name], tallies.get(name)) for name in groups]
    mine = one is not None and request.actor.person is not None and one.entered_by_id == request.actor.person.pk
    context = {
        "poll": found, "lines": lines, "group": group, "one": one, "form": form, "issued": issued.get(group or "", 0), "mine": mine,
        "entering": found.is_open and (form.is_bound or issued.get(group or "")) and (one is None or (mine and not one.checked_by_id)),
        "checking": found.is_open and one is not None and not mine and not one.checked_by_id,
    }  # fmt: skip
    return render(request, "polling/tally.html", context)


def _checked(request: ActingRequest, found: Poll, group: str) -> HttpResponse:
    try:
        if request.POST["do"] == "check":
            check_tally(found.pk, group, by=request.actor, today=clock.today())
            messages.success(request, f"{group}计票表您已监票确认，封存时计入，封存前不再显示")
        else:
            reject_tally(found.pk, group, by=request.actor, today=clock.today())
            messages.success(request, f"{group}计票表已退回，请重新录入")
    except PollRefused as refused:
        messages.error(request, refused.text)
    return redirect("poll_tally", found.pk)


def paper(request: ActingRequest, pk: int) -> HttpResponse:
    """One paper form of a questionnaire typed in: for a group, or where it is named for the person who signed it."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    if found.is_poll:
        return redirect("poll_tally", pk)
    posted = request.POST if request.method == "POST" else None
    ballot, sheet = BallotForm(posted, poll=found, paper=True), SheetForm(posted, poll=found)
    if posted is not None and all([ballot.is_valid(), sheet.is_valid()]):
        try:
            if found.named:
                enter_named(pk, sheet.who, ballot.answers, by=request.actor, today=clock.today())
            else:
                enter_paper(pk, sheet.who, ballot.answers, key=ballot.cleaned_data["key"], by=request.actor, today=clock.today())
        except PollRefused as refused:
            ballot.add_error(None, refused.text)
        else:
            messages.success(request, "已录入一份，和其他答卷一起计一次")
            return redirect("poll_paper", pk)
    return render(request, "polling/paper.html", {"poll": found, "form": ballot, "sheet": sheet})


def form(request: ActingRequest, pk: int) -> HttpResponse:
    """The blank paper form as PDF, to be printed and filled in by hand."""
    found = seen(request, pk)
    response = HttpResponse(form_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="form-{found.pk}.pdf"'
    return response


def answers(request: ActingRequest, pk: int) -> HttpResponse:
    """Who answered what in a named questionnaire, after the close."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    if not (found.named and found.is_closed):
        raise Http404
    if asked(request):
        return book(request, "实名答卷", [named_sheet(found)])
    rows, items = queries.named_answers(found), list(found.items.all())
    page = page_of(rows, request, order=("entry_id",), size=50)
    lines = [(one.entry, zip([item.text for item in items], queries.answer_words(found, items, one), strict=True)) for one in page.rows]
    return render(request, "polling/answers.html", {"poll": found, "page": page, "lines": lines, "total": rows.count()})


def close(request: ActingRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    require(request.actor, "polling.organise", found)
    form = CloseForm(request.POST if request.method == "POST" else None, poll=found, person=request.actor.person)
    if request.method == "POST" and form.is_valid():
        try:
            close_poll(found.pk, witness=form.cleaned_data["witness"], by=request.actor, today=clock.today(), now=clock.now())
        except PollRefused as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, "已封存并计票，结果在下面，不能再改")
            return redirect("poll", pk)
    context = {"poll": found, "form": form, "figures": figures_of(found), "waiting": in_the_way(found), "least": least_words(found.least)}
    return render(request, "polling/close.html", context)


def export(request: ActingRequest, pk: int) -> HttpResponse:
    """The result as the page shows it."""
    found = seen(request, pk)
    result = Result.objects.filter(poll=found).first()
    if result is None:
        raise Http404
    name = f"{'测评' if found.is_poll else '问卷'}结果{pk}"
    return book(request, name, result_sheets(found, result, queries.panels(found, result)))
