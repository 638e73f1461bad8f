"""Forms of the office's pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.office import queries
from jizhi.office.actions.refused import Refused
from jizhi.office.words import actions_known
from jizhi.org.imports import LARGEST, LARGEST_STAGED
from jizhi.org.models import Body, Level, Person, Unit
from jizhi.org.queries import path_range
from jizhi.regulation.bodies import rules_in_force
from jizhi.regulation.models import Pilot
from jizhi.ui.fields import Several


def day(label: str, *, required: bool = True, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": "日期请写成 2026-09-01 的样子"}
    return forms.DateField(label=label, required=required, widget=widget, error_messages=wrong, **more)


class ActForm(forms.Form):
    """A form of one act; what the act refuses stands beside its field, what was typed stays."""

    use_required_attribute = False  # all errors at once, in our words

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
            field.error_messages["required"] = f"还没有{'选' if chosen else '填'}{field.label}"

    def refuse(self, refused: Refused) -> None:
        for problem in refused.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.text)

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """The rows that a choice field offers."""
        cast(forms.ModelChoiceField, self.fields[name]).queryset = rows

    def options(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)


def units_below(actor: Actor) -> QuerySet[Unit]:
    """The acting unit and what lies below it: where the office's acts can reach."""
    return queries.units(actor).filter(path_range("path", actor.unit.path)) if actor.unit else Unit.objects.none()


def people_below(actor: Actor) -> QuerySet[Person]:
    rows = visible(actor, Person.objects.filter(left_on=None)).select_related("unit")
    return rows.filter(path_range("unit__path", actor.unit.path)).order_by("pinyin", "pk") if actor.unit else rows.none()


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return f"{person.name}（{person.unit.name}，{person.number}）"


class UnitForm(ActForm):
    parent = forms.ModelChoiceField(Unit.objects.none(), label="上级单位", empty_label="请选择")
    name = forms.CharField(label="名称", max_length=80)
    short = forms.CharField(label="简称", max_length=20, required=False, help_text="用在文号前面，例：太安督改〔2026〕7号里的“太安”")
    code = forms.CharField(label="代码", max_length=20, help_text="全系统不重复，例：500101S13")
    level = forms.ChoiceField(label="层级", choices=[("", "请选择"), *Level.choices])

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("parent", units_below(actor))


class RenameForm(ActForm):
    name = forms.CharField(label="名称", max_length=80)
    short = forms.CharField(label="简称", max_length=20, required=False, help_text="用在文号前面")


class MoveForm(ActForm):
    parent = forms.ModelChoiceField(Unit.objects.none(), label="新的上级单位", empty_label="请选择")

    def __init__(self, data: Any = None, *, actor: Actor, unit: Unit, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("parent", units_below(actor).filter(closed_on=None).exclude(path__startswith=unit.path).exclude(pk=unit.parent_id or 0))


class CloseForm(ActForm):
    on = day("撤销日期", help_text="从这一天起不再办新事；办过的事都保留")


class KinForm(ActForm):
    other = PersonChoice(Person.objects.none(), label="亲属", empty_label="请选择")
    relation = forms.CharField(label="和本人的关系", max_length=20, help_text="亲属是本人的什么人，例：配偶、父亲、女儿、哥哥")

    def __init__(self, data: Any = None, *, actor: Actor, person: Person, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("other", people_below(actor).exclude(pk=person.pk))


class ReasonForm(ActForm):
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="例：登记时认错了人")


class PersonForm(ActForm):
    name = forms.CharField(label="姓名", max_length=40)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="所在单位", empty_label="请选择")
    number = forms.CharField(label="工号", max_length=30, help_text="全系统不重复，登记后不改")
    phone_tail = forms.CharField(label="电话尾号", max_length=4, required=False, help_text="只留后四位，用来区分同名的人")

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("unit", units_below(actor))


class PostForm(ActForm):
    person = PersonChoice(Person.objects.none(), label="任职人", empty_label="请选择")
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label="请选择")
    title = forms.CharField(label="职务", max_length=40, help_text="写全称，例：教务主任")
    head = forms.BooleanField(label="主持这个单位的工作", required=False)
    since = day("任职日期")
    until = day("任期至", required=False, help_text="任期的最后一天；没有定期的不填")

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("person", people_below(actor))
        self.offer("unit", units_below(actor))


class BodyForm(ActForm):
    kind = forms.ChoiceField(label="机构", help_text="只能设立在用的制度写明的机构")
    since = day("设立日期")

    def __init__(self, data: Any = None, *, unit: Unit, today: date, **more: Any) -> None:
        super().__init__(data, **more)
        known = rules_in_force(unit, on=today)
        self.options("kind", [("", "请选择"), *((kind, f"{kind}（{rule.edition.name}）") for kind, rule in known.items())])


class SeatForm(ActForm):
    person = PersonChoice(Person.objects.none(), label="成员", empty_label="请选择")
    title = forms.ChoiceField(label="席位")
    employment = forms.ChoiceField(label="专兼职", required=False, choices=[("", "不写"), ("专职", "专职"), ("兼职", "兼职")])
    since = day("自")
    until = day("至", required=False, help_text="任期的最后一天；没有定期的不填")
    waiver = forms.CharField(
        label="变通理由",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="与“原则上”的规定不一致时写，会显示在机构的页面上",
    )

    def __init__(self, data: Any = None, *, body: Body, actor: Actor, today: date, **more: Any) -> None:
        super().__init__(data, **more)
        rule = rules_in_force(body.unit, on=today).get(body.kind)
        self.options("title", [("", "请选择"), *((seat.name, seat.name) for seat in (rule.body.seats if rule else ()))])
        self.offer("person", people_below(actor))


class EndForm(ActForm):
    """The last day of a post, a seat, a body, of someone's service."""

    on = day("最后一天")


class AccountForm(ActForm):
    username = forms.CharField(label="登录名", max_length=150)
    password = forms.CharField(
        label="初始密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text="当面交给本人，请本人登录后修改"
    )


def adopters(actor: Actor) -> QuerySet[Unit]:
    """The acting unit and those right below it that run regulations."""
    depth = actor.unit.depth + 1 if actor.unit else 0
    return units_below(actor).filter(depth__lte=depth).exclude(level=Level.DEPARTMENT)


class PilotForm(ActForm):
    units = Several(Unit.objects.none(), label="试点单位", widget=forms.CheckboxSelectMultiple)
    since = day("试点自", help_text="这一天起试点单位新办的事按这个版本；其他单位不提供")
    review_by = day("评估期限", help_text="到这一天前评估，再决定推开还是停止")
    aim = forms.CharField(label="试点要回答的问题", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("units", adopters(actor).exclude(pk=actor.unit.pk if actor.unit else 0))


class ReviewForm(ActForm):
    review = forms.CharField(label="评估意见", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class DecisionForm(ActForm):
    decision = forms.ChoiceField(label="决定", choices=Pilot._meta.get_field("decision").choices or (), widget=forms.RadioSelect)
    since = day("自哪天起", help_text="推开：这一天起下属单位都按这个版本办新事；停止：试点单位用到这一天为止")
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AdoptForm(ActForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="采用单位", empty_label=None)
    since = day("启用日期", help_text="这一天起新办的事按这个版本；在办的仍按原来的版本办完")
    note = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("unit", adopters(actor))


class EditionForm(ActForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="归属单位", empty_label=None)
    text = forms.CharField(
        label="制度文本",
        max_length=256 * 1024,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
        help_text="可以从在用的版本复制一份再改；有不对的地方会逐条指出行号，不会存入一半",
    )

    def __init__(self, data: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer("unit", adopters(actor))


class ImportForm(ActForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="导入到", empty_label=None, help_text="表里写的单位必须是它或它的下级")
    file = forms.FileField(label="表格文件", help_text="第一行是列名；可以是 Excel 的 xlsx，也可以是 CSV；人员可以一次十万行")

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.offer("unit", adopters(actor))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_STAGED:
            raise forms.ValidationError("文件超过 40MB，请分几次导入")
        return file


class StandardForm(ActForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="归属单位", empty_label=None)
    name = forms.CharField(label="制度名称", max_length=80, help_text="例：太安小学课堂教学评估细则")
    code = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9._-]*$",
        label="代号",
        max_length=60,
        help_text="以英文字母开头，可以有字母、数字和点；与已有制度相同的，作为它的新版本",
    )
    standard = forms.CharField(label="细则名称", max_length=40, help_text="例：课堂")
    subject = forms.CharField(label="评什么", max_length=40, help_text="例：单节课、处室")
    since = day("施行日期")
    file = forms.FileField(label="细则表格", help_text="Excel 的 xlsx 或者 CSV；分值合计须等于满分")

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.offer("unit", adopters(actor))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 5MB")
        return file


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label="姓名、拼音或工号", required=False, max_length=40)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位（含下级）", required=False, empty_label="全部单位")
    title = forms.ChoiceField(label="职务", required=False)
    left = forms.BooleanField(label="只看已离任", required=False)

    def __init__(self, data: Any = None, *, actor: Actor, today: date) -> None:
        super().__init__(data)
        staffed = queries.people(actor).order_by().values("unit")
        rows = queries.units(actor).filter(pk__in=staffed) | queries.units(actor).filter(children__in=staffed)
        cast(forms.ModelChoiceField, self.fields["unit"]).queryset = rows.distinct()
        titles = [("", "全部职务"), *((title, title) for title in queries.titles_held(actor, today=today))]
        cast(forms.ChoiceField, self.fields["title"]).choices = titles

    def chosen(self) -> queries.PeopleFilter:
        """What was asked for; what is not understood is left out and said beside the field."""
        if not self.is_bound:
            return queries.PeopleFilter()
        self.is_valid()
        asked = self.cleaned_data
        return queries.PeopleFilter(asked.get("unit"), asked.get("q", ""), asked.get("title", ""), bool(asked.get("left")))


class LogFilterForm(forms.Form):
    action = forms.ChoiceField(label="办理事项", required=False)
    actor = forms.CharField(label="办理人", required=False, max_length=40)
    since = day("从", required=False)
    until = day("到", required=False)
    about = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        known = sorted(actions_known().items(), key=lambda item: item[1])
        cast(forms.ChoiceField, self.fields["action"]).choices = [("", "全部事项"), *known]

    def chosen(self) -> queries.LogFilter:
        if not self.is_bound:
            return queries.LogFilter()
        self.is_valid()
        asked = self.cleaned_data
        return queries.LogFilter(
            asked.get("action", ""), asked.get("actor", ""), asked.get("since"), asked.get("until"), asked.get("about", "")
        )
