"""What stands beside a case of the fund: what is there to pay with, what was paid, whether it came back, who has signed."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import may, visible
from jizhi.fund.cases import AMOUNT, CODE, PURPOSE, RESOLUTION
from jizhi.fund.models import Account, Fund, Payment, Reward
from jizhi.fund.models.ledger import Kind, PaymentKind
from jizhi.fund.queries import outstanding
from jizhi.fund.queries.ledger import payable
from jizhi.kernel.money import NotMoney, fen_of, yuan
from jizhi.procedure.beside import Beside, Line, Shown
from jizhi.procedure.docket import form_now
from jizhi.procedure.models import Case
from jizhi.procedure.queries.launching import launch_of
from jizhi.ui.templatetags.jizhi import cn_date


def money(case: Case, actor: Actor, today: date) -> Shown | None:
    """For the applicant his own payments; for who keeps or watches the fund also its balance and the vouchers."""
    fund = Fund.objects.filter(unit=case.unit_id).first() if case.edition.code == CODE else None
    if fund is None:
        return None
    reads = may(actor, "fund.read", fund) and visible(actor, Fund.objects.filter(pk=fund.pk)).exists()
    payments = list(Payment.objects.filter(case=case).select_related("voucher__reversed_by").order_by("pk"))
    lent = Account.objects.filter(case=case, kind=Kind.LOAN).exists()
    lines = [*(_balance(fund, case, payments) if reads and not case.end and not lent else ()), *_rewarded(case), *_paid(payments, reads)]
    if lent:
        late = bool(case.due and case.due < today)
        lines.append(Line("还没有还", f"{yuan(outstanding(case))} 元", state="late" if late and outstanding(case) else ""))
    paid = any(payment.kind in (PaymentKind.GRANT, PaymentKind.LOAN) for payment in payments)
    links = [("打印领款收条", reverse("fund_slip", args=[case.pk]))] if paid else []
    if lent and not case.end and (resolving := launch_of(actor, case.unit, RESOLUTION, "meeting", today=today)) and not resolving.refusal:
        links.append(("登记关于本事项的决议", f"{reverse('case_new', args=[case.unit_id, RESOLUTION, 'meeting'])}?about={case.pk}"))
    return Shown("基金", tuple(lines), links=tuple(links)) if lines else None


def _balance(fund: Fund, case: Case, payments: list[Payment]) -> list[Line]:
    """What could be paid now for this use, and whether it is enough."""
    form = form_now(case)
    use = str(form.get(PURPOSE, case.procedure))
    free, own = payable(fund, use)
    lines = [Line("可以支付", f"{yuan(free + own)} 元", link=reverse("fund", args=[fund.pk]))]
    lines += [Line(f"其中限定{use}", f"{yuan(own)} 元")] if own else []
    try:
        asked = fen_of(str(form.get(AMOUNT, "")))
    except NotMoney:
        return lines
    if asked > free + own and not payments:
        lines.append(Line("不够支付", f"还差 {yuan(asked - free - own)} 元", state="late"))
    return lines


def _rewarded(case: Case) -> list[Line]:
    households = case.party_rows.exclude(person__household=None).values("person__household")
    earlier = Reward.objects.filter(household__in=households, taken_back=False).exclude(case=case).select_related("payment").first()
    return [Line("这一户", f"{cn_date(earlier.payment.day, 'long')}已领过脱贫奖励", state="late")] if earlier else []


def _paid(payments: list[Payment], reads: bool) -> list[Line]:
    lines = []
    for payment in payments:
        struck = "（已冲销）" if hasattr(payment.voucher, "reversed_by") else ""
        link = reverse("fund_voucher", args=[payment.voucher_id]) if reads else ""
        said = f"{yuan(payment.fen)} 元，{cn_date(payment.day, 'long')}{struck}"
        lines.append(Line(str(payment.get_kind_display()), f"{said}，{payment.voucher.label}" if reads else said, link=link))
    return lines


BESIDE: tuple[Beside, ...] = (Beside("基金.收支", money, "基金可以支付多少、付了多少、还欠多少，领款收条"),)
