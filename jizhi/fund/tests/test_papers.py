"""Receipts, printed vouchers, and the ledger in the format of another program."""

import io
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from jizhi.fund.actions import pay, void_receipt
from jizhi.fund.chart import account_of
from jizhi.fund.export import account_names, beancount
from jizhi.fund.models import Account
from jizhi.fund.printed import receipt_pdf, voucher_pdf
from jizhi.fund.tests.village import DAY, Village
from jizhi.papers.models import Publication

pytestmark = pytest.mark.django_db
CHECK = "https://example.test/p/abc/"


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    assert len(document) == 1
    assert document[0].render(scale=0.5).to_pil().getcolors(maxcolors=100_000) is not None
    return document[0].get_textpage().get_text_range().replace(" ", "").replace("\r\n", "")


@pytest.mark.req("F02")
def test_a_receipt_has_figures_capitals_number_and_a_code(place: Village) -> None:
    place.give(1234, restricted_to="助学")
    receipt = place.give(500).receipts.get()
    text = text_of(receipt_pdf(receipt, check=CHECK))
    for part in ("虎城村帮收〔2026〕2号", "陈立新", "￥500.00", "人民币伍佰元整", "不作税前扣除凭证", CHECK, "经手人：出纳赵"):
        assert part in text
    assert b"/FontFile" in receipt_pdf(receipt, check=CHECK)


@pytest.mark.req("F02")
def test_a_voided_receipt_keeps_its_number(place: Village) -> None:
    gift = place.give(500)
    void_receipt(gift.receipts.get(), reason="金额写错", by=place.by("会计钱"), today=DAY, reissue=True)
    first, second = gift.receipts.all()
    assert [str(first), str(second)] == ["虎城村帮收〔2026〕1号", "虎城村帮收〔2026〕2号"]
    text = text_of(receipt_pdf(first, check=CHECK))
    assert "作废" in text
    assert "金额写错" in text
    shown = Publication.objects.get(pk=first.publication_id)
    assert ["状态", "已作废"] in shown.reduced["fields"]
    assert shown.snapshot == {}


@pytest.mark.req("F02")
@pytest.mark.parametrize(
    ("disclosure", "shown"), [("nothing", set()), ("name", {"陈立新"}), ("amount", {"500.00元"}), ("both", {"陈立新", "500.00元"})]
)
def test_the_donor_says_what_is_published(place: Village, disclosure: str, shown: set[str]) -> None:
    publication = place.give(500, disclosure=disclosure).receipts.get().publication
    values = {value.replace(" ", "") for _, value in publication.snapshot["fields"]}
    assert values & {"陈立新", "500.00元"} == shown
    assert not publication.listed
    assert not publication.indexed


@pytest.mark.req("F12")
def test_a_voucher_is_printed(place: Village) -> None:
    text = text_of(voucher_pdf(place.give(1234).voucher))
    for part in ("记账凭证", "2026年3月记字第1号", "银行存款", "外出乡友捐赠", "1,234.00", "壹仟贰佰叁拾肆元整", "制单：出纳赵"):
        assert part in text


@pytest.mark.req("F05")
def test_another_program_finds_the_ledger_right(place: Village, tmp_path: Path) -> None:
    place.give(1000, name='陈"立\\新', restricted_to="就学")
    place.give(200, channel="cash")
    place.give(300, channel="goods", goods="大米", measure="袋", quantity=10)
    case = place.case()
    pay(case, amount_fen=60000, purpose="就学", payee="村民李", by=place.by("出纳赵"), today=DAY, key="a", repayable=True)
    pay(place.case(), amount_fen=10000, purpose="就学", payee="村民李", by=place.by("出纳赵"), today=DAY, key="b")
    file = tmp_path / "fund.beancount"
    file.write_text(beancount(place.fund))
    checked = subprocess.run([Path(sys.executable).parent / "bean-check", file], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    file.write_text(file.read_text().replace("600.00", "601.00", 1))
    assert subprocess.run([Path(sys.executable).parent / "bean-check", file], capture_output=True, check=False).returncode != 0


def test_names_of_one_spelling_are_told_apart(place: Village) -> None:

    for name in ("就医", "就一", "就医2（新）"):
        account_of(place.fund, "expense", name)
    names = list(account_names(list(Account.objects.filter(fund=place.fund))).values())
    assert len(set(names)) == 3
    assert names[0] == "Expenses:JiuYi"
    assert "CNY" not in beancount(place.fund).partition("open")[0].replace('"CNY"', "")
