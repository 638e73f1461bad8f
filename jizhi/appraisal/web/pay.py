"""The pay plan of one village."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions import publish_pay, save_cadre
from jizhi.appraisal.forms import CadreForm
from jizhi.appraisal.models import Cadre
from jizhi.appraisal.queries.pay import has_pay, plan_of, published_plan, rates_of
from jizhi.appraisal.rules import shares_json
from jizhi.appraisal.web.answers import child_for, done, tried
from jizhi.kernel.money import plain_yuan
from jizhi.ui import clock, export

TABLE: export.Columns = (
    ("职务", lambda share: share["post"]),
    ("姓名", lambda share: share["name"]),
    ("基本补贴（元）", lambda share: plain_yuan(share["base"])),
    ("工龄补贴（元）", lambda share: plain_yuan(share["seniority"])),
    ("实绩奖励（元）", lambda share: plain_yuan(share["performance"])),
    ("合计（元）", lambda share: plain_yuan(share["total"])),
    ("算法", lambda share: share["how"]),
)


def pay(request: ActingRequest, pk: int) -> HttpResponse:
    child, campaign = child_for(request, pk)
    if not has_pay(child):
        raise Http404
    require(request.actor, "appraisal.read", child.unit)
    published = published_plan(child)
    plan = plan_of(child, on=published.published_on if published else clock.today())
    corrected = published is not None and published.award_fen != plan.award
    shares: list[dict[str, Any]] = published.shares if published else shares_json(plan.shares)
    sums = {key: sum(share[key] for share in shares) for key in ("base", "seniority", "performance", "total")}
    if export.asked(request):
        return export.table(request, "待遇方案", TABLE, [*shares, {"post": "合计", "name": "", "how": "", **sums}] if shares else [])
    mine = may(request.actor, "appraisal.save_cadre", child.unit)
    can = mine and published is None
    rates = rates_of(child, on=clock.today())
    named = Cadre.objects.filter(case=child, pk=_number(request.GET.get("cadre", ""))).first()
    initial = {name: getattr(named, name) for name in ("name", "post", "review", "seniority", "months")} if named else None
    form = CadreForm(request.POST or None, posts=list(rates.posts), reviews=list(rates.reviews), initial=initial) if can else None
    if request.method == "POST":
        require(request.actor, "appraisal.save_cadre", child.unit)
        drop = "drop" in request.POST
        if form is not None and form.is_valid():
            data = form.cleaned_data
            if tried(form, lambda: save_cadre(child.pk, **data, drop=drop, by=request.actor, today=clock.today())) is not None:
                messages.success(request, f"已{'移出' if drop else '登记'}{data['name']}")
                return redirect("appraisal_pay", pk)
    context = {
        "child": child, "campaign": campaign, "plan": plan, "shares": shares, "published": published, "form": form,
        "cadres": Cadre.objects.filter(case=child), "corrected": corrected, "can_correct": mine and corrected,
        "sums": sums, "award": published.award_fen if published else plan.award,
    }  # fmt: skip
    return render(request, "appraisal/pay.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def publish(request: ActingRequest, pk: int) -> HttpResponse:
    child, _ = child_for(request, pk)
    if not has_pay(child):
        raise Http404
    done(request, lambda: publish_pay(child.pk, by=request.actor, today=clock.today()), "待遇方案已公布，不能再改")
    return redirect("appraisal_pay", pk)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
