"""What is published is frozen by its digest, and goes when its time is over."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jizhi.access.actor import SYSTEM
from jizhi.audit.models import Entry
from jizhi.org.tests.town import wanzhou
from jizhi.papers import rules
from jizhi.papers.actions import publish, take_down_due
from jizhi.papers.models import Publication
from jizhi.papers.queries import in_publicity, shown_at, shown_to_all

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
NOTICE = {"fields": [["申请人", "张*（3组）"], ["用途", "困难帮扶"]], "table": {"columns": ["户", "金额"], "rows": [["李*", "300 元"]]}}


def posted(**changes: Any) -> Publication:
    unit = changes.pop("unit", None) or wanzhou().units["太安小学"]
    given: dict[str, Any] = {"title": "关于一户申请的公示", "about": unit, "snapshot": NOTICE, "by": SYSTEM, "today": TODAY}
    given |= {"until": date(2026, 3, 17), "down_on": date(2026, 4, 17)}
    return publish("公示", unit=unit, **(given | changes))


def test_a_publication_is_proved_by_its_entry() -> None:
    one = posted()
    entry = Entry.objects.get(pk=one.entry_id)
    assert entry.values["内容摘要"] == one.digest == rules.digest_of(one.snapshot)
    assert "张*" not in json.dumps(entry.fields, ensure_ascii=False)  # the log keeps the digest only
    unit = one.unit
    assert [one.at_0, one.at_1, one.at_2, one.at_3] == [unit.parent.parent_id, unit.parent_id, unit.pk, None]
    assert list(in_publicity(shown_at(unit.parent, today=TODAY), today=TODAY)) == [one]


@pytest.mark.req("X05")
def test_numbers_of_people_never_leave() -> None:
    one = posted(snapshot={"fields": [["电话", "13812345678"], ["证件", "51160219650304123X"], ["卡", "6222021234567890123"]]})
    assert [text for _, text in one.snapshot["fields"]] == ["138****5678", "511602**********3X", "****0123"]
    however = ["１３８１２３４５６７８", "138 1234 5678", "138-1234-5678", "511602 19650304 123X", "6222 0212 3456 7890", "511602650304123"]
    assert [rules.without_numbers(text) for text in however] == [
        *["138****5678"] * 3, "511602**********3X", "****7890", "****4123",
    ]  # fmt: skip
    kept = "2026-11-23至2026-12-01，12,345.00 元，0826-2345678"
    assert rules.without_numbers(kept) == kept
    assert [rules.masked_name(name) for name in ("张三", "欧阳小明", "王小明", "欧阳")] == ["张*", "欧阳*明", "王*明", "欧*"]


@pytest.mark.parametrize("snapshot", [{"案件": 1}, {"fields": [["金额", 300]]}, {"table": {"columns": ["户"], "rows": [["a", "b"]]}}])
def test_only_declared_plain_text_can_be_published(snapshot: dict[str, Any]) -> None:
    with pytest.raises(rules.Unpublishable):
        posted(snapshot=snapshot)


@pytest.mark.parametrize("change", [{"snapshot": {}}, {"digest": "0" * 64}, {"title": "改"}, {"posted_on": date(2026, 3, 1)}])
def test_the_database_refuses_a_change(change: dict[str, Any]) -> None:
    one = posted()
    with pytest.raises(DatabaseError, match="已公布的内容不得再修改"), transaction.atomic():
        Publication.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(DatabaseError, match="已公布的内容不得再修改"), transaction.atomic():
        one.delete()


@pytest.mark.req("X16")
def test_what_is_over_is_reduced_to_statistics() -> None:
    one = posted()
    assert take_down_due(today=date(2026, 4, 16)) == []
    assert not shown_to_all(today=date(2026, 4, 17)).exists()  # also when nobody runs the program
    assert take_down_due(today=date(2026, 4, 17)) == ["太安小学《关于一户申请的公示》公布期满，已下架，只留统计"]
    assert take_down_due(today=date(2026, 4, 17)) == []
    digest = one.digest
    one.refresh_from_db()
    assert (one.snapshot, one.digest, one.reduced["fields"][-1]) == ({}, digest, ["名单", "1 行"])
    with pytest.raises(DatabaseError, match="已公布的内容不得再修改"), transaction.atomic():
        Publication.objects.filter(pk=one.pk).update(reduced={})


def test_changed_content_is_a_new_publication() -> None:
    old = posted()
    new = posted(unit=old.unit, replaces=old, snapshot={"fields": [["用途", "助学"]]}, today=date(2026, 3, 12), until=date(2026, 3, 19))
    old.refresh_from_db()
    assert old.taken_down_on == date(2026, 3, 12)
    assert old.replaced_by == new
    assert list(shown_to_all(today=date(2026, 3, 12))) == [new]
