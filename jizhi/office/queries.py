"""Reads of the office's pages, all through access.visible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.audit.models import Entry
from jizhi.office import chart
from jizhi.org.models import Body, Kinship, Level, Person, Post, Seat, Unit
from jizhi.org.queries import ancestor_ids, path_range, people_in, posts_held, seats_held
from jizhi.regulation.models import Adoption, Edition
from jizhi.regulation.queries import adoptions_in_force
from jizhi.rulebook.language import Regulation

FIRST = (Level.OFFICE, Level.SCHOOL, Level.CAMPUS, Level.DEPARTMENT)  # before the divisions in a tree
# GB/T 2260: names for parameters of places that are not on file
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省", "41": "河南省",
    "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省", "50": "重庆市", "51": "四川省",
    "52": "贵州省", "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区", "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip


@dataclass
class Node:
    """A unit in the tree; ``children`` is None while it is closed."""

    unit: Unit
    count: int = 0
    people: int = 0
    children: list[Node] | None = None
    here: bool = False


def units(actor: Actor) -> QuerySet[Unit]:
    return visible(actor, Unit.objects.filter(closed_on=None))


def tree(actor: Actor, opened: Iterable[int] = ()) -> list[Node]:
    """What the actor sees of the tree, open down to his own unit and at the units asked for: three queries."""
    own = ancestor_ids(actor.unit) if actor.unit else []
    seen = units(actor)
    asked = list(opened)
    open_ids = {*own, *(pk for unit in seen.filter(pk__in=asked) for pk in ancestor_ids(unit))} if asked else set(own)
    rows = list(seen.filter(Q(parent=None) | ~Q(parent__in=seen.values("pk")) | Q(parent__in=open_ids)))
    nodes = _nodes(actor, rows)
    tops = []
    for node in nodes.values():
        node.here = bool(own) and node.unit.pk == own[-1]
        parent = nodes.get(node.unit.parent_id or 0)
        if parent is None:
            tops.append(node)
        else:
            parent.children = [*(parent.children or []), node]
    return tops


def children(actor: Actor, unit: Unit) -> list[Node]:
    return list(_nodes(actor, list(units(actor).filter(parent=unit))).values())


def _nodes(actor: Actor, rows: Sequence[Unit]) -> dict[int, Node]:
    """Nodes by id in reading order, with how many lie below and how many people work in each."""
    ids = [unit.pk for unit in rows]
    below = dict(units(actor).filter(parent__in=ids).order_by().values_list("parent").annotate(n=Count("pk")))
    staff = dict(people(actor).filter(unit__in=ids).order_by().values_list("unit").annotate(n=Count("pk")))
    ordered = sorted(rows, key=lambda unit: (unit.depth, FIRST.index(Level(unit.level)) if unit.level in FIRST else len(FIRST), unit.path))
    return {unit.pk: Node(unit, below.get(unit.pk, 0), staff.get(unit.pk, 0)) for unit in ordered}


def people(actor: Actor) -> QuerySet[Person]:
    """Those who have not left."""
    return visible(actor, Person.objects.filter(left_on=None))


@dataclass(frozen=True)
class PeopleFilter:
    unit: Unit | None = None
    words: str = ""
    title: str = ""
    left: bool = False


def people_found(actor: Actor, chosen: PeopleFilter, *, today: date) -> QuerySet[Person]:
    """People by name, pinyin, initials or number, by unit (with all below it) and by post held today."""
    rows = visible(actor, Person.objects.filter(left_on__isnull=not chosen.left)).select_related("unit")
    if chosen.unit:
        rows = rows.filter(path_range("unit__path", chosen.unit.path))
    if words := chosen.words.strip():
        lower = words.lower().replace(" ", "")
        rows = rows.filter(Q(name__icontains=words) | Q(pinyin__startswith=lower) | Q(initials__startswith=lower) | Q(number=words))
    if chosen.title:
        rows = rows.filter(pk__in=posts_held(on=today).filter(title=chosen.title).values("person"))
    return rows


def titles_held(actor: Actor, *, today: date) -> list[str]:
    """Post titles in use among those one sees."""
    return list(visible(actor, posts_held(on=today)).order_by("title").values_list("title", flat=True).distinct())


def posts_of(actor: Actor, person_ids: Sequence[int], *, today: date) -> dict[int, list[Post]]:
    """Posts held today by person: one query for a page of people."""
    found: dict[int, list[Post]] = {}
    for post in visible(actor, posts_held(on=today).filter(person__in=person_ids)).select_related("unit"):
        found.setdefault(post.person_id, []).append(post)
    return found


def unit_posts(actor: Actor, unit: Unit, *, today: date) -> list[Post]:
    """Posts of this very unit: head posts, then the rare titles before the common ones."""
    posts = list(visible(actor, posts_held(on=today).filter(unit=unit)).select_related("person").order_by("pk"))
    common = Counter(post.title for post in posts)
    return sorted(posts, key=lambda post: (not post.head, common[post.title]))


def unit_bodies(actor: Actor, unit: Unit, *, today: date) -> list[Body]:
    standing = Q(until=None) | Q(until__gte=today)
    return list(
        visible(actor, Body.objects.filter(standing, unit=unit))
        .annotate(members=Count("seats", filter=Q(seats__until=None)))
        .order_by("pk")
    )


def body_seats(actor: Actor, body: Body, *, today: date) -> list[Seat]:
    return list(visible(actor, seats_held(on=today).filter(body=body)).select_related("person__unit").order_by("pk"))


def chain_of(actor: Actor, unit: Unit, below: Sequence[Unit], *, today: date) -> chart.Chart:
    """The unit between the one above it and those below, with their bodies: who leads, who guides."""
    above = units(actor).filter(pk=unit.parent_id or 0).first()
    drawn = [level for level in (above, unit) if level]
    bodies: dict[int, list[Body]] = {}
    for body in visible(actor, Body.objects.filter(Q(until=None) | Q(until__gte=today), unit__in=drawn)).order_by("pk"):
        bodies.setdefault(body.unit_id, []).append(body)
    heads: dict[int, list[str]] = {}
    for post in posts_held(on=today).filter(unit__in=drawn, head=True).select_related("person"):  # who heads a unit is public
        heads.setdefault(post.unit_id, []).append(f"{post.title} {post.person.name}")
    return chart.chain(
        [
            chart.Level(
                chart.Named(level.name, _unit_url(level), "、".join(heads.get(level.pk, []))),
                tuple(_named(body) for body in bodies.get(level.pk, [])),
            )
            for level in drawn
        ],
        [child.short or child.name for child in below],
        current=len(drawn) - 1,
        below_word="、".join(dict.fromkeys(Level(child.level).label for child in below)) or "下级",
        people=_people_words(actor, unit, today=today),
    )


def _named(body: Body) -> chart.Named:
    return chart.Named(body.name, reverse("body", args=[body.pk]), f"{body.led_by}领导" if body.led_by else "", body.guided_by)


def _unit_url(unit: Unit) -> str:
    return reverse("unit", args=[unit.pk])


def _people_words(actor: Actor, unit: Unit, *, today: date) -> str:
    """教师等 48 人: the commonest post first; empty where people are not open to the actor or the unit is a whole district."""
    if unit.level not in FIRST:
        return ""
    count = visible(actor, people_in(unit).filter(left_on=None)).count()
    rows = visible(actor, posts_held(on=today).filter(path_range("unit__path", unit.path)))
    common = rows.order_by().values_list("title").annotate(n=Count("pk")).order_by("-n").values_list("title", flat=True).first()
    return f"{common or '教职工'}等 {count} 人" if count > 1 else ""


def adopted(unit: Unit, *, today: date) -> list[Adoption]:
    """What is in force in a unit, its own and inherited, by code."""
    return [adoption for _, adoption in sorted(adoptions_in_force(unit, on=today).items())]


def adopted_later(actor: Actor, unit: Unit, *, today: date) -> QuerySet[Adoption]:
    """Adopted by the unit itself and not yet begun."""
    return visible(actor, Adoption.objects.filter(unit=unit, since__gt=today)).select_related("edition").order_by("since")


def editions(actor: Actor) -> QuerySet[Edition]:
    return visible(actor, Edition.objects.all())


@dataclass(frozen=True)
class LogFilter:
    action: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None
    about: str = ""  # object type and id: org.Person:12


def log_entries(actor: Actor, chosen: LogFilter) -> QuerySet[Entry]:
    rows = visible(actor, Entry.objects.all())
    if chosen.action:
        rows = rows.filter(action=chosen.action)
    if chosen.actor.strip():
        rows = rows.filter(actor_name=chosen.actor.strip())
    if chosen.since:
        rows = rows.filter(at__date__gte=chosen.since)
    if chosen.until:
        rows = rows.filter(at__date__lte=chosen.until)
    if ":" in chosen.about:
        kind, _, key = chosen.about.rpartition(":")
        rows = rows.filter(object_type=kind, object_id=key)
    return rows


def region_names(regulation: Regulation) -> dict[str, str]:
    """Division code → name, of the regions that parameters are limited to and that are on file."""
    codes = {value.region for values in regulation.parameters.values() for value in values if value.region}
    if not codes:
        return {}
    shorts = {code: code[:2] + code[2:].rstrip("0") for code in codes}  # 500000 and 50 are the same place
    found = dict(Unit.objects.filter(code__in=[*shorts, *shorts.values()]).values_list("code", "name"))
    return {code: found.get(code) or found.get(short) or PROVINCES.get(short, f"代码 {code} 的地区") for code, short in shorts.items()}


@dataclass(frozen=True)
class Relative:
    """Somebody declared as a relative, with what he is to the person."""

    one: Person
    words: str
    kinship: Kinship


def kin_of(actor: Actor, person: Person) -> list[Relative]:
    """The declared relatives, from either side; those whose declaring was withdrawn come last."""
    rows = visible(actor, Kinship.objects.filter(Q(person=person) | Q(other=person))).select_related("person", "other")
    found = [
        Relative(row.person, f"是其{row.relation}", row)
        if row.other_id == person.pk
        else Relative(row.other, f"{person.name}是其{row.relation}", row)
        for row in rows.order_by("pk")
    ]
    return sorted(found, key=lambda relative: relative.kinship.withdrawn_on is not None)
