"""Tags of the public pages: links that keep large type without a cookie."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse

from jizhi.disclosure import rules
from jizhi.papers.models import Publication

register = template.Library()
LARGE = "large"


def wants_large(request: HttpRequest) -> bool:
    return request.GET.get("type") == LARGE


@register.simple_tag(takes_context=True)
def plink(context: template.Context, name: str, *args: Any, **values: Any) -> str:
    """The address of a public page, with large type where this one has it; keywords become the query."""
    if wants_large(context["request"]):
        values["type"] = LARGE
    tail = urlencode({key: value for key, value in values.items() if value not in ("", None)})
    return reverse(name, args=args) + (f"?{tail}" if tail else "")


@register.simple_tag(takes_context=True)
def is_large(context: template.Context) -> bool:
    return wants_large(context["request"])


@register.filter
def days_left(until: date, today: date) -> str:
    """还有 4 天, 今天是最后一天."""
    return rules.days_left(until, today).removeprefix("公示中，")


@register.filter
def gist(one: Publication) -> str:
    """Of a notice, beside its title in a list."""
    return rules.gist(one.snapshot.get("fields", ())) if one.kind == rules.NOTICE else ""
