"""A case, its acts, its clocks and its to-do rows. Only ``procedure.actions.act`` moves a case."""

from datetime import date

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition


class Case(models.Model):
    """One run of one procedure of one edition about one subject. This row is the current state; history is ``Act``."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cases")
    # ids of the unit and its ancestors by depth: lists filter on at_<depth> and never on a path range (measured)
    at_0 = models.BigIntegerField(null=True)
    at_1 = models.BigIntegerField(null=True)
    at_2 = models.BigIntegerField(null=True)
    at_3 = models.BigIntegerField(null=True)
    at_4 = models.BigIntegerField(null=True)
    at_5 = models.BigIntegerField(null=True)
    edition = models.ForeignKey(Edition, models.PROTECT)
    procedure = models.CharField(max_length=60)  # its name in the edition
    title = models.CharField("事项", max_length=120)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    about = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")  # 分办
    parties = models.JSONField(default=dict)  # name -> {"name", "person", "unit"}
    form = models.JSONField(default=dict)  # the launch form
    number = models.CharField("编号", max_length=60, blank=True)
    began_on = models.DateField("发起日期")
    began_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: the system
    step = models.CharField("所在步骤", max_length=40, blank=True)  # empty when ended
    end = models.CharField("终点", max_length=40, blank=True)
    since = models.DateField("从何时起")
    round = models.PositiveSmallIntegerField(default=1)
    due = models.DateField("到期", null=True)
    falls_due = models.DateField(default=date.max)  # due, or the end of time: keyset pages need a column that is never null
    predicted = models.BooleanField("预计", default=False)
    late_told = models.JSONField(default=list)  # clock and step rounds already escalated
    key = models.CharField(max_length=64, blank=True)  # double submits of the same form make one case

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="case_submitted_once")]
        indexes = [
            *(models.Index(fields=[f"at_{d}", "end", "falls_due", "id"], name=f"case_due_at_{d}") for d in range(6)),
            *(models.Index(fields=[f"at_{d}", "-since", "-id"], name=f"case_since_at_{d}") for d in range(6)),
            models.Index(fields=["end", "due"], name="case_due"),
            models.Index(fields=["subject_type", "subject_id"], name="case_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseParty(models.Model):
    """The parties of a case as rows, so that "cases I am a party of" is a query; ``Case.parties`` is what is printed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="party_rows")
    name = models.CharField("当事人", max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name", "person"], name="case_party_once")]


class Sample(models.Model):
    """One draw of ended cases (抽取): done once per unit, procedure and period, by a seed that anyone can repeat."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)  # of the regulation
    procedure = models.CharField(max_length=60)
    period = models.CharField("学期", max_length=30)
    seed = models.CharField("种子", max_length=64)
    day = models.DateField("抽取日期")
    eligible = models.JSONField(default=list)  # ids of the cases that lay in the pot
    drawn = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "code", "procedure", "period"], name="sample_once")]


class Act(models.Model):
    """One line of a case's history, numbered per case and never changed. 发起 is number 1."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="acts")
    number = models.PositiveSmallIntegerField()
    step = models.CharField("步骤", max_length=40)
    outcome = models.CharField("结论", max_length=40)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: the system
    by_name = models.CharField(max_length=40)
    post = models.CharField("以何职务", max_length=60, blank=True)
    day = models.DateField("办理日")
    at = models.DateTimeField("录入时间", auto_now_add=True)
    form = models.JSONField(default=dict)
    opinion = models.TextField("意见", blank=True)
    # what judging it read at that time and a replay needs again: {"应到": 5, "基金.余额": "0.00"}
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="act_numbered"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="act_submitted_once"),
        ]


class Objection(models.Model):
    """Who objected to what is in publicity. Where it stands is told by the case's 异议 acts, which name its number."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField("异议号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")  # once verified
    name = models.CharField("姓名", max_length=40)
    contact = models.CharField("联系方式", max_length=60, blank=True)  # deletable: acts and log never repeat it
    text = models.TextField("异议内容")
    channel = models.CharField("渠道", max_length=10)  # 网站, 书面, 电话, 现场
    filed_on = models.DateField("提出日期")
    row = models.CharField("所异议的行", max_length=60, blank=True)  # 停该行: which row of a batch
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="objection_numbered"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="objection_submitted_once"),
        ]


class Todo(models.Model):
    """What is to be done, addressed to a post, a body or a person, never to each member of a body."""

    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="todos")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # the unit of the post or body addressed
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    body = models.CharField(max_length=40, blank=True)
    post = models.CharField(max_length=40, blank=True)
    head = models.BooleanField(default=False)  # whoever holds a head post of the unit
    verb = models.CharField(max_length=20)  # 复查
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=120, blank=True)
    link = models.CharField(max_length=200)
    due = models.DateField(null=True)
    except_ids = models.JSONField(default=list)  # people whom an exclusion bars
    kind = models.CharField(max_length=12, default="do")  # do | escalated | read
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "done_at", "due"]), models.Index(fields=["person", "done_at", "due"])]
