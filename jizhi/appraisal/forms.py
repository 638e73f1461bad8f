"""Forms of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.polling.models import Poll
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.rulebook.language import Schedule, Standard
from jizhi.ui.fields import Day, Whole

LARGEST = 5 * 1024 * 1024


class ActForm(forms.Form):
    """A form of one act; what the act refuses stands beside its field or above, what was typed stays."""

    use_required_attribute = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            field.error_messages["required"] = f"还没有填{field.label}"
            if isinstance(field, forms.FileField):
                field.error_messages["required"] = f"还没有选{field.label}"
            if isinstance(field, forms.ChoiceField):
                field.error_messages["required"] = f"还没有选{field.label}"
                field.error_messages["invalid_choice"] = f"{field.label}请从列出的里面选"

    def refuse(self, why: AppraisalRefused | Refused | FormProblems) -> None:
        if isinstance(why, Refused):
            self.add_error(None, why.refusal.text)
        elif isinstance(why, FormProblems):
            for problem in why.problems:
                self.add_error(None, f"{problem.field}：{problem.text}")
        elif not why.fields:
            self.add_error(None, why.text)
        else:
            for field, text in why.fields.items():
                self.add_error(field if field in self.fields else None, text)


class BeginForm(ActForm):
    what = forms.ChoiceField(label="所依据的制度", widget=forms.RadioSelect)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, error_messages={"invalid": "请填四位年度"})

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class MarkForm(ActForm):
    item = forms.ChoiceField(label="项目")
    value = forms.CharField(label="分", required=False, max_length=20, help_text="述职填 0 到 100 分；加减分填不超过上限的分，取消的留空")
    fact = forms.CharField(label="依据", required=False, max_length=300, help_text="加减分要写明文件或事实")

    def __init__(self, *args: Any, standard: Standard, **more: Any) -> None:
        super().__init__(*args, **more)
        names = [(part.name, f"{part.name}（0 到 100 分）") for part in standard.parts if part.source == "评分"]
        for item in standard.adjustments.items if standard.adjustments else ():
            names.append((item.name, f"{item.name}（{'加' if item.most > 0 else '减'}，至多 {abs(item.most)} 分）"))
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = names


class VetoForm(ActForm):
    matter = forms.ChoiceField(label="否决事项")
    document = forms.CharField(label="依据文件（文号）", required=False, max_length=120, help_text="没有文号的不启用，不影响考评结果")
    authority = forms.CharField(label="认定机关", required=False, max_length=80)
    decided_on = Day(label="认定日期", required=False)

    def __init__(self, *args: Any, standard: Standard, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["matter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择")] + [
            (line.name, f"{line.name}（要写明{'、'.join(line.needs)}）") for line in standard.red_lines if line.vetoes
        ]


class AnswerForm(ActForm):
    defence = forms.CharField(label="申辩", max_length=500, widget=forms.Textarea(attrs={"rows": 5}))


class ReasonForm(ActForm):
    reason = forms.CharField(label="撤销理由", max_length=300)


class LowerForm(ActForm):
    document = forms.CharField(label="决定文号", max_length=80, help_text="有权机关作出降星决定的文件")
    decided_on = Day(label="决定日期")
    reason = forms.CharField(label="理由", max_length=120, help_text="写进更正后的结果，向社会公布")


class PollForm(ActForm):
    poll = forms.ModelChoiceField(label="民意测评", queryset=Poll.objects.none(), empty_label="请选择")

    def __init__(self, *args: Any, polls: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["poll"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = polls


class CadreForm(ActForm):
    name = forms.CharField(label="姓名", max_length=40)
    post = forms.ChoiceField(label="职务")
    review = forms.ChoiceField(label="本人年终考核")
    seniority = Whole(label="工龄（年）", initial=0)
    months = Whole(label="任职月数", initial=12)

    def __init__(self, *args: Any, posts: Sequence[str], reviews: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        for name, words in (("post", posts), ("review", reviews)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(word, word) for word in words]


class AchievementForm(ActForm):
    done = forms.CharField(label="完成值", max_length=30)
    proof = forms.CharField(label="依据", max_length=300, help_text="凭什么核定：台账、票据、现场查看")
    upload = forms.FileField(label="附件", required=False)


class FileForm(ActForm):
    file = forms.FileField(label="表格文件", help_text="XLSX 或 CSV，5 MB 以内，第一行是列名")

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError("文件超过 5 MB，请分开导入")
        return upload


class PastForm(FileForm):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)

    field_order = ("year", "file")


class PreviewForm(ActForm):
    edition = forms.ChoiceField(label="换成哪一版制度")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["edition"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


def typed_rows(rule: Schedule, data: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of a schedule as typed: fields ``r1-名称`` …; rows left wholly empty are no rows."""
    most = min(rule.most, 30)
    rows = [
        {column.name: data.get(f"r{n}-{column.name}", "").replace("\x00", "").strip() for column in rule.columns}
        for n in range(1, most + 1)
    ]
    return [row for row in rows if any(row.values())]
