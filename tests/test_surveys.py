"""Surveys: what each column is guessed to be, what the answers become, and that a faulty file leaves nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from intervjukit.cli import cli
from intervjukit.core.survey import day, scale_value
from intervjukit.errors import FaultyFileError, NotFoundError, RuleError
from intervjukit.study import Study

HEADS = (
    "Löpnummer;Datum;Grupp;Hur nöjd är du med chefen? (1-6);Trygghet 1-10;Ålder;Yrke;"
    "Vad har dragit ut på tiden under din sjukskrivning?;Vad tycker du om bussarna i din kommun?;E-post"
)
LONG = "Köerna till vården var det värsta, jag väntade i fem månader på en kurator."
ANSWERS = [
    f"1;2026-03-01;Sjukskrivna;5;10;44;kock;{LONG};=1+1, tyckte jag, räckte;a@example.org",
    f"2;46082;Sjukskrivna;4 – ganska nöjd;7;51;kock;{LONG} Det var allt.;;b@example.org",
    "3;3 mars 2026;Sjukskrivna;vet ej;2;29;lärare;Ingen visste vem som skulle ringa, alla väntade.;;c@example.org",
    ";;;;;;;;;",
    "4;2026-03-04;Chefer;2,5;3;58;chef;Ingen ringde mig, jag fick veta allt av henne.;Nej inte alls;d@example.org",
    "5;2026-03-05;Sjukskrivna;6;9;33;kock;;;e@example.org",
]


def survey(path: Path, *answers: str, heads: str = HEADS) -> Path:
    path.write_bytes("\r\n".join([heads, *(answers or ANSWERS)]).encode("cp1252"))
    return path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty study; only to be copied."""
    folder = tmp_path_factory.mktemp("tom") / "s"
    Study.create(folder, protocols="halsoflodet", codebook="halsoflodet").close()
    return folder


@pytest.fixture(scope="module")
def taken(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A study with the survey taken in; only to be looked at."""
    folder = tmp_path_factory.mktemp("enkat")
    with Study.open(shutil.copytree(empty, folder / "s"), coder="MK") as study:
        study.surveys.add(survey(folder / "svar.csv"))
        yield study


@pytest.fixture
def study(empty: Path, tmp_path: Path) -> Iterator[Study]:
    """An empty study."""
    with Study.open(shutil.copytree(empty, tmp_path / "s"), coder="MK") as made:
        yield made


def test_every_column_is_guessed_with_a_reason(taken: Study, tmp_path: Path) -> None:
    _, plan = taken.surveys.look(survey(tmp_path / "svar.csv"))
    assert [column.role for column in plan.columns] == [
        "respondent", "date", "group", "scale", "scale", "attribute", "attribute", "open", "open", "skip"
    ]  # fmt: skip
    assert [(column.low, column.high) for column in plan.columns if column.role == "scale"] == [(1, 6), (1, 10)]
    assert [column.question for column in plan.columns if column.role == "open"] == ["drar_ut", ""]
    assert all(column.why for column in plan.columns)


def test_open_answers_become_texts_under_their_questions(taken: Study) -> None:
    transcript = taken.transcript("S01")
    said = [(turn.role, turn.question, transcript.turn_text(turn)) for turn in transcript.turns]
    assert said == [
        ("interviewer", "drar_ut", "Vad har dragit ut på tiden under din sjukskrivning?"),
        ("respondent", "drar_ut", LONG),
        ("interviewer", None, "Vad tycker du om bussarna i din kommun?"),
        ("respondent", None, "=1+1, tyckte jag, räckte"),
    ]
    assert (transcript.date, transcript.source) == ("2026-03-01", "svar.csv, rad 2")
    coverage = taken.coverage()
    assert coverage[(coverage["respondent"] == "S01") & (coverage["status"] == "answered")]["question"].tolist() == [
        "drar_ut"
    ]


def test_scales_and_choices_become_background_and_addresses_nothing(taken: Study) -> None:
    assert dict(taken.transcript("S02").facts) == {
        "Hur nöjd är du med chefen? (1-6)": "4", "Trygghet 1-10": "7", "Ålder": "51", "Yrke": "kock",
    }  # fmt: skip
    assert "Hur nöjd är du med chefen? (1-6)" not in taken.transcript("S03").facts
    assert "example.org" not in str([each.facts for each in map(taken.transcript, ("S01", "S02", "C04"))])


def test_dates_are_read_however_they_are_written(taken: Study) -> None:
    frame = taken.transcripts().set_index("respondent")
    assert frame["date"].to_dict() == {
        "S01": "2026-03-01", "S02": "2026-03-01", "S03": "2026-03-03", "C04": "2026-03-04", "S05": "2026-03-05"
    }  # fmt: skip


def test_an_answer_can_be_coded_and_one_without_words_is_still_counted(taken: Study) -> None:
    text = taken.transcript("S05")
    assert [turn.role for turn in text.turns] == ["note"]
    assert taken.material.people()["sjukskrivna"] == 4


def test_few_answers_have_no_mean_and_it_is_said(taken: Study) -> None:
    rows = {(row["scale"], row["group"]): row for row in taken.surveys.scales().to_dict("records")}
    few = rows["Hur nöjd är du med chefen? (1-6)", "sjukskrivna"]
    assert (few["n"], "färre än 4 svar" in few["note"]) == (3, True)
    assert pd.isna(few["mean"])
    all_of_them = rows["Hur nöjd är du med chefen? (1-6)", "alla"]
    assert (all_of_them["n"], all_of_them["mean"], all_of_them["median"]) == (4, 4.38, 4.5)
    assert (rows["Trygghet 1-10", "sjukskrivna"]["mean"], rows["Trygghet 1-10", "sjukskrivna"]["note"]) == (7.0, "")


def test_the_history_has_one_line_and_the_same_file_is_not_taken_in_twice(taken: Study, tmp_path: Path) -> None:
    before = len(taken.history.events())
    assert taken.history.events()[-1].summary == "Läste in enkäten svar från svar.csv: 5 svar"
    same = survey(tmp_path / "igen.csv", *(row.replace(";S", ";S") for row in ANSWERS))
    with pytest.raises(FaultyFileError, match="S01 har redan"):
        taken.surveys.add(same)
    assert len(taken.history.events()) == before


FAULTY = [
    f"1;2026-03-01;Sjukskrivna;7;10;44;kock;{LONG};;",
    f"6;i våras;Sjukskrivna;5;10;44;kock;{LONG};;",
    f"2;2026-03-01;Lokförare;5;mycket;44;kock;{LONG};;",
    f"S 3;2026-03-01;Sjukskrivna;5;10;44;kock;{LONG};;",
]


def test_every_fault_is_named_with_row_and_column_and_nothing_is_saved(study: Study, tmp_path: Path) -> None:
    file = survey(tmp_path / "fel.csv", *FAULTY)
    plan = tmp_path / "karta.yaml"
    _, guessed = study.surveys.look(survey(tmp_path / "svar.csv"))
    from intervjukit.formats.survey_maps import map_yaml

    plan.write_text(map_yaml(guessed), encoding="utf-8")
    before = len(study.history.events())
    with pytest.raises(FaultyFileError) as told:
        study.surveys.add(file, plan=plan)
    found = [(fault.line, fault.message) for fault in told.value.faults]
    assert [row for row, _ in found] == [2, 3, 4, 4, 5]
    for part in ("skalan 1–6", "kolumn B (”Datum”)", "”Lokförare”", "kolumn E", "”S 3”"):
        assert any(part in message for _, message in found), part
    assert (len(study.history.events()), study.material.interviews()) == (before, [])


def test_the_same_person_twice_is_a_fault_unless_in_another_wave(study: Study, tmp_path: Path) -> None:
    heads = "Kod;Omgång;Vad tycker du om sjukvården i kommunen?"
    twice = [f"S01;1;{LONG}", f"S01;1;{LONG} Igen."]
    with pytest.raises(FaultyFileError, match="S01 står även på rad 2"):
        study.surveys.add(survey(tmp_path / "a.csv", *twice, heads=heads), group="sjukskrivna")
    waves = [f"S01;1;{LONG}", f"S01;2;{LONG} Igen."]
    study.surveys.add(survey(tmp_path / "b.csv", *waves, heads=heads), group="Sjukskrivna")
    assert [transcript.wave for transcript in study.material.interviews()] == [1, 2]


def test_the_scales_of_each_wave_are_kept_apart(study: Study, tmp_path: Path) -> None:
    for wave, values in ((1, "1234"), (2, "3456")):
        rows = [f"{n};{value}" for n, value in enumerate(values, 1)]
        file = survey(tmp_path / f"{wave}.csv", *rows, heads="Löpnummer;Trivsel 1-6")
        study.surveys.add(file, group="chefer", wave=wave, date="2026-05-04")
    frame = study.surveys.scales()
    assert frame[["wave", "n", "mean"]].to_numpy().tolist() == [[1, 4, 2.5], [2, 4, 4.5]]


def test_rows_without_codes_get_new_ones_after_those_there_are(study: Study, tmp_path: Path) -> None:
    heads = "Vad tycker du om sjukvården i kommunen?"
    study.surveys.add(survey(tmp_path / "a.csv", f"S07;{LONG}", heads=f"Kod;{heads}"), group="sjukskrivna")
    rows = [f"{LONG} Ett.;x", f"{LONG} Två.;x", f"{LONG} Två.;x"]
    study.surveys.add(survey(tmp_path / "b.csv", *rows, heads=f"{heads};Ort"), group="sjukskrivna")
    assert [row.respondent for row in study.material.interviews()] == ["S07", "S08", "S09", "S10"]
    (doubt,) = study.doubts.table().to_dict("records")
    assert (doubt["kind"], doubt["respondent"], "rad 3" in doubt["message"]) == ("dubblett", "S10", True)


def test_a_map_decides_over_the_guess(study: Study, tmp_path: Path) -> None:
    plan = tmp_path / "karta.yaml"
    plan.write_text(
        "titel: Vårenkäten\ngrupp: chefer\nomgång: 2\ngrupper: {Boss: chefer}\nkolumner:\n"
        "  - {rubrik: Vem, läses som: respondent}\n"
        "  - {rubrik: Trivsel, läses som: skala, skala: 0-100, namn: Trivs}\n"
        "  - {rubrik: Kort, läses som: öppen fråga, fråga: mer_av}\n",
        encoding="utf-8",
    )
    study.surveys.add(survey(tmp_path / "svar.csv", "3;80;Tid;x", heads="Vem;Trivsel;Kort;Annat"), plan=plan)
    transcript = study.transcript("C03", wave=2)
    assert dict(transcript.facts) == {"Trivs (omgång 2)": "80"}
    assert [turn.question for turn in transcript.turns] == ["mer_av", "mer_av"]
    assert study.surveys.table().to_dict("records") == [
        {"title": "Vårenkäten", "file": "svar.csv", "answers": 1, "scales": 1}
    ]


def test_every_fault_of_a_map_is_told_with_its_line(study: Study, tmp_path: Path) -> None:
    plan = tmp_path / "karta.yaml"
    plan.write_text(
        "grupp: piloter\nomgång: två\nkolumner:\n"
        "  - {rubrik: Vem, läses som: respondent}\n"
        "  - {rubrik: Finns ej, läses som: bakgrund}\n"
        "  - {rubrik: Kort, läses som: önskan}\n"
        "  - {rubrik: Trivsel, läses som: skala, skala: hög}\n"
        "  - {rubrik: Annat, läses som: öppen fråga, fråga: ingen_sådan}\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultyFileError) as told:
        study.surveys.look(survey(tmp_path / "svar.csv", "3;80;Tid;x", heads="Vem;Trivsel;Kort;Annat"), plan=plan)
    assert [fault.line for fault in told.value.faults] == [1, 2, 5, 6, 7, 8]


def test_a_group_or_date_that_cannot_be_is_refused(study: Study, tmp_path: Path) -> None:
    file = survey(tmp_path / "svar.csv")
    with pytest.raises(NotFoundError):
        study.surveys.look(file, group="piloter")
    with pytest.raises(RuleError, match="i våras"):
        study.surveys.look(file, date="i våras")


@pytest.mark.parametrize(
    ("written", "value"),
    [("4", 4), ("4,5", 4.5), (" 4.5 ", 4.5), ("4 – bra", 4), ("5=mycket", 5), ("Bra (5)", 5), (3, 3), (True, None),
     ("bra", None), ("", None), ("4 barn", None)],
)  # fmt: skip
def test_a_place_on_a_scale_is_read_as_it_is_written(written: object, value: float | None) -> None:
    assert scale_value(written) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("46082", "2026-03-01"),
        (46082, "2026-03-01"),
        (46082.4, "2026-03-01"),
        ("1/3 2026", "2026-03-01"),
        ("7", ""),
        ("x", ""),
    ],
)
def test_a_day_is_read_also_as_a_number(written: object, iso: str) -> None:
    assert day(written) == iso  # type: ignore[arg-type]


def test_the_commands_show_save_and_take_in(empty: Path, tmp_path: Path) -> None:
    shutil.copytree(empty, tmp_path / "s")
    file, folder, plan = str(survey(tmp_path / "svar.csv")), str(tmp_path / "s"), str(tmp_path / "k.yaml")

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, [words[0], folder, *words[1:]], env={"COLUMNS": "120"})
        return result.exit_code, result.output

    code, told = run("add-survey", file, "--dry-run")
    assert (code, "Skulle läsa in 5 svar" in told, "öppen fråga: drar_ut" in told) == (0, True, True), told
    assert run("transcripts")[1].startswith("Studien har inga intervjuer")
    assert run("add-survey", file, "--save-map", plan)[0] == 0
    code, told = run("add-survey", file, "--map", plan)
    assert (code, "Läste in 5 svar" in told, "1 tom rad hoppades över" in told) == (0, True, True), told
    assert "färre än 4 svar" in run("scales")[1]
    code, told = run("add-survey", file)
    assert (code, "S01 har redan en intervju eller ett svar i omgång 1" in told) == (1, True), told
