"""Who may what with appraisal. Whoever works in a unit sees the campaigns over it, and of them its own unit's part."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.appraisal.models import Campaign
from jizhi.org.queries import ancestor_ids

OWN = Grant(anyone=True, own=True)
ORGANISERS = (Grant(title="组织部部长"), Grant(title="乡镇党委书记"))
RATERS = (Grant(body="考核组"), *ORGANISERS)
DECIDERS = (Grant(body="县委常委会"), Grant(body="乡镇党委"), Grant(body="组织部"))
SECRETARIES = (Grant(title="村党支部书记"), Grant(title="村党组织书记"))

PERMISSIONS = (
    Permission("appraisal.read", "查看考评", (*RATERS, *DECIDERS, *SECRETARIES)),
    Permission("appraisal.read_near", "查看本地考评", (OWN,)),
    Permission(
        "appraisal.read_cases",
        "查看考评案件",
        tuple(Grant(title=grant.title, body=grant.body, own=True) for grant in (*RATERS, *DECIDERS, *SECRETARIES)),
    ),
    Permission("appraisal.begin_campaign", "发起考评", ORGANISERS),
    Permission("appraisal.save_rows", "填写个性任务", (*SECRETARIES, *ORGANISERS)),
    Permission("appraisal.agree_rows", "商定个性任务", (*SECRETARIES, *ORGANISERS)),
    Permission("appraisal.record_achievement", "登记完成值", RATERS),
    Permission("appraisal.give_mark", "登记述职和加减分", RATERS),
    Permission("appraisal.record_veto", "登记否决事项", (*ORGANISERS, Grant(body="组织部"))),
    Permission("appraisal.answer_veto", "对否决事项申辩", SECRETARIES),
    Permission("appraisal.withdraw_veto", "撤销否决事项", (*ORGANISERS, Grant(body="组织部"))),
    Permission("appraisal.link_poll", "关联民意测评", RATERS),
    Permission("appraisal.keep_result", "考评测算", ORGANISERS),
    Permission("appraisal.record_past", "补录往年结果", ORGANISERS),
    Permission("appraisal.award_settled", "补定异议办结的单位", ORGANISERS),
    Permission("appraisal.lower_stars", "年内降星", ORGANISERS),
    Permission("appraisal.save_cadre", "登记干部", ORGANISERS),
    Permission("appraisal.publish_pay", "公布待遇方案", ORGANISERS),
    Permission("appraisal.preview", "新制度试算", (*ORGANISERS, *DECIDERS)),
)


def _above(actor: Actor) -> Q:
    """Campaigns of one's unit and of those above it."""
    units = [pk for unit in (actor.unit, actor.person.unit if actor.person else None) if unit for pk in ancestor_ids(unit)]
    return Q(unit__in=units)


def _of_campaigns(actor: Actor) -> Q:
    known = Campaign.objects.order_by().values("case")
    return Q(pk__in=known) | Q(parent__in=known)


SCOPES = (
    Scope("appraisal.Campaign", "appraisal.read"),
    Scope("appraisal.Campaign", "appraisal.read_near", own=_above),
    Scope("procedure.Case", "appraisal.read_cases", columns="at_", own=_of_campaigns),
    Scope("appraisal.OwnTasks", "appraisal.read"),
    Scope("appraisal.ScheduleRow", "appraisal.read", unit="tasks__unit"),
    Scope("appraisal.Achievement", "appraisal.read", unit="row__tasks__unit"),
    Scope("appraisal.Mark", "appraisal.read", unit="case__unit"),
    Scope("appraisal.Veto", "appraisal.read", unit="case__unit"),
    Scope("appraisal.CampaignPoll", "appraisal.read", unit="campaign__unit"),
    Scope("appraisal.Verdict", "appraisal.read"),
    Scope("appraisal.Cadre", "appraisal.read", unit="case__unit"),
    Scope("appraisal.PayPlan", "appraisal.read", unit="case__unit"),
)
