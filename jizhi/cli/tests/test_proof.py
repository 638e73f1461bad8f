"""Sealing, verifying and proving the log through the commands, with rows changed behind the program's back."""

import hashlib
import json
import os
import runpy
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jizhi.audit import copies
from jizhi.audit.actions import record
from jizhi.audit.keys import public_line
from jizhi.audit.models import Checkpoint, Entry, Leaf
from jizhi.audit.notes import Note, read_note, read_notes
from jizhi.audit.protect import drop_triggers, protected_tables, put_triggers
from jizhi.audit.queries import NotSealed, UnknownField, proof_of
from jizhi.audit.rules import canonical, field_hash
from jizhi.audit.sealer import seal
from jizhi.cli.main import main

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]
ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "jizhi" / "audit" / "standalone" / "verify_proof.py"
TABLES = ("audit_entry", "audit_leaf", "audit_checkpoint")
Read = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Doer:
    id: str = "7"
    name: str = "督学甲"
    post: str = "督导组督学"
    unit: None = None


def entries(count: int, start: int = 0) -> list[Entry]:
    with transaction.atomic():
        return [
            record("fund.pay", None, by=Doer(), label=f"第{n}笔", fields={"金额": 1000 + n, "申请人": f"村民{n}", "用途": "助学"})
            for n in range(start, start + count)
        ]


@contextmanager
def behind_the_back() -> Iterator[Callable[..., None]]:
    """Raw SQL with the triggers taken away, and put back afterwards."""
    names = protected_tables(connection)
    for table in TABLES:
        drop_triggers(connection, table)
    with connection.cursor() as cursor:
        yield lambda sql, *args: cursor.execute(sql, args) and None
    for table in TABLES:
        put_triggers(connection, table, names[table])


@pytest.fixture
def verified(capsys: pytest.CaptureFixture[str]) -> Read:
    """``jizhi verify --json`` with its exit code."""

    def read(*words: str) -> dict[str, Any]:
        capsys.readouterr()
        code = main(["verify", "--json", *words])
        return {"code": code, **json.loads(capsys.readouterr().out)}

    return read


def sealed(count: int = 7) -> list[Entry]:
    made = entries(count)
    assert main(["seal"]) == 0
    return made


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


def first_fault(report: dict[str, Any]) -> dict[str, Any]:
    assert report["code"] == 1
    return report["faults"][0]


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


def forget(sql: Callable[..., None], keep: int) -> None:
    """Everything after the first ``keep`` entries, with every trace in the database."""
    sql("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_leaf WHERE idx >= %s)", keep)
    sql("DELETE FROM audit_leaf WHERE idx >= %s", keep)
    sql("DELETE FROM audit_checkpoint WHERE size > %s", keep)


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


def move(entry: Entry, by: int) -> int:
    """Another number for an entry not yet sealed: leaves a gap below it."""
    with behind_the_back() as sql:
        sql("UPDATE audit_entry SET id = id + %s WHERE id = %s", by, entry.pk)
    return entry.pk + by


def copied(entry: Entry, number: int) -> None:
    """A row that is sound in itself, put in by hand."""
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields if field.column != "id")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_entry (id, {columns}) SELECT %s, {columns} FROM audit_entry WHERE id = %s", [number, entry.pk])


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


# --- proofs


def run_script(*words: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run([sys.executable, "-I", str(SCRIPT), *words], capture_output=True, text=True, env=env, cwd="/")


def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def proof_file(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Path:
    capsys.readouterr()
    assert main(list(words)) == 0
    file = folder / "proof.json"
    file.write_text(capsys.readouterr().out)
    return file


def test_a_proof_shows_only_what_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = sealed(20)[11]
    file = proof_file(tmp_path, capsys, "prove", str(entry.pk), "--fields", "金额，用途,办理人")
    assert "村民11" not in file.read_text()
    assert "申请人" not in file.read_text()
    done = run_script(str(file), "--key", public_line())
    assert done.returncode == 0, done.stderr
    assert "证明成立" in done.stdout
    assert "金额：1011" in done.stdout
    assert "办理人：督学甲" in done.stdout
    key = tmp_path / "key.txt"
    key.write_text(public_line() + "\n")
    assert run_script(str(file), "--key", str(key)).returncode == 0


def test_the_script_refuses_a_changed_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = sealed(6)[1]
    file = proof_file(tmp_path, capsys, "prove", str(entry.pk), "--fields", "金额")
    proof = json.loads(file.read_text())
    shown = next(item for item in proof["entry"]["fields"] if "value" in item)
    shown["value"] = 5
    file.write_text(json.dumps(proof))
    done = run_script(str(file), "--key", public_line())
    assert (done.returncode, "“金额”的内容与摘要不符" in done.stderr) == (1, True)
    file.write_text("no proof")
    assert run_script(str(file), "--key", public_line()).returncode == 1
    assert run_script(str(tmp_path / "none.json"), "--key", public_line()).returncode == 2


def every_change(value: Any) -> Iterator[Any]:
    """The same JSON with one thing in it changed, everywhere once."""
    match value:
        case dict():
            for key in value:
                yield {name: item for name, item in value.items() if name != key}
                yield from ({**value, key: other} for other in every_change(value[key]))
        case list():
            for at in range(len(value)):
                yield value[:at] + value[at + 1 :]
                yield [*value[: at + 1], *value[at:]]
                yield from ([*value[:at], other, *value[at + 1 :]] for other in every_change(value[at]))
            yield [*value, "00" * 32]
            yield [*value, None]
        case bool() | None:
            yield "x"
        case int():
            yield from {value + 1, value - 1, value * 2, value // 2, value ^ 2} - {value}
        case str():
            yield from (
                value[:-1],
                value + "0",
                value[::-1] if value != value[::-1] else "",
                ("1" if value[:1] == "0" else "0") + value[1:],
            )


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_no_part_of_a_proof_can_be_changed(size: int) -> None:
    entry, tools = sealed(size)[size // 2], script()
    key = tools["read_key"](public_line())
    proof = proof_of(entry, ["at", "金额"])
    assert tools["check_proof"](proof, key)
    for changed in every_change(proof):
        with pytest.raises(tools["Wrong"]):
            tools["check_proof"](changed, key)


def test_consistency_from_one_checkpoint_to_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(5)
    entries(8, 5)
    assert main(["seal"]) == 0
    file = proof_file(tmp_path, capsys, "consistency", "5", "13")
    done = run_script(str(file), "--key", public_line())
    assert (done.returncode, "日志只增未改" in done.stdout) == (0, True)
    tools, proof = script(), json.loads(file.read_text())
    for changed in every_change(proof):
        with pytest.raises(tools["Wrong"]):
            tools["check_proof"](changed, tools["read_key"](public_line()))
    assert main(["consistency", "5", "12"]) == 1
    assert "邻近的检查点：5、13" in capsys.readouterr().err
    assert main(["consistency", "13", "5"]) == 1


def test_what_cannot_be_proved_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    entry = entries(1)[0]
    assert main(["prove", str(entry.pk)]) == 1
    assert "jizhi seal" in capsys.readouterr().err
    with pytest.raises(NotSealed):
        proof_of(entry, [])
    assert main(["seal"]) == 0
    with pytest.raises(UnknownField, match="家庭住址"):
        proof_of(entry, ["家庭住址"])
    assert main(["prove", str(entry.pk), "--fields", "家庭住址"]) == 1
    assert "可用：用途、申请人、金额、时间" in capsys.readouterr().err
    assert main(["prove", "99999999"]) == 1


def test_a_value_erased_for_privacy_leaves_its_leaf_as_it_was() -> None:
    entry = sealed()[1]
    before = proof_of(entry, ["金额"])
    with behind_the_back() as sql:
        entry.fields["申请人"] = {"h": entry.fields["申请人"]["h"]}
        sql("UPDATE audit_entry SET fields = %s WHERE id = %s", json.dumps(entry.fields), entry.pk)
    assert proof_of(entry, ["金额"]) == before


def test_a_published_content_is_checked_by_its_digest(tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    content = {"fields": [["用途", "助学"]], "note": "公示七日"}
    with transaction.atomic():
        digest = hashlib.sha256(canonical(content)).hexdigest()
        entry = record("papers.publish", None, by=Doer(), label="公示", fields={"内容摘要": digest, "受助人": "村民甲"})
    assert main(["seal"]) == 0
    file, published = tmp_path / "proof.json", tmp_path / "content.json"
    with django_assert_max_num_queries(4):
        proof = proof_of(entry.pk, ["内容摘要"])  # by number, with no actor
    file.write_text(json.dumps(proof))
    published.write_text(json.dumps(content))
    assert run_script(str(file), "--key", public_line(), "--content", str(published)).returncode == 0
    published.write_text(json.dumps({**content, "note": "公示三日"}))
    done = run_script(str(file), "--key", public_line(), "--content", str(published))
    assert (done.returncode, "内容摘要" in done.stderr) == (1, True)


def test_a_tree_of_sm3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(settings, "HASH", "sm3")
    entry = sealed(6)[2]
    assert entry.fields["金额"]["h"].startswith("sm3:")
    report = verified()
    assert (report["code"], report["algorithm"]) == (0, "sm3")
    file = proof_file(tmp_path, capsys, "prove", str(entry.pk), "--fields", "金额")
    done = run_script(str(file), "--key", public_line())
    assert done.returncode == 0, done.stderr
    monkeypatch.setattr(settings, "HASH", "sha256")  # one tree has one algorithm, whatever the setting says later
    entries(2, 6)
    capsys.readouterr()
    assert main(["seal"]) == 0
    assert "一直用 sm3" in capsys.readouterr().err
    assert read_note(Checkpoint.objects.get(size=8).note).algorithm == "sm3"
    assert verified()["code"] == 0


def test_the_script_knows_the_known_answers() -> None:
    tools = script()
    assert tools["sm3"](b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert tools["sm3"](b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    for length in (0, 1, 55, 56, 63, 64, 65, 119, 120, 300):
        assert tools["sm3"](b"x" * length) == hashlib.new("sm3", b"x" * length).digest()
    # RFC 8032 7.1, tests 1 to 3
    for public, message, signature in (
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ):  # fmt: skip
        raw = bytes.fromhex(signature)
        assert tools["ed25519"](bytes.fromhex(public), bytes.fromhex(message), raw)
        assert not tools["ed25519"](bytes.fromhex(public), bytes.fromhex(message) + b"x", raw)
        for at in (0, 31, 32, 63):
            bad = bytearray(raw)
            bad[at] ^= 4
            assert not tools["ed25519"](bytes.fromhex(public), bytes.fromhex(message), bytes(bad))


def test_tick_seals_too(verified: Read) -> None:
    entries(3)
    assert main(["tick"]) == 0
    assert verified()["size"] == 3


# --- at once

WRITER = """
import django; django.setup()
import sys, time, random
from django.db import connection, connections, transaction
from jizhi.audit.actions import record
from jizhi.cli.tests.test_proof import Doer
for n in range(12):
    with transaction.atomic():
        record("test.at_once", None, by=Doer(), label=str(n), fields={"数": n})
        time.sleep(random.random() / 50)
"""
SEALER = """
import django; django.setup()
import time
from django.utils import timezone
from jizhi.audit.sealer import seal
for _ in range(15):
    seal(now=timezone.now())
    time.sleep(0.02)
"""
SEAL_AND_VERIFY = """
import sys
from jizhi.cli.main import main
sys.exit(main(["seal"]) or main(["verify", "--json"]))
"""
POINTED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "jizhi.settings"
from django.conf import settings
if {name!r}:
    settings.DATABASES["default"]["NAME"] = {name!r}
"""


def at_once(env: dict[str, str], head: str) -> None:
    """Three writers and two sealers, each a process of its own."""

    def run(code: str) -> None:
        done = subprocess.run([sys.executable, "-c", head + code], env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(run, [WRITER, SEALER, WRITER, SEALER, WRITER]))


def test_two_sealers_and_three_writers_on_sqlite(tmp_path: Path) -> None:
    env = {**os.environ, "JIZHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jizhi.settings", "PYTHONPATH": str(ROOT)}
    for name in ("JIZHI_DATABASE_URL", "JIZHI_SEAL_KEY", "JIZHI_CHECKPOINTS"):
        env.pop(name, None)
    subprocess.run([sys.executable, "manage.py", "migrate", "audit", "-v0"], cwd=ROOT, env=env, check=True)
    at_once(env, "")
    done = subprocess.run([sys.executable, "-c", SEAL_AND_VERIFY], cwd=ROOT, env=env, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, report["size"], report["unsealed"], report["faults"]) == (0, 36, 0, [])
    assert (tmp_path / "checkpoints" / "checkpoints.txt").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the test above is SQLite's")
def test_two_sealers_and_three_writers_on_postgresql(verified: Read) -> None:
    folder = settings.SEAL_KEY.parent
    env = {**os.environ, "PYTHONPATH": str(ROOT), "JIZHI_SEAL_KEY": str(settings.SEAL_KEY), "JIZHI_CHECKPOINTS": str(folder / "copies")}
    at_once(env, POINTED.format(name=connection.settings_dict["NAME"]))
    assert main(["seal"]) == 0
    report = verified()
    assert (report["code"], report["size"], report["unsealed"], report["faults"]) == (0, 36, 0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_a_transaction_that_ends_after_later_ones_were_sealed(verified: Read) -> None:
    slow = connection.copy()
    slow.set_autocommit(False)
    with slow.cursor() as cursor:  # takes the lower number and waits
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")
        number = cursor.fetchone()[0]
    made = entries(3)
    assert main(["seal"]) == 0
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields if field.column != "id")
    with slow.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_entry (id, {columns}) SELECT %s, {columns} FROM audit_entry WHERE id = %s", [number, made[0].pk])
    assert main(["seal"]) == 0  # the writer keeps nobody waiting, and is not seen yet
    assert Leaf.objects.count() == 3
    slow.commit()
    slow.close()
    assert main(["seal"]) == 0
    assert list(Leaf.objects.values_list("entry_id", flat=True)) == [*(entry.pk for entry in made), number]
    assert verified()["code"] == 0
