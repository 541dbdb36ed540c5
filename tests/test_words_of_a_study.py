"""What a researcher says of how words are made reaches the suggestions and their reasons, and can be had back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from intervjukit import bulk
from intervjukit.cli import cli
from intervjukit.errors import FaultyFileError, NotFoundError, RuleError
from intervjukit.study import Study
from small_study import FACETS, GUIDE

BOOK = (
    FACETS
    + """\
koder:
  - id: vantan
    namn: Väntan
    definition: Att det tar tid.
    indikatorer: [väntan, kö]
  - id: kontakt
    namn: Kontakt
    definition: Att någon hör av sig.
    indikatorer: [ringde, frågade]
"""
)
OWN = "sammansättningar:\n  - vård + kö\n  - förväntan\n"
BANK = """\
sjukskrivna | - | | {vantan/flaskhals/vard Det var en lång väntan.} Bilen stod ute.
sjukskrivna | - | | {vantan/flaskhals/vard Det blev en svår väntan på läkaren.} Jag bor vid ån.
sjukskrivna | - | | {vantan/flaskhals/vard Väntan på besked var värst.} Kaffet var gott.
sjukskrivna | - | | {vantan/flaskhals/vard Jag stod i kö i ett år.} Min syster bor i Skara.
sjukskrivna | - | | {kontakt/framgang/individ Chefen ringde varje fredag.} Jag har två barn.
sjukskrivna | - | | {kontakt/framgang/individ Hon frågade hur jag mådde.} Vi har en hund.
sjukskrivna | - | | {kontakt/framgang/individ Kuratorn ringde mig.} Det regnade mycket då.
sjukskrivna | - | | Jag är utbildad snickare. Huset är gammalt och rött.
sjukskrivna | - | | Jo, så var det nog. Vi åkte till Norge den sommaren.
"""
HOPE, QUEUES = "Min förväntan var hög.", "Vårdköerna var långa."


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ord")
    (place / "guide.yaml").write_text(GUIDE, encoding="utf-8")
    for name, text in (("bok", BOOK), ("egen", BOOK + OWN)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
        (place / f"{name}.yttranden").mkdir()
        (place / f"{name}.yttranden" / "svar.txt").write_text(BANK * 4, encoding="utf-8")
    text = f"Intervju: S01\nDatum: 2026-03-02\n\nI: Hur var det?\n\nR: {HOPE} {QUEUES}\n"
    (place / "S01.txt").write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def original(files: Path) -> Path:
    with Study.create(files / "s", protocols=files / "guide.yaml", codebook=files / "bok.yaml") as study:
        study.add_transcripts(files / "S01.txt")
    return files / "s"


@pytest.fixture
def study(original: Path, tmp_path: Path, opened: Callable[..., Study]) -> Study:
    return opened(shutil.copytree(original, tmp_path / "s"))


@pytest.fixture(scope="module", autouse=True)
def own_models() -> Iterator[None]:
    """Let each study keep its models in its own folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("INTERVJUKIT_CACHE", raising=False)
        yield


def suggested(study: Study) -> dict[str, tuple[float, str]]:
    """Return score and reason of each sentence for its likeliest code."""
    study.suggest(mode="complete")
    return {row.quote: (row.score, row.reason) for row in study.suggestions().itertuples()}


def models(study: Study) -> set[str]:
    return {file.name for file in study.folder.glob("modell-*")}


def test_what_is_said_changes_the_match_the_suggestion_and_its_reason_and_can_be_undone(study: Study) -> None:
    usual, made = suggested(study), models(study)
    assert "”förväntan ← väntan”" in usual[HOPE][1]
    assert "kö" not in usual[QUEUES][1]
    study.themes.read_as("förväntan", "vård + kö")
    own = suggested(study)
    assert "väntan" not in own[HOPE][1]
    assert own[HOPE][0] < 0.75 * usual[HOPE][0]
    assert "indikator: ”Vårdköerna ← kö”" in own[QUEUES][1]
    assert own[QUEUES][0] > usual[QUEUES][0]
    learned = models(study)
    assert len(made) == 1 and len(learned) == 2
    study.history.undo()
    assert suggested(study) == usual
    assert models(study) == learned


def test_a_study_made_of_a_code_book_that_says_so_keeps_it(files: Path, tmp_path: Path) -> None:
    with Study.create(tmp_path / "s", protocols=files / "guide.yaml", codebook=files / "egen.yaml") as made:
        assert made.codebook.compounds == (("vård", "kö"), ("förväntan",))
    with Study.open(tmp_path / "s") as study:
        study.add_transcripts(files / "S01.txt")
        assert "← kö" in suggested(study)[QUEUES][1]


def test_a_bad_entry_stops_the_study_from_being_made_and_says_where(files: Path, tmp_path: Path) -> None:
    book = tmp_path / "fel.yaml"
    book.write_text(BOOK + OWN.replace("vård + kö", "vård-kö"), encoding="utf-8")
    with pytest.raises(FaultyFileError, match=r"fel\.yaml, rad 25: Fel: ”vård-kö” går inte") as caught:
        Study.create(tmp_path / "s", protocols=files / "guide.yaml", codebook=book)
    assert "vård + kö" in str(caught.value)
    assert not (tmp_path / "s").exists()


def test_another_process_reads_words_as_the_code_book_says(files: Path) -> None:
    answers = pd.DataFrame({"text": [HOPE, QUEUES]})
    given = {"codebook": files / "egen.yaml", "protocols": files / "guide.yaml", "mode": "complete"}
    (made,) = bulk.suggest_stream([answers], workers=2, **given)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(made, bulk.suggest_frame(answers, **given))  # type: ignore[arg-type]
    assert "← kö" in " ".join(made["reason"])
    assert "← väntan" not in " ".join(made["reason"])


def test_the_same_word_said_anew_takes_the_place_of_what_was_said(study: Study) -> None:
    study.themes.read_as("vårdkö", "bil + drulle")
    study.themes.read_as("Vård+kö")
    assert study.codebook.compounds == (("Vård", "kö"), ("bil", "drulle"))
    before = study.history.events()
    study.themes.read_as("Vård + kö")
    assert study.history.events() == before
    study.themes.read_as_usual("vårdkö")
    assert study.codebook.compounds == (("bil", "drulle"),)
    with pytest.raises(NotFoundError, match="säger inget om hur ”vårdkö”") as caught:
        study.themes.read_as_usual("vårdkö")
    assert "”bil + drulle”" in caught.value.fix
    with pytest.raises(RuleError, match="går inte att läsa"):
        study.themes.read_as("kö", "lång kö")
    assert study.codebook.compounds == (("bil", "drulle"),)


def test_other_changes_of_the_code_book_leave_the_words(study: Study) -> None:
    study.themes.read_as("förväntan")
    study.themes.add("Oro", "Att vara orolig.")
    study.themes.merge("kontakt", "vantan")
    assert study.codebook.compounds == (("förväntan",),)


def test_it_is_said_shown_and_taken_back_by_a_command(study: Study) -> None:
    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli, ["compounds", str(study.folder), *words])
        assert result.exit_code == code, result.output
        return result.output

    assert run() == "Alla ord delas som vanligt.\n"
    said = run("vård+kö", "förväntan", "--coder", "MK")
    assert said == "vård + kö\nförväntan (hålls helt)\nNya förslag får du med suggest.\n"
    assert run() == "vård + kö\nförväntan (hålls helt)\n"
    assert "förväntan" not in run("förväntan", "--remove", "--coder", "MK")
    assert "”kö?” går inte att läsa" in run("kö?", "--coder", "MK", code=1)
    assert "--coder" in run("kö", code=1)
    assert "Skriv vilka ord" in run("--remove", "--coder", "MK", code=1)
    assert [change.summary for change in study.method.background().changes][-2:] == [
        "Sade hur ord är sammansatta: vård+kö, förväntan",
        "Läser ord som vanligt igen: förväntan",
    ]
