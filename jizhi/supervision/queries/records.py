"""Records as lists and one by one; scores with their derivation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.evidence.models import Evidence
from jizhi.org.models import Person, Unit
from jizhi.procedure.models import Case
from jizhi.supervision import rules
from jizhi.supervision.models import Answer, Finding, Record


def records(actor: Actor, *, kind: str = "", subject: str = "", period: str = "", text: str = "", method: str = "") -> QuerySet[Record]:
    """Those the actor may see. ``subject`` is a unit's id (the records about it, and about people in it)."""
    found = visible(actor, Record.objects.all())
    if rules.kind_of(kind):
        found = found.filter(kind=kind)
    if subject.isdigit():
        found = found.filter(Q(department=int(subject)) | Q(person__unit=int(subject)) | Q(unit=int(subject)))
    if period:
        found = found.filter(period=period)
    if method in rules.METHODS:
        found = found.filter(by_method(method))
    if text:
        found = found.filter(Q(title__icontains=text) | Q(problems__icontains=text) | Q(person__name=text) | Q(inspector__name=text))
    return found.select_related("unit", "person", "department", "inspector", "sheet").annotate(found=Count("findings", distinct=True))


def narrowed(actor: Actor, chosen: Mapping[str, str], *, today: date) -> QuerySet[Record]:
    """What a list's filters leave."""
    found = records(actor, **{name: chosen.get(name, "") for name in ("kind", "subject", "period", "text", "method")})
    found = with_evidence(found, chosen.get("evidence", ""))
    return found.filter(pk__in=to_follow_up(actor, today=today).order_by().values("pk")) if chosen.get("followup") else found


def periods(actor: Actor) -> list[str]:
    """The terms that have records, newest first."""
    return list(visible(actor, Record.objects.exclude(period="")).order_by("-period").values_list("period", flat=True).distinct())


def findings_of(actor: Actor, record: Record) -> list[tuple[Finding, bool]]:
    """The record's findings, each with whether the actor may open its case."""
    found = list(record.findings.all())
    open_to = set(visible(actor, Case.objects.filter(pk__in=[finding.case_id for finding in found])).values_list("pk", flat=True))
    return [(finding, finding.case_id in open_to) for finding in found]


def about_me(actor: Actor, *, today: date) -> QuerySet[Record]:
    """Published about the actor: himself, or a unit whose head post he holds."""
    headed = [holding.unit.pk for holding in actor.holdings if holding.head]
    found = visible(actor, Record.objects.filter(Q(person=actor.person) | Q(department__in=headed)))
    return (
        found.select_related("unit", "person", "department", "inspector")
        .prefetch_related("answers")
        .annotate(found=Count("findings", distinct=True))
    )


def record_page(actor: Actor) -> QuerySet[Record]:
    """Records with what their page shows."""
    findings = Finding.objects.select_related("case").order_by("number")
    answers = Answer.objects.select_related("by").order_by("pk")
    found = visible(actor, Record.objects.all()).select_related(
        "unit", "task", "person", "department", "inspector", "sheet__edition", "follows"
    )
    return found.prefetch_related(Prefetch("findings", findings), Prefetch("answers", answers), "followers")


def may_answer(actor: Actor, record: Record) -> bool:
    """The teacher himself, or whoever heads the department, in whichever post he acts."""
    if record.person_id:
        return actor.person is not None and record.person_id == actor.person.pk
    return any(holding.head and holding.unit.pk == record.department_id for holding in actor.holdings)


def previous(actor: Actor, *, person: Person | None, department: Unit | None, before: Record | None = None) -> QuerySet[Record]:
    """Earlier records about the same teacher or department, newest first."""
    found = visible(actor, Record.objects.filter(person=person, department=department))
    if person is None and department is None:
        return found.none()
    if before is not None:
        found = found.filter(Q(day__lt=before.day) | Q(day=before.day, pk__lt=before.pk))
    return found.order_by("-day", "-pk")


def to_follow_up(actor: Actor, *, today: date) -> QuerySet[Record]:
    """Guidance whose follow-up day has come and that no later record follows."""
    found = visible(actor, Record.objects.filter(follow_up_on__lte=today, followers=None))
    return found.select_related("person", "department").order_by("follow_up_on", "pk")


def by_method(method: str) -> Q:
    """Records that used a method: every list of methods, as stored in order, that holds it (portable over both databases)."""
    found = Q()
    for size in range(1, len(rules.METHODS) + 1):
        for chosen in combinations(rules.METHODS, size):
            if method in chosen:
                found |= Q(methods=list(chosen))
    return found


@dataclass(frozen=True)
class Share:
    """One bar of the chart: a word, how many of how many, where its records are listed."""

    word: str
    count: int
    total: int
    query: Mapping[str, str]

    @property
    def percent(self) -> str:
        return rules.share(self.count, self.total)

    @property
    def width(self) -> Decimal:
        return Decimal(200 * self.count) / self.total if self.total else Decimal(0)


def method_mix(found: QuerySet[Record]) -> list[Share]:
    """How many records used each method; one record can use several."""
    groups = list(found.order_by().values_list("methods").annotate(n=Count("pk", distinct=True)))
    total = sum(n for _, n in groups)
    return [Share(m, sum(n for used, n in groups if m in used), total, {"method": m}) for m in rules.METHODS]


def evidence_mix(found: QuerySet[Record]) -> list[Share]:
    """How many records carry evidence as text, as a photo or file, or none; none is compulsory."""
    total = found.count()
    words = (("文字", "text"), ("照片或文件", "file"), ("没有佐证", "none"))
    return [Share(word, with_evidence(found, code).count(), total, {"evidence": code}) for word, code in words]


def with_evidence(found: QuerySet[Record], kind: str) -> QuerySet[Record]:
    """Records whose evidence is of a kind (text, file), or that have none."""
    kept = Evidence.objects.filter(about_type=Record._meta.label, about_id=Cast(OuterRef("pk"), CharField()))
    match kind:
        case "text":
            return found.filter(Exists(kept.exclude(text="")))
        case "file":
            return found.filter(Exists(kept.exclude(file="")))
        case "none":
            return found.filter(~Exists(kept))
    return found
