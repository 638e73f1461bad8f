"""A village's fund by its people in a real browser: a phone applies, the public reads and objects, the committee answers,
the cashier's receipt is checked by anyone."""

import re
from collections.abc import Callable, Iterator
from secrets import token_hex

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.by_hand import tick
from tests.browser.test_access import serious

pytestmark = [pytest.mark.browser, pytest.mark.long]
SIZES = {"1440": (1440, 900), "390": (390, 844)}
VILLAGE = "/p/at/511603108299/"  # 虎城村
Enter = Callable[[str], Page]
Visit = Callable[..., Page]


class Guests:
    """The browsers of one run, one width; what their consoles complained of."""

    def __init__(self, chromium: Browser, size: tuple[int, int]) -> None:
        self.chromium, self.size = chromium, size
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self, *, script: bool = True) -> Page:
        width, height = self.size
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=script
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url} {error}"))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        refused_form = "status of 422" in message.text  # the browser's own line on an answer that shows what to mend
        if message.type in ("error", "warning") and not refused_form:
            self.complaints.append(f"{message.page.url if message.page else ''} {message.text}")


@pytest.fixture(params=list(SIZES))
def guests(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Guests]:
    found = Guests(chromium, SIZES[request.param])
    yield found
    for context in found.contexts:
        context.close()
    assert found.complaints == []


@pytest.fixture
def enter(guests: Guests, site: str) -> Enter:
    """``enter(role)`` is the page of that demo log-in, logged in once."""
    pages: dict[str, Page] = {}

    def enter_as(role: str) -> Page:
        if role not in pages:
            page = pages[role] = guests.page()
            page.goto(f"{site}/accounts/login/")
            page.locator(f'form:has(input[value="{role}"]) button').first.click()
            expect(page.locator(".jz-who")).to_be_visible()
        return pages[role]

    return enter_as


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def open_notice(page: Page, site: str) -> None:
    """From the village's public page the notice that stays up longest."""
    page.goto(site + VILLAGE)
    fits(page)
    page.locator(".jz-open tbody a").last.click()
    expect(page.locator(".jz-notice h1")).to_contain_text("公示")
    fits(page)


@pytest.mark.req("F04")
def test_a_villager_applies_on_his_phone_and_the_review_group_finds_it_on_its_desk(enter: Enter, site: str) -> None:
    villager = enter("villager")
    villager.goto(f"{site}/fund/apply/")
    fits(villager)
    villager.get_by_role("link", name="现在填写").first.click()
    villager.locator("main").get_by_role("link", name="基本生活").click()
    fits(villager)
    form = villager.locator('main form[method="post"]')
    form.locator('button[type="submit"]').click()
    expect(villager.locator(".jz-errors")).to_be_visible()
    form.get_by_label("金额").fill("500")
    form.get_by_label("理由").fill("灶房塌了一角，入冬前要补好")
    scan = {"name": "情况说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n"}
    form.get_by_label("困难情况说明").set_input_files(scan)  # type: ignore[arg-type]
    form.locator('button[type="submit"]').click()
    expect(villager).to_have_url(re.compile(r"/cases/\d+/"))
    expect(villager.locator("main")).to_contain_text("情况说明.pdf")
    fits(villager)
    case = re.search(r"/cases/\d+/", villager.url)
    assert case

    reviewer = enter("reviewer")
    reviewer.goto(site + "/")
    fits(reviewer)
    reviewer.locator(f'main a[href^="{case.group()}"]').first.click()
    step = reviewer.locator('form:has(input[name="step"][value="初审"])')
    step.locator('label.jz-outcome:has(input[value="同意"])').click()
    step.locator('textarea[name="opinion"]').fill("入户看过，灶房东墙已塌，情况属实")
    step.locator('button[type="submit"]').click()
    expect(reviewer.locator(".jz-errors")).to_have_count(0)
    expect(reviewer.locator(".jz-timeline li").first).to_contain_text("灶房东墙已塌")
    fits(reviewer)
    reviewer.goto(site + "/")
    expect(reviewer.locator(f'.jz-todo a[href^="{case.group()}"]')).to_have_count(0)  # who has spoken is not asked again

    villager.goto(f"{site}/fund/cases/")
    fits(villager)
    expect(villager.locator(f'main a[href="{case.group()}"]')).to_be_visible()


@pytest.mark.req("X05", "F04")
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_anyone_reads_the_notice(guests: Guests, site: str, script: bool) -> None:
    page = guests.page(script=script)
    open_notice(page, site)
    notice = page.locator(".jz-notice")
    expect(notice).to_contain_text("至")
    expect(notice).to_contain_text("*")  # a masked name
    expect(notice.locator("[aria-current=date]")).to_have_count(1)
    expect(page.get_by_role("link", name="提出异议")).to_be_visible()
    large = page.get_by_role("link", name="大字版")
    for _ in range(20):
        page.keyboard.press("Tab")
        if large.evaluate("seen => seen === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("html[data-type=large]")).to_have_count(1)
    fits(page)
    assert page.context.cookies() == []
    page.get_by_role("link", name="提出异议").click()
    expect(page.locator("html[data-type=large]")).to_have_count(1)  # it stays without a cookie
    fits(page)


@pytest.mark.req("F04", "X05", "X16")
def test_an_objection_is_sent_screened_answered_and_followed(guests: Guests, enter: Enter, site: str) -> None:
    said = f"他家大儿子在外有固定工资（{token_hex(3)}），请核实"
    sender = guests.page(script=False)
    open_notice(sender, site)
    expect(sender.locator(".jz-ways")).to_contain_text("电话或当面")
    expect(sender.get_by_role("link", name="打印空白异议书")).to_be_visible()
    sender.get_by_role("link", name="提出异议").click()
    sender.get_by_role("button", name="提交异议").click()
    expect(sender.locator(".jz-errors")).to_be_visible()
    sender.get_by_label("姓名").fill("王大山")
    sender.get_by_label("不同意见和理由").fill(said)
    sender.get_by_role("button", name="提交异议").click()
    expect(sender).to_have_url(re.compile(r"/p/o/[\w-]{16,}/"))
    expect(sender.locator(".jz-timeline")).to_contain_text("等待决定是否受理")
    fits(sender)

    supervisor = enter("supervisor")

    def stage(outcome: str, **fields: str) -> None:
        """The committee handles the objection from its desk: the one with these words, wherever its case stands."""
        supervisor.goto(site + "/")
        links = supervisor.locator(".jz-todo a:has-text('异议')").all()
        for address in dict.fromkeys(link.get_attribute("href") for link in links):
            supervisor.goto(f"{site}{address}")
            if supervisor.locator("#objections").get_by_text(said).count():
                break
        else:
            pytest.fail("the objection is on nobody's desk")
        fits(supervisor)
        block = supervisor.locator("[id^=objection-]", has_text=said)
        block.locator(f'label.jz-outcome:has(input[value="{outcome}"])').click()
        for label, value in fields.items():
            if label == "核实为":
                block.get_by_label(label).select_option(index=int(value))
            else:
                block.locator(f'textarea[name="{label}"]').fill(value)
        block.locator('button[type="submit"]').click()
        expect(supervisor.locator(".jz-errors")).to_have_count(0)

    stage("受理", 核实为="5")
    sender.reload()
    expect(sender.locator(".jz-timeline")).to_contain_text("受理")
    answer = "已入户核实：大儿子的工资用于还建房借款，仍符合条件"
    stage("不成立", 答复=answer)
    fits(supervisor)
    sender.reload()
    expect(sender.locator(".jz-timeline")).to_contain_text(answer)
    fits(sender)


@pytest.mark.req("F02")
def test_a_gift_gets_a_receipt_that_anyone_can_check(guests: Guests, enter: Enter, site: str) -> None:
    cashier = enter("cashier")
    cashier.goto(f"{site}/fund/")
    fits(cashier)
    cashier.get_by_role("link", name="登记捐赠").first.click()
    fits(cashier)
    form = cashier.locator('main form[method="post"]')
    form.locator('button[type="submit"]').click()
    expect(cashier.locator(".jz-errors")).to_be_visible()
    form.get_by_label("捐赠人").first.fill("在外打工的老陈")
    tick(form, 'input[name="source"][value="friend"]')
    form.get_by_label("金额（元）").fill("1234.56")
    tick(form, 'input[name="disclosure"][value="amount"]')
    form.locator('button[type="submit"]').click()
    expect(cashier).to_have_url(re.compile(r"/fund/donations/\d+/"))
    fits(cashier)
    number = cashier.locator(".jz-table tbody td").first.inner_text()

    href = cashier.get_by_role("link", name="下载收据").get_attribute("href")
    answer = cashier.request.get(f"{site}{href}")
    assert answer.headers["content-type"] == "application/pdf"
    text = pypdfium2.PdfDocument(answer.body())[0].get_textpage().get_text_bounded()
    printed = re.sub(r"\s", "", re.sub("[\x02\xad\ufffe]", "-", text))  # PDFium's sign for a hyphen where the line ends
    assert number in printed
    assert "壹仟贰佰叁拾肆元伍角陆分" in printed
    check = re.search(r"/p/r/[\w-]{16,}/", printed)
    assert check, printed

    anyone = guests.page(script=False)
    anyone.goto(site + check.group())
    expect(anyone.locator(".jz-notice")).to_contain_text("这张收据是本单位开出的")
    expect(anyone.locator(".jz-notice")).to_contain_text(number)
    expect(anyone.locator(".jz-notice")).to_contain_text("1,234.56")
    expect(anyone.locator("body")).not_to_contain_text("老陈")  # he chose the amount only
    fits(anyone)
    assert anyone.context.cookies() == []


PAGES = (
    ("villager", ("/", "/fund/apply/", "/fund/cases/", "/fund/my-gifts/")),
    ("cashier", ("/fund/", "/fund/loans/")),
    ("supervisor", ("/", "/disclosure/", "/disclosure/tips/")),
)
PARTS = ("donations/", "donations/new/", "vouchers/", "bank/", "months/", "quarters/", "effects/", "goods/")


@pytest.mark.req("X05")
def test_the_pages_fit_and_axe_finds_nothing_serious(guests: Guests, enter: Enter, site: str) -> None:
    found: list[str] = []
    phone = guests.size == SIZES["390"]

    def look(page: Page, path: str) -> None:
        answer = page.goto(site + path)
        assert answer is not None
        assert answer.status == 200, path
        fits(page)
        if phone or path.startswith("/p/"):  # the same markup at both widths: once is enough for axe
            found.extend(serious(page))

    for role, paths in PAGES:
        for path in paths:
            look(enter(role), path)
    cashier = enter("cashier")
    cashier.goto(f"{site}/fund/")
    fund = cashier.url.removeprefix(site)  # whoever has one fund is led to it
    if fund == "/fund/":
        fund = cashier.locator("main .jz-table tbody a").first.get_attribute("href") or ""
    for part in PARTS:
        look(cashier, fund + part)
    anyone = guests.page()
    open_notice(anyone, site)
    notice = anyone.url.removeprefix(site)
    for path in ("/p/", VILLAGE, f"{VILLAGE}tip/", "/p/verify/", notice, f"{notice}object/"):
        look(anyone, path)
    assert found == []
