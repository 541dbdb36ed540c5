"""A study is read closely when it is small, or when förslag.yaml says so: the same for command, page and notebook."""

from __future__ import annotations

import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from intervjukit.cli import main
from intervjukit.closely import MOST, OFF
from intervjukit.errors import FaultyFileError
from intervjukit.formats.suggesting import close_reading
from intervjukit.nlp.reader import FILE, shipped
from intervjukit.nlp.suggester import VERSION
from intervjukit.study import Study
from small_study import FACETS, GUIDE
from test_no_network import run_guarded

WAIT, BOSS = "Jag fick stå i kö i tre månader innan jag fick träffa läkaren.", "Chefen ringde aldrig till mig."
INTERVIEW = f"""\
Intervju: S0%d
Grupp: Sjukskrivna

I: Vad har dragit ut på tiden?
R: Jag bor vid ån. {WAIT}
I: Vad gjorde chefen?
R: {BOSS} Det regnade den hösten.
"""
LONG = f"""\
Intervju: S09
Grupp: Sjukskrivna

I: Hur var vädret?
R: {"Det regnade i dag också. " * (MOST // 25)}
"""


@pytest.fixture(autouse=True)
def nobody_has_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies are read as they are for whoever has said nothing."""
    monkeypatch.delenv(OFF, raising=False)


@pytest.fixture(scope="module")
def small_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study of two invented interviews, one of them coded."""
    place = tmp_path_factory.mktemp("small")
    folder = place / "studie"
    with Study.create(folder, protocols="halsoflodet", codebook="halsoflodet", coder="MK") as study:
        for number in (1, 2):
            (place / f"S0{number}.txt").write_text(INTERVIEW % number, encoding="utf-8")
        study.add_transcripts(*sorted(place.glob("*.txt")))
        study.code("S01", WAIT, "vantetider", valence="flaskhals", party="vard")
    return folder


@pytest.fixture
def small(small_original: Path, tmp_path: Path) -> Path:
    """A copy of the small study."""
    return Path(shutil.copytree(small_original, tmp_path / "studie"))


@pytest.fixture
def large(small: Path) -> Path:
    """The study with one long interview more."""
    (small.parent / "S09.txt").write_text(LONG, encoding="utf-8")
    with Study.open(small, coder="MK") as study:
        study.add_transcripts(small.parent / "S09.txt")
    return small


def says(folder: Path, written: str) -> None:
    (folder / "förslag.yaml").write_text(written, encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "asked"), [("närläsning: ja\n", True), ("närläsning: nej\n", False), ("närläsning:\n", None)]
)
@pytest.mark.parametrize("name", ["förslag.yaml", "fo\u0308rslag.yaml", "forslag.yml"])
def test_a_study_says_so_in_its_own_file(tmp_path: Path, name: str, written: str, asked: bool | None) -> None:
    assert close_reading(tmp_path) is None
    (tmp_path / name).write_text(written, encoding="utf-8")
    assert close_reading(tmp_path) is asked


def test_every_fault_in_the_file_is_told_with_its_line_and_nothing_is_suggested(small: Path) -> None:
    says(small, "närläsning: kanske\nord: nej\n")
    with Study.open(small) as study, pytest.raises(FaultyFileError) as caught:
        study.suggest()
    assert [fault.line for fault in caught.value.faults] == [1, 2]


def test_a_small_study_is_read_closely_and_what_was_read_is_kept_in_it(small: Path) -> None:
    told: list[str] = []
    with Study.open(small, coder="MK") as study:
        assert repr(study.close_reading) == "<Närläsning: på>" and study.close_reading.notice() == ""
        assert study.suggest(progress=lambda done, total, what: told.append(what)) > 0
        assert study.history.table().iloc[-1]["who"].startswith(f"yttranden {VERSION} läsare ")
        assert {one.version for one in study._store.suggestions()} == {f"{VERSION} {shipped().name}"}
        before = (small / FILE).read_bytes()
        study.suggest()
        assert (small / FILE).read_bytes() == before
    assert set(told) == {"föreslår", "svaren läses"}
    assert b"Chefen" not in before and "läkaren".encode() not in before


def test_a_study_that_says_no_is_not_read(small: Path) -> None:
    says(small, "närläsning: nej\n")
    with Study.open(small, coder="MK") as study:
        assert study.suggest() > 0
        assert repr(study.close_reading) == "<Närläsning: av>" and study.close_reading.notice() == ""
        assert study.history.table().iloc[-1]["who"] == f"yttranden {VERSION}"
    assert not (small / FILE).exists()


def test_a_large_study_is_read_when_it_says_so_and_else_told_how(large: Path) -> None:
    with Study.open(large, coder="MK") as study:
        assert not study.close_reading.wanted()
        told = study.close_reading.notice()
        assert told.startswith("Studien är så stor att förslagen görs efter orden. Skriv ”närläsning: ja”")
        assert told.endswith("Skriv ”nej”, så slutar det här meddelandet.")
        assert "omkring 2 minuter första gången" in told and told in repr(study.close_reading)
        says(large, "närläsning: ja\n")
        assert study.close_reading.wanted() and study.close_reading.notice() == ""


def test_a_study_with_another_code_book_is_told_that_its_answers_are_not_read(tmp_path: Path) -> None:
    book, guide = tmp_path / "bok.yaml", tmp_path / "guide.yaml"
    book.write_text(f"{FACETS}koder:\n  - {{id: ko, namn: Kö, definition: Om kön.}}\n", encoding="utf-8")
    guide.write_text(GUIDE, encoding="utf-8")
    with Study.create(tmp_path / "s", protocols=guide, codebook=book, coder="MK") as study:
        assert study.close_reading.notice() == "" and not study.close_reading.wanted()
        says(study.folder, "närläsning: ja\n")
        assert not study.close_reading.wanted()
        assert "bara för kodboken halsoflodet" in study.close_reading.notice()
        assert study.close_reading.notice().endswith("Ta bort raden, så slutar det här meddelandet.")


def test_a_theme_that_was_merged_is_read_by_its_new_name(small: Path) -> None:
    with Study.open(small, coder="MK") as study:
        study.themes.merge("vantetider", "tillganglighet")
        read = study.close_reading.read(lambda done, total: None)
    assert read is not None
    assert "code:tillganglighet" in read.heads and "code:vantetider" not in read.heads


def test_whoever_has_a_slow_machine_turns_it_off_for_all_studies_that_do_not_say(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OFF, "nej")
    with Study.open(small, coder="MK") as study:
        assert not study.close_reading.wanted() and study.close_reading.notice() == ""
        says(small, "närläsning: ja\n")
        assert study.close_reading.wanted()


@pytest.mark.filterwarnings("default::intervjukit.errors.Notice")
def test_the_command_tells_how_a_large_study_is_read(
    large: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["intervjukit", "suggest", str(large)])
    with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 0
    assert "öppna förslag" in printed.out or "öppet förslag" in printed.out
    assert printed.err.startswith("Obs: Studien är så stor att förslagen görs efter orden")
    assert printed.err.count("\n") == 1


@pytest.fixture
def client(large: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(large) as browser:
        yield browser


@pytest.mark.filterwarnings("ignore::intervjukit.errors.Notice")
@pytest.mark.parametrize(("path", "data"), [("/api/forslag", {}), ("/api/granska/lar", {"tab": "a", "held": []})])
def test_the_page_tells_how_a_large_study_is_read(client: TestClient, path: str, data: dict[str, object]) -> None:
    assert client.post(path, json=data).status_code == 200
    ends = time.monotonic() + 60
    while (job := client.get("/api/jobb").json())["state"] == "running":
        assert time.monotonic() < ends
    assert job["result"]["open"] > 0
    assert job["result"]["notice"].startswith("Studien är så stor")


SUGGESTING = """
import spacy  # something it needs tries, as it is loaded, what kinds of socket there are
sys.addaudithook(lambda event, _: refuse("socket.connect", event) if event == "socket.__new__" else None)
from pathlib import Path
from intervjukit import Study
with Study.open("studie") as study:
    study.suggest()
sockets = [str(at) for at in Path("/proc/self/fd").glob("*") if "socket" in str(at.resolve())]
assert not sockets, sockets
"""


def test_to_read_closely_opens_no_socket(small: Path) -> None:
    done = run_guarded(SUGGESTING, small.parent)
    assert done.returncode == 0, done.stderr
    assert (small / FILE).exists()


def test_what_is_not_wanted_is_not_loaded(small: Path) -> None:
    says(small, "närläsning: nej\n")
    code = 'from intervjukit import Study\nwith Study.open("studie") as study:\n    study.suggest()\n'
    done = run_guarded(f'{code}assert "intervjukit.nlp.reader" not in sys.modules', small.parent)
    assert done.returncode == 0, done.stderr
