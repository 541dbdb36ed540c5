"""Renew the locked requirements: `python tools/lock.py`. Needs uv on the machine and a network.

Writes locks/demo.txt (what runs the kit, with the build backend) and locks/test.txt (the same, with the
extras notebook and dev). One lock serves Linux, macOS and Windows and every Python from the oldest allowed;
each line has its hashes and none has an address. With `--upgrade` newer versions are taken.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "locks"
OLDEST = "3.11"
# Newer ones have no wheel for a Mac with an Intel processor.
HELD = ["argon2-cffi-bindings<26"]
HEADER = "# Made by tools/lock.py from pyproject.toml: do not edit, run it again.\n"


def compile_lock(name: str, requirements: list[str], options: list[str]) -> None:
    """Resolve ``requirements`` and write locks/``name`` when all of it went well."""
    command = ["uv", "pip", "compile", "-", "--universal", "--python-version", OLDEST, "--generate-hashes"]
    command += [
        "--only-binary",
        ":all:",
        "--no-emit-index-url",
        "--no-annotate",
        "--no-header",
        "--quiet",
        *options,
    ]
    text = "\n".join(requirements)
    done = subprocess.run(
        [*command, *options], input=text, stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT, check=True
    )
    if "://" in done.stdout:
        raise SystemExit(f"{name}: an address came into the lock; nothing was written.")
    (LOCKS / name).write_text(HEADER + done.stdout, encoding="utf-8", newline="\n")
    pinned = sum(line[:1].isalnum() for line in done.stdout.splitlines())
    print(f"locks/{name}: {pinned} pinned packages")


def kept(name: str) -> list[str]:
    """Return the options that keep the versions of a lock there already is."""
    old = LOCKS / name
    return [] if "--upgrade" in sys.argv[1:] or not old.exists() else ["--constraints", str(old)]


def main() -> None:
    """Renew both locks; the second is held to the versions of the first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"] + project["build-system"]["requires"]
    extras = [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    LOCKS.mkdir(exist_ok=True)
    compile_lock("demo.txt", runtime, kept("demo.txt"))
    compile_lock("test.txt", runtime + extras + HELD, [*kept("test.txt"), "--constraints", str(LOCKS / "demo.txt")])


if __name__ == "__main__":
    main()
