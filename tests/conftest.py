"""Shared studies: small ones are made once and copied, so that every test has one of its own."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from intervjukit.study import Study

if TYPE_CHECKING:
    from starlette.testclient import TestClient

settings.register_profile("plain", deadline=None)  # no test is timed
settings.load_profile("plain")
REPO = Path(__file__).parents[1]
os.environ.setdefault("INTERVJUKIT_CACHE", str(REPO / ".pytest_cache" / "modeller"))  # learned once, not in each run
os.environ.setdefault("INTERVJUKIT_NARLASNING", "nej")  # tests/test_close_reading.py tells otherwise, study by study
os.environ.pop("INTERVJUKIT_KODARE", None)  # whoever runs the tests is no coder in them
EXAMPLE = REPO / "examples" / "halsoflodet"
INTERVIEWS = EXAMPLE / "intervjuer"
FOUR = ("S09.txt", "C01.docx", "L05.vtt", "R04.txt")
"""Four groups and three kinds of file."""
CODER = "MK"


def make_study(folder: Path, *places: Path) -> None:
    """Make a study of the example's guides and code book with these interviews, and close it."""
    with Study.create(folder, protocols="halsoflodet", codebook="halsoflodet", name="Provstudie") as study:
        if places:
            added = study.add_transcripts(*places)
            assert not added.refused


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder ``name`` that ``make`` fills: one worker of the run makes it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    home = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, part = home / "originals" / name, home / "originals" / f"{name}.part"
    part.parent.mkdir(exist_ok=True)
    lock = sqlite3.connect(home / f"{name}.lock", timeout=1800, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)  # of a worker that failed
            make(part)
            part.rename(folder)
    finally:
        lock.close()
    return folder


@pytest.fixture(scope="session")
def small_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study of four interviews; only to be copied."""
    return once(tmp_path_factory, "small", lambda folder: make_study(folder, *(INTERVIEWS / name for name in FOUR)))


@pytest.fixture(scope="session")
def course_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study of the course's guide without interviews; only to be copied."""

    def make(folder: Path) -> None:
        Study.create(folder, protocols="rehsursen", codebook="halsoflodet", name="Rehsursen").close()

    return once(tmp_path_factory, "course", make)


@pytest.fixture(scope="session")
def full_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole example study, coded by its coder; only to be copied."""

    def make(folder: Path) -> None:
        make_study(folder, INTERVIEWS)
        with Study.open(folder, coder=CODER) as study:
            study.add_codings(EXAMPLE / "kodningar.csv")

    return once(tmp_path_factory, "full", make)


@pytest.fixture(scope="session")
def suggested_original(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small study with suggestions made; only to be copied."""

    def make(folder: Path) -> None:
        shutil.copytree(small_original, folder)
        with Study.open(folder) as study:
            assert study.suggest() > 10

    return once(tmp_path_factory, "suggested", make)


@pytest.fixture
def small_folder(small_original: Path, tmp_path: Path) -> Path:
    """The folder of a closed study of four interviews, nothing coded."""
    return Path(shutil.copytree(small_original, tmp_path / "small"))


@pytest.fixture
def course_folder(course_original: Path, tmp_path: Path) -> Path:
    """The folder of a closed study of the course's guide, without interviews."""
    return Path(shutil.copytree(course_original, tmp_path / "course"))


@pytest.fixture
def opened() -> Iterator[Callable[..., Study]]:
    """Open studies that are closed when the test ends: ``opened(folder, coder="MK")``."""
    studies: list[Study] = []

    def open_one(folder: Path, coder: str | None = CODER) -> Study:
        studies.append(Study.open(folder, coder=coder))
        return studies[-1]

    yield open_one
    for study in studies:
        study.close()


@pytest.fixture
def small_study(small_folder: Path, opened: Callable[..., Study]) -> Study:
    """A study of four interviews (S09, C01, L05, R04), nothing coded, open for the coder MK."""
    return opened(small_folder)


@pytest.fixture
def suggested_study(suggested_original: Path, tmp_path: Path, opened: Callable[..., Study]) -> Study:
    """The small study with open suggestions."""
    return opened(shutil.copytree(suggested_original, tmp_path / "suggested"))


@pytest.fixture
def full_study(full_original: Path, tmp_path: Path, opened: Callable[..., Study]) -> Study:
    """The whole example study of 33 interviews with all of its coder's codings, open for MK."""
    return opened(shutil.copytree(full_original, tmp_path / "full"))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let what the test starts be interrupted, also where the tests run in the background and Ctrl-C means nothing."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def page_of() -> Callable[..., AbstractContextManager[TestClient]]:
    """Return what serves the study in a folder to somebody who asks as a page does, let in as a coder."""
    from starlette.testclient import TestClient

    from intervjukit.web.app import build_app
    from intervjukit.web.desk import Desk
    from intervjukit.web.door import Door

    @contextmanager
    def serve(folder: Path, coder: str = CODER) -> Iterator[TestClient]:
        desk, door, origin = Desk(folder), Door(8765, coder), "http://127.0.0.1:8765"
        browser = TestClient(build_app(desk, door), origin, headers={"Origin": origin})
        browser.get(f"/?token={door.new_token()}")
        yield browser
        desk.close()

    return serve
