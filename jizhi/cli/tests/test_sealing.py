"""Sealing and verifying the log through the commands, with rows changed behind the program's back."""

import json
import os
import stat
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jizhi.audit import copies
from jizhi.audit.keys import public_line
from jizhi.audit.models import Checkpoint, Entry, Leaf
from jizhi.audit.notes import Note, read_notes
from jizhi.audit.protect import drop_triggers, put_triggers
from jizhi.audit.rules import field_hash
from jizhi.audit.sealer import seal
from jizhi.cli.main import main
from jizhi.cli.tests.log import Read, behind_the_back, copied, entries, first_fault, forget, move, sealed

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]


def test_a_log_left_alone_is_sound(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified()["code"] == 0  # nothing at all
    sealed()
    entries(2)
    report = verified()
    assert (report["code"], report["size"], report["unsealed"], report["faults"]) == (0, 7, 2, [])
    assert main(["seal"]) == main(["seal"]) == 0
    assert [head.size for head in Checkpoint.objects.all()] == [9, 7]  # the second run had nothing to sign
    assert main(["verify"]) == 0
    assert "核验无误" in capsys.readouterr().out


def test_the_key_is_readable_by_its_owner_only_and_checkpoints_lie_outside() -> None:
    sealed()
    assert stat.S_IMODE(os.stat(settings.SEAL_KEY).st_mode) == 0o600
    text = copies.files()[0].read_text()
    assert [note.size for note in read_notes(text) if isinstance(note, Note)] == [7]
    assert text.startswith("jizhi/log\n7\n")


def test_an_edited_field_is_named(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    entry = sealed()[3]
    with behind_the_back() as sql:
        entry.fields["金额"]["v"] = 9999
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(entry.fields), entry.pk)
    fault = first_fault(verified())
    assert (fault["kind"], fault["entry"], fault["index"], fault["who"]) == ("changed", entry.pk, 3, "督学甲（督导组督学）")
    assert "“金额”被改过" in fault["text"]
    assert "fund.pay 第3笔" in fault["what"]
    assert main(["verify"]) == 1
    assert f"日志第 {entry.pk} 号" in capsys.readouterr().out


def test_an_edited_column_is_named(verified: Read) -> None:
    entry = sealed()[2]
    with behind_the_back() as sql:
        sql("UPDATE audit_entry SET actor_name = %s WHERE id = %s", "督学乙", entry.pk)
    assert "“办理人”被改过" in first_fault(verified())["text"]


def test_a_row_rewritten_with_its_hashes_is_named(verified: Read) -> None:
    entry = sealed()[4]
    with behind_the_back() as sql:
        seal_of = entry.fields["金额"]
        seal_of["v"], seal_of["h"] = 1, field_hash("金额", 1, seal_of["s"])
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(entry.fields), entry.pk)
    fault = first_fault(verified())
    assert (fault["kind"], fault["entry"]) == ("changed", entry.pk)
    assert "与封存时的不符" in fault["text"]


@pytest.mark.parametrize("where", [0, 3, 6])
def test_a_deleted_row_is_named(where: int, verified: Read) -> None:
    entry = sealed()[where]
    with behind_the_back() as sql:
        sql("DELETE FROM audit_entry WHERE id = %s", entry.pk)
    report = verified()
    fault = first_fault(report)
    assert (fault["kind"], fault["entry"], fault["index"], report["count"]) == ("dropped", entry.pk, where, 1)


def test_a_last_row_taken_away_with_its_checkpoint_is_found_by_the_outside_copy_alone(
    verified: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed()
    entries(1, 7)
    assert main(["seal"]) == 0
    with behind_the_back() as sql:
        forget(sql, 7)
    fault = first_fault(verified())
    assert (fault["kind"], "数据库里没有" in fault["text"]) == ("checkpoint", True)
    assert any(one["kind"] == "dropped" and "末尾 1 条" in one["text"] for one in verified()["faults"])
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", [])
    assert verified()["code"] == 0


def test_a_chain_recomputed_and_signed_again_is_found_by_the_outside_copy_alone(verified: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the whole machine, the key included, rewrites history from the third entry on."""
    made, kept = sealed(), settings.CHECKPOINT_COPIES
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", [])
    with behind_the_back() as sql:
        sql("DELETE FROM audit_entry WHERE id = %s", made[-1].pk)
        field = made[2].fields["金额"]
        field["v"], field["h"] = 1, field_hash("金额", 1, field["s"])
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(made[2].fields), made[2].pk)
        sql("DELETE FROM audit_leaf")
        sql("DELETE FROM audit_checkpoint")
    assert main(["seal"]) == 0
    assert verified()["code"] == 0
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", kept)
    report = verified()
    assert report["code"] == 1
    assert {fault["kind"] for fault in report["faults"]} == {"checkpoint", "dropped"}
    entries(5, 20)
    assert main(["seal"]) == 1  # and nobody signs on top of it


def test_a_rewritten_entry_lies_between_the_last_good_checkpoint_and_the_first_bad_one(
    verified: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(4)
    late = entries(3, 4)[1]
    assert main(["seal"]) == 0
    kept = settings.CHECKPOINT_COPIES
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", [])
    with behind_the_back() as sql:
        field = late.fields["用途"]
        field["v"], field["h"] = "宴请", field_hash("用途", "宴请", field["s"])
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(late.fields), late.pk)
        sql("DELETE FROM audit_leaf WHERE idx >= 4")
        sql("DELETE FROM audit_checkpoint WHERE size > 4")
    assert main(["seal"]) == 0
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", kept)
    assert any("第 5 至 7 条之中有改动" in fault["text"] for fault in verified()["faults"])


def test_an_old_database_brought_back_is_found_and_not_signed(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(4)
    entries(3, 4)
    assert main(["seal"]) == 0
    with behind_the_back() as sql:
        forget(sql, 4)
    assert verified()["code"] == 1
    entries(5, 10)
    assert main(["seal"]) == 1
    assert "恢复了旧备份" in capsys.readouterr().err
    copies.files()[0].rename(copies.files()[0].with_suffix(".before"))  # what the message asks for
    assert main(["seal"]) == 0
    assert verified()["code"] == 0


def test_an_inserted_row_is_named_and_not_sealed_by_itself(verified: Read) -> None:
    made = entries(5)
    move(made[-1], 100)
    seal(now=timezone.now() - timedelta(hours=2))
    copied(made[1], made[-1].pk + 50)
    assert main(["seal"]) == 0
    report = verified()
    fault = first_fault(report)
    assert (fault["kind"], fault["entry"], report["size"], report["unsealed"]) == ("added", made[-1].pk + 50, 5, 0)
    assert "是后来加进去的" in fault["text"]
    assert main(["seal", "--all"]) == 0  # somebody has looked into it
    assert verified()["size"] == 6


def test_what_commits_late_with_a_lower_number_is_sealed_once(verified: Read) -> None:
    made = entries(5)
    move(made[-1], 100)
    assert main(["seal"]) == 0
    copied(made[1], made[-1].pk + 50)  # the transaction that took this number ends only now
    assert main(["seal"]) == main(["seal"]) == 0
    assert list(Leaf.objects.values_list("index", "entry_id"))[-1] == (5, made[-1].pk + 50)
    assert Leaf.objects.count() == 6
    assert verified()["code"] == 0


def test_a_clock_moved_back_is_accepted_and_flagged(verified: Read) -> None:
    entries(3)
    seal(now=timezone.now() + timedelta(days=1))
    entries(2, 3)
    done = seal(now=timezone.now())
    assert done.added == 2
    assert "时钟" in done.notices[0]
    assert Checkpoint.objects.get(size=5).clock_back
    report = verified()
    assert report["code"] == 0
    assert ["时钟倒退过" in notice for notice in report["notices"]] == [True, True]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM audit_leaf WHERE idx = 2", "leaf"),
        ("UPDATE audit_leaf SET hash = '00' WHERE idx = 2", "changed"),
        ("UPDATE audit_leaf SET nodes = '' WHERE idx = 3", "leaf"),
        ("UPDATE audit_checkpoint SET root = '00'", "checkpoint"),
        ("UPDATE audit_checkpoint SET note = 'x'", "checkpoint"),
        ("DELETE FROM audit_checkpoint", "checkpoint"),
        ("UPDATE audit_entry SET seals = '{}'", "changed"),
        ("UPDATE audit_entry SET fields = '[]'", "changed"),
        ("UPDATE audit_entry SET fields = '{\"金额\": 5}'", "changed"),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00'", "changed"),
    ],
)
def test_whatever_else_is_touched_is_found(sql: str, kind: str, verified: Read) -> None:
    sealed()
    with behind_the_back() as run:
        run(sql)
    assert kind in {fault["kind"] for fault in verified()["faults"]}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps only JSON in a JSON column")
def test_what_is_no_json_any_more_stops_nothing(verified: Read) -> None:
    sealed()
    entries(1, 7)
    with behind_the_back() as sql:
        sql("PRAGMA ignore_check_constraints = ON")
        sql("UPDATE audit_entry SET fields = '{', at = 'gestern'")
        sql("PRAGMA ignore_check_constraints = OFF")
    assert main(["seal"]) == 0
    report = verified()
    assert (report["count"], report["unsealed"]) == (8, 1)


def test_lost_triggers_lost_copies_lost_keys_are_found(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    sealed()
    drop_triggers(connection, "audit_leaf")
    assert {fault["kind"] for fault in verified()["faults"]} == {"trigger"}
    put_triggers(connection, "audit_leaf", "封存次序")
    copies.files()[0].unlink()
    assert first_fault(verified())["kind"] == "copy"
    line = public_line()
    settings.SEAL_KEY.unlink()
    assert {fault["kind"] for fault in verified()["faults"]} == {"copy", "signature"}
    assert {fault["kind"] for fault in verified("--key", line)["faults"]} == {"copy"}
    assert main(["verify", "--key", "nonsense+x"]) == 2
    entries(1, 7)
    assert main(["seal"]) == 1
    assert "从备份恢复" in capsys.readouterr().err


def test_checkpoints_of_another_key_do_not_pass(verified: Read) -> None:
    sealed()
    settings.SEAL_KEY.unlink()
    from jizhi.audit.keys import make_key

    make_key()
    assert {fault["kind"] for fault in verified()["faults"]} == {"signature"}


def test_a_torn_write_outside_is_made_good(verified: Read) -> None:
    sealed()
    file = copies.files()[0]
    file.write_text(file.read_text() + "jizhi/log\n9\nabc")
    entries(2, 7)
    assert main(["seal"]) == 0
    report = verified()
    assert (report["code"], len(report["notices"])) == (0, 1)
    assert [note.size for note in read_notes(file.read_text()) if isinstance(note, Note)] == [7, 9]


def test_tick_seals_too(verified: Read) -> None:
    entries(3)
    assert main(["tick"]) == 0
    assert verified()["size"] == 3


def test_two_rows_that_changed_places_are_named(verified: Read) -> None:
    made = sealed()
    one, other = made[2].pk, made[5].pk
    with behind_the_back() as sql:
        for now, then in ((one, -1), (other, one), (-1, other)):
            sql("UPDATE audit_entry SET id = %s WHERE id = %s", then, now)
    report = verified()
    assert {fault["entry"] for fault in report["faults"]} == {one, other}
    assert all("与封存时的不符" in fault["text"] for fault in report["faults"])


def test_two_leaves_that_changed_places_are_named(verified: Read) -> None:
    sealed()
    with behind_the_back() as sql:  # with their entries, so that each fits its row
        for now, then in ((1, 90), (4, 1), (90, 4)):
            sql("UPDATE audit_leaf SET idx = %s WHERE idx = %s", then, now)
    report = verified()
    assert (first_fault(report)["kind"], first_fault(report)["index"]) == ("leaf", 1)
    assert any(fault["kind"] == "checkpoint" for fault in report["faults"])


# --- before it is sealed


@pytest.fixture
def noted(django_capture_on_commit_callbacks: Any) -> list[Entry]:
    """Entries that were committed and not sealed yet."""
    with django_capture_on_commit_callbacks(execute=True):
        return entries(4)


def test_a_row_deleted_before_it_was_sealed_is_named(noted: list[Entry], verified: Read) -> None:
    assert verified()["code"] == 0
    with behind_the_back() as sql:
        sql("DELETE FROM audit_entry WHERE id IN (%s, %s)", noted[1].pk, noted[3].pk)
    for again in range(2):  # sealing what is left does not cover it up
        report = verified()
        assert [(fault["kind"], fault["entry"]) for fault in report["faults"]] == [("dropped", noted[1].pk), ("dropped", noted[3].pk)]
        assert "封存以前被删除" in report["faults"][0]["text"]
        assert again or main(["seal"]) == 0
    seal(now=timezone.now() + timedelta(days=9))
    assert verified()["code"] == 1
    next(copies.files()[0].parent.glob("written-*")).unlink()  # whoever has this file too can still be found out
    report = verified()
    assert report["code"] == 0
    assert connection.vendor != "sqlite" or any("2 个号没有日志" in notice for notice in report["notices"])


def test_a_row_rewritten_before_it_was_sealed_is_named(noted: list[Entry], verified: Read) -> None:
    field = noted[2].fields["金额"]
    field["v"], field["h"] = 1, field_hash("金额", 1, field["s"])
    with behind_the_back() as sql:
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(noted[2].fields), noted[2].pk)
    assert "尚未封存" in first_fault(verified())["text"]
    assert main(["seal"]) == 0
    fault = first_fault(verified())
    assert (fault["kind"], fault["entry"], fault["what"]) == ("changed", noted[2].pk, "fund.pay 第2笔")


def test_what_was_noted_is_taken_away_once_it_is_sealed(noted: list[Entry], verified: Read) -> None:
    folder = copies.files()[0].parent
    file = next(folder.glob("written-*"))
    assert [line.split()[0] for line in file.read_text().splitlines()] == [str(entry.pk) for entry in noted]
    assert main(["seal"]) == 0
    assert file.exists()
    seal(now=timezone.now() + timedelta(days=4))
    assert not file.exists()
    assert verified()["code"] == 0


def test_where_nothing_can_be_noted_the_act_stands(django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture) -> None:
    folder = copies.files()[0].parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where a folder should be")
    with django_capture_on_commit_callbacks(execute=True):
        entries(1)
    assert Entry.objects.count() == 1
    assert "written-" in caplog.text


def test_the_window_that_is_not_sealed_is_told(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    entries(2)
    with behind_the_back() as sql:
        sql("UPDATE audit_entry SET at = %s", timezone.now() - timedelta(seconds=90))
    report = verified()
    assert report["unsealed"] == 2
    assert 90 <= report["unsealed_seconds"] < 150
    main(["verify"])
    assert "尚未封存 2 条，最早一条" in capsys.readouterr().out
