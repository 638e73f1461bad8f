"""Tasks: the list, one task, planning."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.org.models import Unit
from jizhi.supervision import rules
from jizhi.supervision.actions import plan_task
from jizhi.supervision.forms.filters import TaskFilter
from jizhi.supervision.forms.task import TaskForm
from jizhi.supervision.queries import people, tasks
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("任务", lambda task: task.title),
    ("学校", lambda task: task.unit.name),
    ("检查类型", lambda task: task.get_kind_display()),
    ("对象", lambda task: task.subject_name or "现场确定"),
    ("形式", lambda task: task.get_form_display()),
    ("检查人", lambda task: "、".join(person.name for person in task.inspectors.all())),
    ("计划日期", lambda task: task.planned_on),
    ("记录", lambda task: task.made),
)


def listing(request: ActingRequest) -> HttpResponse:
    form = TaskFilter(request.GET or None)
    rows = tasks.tasks(request.actor, **form.chosen(), today=clock.today())
    if export.asked(request):
        return export.table(request, "督导任务", TABLE, rows.order_by("-planned_on", "-id"))
    context = {
        "form": form,
        "page": page_of(rows, request, order=("-planned_on", "-id")),
        "total": count_words(rows),
        "mine": tasks.mine(request.actor, today=clock.today())[:5],
        "can_plan": may(request.actor, "supervision.plan_task"),
        "today": clock.today(),
    }
    return render(request, "supervision/tasks.html", context)


def task(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(tasks.tasks(request.actor, today=clock.today()), pk=pk)
    records = found.records.select_related("person", "department", "inspector")
    mine = any(person == request.actor.person for person in found.inspectors.all())
    return render(request, "supervision/task.html", {"task": found, "records": records, "mine": mine, "today": clock.today()})


def new(request: ActingRequest) -> HttpResponse:
    school = chosen_school(request)
    if school is None:
        return choose_school(request, "安排任务")
    require(request.actor, "supervision.plan_task", school)
    form = TaskForm(request.POST or None, unit=school, today=clock.today())
    if request.method != "POST" or not form.is_valid():
        return render(request, "supervision/task_new.html", {"form": form, "school": school})
    data = form.cleaned_data
    kind = rules.kind_of(data["kind"])
    assert kind is not None  # a choice of the form
    made = plan_task(
        school,
        title=data["title"],
        form=data["form"],
        kind=kind,
        subject=data["subject_person"] or data["subject_unit"],
        planned_on=data["planned_on"],
        inspectors=list(data["inspectors"]),
        note=data["note"],
        key=data["key"],
        by=request.actor,
        today=clock.today(),
    )
    messages.success(request, f"已安排“{made.title}”，检查人会在待办里看到")
    return redirect("task", made.pk)


def chosen_school(request: ActingRequest) -> Unit | None:
    """The school the page is about: named in the address, the acting holding's own, or the only one."""
    schools = people.schools_for(request.actor)
    named = request.GET.get("unit", "")
    if named:
        return get_object_or_404(schools, pk=int(named) if named.isdecimal() and len(named) < 18 else 0)
    own = people.school_for(request.actor)
    return own or (schools.get() if schools.count() == 1 else None)


def choose_school(request: ActingRequest, verb: str) -> HttpResponse:
    """Those above schools say first which one."""
    return render(request, "supervision/choose_school.html", {"schools": people.schools_for(request.actor), "verb": verb})
