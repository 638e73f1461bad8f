"""A 民意测评 by its people in a real browser: the principal prepares it, a slip is filled in on a phone without scripts, the hall
votes on the tablet, then it is closed and the result stands. Nobody votes twice."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_access import serious

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.req("P17", "X16")]
DESK, PHONE, TABLET = (1440, 900), (390, 844), (820, 1180)
PIN = "2468"
Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """``visit(size)`` is a browser of its own; ``script=False`` switches JavaScript off."""
    contexts: list[BrowserContext] = []

    def visitor(size: tuple[int, int], *, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=script
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield visitor
    for context in contexts:
        context.close()


def log_in(page: Page, site: str, role: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.locator(f'form:has(input[value="{role}"]) button').first.click()
    expect(page.locator(".jz-who")).to_be_visible()


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def prepared(chief: Page, site: str) -> str:
    """A poll of two departments with three people on its roll, open; the address of its page."""
    chief.goto(f"{site}/polling/new/")
    chief.get_by_label("名称").fill(f"处室测评 {token_hex(3)}")
    for place in range(2):
        chief.locator('fieldset:has-text("测评哪些单位") .jz-chip').nth(place).click()
        chief.locator('fieldset:has-text("工作人员") .jz-chip').nth(place).click()
    chief.get_by_label("等次和分值").fill("满意 100\n一般 60\n不满意 0")
    chief.get_by_label("分组和权重").fill("")
    chief.get_by_role("button", name="建立测评").click()
    address = chief.url
    chief.get_by_role("link", name="改测评").click()  # still a draft
    chief.get_by_label("卷首说明").fill("请给两个处室各评一个等次。")
    chief.get_by_role("button", name="保存").click()
    expect(chief).to_have_url(address)
    chief.get_by_role("link", name="导入名册").click()
    roll = "编号,姓名\nR1,王芳\nR2,李强\nR3,赵敏\n"
    chief.locator('input[type="file"]').set_input_files({"name": "roll.csv", "mimeType": "text/csv", "buffer": roll.encode()})
    chief.locator('main form button[type="submit"]').first.click()
    chief.get_by_role("button", name="导入").last.click()
    chief.get_by_role("button", name="开始测评").click()
    expect(chief.locator("h1 + p")).to_contain_text("进行中")
    return address


def slip(clerk: Page, address: str, folder: Path) -> str:
    """The address that stands on a slip for the first of the roll: printed, then handed out."""
    clerk.goto(f"{address}slips/")
    with clerk.expect_download() as got:
        clerk.get_by_role("button", name="生成凭条文件").click()
    file = folder / "slips.pdf"
    got.value.save_as(file)
    text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    code = re.findall(r"\b(?:[2-9a-z]{4} ){3}[2-9a-z]{4}\b", text)[0]
    clerk.goto(f"{address}roll/")
    clerk.get_by_label("王芳").check()
    clerk.locator('label.jz-chip:has-text("凭条")').click()
    clerk.get_by_role("button", name="登记选中的人").click()
    expect(clerk.get_by_role("status")).to_contain_text("已登记发出扫码 1 人")
    return str(code)


def choose(page: Page, *words: str) -> None:
    """One option in each question of the ballot."""
    for place, word in enumerate(words):
        page.locator("main form fieldset").nth(place).locator(f'.jz-chip:has-text("{word}")').first.click()


def test_a_poll_by_slip_and_by_tablet_once_each_then_sealed(visit: Visit, site: str, tmp_path: Path) -> None:
    chief = visit(DESK)
    log_in(chief, site, "principal")
    address = prepared(chief, site)
    code = slip(chief, address, tmp_path)

    phone = visit(PHONE, script=False)
    phone.goto(f"{site}/b/")
    phone.get_by_label("凭条上的编码").fill(code.upper())
    phone.get_by_role("button", name="打开").click()
    ballot = phone.url
    expect(phone.locator("main")).to_contain_text("不记名")
    expect(phone.locator("main")).to_contain_text("请给两个处室各评一个等次。")
    choose(phone, "满意")
    phone.get_by_role("button", name="投入票箱").click()
    expect(phone.locator(".jz-errors")).to_contain_text("请选一项")  # the second question; the first is still ticked
    choose(phone, "满意", "一般")
    phone.get_by_role("button", name="投入票箱").click()
    expect(phone.locator("h1")).to_contain_text("已收到")
    phone.goto(ballot)
    expect(phone.get_by_role("alert")).to_contain_text("已经用过")
    expect(phone.locator("main form")).to_have_count(0)

    tablet = visit(TABLET)
    log_in(tablet, site, "principal")
    tablet.goto(f"{address}tablet/")
    tablet.get_by_label("解锁数字").fill(PIN)
    tablet.get_by_role("button", name="启用平板").click()
    for name, words in (("李强", ("满意", "满意")), ("赵敏", ("不满意", "一般"))):
        tablet.get_by_label("解锁数字").fill(PIN)
        tablet.get_by_role("button", name="解锁").click()
        tablet.get_by_label("姓名或编号").fill(name)
        tablet.get_by_role("button", name="查找").click()
        tablet.get_by_role("button", name=f"登记{name}").click()
        choose(tablet, *words)
        tablet.get_by_role("button", name="投入票箱").click()
        expect(tablet.get_by_role("status")).to_contain_text("已投入票箱")
    tablet.get_by_label("解锁数字").fill(PIN)
    tablet.get_by_role("button", name="解锁").click()
    tablet.get_by_label("姓名或编号").fill("王芳")  # has her slip already
    tablet.get_by_role("button", name="查找").click()
    expect(tablet.get_by_role("button", name="登记王芳")).to_have_count(0)
    fits(tablet)

    chief.goto(f"{address}close/")
    chief.get_by_label("见证人").select_option(index=1)
    chief.get_by_role("button", name="封存并计票").click()
    expect(chief.locator("h1 + p")).to_contain_text("已封存")
    expect(chief.locator(".jz-num").first).to_have_text("66.67 分")  # (100 + 100 + 0) ÷ 3
    expect(chief.locator(".jz-num").nth(1)).to_have_text("73.33 分")  # (60 + 100 + 60) ÷ 3
    fits(chief)


def test_every_page_of_a_poll_fits_a_phone_and_axe_finds_nothing_serious(visit: Visit, site: str, tmp_path: Path) -> None:
    chief, phone = visit(PHONE), visit(PHONE)
    log_in(chief, site, "principal")
    address = prepared(chief, site)
    code = slip(chief, address, tmp_path)
    found: list[str] = []
    pages = [address + path for path in ("", "roll/", "slips/", "tally/", "tablet/", "close/")]
    for page in [*pages, f"{site}/polling/new/", f"{site}/surveys/new/", f"{site}/symposia/new/"]:
        chief.goto(page)
        fits(chief)
        found += serious(chief)
    for path in ("/b/", f"/b/{code.replace(' ', '')}/"):
        phone.goto(site + path)
        fits(phone)
        found += serious(phone)
    assert found == []
