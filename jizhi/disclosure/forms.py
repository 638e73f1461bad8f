"""What the public writes, and what officials enter for those without a smartphone."""

from __future__ import annotations

from typing import Any

from django import forms

from jizhi.disclosure import rules
from jizhi.org.models import Person
from jizhi.procedure.actions import FormProblems
from jizhi.ui.fields import Key

CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
LONG = {"max_length": "太长，最多 2000 字"}
CHANNELS = [(channel, channel) for channel in rules.CHANNELS]
CHANNEL = {"required": "选一种提出的方式", "invalid_choice": "选一种提出的方式"}


class Open(forms.Form):
    """A form that anyone may send: a field that no person sees stands against machines, no puzzle."""

    website = forms.CharField(label="网址", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    key = Key()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("这一格请留空")
        return ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {name: value.translate(CONTROL) if isinstance(value, str) else value for name, value in data.items()}


BESIDE = {"姓名": "name", "联系方式": "contact", "异议内容": "text", "所异议的行": "row", "渠道": "channel"}


class ObjectionForm(Open):
    name = forms.CharField(label="姓名", max_length=20, error_messages={"required": "写上姓名：异议须由本村村民提出，受理人要核实"})
    group = forms.CharField(label="村民组", max_length=15, required=False, help_text="例：3组")
    contact = forms.CharField(label="电话", max_length=40, required=False, help_text="可不留；留了便于核实情况")
    row = forms.ChoiceField(label="对哪一行有意见", required=False)
    text = forms.CharField(
        label="不同意见和理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "写出不同意见和理由", **LONG},
    )

    def __init__(self, *args: Any, rows: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["row"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "整份公示"), *((row, row) for row in dict.fromkeys(rows))]
        if not rows:
            del self.fields["row"]

    def take(self, problems: FormProblems) -> None:
        """What the engine finds wrong, beside its field."""
        for problem in problems.problems:
            name = BESIDE.get(problem.field)
            self.add_error(name if name in self.fields else None, problem.text)


class EnteredObjectionForm(ObjectionForm):
    """What came on paper or by telephone."""

    website = None  # type: ignore[assignment]  # no machine fills in an official's form
    channel = forms.ChoiceField(label="怎么提出的", choices=CHANNELS, widget=forms.RadioSelect, error_messages=CHANNEL)


class TipForm(Open):
    kind = forms.ChoiceField(
        label="类型",
        choices=[(rules.SUGGESTION, "意见建议"), (rules.REPORT, "举报（由上一级受理）")],
        widget=forms.RadioSelect,
        error_messages={"required": "选一种类型", "invalid_choice": "选一种类型"},
    )
    text = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写清时间、地点、什么事",
        error_messages={"required": "写出要说的事", **LONG},
    )
    name = forms.CharField(label="姓名", max_length=20, required=False, help_text="可不写")
    contact = forms.CharField(label="联系方式", max_length=40, required=False, help_text="可不留；以后可以自己删除")


class EnteredTipForm(TipForm):
    website = None  # type: ignore[assignment]
    channel = forms.ChoiceField(label="怎么提出的", choices=CHANNELS, widget=forms.RadioSelect, error_messages=CHANNEL)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="提出人凭编号的网址看到；不要写别人的姓名电话",
        error_messages={"required": "写出答复", **LONG},
    )
    concerns = forms.CharField(label="被反映人工号", max_length=30, required=False, help_text="填了以后，此人任何职务都看不到这一件")

    def clean_concerns(self) -> Person | None:
        number = self.cleaned_data["concerns"].strip()
        person = Person.objects.filter(number=number).first() if number else None
        if number and person is None:
            raise forms.ValidationError("没有这个工号，请核对后再填，或者留空")
        return person


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤下的原因", max_length=200, help_text="会公布在原处", error_messages={"required": "写出撤下的原因"})


class DeskForm(forms.Form):
    receiver = forms.CharField(
        label="受理人", max_length=40, help_text="写职务，例：村务监督委员会主任", error_messages={"required": "写出受理人的职务"}
    )
    phone = forms.CharField(label="电话", max_length=30, help_text="公开的办公电话", error_messages={"required": "写出能打通的电话"})
    place = forms.CharField(label="地点", max_length=80, error_messages={"required": "写出当面来在哪里"})
    hours = forms.CharField(label="时间", max_length=60, help_text="例：工作日 9:00—17:00", error_messages={"required": "写出什么时间有人"})

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if not 3 <= sum(c.isdecimal() for c in phone) <= 15 or any(not (c.isdecimal() or c in "-+ 转()（）") for c in phone):
            raise forms.ValidationError("电话只写数字和短横，例：0826-2345678")
        return phone
