"""The office's forms: find, do, answer. What an act refuses stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jizhi.access.gate import require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.office import queries
from jizhi.office.actions.bodies import dissolve_body, end_seat, seat_member, set_up_body
from jizhi.office.actions.people import add_person, declare_kinship, edit_person, open_account, record_leaving, withdraw_kinship
from jizhi.office.actions.posts import appoint, end_post
from jizhi.office.actions.refused import Refused
from jizhi.office.actions.regulations import adopt, submit_edition
from jizhi.office.actions.units import close_unit, create_unit, move_unit, rename_unit
from jizhi.office.forms import (
    AccountForm,
    ActForm,
    AdoptForm,
    BodyForm,
    CloseForm,
    EditionForm,
    EndForm,
    KinForm,
    MoveForm,
    PersonForm,
    PostForm,
    ReasonForm,
    RenameForm,
    SeatForm,
    UnitForm,
)
from jizhi.org.models import Body, Kinship, Person, Post, Seat, Unit, User
from jizhi.regulation.bodies import rules_in_force
from jizhi.regulation.models import Edition
from jizhi.rulebook.composition import rules_of
from jizhi.ui import clock

M = TypeVar("M", bound=Model)
Do = Callable[[dict[str, Any]], Model]
UNITS = Unit.objects.filter(closed_on=None).select_related("parent")
PEOPLE = Person.objects.select_related("unit")
BODIES = Body.objects.select_related("unit")


def answer(
    request: ActingRequest, form: ActForm, do: Do, *, title: str, button: str, to: Callable[[Any], str], back: str, hint: str = ""
) -> HttpResponse:
    """The form, or the act and where it leads."""
    if form.is_bound and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        except IntegrityError:  # somebody else took the number, code or name in this very moment
            form.add_error(None, "刚才有人办了同样的事，没有重复办理；请刷新页面看一看再提交")
        else:
            messages.success(request, f"{title}：已办好，记入办理日志。")
            return redirect(to(done))
    context = {"form": form, "title": title, "button": button, "back": back, "hint": hint}
    return render(request, "office/form.html", context)


def unit_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.create_unit", request.actor.unit)
    form = UnitForm(request.POST or None, actor=request.actor, initial=request.GET.dict())
    return _act(request, form, create_unit, title="新设单位", button="新设单位", back=reverse("unit_list"), to=_unit)


def unit_rename(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _found(request, "office.rename_unit", UNITS, pk)
    form = RenameForm(request.POST or None, initial={"name": unit.name, "short": unit.short})
    hint = "已经印发的文书、公开的内容和办理日志仍写当时的名称。"
    return _act(request, form, rename_unit, unit, title=f"更改{unit.name}的名称", button="更改名称", back=_unit(unit), hint=hint)


def unit_move(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _found(request, "office.move_unit", UNITS, pk)
    form = MoveForm(request.POST or None, actor=request.actor, unit=unit)
    above = unit.parent.name if unit.parent else "（没有上级）"
    hint = f"现在属于{above}。下级和办过的事一起移过去，从此由新上级看，原上级不再能看。"
    return _act(request, form, move_unit, unit, title=f"调整{unit.name}的隶属关系", button="调整隶属", back=_unit(unit), hint=hint)


def unit_close(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _found(request, "office.close_unit", UNITS, pk)
    return _act(
        request,
        CloseForm(request.POST or None, initial={"on": clock.today()}),
        close_unit,
        unit,
        title=f"撤销{unit.name}",
        button="撤销单位",
        back=_unit(unit),
        to=lambda _: reverse("unit_list"),  # a unit that is closed today has no page any more
        hint="下级单位先撤销或移走，在任的职务先免去。",
    )


def kin_new(request: ActingRequest, pk: int) -> HttpResponse:
    person = _found(request, "office.declare_kinship", PEOPLE, pk)
    form = KinForm(request.POST or None, actor=request.actor, person=person)
    act = lambda other, **data: declare_kinship(other, person, **data)  # noqa: E731 (the relative is the person's …)
    hint = "两边都按回避办：一方是当事人的，另一方不能办。登记以后写进办理日志。"
    return _act(request, form, act, title=f"登记{person.name}的亲属", button="登记亲属", back=_person(person), hint=hint)


def kin_withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    kinship = _found(request, "office.withdraw_kinship", Kinship.objects.select_related("person", "other"), pk)
    hint = "撤回以后，两边不再因此回避；以前的回避照旧算数。登记和撤回都留在人员页面和办理日志里。"
    return _act(
        request,
        ReasonForm(request.POST or None),
        withdraw_kinship,
        kinship,
        title=f"撤回{kinship}的登记",
        button="撤回登记",
        back=_person(kinship.other),
        hint=hint,
    )


def person_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.add_person", request.actor.unit)
    form = PersonForm(request.POST or None, actor=request.actor, initial=request.GET.dict())
    hint = "登记以后再任命职务；没有职务的人看不到业务。"
    return _act(request, form, add_person, title="新增人员", button="登记人员", back=reverse("person_list"), to=_person, hint=hint)


def person_edit(request: ActingRequest, pk: int) -> HttpResponse:
    person = _found(request, "office.edit_person", PEOPLE, pk)
    known = {"name": person.name, "unit": person.unit_id, "phone_tail": person.phone_tail}
    form = PersonForm(request.POST or None, actor=request.actor, initial=known)
    del form.fields["number"]
    return _act(request, form, edit_person, person, title=f"修改{person.name}的资料", button="保存资料", back=_person(person))


def person_left(request: ActingRequest, pk: int) -> HttpResponse:
    person = _found(request, "office.record_leaving", PEOPLE, pk)
    hint = "还在任的职务和席位同一天结束；办过的事都保留。"
    form = EndForm(request.POST or None)
    return _act(request, form, record_leaving, person, title=f"登记{person.name}离任", button="登记离任", back=_person(person), hint=hint)


def account(request: ActingRequest, pk: int) -> HttpResponse:
    person = _found(request, "office.open_account", PEOPLE, pk)
    user = User.objects.filter(person=person).first()
    form = AccountForm(request.POST or None, initial={"username": user.username if user else person.number})
    button = "重设密码" if user else "开通帐号"
    return _act(request, form, open_account, person, title=f"{person.name}的帐号", button=button, back=_person(person))


def post_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.appoint", request.actor.unit)
    form = PostForm(request.POST or None, actor=request.actor, initial={"since": clock.today(), **request.GET.dict()})
    to = lambda post: _person(post.person)  # noqa: E731
    return _act(request, form, appoint, title="任命职务", button="任命", back=reverse("person_list"), to=to)


def post_end(request: ActingRequest, pk: int) -> HttpResponse:
    post = _found(request, "office.end_post", Post.objects.select_related("person", "unit"), pk)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    title = f"免去{post.person.name}的{post.unit.name}{post.title}职务"
    return _act(request, form, end_post, post, title=title, button="免去职务", back=_person(post.person))


def body_new(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _found(request, "office.set_up_body", UNITS, pk)
    form = BodyForm(request.POST or None, unit=unit, today=clock.today(), initial={"since": clock.today()})
    return _act(request, form, set_up_body, unit, title=f"{unit.name}设立机构", button="设立机构", back=_unit(unit), to=_body)


def body_end(request: ActingRequest, pk: int) -> HttpResponse:
    body = _found(request, "office.dissolve_body", BODIES, pk)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    hint = "成员的席位同一天结束。"
    return _act(request, form, dissolve_body, body, title=f"撤销{body.name}", button="撤销机构", back=_body(body), hint=hint)


def seat_new(request: ActingRequest, pk: int) -> HttpResponse:
    body, today = _found(request, "office.seat_member", BODIES, pk), clock.today()
    form = SeatForm(request.POST or None, body=body, actor=request.actor, today=today, initial={"since": today})
    rule = rules_in_force(body.unit, on=today).get(body.kind)
    hint = "；".join(rules_of(rule.body)) if rule else ""
    return _act(request, form, seat_member, body, title=f"聘任{body.name}成员", button="聘任", back=_body(body), hint=hint)


def seat_end(request: ActingRequest, pk: int) -> HttpResponse:
    seat = _found(request, "office.end_seat", Seat.objects.select_related("person", "body__unit"), pk)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    title = f"解聘{seat.body.name}{seat.title}{seat.person.name}"
    return _act(request, form, end_seat, seat, title=title, button="解聘", back=_body(seat.body))


def edition_adopt(request: ActingRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(queries.editions(request.actor), pk=pk)
    require(request.actor, "office.adopt", request.actor.unit)
    first = {"since": max(clock.today(), edition.since), "unit": request.actor.unit}
    form = AdoptForm(request.POST or None, actor=request.actor, initial=first)
    act = partial(adopt, edition=edition)
    return _act(request, form, act, title=f"采用《{edition.name}》", button="采用这个版本", back=_edition(edition))


def edition_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.submit_edition", request.actor.unit)
    named = request.GET.get("from", "")
    source = queries.editions(request.actor).filter(pk=int(named)).first() if named.isdecimal() and len(named) < 18 else None
    first = {"unit": request.actor.unit, "text": source.text if source else ""}
    form = EditionForm(request.POST or None, actor=request.actor, initial=first)
    back, hint = reverse("regulation_list"), "存入以后还要写明从哪天起采用，才会生效。"
    return _act(request, form, submit_edition, title="录入制度文本", button="检查并存入", back=back, to=_edition, hint=hint)


def _found(request: ActingRequest, permission: str, rows: QuerySet[M], pk: int) -> M:
    """The row that the act is about: 404 where it is not visible, 403 with the reason where the act is not for this actor."""
    row = get_object_or_404(visible(request.actor, rows), pk=pk)
    require(request.actor, permission, row)
    return row


def _act(
    request: ActingRequest,
    form: ActForm,
    act: Callable[..., Model],
    *about: Model,
    title: str,
    button: str,
    back: str,
    to: Callable[[Any], str] | None = None,
    hint: str = "",
) -> HttpResponse:
    """The form of an act, which is called with what it is about and the form's fields by their names; then to what it made
    (``to``), else back."""

    def do(data: dict[str, Any]) -> Model:
        return act(*about, **data, by=request.actor, today=clock.today())

    return answer(request, form, do, title=title, button=button, to=to or (lambda _: back), back=back, hint=hint)


def _unit(unit: Unit) -> str:
    return reverse("unit", args=[unit.pk])


def _person(person: Person) -> str:
    return reverse("person", args=[person.pk])


def _body(body: Body) -> str:
    return reverse("body", args=[body.pk])


def _edition(edition: Edition) -> str:
    return reverse("regulation_edition", args=[edition.pk])
