"""Units and bodies."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.office import queries
from jizhi.office.composition import composition_of
from jizhi.office.web.offered import can
from jizhi.org.models import Body
from jizhi.org.queries import ancestors
from jizhi.ui import clock


def tree(request: ActingRequest) -> HttpResponse:
    opened = [int(part) for part in request.GET.getlist("open") if part.isdigit() and len(part) < 12]
    context = {
        "nodes": queries.tree(request.actor, opened),
        "total": queries.units(request.actor).count(),
        "can": can(request, request.actor.unit, "create_unit", "import_rows"),
    }
    return render(request, "office/units.html", context)


def children(request: ActingRequest, pk: int) -> HttpResponse:
    """The units just below, for a tree opened in place; whoever comes without HTMX gets the whole tree."""
    unit = get_object_or_404(queries.units(request.actor), pk=pk)
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('unit_list')}?open={pk}#u{pk}")
    return render(request, "office/_nodes.html", {"nodes": queries.children(request.actor, unit)})


def unit(request: ActingRequest, pk: int) -> HttpResponse:
    actor, today = request.actor, clock.today()
    unit = get_object_or_404(queries.units(actor), pk=pk)
    below = list(queries.units(actor).filter(parent=unit))
    context = {
        "unit": unit,
        "above": list(reversed(ancestors(unit))),
        "chart": queries.chain_of(actor, unit, below, today=today),
        "bodies": queries.unit_bodies(actor, unit, today=today),
        "posts": queries.unit_posts(actor, unit, today=today),
        "people": queries.people_found(actor, queries.PeopleFilter(unit=unit), today=today).count(),
        "below": below,
        "adopted": queries.adopted(unit, today=today),
        "later": queries.adopted_later(actor, unit, today=today),
        "can": can(request, unit, "appoint", "set_up_body", "adopt", "rename_unit", "move_unit", "close_unit"),
    }
    return render(request, "office/unit.html", context)


def body(request: ActingRequest, pk: int) -> HttpResponse:
    actor, today = request.actor, clock.today()
    body = get_object_or_404(visible(actor, Body.objects.select_related("unit")), pk=pk)
    seats = queries.body_seats(actor, body, today=today)
    context = {
        "body": body,
        "seats": seats,
        "composition": composition_of(body, seats, today=today),
        "can": can(request, body, "seat_member", "end_seat", "dissolve_body"),
    }
    return render(request, "office/body.html", context)
