"""What somebody tries who types addresses, ids and forms by hand, sends them twice or at the same moment, or sets the clock back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jizhi.fund.actions import do_due, explain_item, import_statement, publish_quarter, record_effect
from jizhi.fund.actions.results import Came
from jizhi.fund.models import BankLine, Payment, Release
from jizhi.fund.periods import Quarter
from jizhi.fund.tests.hucheng import NEED
from jizhi.fund.tests.test_applying import PAPER, Site, site
from jizhi.fund.tests.test_faults import ended, environment, started
from jizhi.fund.tests.test_pages import HEAD, sheet
from jizhi.fund.tests.village import DAY, Village
from jizhi.kernel.workdays import china
from jizhi.papers.models import Publication
from jizhi.procedure.actions import tick
from jizhi.procedure.models import Case
from jizhi.regulation.models import Adoption, Edition
from jizhi.ui import clock

pytestmark = pytest.mark.django_db
__all__ = ["environment", "site"]
NO_IDS = ("0", "-1", "9" * 30, "1 OR 1=1", "x\x00", "一")


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Of the fund, of cases and of what is published, everything stays as it was."""
    models = [model for room in ("fund", "procedure", "papers") for model in apps.get_app_config(room).get_models()]
    before = {model: list(model.objects.order_by("pk").values()) for model in models}
    yield
    for model in models:
        assert list(model.objects.order_by("pk").values()) == before[model], model


@pytest.mark.req("F01")
def test_ids_of_another_village_never_act(place: Village) -> None:
    """Each of the other fund's things, asked for at one's own fund and at its own address, by who may do it at home."""
    content = sheet(HEAD, ("2026-03-10", 100, "", 100, "某人", "", "A1")).read()
    theirs, mine = place.by("紫龙会计"), place.by("会计钱")
    gift = place.give(100, fund=place.other, day=date(2026, 3, 10))
    goods = place.give(30, fund=place.other, channel="goods", goods="大米", measure="袋", quantity=3).goods
    own, own_goods = place.give(100, day=date(2026, 3, 10)), place.give(30, channel="goods", goods="大米", measure="袋", quantity=3).goods
    for fund, by in ((place.other, theirs), (place.fund, mine)):
        import_statement(fund, content, name="对账单", by=by, today=DAY)
    line, own_line = (BankLine.objects.get(fund=fund) for fund in (place.other, place.fund))
    assert gift.voucher is not None
    assert own.voucher is not None
    assert goods is not None
    assert own_goods is not None
    explain_item(place.other, line, text="银行晚记", by=theirs, today=DAY)
    effect = record_effect(place.other, Came("work", "蓄水池"), day=DAY, by=theirs, today=DAY, now=clock.now())
    publish_quarter(place.other, Quarter(2026, 1), by=theirs, today=date(2026, 4, 2))
    release, fund, other = Release.objects.earliest("pk"), place.fund.pk, place.other.pk
    receipt, person = gift.receipts.get(), place.town.people["紫龙会计"]
    reason = {"reason": "试一试"}
    matched = f"/fund/{fund}/bank/match/"
    not_there = [
        ("会计钱", f"/fund/{fund}/bank/unmatch/{line.pk}/", reason),
        ("会计钱", f"/fund/{fund}/bank/explain/line/{line.pk}/", {"text": "x"}),
        ("会计钱", f"/fund/{fund}/bank/explain/voucher/{gift.voucher.pk}/", {"text": "x"}),
        ("会计钱", f"/fund/{other}/bank/match/", {"pair": f"{line.pk}-{gift.voucher.pk}"}),
        ("会计钱", f"/fund/{other}/bank/explain/line/{line.pk}/", {"text": "x"}),
        ("会计钱", f"/fund/{other}/months/202603/close/", {}),
        ("会计钱", f"/fund/{other}/vouchers/new/", {"what": "fees", "fen": "1", "day": "2026-03-10", "summary": "x"}),
        ("会计钱", f"/fund/{other}/import/statement/", {}),
        ("会计钱", f"/fund/{other}/quarters/2026/1/publish/", {}),
        ("会计钱", f"/fund/vouchers/{gift.voucher.pk}/", reason),
        ("会计钱", f"/fund/donations/{gift.pk}/", reason),
        ("会计钱", f"/fund/quarters/{release.pk}/correct/", reason),
        ("会计钱", f"/fund/effects/{effect.pk}/strike/", reason),
        ("会计钱", f"/fund/{other}/effects/new/", {"kind": "work", "name": "x", "day": "2026-03-10"}),
        ("出纳赵", f"/fund/{fund}/goods/{goods.pk}/give/", {"quantity": "1", "to": "甲", "purpose": "x"}),
        ("出纳赵", f"/fund/{other}/goods/{own_goods.pk}/give/", {"quantity": "1", "to": "甲", "purpose": "x"}),
        ("出纳赵", f"/fund/{other}/donations/new/", {"source": "friend", "channel": "bank", "fen": "1", "day": "2026-03-10"}),
    ]
    given = {"source": "friend", "channel": "bank", "fen": "1", "day": "2026-03-10"}
    came = {"kind": "work", "name": "x", "day": "2026-03-10", "case": place.case(fund=place.other).pk}
    refused = [
        ("会计钱", matched, {"pair": f"{line.pk}-{gift.voucher.pk}"}, "不属于本基金"),
        ("会计钱", matched, {"pair": f"{own_line.pk}-{gift.voucher.pk}"}, "不属于本基金"),
        ("会计钱", matched, {"line": line.pk, "voucher": own.voucher.pk}, "不属于本基金"),
        ("会计钱", f"/fund/{fund}/effects/new/", came, "相关事项请从列出的里面选"),
    ]
    for word in (str(person.pk), *NO_IDS):
        why = "" if "\x00" in word else "本村人员请从列出的里面选"
        refused.append(("出纳赵", f"/fund/{fund}/donations/new/", {**given, "donor": word}, why))
        refused.append(("会计钱", matched, {"pair": f"{word}-{word}"}, ""))
    with nothing_changes():
        for name, url, data in not_there:
            assert place.browser(name).post(url, data).status_code in (404, 405), url
        for name, url, data, why in refused:
            answer = place.browser(name).post(url, data, follow=True)
            assert answer.status_code == 200, url
            assert why in answer.content.decode(), url
        for url in (f"/fund/accounts/{gift.voucher.postings.all()[0].account_id}/", f"/fund/receipts/{receipt.pk}/pdf/"):
            assert place.browser("会计钱").get(url).status_code == 404
        for word in (str(other), *NO_IDS):  # a fund named in the query is one's own or none
            for url in ("/fund/loans/", "/fund/cases/"):
                for more in ({}, {"as": "xlsx"}):
                    answer = place.browser("会计钱").get(url, {"fund": word, "after": word, **more})
                    assert answer.status_code == 200
                    assert "紫龙" not in answer.content.decode(errors="ignore"), url


@pytest.mark.req("F04")
def test_people_and_cases_of_another_village_are_refused_beside_their_fields(site: Site) -> None:
    town, edition = site.place.town, {one.code: one for one in Edition.objects.all()}
    far = town.units["紫龙村"]
    for one in edition.values():
        Adoption.objects.create(unit=far, edition=one, since=date(2024, 5, 1), by=town.people["组长吴"])
    stranger = str(town.people["紫龙张"].pk)
    theirs = site.browser("紫龙张").post(
        f"/cases/new/{far.pk}/fund.help/grant/",
        {"申请人": stranger, "key": "z1", **NEED, PAPER: SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")},
    )
    assert theirs.status_code == 302
    other = Case.objects.get(unit=far)
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get(unit=town.units["虎城村"])
    work = {"项目名称": "蓄水池", "用途": "公益设施", "金额": "100", "理由": "灌溉", "收款人": "某队", "申请人": ""}
    prefix = {name: f"s{n}-" for n, name in enumerate(("产业验收", "展期", "自报回避", "申请回避"), 1)}["申请回避"]
    with nothing_changes():
        for who in (stranger, *NO_IDS):
            answer = site.apply("文书韩", PAPER, "书面申请扫描件", title="村文书", **{**NEED, "申请人": who})
            assert answer.status_code in (403, 422)
            answer = site.apply("主任杨", "工程预算", procedure="village_use", title="村两委成员", **{**work, "承办人": who})
            assert answer.status_code == 422, who
            assert "“承办人”没有这个人" in answer.content.decode()
            status, text = site.do(case, "申请回避", "申请", "村民李", **{f"{prefix}申请谁回避": who, f"{prefix}理由": "有纠纷"})
            assert (status, "“申请谁回避”没有这个人" in text) == (422, True)
        for name in ("村民李", "评审周", "出纳赵"):
            answer = site.browser(name).post(f"/cases/{other.pk}/act/", {"step": "初审", "outcome": "同意", "opinion": "x", "key": "k"})
            assert answer.status_code == 404
        for step, outcome in (("不存在", "同意"), ("初审", "已付"), ("发放", "已付"), ("公示", "期满"), ("异议", "受理"), ("", "")):
            assert site.do(case, step, outcome, "评审周")[0] in (403, 422)
    site.reviewed(case)
    notice = Publication.objects.get(kind="公示", unit=town.units["虎城村"])
    Client().post(f"/p/n/{notice.public_id}/object/", {"name": "某人", "text": "他家有两套房", "key": "o1", "website": ""})
    with nothing_changes():
        for who in (stranger, *NO_IDS):
            assert site.do(case, "异议", "受理", "监督郑", 异议号="1", 核实为=who)[0] == 422
        for number in ("2", "-1", "9" * 30, "一"):
            assert site.do(case, "异议", "受理", "监督郑", 异议号=number, 核实为=str(town.people["文书韩"].pk))[0] in (403, 422)


@pytest.mark.req("F04")
def test_a_clock_set_back_pays_nothing_early_and_breaks_nothing(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    case = Case.objects.get()
    site.reviewed(case)
    for day in (date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 21)):  # the last is before it was posted
        site.on(day)
        tick(today=day, calendar=china())
        do_due(today=day)
        case.refresh_from_db()
        assert case.step == "公示"
        for url in (f"/cases/{case.pk}/", "/fund/cases/", "/"):
            assert site.browser("监督郑").get(url).status_code == 200, url
        assert site.do(case, "审核", "同意", "组员陈")[0] == 403
    site.on(date(2026, 12, 1))
    site.place.over(site.day)
    case.refresh_from_db()
    assert case.step == "审核"
    site.on(date(2026, 11, 29))  # set back after it was over: who acts hears why not, and nothing is dated before what was done
    status, text = site.do(case, "审核", "同意", "组员陈")
    assert status == 403
    assert "不能早于" in text
    assert [act.day for act in case.acts.all()] == sorted(act.day for act in case.acts.all())
    assert not Payment.objects.exists()


def rush(environment: dict[str, str], where: Path, *presses: tuple[str, str]) -> list[str]:
    """What the pages of these people answered when all pressed at once."""
    where.mkdir()
    running = [started(environment, "rush", name, move, where) for name, move in presses]
    while len(list(where.glob("ready-*"))) < len(presses):
        if gone := next((process for process in running if process.poll() is not None), None):
            pytest.fail(gone.communicate()[0][-3000:])
        time.sleep(0.02)
    (where / "go").touch()
    return sorted(ended(process).strip() for process in running)


@pytest.mark.req("F05")
@pytest.mark.req("F04")
def test_pressed_in_the_same_moment_each_thing_is_done_once(environment: dict[str, str], tmp_path: Path) -> None:
    ended(started(environment, "rush", "build", "-", tmp_path))
    assert rush(environment, tmp_path / "1", ("评审周", "decide"), ("评审冯", "decide")) == ["302", "302"]
    assert rush(environment, tmp_path / "2", ("监督郑", "admit"), ("监督许", "decline")) == ["302", "403"]
    assert rush(environment, tmp_path / "3", ("出纳赵", "pay-k1"), ("出纳赵", "pay-k1"), ("出纳钱", "pay")) in (
        ["302", "302", "403"],
        ["302", "403", "403"],  # the other cashier was first
    )
    assert ended(started(environment, "rush", "look", "-", tmp_path)).strip() == "公示，张贴 1 份；受理 1 次；签收，付款 1 次，凭证 1 张"
