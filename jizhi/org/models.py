"""Who: one tree of units of any level, people, kinship, bodies with seats, posts with terms, and the log-in account."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

WIDTH = 6  # characters of one path segment


class Level(models.TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "乡镇"
    VILLAGE = "village", "村"
    SCHOOL = "school", "学校"
    CAMPUS = "campus", "校区"
    DEPARTMENT = "department", "处室"
    OFFICE = "office", "机关"


class Unit(models.Model):
    """A node of the tree. ``path`` is the fixed-width chain of ids from the root; ranges on it select a subtree."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    name = models.CharField("名称", max_length=80)
    short = models.CharField("简称", max_length=20, blank=True)  # 太安: heads document numbers, 太安督改〔2026〕7号
    code = models.CharField("代码", max_length=20, unique=True)
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    path = models.CharField(max_length=120, unique=True, db_collation=None)
    depth = models.PositiveSmallIntegerField(default=0)
    pinyin = models.CharField(max_length=200, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """A household on the register (户籍) of a village. Who is registered where is what 本村户籍 asks."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="households", verbose_name="村")
    number = models.CharField("户号", max_length=30, unique=True)
    group = models.CharField("村民组", max_length=30, blank=True)
    aided_since = models.DateField("纳入帮扶日期", null=True, blank=True)
    out_of_poverty_on = models.DateField("脱贫日期", null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.number}户"


class Person(models.Model):
    name = models.CharField("姓名", max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name="所在单位")
    number = models.CharField("工号", max_length=30, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="people", verbose_name="户")
    born_on = models.DateField("出生日期", null=True, blank=True)
    phone_tail = models.CharField("电话尾号", max_length=4, blank=True)
    pinyin = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=20, blank=True)
    left_on = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Kinship(models.Model):
    """person is the ``relation`` of ``other`` (配偶, 父母, 子女 …), as declared; tested both ways. What was declared by mistake
    is withdrawn and stays: it explains who was recused until then."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="kin")
    other = models.ForeignKey(Person, models.CASCADE, related_name="kin_of")
    relation = models.CharField("关系", max_length=20)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], condition=models.Q(withdrawn_on=None), name="kinship_once"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None, withdrawn_reason="")
                | models.Q(withdrawn_on__isnull=False) & ~models.Q(withdrawn_reason=""),
                name="kinship_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}是{self.other}的{self.relation}"


class Post(models.Model):
    """A post held in a unit for a term. ``head`` posts act for their unit (a department's head answers for it)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="任职人")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    title = models.CharField("职务", max_length=40)
    head = models.BooleanField("主持工作", default=False)
    since = models.DateField("任职日期")
    until = models.DateField("任期至", null=True, blank=True)  # last day held

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person} {self.unit}{self.title}"


class Body(models.Model):
    """A body of a unit set up under a regulation's 机构 (督导组). ``kind`` is the name there."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bodies", verbose_name="单位")
    kind = models.CharField("机构", max_length=40)
    name = models.CharField("名称", max_length=60)
    since = models.DateField("设立日期")
    until = models.DateField("撤销日期", null=True, blank=True)
    led_by = models.CharField("领导", max_length=60, blank=True)
    guided_by = models.CharField("指导", max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind"], condition=models.Q(until=None), name="body_once_per_unit")]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A seat of a body held by a person (组长, 副组长, 督学). A waived 原则上 rule keeps its reason here."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name="成员")
    title = models.CharField("席位", max_length=40)
    employment = models.CharField("专兼职", max_length=10, blank=True)
    waiver = models.CharField("变通理由", max_length=300, blank=True)
    waived_rule = models.CharField(max_length=200, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person} {self.body}{self.title}"

    @property
    def full_title(self) -> str:
        """督导组组长: how regulations and pages name the seat."""
        return f"{self.body.kind}{self.title}"

    @property
    def unit(self) -> Unit:
        return self.body.unit


class LogIns(UserManager["User"]):
    """A log-in with its person, his unit and household in one query: what Django asks at every request."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("person__unit", "person__household")


class User(AbstractUser):
    """A log-in. Rights never come from here, only from the person's posts and seats."""

    # what authentication asks, being declared here; ``objects`` is for all else, since joins cannot be locked on PostgreSQL
    with_person: ClassVar[LogIns] = LogIns()

    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    large_type = models.BooleanField("大字", default=False)


class Draft(models.Model):
    """Autosaved form text of one user for one form (``key`` is the form's own address); survives log-out."""

    user = models.ForeignKey(User, models.CASCADE)
    key = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]


class Intake(models.Model):
    """A large table on its way in: staged and checked part by part, then added in one transaction. ``checked`` rows are done
    with; whoever comes back after a break goes on from there."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="导入到")
    kind = models.CharField("表", max_length=12)
    name = models.CharField("文件", max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    began_at = models.DateTimeField("上传时间", auto_now_add=True)
    total = models.PositiveIntegerField("行数", null=True)  # None: not read yet
    checked = models.PositiveIntegerField("已核对", default=0)
    wrong = models.PositiveIntegerField("有错的行", default=0)
    skipped = models.PositiveIntegerField("已有的行", default=0)
    whole = models.JSONField(default=list)  # problems of the file itself
    done_at = models.DateTimeField("导入时间", null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "digest"], condition=models.Q(done_at=None), name="intake_once_open")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit.name}）"


class IntakeRow(models.Model):
    """One row of it as it came, with what is wrong (``errors``: [[column, text]]) and what checking worked out (``made``)."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet counts it
    cells = models.JSONField()
    errors = models.JSONField(default=list)
    made = models.JSONField(default=dict)
    skipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["intake", "number"], name="intake_row_once")]


class DemoMark(models.Model):
    """One row marks a database as the demo; demo log-ins work only where it stands, on loopback."""

    made_at = models.DateTimeField(auto_now_add=True)


class Term(models.Model):
    """School terms by region (dated data): first and last day; weeks count from the Monday of the first day's week."""

    region = models.CharField(max_length=12)
    school_year = models.CharField("学年", max_length=9)  # 2025-2026
    name = models.CharField("学期", max_length=10)  # 第一学期
    starts = models.DateField()
    ends = models.DateField()
