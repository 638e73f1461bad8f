"""存证: whether an entry is sealed, the proof to take away, and what outsiders need to check it (which anyone may have)."""

import json
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.audit import standalone
from jizhi.audit.keys import public_line
from jizhi.audit.models import Entry
from jizhi.audit.queries import NotSealed, changed_fields, latest_checkpoint, places_of, proof_of
from jizhi.audit.rules import COLUMN_WORDS
from jizhi.office.words import actions_known

ALWAYS = ("at", "action")  # a proof without them says nothing
OFFERED = ("label", "actor_name", "post")  # columns that may be shown besides
SCRIPT = Path(standalone.__file__).parent / "verify_proof.py"


@require_safe
def proof(request: ActingRequest, pk: int) -> HttpResponse:
    """The state of one entry, and the choice of what its proof shows."""
    entry = get_object_or_404(visible(request.actor, Entry.objects.all()), pk=pk)
    head, place = latest_checkpoint(), places_of([entry.pk]).get(entry.pk)
    context = {
        "entry": entry,
        "changed": [COLUMN_WORDS.get(name, name) for name in changed_fields(entry)],
        "place": None if place is None else place + 1,
        "head": head,
        "ready": head is not None and place is not None and place < head.size,
        "columns": [(name, COLUMN_WORDS[name], getattr(entry, name)) for name in OFFERED if getattr(entry, name)],
        "words": actions_known(),
        "key": public_line(),
    }
    return render(request, "office/proof.html", context)


@require_safe
def proof_file(request: ActingRequest, pk: int) -> HttpResponse:
    """The proof, showing what was ticked; back to the page while there is none."""
    entry = get_object_or_404(visible(request.actor, Entry.objects.all()), pk=pk)
    known = {*entry.values, *(name for name in OFFERED if getattr(entry, name))}
    try:
        found = proof_of(entry, [*ALWAYS, *(name for name in request.GET.getlist("show") if name in known and name not in ALWAYS)])
    except NotSealed:
        return redirect("log_proof", pk=pk)
    return _file(json.dumps(found, ensure_ascii=False, indent=1), f"存证-{entry.pk}.json", "application/json")


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The program that checks proofs: one file, for any Python."""
    return _file(SCRIPT.read_text(encoding="utf-8"), SCRIPT.name, "text/x-python")


@login_not_required
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public key that checkpoints are signed with."""
    if not (line := public_line()):
        raise Http404
    return _file(f"{line}\n", "key.txt", "text/plain")


@login_not_required
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest checkpoint, for whoever wants to keep one: it shows later that nothing before it was rewritten."""
    if not (head := latest_checkpoint()):
        raise Http404
    return _file(head.note, "checkpoint.txt", "text/plain")


def _file(text: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
