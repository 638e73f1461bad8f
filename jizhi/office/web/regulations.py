"""Regulations: what is adopted, the library, the reader, and the standards in them."""

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.office import queries, reader
from jizhi.office.comparing import compared
from jizhi.office.standards import rows_of, total
from jizhi.office.web.offered import can
from jizhi.procedure.models import Case
from jizhi.regulation.models import Adoption
from jizhi.regulation.reading import regulation_of
from jizhi.ui import clock, export

ADOPTED = ("制度", "版本", "采用单位", "启用")
LIBRARY = ("制度", "版本", "施行", "来自")


def listing(request: ActingRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    adopted = queries.adopted(actor.unit, today=today) if actor.unit else []
    later = queries.adopted_later(actor, actor.unit, today=today) if actor.unit else []
    editions = queries.editions(actor).select_related("owner")
    if export.asked(request):
        used = [(one.edition.name, f"{one.edition.since.year}年版", one.unit.name, one.since) for one in adopted]
        kept = [(one.name, f"{one.since.year}年版", one.since, one.owner.name if one.owner else "随程序提供") for one in editions]
        sheets = [export.Sheet("在用的制度", ADOPTED, used), export.Sheet("制度库", LIBRARY, kept)]
        return export.book(request, "制度", sheets)
    context = {
        "adopted": adopted,
        "later": later,
        "editions": editions,
        "can": can(request, actor.unit, "submit_edition", "adopt", "start_pilot", "see_pilot"),
    }
    return render(request, "office/regulations.html", context)


def edition(request: ActingRequest, pk: int) -> HttpResponse:
    actor, today = request.actor, clock.today()
    edition = get_object_or_404(queries.editions(actor), pk=pk)
    regulation = regulation_of(edition)
    open_cases = visible(actor, Case.objects.filter(edition__code=edition.code, end="")).order_by()  # as the lists count them
    editions = list(queries.editions(actor).filter(code=edition.code).order_by("-since", "-pk"))
    older = [one for one in editions if (one.since, one.pk) < (edition.since, edition.pk)]
    counts = {(row["procedure"], row["step"]): row["n"] for row in open_cases.values("procedure", "step").annotate(n=Count("pk"))}
    at = request.GET.get("at", "")
    context = {
        "edition": edition,
        "regulation": regulation,
        "chapters": reader.chapters(regulation, counts, at=at),
        "drawn": reader.drawn(regulation, at=at),
        "parameters": reader.parameters(regulation, queries.region_names(regulation)),
        "sources": reader.SOURCES,
        "editions": editions,
        "beside": next(iter(older or [one for one in editions if one.pk != edition.pk]), None),
        "adoptions": visible(actor, Adoption.objects.filter(edition=edition)).select_related("unit", "by"),
        "open": open_cases.filter(edition=edition).count(),
        "in_force": any(a.edition_id == edition.pk for a in (queries.adopted(actor.unit, today=today) if actor.unit else ())),
        "can": can(request, actor.unit, "submit_edition", "adopt", "start_pilot", "see_pilot"),
    }
    return render(request, "office/edition.html", context)


def against(request: ActingRequest, pk: int, other: int) -> HttpResponse:
    """The edition beside another of the same regulation."""
    editions = queries.editions(request.actor).select_related("owner")
    edition = get_object_or_404(editions, pk=pk)
    old = get_object_or_404(editions, pk=other, code=edition.code)
    others = editions.filter(code=edition.code).exclude(pk=pk).order_by("-since", "-pk")
    parts = compared(regulation_of(old), regulation_of(edition))
    return render(request, "office/against.html", {"edition": edition, "old": old, "others": others, "parts": parts})


def standard(request: ActingRequest, pk: int, name: str) -> HttpResponse:
    edition = get_object_or_404(queries.editions(request.actor), pk=pk)
    standard = regulation_of(edition).standards.get(name)
    if standard is None:
        raise Http404
    return render(
        request, "office/standard.html", {"edition": edition, "standard": standard, "rows": rows_of(standard), "total": total(standard)}
    )
