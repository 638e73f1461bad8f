"""Form fields that every room uses, with the house's widgets and words."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms


def new_key() -> str:
    """The key of a form as it is first shown: the same form posted twice carries the same key."""
    return uuid4().hex


class Day(forms.DateField):
    """A date by the browser's own picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {})
        kwargs["error_messages"].setdefault("invalid", "日期读不懂，请写成 2026-03-30 这样")
        super().__init__(**kwargs)


class Whole(forms.IntegerField):
    """A count that is never negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_value=100_000,
            error_messages={"invalid": "请填整数", "min_value": "不能小于 0", "max_value": "数太大，请核对"},
            **kwargs,
        )


class Several(forms.ModelMultipleChoiceField):
    """Rows ticked by id. An id too large for the database is a choice that is not offered."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and (wrong := next((one for one in value if len(str(one)) > 18), None)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(wrong)[:20]})
        return super().clean(value)


class Key(forms.CharField):
    """Hidden: makes a double submit one record."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=64, widget=forms.HiddenInput, initial=new_key)
