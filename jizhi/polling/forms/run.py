"""The forms by which a poll is run: the ballot itself, counting sheets, the close, the tablet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from jizhi.org.models import Person
from jizhi.polling.box import LONGEST, Answer
from jizhi.polling.forms.fields import Count, Key, One
from jizhi.polling.models import Channel, Item, ItemKind, PaperTally, Poll
from jizhi.polling.queries import headings
from jizhi.polling.rules import Counts, pin_typed


@dataclass
class Asked:
    """What stands under one heading of a ballot: a question of its own, or a subject with its aspects."""

    heading: str  # of a subject with aspects, else empty
    fields: list[forms.BoundField]


class BallotForm(forms.Form):
    """One ballot: nothing preselected, everything to be ticked but written answers, which may stay empty. What is typed in from
    ``paper`` may have gaps, as paper has."""

    key = Key()

    def __init__(self, *args: Any, poll: Poll, paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.poll, self.items = poll, list(poll.items.all())
        for number, ((text, _), items) in enumerate(headings(self.items), start=1):
            for item in items:
                self.fields[_name(item)] = _field(item, poll, item.aspect or f"{number}. {text}", gaps=paper)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.poll.most_best:
            best = self.poll.grades[0][0]
            for aspect in dict.fromkeys(item.aspect for item in self.items if item.kind == ItemKind.GRADE):
                chosen = [item for item in self.items if item.aspect == aspect and data.get(_name(item)) == "0"]
                if (over := len(chosen) - self.poll.most_best) > 0:
                    text = f"{aspect}最多 {self.poll.most_best} 个“{best}”，现在选了 {len(chosen)} 个，请改 {over} 个"
                    self.add_error(_name(chosen[-1]), text)
        return data

    @property
    def answers(self) -> list[Answer]:
        return [_answer(item, self.cleaned_data.get(_name(item))) for item in self.items]

    @property
    def asked(self) -> list[Asked]:
        return [
            Asked(f"{number}. {text}" if items[0].aspect else "", [self[_name(item)] for item in items])
            for number, ((text, _), items) in enumerate(headings(self.items), start=1)
        ]


def _name(item: Item) -> str:
    return f"i{item.pk}"


def _field(item: Item, poll: Poll, label: str, *, gaps: bool) -> forms.Field:
    options = [(str(place), text) for place, text in enumerate(item.choices(poll))]
    choose = f"请给“{item.text}”的“{item.aspect}”选一项" if item.aspect else "请选一项"
    wrong = {"required": choose, "invalid_choice": choose, "invalid_list": choose}
    if item.kind == ItemKind.TEXT:
        return forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="可以不填" if poll.named else "可以不填；请不要写能认出您的内容",
            error_messages={"max_length": f"最多 {LONGEST} 字"},
        )
    if item.kind == ItemKind.MULTI:
        return forms.MultipleChoiceField(
            label=f"{label}（可多选）",
            required=not gaps,
            choices=options,
            widget=forms.CheckboxSelectMultiple,
            error_messages={**wrong, "required": "至少选一项"},
        )
    hint = "1 最低，5 最高" if item.kind == ItemKind.SCALE else ""
    return forms.ChoiceField(
        label=label, required=not gaps, choices=options, widget=forms.RadioSelect, help_text=hint, error_messages=wrong
    )


def _answer(item: Item, value: Any) -> Answer:
    if not value:
        return None
    if item.kind == ItemKind.TEXT:
        return str(value).strip() or None
    if item.kind == ItemKind.MULTI:
        return sorted({int(one) for one in value})  # the same box sent twice is one tick
    return int(value)


class TallyForm(forms.Form):
    """The counting sheet of one group; 发出 is printed from the roll."""

    def __init__(self, data: Mapping[str, Any] | None, *, poll: Poll, tally: PaperTally | None = None) -> None:
        initial: dict[str, Any] = {} if tally is None else {"returned": tally.returned, "valid": tally.valid}
        self.poll, self.items = poll, list(poll.items.all())
        self.options = self.items[0].choices(poll) if self.items else []
        for item in self.items if tally else ():
            row = tally.votes.get(str(item.pk), {}) if tally else {}
            initial |= {f"v{item.pk}-{place}": row.get(option) for place, option in enumerate(self.options)}
        super().__init__(data, initial=initial)
        self.fields["returned"] = Count(label="收回")
        self.fields["valid"] = Count(label="有效")
        for item in self.items:
            for place, option in enumerate(self.options):
                self.fields[f"v{item.pk}-{place}"] = Count(label=f"{item}：{option}")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The items with their controls and what is wrong with each row."""
        return [
            {
                "item": item,
                "controls": [(option, self[f"v{item.pk}-{place}"]) for place, option in enumerate(self.options)],
            }
            for item in self.items
        ]

    @property
    def votes(self) -> dict[str, Counts]:
        return {
            str(item.pk): {option: self.cleaned_data[f"v{item.pk}-{place}"] for place, option in enumerate(self.options)}
            for item in self.items
        }

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put the problems of the arithmetic beside their fields."""
        for key, text in problems.items():
            self.add_error(key if key in self.fields else f"v{key}-0" if f"v{key}-0" in self.fields else None, text)


class SheetForm(forms.Form):
    """Whose paper form is typed in: of which group; where the questionnaire is named, of whom."""

    def __init__(self, data: Mapping[str, Any] | None, *, poll: Poll) -> None:
        super().__init__(data)
        self.poll = poll
        if poll.named:
            wrong = {"required": "写问卷上的编号", "max_length": "编号最多 30 字"}
            self.fields["number"] = forms.CharField(
                label="编号", max_length=30, help_text="问卷上写的编号，姓名请照名册核对", error_messages=wrong
            )
            return
        groups = sorted(set(poll.roll.values_list("group", flat=True))) or [""]
        choices = [(name, name or "未分组") for name in groups]
        wrong = {"required": "请选组别", "invalid_choice": "请从名册的组别里选"}
        self.fields["group"] = forms.ChoiceField(label="组别", choices=choices, required="" not in groups, error_messages=wrong)
        if len(groups) == 1:
            self.fields["group"].widget, self.fields["group"].initial = forms.HiddenInput(), groups[0]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not self.poll.roll.filter(number=number).exists():
            raise forms.ValidationError(f"名册里没有编号“{number}”，请照名册核对")
        return number

    @property
    def who(self) -> str:
        return str(self.cleaned_data["number" if self.poll.named else "group"])


HANDED_OUT = ((Channel.SLIP.value, "凭条"), (Channel.PAPER.value, "纸质票"))


class MarkForm(forms.Form):
    """Ticked people of the roll, and what they get."""

    channel = forms.ChoiceField(choices=HANDED_OUT)

    def numbers(self, data: Any) -> list[str]:
        return [number.replace("\x00", "") for number in data.getlist("number")][:1000]


class TakeBackForm(forms.Form):
    number = forms.CharField(max_length=30)
    code = forms.CharField(label="凭条上的编码", max_length=40, required=False)


class SlipsForm(forms.Form):
    again = forms.BooleanField(label="上一批没有印好，整批作废后重印", required=False)


class CloseForm(forms.Form):
    witness = One(
        Person.objects.none(),
        label="见证人",
        empty_label="请选择",
        help_text="从工作人员中选，当场看着封存；不能是您本人",
        error_messages={"required": "请选一位见证人", "invalid_choice": "请从工作人员中选一位见证人"},
    )

    def __init__(self, *args: Any, poll: Poll, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["witness"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = poll.staff.exclude(pk=person.pk) if person else poll.staff.all()


class PinForm(forms.Form):
    """The digits by which the official unlocks the tablet between two people."""

    pin = forms.RegexField(
        r"^[0-9０-９]{4,8}$",
        label="解锁数字",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填 4 至 8 位数字", "invalid": "请填 4 至 8 位数字"},
    )

    def clean_pin(self) -> str:
        return pin_typed(self.cleaned_data["pin"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label="凭条上的编码",
        max_length=40,
        help_text="16 个字母和数字，空格和大小写不要紧",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"required": "请填凭条上的编码", "max_length": "编码是 16 个字母和数字，请核对"},
    )
