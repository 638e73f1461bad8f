"""What is added to a record."""

from typing import Any

from django import forms

from jizhi.supervision.forms.fields import Attachment
from jizhi.ui.fields import Key


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="我的回应",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可以说明情况、提出不同意见，或写下打算怎样改进；提交后不能修改，可以再补充",
        error_messages={"required": "写下您的回应再提交", "max_length": "太长，最多 2000 字"},
    )
    key = Key()


class EvidenceForm(forms.Form):
    evidence = forms.CharField(label="文字", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    upload = Attachment(label="照片或文件")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("evidence") and not data.get("upload") and not self.errors:
            self.add_error("evidence", "写一段文字，或者选一个文件")
        return data
