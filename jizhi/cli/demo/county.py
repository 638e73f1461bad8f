"""扶绥县 in the demo: last year's stars of eighteen villages, awarded; this year's underway; one town's own appraisal of eight
villages with their pay. Everything goes through the acts, each on its own day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from jizhi.access.actor import SYSTEM, Actor
from jizhi.cli.demo.people import Names
from jizhi.cli.demo.stamp import acting
from jizhi.office.actions.bodies import seat_member, set_up_body
from jizhi.office.actions.imports import import_rows
from jizhi.office.actions.regulations import adopt
from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition

COUNTY = "451421"
# town code → the prefix of its people's numbers and how many of its villages take part in the county's stars
TOWNS = {"451421101": ("QL", 6), "451421100": ("XN", 4), "451421104": ("DM", 4), "451421106": ("ZD", 4)}
QULI = "451421101"
OWN = 8  # villages of 渠黎镇 in its own appraisal
REGULATIONS = ("county.bodies", "town.bodies", "party.stars", "county.village.appraisal")
PARTY, ORGANISER, COMMITTEE = "村党支部书记", "组织部部长", "县委常委会"


@dataclass
class County:
    """The county's people by number, and its villages in the order in which they take part."""

    unit: Unit
    editions: dict[str, Edition]
    people: dict[str, Person]
    villages: list[Unit]  # of the stars
    quli: Unit
    own: list[Unit]  # of 渠黎镇's own appraisal
    known: dict[tuple[str, str], Actor] = field(default_factory=dict)

    def by(self, number: str, day: date, held: str = "") -> Actor:
        """The person in the body or post of this name, else as he comes; nobody changes posts within the demo."""
        if (number, held) not in self.known:
            person = self.people[number]
            actor = acting(person, today=day, body=held)
            in_body = actor.acting is not None and actor.acting.body == held
            self.known[number, held] = actor if in_body else acting(person, today=day, title=held or None)
        return self.known[number, held]

    def secretary(self, village: Unit) -> str:
        """The number of a village's secretary."""
        return secretary_of(village)

    def without(self, unit: Unit, taking_part: list[Unit]) -> str:
        """The villages below a unit that do not take part, as the announcement names them."""
        below = Unit.objects.filter(path__startswith=unit.path, level="village").exclude(pk__in=[one.pk for one in taking_part])
        return "、".join(below.order_by("path").values_list("name", flat=True))


def secretary_of(village: Unit) -> str:
    return f"{TOWNS[village.code[:9]][0]}-1{village.code[-2:]}"


def county(editions: dict[str, Edition], *, today: date, began: date) -> County:
    """The whole county; the campaigns are played one after the other, for neither reads the other."""
    from jizhi.cli.demo.quli import own_appraisal
    from jizhi.cli.demo.stars import last_year, this_year

    place = _set_up(editions, began)
    year = (today - timedelta(days=60)).year  # in January the campaigns of the old year are still underway
    last_year(place, year=year - 1, day=max(began + timedelta(days=10), date(year - 1, 11, 10)))
    own_appraisal(place, day=today - timedelta(days=45))
    this_year(place, year=year, today=today)
    return place


def _set_up(editions: dict[str, Edition], day: date) -> County:
    """People and posts by two tables, bodies by their regulation."""
    unit, quli = Unit.objects.get(code=COUNTY), Unit.objects.get(code=QULI)
    towns = list(Unit.objects.filter(code__in=TOWNS).order_by("code"))
    in_county = {town.code: list(Unit.objects.filter(parent=town, code__regex="2..$").order_by("code")) for town in towns}
    own = in_county[QULI][:OWN]
    villages = [one for code, (_, count) in TOWNS.items() for one in in_county[code][:count]]
    posts: list[tuple[str, str, str, bool]] = [("FS-001", ORGANISER, COUNTY, False)]
    others = [(f"FS-0{n:02}", COUNTY) for n in (2, 11, 12, 13)]
    for town in towns:
        prefix = TOWNS[town.code][0]
        posts.append((f"{prefix}-001", "乡镇党委书记", town.code, True))
        others += [(f"{prefix}-00{n}", town.code) for n in (range(2, 7) if town == quli else range(2, 5))]
    for village in {one.pk: one for one in [*villages, *own]}.values():
        posts.append((secretary_of(village), PARTY, village.code, True))
        if village in own:
            posts.append((secretary_of(village), "村党组织书记", village.code, True))
    _import(unit, posts, others, day)
    numbers = [number for number, *_ in [*posts, *others]]
    people = {one.number: one for one in Person.objects.filter(number__in=numbers).select_related("unit")}
    made = County(unit, editions, people, villages, quli, own)
    head = made.by("FS-001", day, ORGANISER)
    for code in REGULATIONS:
        adopt(unit, editions[code], since=day, note="县委常委会会议通过", by=head, today=day)
    _body(made, unit, COMMITTEE, {"FS-011": "书记", "FS-012": "委员", "FS-013": "委员"}, day)
    _body(made, unit, "组织部", {"FS-002": "成员"}, day)
    for town in towns:
        prefix = TOWNS[town.code][0]
        _body(made, town, "考核组", {f"{prefix}-002": "组长", f"{prefix}-003": "成员", f"{prefix}-004": "成员"}, day)
    _body(made, quli, "乡镇党委", {"QL-001": "书记", "QL-005": "委员", "QL-006": "委员"}, day)
    return made


def _import(unit: Unit, posts: list[tuple[str, str, str, bool]], others: list[tuple[str, str]], day: date) -> None:
    names = Names("扶绥")
    homes = dict([(number, code) for number, _, code, _ in posts] + others)
    people = ["工号,姓名,单位代码", *(f"{number},{names.next()},{code}" for number, code in homes.items())]
    held = [f"{number},{title},{code},{'是' if head else ''},{day}" for number, title, code, head in posts]
    import_rows("people", "\n".join(people).encode(), unit=unit, by=SYSTEM, today=day)
    import_rows("posts", "\n".join(["工号,职务,单位代码,主持工作,任职日期", *held]).encode(), unit=unit, by=SYSTEM, today=day)


def _body(place: County, unit: Unit, kind: str, seats: dict[str, str], day: date) -> None:
    body = set_up_body(unit, kind, since=day, by=SYSTEM, today=day)
    for number, title in seats.items():
        seat_member(body, place.people[number], title, since=day, by=SYSTEM, today=day)
