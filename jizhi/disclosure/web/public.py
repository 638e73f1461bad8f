"""Reading: no log-in, no cookies, no scripts. Only publications, names of units, their desks and the
regulations in force are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from jizhi.audit.models import Entry
from jizhi.audit.queries import NotSealed, proof_of
from jizhi.disclosure import queries, rules, sheet
from jizhi.disclosure.export import address_of, answered, of_home, of_kind, of_notice, of_place, of_search
from jizhi.org.models import Unit
from jizhi.papers.models import Publication
from jizhi.papers.queries import indexed
from jizhi.papers.rules import canonical
from jizhi.procedure.printed import application_pdf
from jizhi.procedure.queries.on_paper import on_paper, papers_of, steps_through, takers
from jizhi.ui import clock, export
from jizhi.ui.paging import page_of

View = Callable[..., HttpResponse]
STRICT = {"script-src": ["'none'"], "connect-src": ["'none'"], "form-action": ["'self'"]}
FRESH = "public, max-age=60"
HIDDEN = "noindex, noarchive"
PROVED = ("at", "action", "公开编号", "类别", "标题", "内容摘要", "公布日期")  # what a proof shows of the entry
LISTED = 5000  # addresses in the site map


def for_all(view: View) -> View:
    """Anyone may open it, and it runs no scripts. What is not there has a page of the public site."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            response = render(request, "disclosure/none.html", status=404)
            response["X-Robots-Tag"] = HIDDEN
            return response

    strict: View = csp_replace(STRICT)(opened)  # type: ignore[arg-type,assignment]
    return login_not_required(strict)


def reading(view: View) -> View:
    """A page that is only read: it may be kept for a minute, and asks for no cookie."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", FRESH)
        return response

    return for_all(require_safe(shown))


def place_coded(code: str, *, today: date) -> Unit:
    return get_object_or_404(queries.places(today=today), code=code)


def shown_now(public_id: str) -> Publication:
    today = clock.today()
    found = get_object_or_404(queries.published(public_id, today=today))
    if not found.is_shown(today):
        raise Http404
    return found


@reading
def home(request: HttpRequest) -> HttpResponse:
    """Search by place, what is in publicity now, what is new."""
    today, text = clock.today(), request.GET.get("q", "")
    context: dict[str, Any] = {"today": today, "text": queries.searched(text)}
    if export.asked(request):
        if context["text"]:
            return answered(request, f"查找{context['text']}", lambda: of_search(request, text, today=today), today=today)
        return answered(request, "公开", lambda: of_home(request, today=today), today=today)
    if context["text"]:
        page = page_of(queries.publications_found(text, today=today), request, order=queries.NEWEST_FIRST)
        return render(request, "disclosure/found.html", context | {"places": queries.places_found(text, today=today), "page": page})
    context |= {
        "open": queries.open_now(None, today=today)[: queries.FOUND],
        "latest": queries.latest(today=today)[: queries.NEWEST * 2],
        "places": queries.below(None, today=today)[: queries.FOUND],
    }
    return render(request, "disclosure/home.html", context)


@reading
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place with everything below it; with a kind in the query only that, page by page."""
    today = clock.today()
    unit, slug = place_coded(code, today=today), request.GET.get("kind", "")
    context: dict[str, Any] = {"unit": unit, "way": queries.way_to(unit), "today": today, "chosen": slug, "kinds": rules.SECTIONS}
    if export.asked(request):
        if slug in rules.KINDS:
            name = f"{unit.name}{rules.KINDS[slug]}"
            return answered(request, name, lambda: [of_kind(request, unit, slug, today=today)], today=today)
        return answered(request, f"{unit.name}公开", lambda: of_place(request, unit, today=today), today=today)
    if slug in rules.KINDS:
        page = page_of(queries.of_kind(unit, slug, today=today), request, order=queries.NEWEST_FIRST)
        return render(request, "disclosure/kind.html", context | {"kind": rules.KINDS[slug], "page": page})
    context |= {
        "open": queries.open_now(unit, today=today)[: queries.FOUND],
        "sections": [section for section in queries.sections(unit, today=today) if section.rows],
        "page": page_of(queries.below(unit, today=today), request, order=("path",), size=60),
        "desk": queries.desk_of(unit),
        "applying": on_paper(unit, today=today),
    }
    return render(request, "disclosure/place.html", context)


@reading
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One publication: 200 while it is shown, 410 with its statistics once it is over."""
    today = clock.today()
    found = get_object_or_404(queries.published(public_id, today=today))
    shown = found.is_shown(today)
    if shown and found.snapshot.get("table") and export.asked(request):
        return answered(request, found.title, lambda: [of_notice(found)], today=today)
    context = notice_context(request, found, today=today) if shown else {"one": found}
    response = render(request, "disclosure/notice.html" if shown else "disclosure/over.html", context, status=200 if shown else 410)
    if not (shown and found.indexed):
        response["X-Robots-Tag"] = HIDDEN
    return response


def notice_context(request: HttpRequest, one: Publication, *, today: date) -> dict[str, Any]:
    open_now = one.until is not None and one.until >= today
    return {
        "one": one,
        "today": today,
        "way": queries.way_to(one.unit),
        "desk": queries.desk_of(one.unit),
        "left": rules.days_left(one.until, today) if one.until else "",
        "bar": rules.day_bar(one.posted_on, one.until, today) if one.until and open_now else [],
        "may_object": one.open_to_objection and open_now,
        "qr": mark_safe(sheet.code_of(address_of(request, one))),  # noqa: S308 (our own drawing of our own address)
        "others": queries.others_of(one, today=today),
        "replaced_by": getattr(one, "replaced_by", None),
    }


@reading
def proof(request: HttpRequest, public_id: str) -> HttpResponse:
    """The log's proof of a publication, also of one that was taken down: a file that the stand-alone script checks."""
    one = get_object_or_404(Publication, public_id=public_id, posted_on__lte=clock.today())
    try:
        found = proof_of(get_object_or_404(Entry, pk=one.entry_id or 0), PROVED)
    except NotSealed:
        return render(request, "disclosure/unsealed.html", {"one": one})
    response = HttpResponse(json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="proof-{one.public_id}.json"'
    response["X-Robots-Tag"] = HIDDEN
    return response


@reading
def content(request: HttpRequest, public_id: str) -> HttpResponse:
    """The very bytes whose SHA-256 is the digest."""
    found = shown_now(public_id)
    response = HttpResponse(canonical(found.snapshot), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.public_id}.json"'
    response["X-Robots-Tag"] = HIDDEN
    return response


@reading
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether a receipt stands: found by the random id of its QR code only."""
    found = queries.receipt(public_id)
    if found is None or found.posted_on > clock.today():
        raise Http404
    response = render(request, "disclosure/receipt.html", {"one": found, "void": found.public_id != public_id})
    response["X-Robots-Tag"] = HIDDEN
    return response


@reading
def printed(request: HttpRequest, public_id: str) -> HttpResponse:
    """The notice on A4, for the board."""
    one = shown_now(public_id)
    return as_pdf(sheet.pdf("notice", sheet.of_notice(one, queries.desk_of(one.unit)), address=address_of(request, one)), one.public_id)


@reading
def objection_form(request: HttpRequest, public_id: str) -> HttpResponse:
    """A blank 异议书 about one notice."""
    one = get_object_or_404(queries.published(public_id, today=clock.today()), open_to_objection=True)
    return as_pdf(sheet.pdf("objection", sheet.of_notice(one, queries.desk_of(one.unit)), address=address_of(request, one)), "objection")


@reading
def tip_form(request: HttpRequest, code: str) -> HttpResponse:
    """A blank 意见建议表 of one place."""
    unit = place_coded(code, today=clock.today())
    address = request.build_absolute_uri(reverse("public_tip_new", args=[code]))
    return as_pdf(sheet.pdf("tip", sheet.of_place(unit, queries.desk_of(unit)), address=address), "suggestion")


@reading
def applying(request: HttpRequest, code: str) -> HttpResponse:
    """What may be applied for on paper at a place: uses, limits, papers, the blank form and where to hand it in."""
    today = clock.today()
    unit = place_coded(code, today=today)
    rows = [
        (launch, papers_of(launch), takers(launch.procedure), steps_through(launch.procedure)) for launch in on_paper(unit, today=today)
    ]
    context = {"unit": unit, "way": queries.way_to(unit), "rows": rows, "desk": queries.desk_of(unit)}
    return render(request, "disclosure/applying.html", context)


@reading
def application_form(request: HttpRequest, code: str, regulation: str, procedure: str) -> HttpResponse:
    """A blank application of one place."""
    today = clock.today()
    unit = place_coded(code, today=today)
    wanted = (regulation, procedure)
    launch = next((one for one in on_paper(unit, today=today) if (one.edition.code, one.procedure.code) == wanted), None)
    if launch is None:
        raise Http404
    address = request.build_absolute_uri(reverse("public_applying", args=[code]))
    content = application_pdf(launch, desk=sheet.in_words(queries.desk_of(unit)), qr=sheet.code_of(address))
    return as_pdf(content, f"application-{procedure}")


def as_pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Robots-Tag"] = HIDDEN
    return response


@reading
def verifying(request: HttpRequest) -> HttpResponse:
    """How anyone checks what was published."""
    try:
        offered = {name: reverse(f"proof_{name}") for name in ("script", "key", "checkpoint")}
    except NoReverseMatch:  # the log's own pages stand in another room
        offered = {}
    return render(request, "disclosure/verifying.html", offered)


@reading
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public site alone."""
    lines = ["User-agent: *", "Allow: /p/", "Disallow: /p/r/", "Disallow: /p/o/", "Disallow: /p/t/", "Disallow: /"]
    return HttpResponse("\n".join([*lines, f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]), content_type="text/plain")


@reading
def sitemap(request: HttpRequest) -> HttpResponse:
    """The newest addresses that may be indexed."""
    rows = indexed(today=clock.today()).order_by(*queries.NEWEST_FIRST).values_list("public_id", "posted_on")[:LISTED]
    found = [(request.build_absolute_uri(reverse("public_notice", args=[public_id])), posted_on) for public_id, posted_on in rows]
    return render(request, "disclosure/sitemap.xml", {"rows": found}, content_type="application/xml")
