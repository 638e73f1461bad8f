"""The office's forms: find, do, answer. What an act refuses stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jizhi.access.gate import require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.office import queries
from jizhi.office.actions.bodies import dissolve_body, end_seat, seat_member, set_up_body
from jizhi.office.actions.people import add_person, declare_kinship, edit_person, open_account, record_leaving
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
    RenameForm,
    SeatForm,
    UnitForm,
)
from jizhi.org.models import Body, Person, Post, Seat, Unit, User
from jizhi.regulation.bodies import rules_in_force
from jizhi.regulation.models import Edition
from jizhi.rulebook.composition import rules_of
from jizhi.ui import clock

Do = Callable[[dict[str, Any]], Model]


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
    return answer(
        request,
        form,
        lambda data: create_unit(**data, **_who(request)),
        title="新设单位",
        button="新设单位",
        to=_unit,
        back=reverse("unit_list"),
    )


def unit_rename(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _offered_unit(request, pk, "office.rename_unit")
    form = RenameForm(request.POST or None, initial={"name": unit.name, "short": unit.short})
    return answer(
        request,
        form,
        lambda data: rename_unit(unit, **data, **_who(request)),
        title=f"更改{unit.name}的名称",
        button="更改名称",
        to=_unit,
        back=_unit(unit),
        hint="已经印发的文书、公开的内容和办理日志仍写当时的名称。",
    )


def unit_move(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _offered_unit(request, pk, "office.move_unit")
    return answer(
        request,
        MoveForm(request.POST or None, actor=request.actor, unit=unit),
        lambda data: move_unit(unit, **data, **_who(request)),
        title=f"调整{unit.name}的隶属关系",
        button="调整隶属",
        to=_unit,
        back=_unit(unit),
        hint=f"现在属于{unit.parent.name if unit.parent else '（没有上级）'}。下级和办过的事一起移过去，从此由新上级看，原上级不再能看。",
    )


def unit_close(request: ActingRequest, pk: int) -> HttpResponse:
    unit = _offered_unit(request, pk, "office.close_unit")
    return answer(
        request,
        CloseForm(request.POST or None, initial={"on": clock.today()}),
        lambda data: close_unit(unit, **data, **_who(request)),
        title=f"撤销{unit.name}",
        button="撤销单位",
        to=lambda _: reverse("unit_list"),  # a unit that is closed today has no page any more
        back=_unit(unit),
        hint="下级单位先撤销或移走，在任的职务先免去。",
    )


def _offered_unit(request: ActingRequest, pk: int, permission: str) -> Unit:
    unit = get_object_or_404(queries.units(request.actor).select_related("parent"), pk=pk)
    require(request.actor, permission, unit)
    return unit


def kin_new(request: ActingRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible(request.actor, Person.objects.select_related("unit")), pk=pk)
    require(request.actor, "office.declare_kinship", person)
    form = KinForm(request.POST or None, actor=request.actor, person=person)
    return answer(
        request,
        form,
        lambda data: declare_kinship(data["other"], person, data["relation"], **_who(request)),
        title=f"登记{person.name}的亲属",
        button="登记亲属",
        to=lambda _: _person(person),
        back=_person(person),
        hint="两边都按回避办：一方是当事人的，另一方不能办。登记以后写进办理日志。",
    )


def person_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.add_person", request.actor.unit)
    form = PersonForm(request.POST or None, actor=request.actor, initial=request.GET.dict())
    return answer(
        request,
        form,
        lambda data: add_person(**data, **_who(request)),
        title="新增人员",
        button="登记人员",
        to=_person,
        back=reverse("person_list"),
        hint="登记以后再任命职务；没有职务的人看不到业务。",
    )


def person_edit(request: ActingRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible(request.actor, Person.objects.all()), pk=pk)
    require(request.actor, "office.edit_person", person)
    known = {"name": person.name, "unit": person.unit_id, "phone_tail": person.phone_tail}
    form = PersonForm(request.POST or None, actor=request.actor, initial=known)
    del form.fields["number"]
    do: Do = lambda data: edit_person(person, **data, **_who(request))  # noqa: E731
    return answer(request, form, do, title=f"修改{person.name}的资料", button="保存资料", to=_person, back=_person(person))


def person_left(request: ActingRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible(request.actor, Person.objects.all()), pk=pk)
    require(request.actor, "office.record_leaving", person)
    return answer(
        request,
        EndForm(request.POST or None),
        lambda data: record_leaving(person, **data, **_who(request)),
        title=f"登记{person.name}离任",
        button="登记离任",
        to=_person,
        back=_person(person),
        hint="还在任的职务和席位同一天结束；办过的事都保留。",
    )


def account(request: ActingRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(visible(request.actor, Person.objects.all()), pk=pk)
    require(request.actor, "office.open_account", person)
    user = User.objects.filter(person=person).first()
    form = AccountForm(request.POST or None, initial={"username": user.username if user else person.number})
    return answer(
        request,
        form,
        lambda data: open_account(person, **data, **_who(request)),
        title=f"{person.name}的帐号",
        button="重设密码" if user else "开通帐号",
        to=lambda _: _person(person),
        back=_person(person),
    )


def post_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.appoint", request.actor.unit)
    form = PostForm(request.POST or None, actor=request.actor, initial={"since": clock.today(), **request.GET.dict()})
    return answer(
        request,
        form,
        lambda data: appoint(**data, **_who(request)),
        title="任命职务",
        button="任命",
        to=lambda post: _person(post.person),
        back=reverse("person_list"),
    )


def post_end(request: ActingRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(visible(request.actor, Post.objects.select_related("person", "unit")), pk=pk)
    require(request.actor, "office.end_post", post)
    return answer(
        request,
        EndForm(request.POST or None, initial={"on": clock.today()}),
        lambda data: end_post(post, **data, **_who(request)),
        title=f"免去{post.person.name}的{post.unit.name}{post.title}职务",
        button="免去职务",
        to=lambda _: _person(post.person),
        back=_person(post.person),
    )


def body_new(request: ActingRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(queries.units(request.actor), pk=pk)
    require(request.actor, "office.set_up_body", unit)
    form = BodyForm(request.POST or None, unit=unit, today=clock.today(), initial={"since": clock.today()})
    return answer(
        request,
        form,
        lambda data: set_up_body(unit, **data, **_who(request)),
        title=f"{unit.name}设立机构",
        button="设立机构",
        to=_body,
        back=reverse("unit", args=[unit.pk]),
    )


def body_end(request: ActingRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(visible(request.actor, Body.objects.select_related("unit")), pk=pk)
    require(request.actor, "office.dissolve_body", body)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    do: Do = lambda data: dissolve_body(body, **data, **_who(request))  # noqa: E731
    return answer(request, form, do, title=f"撤销{body.name}", button="撤销机构", to=_body, back=_body(body), hint="成员的席位同一天结束。")


def seat_new(request: ActingRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(visible(request.actor, Body.objects.select_related("unit")), pk=pk)
    require(request.actor, "office.seat_member", body)
    form = SeatForm(request.POST or None, body=body, actor=request.actor, today=clock.today(), initial={"since": clock.today()})
    return answer(
        request,
        form,
        lambda data: seat_member(body, **data, **_who(request)),
        title=f"聘任{body.name}成员",
        button="聘任",
        to=lambda seat: _body(seat.body),
        back=_body(body),
        hint="；".join(rules_of(rule.body)) if (rule := rules_in_force(body.unit, on=clock.today()).get(body.kind)) else "",
    )


def seat_end(request: ActingRequest, pk: int) -> HttpResponse:
    seat = get_object_or_404(visible(request.actor, Seat.objects.select_related("person", "body__unit")), pk=pk)
    require(request.actor, "office.end_seat", seat)
    return answer(
        request,
        EndForm(request.POST or None, initial={"on": clock.today()}),
        lambda data: end_seat(seat, **data, **_who(request)),
        title=f"解聘{seat.body.name}{seat.title}{seat.person.name}",
        button="解聘",
        to=lambda _: _body(seat.body),
        back=_body(seat.body),
    )


def edition_adopt(request: ActingRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(queries.editions(request.actor), pk=pk)
    require(request.actor, "office.adopt", request.actor.unit)
    form = AdoptForm(
        request.POST or None, actor=request.actor, initial={"since": max(clock.today(), edition.since), "unit": request.actor.unit}
    )
    return answer(
        request,
        form,
        lambda data: adopt(data["unit"], edition, since=data["since"], note=data["note"], **_who(request)),
        title=f"采用《{edition.name}》",
        button="采用这个版本",
        to=lambda adoption: _edition(adoption.edition),
        back=_edition(edition),
    )


def edition_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "office.submit_edition", request.actor.unit)
    named = request.GET.get("from", "")
    source = queries.editions(request.actor).filter(pk=int(named)).first() if named.isdecimal() and len(named) < 18 else None
    form = EditionForm(
        request.POST or None, actor=request.actor, initial={"unit": request.actor.unit, "text": source.text if source else ""}
    )
    return answer(
        request,
        form,
        lambda data: submit_edition(data["unit"], data["text"], **_who(request)),
        title="录入制度文本",
        button="检查并存入",
        to=_edition,
        back=reverse("regulation_list"),
        hint="存入以后还要写明从哪天起采用，才会生效。",
    )


def _who(request: ActingRequest) -> dict[str, Any]:
    return {"by": request.actor, "today": clock.today()}


def _unit(unit: Unit) -> str:
    return reverse("unit", args=[unit.pk])


def _person(person: Person) -> str:
    return reverse("person", args=[person.pk])


def _body(body: Body) -> str:
    return reverse("body", args=[body.pk])


def _edition(edition: Edition) -> str:
    return reverse("regulation_edition", args=[edition.pk])
