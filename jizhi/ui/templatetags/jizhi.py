"""Template tags of every page: states as shape, colour and word; dates and lengths in Chinese habit; figures as links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jizhi.ui import clock, due

register = template.Library()
ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
LETTERS = re.compile(r"[A-Za-z]{4}")
WEEKDAYS = "一二三四五六日"


@register.simple_tag
def status(state: str, text: str) -> SafeString:
    """``{% status "late" "逾期 2 个工作日" %}``; states are done, run, soon, late, off."""
    return format_html('<span class="jz-status" data-s="{}">{}</span>', state, text)


@register.simple_tag
def due_status(last: date | None, end: str = "", predicted: bool = False) -> SafeString:
    """The state of something due on ``last``; with ``end`` (已销号) it is over."""
    if end:
        return status("done", end)
    if last is None:
        return status("off", "没有期限")
    return status(due.state(last, clock.today()), due.words(last, clock.today()) + ("（预计）" if predicted else ""))


@register.filter
def cn_date(day: date | datetime | None, form: str = "short") -> str:
    """3月30日; ``"long"`` 2026年3月30日; ``"year"`` names the year only where it is not this one; — for none."""
    if day is None:
        return "—"
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    with_year = form == "long" or (form == "year" and day.year != clock.today().year)
    return f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"


@register.filter
def cn_time(moment: datetime | None) -> str:
    """3月30日 10:42."""
    if moment is None:
        return "—"
    local = timezone.localtime(moment)
    return f"{cn_date(local.date(), 'year')} {local:%H:%M}"


@register.filter
def weekday(day: date) -> str:
    return f"星期{WEEKDAYS[day.weekday()]}"


@register.filter
def workdays(count: int) -> str:
    """A length in workdays: 2 个工作日."""
    return f"{count} 个工作日"


@register.filter
def due_words(last: date | None) -> str:
    return due.words(last, clock.today()) if last else "没有期限"


@register.filter
def due_state(last: date | None) -> str:
    return due.state(last, clock.today()) if last else "off"


@register.filter
def number(value: Any) -> str:
    """A decimal without idle zeros; — for nothing to count."""
    if value is None or value == "":
        return "—"
    text = f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag
def figlink(value: Any, url: str) -> SafeString:
    """A number that opens its records."""
    return format_html('<a class="jz-figlink" href="{}">{}</a>', url, "—" if value is None else value)


@register.filter
def looked_up(key: str, words: Mapping[str, str]) -> str:
    """The word for a key; the key itself where there is none."""
    return words.get(key, key)


@register.filter
def plain(value: Any) -> str:
    """A stored value in words: 是, 否, lists with 、."""
    match value:
        case bool():
            return "是" if value else "否"
        case None:
            return "—"
        case {"name": str() as name}:  # a party of a case, with its ids
            return name
        case dict():
            return "；".join(f"{key} {plain(part)}" for key, part in value.items())
        case list() | tuple():
            return "、".join(plain(part) for part in value)
        case str() if ISO_DAY.fullmatch(value):
            return _day_words(value)
    return str(value)


def _day_words(text: str) -> str:
    try:
        return cn_date(date.fromisoformat(text), "long")
    except ValueError:  # 2026-02-31
        return text


@register.filter
def as_code(text: str) -> str | SafeString:
    """A value of the program's own letters (a code, a digest) set apart from the sentence around it."""
    return format_html("<code>{}</code>", text) if LETTERS.search(text) else text


@register.filter
def described(field: BoundField) -> SafeString:
    """The widget with ``id``, error state and ``aria-describedby`` pointing at its hint and its errors."""
    ids = [f"{field.auto_id}_hint"] if field.help_text else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    classes = str(field.field.widget.attrs.get("class") or ("form-select form-control" if _chooses(field) else "form-control"))
    attrs: dict[str, str | bool] = {"class": f"{classes} is-invalid" if field.errors else classes}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def error_count(form: BaseForm) -> int:
    """How many things are to be changed, over all fields."""
    return sum(len(texts) for texts in form.errors.values())


def _chooses(field: BoundField) -> bool:
    return getattr(field.field.widget, "input_type", "") == "select"


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Radio buttons and tick boxes, which are a fieldset and not one control."""
    return getattr(field.field.widget, "input_type", "") in ("radio", "checkbox") and hasattr(field.field.widget, "choices")


@register.filter
def is_tick(field: BoundField) -> bool:
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(field.field.widget, "choices")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The query string of this page with some values changed; an empty value leaves the key out."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            values.pop(key, None)
        else:
            values[key] = str(value)
    return f"?{values.urlencode()}" if values else "?"


@register.simple_tag
def params(**values: Any) -> str:
    """A query string of the values given."""
    return "?" + urlencode({key: value for key, value in values.items() if value not in ("", None)})
