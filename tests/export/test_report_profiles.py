"""Reports by profile and in a template, as a study makes them: right parts and length, and the template kept."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator
from pypdf import PdfReader
from word_templates import make_template, normalised

from intervjukit.cli import cli
from intervjukit.errors import FaultyFileError, FileError, NotFoundError
from intervjukit.export.accessibility import review
from intervjukit.study import Study

GOLDEN = Path(__file__).parent / "golden_report.xml"
TODAY = date(2026, 4, 1)
HOSTILE = "{% if x %} & <b>=1+1</b> [[rapport]] [[titel]] ik.titel"


@pytest.fixture(scope="module")
def whole(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The whole example study with SWOT and measures drafted."""
    folder = Path(shutil.copytree(full_original, tmp_path_factory.mktemp("rapporter") / "studie"))
    study = Study.open(folder, coder="MK")
    study.swot.draft()
    study.measures.draft()
    return study


@pytest.fixture
def coded_folder(small_folder: Path) -> Path:
    """A small study where two name the same bottleneck, with a hostile line and a measure on it."""
    key = ("flaskhals", "samverkan", "samverkan")
    with Study.open(small_folder, coder="MK") as study:
        for respondent in ("S09", "C01"):
            turn = max(study.transcript(respondent).answers(), key=lambda turn: turn.end - turn.start)
            words = study.transcript(respondent).turn_text(turn)
            study.code(respondent, words, key[1], valence=key[0], party=key[2], phase="behandling")
        line = study.swot.add("svaghet", HOSTILE, [key])
        study.measures.add("Träffas", "samverkan", [line], due="2027")
    return small_folder


def headings(path: Path, level: int = 1) -> list[str]:
    wanted = f"Heading {level}"
    return [p.text for p in Document(str(path)).paragraphs if p.style is not None and p.style.name == wanted]


def words(path: Path) -> str:
    return "".join(t.text or "" for t in Document(str(path)).element.body.iter(qn("w:t")))


@pytest.mark.parametrize("profile", ["bilagor", "styrgrupp", "swot", "bar"])
def test_every_profile_gives_valid_and_accessible_word(whole: Study, profile: str, tmp_path: Path) -> None:
    path = whole.report(tmp_path / "r.docx", profile=profile)
    assert review(path) == []
    if profile != "bilagor":  # test_report.py does it on the full report, whose parts these are
        assert list(OpenXmlValidator().validate(str(path)).errors) == []


def test_appendices_are_numbered_as_they_stand_and_referred_to_so(whole: Study, tmp_path: Path) -> None:
    own = tmp_path / "min.yaml"
    own.write_text(
        "profil: min\ntitel: Min\ndelar:\n  - del: metod\n  - del: mangdord\n    rubrik: Orden\n  - del: guider\n",
        "utf-8",
    )
    path = whole.report(tmp_path / "r.docx", profile=own)
    assert headings(path) == ["Så gjordes studien", "Bilaga 1. Orden", "Bilaga 2. Intervjuguider"]
    text = words(path)
    assert "frågorna står i bilaga 2" in text and "följer en fast tabell (bilaga 1)" in text


def test_the_memo_to_the_steering_group_is_two_pages(whole: Study, tmp_path: Path) -> None:
    path = whole.report(tmp_path / "pm.docx", profile="styrgrupp")
    assert headings(path) == ["Det viktigaste i korthet", "SWOT", "Förslag till åtgärder"]
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice behövs för att räkna sidor")
    profile = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with PdfReader(tmp_path / "pm.pdf") as reader:
        assert len(reader.pages) == 2


def test_the_frame_has_nine_fields_with_description_analysis_and_reflection(whole: Study, tmp_path: Path) -> None:
    path = whole.report(tmp_path / "bar.docx", profile="bar")
    assert headings(path)[1:4] == ["Deltagare", "Personal", "Organisation"]
    fields = ["Förutsättningar", "Genomförande och process", "Resultat och effekter"]
    assert [text for text in headings(path, 2) if text in fields] == 3 * fields
    assert headings(path, 3) == 9 * ["Beskrivning", "Analys", "Reflektion"]


def test_a_part_held_short_says_less_and_the_weightiest(whole: Study, tmp_path: Path) -> None:
    path = whole.report(tmp_path / "pm.docx", profile="styrgrupp")
    text = "".join(t.text or "" for t in next(Document(str(path)).element.body.iter(qn("w:tbl"))).iter(qn("w:t")))
    for field in ("styrka", "svaghet", "mojlighet", "hot"):
        lines = sorted((item for item in whole.swot.items() if item.field == field), key=lambda item: -item.weight)
        assert sum(f"{item.text} ({item.weight})" in text for item in lines) == min(3, len(lines))
        assert f"{lines[0].text} ({lines[0].weight})" in text


def test_unknown_parties_and_faulty_profiles_are_told_before_anything_is_written(
    coded_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    study = opened(coded_folder)
    own = tmp_path / "min.yaml"
    own.write_text("profil: a\ntitel: b\ndelar:\n  - del: ram\n    parter: [kyrkan]\n", "utf-8")
    with pytest.raises(NotFoundError, match="kyrkan"):
        study.report(tmp_path / "r.docx", profile=own)
    own.write_text("profil: a\ntitel: b\ndelar:\n  - del: raam\n", "utf-8")
    with pytest.raises(FaultyFileError, match="rad 4"):
        study.report(tmp_path / "r.docx", profile=own)
    assert list(tmp_path.glob("*.docx*")) == []


def test_the_template_is_used_and_a_copy_kept_as_the_last_one(
    coded_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    study = opened(coded_folder)
    assert study.reports.last_template is None
    for name in ("ett.dotx", "två.docx"):
        template = make_template(tmp_path / name, own_contents=True)
        path = study.report(tmp_path / "r.docx", title=f"Vår {HOSTILE}", profile="swot", template=template)
        assert study.reports.last_template is not None and study.reports.last_template.name == name
    assert list(OpenXmlValidator().validate(str(path)).errors) == []
    text = words(path)
    assert text.count(f"Vår {HOSTILE}") == 1  # in the template's own place for it, and no title page of ours
    assert f"{HOSTILE} (2)" in text and "Antal intervjuade: 4 i grupperna" in text
    again = study.report(tmp_path / "igen.docx", template=study.reports.last_template)
    assert "Exempelkommunen" in Document(str(again)).sections[0].header.paragraphs[0].text


def test_a_template_that_fails_leaves_the_last_one_and_writes_nothing(
    coded_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    study = opened(coded_folder)
    bad = tmp_path / "mall.docm"
    bad.write_bytes(b"PK\x03\x04")
    with pytest.raises(FileError, match="makron"):
        study.report(tmp_path / "r.docx", template=bad)
    assert study.reports.last_template is None and not (tmp_path / "r.docx").exists()


def test_the_memo_of_a_small_study_is_as_it_was(
    coded_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    """Golden file; write it anew with INTERVJUKIT_GOLDEN=1 after looking at what has changed."""
    study = opened(coded_folder)
    path = study.reports.make(tmp_path / "r.docx", title="Påhittad studie", profile="styrgrupp", today=TODAY)
    xml = normalised(path)
    if os.environ.get("INTERVJUKIT_GOLDEN"):
        GOLDEN.write_text(xml, encoding="utf-8", newline="\n")
    assert xml == GOLDEN.read_text(encoding="utf-8")
    assert "1 april 2026" in xml


def test_the_commands_make_a_report_by_a_profile_copied_out(coded_folder: Path, tmp_path: Path) -> None:
    run = CliRunner()
    listed = run.invoke(cli, ["profiles", str(coded_folder)])
    assert listed.exit_code == 0 and listed.output.startswith("full: ") and "styrgrupp: PM till" in listed.output
    own = coded_folder / "profiler"
    own.mkdir()
    copied = run.invoke(cli, ["profiles", "--copy", "swot", "--to", str(own / "vår.yaml")])
    assert copied.exit_code == 0, copied.output
    template = make_template(tmp_path / "kommun.dotx")
    file = tmp_path / "r.docx"
    made = run.invoke(
        cli, ["report", str(coded_folder), str(file), "--profile", "vår", "--template", str(template), "--title", "Vår"]
    )
    assert made.exit_code == 0, made.output
    assert headings(file)[0] == "SWOT" and "Slutord" in words(file)
    alone = run.invoke(cli, ["profiles", "--copy", "swot"])
    assert alone.exit_code == 1 and "--to" in alone.output
