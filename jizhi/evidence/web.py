"""Opening a file of evidence."""

from django.http import FileResponse, Http404
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jizhi.access.middleware import ActingRequest
from jizhi.evidence.queries import evidence_for

SHOWN = ("image/jpeg", "image/png", "image/webp")  # everything else is only ever downloaded


@require_safe
def evidence_file(request: ActingRequest, pk: int) -> FileResponse:
    evidence = evidence_for(request.actor, pk)
    if not evidence.file:
        raise Http404
    response = FileResponse(evidence.file.open("rb"), content_type=evidence.mime)
    response["Content-Disposition"] = content_disposition_header(evidence.mime not in SHOWN, evidence.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("evidence/<int:pk>/", evidence_file, name="evidence_file")]
