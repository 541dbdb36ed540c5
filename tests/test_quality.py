"""Lint, format and types, as anybody can run them: ruff check, ruff format --check, mypy."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=lambda command: " ".join(command),
)
def test_the_code_is_clean(command: tuple[str, ...]) -> None:
    if find_spec(command[0]) is None:
        pytest.skip(f"{command[0]} hör till extrat dev och är inte installerat")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
