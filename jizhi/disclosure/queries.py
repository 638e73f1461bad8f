"""What the public pages read: publications, names of units, desks; and the forms of regulations (procedure.queries.on_paper).
Nothing else leaves the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from jizhi.disclosure.models import Desk, Slip
from jizhi.disclosure.rules import KINDS, NOTICE, RECEIPT, SECTIONS
from jizhi.org.models import Unit
from jizhi.org.queries import DIVISIONS, ancestor_ids, ancestors
from jizhi.papers.models import Publication
from jizhi.papers.queries import in_publicity, shown_at, shown_to_all
from jizhi.procedure.models import Act, Objection
from jizhi.rulebook import publicity

NEWEST = 5
FOUND = 30
NEWEST_FIRST = ("-posted_on", "-id")
LONGEST_QUERY = 40


@dataclass(frozen=True)
class Section:
    """One kind of a place's publications: the newest, and whether there are more."""

    slug: str
    kind: str
    rows: list[Publication]
    more: bool


def places(*, today: date) -> QuerySet[Unit]:
    """Units the public site names: divisions, and others that published something themselves. None that is closed."""
    own = Publication.objects.filter(unit=OuterRef("pk"), listed=True)
    standing = Unit.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today))
    return standing.filter(Q(level__in=DIVISIONS) | Exists(own))


def places_found(text: str, *, today: date) -> list[Unit]:
    """By part of the name, shallowest first."""
    text = searched(text)
    rows = places(today=today).filter(Q(name__icontains=text) | Q(pinyin__startswith=text.lower()))
    return list(rows.select_related("parent").order_by("depth", "path")[:FOUND]) if text else []


def publications_found(text: str, *, today: date) -> QuerySet[Publication]:
    """What may be seen today with these words in the title."""
    text = searched(text)
    rows = shown_to_all(today=today).select_related("unit")
    return rows.filter(title__icontains=text) if text else rows.none()


def searched(text: str) -> str:
    """What is looked for, as any database takes it."""
    return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()[:LONGEST_QUERY]


def open_now(unit: Unit | None, *, today: date) -> QuerySet[Publication]:
    """What is in publicity, the first to end first."""
    rows = shown_at(unit, today=today) if unit else shown_to_all(today=today)
    return in_publicity(rows, today=today).select_related("unit").order_by("until", "id")


def latest(*, today: date) -> QuerySet[Publication]:
    return shown_to_all(today=today).select_related("unit").order_by(*NEWEST_FIRST)


def sections(unit: Unit, *, today: date) -> list[Section]:
    """The newest of each kind at a place and below it."""
    return [_section(unit, slug, kind, today=today) for slug, kind in SECTIONS]


def _section(unit: Unit, slug: str, kind: str, *, today: date) -> Section:
    rows = list(of_kind(unit, slug, today=today).order_by(*NEWEST_FIRST)[: NEWEST + 1])
    return Section(slug, kind, rows[:NEWEST], len(rows) > NEWEST)


def of_kind(unit: Unit, slug: str, *, today: date) -> QuerySet[Publication]:
    return shown_at(unit, today=today).filter(kind=KINDS[slug]).select_related("unit")


def others_of(publication: Publication, *, today: date) -> list[Publication]:
    """What else the unit shows, newest first."""
    rows = shown_to_all(today=today).filter(unit=publication.unit_id).exclude(pk=publication.pk)
    return list(rows.order_by(*NEWEST_FIRST)[:NEWEST])


def published(public_id: str, *, today: date) -> QuerySet[Publication]:
    """The one under an address, whether it is still shown or not; none that is posted later. Receipts have their own page."""
    return Publication.objects.filter(public_id=public_id, posted_on__lte=today).exclude(kind=RECEIPT).select_related("unit", "replaced_by")


def receipt(public_id: str) -> Publication | None:
    """A receipt as it stands now: a void or a correction is a later publication that replaces it."""
    found = Publication.objects.filter(public_id=public_id, kind=RECEIPT).select_related("unit").first()
    while found is not None:
        later = Publication.objects.filter(replaces=found).select_related("unit").first()
        if later is None:
            break
        found = later
    return found


def way_to(unit: Unit) -> list[Unit]:
    """From the root down to the unit itself."""
    return list(reversed(ancestors(unit, itself=True)))


def below(unit: Unit | None, *, today: date) -> QuerySet[Unit]:
    """The places right below one, or the highest of all."""
    return places(today=today).filter(parent=unit).select_related("parent").order_by("path")


def desk_of(unit: Unit) -> Desk | None:
    """The unit's own, else the nearest above."""
    ids = ancestor_ids(unit)
    rows = Desk.objects.filter(unit__in=ids).select_related("unit")
    return max(rows, key=lambda desk: ids.index(desk.unit_id), default=None)


def notices_open(unit: Unit, *, today: date) -> QuerySet[Publication]:
    """Notices in publicity to which one may object."""
    return open_now(unit, today=today).filter(kind=NOTICE, open_to_objection=True)


STATES = (("open", "正在公示"), ("shown", "公开中"), ("over", "已撤下"))


def in_state(rows: QuerySet[Publication], state: str, *, today: date) -> QuerySet[Publication]:
    """For officials: what is in publicity, shown, or over."""
    match state:
        case "open":
            return in_publicity(rows, today=today).filter(taken_down_on=None)
        case "shown":
            return rows.filter(Q(down_on=None) | Q(down_on__gt=today), taken_down_on=None)
        case "over":
            return rows.filter(~Q(taken_down_on=None) | Q(down_on__lte=today))
    return rows


@dataclass(frozen=True)
class Stage:
    """One thing that happened to an objection, as its sender sees it."""

    day: date
    words: str
    text: str


def stages_of(objection: Objection) -> list[Stage]:
    """What was done about an objection: no names of whoever did it, only what he decided and wrote."""
    acts = Act.objects.filter(case=objection.case_id, step=publicity.OBJECTION).order_by("number")
    mine = [act for act in acts if str(act.form.get(publicity.NUMBER, "")) == str(objection.number)]
    return [Stage(act.day, act.outcome, str(act.form.get(publicity.ANSWER) or act.form.get(publicity.REASON) or "")) for act in mine]


def slips_of(publication: Publication) -> list[Slip]:
    return list(Slip.objects.filter(publication=publication).select_related("objection").order_by("id")[:FOUND])
