"""Two commands on a fresh machine that has only Python: `python run.py demo` and `python run.py test`.

Standard library only. Makes .venv beside this file, installs the hash-locked requirements of locks/ and
Intervjukit itself, once, and again when a lock, this Python or the source has changed; then runs the rest in
there. Needs a network the first time only. The syntax stays old, so that an old Python can say it is too old.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"Intervjukit behöver Python 3.11 eller nyare; det här är {sys.version.split()[0]}.\n"
        "Hämta en nyare på python.org eller i datorns programcenter och kör samma kommando igen."
    )

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
MARK = VENV / "intervjukit.json"
SOURCES = ("src", "protocols", "codebooks", "profiler", "examples", "notebooks", "pyproject.toml", "README.md")
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")
SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
"""The tests run on every core; those of one file together, for they share what they are about, and files with few but
long tests not last."""
USAGE = """Så här används run.py:

  python run.py demo [mapp]        gör allt klart och kör exempelstudien till en färdig Word-rapport
  python run.py test [val]         gör allt klart och kör alla tester (valen går vidare till pytest)
  python run.py install            gör bara allt klart
  python run.py intervjukit …      kör kommandot intervjukit, till exempel: python run.py intervjukit --help
  python run.py -- …               samma sak, kortare
"""


class SetupError(Exception):
    """Something in the way of the set-up; the text is for the user and ends with what to do."""


def main(words: list[str]) -> int:
    """Run what the command line asks for; return the exit code, that of the child when there is one."""
    job, rest = (words[0], words[1:]) if words else ("", [])
    if job in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    if job not in ("demo", "test", "install", "intervjukit", "--") or (job == "install" and rest):
        wrong = " ".join(words)
        print(f"run.py förstår inte ”{wrong}”.\n\n{USAGE}" if words else USAGE, file=sys.stderr)
        return 2
    # the notebooks need JupyterLab, which only the larger lock has
    prepare("test" if job == "test" or rest[:1] == ["notebook"] else "demo")
    if job == "install":
        print(f"Allt är klart. Miljön ligger i {VENV}\nPröva nu: python run.py demo")
        return 0
    if job == "test":
        return hand_over([PYTHON, "-m", "pytest", *SIDE_BY_SIDE, *rest], cwd=HERE)
    return hand_over([PYTHON, "-P", "-m", "intervjukit", *(["demo"] if job == "demo" else []), *rest])


def prepare(lock: str) -> None:
    """Bring .venv up to the lock ("demo" or "test") and to the source; what is up to date is left alone."""
    begun, mark, project = time.monotonic(), read_mark(), hash_project()
    valid = mark.get("python") == sys.version and mark.get("hash") == hash_lock(mark["lock"])
    installed = mark["lock"] if valid else ""
    # everything of the demo is in the test lock too
    if installed not in (lock, "test"):
        uv = find_uv()
        announce(lock)
        if not installed:
            make_venv(pip=uv is None)
        write_mark({})
        install(uv, ["--require-hashes", "--only-binary", ":all:", "-r", str(HERE / "locks" / f"{lock}.txt")])
        mark = {"python": sys.version, "lock": lock, "hash": hash_lock(lock)}
        print(f"Paketen är på plats ({time.monotonic() - begun:.0f} s).", flush=True)
    if mark.get("project") != project:
        print("Installerar Intervjukit från den här mappen …", flush=True)
        write_mark({**mark, "project": ""})
        install_project(find_uv())
        write_mark({**mark, "project": project})


def announce(lock: str) -> None:
    """Tell what is about to happen and how long it takes."""
    print(
        f"Förbereder Intervjukit {'med testverktyg ' if lock == 'test' else ''}i mappen\n  {VENV}\n"
        "Det görs en gång, kräver internet och tar oftast en till fem minuter. Bara färdiga paket\n"
        "hämtas, med kontrollsummor. Inget annat på datorn ändras; mappen kan tas bort när som helst.",
        flush=True,
    )


def make_venv(pip: bool) -> None:
    """Make .venv anew, with pip when uv is not there; an environment of somebody else's is left alone."""
    if VENV.exists() and not MARK.exists() and any(VENV.iterdir()):
        raise SetupError(f"Mappen {VENV} finns redan, men är inte gjord av run.py. Ta bort den eller döp om den")
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupError("Miljön i .venv måste göras om men är i bruk. Skriv först: deactivate")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    write_mark({})
    try:
        venv.create(VENV, with_pip=pip, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetupError(
            f"Det gick inte att göra en Python-miljö i {VENV} ({error}). Kontrollera att mappen går att\n"
            "skriva i och att det finns plats på disken. I Debian och Ubuntu kan paketet python3-venv saknas:\n"
            "sudo apt install python3-venv"
        ) from error


def find_uv() -> str | None:
    """Return the path of a uv that works, None when there is none."""
    uv = shutil.which("uv")
    if uv is None or subprocess.run([uv, "--version"], capture_output=True, check=False).returncode != 0:
        return None
    return uv


def install(uv: str | None, options: list[str]) -> None:
    """Install into .venv with uv, or with pip where there is no uv."""
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-qq"]
    if uv is None and run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) != 0:
        run([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)] if uv else pip
    if run([*command, *options], cwd=HERE) != 0:
        raise SetupError(
            "Installationen blev inte klar (se ovan). Kontrollera att datorn når internet och att det finns\n"
            f"2 GB ledigt på disken, att Python är 3.11-3.14 (det här är {sys.version.split()[0]}) och att\n"
            "mappen inte ligger så djupt ner att sökvägarna blir för långa"
        )


def install_project(uv: str | None) -> None:
    """Build and install Intervjukit itself from this folder, offline, with the build backend of the lock."""
    again = ["--reinstall-package", "intervjukit"] if uv else ["--force-reinstall"]
    install(uv, ["--no-deps", "--no-build-isolation", "--no-index", *again, str(HERE)])


def run(command: list[str | Path], **options: object) -> int:
    """Run a program with this environment; return its exit code."""
    code: int = subprocess.run(list(map(str, command)), env=environment(), check=False, **options).returncode  # type: ignore[call-overload]
    return code if code >= 0 else 128 - code


def hand_over(command: list[str | Path], cwd: Path | None = None) -> int:
    """Run the program that was asked for; return its exit code. On Ctrl-C it has the last word, not this.

    The interrupt is taken and dropped here: raised in the middle of the wait it could lose the child's exit code.
    """
    signal.signal(signal.SIGINT, lambda *_: None)
    return run(command, cwd=cwd)


def environment() -> dict[str, str]:
    """Return the variables that the programs run here get.

    What has been compiled is kept in .venv: compiling the libraries anew takes each program eight seconds.
    """
    foreign = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    own = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**own, "PYTHONUTF8": "1", "PIP_USER": "0"}


def hash_lock(name: str) -> str:
    """Return the hash of a lock."""
    return hashlib.sha256((HERE / "locks" / f"{name}.txt").read_bytes()).hexdigest()


def hash_project() -> str:
    """Return one hash over all that is built into the wheel, and over where .venv is."""
    total = hashlib.sha256(str(VENV).encode())
    for file in sorted(path for source in SOURCES for path in walk(HERE / source)):
        total.update(f"\0{file.relative_to(HERE).as_posix()}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def walk(place: Path) -> list[Path]:
    """Return the file itself, or every file below the folder that counts."""
    found = [place] if place.is_file() else place.rglob("*")
    return [file for file in found if file.is_file() and not any(part in LEFT_OUT for part in file.parts)]


def read_mark() -> dict[str, str]:
    """Return what the environment was made from; empty when it is not there or was never finished."""
    try:
        mark = json.loads(MARK.read_text(encoding="utf-8")) if PYTHON.exists() else {}
    except (OSError, ValueError):
        return {}
    return mark if isinstance(mark, dict) else {}


def write_mark(content: dict[str, str]) -> None:
    """Note what the environment was made from; an empty note says that it is not finished."""
    fresh = MARK.with_suffix(".ny")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(MARK)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as problem:
        print(f"{problem},\noch kör sedan samma kommando igen.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nAvbrutet innan allt var klart. Kör samma kommando igen, så görs resten.", file=sys.stderr)
        sys.exit(130)
