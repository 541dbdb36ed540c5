"""Forms from a study and from guides alone, by the noun and by the command, and back in as interviews."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from form_filling import commented, control, filled
from intervjukit.cli import cli
from intervjukit.errors import FileError, NotFoundError, Notice, RuleError
from intervjukit.forms import Wanted, write_forms
from intervjukit.study import Study


def root(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def value(path: Path, tag: str) -> str:
    found = control(root(path), tag)
    return "".join(one.text or "" for one in found.iter("{*}t"))


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], prog_name="intervjukit", env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def study_folder(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of four interviews."""
    return Path(shutil.copytree(small_original, tmp_path_factory.mktemp("formulär") / "studie"))


def test_a_study_gives_a_form_per_group_or_per_respondent(study_folder: Path, tmp_path: Path) -> None:
    with Study.open(study_folder) as study:
        every = study.forms.write(tmp_path / "alla")
        known = study.transcript("C01").facts
        mine = study.forms.write(tmp_path / "en", Wanted(respondents=["c1"], date="4 maj 2026", interviewer="MK"))
        assert len(every) == len(study.protocols) == 7
    assert [file.name for file in mine] == ["Formulär C01.docx"]
    assert value(mine[0], "ikf_f_kod") == "C01"
    assert value(mine[0], "ikf_f_datum") == "2026-05-04"
    shown = "".join(one.text or "" for one in root(mine[0]).iter("{*}t"))
    names = [name for name in known if name in shown]
    assert names and all(known[name] in shown for name in names)


def test_a_filled_in_form_becomes_an_interview_and_can_be_read_again(
    small_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    study = opened(small_folder)
    (blank,) = study.forms.write(tmp_path, Wanted(respondents=["C07"], date="2026-05-04", interviewer="MK"))
    answers = {"ikf_v_roll_lange": ("Sju år",), "ikf_q_forsta_kontakt": ("Jag ringer första dagen.",)}
    ready = filled(blank, tmp_path / "Ifyllt C07.docx", answers, ticks=(1, 2, 3, 4))
    added = study.add_transcripts(ready)
    assert (added.added, added.refused, added.doubts) == (("C07",), (), 0)
    made = study.transcript("C07")
    said = {turn.question: made.turn_text(turn) for turn in made.answers()}
    assert said == {"roll_lange": "Sju år", "forsta_kontakt": "Jag ringer första dagen."}
    assert (made.date, made.interviewer, made.group) == ("2026-05-04", "MK", "chefer")
    (row,) = [row for row in study.respondents().to_dict("records") if row["respondent"] == "C07"]
    assert (row["Roll lange"], row["Samtycke"]) == ("Sju år", "Ja (4 av 4)")
    assert study.code("C07", "Jag ringer första dagen.", "arbetsplatskontakt").respondent == "C07"
    assert study.add_transcripts(ready).known == ("Ifyllt C07.docx (C07)",)


def test_comments_in_a_filled_in_form_become_memos_where_they_stand(
    small_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    study = opened(small_folder)
    (blank,) = study.forms.write(tmp_path, Wanted(respondents=["C08"]))
    answers = {"ikf_v_roll_lange": ("7",), "ikf_q_forsta_kontakt": ("Jag ringer första dagen.", "Alltid.")}
    ready = filled(blank, tmp_path / "ifyllt.docx", answers)
    said = {"ikf_v_roll_lange": "Sedan 2019?", "ikf_q_forsta_kontakt": "Fråga mer."}
    study.add_transcripts(commented(ready, tmp_path / "Ifyllt C08.docx", said))
    memos = [(row["text"], row["quote"]) for row in study.memos.table().to_dict("records")]
    assert memos == [("BL: Sedan 2019?", "7"), ("BL: Fråga mer.", "Jag ringer första dagen.\nAlltid.")]
    assert all(turn.role != "note" for turn in study.transcript("C08").turns)


def test_a_form_of_the_next_wave_has_what_is_known_and_not_what_is_asked_anew(
    course_folder: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    study = opened(course_folder)
    draft = study.drafts.begin("deltagare", "D01").id
    for name, written in {"fakta:Ålder": "47", "avstand": "7", "lage": "Bra."}.items():
        study.drafts.write(draft, name, written)
    study.drafts.finish(draft)
    (form,) = study.forms.write(tmp_path, Wanted(respondents=["D01"], wave=2))
    shown = "".join(one.text or "" for one in root(form).iter("{*}t"))
    assert form.name == "Formulär D01 omgång 2.docx"
    assert "47" in shown and "7 på en skala" not in shown
    (group,) = study.forms.write(tmp_path, Wanted(groups=["deltagare"]))
    assert "Ålder" in "".join(one.text or "" for one in root(group).iter("{*}t"))


@pytest.mark.parametrize(
    ("wanted", "error", "told"),
    [
        (Wanted(groups=["ufo"]), NotFoundError, "ufo"),
        (Wanted(respondents=["Q01"]), NotFoundError, "Q01"),
        (Wanted(wave=-1), RuleError, "omgång -1"),
        (Wanted(date="snart"), RuleError, "snart"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_written(
    tmp_path: Path, wanted: Wanted, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        write_forms("halsoflodet", tmp_path / "ut", wanted)
    assert not (tmp_path / "ut").exists()


def test_a_code_formed_as_no_groups_is_told_and_gets_its_form_all_the_same(small_study: Study, tmp_path: Path) -> None:
    told = "Koden U01 börjar inte på C, som koderna i gruppen Chefer."
    with pytest.warns(Notice, match=told):
        group, form = write_forms("halsoflodet", tmp_path, Wanted(groups=["Chefer"], respondents=["u01"]))
    assert (group.name, form.name) == ("Formulär chefer.docx", "Formulär U01.docx")
    assert value(form, "ikf_f_kod") == "U01"
    with pytest.warns(Notice, match="U02 börjar inte på D"):
        write_forms("rehsursen", tmp_path / "ensam", Wanted(respondents=["U02"]))
    file = filled(form, tmp_path / "U01.docx", {"ikf_q_forsta_kontakt": ("Jag ringer.",)})
    small_study.add_transcripts(file)
    assert "kod" in set(small_study.doubts.table().query("respondent == 'U01'")["kind"]), "as an import has it"
    with pytest.warns(Notice, match=told):  # whose group is known now
        (again,) = small_study.forms.write(tmp_path / "igen", Wanted(respondents=["U01"]))
    assert value(again, "ikf_f_kod") == "U01"


def test_files_that_are_there_are_not_written_over_unasked(tmp_path: Path) -> None:
    file = tmp_path / "f.docx"
    file.write_text("mitt")
    with pytest.raises(FileError, match="finns redan"):
        write_forms("rehsursen", file)
    assert file.read_text() == "mitt"
    assert write_forms("rehsursen", file, overwrite=True) == [file]
    assert value(file, "ikf_q_lage")


def test_the_command_makes_forms_of_a_guide_alone_and_says_how_they_are_read(tmp_path: Path) -> None:
    result = run("form", "halsoflodet", tmp_path, "--group", "Chefer", "--respondent", "s4")
    assert "2 formulär" in result.output and "add-transcripts" in result.output
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Formulär S4.docx", "Formulär chefer.docx"]
    assert "finns redan" in run("form", "halsoflodet", tmp_path, "--group", "Chefer", code=1).stderr
    run("form", "halsoflodet", tmp_path, "--group", "Chefer", "--force")
    assert "får inte plats" in run("form", "halsoflodet", tmp_path / "alla.docx", code=1).stderr
    result = run("form", "halsoflodet", tmp_path / "p.docx", "--group", "chefer", "--print")
    assert "add-transcripts" not in result.output and (tmp_path / "p.docx").exists()


def test_the_command_makes_forms_of_a_study(study_folder: Path, tmp_path: Path) -> None:
    run("form", study_folder, tmp_path / "C01.docx", "--respondent", "C01", "--coder", "MK")
    assert value(tmp_path / "C01.docx", "ikf_f_intervjuare") == "MK"
