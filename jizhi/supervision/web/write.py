"""Writing a record."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jizhi.access.gate import require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.org.models import User
from jizhi.sheets.actions import SheetRefused
from jizhi.supervision import rules
from jizhi.supervision.actions import ProblemRefused, keep_draft, submit_record
from jizhi.supervision.forms.desk import Desk, initial_from, initial_of
from jizhi.supervision.models import Record, Task
from jizhi.supervision.web.tasks import choose_school, chosen_school
from jizhi.ui import clock, drafts

UNKEPT = ("csrfmiddlewaretoken", "key", "save")


def new(request: ActingRequest) -> HttpResponse:
    """The form; posted with ``save`` it is kept as a draft (without JavaScript), else handed in."""
    task = _task(request)
    kind = rules.kind_of(task.kind if task else request.GET.get("kind", ""))
    school = task.unit if task else chosen_school(request)
    if kind is None:
        return render(request, "supervision/choose_kind.html", {"kinds": rules.KINDS})
    if school is None:
        return choose_school(request, kind.verb)
    require(request.actor, "supervision.submit_record", school)
    if "save" in request.POST:
        return _keep(request)
    desk_of = partial(Desk, kind, school, actor=request.actor, today=clock.today(), task=task)
    if request.method != "POST":
        return _show(request, desk_of(initial=_initial(request, task, kind)))
    desk = desk_of(data=request.POST, files=request.FILES)
    return _hand_in(request, desk) if desk.is_valid() else _show(request, desk)


def _hand_in(request: ActingRequest, desk: Desk) -> HttpResponse:
    key = desk.record.cleaned_data["key"]
    try:
        made = submit_record(desk.unit, desk.written(), by=request.actor, today=clock.today(), now=clock.now(), key=key)
    except (ProblemRefused, SheetRefused) as refused:
        desk.refuse(refused)
        return _show(request, desk)
    drafts.drop(_user(request), request.get_full_path())
    messages.success(request, f"已提交，{made.subject.name}可以查看并回应")
    return redirect("record", made.pk)


def _show(request: ActingRequest, desk: Desk) -> HttpResponse:
    return render(request, "supervision/record_new.html", {"desk": desk, "draft_key": request.get_full_path()})


def _keep(request: ActingRequest) -> HttpResponse:
    data = {_plain(name): [_plain(text) for text in request.POST.getlist(name)] for name in request.POST if name not in UNKEPT}
    keep_draft(request.get_full_path(), data, by=request.actor, today=clock.today())
    messages.success(request, "已存为草稿，下次打开这一页接着填")
    return redirect(request.get_full_path())


def _plain(text: str) -> str:
    return text.replace("\x00", "")  # which PostgreSQL refuses


def _task(request: ActingRequest) -> Task | None:
    named = request.GET.get("task", "")
    if not named.isdecimal() or len(named) > 17:
        return None
    return get_object_or_404(visible(request.actor, Task.objects.select_related("unit", "subject_person", "subject_unit")), pk=int(named))


def _initial(request: ActingRequest, task: Task | None, kind: rules.RecordKind) -> dict[str, Any]:
    """The kept draft, else what the task, the address and the last record know."""
    draft = drafts.kept(_user(request), request.get_full_path())
    if draft:
        return initial_of(draft.data)
    about = request.GET.get("person") or request.GET.get("department") or ""
    person = task.subject_person_id if task else int(about) if about.isdecimal() and len(about) < 18 else None
    last = (
        visible(request.actor, Record.objects.filter(person=person, kind=kind.code)).first() if person and kind.about == "person" else None
    )
    found = initial_from(task, last, today=clock.today(), kind=kind)
    known = {name: request.GET[name] for name in ("person", "department", "follows") if request.GET.get(name, "").isdecimal()}
    return found | known


def _user(request: ActingRequest) -> User:
    assert isinstance(request.user, User)  # the middleware lets no visitor in
    return request.user
