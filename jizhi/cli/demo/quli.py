"""一村一细则 in 渠黎镇: eight villages with own tasks, last year's places, a poll, one veto, the result, two pay plans."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from jizhi.appraisal.actions import (
    agree_rows,
    answer_veto,
    begin_campaign,
    give_mark,
    link_poll,
    publish_pay,
    record_achievement,
    record_past,
    record_veto,
    save_cadre,
    save_rows,
)
from jizhi.appraisal.models import Campaign, ScheduleRow
from jizhi.appraisal.queries.tasks import digest_of
from jizhi.cli.demo.county import County
from jizhi.cli.demo.people import Names
from jizhi.cli.demo.stamp import noon
from jizhi.kernel.workdays import china
from jizhi.org.models import Unit
from jizhi.polling import box
from jizhi.polling.actions import Settings, close_poll, import_roll, issue_mark, make_poll, open_poll, print_slips
from jizhi.polling.models import Channel, PollKind
from jizhi.procedure.actions import act, act_batch, tick
from jizhi.procedure.many import period_of
from jizhi.procedure.models import Case
from jizhi.regulation.reading import regulation_of
from jizhi.sheets.actions import hand_in_sheet, save_sheet

CODE, CAMPAIGN, SCHEDULE, STANDARD = "county.village.appraisal", "年度考评", "个性任务", "村级"
TOWN, VILLAGE, RATERS, PARTY = "乡镇党委书记", "村党组织书记", "考核组", "乡镇党委"
GRADES = (("优秀", "100"), ("称职", "80"), ("基本称职", "60"), ("不称职", "0"))
ITEMS = ("party", "income", "service", "safety", "land", "open")
VOTERS = 24
# by the order of the villages: what was agreed (name, target, measure, difficulty, points) with what was done, the six marks,
# the mark for the report, how many of the voters chose each grade, last year's place
Task = tuple[str, str, str, str, str, str]
TASKS: tuple[tuple[Task, ...], ...] = (
    (("硬化屯级路", "3", "公里", "1.1", "20", "3"), ("扩种沃柑", "120", "亩", "1", "20", "126")),
    (("建成糖料蔗双高基地", "800", "亩", "1.1", "25", "780"), ("修复灌渠", "2.5", "公里", "1", "15", "2.5")),
    (("引进扶贫车间", "1", "个", "1.2", "20", "1"), ("改厕", "60", "户", "1", "20", "48")),
    (("整治旧村", "2", "个屯", "1", "20", "2"), ("种植坚果", "200", "亩", "1", "20", "150")),
    (("修建村级活动中心", "1", "个", "1", "20", "1"), ("发展肉牛养殖", "150", "头", "1.1", "20", "110")),
    (("收回集体山林", "300", "亩", "1.2", "20", "60"), ("安装路灯", "80", "盏", "0.9", "20", "30")),
    (("流转撂荒地", "260", "亩", "1", "20", "210"), ("建冷库", "1", "座", "1.1", "20", "1")),
    (("村集体收入达到", "12", "万元", "1", "25", "8.4"), ("清理河道", "4", "公里", "0.9", "15", "3")),
)
MARKS = ("优优优优优优", "优优优优良优", "优良优优良优", "良良优优良优", "优良良优合优", "合不合合不合", "优良优良优优", "良合良良良优")
LEVEL = {"优": "优", "良": "良", "合": "合格", "不": "不合格"}
REPORTS = (98, 96, 90, 86, 88, 55, 84, 75)
VOTES = ((23, 1, 0, 0), (20, 4, 0, 0), (14, 8, 2, 0), (12, 10, 2, 0), (12, 9, 3, 0), (1, 5, 10, 8), (11, 10, 3, 0), (6, 10, 6, 2))
BEFORE = (2, 1, 4, 3, 5, 8, 6, 7)
LAST, VETOED, BEST, PILOT = 5, 6, 0, 3
CADRES = (
    ("村党组织书记", "优秀", 12), ("村委会主任", "优秀", 6), ("副职", "称职", 4), ("委员", "称职", 2), ("委员", "基本称职", 1),
)  # fmt: skip


class Own:
    """The town's campaign as it goes, on days counted from its first."""

    def __init__(self, place: County, *, day: date) -> None:
        self.place, self.day, self.villages = place, day, place.own
        by = place.by("QL-001", day, TOWN)
        self.campaign: Campaign = begin_campaign(place.quli, code=CODE, procedure=CAMPAIGN, year=day.year, by=by, today=day)
        self.case = Case.objects.select_related("unit", "edition").get(pk=self.campaign.case_id)
        self.children: dict[int, Case] = {}  # by unit, once it is announced

    def on(self, days: int) -> date:
        return self.day + timedelta(days=days)

    def last_year(self) -> None:
        """From the files of the year before: the last of then is the last of now."""
        grade, stars = {1: "优秀", 2: "优秀", 8: "不称职"}, {1: "2", 2: "1"}
        rows = [
            {
                "unit": one.name,
                "rank": str(rank),
                "grade": grade.get(rank, "称职"),
                "stars": stars.get(rank, "0"),
                "score": str(97 - 4 * rank),
            }
            for one, rank in zip(self.villages, BEFORE, strict=True)
        ]
        by = self.place.by("QL-001", self.day, TOWN)
        year = self.campaign.year - 1
        record_past(self.place.quli, edition=self.case.edition, standard=STANDARD, year=year, rows=rows, by=by, today=self.day)

    def agree(self) -> None:
        """Every village writes its own tasks; the village and the town agree to them."""
        columns = ("名称", "目标值", "计量单位", "难度", "分值")
        for village, tasks in zip(self.villages, TASKS, strict=True):
            writer = self.place.by(self.place.secretary(village), self.day, VILLAGE)
            rows = [dict(zip(columns, task, strict=False)) for task in tasks]
            table = save_rows(
                village, edition=self.case.edition, schedule=SCHEDULE, year=self.campaign.year, rows=rows, by=writer, today=self.on(1)
            )
            for by, day in ((writer, self.on(1)), (self.place.by("QL-001", self.day, TOWN), self.on(2))):
                agree_rows(table.pk, digest_seen=digest_of(table), by=by, today=day)

    def announce(self) -> None:
        by = self.place.by("QL-001", self.day, TOWN)
        left_out = {"不参评": self.place.without(self.place.quli, self.villages)}
        act(self.case.pk, "发布公告", "发布", left_out, by=by, today=self.on(3), opinion="先在八个村考评，其余村明年起参加。")
        self.children = {one.unit_id: one for one in Case.objects.filter(parent=self.case).select_related("unit", "edition", "parent")}

    def report(self) -> None:
        """工作述职 with the village's own marks."""
        for n, village in enumerate(self.villages):
            day, number = self.on(6 + n % 4), self.place.secretary(village)
            self._rate(village, "工作述职", number, VILLAGE, dict.fromkeys(ITEMS, "优"), day)
            said = "、".join(task[0] for task in TASKS[n])
            text = f"本年商定的{said}按月调度，办成的和没有办成的都在党员大会上说明。"
            self._act(village, "工作述职", "述职", number, VILLAGE, day, {"述职报告": text})

    def poll(self) -> None:
        """民意测评 of party members and villagers' representatives: slips, a closed box, the close with a witness."""
        day, by = self.on(12), self.place.by("QL-001", self.day, TOWN)
        staff = [self.place.people[f"QL-00{n}"] for n in (2, 3)]
        poll = make_poll(
            self.place.quli, kind=PollKind.POLL, title=f"{self.campaign.year}年村级民意测评", settings=Settings("2/3", GRADES), staff=staff,
            subjects=self.villages, intro="请给各村今年的工作评一个等次。不记名。", by=by, today=day,
        )  # fmt: skip
        names, numbers = Names("渠黎代表"), [f"D{n:02}" for n in range(1, VOTERS + 5)]
        import_roll(poll.pk, "\n".join(["编号,姓名", *(f"{one},{names.next()}" for one in numbers)]).encode(), by=by, today=day)
        open_poll(poll.pk, by=by, today=day)
        codes = [code for _, code in print_slips(poll.pk, by=by, today=day)]
        issue_mark(poll.pk, numbers[: VOTERS + 2], Channel.SLIP, by=by, today=day)
        chosen = [[grade for grade, count in enumerate(votes) for _ in range(count)] for votes in VOTES]
        for n, code in enumerate(codes[:VOTERS]):
            box.cast(code, [one[(n + 7 * at) % VOTERS] for at, one in enumerate(chosen)], poll=poll)
        close_poll(poll.pk, witness=staff[0], by=by, today=day, now=timezone.make_aware(datetime.combine(day, time(17))))
        link_poll(self.campaign.pk, poll_id=poll.pk, by=by, today=day)

    def veto(self) -> None:
        """With its document, and answered; what follows from it stays the committee's to decide."""
        child, day = self._child(self.villages[VETOED]), self.on(13)
        made = record_veto(
            child.pk, matter="一票否决事项", document="扶安委〔2026〕11号".replace("2026", str(day.year)), authority="扶绥县安全生产委员会",
            decided_on=day - timedelta(days=20), by=self.place.by("QL-001", day, TOWN), today=day,
        )  # fmt: skip
        answer = "冷库施工伤人属实，施工方已赔付，村里已停工整改并逐户说明。"
        number = self.place.secretary(self.villages[VETOED])
        answer_veto(made.pk, defence=answer, by=self.place.by(number, day, VILLAGE), today=self.on(15))

    def verify(self) -> None:
        """实绩核验: what came of the own tasks, marks for the report, three raters' sheets."""
        for n, village in enumerate(self.villages):
            day, child = self.on(16 + n // 3), self._child(village)
            chief = self.place.by("QL-002", day, RATERS)
            rows = ScheduleRow.objects.filter(tasks__unit=village, tasks__year=self.campaign.year).order_by("number")
            for row, task in zip(rows, TASKS[n], strict=True):
                record_achievement(row.pk, done=task[5], proof="现场查看，核对台账", by=chief, today=day)
            give_mark(child.pk, item="述职", value=str(REPORTS[n]), by=chief, today=day)
            if n == PILOT:
                give_mark(child.pk, item="承担试点", value="2", fact="扶绥县乡村治理试点村名单", by=chief, today=day)
            for rater in (2, 3, 4):
                marks = {item: LEVEL[mark] for item, mark in zip(ITEMS, MARKS[n], strict=True)}
                if rater == 4 and n not in (BEST, LAST):
                    marks["service"] = "良"
                self._rate(village, "实绩核验", f"QL-00{rater}", RATERS, marks, day)
            self._act(village, "实绩核验", "核验", "QL-002", RATERS, day)

    def decide(self) -> None:
        """The sealed poll counted in, the table computed, decided by the committee, publicised and paid."""
        day, pks = self.on(20), [one.pk for one in self.children.values()]
        by = self.place.by("QL-002", day, RATERS)
        act_batch(pks, "民意测评", "测评完成", {}, by=by, today=day, key="polled", opinion="测评已封存，各等次票数相符。")
        decided = china().after(day, 1, "个工作日")
        for number in ("QL-005", "QL-006"):
            by = self.place.by(number, decided, PARTY)
            act_batch(self.case.pk, "党委审定", "通过", {}, by=by, today=decided, key=number, opinion="同意按测算结果定等次。")
        tick(today=china().after(decided, 5, "日") + timedelta(days=4))

    def pay(self) -> None:
        """The plan of the best village published, that of the next one being entered."""
        names, by, day = Names("渠黎村干部"), self.place.by("QL-001", self.day, TOWN), self.on(33)
        for n in (BEST, BEST + 1):
            child = self._child(self.villages[n])
            secretary = self.place.people[self.place.secretary(self.villages[n])].name
            for at, (post, review, years) in enumerate(CADRES[: 5 - 2 * n]):
                name = names.next() if at else secretary
                save_cadre(child.pk, name=name, post=post, review=review, seniority=years, months=12, by=by, today=day)
        publish_pay(self._child(self.villages[BEST]).pk, by=by, today=day + timedelta(days=1))

    def _child(self, village: Unit) -> Case:
        return self.children[village.pk]

    def _act(self, village: Unit, step: str, outcome: str, number: str, held: str, day: date, form: dict[str, str] | None = None) -> None:
        act(self._child(village).pk, step, outcome, form or {}, by=self.place.by(number, day, held), today=day)

    def _rate(self, village: Unit, step: str, number: str, held: str, entries: dict[str, str], day: date) -> None:
        child = self._child(village)
        procedure = regulation_of(child.edition).procedures[child.procedure]
        need = next(one.marking for one in procedure.steps if one.name == step)
        assert need is not None  # the steps of this regulation that are rated
        by = self.place.by(number, day, held)
        sheet = save_sheet(
            unit=self.place.quli, edition=child.edition, standard=need.standard, subject=village, subject_name=village.name,
            entries=entries, by=by, today=day, period=period_of(child, need), group=need.role or step,
        )  # fmt: skip
        hand_in_sheet(sheet.pk, by=by, now=noon(day))


def own_appraisal(place: County, *, day: date) -> None:
    """From the beginning to the pay plans, some five weeks."""
    own = Own(place, day=day)
    own.last_year()
    own.agree()
    own.announce()
    own.report()
    own.poll()
    own.veto()
    own.verify()
    own.decide()
    own.pay()
