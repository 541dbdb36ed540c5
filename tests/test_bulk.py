"""Tables of answers: a frame in and a frame out, the same from one process, two, a file and Dask."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from intervjukit import bulk
from intervjukit.cli import cli
from intervjukit.errors import FileError, IntervjukitError, NotFoundError, RuleError

WAIT = "Jag fick vänta tre månader på läkaren."


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    said = [WAIT, f"Kaffet var gott. {WAIT}", None, "", "Chefen ringde varje fredag och stöttade mig.", "Jaha."]
    return pd.DataFrame({"text": said * 2, "question": ["drar_ut", "", "", "", "", ""] * 2, "n": range(12)})


@pytest.fixture(scope="module")
def whole(answers: pd.DataFrame) -> pd.DataFrame:
    made = bulk.suggest_frame(answers, group="sjukskrivna")
    assert isinstance(made, pd.DataFrame)
    return made


def test_every_suggestion_stands_in_its_answer(answers: pd.DataFrame, whole: pd.DataFrame) -> None:
    texts = answers["text"].fillna("")
    assert len(whole) >= 6
    for row in whole.itertuples():
        assert texts[int(row.transcript)][row.start : row.end] == row.quote
    assert set(whole["transcript"]) >= {"0", "1", "4", "6", "7", "10"}
    assert set(whole["group"]) == {"sjukskrivna"}


def test_the_columns_are_those_of_a_study(whole: pd.DataFrame, suggested_study) -> None:  # type: ignore[no-untyped-def]
    assert list(whole) == list(suggested_study.suggestions())


def test_the_suggestions_of_an_answer_are_counted_from_one(whole: pd.DataFrame) -> None:
    for _, its in whole.groupby("transcript"):
        assert its["id"].tolist() == list(range(1, len(its) + 1))


def test_the_asked_words_are_those_of_the_guide_when_only_the_question_is_named(answers: pd.DataFrame) -> None:
    guide = next(g for g in bulk.read_task("halsoflodet", "halsoflodet").guides if g.group == "sjukskrivna")
    wording = next(question.text for question in guide.questions() if question.id == "drar_ut")
    named = bulk.suggest_frame(answers[:1], group="sjukskrivna")
    written = bulk.suggest_frame(answers[:1].assign(asked=wording), group="sjukskrivna")
    pd.testing.assert_frame_equal(named, written)


def test_own_ids_and_groups_come_back_in_order(answers: pd.DataFrame) -> None:
    named = answers.assign(id=[f"svar-{n}" for n in answers["n"]], group=["chefer", "lakare"] * 6)
    made = bulk.suggest_frame(named)
    order = [int(name.removeprefix("svar-")) for name in made["transcript"]]
    assert order == sorted(order)
    assert set(zip(made["transcript"], made["group"], strict=True)) <= set(
        zip(named["id"], named["group"], strict=True)
    )


def test_the_kits_own_bank_is_not_sent_with_a_task_and_another_version_of_it_is_told(answers: pd.DataFrame) -> None:
    task = bulk.read_task("halsoflodet", "halsoflodet", group="sjukskrivna")
    assert len(pickle.dumps(task)) < 2_000_000
    with pytest.raises(IntervjukitError, match=r"annan version av Intervjukit\. Installera samma"):
        bulk._suggested(answers, replace(task, sign="another"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_gives_the_same_as_the_frame(answers: pd.DataFrame, whole: pd.DataFrame, workers: int) -> None:
    parts = list(bulk.suggest_stream([answers[:5], answers[5:]], group="sjukskrivna", workers=workers, rows=4))
    assert len(parts) == 4
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_a_csv_file_is_read_as_programs_write_it(
    answers: pd.DataFrame, whole: pd.DataFrame, tmp_path: Path, encoding: str, separator: str
) -> None:
    file = tmp_path / "svar.csv"
    answers.to_csv(file, index=False, encoding=encoding, sep=separator)
    told: list[tuple[int, int, str]] = []
    parts = bulk.suggest_stream(file, group="sjukskrivna", workers=1, rows=5, progress=lambda *now: told.append(now))
    made = pd.concat(parts, ignore_index=True)
    assert made["transcript"].astype(int).tolist() == (whole["transcript"].astype(int) + 1).tolist()
    assert made["quote"].tolist() == whole["quote"].tolist()
    assert told[-1] == (100, 100, "föreslår")


def test_an_answer_without_anything_to_code_gives_an_empty_table_of_the_same_kinds(whole: pd.DataFrame) -> None:
    made = bulk.suggest_frame(pd.DataFrame({"text": [None, ""]}))
    assert made.empty
    assert made.dtypes.equals(whole.dtypes)


def test_a_table_without_text_is_refused_with_its_columns_named() -> None:
    with pytest.raises(RuleError, match="har ingen kolumn ”text”; den har ”svar”"):
        bulk.suggest_frame(pd.DataFrame({"svar": ["a"]}))


@pytest.mark.parametrize("content", [b"", b'text\n"a\nb'])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "svar.csv").write_bytes(content)
    with pytest.raises(FileError, match="går inte att läsa som en tabell"):
        list(bulk.suggest_stream(tmp_path / "svar.csv", workers=1))


def test_unknown_groups_and_code_books_are_refused(answers: pd.DataFrame) -> None:
    with pytest.raises(RuleError, match="ingen grupp ”alla”"):
        bulk.suggest_frame(answers, group="alla")
    with pytest.raises(NotFoundError):
        bulk.suggest_frame(answers, codebook="finns inte")


def test_dask_gives_the_same(answers: pd.DataFrame, whole: pd.DataFrame) -> None:
    dd = pytest.importorskip("dask.dataframe", reason="extrat dask är inte installerat här")
    made = bulk.suggest_frame(dd.from_pandas(answers, npartitions=2), group="sjukskrivna")
    computed = made.compute(scheduler="synchronous").reset_index(drop=True)
    pd.testing.assert_frame_equal(computed, whole)


def test_a_cluster_gives_the_same(answers: pd.DataFrame, whole: pd.DataFrame) -> None:
    distributed = pytest.importorskip("distributed", reason="extrat dask är inte installerat här")
    pytest.importorskip("dask.dataframe", reason="extrat dask är inte installerat här")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster:
        made = bulk.suggest_frame(answers, group="sjukskrivna", scheduler=cluster.scheduler_address)
    pd.testing.assert_frame_equal(made, whole)


def test_the_command_writes_a_table_for_excel(answers: pd.DataFrame, whole: pd.DataFrame, tmp_path: Path) -> None:
    source, target = tmp_path / "svar.csv", tmp_path / "ut.csv"
    answers.to_csv(source, index=False)
    words = ["suggest-table", os.fspath(source), os.fspath(target), "--group", "sjukskrivna", "--workers", "1"]
    cli(words, standalone_mode=False)
    made = pd.read_csv(target, sep=";", decimal=",", encoding="utf-8-sig")
    assert made["quote"].tolist() == whole["quote"].tolist()
    assert made["score"].tolist() == whole["score"].tolist()
