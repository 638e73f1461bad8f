"""Evidence is seen by whoever sees what it is about."""

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.http import Http404

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.evidence.models import Evidence


def evidence_about(obj: models.Model) -> QuerySet[Evidence]:
    """Of an object that the caller may see, in the order it was added."""
    return Evidence.objects.filter(about_type=obj._meta.label, about_id=str(obj.pk)).select_related("by")


def evidence_for(actor: Actor, evidence_id: int) -> Evidence:
    """Http404 unless the actor may see the object that it is about."""
    evidence = Evidence.objects.filter(pk=evidence_id).first()
    if evidence is None:
        raise Http404
    about = apps.get_model(evidence.about_type)
    if not visible(actor, about._default_manager.filter(pk=evidence.about_id)).exists():
        raise Http404
    return evidence
