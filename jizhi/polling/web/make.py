"""Lists, making a poll or questionnaire and changing its draft, its roll, opening it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.org.imports import KINDS, LARGEST, error_workbook, template_workbook
from jizhi.org.models import Unit, User
from jizhi.polling import queries
from jizhi.polling.actions import (
    FROZEN,
    PollRefused,
    Typed,
    drop_poll,
    edit_poll,
    enter_person,
    import_roll,
    make_poll,
    open_poll,
    strike_off,
)
from jizhi.polling.forms.make import PersonForm, PollForm, QuestionRows, SurveyForm, initial_of
from jizhi.polling.models import Poll, PollKind
from jizhi.polling.roll import KIND, preview, shown
from jizhi.regulation.models import Adoption, Edition
from jizhi.ui import clock, drafts, export
from jizhi.ui.export import sent
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("名称", lambda poll: poll.title),
    ("为哪项征求意见", lambda poll: poll.precedes),
    ("单位", lambda poll: poll.unit.name),
    ("建立", lambda poll: poll.made_on),
    ("状态", lambda poll: poll.state),
)


def poll_list(request: ActingRequest) -> HttpResponse:
    return _listing(request, PollKind.POLL)


def survey_list(request: ActingRequest) -> HttpResponse:
    return _listing(request, PollKind.SURVEY)


def _listing(request: ActingRequest, kind: PollKind) -> HttpResponse:
    rows = queries.polls(request.actor, kind)
    if export.asked(request):
        return export.table(request, kind.label, TABLE, rows.order_by("-id"))
    context = {"kind": kind, "page": page_of(rows, request), "total": count_words(rows), "can_make": may(request.actor, "polling.organise")}
    return render(request, "polling/list.html", context)


def poll_new(request: ActingRequest) -> HttpResponse:
    return _poll_form(request, own_unit(request))


def survey_new(request: ActingRequest) -> HttpResponse:
    return _survey_form(request, own_unit(request))


def poll_edit(request: ActingRequest, pk: int) -> HttpResponse:
    """A draft's form again. Once it has begun nothing can be changed, and the page says why."""
    found = seen(request, pk)
    require(request.actor, "polling.organise", found)
    if request.method != "POST" and not found.is_draft:
        messages.error(request, FROZEN)
        return redirect("poll", pk)
    return (_poll_form if found.is_poll else _survey_form)(request, found.unit, found)


def _poll_form(request: ActingRequest, unit: Unit, found: Poll | None = None) -> HttpResponse:
    form = PollForm(request.POST if request.method == "POST" else None, **_asked(request, unit, found))
    if request.method == "POST" and form.is_valid() and (answer := _written(request, unit, found, PollKind.POLL, form, form.typed)):
        return answer
    return render(request, "polling/poll_new.html", {"form": form, "unit": unit, "poll": found})


def _survey_form(request: ActingRequest, unit: Unit, found: Poll | None = None) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    more = typed is not None and "more" in typed  # a button that only adds rows
    asked = _asked(request, unit, found) | {"editions": editions_for(request)}
    form = SurveyForm(None if more else typed, **asked | ({"initial": _typed(request)} if more else {}))
    rows = QuestionRows(typed, poll=found)
    good = typed is not None and not more and all([form.is_valid(), rows.is_valid()])  # both, so that all errors show
    if good and (answer := _written(request, unit, found, PollKind.SURVEY, form, form.typed(rows.questions))):
        return answer
    return render(request, "polling/survey_new.html", {"form": form, "unit": unit, "questions": rows, "poll": found})


def _asked(request: ActingRequest, unit: Unit, found: Poll | None) -> dict[str, Any]:
    """What both forms want to know."""
    person = found.made_by if found else request.actor.person
    return {"unit": unit, "today": clock.today(), "person": person, "initial": initial_of(found) if found else None}


def _written(
    request: ActingRequest, unit: Unit, found: Poll | None, kind: PollKind, form: PollForm | SurveyForm, typed: Typed
) -> HttpResponse | None:
    """Made or changed, and on to its page; None when it was refused."""
    try:
        if found:
            edit_poll(found.pk, by=request.actor, today=clock.today(), **typed)
            messages.success(request, "已保存")
            return redirect("poll", found.pk)
        made = make_poll(unit, kind=kind, key=form.cleaned_data["key"], by=request.actor, today=clock.today(), **typed)
    except PollRefused as refused:
        form.add_error(None, refused.text)
        return None
    messages.success(request, "已建立。要每人只计一次的，下一步导入名册" if kind == PollKind.SURVEY else "已建立，下一步导入名册")
    return redirect("poll", made.pk)


@require_POST
def poll_open(request: ActingRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    try:
        open_poll(found.pk, by=request.actor, today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, f"“{found.title}”已经开始，内容和名册不能再改")
    return redirect("poll", pk)


@require_POST
def poll_drop(request: ActingRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    try:
        drop_poll(found.pk, by=request.actor, today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
        return redirect("poll", pk)
    messages.success(request, f"“{found.title}”还没有开始，已经撤销")
    return redirect("poll_list" if found.is_poll else "survey_list")


def roll_import(request: ActingRequest, pk: int) -> HttpResponse:
    """Hand in a table, look at every row, then all rows or none; ?file= gives the empty table or the one with the reasons."""
    found = seen(request, pk)
    require(request.actor, "polling.organise", found)
    user, key = cast(User, request.user), f"roll:{pk}"
    if request.GET.get("file") == "template":
        return sent(template_workbook(KIND), "名册.xlsx")
    draft = drafts.kept(user, key)
    content = b64decode(str(draft.data.get("file", ""))) if draft else b""
    if request.method == "POST" and "import" in request.POST and content:
        return _import(request, found, content, user, key)
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            return render(
                request, "polling/roll_import.html", {"poll": found, "spec": KINDS[KIND], "problem": "请选一个 Excel 或者 CSV 文件"}
            )
        content = upload.read(LARGEST + 1)
        drafts.keep(user, key, {"file": b64encode(content).decode()})
        return redirect(f"{request.path}?look=1")
    if not content or not request.GET:
        return render(request, "polling/roll_import.html", {"poll": found, "spec": KINDS[KIND]})
    looked = preview(found, content)
    if request.GET.get("file") == "errors":
        return sent(error_workbook(looked), "名册错误表.xlsx")
    return render(request, "polling/roll_import.html", {"poll": found, "spec": KINDS[KIND], "table": shown(looked)})


def _import(request: ActingRequest, found: Poll, content: bytes, user: User, key: str) -> HttpResponse:
    try:
        count = import_roll(found.pk, content, by=request.actor, today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
        return redirect(f"{request.path}?look=1")
    drafts.drop(user, key)
    messages.success(request, f"名册已导入 {count} 人")
    return redirect("poll", found.pk)


def roll_change(request: ActingRequest, pk: int) -> HttpResponse:
    """One person added to a draft's roll or corrected; POST with ``strike`` takes the ticked off."""
    found = seen(request, pk)
    require(request.actor, "polling.organise", found)
    try:
        if "strike" in request.POST:
            numbers = [number.replace("\x00", "") for number in request.POST.getlist("number")][:1000]
            count = strike_off(found.pk, numbers, by=request.actor, today=clock.today())
            messages.success(request, f"已从名册去掉 {count} 人")
            return redirect("poll_roll", pk)
    except PollRefused as refused:
        messages.error(request, refused.text)
        return redirect("poll_roll", pk)
    entry = found.roll.filter(number=request.GET.get("number", "").replace("\x00", "")).first()
    form = PersonForm(request.POST if request.method == "POST" else None, initial=vars(entry) if entry else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = enter_person(found.pk, **form.cleaned_data, by=request.actor, today=clock.today())
        except PollRefused as refused:
            form.add_error(next(iter(refused.fields), None), next(iter(refused.fields.values()), refused.text))
        else:
            messages.success(request, f"名册上已登记{saved}")
            return redirect("poll_roll", pk)
    return render(request, "polling/roll_change.html", {"poll": found, "form": form})


def seen(request: ActingRequest, pk: int) -> Poll:
    """404 unless the actor may see it."""
    found = get_object_or_404(visible(request.actor, Poll.objects.select_related("unit", "edition", "made_by")), pk=pk)
    request.belongs = reverse("poll_list" if found.is_poll else "survey_list")
    return found


def own_unit(request: ActingRequest) -> Unit:
    """The unit one acts in, where one may organise."""
    unit = request.actor.unit
    assert unit is not None  # of a person, always
    require(request.actor, "polling.organise", unit)
    return unit


def editions_for(request: ActingRequest) -> Any:
    """Regulations of one's own unit or those it adopted."""
    unit = request.actor.unit
    adopted = Adoption.objects.filter(unit=unit).values("edition")
    return (
        visible(request.actor, Edition.objects.defer("text")).filter(Q(owner=unit) | Q(pk__in=adopted)) if unit else Edition.objects.none()
    )


def _typed(request: ActingRequest) -> dict[str, Any]:
    """What stands in the head of the form, for showing it again without judging it."""
    found: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("title", "intro", "precedes", "edition", "named", "least", "key")
    }
    return found | {"wall": "wall" in request.POST, "staff": request.POST.getlist("staff")}
