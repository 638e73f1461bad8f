"""Forms of the fund. Amounts are typed in yuan and cleaned to fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms

from jizhi.fund.models import Fund
from jizhi.fund.models.gifts import Disclosure, Source
from jizhi.fund.models.ledger import PLAIN
from jizhi.fund.models.releases import EffectKind
from jizhi.kernel.money import NotMoney, fen_of
from jizhi.org.imports import LARGEST
from jizhi.org.models import Person
from jizhi.org.queries import people_in
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.procedure.models import Case


class Yuan(forms.CharField):
    """An amount in yuan; its value is fen."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return fen_of(text)
        except NotMoney as wrong:
            raise forms.ValidationError(str(wrong)) from None


class Count(forms.DecimalField):
    def __init__(self, *, max_digits: int = 12, **more: Any) -> None:
        wrong = {"invalid": "数量请写成数字", "max_decimal_places": "数量最多两位小数"}
        wrong |= {"max_digits": "数量太大", "max_whole_digits": "数量太大"}
        super().__init__(max_digits=max_digits, decimal_places=2, error_messages=wrong, **more)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value < Decimal("0.01"):
            raise forms.ValidationError("数量要大于 0")


class Day(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **more: Any) -> None:
        super().__init__(error_messages={"invalid": "日期请写成 2026-03-30 的样子"}, **more)


class Words(forms.CharField):
    """Text that every database takes."""

    def clean(self, value: Any) -> Any:
        return super().clean(value.replace("\x00", "") if isinstance(value, str) else value)


class ActForm(forms.Form):
    """A form of one act; what the act refuses stands beside its field or above, what was typed stays."""

    use_required_attribute = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
            field.error_messages["required"] = f"还没有{'选' if chosen else '填'}{field.label}"
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = f"{field.label}请从列出的里面选"

    def refuse(self, why: Refused | FormProblems) -> None:
        if isinstance(why, Refused):
            self.add_error(None, why.refusal.text)
            return
        for problem in why.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.text)


class KeyForm(ActForm):
    """A form that makes one record however often it is sent."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)  # acts keep it with a word before it

    def __init__(self, *args: Any, **more: Any) -> None:
        more["initial"] = {"key": uuid4().hex, **(more.get("initial") or {})}
        super().__init__(*args, **more)

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"]).replace("\x00", "") or uuid4().hex


class VoucherForm(KeyForm):
    what = forms.ChoiceField(label="事项", choices=[(code, one.name) for code, one in PLAIN.items()], widget=forms.RadioSelect)
    fen = Yuan(label="金额（元）")
    day = Day(label="日期")
    restricted_to = Words(label="限定用途", max_length=40, required=False, help_text="动用限定用途的钱才填，要与登记时的写法一致")
    summary = Words(label="摘要", max_length=100)


class GiftForm(KeyForm):
    """Any amount; there is no target to compare it with."""

    name = Words(label="捐赠人", max_length=60, required=False, help_text="不留名就空着，收据写“匿名”")
    donor = forms.ModelChoiceField(
        Person.objects.none(), label="本村人员", required=False, empty_label="不关联", help_text="关联后，本人登录可以看到捐款去向"
    )
    source = forms.ChoiceField(label="来源", choices=Source.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label="方式", choices=[("bank", "转账"), ("cash", "现金"), ("goods", "实物")], widget=forms.RadioSelect, initial="bank"
    )
    fen = Yuan(label="金额（元）", required=False, help_text="多少不论；实物知道价值就填，不知道可以空着")
    goods = Words(label="品名", max_length=40, required=False, help_text="捐实物时填")
    quantity = Count(label="数量", required=False)
    measure = Words(label="计量单位", max_length=10, required=False, help_text="例：袋、公斤")
    restricted_to = Words(label="限定用途", max_length=40, required=False, help_text="捐赠人指定用途才填，这笔钱以后只能用于它")
    disclosure = forms.ChoiceField(
        label="可以公开什么", choices=Disclosure.choices, widget=forms.RadioSelect, initial=Disclosure.NOTHING, help_text="由捐赠人决定"
    )
    day = Day(label="收到日期")

    def __init__(self, *args: Any, fund: Fund, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        people = people_in(fund.unit).filter(left_on=None).order_by("pinyin", "pk")
        cast(forms.ModelChoiceField, self.fields["donor"]).queryset = people

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(f"{day.month}月{day.day}日还没有到，请写今天或以前的日期")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("channel") == "goods":
            for name, text in (("goods", "捐实物要写品名"), ("quantity", "捐实物要写数量"), ("measure", "捐实物要写计量单位")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, text)
        elif data.get("channel") and not data.get("fen") and "fen" not in self.errors:
            self.add_error("fen", "还没有填金额")
        return data


class ReasonForm(ActForm):
    reason = Words(label="原因", max_length=120)


class VoidForm(ReasonForm):
    reissue = forms.BooleanField(label="同时重开一张收据", required=False)


class GiveForm(KeyForm):
    quantity = Count(label="数量")
    to = Words(label="领用人", max_length=60)
    purpose = Words(label="用途", max_length=40)


class FileForm(ActForm):
    file = forms.FileField(
        label="文件",
        help_text="Excel 的 xlsx 或者 CSV，第一行是列名",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"empty": "文件是空的，请另选一个"},
    )
    day = Day(label="期初日期", required=False, help_text="账本从哪天记起")

    def __init__(self, *args: Any, dated: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not dated:
            del self.fields["day"]
        else:
            self.fields["day"].required = True

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError("文件超过5MB，请分几次导入")
        return upload


class ExplainForm(ActForm):
    text = Words(label="说明", max_length=200, help_text="为什么只有一边有、以后怎么对上，例：9 月利息，下月入账")


class EffectForm(KeyForm):
    """What came of the fund. Evidence is welcome and never asked for."""

    kind = forms.ChoiceField(label="类别", choices=EffectKind.choices, widget=forms.RadioSelect)
    name = Words(label="名称", max_length=80, help_text="例：龙安柚种植大户、电焊培训第2期、三组蓄水池")
    mu = Count(label="面积（亩）", max_digits=9, required=False, help_text="引进业主发展产业的，填面积")
    people = forms.IntegerField(
        label="人次",
        required=False,
        max_value=100_000,
        min_value=1,
        error_messages={"invalid": "请填整数", "min_value": "人次要大于 0", "max_value": "数太大，请核对"},
        help_text="培训必填",
    )
    day = Day(label="日期")
    case = forms.ModelChoiceField(
        Case.objects.none(), label="相关事项", required=False, empty_label="没有", help_text="由基金支持的，选那一件"
    )
    note = Words(label="说明", max_length=200, required=False)
    evidence = forms.FileField(label="佐证", required=False, help_text="可以不传；照片、文档、表格都可以")

    def __init__(self, *args: Any, fund: Fund, **more: Any) -> None:
        super().__init__(*args, **more)
        cases = Case.objects.filter(payments__fund=fund).distinct().order_by("-pk")
        cast(forms.ModelChoiceField, self.fields["case"]).queryset = cases

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == EffectKind.TRAINING and not data.get("people") and "people" not in self.errors:
            self.add_error("people", "培训要填人次")
        return data
