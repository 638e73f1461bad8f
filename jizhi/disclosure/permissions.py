"""Who may what with publications and with what the public sends in."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope

SUPERVISORS = "村务监督委员会"
HEAD = Grant(head=True)
DESK = (HEAD, Grant(body=SUPERVISORS), Grant(title="村文书"))
TOLD = (Grant(head=True, own=True), Grant(body=SUPERVISORS, own=True))  # own: not whoever it is about

PERMISSIONS = (
    Permission("disclosure.see_publications", "查看公开事项", (Grant(anyone=True),)),
    Permission("disclosure.withdraw_publication", "提前撤下公开事项", (HEAD,)),
    Permission("disclosure.keep_desk", "登记受理处", (HEAD,)),
    Permission("disclosure.see_desk", "查看受理处", (Grant(anyone=True),)),
    Permission("disclosure.enter_objection", "代为登记异议", DESK),
    Permission("disclosure.enter_tip", "代为登记意见建议", DESK),
    Permission("disclosure.read_tips", "查看意见建议", TOLD),
    Permission("disclosure.answer_tip", "答复意见建议", TOLD),
    Permission("disclosure.forget_contact", "删除联系方式", TOLD),
)


def _not_about_me(actor: Actor) -> Q:
    """Not what is about the person himself or, as a report, about a unit of his."""
    mine = Q(concerns=actor.person) & Q(concerns__isnull=False)
    return ~mine & ~Q(kind="举报", about__in=[holding.unit.pk for holding in actor.holdings])


SCOPES = (
    Scope("papers.Publication", "disclosure.see_publications", columns="at_"),
    Scope("disclosure.Desk", "disclosure.see_desk"),
    Scope("disclosure.Tip", "disclosure.read_tips", own=_not_about_me),
)
