"""Who may what with a village's fund. Villagers read what is published, and a donor what became of his own gifts."""

from dataclasses import replace

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.fund.cases import CODE, RESOLUTION

ACCOUNTANT, CASHIER = Grant(title="会计"), Grant(title="出纳")
GROUP, SUPERVISORS, TOWN = Grant(body="管理领导小组"), Grant(body="村务监督委员会"), Grant(body="帮扶基金监管组")
LEADER = Grant(body="管理领导小组", seat="组长")
OWN = Grant(anyone=True, own=True)
CLERK = Grant(title="村文书")
READERS = (ACCOUNTANT, CASHIER, GROUP, SUPERVISORS, TOWN)
HEAD = Grant(title="村委会主任")  # who records the resolutions
CASES = tuple(replace(grant, own=True) for grant in (*READERS, CLERK, HEAD, Grant(body="评审小组"), Grant(body="村两委")))

PERMISSIONS = (
    Permission("fund.read", "查看基金账目", READERS),
    Permission("fund.read_own", "查看本人捐款", (OWN,)),
    Permission("fund.read_case", "查看基金申请和核销决议", CASES),
    Permission("fund.open_fund", "设立基金", (LEADER, TOWN)),
    Permission("fund.post_voucher", "记账", (ACCOUNTANT,)),
    Permission("fund.reverse_voucher", "红字冲销", (ACCOUNTANT,)),
    Permission("fund.import_opening", "导入期初余额", (ACCOUNTANT,)),
    Permission("fund.record_donation", "登记捐赠", (CASHIER, ACCOUNTANT)),
    Permission("fund.void_receipt", "作废收据", (ACCOUNTANT,)),
    Permission("fund.give_goods", "发放实物", (CASHIER,)),
    Permission("fund.import_statement", "导入银行对账单", (ACCOUNTANT,)),
    Permission("fund.match_line", "银行对账", (ACCOUNTANT,)),
    Permission("fund.explain_item", "说明未达账项", (ACCOUNTANT,)),
    Permission("fund.close_month", "结账", (ACCOUNTANT,)),
    Permission("fund.reopen_month", "重开已结账月份", (LEADER, TOWN)),
    Permission("fund.pay", "发放", (CASHIER, TOWN)),
    Permission("fund.repay", "登记还款", (CASHIER, TOWN)),
    Permission("fund.write_off", "核销借款", (CASHIER, ACCOUNTANT, GROUP, TOWN)),
    Permission("fund.publish", "公布季度收支和成效", (ACCOUNTANT, TOWN)),
    Permission("fund.record_effect", "登记成效", (CLERK, ACCOUNTANT)),
    Permission("fund.read_effect", "查看成效记录", (*READERS, CLERK)),
    Permission("fund.export", "导出账本", (ACCOUNTANT, GROUP, SUPERVISORS, TOWN)),
)


def _gifts(actor: Actor) -> Q:
    return Q(donor=actor.person)


def _receipts(actor: Actor) -> Q:
    return Q(donation__donor=actor.person)


SCOPES = (
    Scope("fund.Fund", "fund.read"),
    Scope("fund.Account", "fund.read", unit="fund__unit"),
    Scope("fund.Voucher", "fund.read", unit="fund__unit"),
    Scope("fund.Posting", "fund.read", unit="voucher__fund__unit"),
    Scope("fund.Payment", "fund.read", unit="fund__unit"),
    Scope("fund.Donation", "fund.read", unit="fund__unit"),
    Scope("fund.Donation", "fund.read_own", unit="fund__unit", own=_gifts),
    Scope("fund.Receipt", "fund.read", unit="donation__fund__unit"),
    Scope("fund.Receipt", "fund.read_own", unit="donation__fund__unit", own=_receipts),
    Scope("procedure.Case", "fund.read_case", columns="at_", own=lambda actor: Q(edition__code__in=(CODE, RESOLUTION))),
    Scope("fund.Release", "fund.read", unit="fund__unit"),
    Scope("fund.Effect", "fund.read_effect", unit="fund__unit"),
    Scope("fund.Goods", "fund.read", unit="fund__unit"),
    Scope("fund.Statement", "fund.read", unit="fund__unit"),
    Scope("fund.BankLine", "fund.read", unit="fund__unit"),
    Scope("fund.Closing", "fund.read", unit="fund__unit"),
)
