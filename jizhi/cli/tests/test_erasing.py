"""Personal values erased from the log on lawful request: gone for good, said so, and everything else still proven."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import actor_of
from jizhi.audit.actions import record
from jizhi.audit.keys import public_line
from jizhi.audit.models import Entry
from jizhi.audit.queries import proof_of
from jizhi.cli.main import main
from jizhi.cli.tests.log import SCRIPT, Read, behind_the_back
from jizhi.org.models import Level
from jizhi.org.tests.town import Town, wanzhou

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]
REASON = "本人申请，个人信息保护法第四十七条"


@pytest.fixture
def town() -> Town:
    return wanzhou()


def an_entry(town: Town) -> Entry:
    by = actor_of(town.people["曾校长"], today=timezone.localdate())
    fields = {"申请人": "村民甲", "电话": "13800000000", "金额": 1000}
    with transaction.atomic():
        return record("fund.pay", town.units["太安小学"], by=by, label="村民甲的申请", fields=fields)


def erase(town: Town, entry: Entry, names: str, *, by: str = "曾校长", reason: str = REASON) -> int:
    return main(["erase", str(entry.pk), "--fields", names, "--reason", reason, "--by", town.people[by].number])


@pytest.mark.parametrize("before", [True, False], ids=["sealed before", "sealed after"])
def test_an_erased_value_is_gone_and_the_log_is_sound(
    before: bool, town: Town, verified: Read, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    entry = an_entry(town)
    assert not before or main(["seal"]) == 0
    salt = entry.fields["申请人"]["s"]
    assert erase(town, entry, "申请人，电话,事项") == 0
    again = Entry.objects.get(pk=entry.pk)
    assert (again.values, again.label) == ({"金额": 1000}, "")
    assert salt not in json.dumps(again.fields)
    assert "村民甲" not in json.dumps(list(Entry.objects.values("label", "fields", "seals")), ensure_ascii=False)
    assert main(["seal"]) == 0
    report = verified()
    assert (report["code"], report["faults"]) == (0, [])
    said = Entry.objects.get(action="audit.erase_values")
    assert (said.object_id, said.values) == (str(entry.pk), {"删去": ["申请人", "电话", "label"], "依据": REASON})
    assert report["erased"][0].startswith(f"日志第 {entry.pk} 号的“申请人”已依法删除（第 {said.pk} 号，")
    assert "曾校长" in report["erased"][0]
    assert [line.split("“")[1].split("”")[0] for line in report["erased"]] == ["申请人", "电话", "事项"]
    main(["verify"])
    assert "“电话”已依法删除" in capsys.readouterr().out
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof_of(again, ["金额"])))  # what is left is proven as before
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(file), "--key", public_line()], capture_output=True, text=True)
    assert (done.returncode, "金额：1000" in done.stdout) == (0, True)
    assert main(["prove", str(entry.pk), "--fields", "申请人"]) == 1
    assert "“申请人”已依法删除" in capsys.readouterr().err


def test_the_pages_show_what_is_left(town: Town) -> None:
    entry = an_entry(town)
    assert main(["seal"]) == erase(town, entry, "申请人,事项") == 0
    client = Client()
    client.force_login(town.people["曾校长"].user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("log_proof", args=[entry.pk]))
    assert page.status_code == 200
    assert "已封存" in page.content.decode()
    assert "村民甲" not in page.content.decode()
    assert "依法删去日志中的个人信息" in client.get(reverse("log")).content.decode()
    answer = client.get(reverse("log_proof_file", args=[entry.pk]), {"show": ["申请人", "label", "金额"]})
    assert answer.json()["entry"]["fields"][2]["value"] == 1000


def test_a_value_that_vanished_without_a_word_in_the_log_is_a_fault(town: Town, verified: Read) -> None:
    entry = an_entry(town)
    assert main(["seal"]) == erase(town, entry, "申请人") == 0
    again = Entry.objects.get(pk=entry.pk)
    again.fields["电话"] = {"h": again.fields["电话"]["h"]}
    with behind_the_back() as sql:
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(again.fields), entry.pk)
    report = verified()
    assert (report["code"], report["faults"][0]["kind"]) == (1, "changed")
    assert "“电话”被改过" in report["faults"][0]["text"]


def test_the_triggers_let_nothing_else_through(town: Town, verified: Read) -> None:
    entry, other = an_entry(town), an_entry(town)
    assert erase(town, entry, "申请人") == 0
    for row, change in ((entry, {"actor_name": "别人"}), (entry, {"unit_id": None}), (other, {"label": ""}), (other, {"fields": {}})):
        with pytest.raises(DatabaseError, match="办理日志只可追加"), transaction.atomic():
            Entry.objects.filter(pk=row.pk).update(**change)
    Entry.objects.filter(pk=entry.pk).update(fields={"金额": {"h": "0" * 64}})  # what they cannot tell apart, verifying does
    assert verified()["code"] == 1


def test_who_may_not_or_what_cannot_is_refused(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    entry = an_entry(town)
    refused = [
        (erase(town, entry, "申请人", by="甘宁校长"), "看不到"),
        (erase(town, entry, "申请人", by="教师丁"), "看不到"),
        (erase(town, entry, "身高"), "没有可以删去的“身高”；可以删去的：申请人、电话、金额、事项"),
        (erase(town, entry, "办理人"), "没有可以删去的“办理人”"),
        (erase(town, entry, "申请人", reason=" "), "请写明依据"),
        (erase(town, entry, "，"), "请写明删去哪几项"),
        (main(["erase", "999999", "--fields", "x", "--reason", "x", "--by", "x"]), "没有第 999999 号日志"),
        (main(["erase", str(entry.pk), "--fields", "x", "--reason", "x", "--by", "无此人"]), "没有工号 无此人"),
    ]
    said = capsys.readouterr().err
    assert all(code == 1 and text in said for code, text in refused), said
    assert not Entry.objects.filter(action="audit.erase_values").exists()
    assert erase(town, entry, "申请人") == 0
    assert erase(town, entry, "申请人") == 1  # gone is gone
    assert erase(town, Entry.objects.get(action="audit.erase_values"), "依据") == 1  # nor is the word about it
    assert "村民甲" not in str(Entry.objects.get(pk=entry.pk).fields)


def test_of_a_village_the_head_of_its_township_erases_and_nobody_of_the_village(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    for place in ("虎城镇", "别的镇"):
        town.unit(place, Level.TOWN, "万州区")
        town.person(f"{place}书记", place, "乡镇党委书记", head=True)
    town.person("镇文书", "虎城镇", "乡镇文书")
    town.unit("虎城村", Level.VILLAGE, "虎城镇")
    for title in ("村党支部书记", "村委会主任", "村文书", "会计"):
        town.person(title, "虎城村", title, head=title == "村党支部书记")
    with transaction.atomic():
        by = actor_of(town.people["会计"], today=timezone.localdate())
        entry = record("fund.pay", town.units["虎城村"], by=by, label="村民甲的申请", fields={"申请人": "村民甲"})
    for name in ("村党支部书记", "村委会主任", "村文书", "镇文书", "别的镇书记", "曾校长"):
        assert (erase(town, entry, "申请人", by=name), "看不到" in capsys.readouterr().err) == (1, True), name
    assert erase(town, entry, "申请人", by="会计") == 1  # he sees what he did himself, and is told who may
    assert "乡镇党委书记" in capsys.readouterr().err
    assert erase(town, entry, "申请人", by="虎城镇书记") == 0
    assert Entry.objects.get(pk=entry.pk).values == {}
