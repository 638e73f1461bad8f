"""People: registered, their kin declared, accounts opened, their leaving recorded."""

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import refuse
from jizhi.org.models import Kinship, Person, Unit, User
from jizhi.org.queries import posts_held, seats_held
from jizhi.org.rules import pinyin_of
from jizhi.procedure.actions.todos import renew
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Case, CaseParty


@transaction.atomic
def add_person(unit: Unit, name: str, *, number: str, phone_tail: str = "", by: Actor, today: date) -> Person:
    require(by, "office.add_person", unit)
    name, number, phone_tail = name.strip(), number.strip(), phone_tail.strip()
    other = Person.objects.filter(number=number).first() if number else None
    refuse(
        name=None if name else "请填写姓名",
        number=f"工号{number}已由{other.name}使用" if other else None if number else "请填写工号",
        phone_tail=_tail_problem(phone_tail),
        unit=f"{unit.name}已撤销" if unit.closed_on and unit.closed_on <= today else None,
    )
    full, initials = pinyin_of(name, person=True)
    person = Person.objects.create(name=name, unit=unit, number=number, phone_tail=phone_tail, pinyin=full[:120], initials=initials[:20])
    record("office.add_person", person, by=by, unit=unit, fields={"姓名": name, "工号": number, "电话尾号": phone_tail, "单位": unit})
    return person


@transaction.atomic
def edit_person(person: Person, *, name: str, unit: Unit, phone_tail: str, by: Actor, today: date) -> Person:
    """The staff number stays: it is how tables name a person."""
    person = Person.objects.select_for_update().select_related("unit").get(pk=person.pk)
    require(by, "office.edit_person", person)
    require(by, "office.edit_person", unit)
    name, phone_tail = name.strip(), phone_tail.strip()
    refuse(name=None if name else "请填写姓名", phone_tail=_tail_problem(phone_tail))
    fields = {"原姓名": person.name, "姓名": name, "原单位": person.unit, "单位": unit, "电话尾号": phone_tail}
    full, initials = pinyin_of(name, person=True)
    person.name, person.unit, person.phone_tail, person.pinyin, person.initials = name, unit, phone_tail, full[:120], initials[:20]
    person.save()
    record("office.edit_person", person, by=by, unit=unit, fields=fields)
    return person


@transaction.atomic
def declare_kinship(person: Person, other: Person, relation: str, *, by: Actor, today: date) -> Kinship:
    """Tested both ways for recusal; declared once per pair. Both are of the declarer's unit or below it."""
    require(by, "office.declare_kinship", person)
    require(by, "office.declare_kinship", other)
    both = Kinship.objects.filter(person__in=[person, other], other__in=[person, other], withdrawn_on=None).first()
    refuse(
        other="不能与本人登记亲属关系" if person == other else f"两人已登记为{both.relation}" if both else None,
        relation=None if relation.strip() else "请填写关系",
    )
    kinship = Kinship.objects.create(person=person, other=other, relation=relation.strip())
    label = f"{person.name}与{other.name}"
    record("office.declare_kinship", kinship, by=by, unit=person.unit, label=label, fields={"关系": kinship.relation})
    _renew_desks(kinship, today=today)
    return kinship


@transaction.atomic
def withdraw_kinship(kinship: Kinship, *, reason: str, by: Actor, today: date) -> Kinship:
    """What was declared by mistake: it keeps nobody out from now on, and stays as the reason why it did until now."""
    kinship = Kinship.objects.select_for_update(of=("self",)).select_related("person__unit", "other").get(pk=kinship.pk)
    require(by, "office.withdraw_kinship", kinship.person)
    require(by, "office.withdraw_kinship", kinship.other)
    one, other = kinship.person, kinship.other
    refuse(
        kinship=f"这条登记已于{kinship.withdrawn_on}撤回"
        if kinship.withdrawn_on
        else "与您本人有关的亲属登记，请由其他有权登记的人撤回"
        if by.person in (one, other)
        else None,
        reason=None if reason.strip() else "请填写撤回的理由",
    )
    kinship.withdrawn_on, kinship.withdrawn_reason = today, reason.strip()
    kinship.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    fields = {"关系": kinship.relation, "撤回理由": kinship.withdrawn_reason}
    record("office.withdraw_kinship", kinship, by=by, unit=one.unit, label=f"{one.name}与{other.name}", fields=fields)
    _renew_desks(kinship, today=today)
    return kinship


@transaction.atomic
def record_leaving(person: Person, *, on: date, by: Actor, today: date) -> Person:
    """``on`` is the last day; posts and seats still held end with it."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    require(by, "office.record_leaving", person)
    refuse(on=f"{person.name}已于{person.left_on}离任" if person.left_on else None)
    posts_held(on=on).filter(person=person).update(until=on)
    seats_held(on=on).filter(person=person).update(until=on)
    person.left_on = on
    person.save(update_fields=["left_on"])
    record("office.record_leaving", person, by=by, fields={"离任日期": on})
    return person


@transaction.atomic
def open_account(person: Person, username: str, *, password: str, by: Actor, today: date) -> User:
    """A log-in, or a new password for the one there is. Rights follow from posts, never from the account."""
    person = Person.objects.select_for_update().get(pk=person.pk)  # the same form, submitted twice at once
    require(by, "office.open_account", person)
    username = username.strip()
    user = User.objects.select_for_update().filter(person=person).first() or User(person=person)
    user.username = username
    taken = User.objects.filter(username=username).exclude(pk=user.pk).exists()
    refuse(
        username=(f"登录名{username}已被使用" if taken else None) if username else "请填写登录名",
        password=_password_problem(password, user),
        person=f"{person.name}已离任" if person.left_on and person.left_on < today else None,
    )
    user.set_password(password)
    user.save()
    record("office.open_account", person, by=by, fields={"登录名": username})
    return user


def _password_problem(password: str, user: User) -> str | None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return "".join(error.messages)
    return None


def _tail_problem(tail: str) -> str | None:
    return None if not tail or (len(tail) == 4 and tail.isdigit()) else "电话尾号是四位数字"


def _renew_desks(kinship: Kinship, *, today: date) -> None:
    """The open cases of either side ask anew whose turn it is."""
    parties = CaseParty.objects.filter(person__in=(kinship.person, kinship.other)).order_by().values("case")
    for case in (
        Case.objects.select_for_update(of=("self",)).filter(pk__in=parties, end="").select_related("unit", "edition").order_by("pk")
    ):
        renew(docket_of(case), today=today, now=timezone.now())
