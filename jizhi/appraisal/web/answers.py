"""How this room's pages answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.forms import ActForm
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.campaigns import campaigns
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.procedure.models import Case

T = TypeVar("T")


def tried(form: ActForm, act: Callable[[], T]) -> T | None:
    """What the act gives; None when it refuses, and the form says why."""
    try:
        return act()
    except (AppraisalRefused, Refused, FormProblems) as why:
        form.refuse(why)
        return None


def done(request: ActingRequest, act: Callable[[], object], text: str) -> None:
    """Acts of a single button: what was done, or why not, as a message."""
    try:
        act()
        messages.success(request, text)
    except AppraisalRefused as why:
        messages.error(request, why.text)


def campaign_for(request: ActingRequest, pk: int) -> Campaign:
    return get_object_or_404(campaigns(request.actor), pk=pk)


def child_for(request: ActingRequest, pk: int) -> tuple[Case, Campaign]:
    """A unit's own case of a campaign; Http404 for any other case."""
    rows = visible(request.actor, Case.objects.select_related("unit__parent", "edition", "parent__edition", "parent__unit"))
    child = get_object_or_404(rows, pk=pk)
    found = Campaign.objects.filter(case=child.parent_id).select_related("case__edition", "unit", "case__unit").first()
    if child.parent_id is None or found is None:
        raise Http404
    return child, found
