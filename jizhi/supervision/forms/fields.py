"""Fields with the house's widgets and messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from jizhi.evidence.rules import LARGEST, Unusable, kept


class Lines(forms.CharField):
    """One entry per line, at least one."""

    def __init__(self, *, missing: str, hint: str = "", rows: int = 2) -> None:
        super().__init__(
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": rows, "placeholder": hint}),
            error_messages={"required": missing, "max_length": "太长，最多 4000 字"},
        )


class Attachment(forms.FileField):
    """A photo or file, never required; its content is looked at before anything else happens."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, required=False, help_text="可附可不附", error_messages={"empty": "文件是空的，请另选一个"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                kept(upload.name, upload.read(LARGEST + 1))
            except Unusable as unusable:
                raise forms.ValidationError(str(unusable))
            upload.seek(0)
        return upload


def options(values: Iterable[str], *, blank: str = "请选择") -> list[tuple[str, str]]:
    return [("", blank), *((value, value) for value in values)]
