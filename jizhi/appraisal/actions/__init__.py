"""The acts of the appraisal room."""

from jizhi.appraisal.actions.begin import begin_campaign
from jizhi.appraisal.actions.pay import publish_pay, save_cadre
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.actions.results import award_settled, record_past
from jizhi.appraisal.actions.scores import save_scores
from jizhi.appraisal.actions.tasks import agree_rows, record_achievement, save_rows
from jizhi.appraisal.actions.verify import give_mark, link_poll
from jizhi.appraisal.actions.vetoes import answer_veto, lower_stars, record_veto, withdraw_veto

__all__ = [
    "AppraisalRefused",
    "agree_rows",
    "answer_veto",
    "award_settled",
    "begin_campaign",
    "give_mark",
    "link_poll",
    "lower_stars",
    "publish_pay",
    "record_achievement",
    "record_past",
    "record_veto",
    "save_cadre",
    "save_rows",
    "save_scores",
    "withdraw_veto",
]
