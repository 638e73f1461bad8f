"""A kinship declared by mistake is withdrawn: it recuses nobody any more, and stays as the reason why it did."""

import re

import pytest

from jizhi.audit.models import Entry
from jizhi.fund.tests.test_applying import NEED, PAPER, Site, site
from jizhi.org.models import Kinship
from jizhi.procedure.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.req("F04", "X03")]
__all__ = ["site"]
REASON = "同名不同人，登记错了"


def declared(site: Site, one: str, relative: str, by: tuple[str, str] = ("文书韩", "村文书")) -> str:
    """The address where it is withdrawn."""
    people = site.place.town.people
    form = {"other": str(people[relative].pk), "relation": "哥哥"}
    assert site.browser(*by).post(f"/people/{people[one].pk}/kin/new/", form).status_code == 302
    return f"/kin/{Kinship.objects.latest('pk').pk}/withdraw/"


def waits_for(site: Site, name: str, case: Case) -> bool:
    return f"/cases/{case.pk}/" in site.browser(name).get("/").content.decode()


def test_what_was_declared_by_mistake_recuses_nobody_from_then_on(site: Site) -> None:
    assert site.apply("村民李", PAPER, **NEED).status_code == 302
    case = Case.objects.get()
    assert waits_for(site, "评审周", case)
    address = declared(site, "村民李", "评审周")
    status, said = site.do(case, "初审", "同意", "评审周")
    assert (status, "近亲属（哥哥）" in said) == (403, True)
    assert not waits_for(site, "评审周", case)

    clerk, page = site.browser("文书韩", "村文书"), f"/people/{site.place.town.people['村民李'].pk}/"
    assert address in clerk.get(page).content.decode()
    again = clerk.post(address, {"reason": " "})
    assert (again.status_code, "还没有填理由" in again.content.decode()) == (200, True)
    assert clerk.post(address, {"reason": REASON}).url == page

    shown = clerk.get(page).content.decode()
    assert re.search(rf"2026年11月22日撤回：{REASON}", shown)
    assert address not in shown
    entry = Entry.objects.filter(action="office.withdraw_kinship").get()
    assert (entry.actor_name, entry.values) == ("文书韩", {"关系": "哥哥", "撤回理由": REASON})
    assert "撤回亲属登记" in site.browser("文书韩", "村文书").get("/log/").content.decode()
    assert waits_for(site, "评审周", case)
    assert site.do(case, "初审", "同意", "评审周")[0] == 302


def test_a_withdrawn_kinship_stays_and_can_be_declared_anew(site: Site) -> None:
    address, before = declared(site, "村民李", "评审周"), Kinship.objects.count()
    clerk = site.browser("文书韩", "村文书")
    assert clerk.post(address, {"reason": REASON}).status_code == 302
    assert "已于2026-11-22撤回" in clerk.post(address, {"reason": "再撤一次"}).content.decode()
    assert Kinship.objects.get(withdrawn_on=site.day).withdrawn_reason == REASON
    declared(site, "村民李", "评审周")
    assert Kinship.objects.count() == before + 1


def test_who_may_withdraw(site: Site) -> None:
    town = site.place.town
    town.person("镇文书戚", "虎城镇", "乡镇文书")
    town.person("紫龙文书", "紫龙村", "村文书")
    address = declared(site, "村民李", "评审周")
    for name, title in (("紫龙文书", "村文书"), ("会计钱", "会计"), ("镇干部王", "")):
        assert site.browser(name, title).post(address, {"reason": REASON}).status_code == 404, name
    own = site.browser("村民李").post(address, {"reason": REASON})
    assert (own.status_code, "村文书" in own.content.decode()) == (403, True)  # he sees it, and is told who does it
    assert Kinship.objects.filter(withdrawn_on=None).count() == Kinship.objects.count()
    assert site.browser("镇文书戚", "乡镇文书").post(address, {"reason": REASON}).status_code == 302


def test_nobody_withdraws_what_recuses_himself(site: Site) -> None:
    site.place.town.person("镇文书戚", "虎城镇", "乡镇文书")
    address = declared(site, "村民李", "文书韩")
    refused = site.browser("文书韩", "村文书").post(address, {"reason": REASON})
    assert "由其他有权登记的人撤回" in refused.content.decode()
    assert not Kinship.objects.exclude(withdrawn_on=None).exists()
    assert site.browser("镇文书戚", "乡镇文书").post(address, {"reason": REASON}).status_code == 302
