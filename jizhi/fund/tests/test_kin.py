"""Relatives are declared by those who keep the village's register, and recused from then on."""

import pytest

from jizhi.fund.tests.test_applying import NEED, PAPER, Site, site
from jizhi.org.models import Kinship
from jizhi.procedure.models import Case

pytestmark = pytest.mark.django_db
__all__ = ["site"]


@pytest.mark.req("F04", "X03")
def test_the_village_clerk_declares_a_relative_who_then_does_not_review(site: Site) -> None:
    people = site.place.town.people
    clerk, page = site.browser("文书韩", "村文书"), f"/people/{people['村民李'].pk}/"
    assert "登记亲属" in clerk.get(page).content.decode()
    form = {"other": str(people["评审周"].pk), "relation": "哥哥"}
    assert clerk.post(f"{page}kin/new/", form).status_code == 302
    assert "评审周" in clerk.get(page).content.decode()
    assert site.apply("村民李", PAPER, **NEED).status_code == 302
    case = Case.objects.get()
    status, said = site.do(case, "初审", "同意", "评审周")
    assert status == 403
    assert "近亲属（哥哥）" in said


@pytest.mark.req("X03")
def test_kin_of_a_village_are_declared_by_its_register_and_the_township_alone(site: Site) -> None:
    town, before = site.place.town, Kinship.objects.count()
    town.person("镇文书戚", "虎城镇", "乡镇文书")
    town.person("紫龙文书", "紫龙村", "村文书")
    one, there = town.people["村民李"], town.people["紫龙张"]
    kin, form = f"/people/{one.pk}/kin/new/", {"other": str(there.pk), "relation": "表哥"}
    assert site.browser("文书韩", "村文书").post(f"/people/{there.pk}/kin/new/", form).status_code == 404
    assert "紫龙张" not in site.browser("文书韩", "村文书").get(kin).content.decode()
    site.browser("文书韩", "村文书").post(kin, form)  # another village's people are not offered
    for name, title in (("紫龙文书", "村文书"), ("会计钱", "会计"), ("监督郑", ""), ("镇干部王", "")):
        assert site.browser(name, title).post(kin, form).status_code == 404, name
    mine = site.browser("村民李").post(kin, form)
    assert mine.status_code == 403  # he sees himself, and is told who does it
    assert "村文书" in mine.content.decode()
    assert Kinship.objects.count() == before
    assert site.browser("镇文书戚", "乡镇文书").post(kin, form).status_code == 302
    assert Kinship.objects.count() == before + 1
