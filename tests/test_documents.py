"""The developer documents say what is true."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_mission_page_is_current() -> None:
    done = subprocess.run([sys.executable, "tools/mission.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_requirement_rows_are_those_of_the_mission() -> None:
    shared = ROOT.parent / "shared" / "mission" / "requirements.yaml"
    if shared.exists():
        assert (ROOT / "docs" / "requirements.yaml").read_text() == shared.read_text()


def test_every_room_is_in_the_architecture_page() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    rooms = {p.name for p in (ROOT / "jizhi").iterdir() if (p / "__init__.py").exists()}
    assert {room for room in rooms if f"`{room}`" not in text} == set()


def test_every_command_of_the_readme_exists() -> None:
    listing = subprocess.run([sys.executable, "-m", "jizhi.cli.main", "--help"], cwd=ROOT, capture_output=True, text=True).stdout
    for command in set(re.findall(r"\.venv/bin/jizhi (\w+)", (ROOT / "README.md").read_text())):
        assert command in listing, command


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text())):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_no_link_in_the_documents_is_broken() -> None:
    for page in [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
