"""People: registered, their kin declared, accounts opened, their leaving recorded."""

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import refuse
from jizhi.org.models import Kinship, Person, Unit, User
from jizhi.org.queries import posts_held, seats_held
from jizhi.org.rules import pinyin_of


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
    both = Kinship.objects.filter(person__in=[person, other], other__in=[person, other]).first()
    refuse(
        other="不能与本人登记亲属关系" if person == other else f"两人已登记为{both.relation}" if both else None,
        relation=None if relation.strip() else "请填写关系",
    )
    kinship = Kinship.objects.create(person=person, other=other, relation=relation.strip())
    label = f"{person.name}与{other.name}"
    record("office.declare_kinship", kinship, by=by, unit=person.unit, label=label, fields={"关系": kinship.relation})
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
