"""Nothing leaves the machine: the whole main job runs where every attempt to reach a network ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUARDED = """
import sys

REACHING = {"connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo"}

def refuse(event, arguments):
    if event.startswith("socket.") and event.removeprefix("socket.") in REACHING:
        print("NÄTVERK", event, arguments, file=sys.stderr, flush=True)
        import os
        os._exit(77)

sys.addaudithook(refuse)
"""


def run_guarded(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", GUARDED + program]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_guard_ends_a_program_that_reaches_out(tmp_path: Path) -> None:
    done = run_guarded("import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)", tmp_path)
    assert done.returncode == 77


def test_the_demo_reaches_for_no_network(tmp_path: Path) -> None:
    program = "from intervjukit.cli import cli; cli(['demo', 'prov'], standalone_mode=False)"
    done = run_guarded(program, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "prov" / "rapport.docx").exists()


def test_no_source_names_an_address_to_fetch_from() -> None:
    allowed = (
        "http://schemas.openxmlformats.org",
        "http://schemas.microsoft.com",
        "http://purl.oclc.org",
        "http://purl.org/dc/",
    )
    for path in sorted((ROOT / "src").rglob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for start in ("http://", "https://"):
                place = line.find(start)
                assert place < 0 or line[place:].startswith(allowed), f"{path.name}: {line.strip()}"
