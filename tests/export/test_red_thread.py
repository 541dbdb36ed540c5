"""The red thread, the method appendix and COREQ as a reader of the Word file meets them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

from intervjukit.core.coreq import TO_FILL_IN
from intervjukit.core.thread import GAPS
from intervjukit.study import Study

PARTS = ("perspektiv", "swot", "atgarder", "roda_traden", "mangdord", "metodbilaga", "coreq")
Table = list[list[str]]
HOSTILE = "Erbjud {% if x %} & <b>=1+1</b> \u202epraktik {{ y }} ]]>"


@pytest.fixture(scope="module")
def study(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """The example study with SWOT, measures, a plan, a second coder in one interview and a renamed code."""
    folder = Path(shutil.copytree(full_original, tmp_path_factory.mktemp("trad") / "studie"))
    with Study.open(folder, coder="MK") as made:
        made.swot.draft()
        made.measures.draft()
        first = made.measures.items()[0]
        made.measures.edit(first.id, due="maj 2027", follow_up="Styrgruppen i juni")
        made.measures.add(HOSTILE, "arbetsformedling", [made.swot.items()[0].id])
        made.plan.set_all({"chefer": 10, "lakare": 6})
        made.themes.change("ekonomi", name="Ekonomin hemma")
    with Study.open(folder, coder="BL") as other:
        transcript = other.transcript("C01")
        for coding in other.material.codings(transcript.id)[:12]:
            other.code("C01", coding.quote, coding.code, span=(coding.start, coding.end), valence=coding.valence)
    with Study.open(folder, coder="MK") as made:
        yield made


@pytest.fixture(scope="module")
def path(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of the parts looked at here."""
    return study.report(tmp_path_factory.mktemp("rapport") / "r.docx", parts=PARTS)


@pytest.fixture(scope="module")
def tables(path: Path) -> list[Table]:
    """Every table's rows of cell texts."""
    return [
        [
            ["\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p"))) for cell in row]
            for row in ([*tr.iter(qn("w:tc"))] for tr in table.iter(qn("w:tr")))
        ]
        for table in Document(str(path)).element.body.iter(qn("w:tbl"))
    ]


@pytest.fixture(scope="module")
def text(path: Path) -> str:
    """Everything the paragraphs say, with plain blanks."""
    return " ".join(" ".join(p.text for p in Document(str(path)).paragraphs).split())


def headed(tables: list[Table], *heads: str) -> Table:
    return next(rows[1:] for rows in tables if tuple(rows[0][: len(heads)]) == heads)


def plain(words: str) -> str:
    return " ".join(words.split())


def test_the_file_is_valid_word(path: Path, openxml_validator: OpenXmlValidator) -> None:
    assert list(openxml_validator.validate(str(path)).errors) == []


def test_every_bottleneck_with_a_measure_stands_in_a_row_with_who_answers_and_what_is_missing(
    study: Study, tables: list[Table]
) -> None:
    rows = headed(tables, "Flaskhals och part", "Antal", "Rad i SWOT")
    met = [strand for strand in study.thread.whole().strands if strand.measure]
    assert len(rows) == len(met)
    for row, strand in zip(rows, met, strict=True):
        assert strand.measure is not None
        assert row[3:5] == [strand.measure.text, study.codebook.value_name("party", strand.measure.party)]
        assert plain(row[1]) == (f"{strand.n} av 33" if strand.code else "–")
        assert ("uppföljning saknas" in row[6].lower()) == ("uppfoljning" in strand.gaps)
    assert sum(row[5] == "maj 2027\nStyrgruppen i juni" and row[6] == "–" for row in rows) == 1


def test_every_bottleneck_no_measure_meets_is_listed_most_people_first(study: Study, tables: list[Table]) -> None:
    rows = headed(tables, "Flaskhals", "Part", "Antal", "Finns i SWOT")
    unmet = study.thread.whole().missing("flaskhals")
    assert [plain(row[2]) for row in rows] == [f"{strand.n} av 33" for strand in unmet]
    assert len(rows) > 20 and {row[3] for row in rows} == {"Nej", "Hot"}


def test_the_gaps_are_named_and_the_number_of_people_asked_for_is_stated(text: str, study: Study) -> None:
    whole = study.thread.whole()
    assert f"minst {whole.at_least} av de {whole.total} intervjuade" in text
    assert f"{GAPS['flaskhals']}: {len(whole.missing('flaskhals'))} av {whole.bottlenecks}, se" in text
    assert f"{GAPS['part']}: Arbetsförmedlingen (1 åtgärd)." in text
    assert GAPS["atgard"] not in text


def test_the_sample_is_held_against_the_plan_and_deviations_are_told(tables: list[Table], text: str) -> None:
    rows = headed(tables, "Grupp", "Planerade", "Intervjuade", "Skillnad")
    assert ["Chefer", "10", "8", "−2"] in rows and ["Läkare", "6", "6", "0"] in rows
    assert rows[-1] == ["Alla", "–", "33", "–"]
    assert "2 färre än planerat är intervjuade bland chefer." in text
    assert len(headed(tables, "Person", "Grupp", "Datum")) == 33


def test_coders_agreement_and_changes_of_the_code_book_are_told(tables: list[Table], text: str, study: Study) -> None:
    assert headed(tables, "Kodare", "Intervjuer", "Kodningar") == [["MK", "33", "654"], ["BL", "1", "12"]]
    (pair,) = headed(tables, "Kodare", "Intervjuer", "Samma ställen")
    (made,) = study.method.background().comparisons
    assert pair[:3] == ["MK och BL", "1", str(made.whole.both)]
    changes = headed(tables, "Datum", "Vem", "Vad")
    assert [row[1] for row in changes] == ["intervjukit", "MK"]
    assert "Ekonomin hemma" in changes[1][2]
    assert "kodningar är gjorda för hand" in text


def test_coreq_has_32_items_filled_in_where_the_study_knows_and_points_into_the_report(tables: list[Table]) -> None:
    rows = [row for table in tables if table[0][:2] == ["Nr", "Punkt"] for row in table[1:]]
    assert [row[0] for row in rows] == [str(n) for n in range(1, 33)]
    by_number = {int(row[0]): row for row in rows}
    assert by_number[24][3].startswith("2 kodare: MK (33 intervjuer)")
    assert by_number[24][4] == "Bilaga 2"
    assert by_number[31][4] == "–"
    assert by_number[2][3:] == [TO_FILL_IN, "–"]
    assert 10 < sum(row[3] == TO_FILL_IN for row in rows) < 20


def test_every_picture_says_its_numbers(path: Path, study: Study) -> None:
    told = [picture.get("descr") for picture in Document(str(path)).element.body.iter(qn("wp:docPr"))]
    assert len(told) == 5
    assert any("Besvarade frågor: S01" in alt for alt in told)
    assert any(f"{study.thread.whole().bottlenecks} flaskhalsar" in alt for alt in told)
    assert any("egna grupper 8 av 8" in plain(alt) for alt in told)


def test_a_study_without_swot_and_plan_gets_no_thread_and_says_that_there_is_no_plan(
    full_study: Study, tmp_path: Path
) -> None:
    path = full_study.report(tmp_path / "r.docx", parts=["roda_traden", "metodbilaga"])
    told = [p.text for p in Document(str(path)).paragraphs]
    assert "Den röda tråden" not in told
    assert "Hur många som skulle intervjuas i varje grupp är inte angivet i studien." in told
    assert any("någon överensstämmelse mellan kodare går inte att räkna ut" in line for line in told)
