"""A published quarter that no longer agrees with the books or the records says so, to the public and to the accountant."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.fund.models import Fund, Release
from jizhi.fund.models.releases import ReleaseKind
from jizhi.fund.periods import quarter_of
from jizhi.fund.queries.releases import difference, newest_releases
from jizhi.papers.actions import remark_publication
from jizhi.procedure.models import Todo

SHOWN = 5  # differences that a remark spells out
ACCOUNTANT = "会计"


@transaction.atomic
def flag_differences(fund: Fund, day: date, *, by: Actor, today: date) -> list[Release]:
    """Compare what was published of the quarter of ``day`` and of later ones with the books and records as they are now. Part of
    whatever was entered there. Those of which now something else is said."""
    return [one for one in newest_releases(fund, since=quarter_of(day)) if _flag(one, fund, by=by, today=today)]


def _flag(release: Release, fund: Fund, *, by: Actor, today: date) -> bool:
    found = difference(release, fund)
    more = f"；另有 {len(found) - SHOWN} 处" if len(found) > SHOWN else ""
    differs = f"与{'账面' if release.kind == ReleaseKind.ACCOUNTS else '现在的记录'}不符"
    title = f"{release}{differs}"
    text = f"{differs}，村会计正在核对，将另行公布更正：{'；'.join(found[:SHOWN])}{more}。" if found else ""
    changed = release.publication.remark != text
    if changed:
        remark_publication(release.publication, text, by=by, today=today)
    link = reverse("fund_releases", args=[fund.pk])
    open_rows = Todo.objects.filter(case=None, unit=fund.unit, post=ACCOUNTANT, link=link, title=title, done_at=None)
    if found and not open_rows.exists():
        note = "请核对，属实的公布更正"
        Todo.objects.create(unit=fund.unit, post=ACCOUNTANT, verb="更正公布", title=title, note=note, link=link)
    elif not found:
        open_rows.update(done_at=timezone.now())
    return changed
