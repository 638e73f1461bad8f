"""A published quarter that no longer agrees with the ledger says so, to the public and to the accountant."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.fund.models import Fund, Release
from jizhi.fund.models.releases import ReleaseKind
from jizhi.fund.periods import quarter_of
from jizhi.fund.queries.releases import difference, latest_release
from jizhi.papers.actions import remark_publication
from jizhi.procedure.models import Todo

SHOWN = 5  # differences that a remark spells out
ACCOUNTANT = "会计"


@transaction.atomic
def flag_difference(fund: Fund, day: date, *, by: Actor, today: date) -> Release | None:
    """Compare the publication of the quarter of ``day`` with the ledger as it is now. Part of whatever posted there."""
    release = latest_release(fund, ReleaseKind.ACCOUNTS, quarter_of(day))
    if release is None:
        return None
    found = difference(release, fund)
    more = f"；另有 {len(found) - SHOWN} 处" if len(found) > SHOWN else ""
    text = f"与账面不符，村会计正在核对，将另行公布更正：{'；'.join(found[:SHOWN])}{more}。" if found else ""
    if release.publication.remark != text:
        remark_publication(release.publication, text, by=by, today=today)
    link = reverse("fund_releases", args=[fund.pk])
    open_rows = Todo.objects.filter(case=None, unit=fund.unit, post=ACCOUNTANT, link=link, title=f"{release}与账面不符", done_at=None)
    if found and not open_rows.exists():
        note = "请核对，属实的公布更正"
        Todo.objects.create(unit=fund.unit, post=ACCOUNTANT, verb="更正公布", title=f"{release}与账面不符", note=note, link=link)
    elif not found:
        open_rows.update(done_at=timezone.now())
    return release
