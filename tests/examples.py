"""An example object of the demo for every address that wants one, and the demo's log-ins."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from jizhi.appraisal.models import Campaign, CampaignPoll, OwnTasks, PayPlan, ScheduleRow, Veto
from jizhi.audit.models import Entry
from jizhi.disclosure.models import Slip, Tip
from jizhi.evidence.models import Evidence
from jizhi.fund.models import Account, BankLine, Donation, Effect, Fund, Goods, Payment, Receipt, Release, Voucher
from jizhi.messages.models import Message
from jizhi.org.models import Body, Person, Post, Seat, Unit, User
from jizhi.papers.models import Publication
from jizhi.polling.models import Poll, Symposium
from jizhi.procedure.models import Case
from jizhi.regulation.models import Edition, Pilot
from jizhi.results.models import Result
from jizhi.sheets.models import Sheet
from jizhi.supervision.models import Brief, Plan, Record, Task
from tests.site import Address

SCHOOL = "太安小学"


def login(client: Client, role: str) -> None:
    client.force_login(User.objects.get(username=role), backend="django.contrib.auth.backends.ModelBackend")


def example(address: Address) -> dict[str, Any] | None:
    """Arguments for the address; None for log-in addresses of the library, whose own tests hold them."""
    if address.route.startswith("accounts/"):
        return None
    return {} if not address.wants else EXAMPLES[address.name]()


def _here(model: Any, **kwargs: Any) -> Any:
    return model.objects.filter(unit__name=SCHOOL, **kwargs).order_by("pk").first()


def _case() -> dict[str, Any]:
    return {"pk": _here(Case, end="").pk}


def _record() -> dict[str, Any]:
    return {"pk": _here(Record, findings__isnull=False).pk}


def _school() -> dict[str, Any]:
    return {"pk": Unit.objects.get(name=SCHOOL).pk}


def _teacher() -> dict[str, Any]:
    return {"pk": Person.objects.get(number="TA-031").pk}


def _body() -> dict[str, Any]:
    return {"pk": _here(Body).pk}


def _seat() -> dict[str, Any]:
    return {"pk": Seat.objects.filter(body__unit__name=SCHOOL).latest("pk").pk}


def _edition() -> dict[str, Any]:
    return {"pk": Edition.objects.get(code="school.loop").pk}


def _pilot() -> dict[str, Any]:
    return {"pk": Pilot.objects.latest("pk").pk}


def _brief() -> dict[str, Any]:
    return {"pk": _here(Brief).pk}


def _result() -> dict[str, Any]:
    return {"pk": _here(Result).pk}


def _rating() -> dict[str, Any]:
    result = _here(Result)
    sheet = Sheet.objects.filter(unit=result.unit, standard=result.standard, period=result.period, replaced_by=None).earliest("pk")
    return {"pk": result.pk, "sheet": sheet.pk}


def _message() -> dict[str, Any]:
    return {"pk": Message.objects.filter(to__user__username="principal").latest("pk").pk}


def _none() -> dict[str, Any]:
    """Nothing of the kind stands in the demo: everybody is told so."""
    return {"pk": 0}


def _people() -> dict[str, Any]:
    return {"kind": "people"}


def _published(key: str, **kwargs: Any) -> Any:
    """Of the newest publication of a kind that is still up; an address of nothing where the demo has none."""

    def found() -> dict[str, Any]:
        one = Publication.objects.filter(taken_down_on=None, **kwargs).order_by("pk").last()
        return {key: getattr(one, key) if one else "nothing" if key == "public_id" else 0}

    return found


def _sent(model: Any, key: str) -> Any:
    """The same of what the public sent in."""

    def found() -> dict[str, Any]:
        one = model.objects.order_by("pk").last()
        return {key: getattr(one, key) if one else "nothing" if key == "public_id" else 0}

    return found


def _coded() -> dict[str, Any]:
    one = Publication.objects.filter(listed=True, taken_down_on=None).select_related("unit").order_by("pk").last()
    return {"code": one.unit.code if one else Unit.objects.get(level="county", name="万州区").code}


def _village() -> str:
    """Where something may be applied for on paper."""
    one = Fund.objects.select_related("unit").order_by("pk").first()
    return one.unit.code if one else "nowhere"


def _first(model: Any) -> int:
    """The oldest row of the demo; 0, which is nobody's, where it has none."""
    return int(model.objects.order_by("pk").values_list("pk", flat=True).first() or 0)


def _first_of(model: Any, column: str) -> int:
    """A column of the oldest row; 0 where there is none."""
    return int(model.objects.order_by("pk").values_list(column, flat=True).first() or 0)


def _here_of(rows: Any) -> int:
    row = rows.order_by("pk").first()
    return row.pk if row else 0


def _fund(**more: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"pk": _first(Fund), **more}


def _own_campaign() -> dict[str, Any]:
    """The campaign with own tasks, a sealed poll, a veto and a pay plan."""
    return {"pk": _first_of(CampaignPoll, "campaign_id")}


def _appraised() -> dict[str, Any]:
    """A unit's own case of that campaign, with a pay plan."""
    return {"pk": _first_of(PayPlan, "case_id")}


def _own_tasks() -> dict[str, Any]:
    return {**_own_campaign(), "unit": _first_of(OwnTasks, "unit_id")}


def _running_campaign() -> dict[str, Any]:
    """One in which villages wait for their scores."""
    return {"pk": Campaign.objects.filter(case__end="").latest("pk").pk}


EXAMPLES = {
    "appraisal_scores": _running_campaign,
    **dict.fromkeys(("appraisal", "appraisal_poll", "appraisal_settled", "appraisal_preview", "appraisal_past"), _own_campaign),
    **dict.fromkeys(
        ("own_tasks_list", "own_tasks_import", "own_tasks_preview", "own_tasks_errors", "own_tasks_template"),
        _own_campaign,
    ),
    "own_tasks": _own_tasks,
    "own_tasks_agree": lambda: {"pk": _first(OwnTasks)},
    "own_task_done": lambda: {"pk": _first(ScheduleRow)},
    **dict.fromkeys(("appraised_unit", "appraisal_mark", "appraisal_veto", "appraisal_pay", "appraisal_pay_publish"), _appraised),
    **dict.fromkeys(("veto_answer", "veto_lower", "veto_withdraw"), lambda: {"pk": _first(Veto)}),
    **dict.fromkeys(("fund", "fund_releases", "fund_effects", "fund_effect_new"), _fund()),
    "fund_release_publish": _fund(year=2026, quarter=1),
    "fund_release_correct": lambda: {"pk": _first(Release)},
    "fund_effect_strike": lambda: {"pk": _first(Effect)},
    "fund_slip": lambda: {"pk": _first_of(Payment, "case_id")},
    "fund_apply_for": lambda: {"unit": _first_of(Fund, "unit_id"), "procedure": "grant"},
    "public_applying": lambda: {"code": _village()},
    "public_application_form": lambda: {"code": _village(), "regulation": "fund.help", "procedure": "grant"},
    "case_new": lambda: {"unit": _first_of(Fund, "unit_id"), "code": "fund.help", "procedure": "grant"},
    "fund_trial": _fund(),
    "fund_export": _fund(),
    "fund_vouchers": _fund(),
    "fund_voucher_new": _fund(),
    "fund_account": lambda: {"pk": _first(Account)},
    "fund_voucher": lambda: {"pk": _first(Voucher)},
    "fund_voucher_pdf": lambda: {"pk": _first(Voucher)},
    "fund_donations": _fund(),
    "fund_donation_new": _fund(),
    "fund_donation": lambda: {"pk": _first(Donation)},
    "fund_receipt_pdf": lambda: {"pk": _first(Receipt)},
    "fund_goods": _fund(),
    "fund_goods_give": lambda: {"pk": _first(Fund), "goods": _first(Goods)},
    "fund_bank": _fund(),
    "fund_bank_match": _fund(),
    "fund_bank_unmatch": lambda: {"pk": _first(Fund), "line": _first(BankLine)},
    "fund_bank_explain": lambda: {"pk": _first(Fund), "what": "line", "item": _first(BankLine)},
    "fund_months": _fund(),
    "fund_month_close": _fund(month=202601),
    "fund_month_reopen": _fund(month=202601),
    "fund_import": _fund(kind="opening"),
    "fund_import_preview": _fund(kind="opening"),
    "fund_import_errors": _fund(kind="opening"),
    "fund_import_template": _fund(kind="opening"),
    **dict.fromkeys(("public_place", "public_tip_form", "public_tip_new"), _coded),
    **{name: _published("public_id", kind="公示") for name in ("public_notice", "public_content", "public_print", "public_proof")},
    **{name: _published("public_id", open_to_objection=True) for name in ("public_object", "public_objection_form")},
    **{name: _published("pk", open_to_objection=True) for name in ("publication", "publication_withdraw", "objection_enter")},
    "public_receipt": _published("public_id", kind="收据"),
    "public_objection": _sent(Slip, "public_id"),
    **{name: _sent(Tip, "public_id") for name in ("public_tip", "public_tip_forget")},
    **{name: _sent(Tip, "pk") for name in ("tip", "contact_forget")},
    **{name: lambda: {"pk": Entry.objects.filter(unit_id=_school()["pk"]).earliest("pk").pk} for name in ("log_proof", "log_proof_file")},
    **dict.fromkeys(
        (
            "poll",
            "poll_edit",
            "poll_open",
            "poll_drop",
            "poll_roll",
            "roll_change",
            "poll_back",
            "roll_import",
            "poll_slips",
            "poll_tally",
            "poll_form",
            "poll_tablet",
        ),
        lambda: {"pk": _here(Poll, kind="poll").pk},
    ),
    "poll_answers": lambda: {"pk": _here(Poll, named=True).pk},
    **dict.fromkeys(("poll_paper", "poll_close", "poll_export"), lambda: {"pk": _here(Poll, kind="survey").pk}),
    "ballot": lambda: {"code": "nothing"},
    "survey_wall": lambda: {"wall": "nothing"},
    **dict.fromkeys(("symposium", "symposium_scan"), lambda: {"pk": _here(Symposium).pk}),
    "opinion_answer": lambda: {"pk": _here(Symposium).pk, "opinion": _here(Symposium).opinions.earliest("pk").pk},
    "import": _people,
    "import_preview": _people,
    "import_errors": _people,
    "import_template": _people,
    "evidence_file": lambda: {"pk": Evidence.objects.earliest("pk").pk},
    "case": _case,
    "case_act": _case,
    "case_batch": _case,
    "case_progress": lambda: {"pk": _here_of(Case.objects.exclude(children=None))},
    "case_sheet": _case,
    "case_counted": _case,
    "open_message": _message,
    "unit": _school,
    "unit_children": _school,
    "body_new": _school,
    **dict.fromkeys(("unit_rename", "unit_move", "unit_close"), _school),
    "body": _body,
    "body_end": _body,
    "seat_new": _body,
    "seat_end": _seat,
    "person": _teacher,
    "person_edit": _teacher,
    "kin_new": _teacher,
    "person_left": _teacher,
    "account": _teacher,
    "post_end": lambda: {"pk": Post.objects.filter(unit__name=SCHOOL, title="教师").latest("pk").pk},
    "regulation_edition": _edition,
    "edition_adopt": _edition,
    "regulation_against": lambda: {**_edition(), "other": _edition()["pk"]},
    "pilot_new": _edition,
    "pilot": _pilot,
    "pilot_scores": _pilot,
    "pilot_review": _pilot,
    "pilot_decide": _pilot,
    "standard": lambda: {"pk": Edition.objects.get(code="school.lesson").pk, "name": "课堂"},
    "plan": lambda: {"pk": Plan.objects.filter(schools__school__name=SCHOOL).earliest("pk").pk},
    "task": lambda: {"pk": _here(Task).pk},
    "record": _record,
    "record_answer": _record,
    "record_evidence": _record,
    "brief": _brief,
    "brief_edit": _brief,
    "brief_word": _brief,
    "ranking": _result,
    "ranking_deliver": _result,
    "ranking_publish": _result,
    "ranking_correct": _result,
    "ranking_pay": _result,
    "ranking_export": _result,
    "ranking_amend": _rating,
    "kin_withdraw": _none,  # nobody is declared a relative in the demo
    "intake": _none,
    "intake_add": _none,
    "intake_advance": _none,
    "intake_drop": _none,
    "intake_errors": _none,
}
