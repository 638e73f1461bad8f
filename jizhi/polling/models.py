"""Polls and questionnaires, the roll, the ballot box, counting sheets of paper, frozen outcomes; symposia.

No row of the box leads to a row of the roll, and none carries a time (docs/decisions/0005-secret-ballots.md).
"""

from __future__ import annotations

import secrets
from fractions import Fraction

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.polling.rules import ABSTAIN, Grade
from jizhi.regulation.models import Edition


def random_key() -> int:
    """A primary key that says nothing about when its row was made."""
    return secrets.randbelow(2**62) + 1


class PollKind(models.TextChoices):
    POLL = "poll", "民意测评"
    SURVEY = "survey", "问卷调查"


class Poll(models.Model):
    """A poll or questionnaire: drafted, then open, then closed. ``private_key`` is locked with the server's own secret and
    erased at the close; without it no envelope of the box can be opened."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    kind = models.CharField(max_length=8, choices=PollKind.choices)
    title = models.CharField("名称", max_length=80)
    intro = models.TextField("说明", blank=True)
    precedes = models.CharField("为哪项决定或制度征求意见", max_length=120, blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="polls", verbose_name="制度")
    grades = models.JSONField(default=list)  # [[优秀, "100"]] from high to low; empty for a questionnaire
    groups = models.JSONField(default=list)  # [[领导, "30"]]; empty: everyone counts alike
    least = models.CharField("最低收回", max_length=12)  # 2/3 of the roll, or 30
    most_best = models.PositiveSmallIntegerField("每票最多几个最高等次", null=True, blank=True)
    abstain = models.BooleanField("可以弃权", default=False)
    abstain_counts = models.BooleanField("弃权计入有效票", default=False)
    wall = models.CharField(max_length=32, blank=True, db_index=True)  # random id of the open link; empty: none
    named = models.BooleanField("实名", default=False)  # a questionnaire whose answers stand under names
    staff = models.ManyToManyField(Person, related_name="polls_worked", verbose_name="工作人员")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="组织人")
    made_on = models.DateField()
    opened_on = models.DateField("开始日期", null=True, blank=True)
    closed_on = models.DateField("封存日期", null=True, blank=True)
    public_key = models.BinaryField(default=bytes)
    private_key = models.BinaryField(default=bytes)
    key = models.CharField(max_length=64, blank=True, db_index=True)  # of the form that made it

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "kind", "-id"], name="poll_of_unit")]
        constraints = [models.CheckConstraint(condition=models.Q(named=False) | models.Q(kind="survey", wall=""), name="named_survey")]

    def __str__(self) -> str:
        return self.title

    @property
    def grade_list(self) -> tuple[Grade, ...]:
        return tuple(Grade(name, Fraction(points)) for name, points in self.grades)

    @property
    def weights(self) -> dict[str, Fraction]:
        return {name: Fraction(weight) for name, weight in self.groups}

    @property
    def aspects(self) -> list[str]:
        """What each subject is graded in; empty where it is graded as a whole."""
        return list(dict.fromkeys(item.aspect for item in self.items.all() if item.aspect))

    @property
    def is_draft(self) -> bool:
        return self.opened_on is None

    @property
    def is_open(self) -> bool:
        return self.opened_on is not None and self.closed_on is None

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @property
    def state(self) -> str:
        return "已封存" if self.is_closed else "进行中" if self.is_open else "未开始"

    @property
    def is_poll(self) -> bool:
        return self.kind == PollKind.POLL


class ItemKind(models.TextChoices):
    GRADE = "grade", "评等次"
    SINGLE = "single", "单选"
    MULTI = "multi", "多选"
    SCALE = "scale", "打分（1 至 5）"
    TEXT = "text", "填写"


class Item(models.Model):
    """What is asked: a subject to be graded, as a whole or in one ``aspect``, or a question. Fixed once the poll is open."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=ItemKind.choices)
    text = models.CharField("题目", max_length=200)
    aspect = models.CharField("评价项目", max_length=20, blank=True)  # 德, where a subject is graded in several
    options = models.JSONField(default=list)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="item_position_once")]

    def __str__(self) -> str:
        return f"{self.text}：{self.aspect}" if self.aspect else self.text

    @property
    def heading(self) -> tuple[str, str]:
        """Items with the same heading stand together: those of one subject. Its text, and what tells it from others."""
        return self.text, f"{self.subject_type} {self.subject_id}" if self.subject_id else str(self.pk)

    def choices(self, poll: Poll) -> list[str]:
        """What can be ticked; none for a text."""
        if self.kind == ItemKind.GRADE:
            return [name for name, _ in poll.grades] + ([ABSTAIN] if poll.abstain else [])
        return ["1", "2", "3", "4", "5"] if self.kind == ItemKind.SCALE else list(self.options)


class Channel(models.TextChoices):
    SLIP = "slip", "扫码"
    TABLET = "tablet", "会场平板"
    PAPER = "paper", "纸质"


class RollEntry(models.Model):
    """One person of the roll. ``channel`` is the mark: what this person was given, once, and nothing more."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="roll")
    number = models.CharField("编号", max_length=30)
    name = models.CharField("姓名", max_length=40)
    group = models.CharField("组别", max_length=20, blank=True)
    note = models.CharField("单位或村组", max_length=40, blank=True)
    channel = models.CharField("已发", max_length=8, choices=Channel.choices, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="roll_number_once")]
        indexes = [models.Index(fields=["poll", "group", "channel"], name="roll_marks")]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    @property
    def unit(self) -> Unit:
        return self.poll.unit


class Token(models.Model):
    """A right to one ballot, known by the hash of its code only. It belongs to a group, never to a person."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="tokens")
    group = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=8)  # a Channel, or wall
    digest = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)
    void = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["poll", "channel", "group", "used"], name="token_counts")]


class Envelope(models.Model):
    """One sealed ballot in the box. Its key is random; at the close it is counted and gone."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="box")
    content = models.BinaryField()


class NamedAnswer(models.Model):
    """Who answered what in a named questionnaire (实名), where the page says so at the top. The hash is of his own slip."""

    entry = models.OneToOneField(RollEntry, models.CASCADE, related_name="named")
    digest = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(null=True)  # one per item (box.Answer); None until he has answered

    @property
    def poll(self) -> Poll:
        return self.entry.poll

    @property
    def used(self) -> bool:
        return self.answers is not None


class Tablet(models.Model):
    """A device that an official handed to the hall: behind which digits, and where it stands. It never holds who is voting:
    ``code`` is that of the ballot being filled in, from the mark on the roll until it is cast."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="tablets")
    official = models.ForeignKey(Person, models.PROTECT, related_name="+")
    acting = models.CharField(max_length=80, blank=True)  # key of the post he then acted in
    pin = models.CharField(max_length=128)
    wrong = models.PositiveSmallIntegerField(default=0)  # wrong digits in its whole life; never set back
    desk = models.BooleanField(default=False)  # unlocked: the roll is shown
    code = models.CharField(max_length=16, blank=True)


class PaperTally(models.Model):
    """The counting sheet of one group's paper ballots: entered by one, confirmed by a witness (监票人), then fixed."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="tallies")
    group = models.CharField("组别", max_length=20, blank=True)
    issued = models.PositiveIntegerField("发出")
    returned = models.PositiveIntegerField("收回")
    valid = models.PositiveIntegerField("有效")
    votes = models.JSONField(default=dict)  # item id → option → votes
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="录入人")
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监票人")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "group"], name="tally_once_per_group"),
            models.CheckConstraint(
                condition=models.Q(issued__gte=models.F("returned")) & models.Q(returned__gte=models.F("valid")), name="tally_adds_up"
            ),
            models.CheckConstraint(
                condition=models.Q(checked_by=None) | ~models.Q(checked_by=models.F("entered_by")), name="tally_checked_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll.title}{self.group}纸质票计票表"

    @property
    def unit(self) -> Unit:
        return self.poll.unit


class Result(models.Model):
    """What came out, frozen at the close. ``figures`` holds no counts of votes when the minimum was not reached."""

    poll = models.OneToOneField(Poll, models.PROTECT, related_name="result")
    enough = models.BooleanField()
    figures = models.JSONField(default=dict)  # see box.figures_of
    digest = models.CharField("摘要", max_length=64)
    closed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="封存人")
    witness = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="见证人")
    day = models.DateField("封存日期")

    def __str__(self) -> str:
        return f"{self.poll.title}结果"


class Remark(models.Model):
    """What someone wrote in a questionnaire, apart from whatever else he answered; its key is random."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="remarks")
    item = models.ForeignKey(Item, models.PROTECT)
    text = models.TextField()


class Symposium(models.Model):
    """A meeting before a decision (座谈会): minutes, who came by the secretary's roll, and the opinions heard."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    topic = models.CharField("议题", max_length=80)
    day = models.DateField("日期")
    place = models.CharField("地点", max_length=40, blank=True)
    chair = models.CharField("主持人", max_length=40)
    precedes = models.CharField("为哪项决定或制度征求意见", max_length=120)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="symposia", verbose_name="制度")
    minutes = models.TextField("记录")
    secretary = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="记录人")
    done_on = models.DateField("定稿日期", null=True, blank=True)
    key = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name_plural = "symposia"

    def __str__(self) -> str:
        return self.topic


class Attendee(models.Model):
    """A line of the secretary's roll."""

    symposium = models.ForeignKey(Symposium, models.CASCADE, related_name="attendees")
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("身份", max_length=40, blank=True)
    present = models.BooleanField("到会", default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Opinion(models.Model):
    """An opinion heard, and what became of it. Who said it stands there only where he wants it."""

    symposium = models.ForeignKey(Symposium, models.CASCADE, related_name="opinions")
    speaker = models.CharField("提出人", max_length=40, blank=True)
    text = models.TextField("意见")
    taken = models.CharField("采纳情况", max_length=10, blank=True)
    answer = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:30]

    @property
    def unit(self) -> Unit:
        return self.symposium.unit
