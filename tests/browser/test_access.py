"""Anyone can use it: axe finds nothing serious, the keyboard reaches the work, large type fits, pages act without JavaScript."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.long]
PAGES = (
    ("leader", "/"),
    ("leader", "/supervision/register/"),
    ("leader", "/supervision/records/"),
    ("inspector", "/supervision/records/new/?kind=lesson"),
    ("leader", "/supervision/methods/"),
    ("leader", "/supervision/ranking/"),
    ("leader", "/supervision/briefs/"),
    ("leader", "/regulations/"),
    ("teacher", "/"),
)
FIRST_OF = ("/supervision/register/", "/supervision/records/", "/supervision/ranking/", "/supervision/briefs/", "/regulations/")


def enter(browser: Browser, site: str, role: str, *, width: int = 1440, script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=script
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    page.locator(f'form:has(input[value="{role}"]) button').first.click()
    expect(page.locator(".jz-who")).to_be_visible()
    return page


@pytest.fixture
def leader(chromium: Browser, site: str) -> Iterator[Page]:
    page = enter(chromium, site, "leader")
    yield page
    page.context.close()


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, one line each: the page, the rule, the places."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {one['id']}: {json.dumps([node['target'] for node in one['nodes']][:3])}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def first_link(page: Page) -> str | None:
    return page.locator("main .jz-table tbody a").first.get_attribute("href") if page.locator("main .jz-table tbody a").count() else None


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(chromium: Browser, site: str, width: int) -> None:
    found: list[str] = []
    for role in dict.fromkeys(role for role, _ in PAGES):
        page = enter(chromium, site, role, width=width)
        for path in [path for one, path in PAGES if one == role]:
            page.goto(site + path)
            found += serious(page)
            if path in FIRST_OF and (link := first_link(page)):
                page.goto(site + link)
                found += serious(page)
        page.context.close()
    assert found == []


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(leader: Page, site: str) -> None:
    leader.goto(f"{site}/supervision/register/")
    leader.keyboard.press("Tab")
    expect(leader.locator(".jz-skip")).to_be_focused()
    leader.keyboard.press("Enter")
    assert leader.url.endswith("#main")
    for _ in range(12):
        leader.keyboard.press("Tab")
        focused = leader.evaluate(
            """() => {
                const seen = document.activeElement, style = getComputedStyle(seen);
                return [seen.outerHTML, !!seen.closest("main"), style.boxShadow !== "none" || style.outlineStyle !== "none"];
            }"""
        )
        assert focused[1:] == [True, True], focused


def switch_type(page: Page, site: str) -> None:
    page.goto(f"{site}/me/")
    with page.expect_response("**/type/"):
        page.locator("main [data-large-type] button").click()


def test_large_type_stays_and_nothing_sticks_out(chromium: Browser, site: str) -> None:
    page = enter(chromium, site, "district-inspector", width=390)
    switch_type(page, site)
    for path in ("/", "/supervision/register/", "/supervision/records/", "/supervision/ranking/", "/supervision/briefs/"):
        page.goto(site + path)
        expect(page.locator("html[data-type=large]")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    switch_type(page, site)
    expect(page.locator("html[data-type=large]")).to_have_count(0)
    page.context.close()


def test_a_record_is_written_without_javascript(chromium: Browser, site: str) -> None:
    page = enter(chromium, site, "inspector", script=False)
    page.goto(f"{site}/supervision/records/new/?kind=lesson")
    page.locator('main button[type="submit"]').last.click()
    expect(page.locator(".jz-errors")).to_be_visible()  # all at once, none of it lost
    page.locator('select[name="person"]').select_option(index=2)
    for name, value in (("fact-class", "三年级1班"), ("fact-subject", "数学"), ("fact-topic", "分数的初步认识")):
        page.fill(f'input[name="{name}"]', value)
    expect(page.locator('input[name="methods"][value="听"]')).to_be_checked()  # what a lesson is seen by, known already
    page.locator('label:has(input[name="unscored"])').click()
    page.fill('textarea[name="strengths"]', "学具齐全")
    page.fill('textarea[name="suggestions"]', "多留一分钟读题")
    page.fill('textarea[name="p0-text"]', "后排两人没有学具")
    page.locator('main button[type="submit"]').last.click()
    expect(page.locator("h1")).to_contain_text("分数的初步认识")
    page.context.close()


def test_a_case_prints_with_its_story_and_no_controls(leader: Page, site: str) -> None:
    leader.goto(f"{site}/supervision/register/")
    leader.goto(site + (first_link(leader) or ""))
    leader.emulate_media(media="print")
    expect(leader.locator(".jz-timeline")).to_be_visible()
    for hidden in (".jz-side", ".jz-top", ".jz-actions", ".jz-tabbar"):
        assert not leader.locator(hidden).first.is_visible(), hidden
