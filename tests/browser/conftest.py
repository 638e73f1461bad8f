"""A real server over the demo, and Debian's Chromium. Skipped with a plain reason where there is no Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # not for the session: its event loop runs until it is closed, and Django refuses the database beside a running loop
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing in CI: .ci/run installs it")
        pytest.skip("needs Debian's Chromium (apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo of its own (SQLite in a temporary folder), or the one that JIZHI_TEST_SITE names."""
    if running := os.environ.get("JIZHI_TEST_SITE"):
        yield running
        return
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if k not in {"JIZHI_DATABASE_URL", "DJANGO_SETTINGS_MODULE"}} | {"JIZHI_VAR": str(folder)}
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jizhi.cli.main", "demo", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if server.poll() is not None:
                pytest.fail("the demo did not start:\n" + (folder / "log").read_text()[-3000:])
            try:
                urllib.request.urlopen(address + "/accounts/login/", timeout=5)
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("the demo did not answer:\n" + (folder / "log").read_text()[-3000:])
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["1440", "390"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    width, height = request.param
    ctx = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai")
    ctx.set_default_timeout(15_000)
    yield ctx
    ctx.close()
