"""The whole loop by its people in a real browser: a lesson is recorded on a phone, its finding goes through the loop twice."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.by_hand import tick

pytestmark = [pytest.mark.browser, pytest.mark.long]
SIZES = {"1440": (1440, 900), "390": (390, 844)}
Enter = Callable[[str], Page]


@pytest.fixture(params=list(SIZES))
def enter(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Enter]:
    """``enter(role)`` is the page of that demo log-in, logged in once, at the width of this run."""
    width, height = SIZES[request.param]
    pages: dict[str, Page] = {}

    def enter_as(role: str) -> Page:
        if role not in pages:
            context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(20_000)
            page = pages[role] = context.new_page()
            page.goto(f"{site}/accounts/login/")
            page.locator(f'form:has(input[value="{role}"]) button').first.click()
            expect(page.locator(".jz-who")).to_be_visible()
        return pages[role]

    yield enter_as
    for page in pages.values():
        page.context.close()


def take(page: Page, address: str, step: str, outcome: str | None = None, opinion: str = "", **fields: str | list[str]) -> None:
    """Open the case, take the step as the page offers it, and see that it was taken."""
    page.goto(address)
    form = page.locator(f'form:has(input[name="step"][value="{step}"])')
    for label, value in fields.items():
        if isinstance(value, list):
            for one in value:
                form.locator(f'label.jz-chip:has-text("{one}")').first.click()
        else:
            form.get_by_label(label, exact=False).first.fill(value)
    if outcome:
        form.locator(f'label.jz-outcome:has(input[value="{outcome}"])').click()
    if opinion:
        form.locator('textarea[name="opinion"]').fill(opinion)
    form.locator('button[type="submit"]').click()
    expect(page.locator(".jz-errors")).to_have_count(0)
    expect(page.locator(".jz-timeline li").first).to_contain_text(step)


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def write_lesson(page: Page, site: str, problem: str) -> None:
    page.goto(f"{site}/supervision/records/new/?kind=lesson")
    page.locator('select[name="person"]').select_option(index=3)
    for name, value in (("fact-class", "五年级1班"), ("fact-subject", "语文"), ("fact-topic", "慈母情深")):
        page.fill(f'input[name="{name}"]', value)
    tick(page, 'input[name="methods"][value="听"]')
    tick(page, 'input[name="methods"][value="看"]')
    for legend in page.locator(".jz-grade").all():
        legend.locator("label", has_text="良").first.click()
    page.fill('textarea[name="strengths"]', "朗读示范到位")
    page.fill('textarea[name="suggestions"]', "把提问留给后排")
    page.fill('textarea[name="p0-text"]', problem)
    tick(page, 'input[name="p0-finding"]')
    page.locator('select[name="p0-launch-1"]').select_option("一般")
    page.locator('select[name="p0-department"]').select_option(label="教务处")
    teacher = page.locator('select[name="p0-person"] option', has_text="于明辉").first.get_attribute("value")
    page.locator('select[name="p0-person"]').select_option(teacher)
    fits(page)
    page.locator('main button[type="submit"]').last.click()
    expect(page).to_have_url(re.compile(r"/supervision/records/\d+/"))


@pytest.mark.req("S07", "S14", "X01")
def test_a_finding_goes_through_the_loop_twice(enter: Enter, site: str, request: pytest.FixtureRequest) -> None:
    problem = f"课堂提问只到前三排（{request.node.callspec.id}）"
    inspector = enter("inspector")
    write_lesson(inspector, site, problem)
    inspector.get_by_role("link", name=problem).first.click()
    address = inspector.url
    assert "/cases/" in address
    fits(inspector)

    take(inspector, address, "初步意见", opinion="后三排 12 人无一被提问")
    take(enter("head"), address, "申辩", "有申辩", "当天有八人请病假")
    take(enter("rechecker"), address, "答复", "部分采纳", "请假的不计，其余认定")
    limit = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=10)).date().isoformat()
    take(enter("leader"), address, "通报", opinion="限期整改", 整改时限=limit)

    take(enter("teacher"), address, "整改", 措施="按座位表轮流提问", 完成情况="已执行一周")
    take(enter("head"), address, "申请销号")
    take(enter("rechecker"), address, "复查", "不通过", "第四排仍未被提问", 方法=["看", "访"])
    fits(enter("rechecker"))
    take(enter("teacher"), address, "整改", 措施="后排优先", 完成情况="各排都已提问")
    take(enter("head"), address, "申请销号")

    teacher = enter("teacher")
    teacher.goto(address)
    expect(teacher.locator('form:has(input[name="step"][value="复查"])')).to_have_count(0)  # who rectified cannot recheck

    take(enter("rechecker"), address, "复查", "通过", "随机看两节，各排都有", 方法=["看"])
    rechecker = enter("rechecker")
    rechecker.goto(address)
    expect(rechecker.locator('form:has(input[name="step"][value="销号"])')).to_have_count(0)

    principal = enter("principal")
    principal.goto(site + "/")
    todo = principal.get_by_role("link", name=problem).first
    todo.click()  # a to-do opens where it is done
    assert principal.url.startswith(address.rstrip("/"))
    take(principal, address, "销号", "同意", "同意销号")
    expect(principal.locator(".jz-where")).to_contain_text("已销号")
    fits(principal)


@pytest.mark.req("S14")
def test_a_draft_survives_a_closed_tab(enter: Enter, site: str) -> None:
    page = enter("inspector")
    page.goto(f"{site}/supervision/records/new/?kind=interview")
    page.fill('textarea[name="strengths"]', "学生说得出本课目标")
    page.locator('textarea[name="suggestions"]').click()
    expect(page.locator("[data-autosave]").first).to_contain_text("已保存")
    other = page.context.new_page()
    page.close()
    other.goto(f"{site}/supervision/records/new/?kind=interview")
    expect(other.locator('textarea[name="strengths"]')).to_have_value("学生说得出本课目标")
