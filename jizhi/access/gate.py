"""The only place that decides: visible() for lists, may() and require() for acts. Deny by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from importlib import import_module
from operator import or_
from typing import TypeVar

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.module_loading import module_has_submodule

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.org.models import Unit
from jizhi.org.queries import path_range

M = TypeVar("M", bound=Model)
Reach = tuple[Scope, bool, bool]  # a scope, whether only its own rows, whether these wherever they are
EVERY, NONE = Q(pk__isnull=False), Q(pk__in=[])  # an empty Q would vanish in an OR


class Forbidden(Exception):  # noqa: N818 (the word of the contract)
    """Visible but not allowed: 403 with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Registry:
    """What all installed rooms declare."""

    permissions: Mapping[str, Permission]
    scopes: Mapping[str, tuple[Scope, ...]]


@cache
def registry() -> Registry:
    """Read once from every installed room's permissions.py; two rooms may not declare the same code."""
    permissions: dict[str, Permission] = {}
    scopes: dict[str, tuple[Scope, ...]] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("jizhi.") or not module_has_submodule(config.module, "permissions"):
            continue
        room = import_module(f"{config.name}.permissions")
        for permission in getattr(room, "PERMISSIONS", ()):
            if permission.code in permissions:
                raise LookupError(f"{permission.code} is declared twice")
            permissions[permission.code] = permission
        for scope in getattr(room, "SCOPES", ()):
            apps.get_model(scope.model)  # a misspelt model fails at once
            scopes[scope.model] = (*scopes.get(scope.model, ()), scope)
    for group in scopes.values():
        for scope in group:
            if scope.read not in permissions:
                raise LookupError(f"{scope.model} is read by {scope.read}, which no room declares")
    return Registry(permissions, scopes)


def visible(actor: Actor | None, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of the queryset that the actor may see; none for a model that no room declares."""
    if actor is not None and actor.system:
        return queryset
    return queryset.filter(_rows(actor, queryset.model)) if actor is not None and actor.person is not None else queryset.none()


def may(actor: Actor | None, permission: str, obj: Model | None = None) -> bool:
    """Whether a permission declared in some room's permissions.py is held, for an object or its unit.

    Without ``obj``: whether it is held anywhere. With a Unit: whether it reaches that unit (for acts that make something
    new there). An undeclared permission is a LookupError: a misspelt word must not pass for a refusal.
    """
    declared = registry().permissions.get(permission)
    if declared is None:
        raise LookupError(f"{permission} is declared by no room")
    if actor is None or (actor.person is None and not actor.system):
        return False
    if actor.system:
        return True
    grants = [grant for grant in declared.grants if _holds(actor, grant)]
    return bool(grants) if obj is None else _covers(actor, grants, obj)


def require(actor: Actor | None, permission: str, obj: Model | None = None) -> None:
    """Http404 when the object is not visible, Forbidden with the reason when it is but the permission is not held."""
    if actor is not None and actor.answers is None:  # within this call: to see and to do reach as far for most
        actor = replace(actor, answers={})
    if obj is not None and not (actor and actor.system) and not _sees(actor, obj):
        raise Http404
    if not may(actor, permission, obj):
        raise Forbidden(_reason(actor, registry().permissions[permission], obj))


def _holds(actor: Actor, grant: Grant) -> bool:
    """Whether the acting holding is one that the grant names."""
    if grant.anyone:
        return True
    held = actor.acting
    if held is None or not (grant.title or grant.body or grant.head):
        return False
    return (
        (grant.title is None or grant.title == held.title)
        and (grant.body is None or grant.body == held.body)
        and (grant.seat is None or grant.seat == held.seat)
        and (not grant.head or held.head)
    )


def _rows(actor: Actor, model: type[Model]) -> Q:
    """The rows of a model that the actor may read."""
    return reduce(or_, (_reach(actor, reach) for reach in _reading(actor, model)), NONE)


def _reading(actor: Actor, model: type[Model]) -> list[Reach]:
    """How far the actor reads rows of a model."""
    declared = registry()
    scopes = declared.scopes.get(model._meta.label, ())
    return _reaches((grant, scope) for scope in scopes for grant in declared.permissions[scope.read].grants if _holds(actor, grant))


def _reaches(pairs: Iterable[tuple[Grant, Scope]]) -> list[Reach]:
    """Each once: most of what a post may do to a row reaches as far as its reading does."""
    return list(dict.fromkeys((_place(scope, grant.own), grant.own, grant.own and grant.anyone) for grant, scope in pairs))


@cache
def _place(scope: Scope, only_own: bool) -> Scope:
    """The scope without what makes no difference to how far it reaches."""
    return replace(scope, read="", own=scope.own if only_own else None)


def _reach(actor: Actor, reach: Reach) -> Q:
    scope, only_own, anywhere = reach
    own = (scope.own(actor) if scope.own else NONE) if only_own else EVERY
    return own if anywhere else _below(actor, scope) & own


def _reached(actor: Actor, reaches: Sequence[Reach], obj: Model) -> bool:
    """Whether one of the reaches holds the saved object; asked once in a request that only reads."""

    def found() -> bool:
        return type(obj)._default_manager.filter(reduce(or_, (_reach(actor, reach) for reach in reaches)), pk=obj.pk).exists()

    if not reaches or actor.answers is None:
        return bool(reaches) and found()
    key = (frozenset(reaches), actor.acting.key if actor.acting else "", obj._meta.label, obj.pk)
    if key not in actor.answers:
        actor.answers[key] = found()
    return actor.answers[key]


def _below(actor: Actor, scope: Scope) -> Q:
    """Rows of the acting unit and everything below it."""
    unit = actor.unit
    if unit is None:
        return NONE
    if scope.columns:
        return Q(**{f"{scope.columns}{unit.depth}": unit.pk})
    if scope.ids:
        return Q(**{f"{scope.ids}__in": Unit.objects.filter(path_range("path", unit.path)).values("pk")})
    if scope.unit is None:
        return EVERY
    return path_range(f"{scope.unit}__path" if scope.unit else "path", unit.path)


def _sees(actor: Actor | None, obj: Model) -> bool:
    """Whether a saved object is visible; an unsaved one is judged by its unit."""
    if actor is None or actor.person is None:
        return False
    if obj.pk is None:
        obj = obj.unit  # type: ignore[attr-defined]
    reaches = _reading(actor, type(obj))
    if isinstance(obj, Unit) and _plainly(actor, obj, any(not own for _, own, _ in reaches)):
        return True
    return _reached(actor, reaches, obj)


def _covers(actor: Actor, grants: Sequence[Grant], obj: Model) -> bool:
    """Whether one of the grants, which the actor holds, reaches this object."""
    if obj.pk is None:
        obj = obj.unit  # type: ignore[attr-defined]
    if isinstance(obj, Unit):
        if _plainly(actor, obj, any(not grant.own for grant in grants)):
            return True
        grants = [grant for grant in grants if grant.own]
    return _reached(actor, _reaches((grant, scope) for grant in grants for scope in registry().scopes.get(obj._meta.label, ())), obj)


def _plainly(actor: Actor, unit: Unit, whole: bool) -> bool:
    """Whether the unit lies below the actor's own and something reaches all of that: forms ask this often, so without a query."""
    return whole and actor.unit is not None and unit.path.startswith(actor.unit.path)


def _reason(actor: Actor | None, permission: Permission, obj: Model | None) -> str:
    """Who may, who you are now, and which other post of yours would do."""
    if actor is None or actor.person is None:
        return f"“{permission.name}”须先登录"
    who = "、".join(dict.fromkeys(filter(None, map(_in_words, permission.grants)))) or "指定的职务"
    now = f"您现在的身份是{actor.post}" if actor.post else "您目前没有任职"
    other = next((h for h in actor.holdings if h != actor.acting and may(replace(actor, acting=h), permission.code, obj)), None)
    hint = f"。您可以先切换到{other.unit.name}{other.title}再办理" if other else ""
    return f"“{permission.name}”由{who}办理，{now}，不在其列或不在管辖范围内{hint}"


def _in_words(grant: Grant) -> str:
    if grant.anyone:
        return "当事人本人" if grant.own else ""
    if grant.body:
        return f"{grant.body}{grant.seat}" if grant.seat else f"{grant.body}成员"
    return grant.title or "单位负责人"
