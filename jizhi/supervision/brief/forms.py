"""The forms of a brief: what period to draft from, and its text."""

from __future__ import annotations

from typing import Any

from django import forms

from jizhi.org.models import Unit
from jizhi.supervision.brief import rules
from jizhi.supervision.brief.actions import Edit
from jizhi.supervision.brief.models import Brief
from jizhi.ui.fields import Day, Key, Several

BLANK_ROWS = 2  # problem rows to write in without JavaScript
MOST_ROWS = 60
LONGEST_ITEM = 500


class DraftForm(forms.Form):
    """From which records of which school a brief is drafted."""

    title = forms.CharField(
        label="标题", max_length=80, help_text="例：关于十月份课堂教学督导情况的通报", error_messages={"required": "写简报标题"}
    )
    period = forms.CharField(label="学期", max_length=30, required=False)
    since = Day(label="自", error_messages={"required": "选起始日期"})
    until = Day(label="至", error_messages={"required": "选截止日期"})
    key = Key()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "截止日期不能早于起始日期，请改其中一个")
        return data


class BriefForm(forms.Form):
    """The text of a brief. Problem rows come beside it, as the lists ``problem`` and ``finding`` of equal length."""

    title = forms.CharField(label="标题", max_length=80, error_messages={"required": "写简报标题"})
    strengths = forms.CharField(label="一、主要成绩与经验", max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 10}))
    problems_text = forms.CharField(
        label="二、存在的突出问题",
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写在问题清单之前的话，可以不写",
    )
    requirements = forms.CharField(label="三、整改要求", max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 8}))
    report_to = forms.CharField(label="报", max_length=200, required=False, help_text="几个单位之间用顿号")
    send_to = forms.CharField(label="送", max_length=200, required=False)
    issue_to = forms.CharField(label="发", max_length=200, required=False)
    copies = forms.IntegerField(
        label="印数",
        min_value=0,
        max_value=9999,
        required=False,
        error_messages={"invalid": "请填整数", "min_value": "不能小于 0", "max_value": "最多 9999 份"},
    )
    audience = Several(
        Unit.objects.none(),
        label="发布范围",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="批准后，这些单位的人能读到",
        error_messages={"invalid_choice": "只能发布到本校和本校处室"},
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "页面不完整，请刷新后再保存", "invalid": "页面不完整，请刷新后再保存"},
    )

    def __init__(self, *args: Any, audience: list[Unit], brief: Brief, known: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = _rows(self.data, known) if self.is_bound else saved_rows(brief)
        field = self.fields["audience"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in audience])

    @property
    def shown_rows(self) -> list[rules.Item]:
        return [*self.rows, *([rules.Item("")] * BLANK_ROWS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if len(self.rows) > MOST_ROWS:
            self.add_error(None, f"问题最多列 {MOST_ROWS} 条，现在有 {len(self.rows)} 条，请合并")
        for number, row in enumerate(self.rows, start=1):
            if len(row.text) > LONGEST_ITEM:
                self.add_error(None, f"第 {number} 个问题有 {len(row.text)} 字，最多 {LONGEST_ITEM} 字，请改短")
        return data

    def edit(self) -> Edit:
        data = self.cleaned_data
        texts = ("title", "strengths", "problems_text", "requirements", "report_to", "send_to", "issue_to")
        return Edit(
            **{name: data[name] for name in texts},
            items=tuple(self.rows),
            copies=data["copies"] or 0,
            audience=tuple(unit.pk for unit in data["audience"]),
        )


def saved_rows(brief: Brief) -> list[rules.Item]:
    return [rules.Item(item.text, item.finding_id) for item in brief.items.all()]


def initial(brief: Brief) -> dict[str, Any]:
    names = ("title", "strengths", "problems_text", "requirements", "report_to", "send_to", "issue_to", "version")
    return {**{name: getattr(brief, name) for name in names}, "copies": brief.copies or None, "audience": list(brief.published_to.all())}


def _rows(data: Any, known: frozenset[int]) -> list[rules.Item]:
    """What was typed. A row keeps its ledger item only when that is known, and once."""
    texts, marks = [_one_line(text) for text in data.getlist("problem")], data.getlist("finding")
    left, found = set(known), []
    for text, mark in zip(texts, [*marks, *[""] * len(texts)], strict=False):
        finding = int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 18 and int(mark) in left else None
        if text:
            left.discard(finding or 0)
            found.append(rules.Item(text, finding))
    return found


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
