"""Keeping evidence: text, or a photo or file. Never required."""

import hashlib
import uuid
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.evidence.models import Evidence
from jizhi.evidence.rules import LARGEST, Unusable, kept
from jizhi.org.models import Unit


@transaction.atomic
def add_evidence(
    about: models.Model, *, unit: Unit, text: str = "", upload: UploadedFile | None = None, by: Actor, now: datetime
) -> Evidence:
    """Evidence about an object that the act's caller may see. Raises Unusable with the reason beside the field."""
    require(by, "evidence.add", unit)
    if by.person is None:
        raise ValueError("evidence is given by a person")
    text = text.strip()
    if not text and upload is None:
        raise Unusable("请写一段文字，或者选一个文件")
    file = kept(upload.name or "", upload.read(LARGEST + 1)) if upload else None
    evidence = Evidence(unit=unit, about_type=about._meta.label, about_id=str(about.pk), text=text, by=by.person, at=now)
    if file:
        evidence.name, evidence.mime, evidence.size = file.name, file.mime, len(file.content)
        evidence.digest = hashlib.sha256(file.content).hexdigest()
        # the name on disk says nothing: neither who nor what
        evidence.file.save(f"{uuid.uuid4().hex}.{file.name.rpartition('.')[2]}", ContentFile(file.content), save=False)
    evidence.save()
    fields = {"文字": text, "文件": evidence.name, "摘要": evidence.digest, "属于": f"{evidence.about_type} {evidence.about_id}"}
    record("evidence.add", evidence, by=by, unit=unit, fields=fields)
    return evidence
