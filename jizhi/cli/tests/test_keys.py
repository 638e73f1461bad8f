"""Another signing key: the old one vouches for it in the log, and whoever knows either can check everything."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from jizhi.access.actor import SYSTEM
from jizhi.audit import sealer
from jizhi.audit.keys import next_file, public_line, signing_key
from jizhi.audit.models import Checkpoint, Entry
from jizhi.audit.notes import hand_over
from jizhi.audit.queries import consistency_of, proof_of
from jizhi.audit.sealer import next_key, seal
from jizhi.cli.main import main
from jizhi.cli.tests.log import Read, behind_the_back, entries, every_change, script, sealed
from jizhi.office.actions.log import change_key

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]


def rotated() -> tuple[str, str]:
    """A log of 5, a change of key, 4 more; the old and the new public key."""
    sealed(5)
    old = public_line()
    assert main(["seal", "--new-key"]) == 0
    entries(4, 5)
    assert main(["seal"]) == 0
    return old, public_line()


def test_verify_follows_from_one_key_to_the_next(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = rotated()
    assert old != new
    assert not next_file().exists()
    assert [head.size for head in Checkpoint.objects.all()] == [10, 6, 5]
    entry = Entry.objects.get(action="audit.change_key")
    assert (entry.values["旧公钥"], entry.values["新公钥"], entry.actor_name) == (old, new, "系统")
    for key in ((), ("--key", old), ("--key", new)):
        report = verified(*key)
        assert (report["code"], report["keys"], report["faults"]) == (0, 2, [])
    assert main(["seal", "--new-key"]) == 0
    assert public_line() in capsys.readouterr().out
    assert verified("--key", old)["keys"] == 3


def test_a_change_that_was_interrupted_is_finished_by_running_it_again(verified: Read) -> None:
    sealed(3)
    old = public_line()
    change_key(next_key(), by=SYSTEM, now=timezone.now())  # and the power fails
    entries(2, 3)
    seal(now=timezone.now())  # cron goes on with the old key
    assert verified()["code"] == 0
    assert main(["seal", "--new-key"]) == 0
    assert Entry.objects.filter(action="audit.change_key").count() == 1
    entries(1, 5)
    assert main(["seal"]) == 0
    assert verified("--key", old)["code"] == 0


def test_nothing_to_change_before_the_first_sealing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seal", "--new-key"]) == 1
    assert "不需要换钥" in capsys.readouterr().err


def test_a_key_that_nobody_vouched_for_signs_nothing(verified: Read, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(3)
    next_key()
    next_file().replace(settings.SEAL_KEY)  # by hand, past the log
    entries(2, 3)
    assert main(["seal"]) == 1
    assert "日志里也没有换成它的记录" in capsys.readouterr().err
    assert {fault["kind"] for fault in verified()["faults"]} == {"signature"}


def test_an_old_key_that_signs_again_is_found(verified: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed(3)
    stolen = settings.SEAL_KEY.read_bytes()
    assert main(["seal", "--new-key"]) == 0
    entries(1, 3)
    assert main(["seal"]) == 0
    kept = settings.SEAL_KEY.read_bytes()
    settings.SEAL_KEY.write_bytes(stolen)
    entries(1, 4)
    assert main(["seal"]) == 1  # not even the program itself
    monkeypatch.setattr(sealer, "_check_key", lambda latest: None)  # whoever has the machine goes round that
    assert main(["seal"]) == 0
    settings.SEAL_KEY.write_bytes(kept)
    assert any("已经换下的密钥" in fault["text"] for fault in verified()["faults"])


def test_a_change_that_the_old_key_did_not_sign_is_found(verified: Read) -> None:
    sealed(3)
    forged = hand_over("jizhi/log", signing_key(), signing_key().public_key())
    change_key(type(forged)(forged.old, next_key().new, forged.signature), by=SYSTEM, now=timezone.now())
    seal(now=timezone.now())
    report = verified()
    assert [fault["kind"] for fault in report["faults"]] == ["key"]
    assert "没有得到原密钥的签名" in report["faults"][0]["text"]


def test_the_script_follows_the_keys_too() -> None:
    old, new = rotated()
    tools = script()
    early, late = proof_of(Entry.objects.order_by("pk")[1], ["金额"]), consistency_of(5, 10)
    for line in (old, new):
        assert tools["check_proof"](early, tools["read_key"](line))
        assert tools["check_proof"](late, tools["read_key"](line))
    for proof in (early, late):
        for changed in every_change(proof):
            with pytest.raises(tools["Wrong"]):
                tools["check_proof"](changed, tools["read_key"](old))


def test_who_stole_an_old_key_cannot_prove_anything_to_those_who_know_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed(3)
    stolen = settings.SEAL_KEY.read_bytes()
    assert main(["seal", "--new-key"]) == 0
    new = public_line()
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", [])  # a log of his own, with the true change of keys in it
    settings.SEAL_KEY.write_bytes(stolen)
    with behind_the_back() as sql:
        sql("DELETE FROM audit_leaf")
        sql("DELETE FROM audit_checkpoint")
    seal(now=timezone.now())
    tools: dict[str, Any] = script()
    forged = json.loads(json.dumps(proof_of(Entry.objects.order_by("pk")[0], ["金额"])))
    with pytest.raises(tools["Wrong"], match="不是用这把密钥签的"):
        tools["check_proof"](forged, tools["read_key"](new))
