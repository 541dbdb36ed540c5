"""Hold the import rules: layers point downwards, each library has one home, modules stay short."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "intervjukit"
LAYERS = [
    {"__main__"},
    {"cli"},
    {"web"},
    {"__init__"},
    {"importing"},
    {"study"},
    {"nouns"},
    {"reporting"},
    {"learned"},
    {"accounts", "archiving", "forms", "threads"},
    {
        "comments",
        "deciding",
        "drafts",
        "exchange",
        "planning",
        "plans",
        "privacy",
        "reading",
        "surveys",
        "tables",
        "themes",
    },
    {"replacing"},
    {"asking", "boards", "bulk", "closely", "evaluation", "material"},
    {"analysis", "export", "formats", "nlp", "storage"},
    {"core"},
    {"errors"},
]
HOMES = {
    "click": {"cli"},
    "dask": {"bulk"},
    "distributed": {"bulk"},
    "docx": {"export", "formats"},
    "jinja2": {"web"},
    "jupytext": {"cli"},
    "lxml": {"export", "formats"},
    "markupsafe": {"web"},
    "matplotlib": {"analysis"},
    "nbclient": {"cli"},
    "nbformat": {"cli"},
    "numpy": {"nlp"},
    "openpyxl": {"formats"},
    "pandas": {
        "accounts",
        "analysis",
        "archiving",
        "boards",
        "bulk",
        "drafts",
        "evaluation",
        "planning",
        "plans",
        "study",
        "surveys",
        "tables",
        "themes",
        "threads",
    },
    "pypdf": {"export", "formats"},
    "scipy": {"nlp"},
    "simplemma": {"nlp"},
    "sklearn": {"nlp"},
    "spacy": {"nlp"},
    "threadpoolctl": {"nlp"},
    "sqlalchemy": {"storage"},
    "sqlite3": {"formats", "storage"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "webvtt": {"formats"},
    "xlsxwriter": {"export"},
    "yaml": {"formats"},
}
# the only ones that may ask the store; everybody else asks the study
STORE_USERS = {
    "accounts",
    "archiving",
    "asking",
    "boards",
    "closely",
    "comments",
    "deciding",
    "drafts",
    "evaluation",
    "exchange",
    "forms",
    "learned",
    "material",
    "planning",
    "plans",
    "privacy",
    "reading",
    "replacing",
    "reporting",
    "storage",
    "study",
    "surveys",
    "themes",
    "threads",
}
HEAVY = {"docx", "jinja2", "lxml", "matplotlib", "numpy", "pandas", "scipy", "sklearn", "spacy", "sqlalchemy", "yaml"}
LONGEST_MODULE = 500

RANK = {part: row for row, parts in enumerate(LAYERS) for part in parts}
MODULES = sorted(PACKAGE.rglob("*.py"))
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def imported_names(source: str) -> Iterator[str]:
    """Every name imported anywhere in a module: at the top, inside functions, for types."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write the full module name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def breaches(own: str, source: str) -> Iterator[str]:
    """What a module of the part ``own`` imports and may not."""
    for name in imported_names(source):
        root, _, rest = name.partition(".")
        part = rest.partition(".")[0]
        if root == "intervjukit":
            part = part if part in RANK else "__init__"
            if part != own and not RANK[own] < RANK[part]:
                yield f"{own} may not import {part}"
            if part == "storage" and own not in STORE_USERS:
                yield f"{own} may not ask the store"
        elif (root in HOMES or root not in sys.stdlib_module_names) and own not in HOMES.get(root, ()):
            yield f"{root} has no home in {own}"


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@each_module
def test_imports_point_downwards_and_libraries_stay_at_home(path: Path) -> None:
    assert part_of(path) in RANK, f"give {part_of(path)} a layer"
    assert list(breaches(part_of(path), path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("own", "source"),
    [
        ("core", "import yaml"),
        ("core", "from intervjukit.formats.codebooks import read_codebook"),
        ("core", "def f():\n    import spacy"),
        ("nlp", "from intervjukit.storage.store import Store"),
        ("export", "from intervjukit.analysis import tables"),
        ("formats", "if TYPE_CHECKING:\n    import pandas as pd"),
        ("boards", "from intervjukit.study import Study"),
        ("analysis", "from intervjukit import Study"),
        ("cli", "from intervjukit.storage.store import Store"),
        ("cli", "import pandas"),
        ("analysis", "from sklearn.metrics import f1_score"),
        ("study", "import numpy as np"),
        ("study", "import sqlite3"),
        ("web", "from intervjukit.cli import main"),
        ("errors", "from intervjukit.core import text"),
        ("formats", "import some_new_library"),
    ],
)
def test_a_breach_of_the_layers_is_seen(own: str, source: str) -> None:
    assert list(breaches(own, source)) != []


@each_module
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE, "split it by subject"


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that are loaded once a fresh Python has run ``statement``."""
    show = (
        f"import sys, json; sys.path.insert(0, {str(PACKAGE.parent)!r}); {statement}; print(json.dumps([*sys.modules]))"
    )
    seen = subprocess.run([sys.executable, "-c", show], capture_output=True, encoding="utf-8", check=True)
    return {name.partition(".")[0] for name in json.loads(seen.stdout)}


def test_importing_the_kit_loads_no_heavy_library() -> None:
    assert loaded_by("import intervjukit") & HEAVY == set()


def test_importing_the_study_loads_no_more_than_the_database() -> None:
    assert loaded_by("from intervjukit import Study") & HEAVY == {"sqlalchemy"}


def test_the_public_names_are_few() -> None:
    import intervjukit

    assert len(intervjukit.__all__) <= 15
    assert [name for name in intervjukit.__all__ if not hasattr(intervjukit, name)] == []


def test_the_study_has_at_most_thirty_public_names() -> None:
    from intervjukit import Study

    names = [name for name in dir(Study) if not name.startswith("_")]
    assert len(names) <= 30, names
