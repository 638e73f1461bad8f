"""What a hand does to a page."""

from playwright.sync_api import Locator, Page, expect


def tick(at: Page | Locator, box: str) -> None:
    """A box or a choice, by its label as people do, once nothing lies over it."""
    found = at.locator(box)
    if not found.is_checked():
        at.locator(f'label[for="{found.get_attribute("id")}"]').first.click()
    expect(found).to_be_checked()
