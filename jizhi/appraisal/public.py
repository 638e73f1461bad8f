"""What the public sees of a campaign's results."""

from __future__ import annotations

from datetime import date

from jizhi.access.actor import Actor
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.campaigns import column_of, verdicts
from jizhi.appraisal.rules import STARS, verdict_text
from jizhi.kernel.money import plain_yuan, yuan
from jizhi.papers.actions import publish
from jizhi.papers.queries import published_about
from jizhi.regulation.reading import regulation_of


def show_results(campaign: Campaign, *, by: Actor, today: date) -> None:
    """Stars or grades of all as they stand, no scores of anybody, and why one was decided again. Part of the act that decides;
    what is settled or corrected later comes with a new publication in place of the one before."""
    case = campaign.case
    made = list(verdicts().filter(campaign=campaign).select_related("unit"))
    total = sum(one.award_fen for one in made)
    regulation = regulation_of(case.edition)
    stars = column_of(regulation.procedures[case.procedure]) == STARS
    again = [one for one in made if one.because]
    shown = sorted((one for one in made if one.stars or not stars), key=lambda one: (-(one.stars or 0), one.rank or 10**6))
    columns = ["单位", "星级", "奖励（元）"] if stars else ["单位", "等次", "星级", "奖励（元）"]
    rows = [
        [one.unit.name, *([] if stars else [one.grade or "不打等级"]), f"{one.stars}星" if one.stars else "—", plain_yuan(one.award_fen)]
        for one in shown
    ]
    given = sum(bool(one.award_fen) for one in made)
    fields = [["年度", f"{campaign.year}年"], ["依据", f"《{regulation.name}》"], ["奖励", f"{given} 个单位，共 {yuan(total)} 元"]]
    fields += [["更正", f"{one.unit.name}：{one.because}，定为{verdict_text(one.grade, one.stars)}"] for one in again]
    publish("星级", unit=case.unit, title=f"{case.title}结果", about=campaign,
            snapshot={"fields": fields, "table": {"columns": columns, "rows": rows}},
            by=by, today=today, replaces=published_about(campaign).first())  # fmt: skip
