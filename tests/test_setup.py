"""Hold the set-up: run.py, the locks, the wheel, and that nothing of the place it was made at came along."""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("demo", "test")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

Run = subprocess.CompletedProcess[str]


# --- locks ------------------------------------------------------------------------------------------


def lock_text(name: str) -> str:
    return (ROOT / "locks" / f"{name}.txt").read_text("utf-8")


def requirements(name: str) -> dict[str, list[str]]:
    """The hashes of every locked requirement, by its line: `name==version ; marker`."""
    found: dict[str, list[str]] = {}
    for line in lock_text(name).replace("\\\n", " ").splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            found[requirement] = hashes
    return found


def package(requirement: str) -> str:
    """The name a requirement begins with, in the registry's normal form."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address_and_no_option(name: str) -> None:
    assert "://" not in lock_text(name)
    assert [line for line in lock_text(name).splitlines() if not re.match(r"[a-z0-9#]|    --hash=sha256:", line)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_has_one_version_and_whole_hashes(name: str) -> None:
    locked = requirements(name)
    assert len(locked) > 20
    for requirement, hashes in locked.items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", requirement)
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)


def test_the_test_lock_holds_all_of_the_demo_lock_in_the_same_versions() -> None:
    whole = requirements("test")
    missing = {line: hashes for line, hashes in requirements("demo").items() if whole.get(line) != hashes}
    assert missing == {}


@pytest.mark.parametrize("name", LOCKS)
def test_every_direct_dependency_is_locked(name: str) -> None:
    wanted = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    if name == "test":
        wanted = wanted + [line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra]
    assert {package(line) for line in wanted} - {package(line) for line in requirements(name)} == set()


def test_no_lock_brings_in_graphics_card_libraries() -> None:
    heavy = {"torch", "tensorflow", "jax", "triton", "cupy"}
    names = {package(line) for name in LOCKS for line in requirements(name)}
    assert {name for name in names if name in heavy or name.startswith("nvidia-")} == set()


# --- what is in the repository ----------------------------------------------------------------------

# written so that this file does not find itself
PLACES = [
    r"/wor[k]/",
    r"/roo[t]/",
    r"/hom[e]/\w",
    r"/User[s]/\w",
    r"[A-Z]:\\User[s]",
    r"pypi\.or[g]",
    r"pythonhosted\.or[g]",
    r"registry\.npmj[s]",
    r"deb\.debia[n]",
    r"index-ur[l]\s*=",
    r"/tm[p]/\w",
]


def repository_files() -> list[Path]:
    """Every file that git has or would take in."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("Inte ett git-arkiv, eller så saknas git: det går inte att se vilka filer som hör till.")
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_on_the_machine_or_a_registry() -> None:
    pattern = re.compile("|".join(PLACES))
    files = repository_files()
    assert ROOT / "pyproject.toml" in files
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in files
        for number, line in enumerate(file.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_no_lock_file_with_addresses_is_kept() -> None:
    names = {file.name for file in repository_files()}
    assert names & {"uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"} == set()


# --- the wheel --------------------------------------------------------------------------------------

RIDING_ALONG = ("protocols", "codebooks", "profiler", "examples", "notebooks")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy that has an environment and leavings in it."""
    copy = tmp_path_factory.mktemp("bygge") / "en kopia å"
    copy.mkdir()
    for name in ("src", *RIDING_ALONG):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    for leaving in (".venv/lib/x.py", "notebooks/.ipynb_checkpoints/x.ipynb", "src/intervjukit/__pycache__/x.pyc"):
        (copy / leaving).parent.mkdir(parents=True)
        (copy / leaving).write_text("x", encoding="utf-8")
    build = "import hatchling.build; print(hatchling.build.build_wheel('.'))"
    built = subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return copy / built.stdout.split()[-1]


@pytest.mark.parametrize("kind", RIDING_ALONG)
def test_the_wheel_holds_all_the_library(wheel: Path, kind: str) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    own = [path.relative_to(ROOT) for path in (ROOT / kind).rglob("*") if path.is_file()]
    own = [path for path in own if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)]
    assert own, f"{kind}/ is empty"
    assert {f"intervjukit/library/{path.as_posix()}" for path in own} - names == set()


def test_the_wheel_holds_no_environment_and_no_leavings(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "intervjukit/study.py" in names
    unwanted = re.compile(r"(^|/)(\.venv|__pycache__|\.ipynb_checkpoints|tests)/|\.(db|pyc)$")
    assert [name for name in names if unwanted.search(name)] == []


def test_the_installed_kit_finds_its_guides_in_the_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    look = (
        "from intervjukit.formats import library as l; print(l.__file__);"
        "print(len(l.protocol_files('halsoflodet')), l.codebook_file('halsoflodet').is_file(),"
        "len(list((l.library('examples') / 'halsoflodet' / 'intervjuer').iterdir())))"
    )
    own = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"}
    seen = subprocess.run([sys.executable, "-c", look], cwd=tmp_path, env=own, capture_output=True, encoding="utf-8")
    assert seen.returncode == 0, seen.stderr
    place, counts = seen.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert counts == "7 True 33"


# --- run.py -----------------------------------------------------------------------------------------

BACKEND = '''
"""A build backend of a few lines, so that run.py can install a project without a network."""
import zipfile
from pathlib import Path

def build_wheel(folder, config_settings=None, metadata_directory=None):
    info = "intervjukit-0.0.1.dist-info"
    files = {f"intervjukit/{path.name}": path.read_text("utf-8") for path in Path("src/intervjukit").glob("*.py")}
    files[f"{info}/METADATA"] = "Metadata-Version: 2.1\\nName: intervjukit\\nVersion: 0.0.1\\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[f"{info}/RECORD"] = "".join(f"{name},,\\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(Path(folder) / "intervjukit-0.0.1-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "intervjukit-0.0.1-py3-none-any.whl"
'''
PYPROJECT = """
[project]
name = "intervjukit"
version = "0.0.1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
MAIN = """
import json, os, sys
told = {"words": sys.argv[1:], "utf8": os.environ.get("PYTHONUTF8"), "cwd": os.getcwd()}
print(json.dumps({**told, "keeps": not sys.dont_write_bytecode}))
sys.exit(7)
"""


def run_py(folder: Path, *words: str, tools: str = "", cwd: Path | None = None, python: str = sys.executable) -> Run:
    """Run the run.py of a folder with nothing on the path but ``tools``."""
    command = [python, str(folder / "run.py"), *words]
    own = {**os.environ, "PATH": tools, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=cwd or folder, env=own, capture_output=True, encoding="utf-8")


@dataclass(frozen=True)
class Checkout:
    """A tiny project with empty locks, in a path with a space and an å, and what is on the path beside it."""

    folder: Path
    tools: str

    def run(self, *words: str, cwd: Path | None = None) -> Run:
        return run_py(self.folder, *words, tools=self.tools, cwd=cwd)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")


def make_checkout(folder: Path, tools: str) -> Checkout:
    """A project that run.py has set up for the first time."""
    checkout = Checkout(folder, tools)
    for name, text in {
        "run.py": (ROOT / "run.py").read_text("utf-8"),
        "backend.py": BACKEND,
        "pyproject.toml": PYPROJECT,
        "locks/demo.txt": "# nothing\n",
        "locks/test.txt": "# nothing\n",
        "src/intervjukit/__init__.py": "",
        "src/intervjukit/__main__.py": MAIN,
    }.items():
        checkout.write(name, text)
    first = checkout.run("install")
    assert first.returncode == 0, first.stderr
    assert "Förbereder Intervjukit" in first.stdout
    assert re.search(r"Paketen är på plats \(\d+ s\)\.", first.stdout), "no plural to get wrong"
    return checkout


UV = shutil.which("uv")
WITH_UV = os.environ["PATH"] if UV else ""


@pytest.fixture(
    scope="module",
    params=["", pytest.param(WITH_UV, marks=pytest.mark.skipif(not UV, reason="uv finns inte på datorn"))],
    ids=["pip", "uv"],
)
def checkout(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return make_checkout(tmp_path_factory.mktemp("prov") / "en mapp på svenska", request.param)


@pytest.fixture
def quick_checkout(tmp_path: Path) -> Checkout:
    """With uv where there is one: making an environment with pip takes seconds."""
    return make_checkout(tmp_path / "en mapp på svenska", WITH_UV)


def test_words_and_exit_code_pass_through_run_py(checkout: Checkout, tmp_path: Path) -> None:
    done = checkout.run("demo", "min mapp å", cwd=tmp_path)
    assert done.returncode == 7, done.stderr
    seen = json.loads(done.stdout)  # and nothing else: a second run sets nothing up
    assert seen["words"] == ["demo", "min mapp å"]
    assert seen["utf8"] == "1"
    assert seen["keeps"], "what is compiled is kept, whatever the shell says"
    assert Path(seen["cwd"]) == tmp_path.resolve()
    for form in ("intervjukit", "--"):
        assert json.loads(checkout.run(form, "findings", "--csv").stdout)["words"] == ["findings", "--csv"]


def test_run_py_installs_a_changed_source_again(checkout: Checkout) -> None:
    for code in (8, 7):
        checkout.write("src/intervjukit/__main__.py", MAIN.replace("exit(7)", f"exit({code})"))
        done = checkout.run("demo")
        assert done.returncode == code
        assert "Installerar Intervjukit" in done.stdout
        assert "Förbereder" not in done.stdout


def test_an_environment_for_tests_serves_the_demo_but_not_the_other_way(quick_checkout: Checkout) -> None:
    quick_checkout.write("locks/test.txt", "# more\n")  # says nothing: the environment has the demo lock only
    assert "Förbereder" not in quick_checkout.run("demo").stdout
    done = quick_checkout.run("test", "--version")
    assert "med testverktyg" in done.stdout
    assert done.returncode == 1, "there is no pytest in this lock, and the exit code is the child's"
    assert "Förbereder" not in quick_checkout.run("demo").stdout
    quick_checkout.write("locks/test.txt", "# still more\n")
    assert "Förbereder" in quick_checkout.run("demo").stdout


def test_run_py_makes_an_environment_anew_that_was_never_finished(quick_checkout: Checkout) -> None:
    quick_checkout.write(".venv/intervjukit.json", "{}")
    quick_checkout.write(".venv/halv.txt", "x")
    done = quick_checkout.run("install")
    assert done.returncode == 0, done.stderr
    assert "Förbereder" in done.stdout
    assert not (quick_checkout.folder / ".venv" / "halv.txt").exists()
    assert "Förbereder" not in quick_checkout.run("install").stdout


def test_run_py_does_not_take_away_the_environment_it_runs_in(quick_checkout: Checkout) -> None:
    folder = quick_checkout.folder
    python = next(str(file) for file in folder.glob(".venv/*/python*") if file.stem == "python")
    assert run_py(folder, "demo", tools=quick_checkout.tools, python=python).returncode == 7
    quick_checkout.write("locks/demo.txt", "# other\n")
    done = run_py(folder, "demo", tools=quick_checkout.tools, python=python)
    assert done.returncode == 1
    assert "deactivate" in done.stderr
    assert (folder / ".venv" / "intervjukit.json").exists()


def test_run_py_tells_of_a_failed_installation_and_does_not_count_it(quick_checkout: Checkout) -> None:
    quick_checkout.write("locks/demo.txt", "detta är ingen rad i ett lås\n")
    for _ in range(2):
        done = quick_checkout.run("demo")
        assert done.returncode == 1
        assert "Installationen blev inte klar" in done.stderr
        assert "Traceback" not in done.stderr
    quick_checkout.write("locks/demo.txt", "# nothing\n")
    assert quick_checkout.run("demo").returncode == 7


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(os.name != "posix", reason="avbrott skickas på annat sätt i Windows")
def test_on_ctrl_c_what_run_py_started_has_the_last_word(quick_checkout: Checkout) -> None:
    quick_checkout.write(
        "src/intervjukit/__main__.py",
        "import signal, sys\n"
        "try:\n    print('igång', flush=True)\n    signal.pause()\n"
        "except KeyboardInterrupt:\n    sys.exit(print('barnets ord', file=sys.stderr) or 130)\n",
    )
    assert quick_checkout.run("install").returncode == 0
    command = [sys.executable, "run.py", "demo"]
    own = {**os.environ, "PATH": quick_checkout.tools, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, cwd=quick_checkout.folder, env=own, stdout=-1, stderr=-1, text=True, start_new_session=True
    ) as running:
        assert running.stdout and running.stderr
        assert running.stdout.readline() == "igång\n"
        os.killpg(running.pid, signal.SIGINT)
        told = running.stderr.read()
    assert (told, running.returncode) == ("barnets ord\n", 130)


def test_what_the_demo_and_the_notebook_leave_is_not_taken_into_git() -> None:
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"intervjukit-demo*/", "intervjukit-anteckningsbok*/"} <= set(lines)


def test_run_py_leaves_an_environment_of_somebody_else_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "run.py", tmp_path)
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "min.txt").write_text("x", encoding="utf-8")
    done = run_py(tmp_path, "demo")
    assert done.returncode == 1
    assert "inte gjord av run.py" in done.stderr
    assert (tmp_path / ".venv" / "min.txt").read_text("utf-8") == "x"


@pytest.mark.parametrize("words", [["demonstrera"], ["--version"], ["install", "allt"], []])
def test_run_py_refuses_unknown_words_in_swedish(tmp_path: Path, words: list[str]) -> None:
    shutil.copy(ROOT / "run.py", tmp_path)
    done = run_py(tmp_path, *words)
    assert done.returncode == 2
    assert "python run.py demo" in done.stderr
    assert not words or "förstår inte ”" + " ".join(words) in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_run_py_is_syntax_that_an_old_python_reads() -> None:
    source = (ROOT / "run.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    assert not any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    check = next(node for node in tree.body if isinstance(node, ast.If))
    assert "Python 3.11 eller nyare" in ast.unparse(check)
    before = tree.body[: tree.body.index(check)]
    assert all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom) for node in before)


def test_run_py_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names
