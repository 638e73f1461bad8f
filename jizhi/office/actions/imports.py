"""Units, people and posts from spreadsheets: all rows or none, one entry in the log with the digest of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import Refused
from jizhi.org.imports import KINDS, YES, Preview, Row, RowError, day_of, parsed
from jizhi.org.models import Household, Level, Person, Post, Unit
from jizhi.org.queries import people_in, subtree
from jizhi.org.rules import pinyin_of, placement_problem
from jizhi.org.tree import place_all, unplaced
from jizhi.regulation.bodies import seat_titles
from jizhi.rulebook.judgement import Problem

PARAMETERS = 10_000  # of one query


@dataclass(frozen=True)
class Place:
    """A unit that stands, or will when the rows before it are in."""

    level: str
    depth: int


def preview(kind: str, content: bytes, *, unit: Unit | None, today: date) -> Preview:
    """What importing would do below ``unit`` (None: anywhere, for the system), with every error of every row."""
    found = parsed(kind, content)
    if found.errors:
        return found
    check: Callable[[Preview, Unit | None, date], Iterator[RowError | int]]
    check = {"people": check_people, "posts": _check_posts}.get(kind, _check_units)
    results = list(check(found, unit, today))
    errors = tuple(sorted((r for r in results if isinstance(r, RowError)), key=lambda e: e.row))
    return replace(found, errors=errors, skipped=frozenset(r for r in results if isinstance(r, int)))


@transaction.atomic
def import_rows(kind: str, content: bytes, *, unit: Unit | None, by: Actor, today: date) -> Preview:
    """All rows or none: Refused with every error. Rows that are there already, word for word, are skipped."""
    if unit is not None:
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.import_rows", unit)
    found = preview(kind, content, unit=unit, today=today)
    if unit is None and not by.system:
        raise Refused([Problem("unit", "请选择导入到哪个单位")])
    if kind == "posts" and by.person and any(row.cells["number"] == by.person.number for row in _new(found)):
        raise Refused([Problem("file", "表里有给您本人任职的行，不能给自己任职，请由别人办理")])
    if found.errors:
        raise Refused([Problem("file", f"第{e.row}行{e.column}：{e.text}") for e in found.errors])
    {"people": _add_people, "posts": _add_posts}.get(kind, _add_units)(found)
    fields = {"表": KINDS[kind].name, "行数": len(found.rows), "新增": len(_new(found)), "文件": found.digest}
    record("office.import_rows", unit, by=by, label=f"导入{KINDS[kind].name}{len(_new(found))}行", fields=fields)
    return found


def _new(found: Preview) -> list[Row]:
    return [row for row in found.rows if row.number not in found.skipped]


def _within(unit: Unit | None) -> dict[str, Unit]:
    """Code → unit, of the units that may be named in the table."""
    return {u.code: u for u in (subtree(unit) if unit else Unit.objects.all())}


def _check_units(found: Preview, unit: Unit | None, today: date) -> Iterator[RowError | int]:
    levels = KINDS[found.kind].levels
    inside = _within(unit)
    taken = Unit.objects.in_bulk([row.cells["code"] for row in found.rows], field_name="code")
    places = {code: Place(u.level, u.depth) for code, u in inside.items()}
    waiting = list(found.rows)
    while waiting:  # a row may name a parent that stands further down
        ready = [row for row in waiting if row.cells.get("parent", "") in places or not row.cells.get("parent")]
        if not ready:
            yield from (_no_unit(row, "上级代码", row.cells["parent"], unit) for row in waiting)
            return
        for row in ready:
            waiting.remove(row)
            cells, level = row.cells, levels[row.cells["level"]]
            above = places.get(cells.get("parent", ""))
            depth = above.depth + 1 if above else 0
            places[cells["code"]] = Place(level, depth)
            known = taken.get(cells["code"])
            if known and (known.name, known.level) == (cells["name"], level) and known.code in inside:
                yield row.number
            elif known:
                where = known.name if known.code in inside else "别的单位"
                yield RowError(row.number, "代码", f"代码{known.code}已由{where}使用")
            elif above is None and unit is not None:
                yield RowError(row.number, "上级代码", f"请填写上级代码，只能导入到{unit.name}下面")
            elif problem := placement_problem(level, above.level if above else None, depth):
                yield RowError(row.number, "层级", problem)


def _no_unit(row: Row, head: str, code: str, unit: Unit | None) -> RowError:
    return RowError(row.number, head, f"{unit.name}下面没有代码为{code}的单位" if unit else f"没有代码为{code}的单位")


def _add_units(found: Preview) -> None:
    levels = KINDS[found.kind].levels
    made: dict[str, Unit | None] = {"": None}
    waiting = list(_new(found))
    parents = Unit.objects.in_bulk({row.cells.get("parent", "") for row in waiting}, field_name="code")
    made.update(parents)
    while waiting:
        generation = [_unit(row.cells, made[row.cells.get("parent", "")], levels) for row in waiting if row.cells.get("parent", "") in made]
        place_all(generation)
        made.update({unit.code: unit for unit in generation})
        waiting = [row for row in waiting if row.cells["code"] not in made]


def _unit(cells: Mapping[str, str], parent: Unit | None, levels: Mapping[str, str]) -> Unit:
    return unplaced(parent, cells["name"], code=cells["code"], level=Level(levels[cells["level"]]), short=cells.get("short", ""))


def check_people(found: Preview, unit: Unit | None, today: date) -> Iterator[RowError | int]:
    units = _within(unit)
    taken = Person.objects.select_related("unit").in_bulk([row.cells["number"] for row in found.rows], field_name="number")
    numbers = [row.cells["household"] for row in found.rows if row.cells.get("household")]
    homes = Household.objects.select_related("unit").in_bulk(numbers, field_name="number")
    new_homes: dict[str, str] = {}  # 户号 → 单位代码 of those this table brings
    for row in found.rows:
        place, known = units.get(row.cells["unit"]), taken.get(row.cells["number"])
        home = homes.get(row.cells.get("household", ""))
        if place is None:
            yield _no_unit(row, "单位代码", row.cells["unit"], unit)
        elif known and (known.name, known.unit_id) == (row.cells["name"], place.pk):
            yield row.number
        elif known:
            whose = f"{known.unit.name}{known.name}" if known.unit.code in units else "别的单位的人"
            yield RowError(row.number, "工号", f"工号{known.number}已由{whose}使用")
        elif place.closed_on and place.closed_on <= today:
            yield RowError(row.number, "单位代码", f"{place.name}已撤销")
        if place is not None and home is not None and home.unit_id != place.pk:
            yield RowError(row.number, "户号", f"户号{home.number}已登记在{home.unit.name if home.unit.code in units else '别的单位'}")
        elif row.cells.get("household") and new_homes.setdefault(row.cells["household"], row.cells["unit"]) != row.cells["unit"]:
            yield RowError(row.number, "户号", f"户号{row.cells['household']}在表里登记到了两个单位，一户只能在一个村")


def _add_people(found: Preview) -> None:
    for row in _new(found):
        row.made.update(worked_out(row.cells))
    add_people([(row.cells, row.made) for row in _new(found)])


def worked_out(cells: Mapping[str, str]) -> dict[str, str]:
    """What is slow about a person: the pinyin of the name."""
    full, initials = pinyin_of(cells["name"], person=True)
    return {"pinyin": full[:120], "initials": initials[:20]}


def add_people(rows: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]) -> None:
    """Checked rows as people, with the households they name."""
    units = Unit.objects.in_bulk({cells["unit"] for cells, _ in rows}, field_name="code")
    named = {cells["household"]: cells for cells, _ in rows if cells.get("household")}
    known = set(Household.objects.filter(number__in=named).values_list("number", flat=True)) if len(named) < PARAMETERS else _numbers()
    new = [(number, cells) for number, cells in named.items() if number not in known]
    Household.objects.bulk_create(
        [Household(unit=units[cells["unit"]], number=number, group=cells.get("group", "")) for number, cells in new], batch_size=2000
    )
    homes = dict(Household.objects.filter(unit__in=units.values()).values_list("number", "pk")) if named else {}
    Person.objects.bulk_create(
        [
            Person(
                name=cells["name"], number=cells["number"], unit=units[cells["unit"]], phone_tail=cells.get("phone_tail", ""),
                household_id=homes.get(cells.get("household", "")), born_on=day_of(cells.get("born", "")), **made,
            )
            for cells, made in rows
        ],
        batch_size=2000,
    )  # fmt: skip


def _numbers() -> set[str]:
    return set(Household.objects.values_list("number", flat=True))


def _check_posts(found: Preview, unit: Unit | None, today: date) -> Iterator[RowError | int]:
    units = _within(unit)
    people = {p.number: p for p in (people_in(unit) if unit else Person.objects.all())}
    held = {(p.person_id, p.unit_id, p.title, p.since) for p in Post.objects.filter(person__in=people.values())}
    seen: dict[tuple[int, int, str], int] = {}
    seats: dict[int, frozenset[str]] = {}  # by unit
    for row in found.rows:
        cells, since, until = row.cells, day_of(row.cells["since"]), day_of(row.cells.get("until", ""))
        person, place = people.get(cells["number"]), units.get(cells["unit"])
        if place is None:
            yield _no_unit(row, "单位代码", cells["unit"], unit)
        if person is None:
            yield RowError(row.number, "工号", f"没有工号为{cells['number']}的人，请先导入人员")
        if until and since and until < since:
            yield RowError(row.number, "任期至", "任期至不能早于任职日期")
        if person is None or place is None or since is None:
            continue
        if place.pk not in seats:
            seats[place.pk] = seat_titles(place, on=today)
        if cells["title"] in seats[place.pk]:
            yield RowError(row.number, "职务", f"“{cells['title']}”是机构的席位，请到机构的页面聘任")
        key = (person.pk, place.pk, cells["title"])
        if seen.setdefault(key, row.number) != row.number:
            yield RowError(row.number, "", f"与第{seen[key]}行重复")
        elif (*key, since) in held:
            yield row.number
        elif any(one[:3] == key for one in held) and _overlaps(person, place, cells["title"], since, until):
            yield RowError(row.number, "任职日期", f"{person.name}在这段时间已任{place.name}{cells['title']}")


def _overlaps(person: Person, unit: Unit, title: str, since: date, until: date | None) -> bool:
    terms = Post.objects.filter(person=person, unit=unit, title=title).values_list("since", "until")
    return any((until is None or begins <= until) and (ends is None or ends >= since) for begins, ends in terms)


def _add_posts(found: Preview) -> None:
    units = Unit.objects.in_bulk({row.cells["unit"] for row in found.rows}, field_name="code")
    people = Person.objects.in_bulk({row.cells["number"] for row in found.rows}, field_name="number")
    posts = []
    for row in _new(found):
        cells, since = row.cells, day_of(row.cells["since"])
        assert since is not None  # by the preview
        posts.append(
            Post(
                person=people[cells["number"]], unit=units[cells["unit"]], title=cells["title"], head=cells.get("head", "") in YES,
                since=since, until=day_of(cells.get("until", "")),
            )
        )  # fmt: skip
    Post.objects.bulk_create(posts)
