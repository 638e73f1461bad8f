"""Regulations: the shipped library, a unit's own texts, adoption."""

import hashlib
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import Refused, refuse
from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.regulation.models import Adoption, Edition
from jizhi.regulation.reading import regulation_of, remember
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.overlay import resolve
from jizhi.rulebook.reading import read

LIBRARY = Path(__file__).resolve().parents[2] / "library"
MOST_SAID = 100  # problems of a text shown at once
TABLES = ("calendar.yaml",)  # in the library, but no regulations


@transaction.atomic
def load_library(*, by: Actor, today: date) -> list[Edition]:
    """Every shipped regulation as an edition; what is there already stays. By the system, at set-up and after an upgrade."""
    require(by, "office.load_library")
    editions = []
    for file in sorted(LIBRARY.glob("*.yaml")):
        if file.name not in TABLES:
            text = file.read_text(encoding="utf-8")
            editions.append(_keep(_readable(text, file.name), text, owner=None, by=by))
    return editions


@transaction.atomic
def submit_edition(unit: Unit, text: str, *, by: Actor, today: date) -> Edition:
    """A unit's own text. Refused with every problem the language finds; the same text twice is one edition, and so is one
    that the library or a unit above has already."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)  # the same form, submitted twice at once
    require(by, "office.submit_edition", unit)
    text = text.replace("\r\n", "\n")  # browsers send CRLF
    return _keep(_readable(text, "制度"), text, owner=unit, by=by)


@transaction.atomic
def adopt(unit: Unit, edition: Edition, *, since: date, note: str = "", by: Actor, today: date) -> Adoption:
    """The unit and those below it that have none of their own run this text from ``since`` on; running cases keep theirs."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.adopt", unit)
    if by.person is None:
        raise ValueError("a regulation is adopted by a person")
    same = Adoption.objects.filter(unit=unit, edition=edition, since=since).first()
    if same:
        return same
    foreign = edition.owner is not None and not unit.path.startswith(edition.owner.path)
    refuse(
        edition=f"这份文本属于{edition.owner}，本单位不能启用" if foreign else None,
        since=f"启用日期不能早于今天（{today}）"
        if since < today
        else f"这份文本自{edition.since}起施行"
        if since < edition.since
        else None,
    )
    adoption = Adoption.objects.create(unit=unit, edition=edition, since=since, by=by.person, note=note.strip()[:300])
    fields = {"制度": str(edition), "代号": edition.code, "文本": edition.digest, "启用": since, "说明": adoption.note}
    record("office.adopt", adoption, by=by, unit=unit, label=f"{unit.name}启用《{edition.name}》", fields=fields)
    return adoption


def _readable(text: str, file: str) -> Regulation:
    regulation, problems = read(text, file)
    if regulation is None:
        said = [Problem("text", f"第{p.line}行第{p.column}列：{p.text}") for p in problems[:MOST_SAID]]
        rest = [Problem("text", f"还有{len(problems) - MOST_SAID}处，改好上面的再检查")] if len(problems) > MOST_SAID else []
        raise Refused([*said, *rest])
    return regulation


def _keep(regulation: Regulation, text: str, *, owner: Unit | None, by: Actor) -> Edition:
    digest = hashlib.sha256(text.encode()).hexdigest()
    reach = Q(owner=None) | Q(owner__in=ancestor_ids(owner)) if owner else Q(owner=None)
    base, whole = _on_base(regulation, reach)
    remember(digest, whole, base)
    known = Edition.objects.filter(reach, code=regulation.code, digest=digest, base=base).first()
    if known:
        return known
    edition = Edition.objects.create(
        code=regulation.code, name=regulation.name, since=regulation.since, text=text, digest=digest, shipped=owner is None, owner=owner,
        base=base,
    )  # fmt: skip
    fields = {"代号": edition.code, "施行": edition.since, "文本": digest, "上位制度": base.digest if base else ""}
    record("office.submit_edition", edition, by=by, unit=owner, fields=fields)
    return edition


def _on_base(regulation: Regulation, reach: Q) -> tuple[Edition | None, Regulation]:
    """The edition that an overlay stands on (基于 code@year), and both as one; Refused with everything against it."""
    if regulation.based_on is None:
        return None, regulation
    code, _, year = regulation.based_on.partition("@")
    base = Edition.objects.filter(reach, code=code, since__year=int(year)).order_by("-since", "-pk").first()
    if base is None:
        raise Refused([Problem("text", f"没有找到上位制度“{regulation.based_on}”，请先把它录入，或者核对代号和施行年份")])
    whole, against = resolve(regulation_of(base), regulation)
    if whole is None:
        raise Refused([Problem("text", text) for text in against[:MOST_SAID]])
    return base, whole
