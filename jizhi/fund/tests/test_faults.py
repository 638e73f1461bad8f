"""Thousands of random ledger operations by four processes at once, two of them killed in the middle and started again.

JIZHI_STORM is the number of operations, of all four together: 240 by default, 10000 in .ci/run.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import pytest

OPERATIONS = int(os.environ.get("JIZHI_STORM", "240"))
PROCESSES, KILLED = 4, (1, 2)
URL = os.environ.get("JIZHI_DATABASE_URL", "")


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """A database of its own, of the kind that the tests run on. In memory where there is room: a killed process is no power
    failure, for which synchronous=FULL stands."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as var:
        yield from _database({**os.environ, "JIZHI_VAR": var})


def _database(own: dict[str, str]) -> Iterator[dict[str, str]]:
    if not URL:
        yield own
        return
    import psycopg

    name = f"storm_{os.getpid()}"
    with psycopg.connect(URL, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield {**own, "JIZHI_DATABASE_URL": urlunsplit(urlsplit(URL)._replace(path=f"/{name}"))}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def started(environment: dict[str, str], program: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"jizhi.fund.tests.{program}", *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=3600)
    assert process.returncode == 0, said[-3000:]
    return said


def lines(log: Path) -> int:
    return log.read_text().count("\n") if log.exists() else 0


@pytest.mark.long
@pytest.mark.req("F05")
@pytest.mark.req("F01")
def test_the_ledger_survives_a_storm(environment: dict[str, str], tmp_path: Path) -> None:
    each = OPERATIONS // PROCESSES
    logs = [tmp_path / f"log-{seed}" for seed in range(PROCESSES)]
    ended(started(environment, "storm", "build", 0, 0, logs[0]))
    running = [started(environment, "storm", "run", seed, each, log) for seed, log in enumerate(logs)]
    for seed in KILLED:
        while lines(logs[seed]) < each // 3 and running[seed].poll() is None:
            time.sleep(0.02)
        running[seed].send_signal(signal.SIGKILL)
        running[seed].communicate()
        running[seed] = started(environment, "storm", "run", seed, each, logs[seed])  # from the beginning: what was done is not done again
    for process in running:
        ended(process)
    assert ended(started(environment, "storm", "check", 0, 0, logs[0])).startswith("right: ")
