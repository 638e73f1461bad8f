"""What the public sends in, and where a unit can be reached. What the public sees is papers.Publication."""

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.papers.models import Publication, random_id
from jizhi.procedure.models import Objection


class Desk(models.Model):
    """Where people come, call or post a letter to: shown beside every link of the public site."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    receiver = models.CharField("受理人", max_length=40)  # a post, 村务监督委员会主任
    phone = models.CharField("电话", max_length=30)
    place = models.CharField("地点", max_length=80)
    hours = models.CharField("时间", max_length=60)

    def __str__(self) -> str:
        return f"{self.unit.name}受理处"


class Tip(models.Model):
    """A suggestion or a report. ``unit`` answers it, ``about`` is the place it speaks of: a report goes to the unit above.

    The sender follows it under ``public_id``; whoever it is about never sees it. ``contact`` is deletable, the log has neither
    it nor the text.
    """

    public_id = models.CharField(max_length=32, unique=True, default=random_id)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="受理单位")
    about = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所说的地方")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("编号")
    kind = models.CharField("类型", max_length=10)  # 意见建议, 举报
    text = models.TextField("内容")
    name = models.CharField("姓名", max_length=40, blank=True)
    contact = models.CharField("联系方式", max_length=60, blank=True)
    channel = models.CharField("渠道", max_length=10)  # 网站, 书面, 电话, 现场
    filed_on = models.DateField("提出日期")
    concerns = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被反映人")
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField("答复日期", null=True, blank=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="tip_numbered"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="tip_submitted_once"),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="tip_of_unit")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """虎城镇意见〔2026〕3号"""
        return f"{self.unit.short or self.unit.name}意见〔{self.year}〕{self.number}号"


class Slip(models.Model):
    """The random address under which an objector follows his objection to a publication."""

    public_id = models.CharField(max_length=32, unique=True, default=random_id)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="slips")
    objection = models.OneToOneField(Objection, models.PROTECT, related_name="slip")

    class Meta:
        indexes = [models.Index(fields=["publication", "id"], name="slip_of_publication")]

    def __str__(self) -> str:
        return f"异议{self.objection.number}号"


class Sending(models.Model):
    """How much one address sent on a day. ``sender`` is a keyed hash of the address and the day: it leads back to nobody."""

    day = models.DateField()
    sender = models.CharField(max_length=64)
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "sender"], name="sending_once_a_day")]
