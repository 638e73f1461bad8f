"""Fields with the house's messages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms


def new_key() -> str:
    """The key of a form as it is first shown: the same form posted twice carries the same key."""
    return uuid4().hex


class Key(forms.CharField):
    """Hidden: makes a double submit one record."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=64, widget=forms.HiddenInput, initial=new_key)


class Lines(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 4, most: int = 4000, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {})
        kwargs["error_messages"].setdefault("max_length", f"太长，最多 {most} 字")
        super().__init__(max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


COUNTED = {"required": "请填数，没有的填 0", "invalid": "请填整数", "min_value": "不能小于 0", "max_value": "数太大，请核对"}


class Count(forms.IntegerField):
    """A number of ballots or votes: typed, never negative, empty means nothing was written."""

    def __init__(self, *, label: str, required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            min_value=0,
            max_value=100_000,
            error_messages=COUNTED,
        )


class Several(forms.ModelMultipleChoiceField):
    """Rows ticked by id. An id too large for the database is a choice that is not offered."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and (wrong := next((one for one in value if len(str(one)) > 18), None)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(wrong)[:20]})
        return super().clean(value)


class One(forms.ModelChoiceField):
    """The same for a single row."""

    def to_python(self, value: Any) -> Any:
        if value and len(str(value)) > 18:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(value)[:20]})
        return super().to_python(value)
