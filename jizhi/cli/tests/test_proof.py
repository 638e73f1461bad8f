"""Proofs from the log through the commands, checked by the script that outsiders have."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from jizhi.audit.actions import record
from jizhi.audit.keys import public_line
from jizhi.audit.models import Checkpoint
from jizhi.audit.notes import read_note
from jizhi.audit.queries import NotSealed, UnknownField, proof_of
from jizhi.audit.rules import canonical
from jizhi.cli.main import main
from jizhi.cli.tests.log import SCRIPT, Doer, Read, behind_the_back, entries, every_change, script, sealed

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]


def run_script(*words: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run([sys.executable, "-I", str(SCRIPT), *words], capture_output=True, text=True, env=env, cwd="/")


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
