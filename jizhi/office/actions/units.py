"""Units: made, renamed, moved with everything below them, closed."""

from datetime import date

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import refuse
from jizhi.org.models import Level, Unit
from jizhi.org.queries import ancestor_ids, posts_held, subtree, units_open
from jizhi.org.rules import DEEPEST, pinyin_of, placement_problem, segment
from jizhi.org.tree import placed
from jizhi.papers.models import Publication
from jizhi.procedure.models import Case


@transaction.atomic
def create_unit(parent: Unit | None, name: str, *, code: str, level: str, short: str = "", by: Actor, today: date) -> Unit:
    """A unit below ``parent``; only the system makes a root."""
    parent = Unit.objects.select_for_update().get(pk=parent.pk) if parent else None
    require(by, "office.create_unit", parent)
    refuse(
        name=None if name.strip() else "请填写名称",
        code=_code_problem(code),
        level=placement_problem(level, parent.level if parent else None, parent.depth + 1 if parent else 0)
        if level in Level.values
        else "请选择层级",
        parent="只有系统能设根单位" if parent is None and not by.system else _closed_problem(parent, today),
    )
    unit = placed(parent, name, code=code, level=Level(level), short=short)
    fields = {"名称": unit.name, "代码": unit.code, "层级": unit.get_level_display(), "上级": parent}
    record("office.create_unit", unit, by=by, fields=fields)
    return unit


@transaction.atomic
def rename_unit(unit: Unit, name: str, *, short: str = "", by: Actor, today: date) -> Unit:
    """Papers already issued keep the old name."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.rename_unit", unit)
    same = "名称和简称都和现在一样，没有要改的" if (name.strip(), short.strip()) == (unit.name, unit.short) else None
    refuse(name=same if name.strip() else "请填写名称", unit=_closed_problem(unit, today))
    fields = {"原名称": unit.name, "名称": name.strip(), "简称": short.strip()}
    unit.name, unit.short, unit.pinyin = name.strip(), short.strip(), pinyin_of(name)[0][:200]
    unit.save(update_fields=["name", "short", "pinyin"])
    record("office.rename_unit", unit, by=by, fields=fields)
    return unit


@transaction.atomic
def move_unit(unit: Unit, parent: Unit, *, by: Actor, today: date) -> Unit:
    """To another superior, with everything below it and the cases that belong there."""
    locked = {u.pk: u for u in Unit.objects.select_for_update().filter(pk__in=[unit.pk, parent.pk]).order_by("pk")}
    unit, parent = locked[unit.pk], locked[parent.pk]
    require(by, "office.move_unit", unit)
    require(by, "office.move_unit", parent)
    below = list(subtree(unit).select_for_update())
    height = max(u.depth for u in below) - unit.depth
    inside = "不能移到自己或自己的下级下面" if parent.path.startswith(unit.path) else None
    refuse(parent=inside or _closed_problem(parent, today) or placement_problem(unit.level, parent.level, parent.depth + 1 + height))
    before, old = unit.parent, unit.path
    Unit.objects.filter(pk__in=[u.pk for u in below]).update(
        path=Concat(Value(parent.path + segment(unit.pk)), Substr("path", len(old) + 1)), depth=F("depth") + parent.depth + 1 - unit.depth
    )
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    for moved in Unit.objects.filter(pk__in=[u.pk for u in below]):
        ids = ancestor_ids(moved)
        columns = {f"at_{depth}": ids[depth] if depth < len(ids) else None for depth in range(DEEPEST + 1)}
        Case.objects.filter(unit=moved).update(**columns)
        Publication.objects.filter(unit=moved).update(**columns)
    unit.refresh_from_db()
    record("office.move_unit", unit, by=by, fields={"原上级": before, "上级": parent})
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, on: date, by: Actor, today: date) -> Unit:
    """From the day on nothing new happens there; what happened stays."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.close_unit", unit)
    open_below = units_open(unit, on=on).exclude(pk=unit.pk).count()
    held = posts_held(on=on).filter(unit=unit).count()
    refuse(
        unit=_closed_problem(unit, today)
        or (f"下面还有{open_below}个单位，请先撤销或移走" if open_below else None)
        or (f"还有{held}个职务在任，请先免职" if held else None),
        on="撤销日期不能早于今天" if on < today else None,
    )
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    record("office.close_unit", unit, by=by, fields={"撤销日期": on})
    return unit


def _code_problem(code: str) -> str | None:
    code = code.strip()
    if not code:
        return "请填写代码"
    other = Unit.objects.filter(code=code).first()
    return f"代码{code}已由{other.name}使用" if other else None


def _closed_problem(unit: Unit | None, today: date) -> str | None:
    return f"{unit.name}已于{unit.closed_on}撤销" if unit and unit.closed_on and unit.closed_on <= today else None
