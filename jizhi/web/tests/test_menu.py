"""The bar at the foot of a phone: what a person uses, by what he may do."""

import re

import pytest

from jizhi.fund.tests.test_applying import Site, site

pytestmark = pytest.mark.django_db
__all__ = ["site"]


def bar(site: Site, name: str, title: str = "") -> list[str]:
    text = site.browser(name, title).get("/messages/").content.decode()
    found = re.search(r'<nav class="jz-tabbar".*?</nav>', text, re.DOTALL)
    assert found is not None
    return re.findall(r">([^<>]+)</a>", found[0])


@pytest.mark.req("X16")
def test_the_bar_of_a_phone_holds_what_the_person_uses(site: Site) -> None:
    assert bar(site, "村民李") == ["工作台", "申请帮扶", "帮扶申请", "我的捐款", "更多"]
    assert bar(site, "会计钱", "会计") == ["工作台", "帮扶申请", "基金账目", "更多"]
    assert bar(site, "文书韩", "村文书") == ["工作台", "帮扶申请", "更多"]
    supervisor = bar(site, "监督郑")
    assert supervisor == ["工作台", "意见建议", "帮扶申请", "基金账目", "更多"]
