"""存证 on the log's pages: what is sealed, the proof to take away, and how an outsider checks it."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import Actor, actor_of
from jizhi.audit.actions import record
from jizhi.audit.models import Entry
from jizhi.audit.protect import drop_triggers, put_triggers
from jizhi.audit.sealer import seal
from jizhi.org.tests.town import Town, wanzhou

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]


@pytest.fixture
def town() -> Town:
    return wanzhou()


def browser(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def an_entry(town: Town) -> Entry:
    by: Actor = actor_of(town.people["曾校长"], today=timezone.localdate())
    with transaction.atomic():
        return record(
            "papers.publish", town.units["太安小学"], by=by, fields={"标题": "公示一", "经手人电话": "3345", "内容摘要": "ab" * 32}
        )


def shown(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_log_says_what_is_sealed(town: Town) -> None:
    entry, principal = an_entry(town), browser(town, "曾校长")
    assert "未封存" in shown(principal, "log")
    assert "还没有封存" in shown(principal, "log_proof", entry.pk)
    assert principal.get(reverse("log_proof_file", args=[entry.pk])).headers["Location"] == reverse("log_proof", args=[entry.pk])
    seal(now=timezone.now())
    page = shown(principal, "log")
    assert "已封存" in page
    assert "未封存" not in page
    assert f"封存到第 {Entry.objects.count()} 条" in page
    assert "下载证明" in shown(principal, "log_proof", entry.pk)


def test_an_outsider_checks_a_downloaded_proof_with_the_downloaded_script(town: Town, tmp_path: Path) -> None:
    entry, principal, visitor = an_entry(town), browser(town, "曾校长"), Client()
    seal(now=timezone.now())
    url = reverse("log_proof_file", args=[entry.pk])
    answer = principal.get(url, {"show": ["标题", "内容摘要", "无此项", "unit_path"]})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "3345" not in answer.content.decode()
    assert town.units["太安小学"].path not in answer.content.decode()
    files = {"proof.json": answer, "verify.py": visitor.get(reverse("proof_script")), "key.txt": visitor.get(reverse("proof_key"))}
    for name, got in files.items():
        assert got.status_code == 200
        (tmp_path / name).write_bytes(got.content)
    command = [sys.executable, "-I", "verify.py", "proof.json", "--key", "key.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "标题：公示一" in done.stdout
    assert visitor.get(reverse("proof_checkpoint")).content.decode().startswith("jizhi/log\n")


def test_only_who_sees_the_entry_gets_its_proof(town: Town) -> None:
    entry = an_entry(town)
    seal(now=timezone.now())
    for name in ("log_proof", "log_proof_file"):
        url = reverse(name, args=[entry.pk])
        assert browser(town, "甘宁校长").get(url).status_code == 404
        assert browser(town, "教师丁").get(url).status_code == 404
        assert Client().get(url).status_code == 302
        assert browser(town, "曾校长").post(url).status_code == 405


def test_before_anything_is_sealed_there_is_no_key_to_give(town: Town) -> None:
    assert [Client().get(reverse(name)).status_code for name in ("proof_key", "proof_checkpoint", "proof_script")] == [404, 404, 200]


def test_a_changed_entry_says_so_and_gives_no_proof_page(town: Town) -> None:
    entry = an_entry(town)
    seal(now=timezone.now())
    drop_triggers(connection, "audit_entry")
    Entry.objects.filter(pk=entry.pk).update(actor_name="别人")
    put_triggers(connection, "audit_entry", "办理日志")
    page = shown(browser(town, "曾校长"), "log_proof", entry.pk)
    assert "“办理人”与办理时记下的摘要不符" in page
    assert "下载证明" not in page
