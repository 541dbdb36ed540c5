"""Coding by comments: interviews go out to people without the program, and what they did comes back, exactly."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from commenting import change_part, comment, reword, through_libreoffice, type_over, uncomment
from intervjukit.comments import CommentPlan
from intervjukit.core.coding import Memo
from intervjukit.errors import ConflictError, FileError, NotFoundError, RuleError
from intervjukit.formats.library import library
from intervjukit.study import Study

S09 = library("examples") / "halsoflodet" / "intervjuer" / "S09.txt"
MAIL = "Jag svarade på mejl klockan fyra på morgonen"
BUS = "Bussen, mycket."
QUESTION = "Vilken roll tror du att arbetet spelade?"


@pytest.fixture(scope="module")
def coded_original(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small study where MK has coded S09 twice; only to be copied."""
    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("kommentarer") / "studie"))
    with Study.open(folder, coder="MK") as study:
        study.code("S09", MAIL, "arbetsbelastning", valence="flaskhals", party="arbetsgivare")
        study.code("S09", BUS, "ansvar")
    return folder


@pytest.fixture
def study(coded_original: Path, tmp_path: Path, opened: Callable[..., Study]) -> Study:
    return opened(shutil.copytree(coded_original, tmp_path / "studie"))


@pytest.fixture
def file(study: Study, tmp_path: Path) -> Path:
    """S09 as it goes out."""
    (path,) = study.comments.write(tmp_path / "S09.docx", respondent="S09")
    return path


def codings(study: Study, coder: str = "BL") -> set[tuple[str, str, tuple[str, ...]]]:
    found = study._store.codings()
    return {(c.quote, c.code, tuple(sorted(c.facets.values()))) for c in found if c.coder == coder}


def kinds(plan: CommentPlan) -> list[str]:
    return [step.kind for step in plan.steps]


# --- what colleagues do -----------------------------------------------------------------------------


def test_a_file_nobody_has_touched_says_nothing_new(study: Study, file: Path) -> None:
    plan = study.comments.read(file)
    assert (plan.steps, plan.faults, plan.strangers, plan.files[0].untouched) == ((), (), (), 2)
    events = len(study.history.events())
    assert plan.apply(remove=True) == 0 and len(study.history.events()) == events
    assert "inget nytt" in repr(plan)


def test_comments_become_codings_and_memos_of_the_one_who_wrote_them(study: Study, file: Path) -> None:
    comment(file, "bibliotek", "kod: tidiga signaler, framgang, den sjukskrivne")
    comment(file, "Jag springer orientering", "Återhämtning")
    comment(file, "växthus", "Det här borde vi ta upp på mötet")
    plan = study.comments.read(file, by="BL")
    assert kinds(plan) == ["code", "code", "note"] and not any(step.unsure for step in plan.steps)
    assert plan.apply() == 3
    assert codings(study) == {
        ("bibliotek", "tidiga_signaler", ("framgang", "individ")),
        ("Jag springer orientering", "aterhamtning", ()),
    }
    (memo,) = study._store.boards.memos()
    assert (memo.text, memo.author, memo.quote) == ("Det här borde vi ta upp på mötet", "BL", "växthus")
    text = study.transcript("S09").text
    assert text[memo.start : memo.end] == "växthus"
    again = study.comments.read(file, by="BL")
    assert again.steps == () and again.apply() == 0
    event = study.history.events()[-1]
    assert event.summary == "Tog in kommentarer ur S09.docx: 2 nya kodningar, 1 ny anteckning"
    study.history.undo()
    assert codings(study) == set() and study._store.boards.memos() == []


def test_ones_own_comment_changed_and_removed_changes_and_removes_the_coding(study: Study, file: Path) -> None:
    reword(file, "Arbetsbelastning, Flaskhals, Arbetsgivaren", "kod: chefsstöd, önskan")
    uncomment(file, "Ansvar")
    before = {c.quote: c.id for c in study._store.codings()}
    plan = study.comments.read(file)
    assert kinds(plan) == ["recode", "uncode"]
    assert [step.kind for step in plan.removals] == ["uncode"]
    assert plan.apply() == 1
    assert codings(study, "MK") == {(MAIL, "chefsstod", ("onskan",)), (BUS, "ansvar", ())}
    assert {c.quote: c.id for c in study._store.codings()} == before
    plan = study.comments.read(file)
    assert kinds(plan) == ["uncode"] and plan.apply(remove=True) == 1
    assert codings(study, "MK") == {(MAIL, "chefsstod", ("onskan",))}
    assert study.comments.read(file).steps == ()


def test_somebody_elses_comment_that_is_changed_becomes_ones_own(study: Study, file: Path) -> None:
    reword(file, "Ansvar", "Kunskap")
    uncomment(file, "Arbetsbelastning, Flaskhals, Arbetsgivaren")
    plan = study.comments.read(file, by="BL")
    assert kinds(plan) == ["code"] and plan.files[0].kept == 1
    plan.apply(remove=True)
    assert codings(study) == {(BUS, "kunskap", ())}
    assert codings(study, "MK") == {
        (MAIL, "arbetsbelastning", ("arbetsgivare", "flaskhals")),
        (BUS, "ansvar", ()),
    }
    assert study.comments.read(file, by="BL").steps == ()


def test_a_coding_changed_in_the_study_since_is_not_changed_back(study: Study, file: Path) -> None:
    number = next(c.id for c in study._store.codings() if c.quote == BUS)
    study.change(number, code="kunskap")
    assert study.comments.read(file).steps == ()
    study.uncode(number)
    assert study.comments.read(file).steps == ()


def test_a_memo_goes_out_and_comes_back_reworded(study: Study, file: Path) -> None:
    comment(file, "växthus", "Fråga mer", "MK", "MK")
    study.comments.read(file).apply()
    study.comments.write(file, respondent="S09", force=True)
    assert study.comments.read(file).steps == ()
    reword(file, "Fråga mer", "Fråga mer om\u00e5ret")
    plan = study.comments.read(file)
    assert kinds(plan) == ["renote"] and plan.apply() == 1
    (memo,) = study._store.boards.memos()
    assert (memo.text, memo.quote) == ("Fråga mer omåret", "växthus")
    uncomment(file, "Fråga mer omåret")
    plan = study.comments.read(file)
    assert kinds(plan) == ["unnote"] and plan.apply(remove=True) == 1
    assert study._store.boards.memos() == []


def test_a_comment_on_a_question_is_a_memo_whatever_it_says(study: Study, file: Path) -> None:
    comment(file, QUESTION, "kod: ansvar")
    plan = study.comments.read(file, by="BL")
    (step,) = plan.steps
    assert step.kind == "note" and "inte personens egna" in step.unsure
    plan.apply()
    (memo,) = study._store.boards.memos()
    assert (memo.text, memo.quote) == ("kod: ansvar", QUESTION)


def test_a_comment_over_several_answers_becomes_one_coding_in_each(study: Study, file: Path) -> None:
    text = study.transcript("S09").text
    turns = [turn for turn in study.transcript("S09").turns if turn.role == "respondent"][:2]

    def widen(xml: str) -> str:
        start = xml.index(f'w:name="ik_replik_{turns[0].seq}"/>') + len(f'w:name="ik_replik_{turns[0].seq}"/>')
        end = xml.index("</w:p>", xml.index(f'w:name="ik_replik_{turns[1].seq}"'))
        inside = xml[start:end] + '<w:commentRangeEnd w:id="77"/><w:r><w:commentReference w:id="77"/></w:r>'
        return f'{xml[:start]}<w:commentRangeStart w:id="77"/>{inside}{xml[end:]}'

    change_part(file, "word/document.xml", widen)
    new = '<w:comment w:id="77" w:author="BL" w:initials="BL"><w:p><w:r><w:t>Ekonomi</w:t></w:r></w:p></w:comment>'
    change_part(file, "word/comments.xml", lambda xml: xml.replace("</w:comments>", f"{new}</w:comments>"))
    plan = study.comments.read(file, by="BL")
    assert [step.about.quote for step in plan.steps] == [text[t.start : t.end] for t in turns]
    assert kinds(plan) == ["code", "code"]


# --- what stands in the way -------------------------------------------------------------------------


def test_one_comment_that_cannot_be_read_stops_all_of_them(study: Study, file: Path) -> None:
    comment(file, "bibliotek", "Återhämtning")
    comment(file, "växthus", "kod: aterhamtnig, valens")
    comment(file, "Jag springer orientering", "kod: ufo")
    plan = study.comments.read(file, by="BL")
    assert len(plan.faults) == 2
    with pytest.raises(RuleError) as caught:
        plan.apply()
    assert "2 kommentarer" in caught.value.problem and "vid ”växthus”: ”valens”" in caught.value.problem
    assert codings(study) == set()


def test_an_author_nobody_knows_is_asked_about(study: Study, file: Path) -> None:
    comment(file, "bibliotek", "Ansvar")
    plan = study.comments.read(file)
    assert plan.strangers == (("Björn Lund", "BL"),)
    with pytest.raises(RuleError, match="Björn Lund") as caught:
        plan.apply()
    assert '--as "Björn Lund=BL"' in caught.value.fix
    plan = study.comments.read(file, names={"björn lund": "BL"})
    assert plan.apply() == 1 and codings(study) == {("bibliotek", "ansvar", ())}
    comment(file, "växthus", "Ansvar", "Någon annan", "NA")
    comment(file, "växthus", "Kunskap", "En tredje", "ET")
    assert len(study.comments.read(file, by="BL").strangers) == 3


def test_what_has_changed_under_a_plan_is_not_overwritten(study: Study, file: Path) -> None:
    reword(file, "Ansvar", "Kunskap")
    plan = study.comments.read(file)
    study.change(next(c.id for c in study._store.codings() if c.quote == BUS), valence="onskan")
    with pytest.raises(ConflictError):
        plan.apply()
    assert (BUS, "ansvar", ("onskan",)) in codings(study, "MK")


# --- edited text ------------------------------------------------------------------------------------


def test_edited_text_is_realigned_and_what_is_unsure_is_said(study: Study, file: Path) -> None:
    before = study.transcript("S09").text
    type_over(file, "Bibliotekarie", "Arkivarie som är utbildad")
    type_over(file, "klockan fyra på", "klockan fem på")
    comment(file, "växthus", "Ekonomi")
    comment(file, "Arkivarie som är utbildad", "kod: kunskap")
    plan = study.comments.read(file, by="BL")
    assert plan.files[0].edited and plan.files[0].kept == 0
    by_kind = {step.kind: step for step in plan.steps}
    assert set(by_kind) == {"code", "note"}
    assert (by_kind["code"].about.quote, by_kind["code"].unsure) == ("växthus", "")
    note = by_kind["note"]
    assert plan.doubtful == (note,)
    assert "finns inte i intervjun" in note.unsure and isinstance(note.after, Memo) and note.after.start is None
    assert "Arkivarie som är utbildad" in note.after.text
    plan.apply(remove=True)
    assert study.transcript("S09").text == before
    assert len(codings(study, "MK")) == 2 and codings(study) == {("växthus", "ekonomi", ())}


def test_a_file_is_read_after_its_interview_was_replaced(study: Study, file: Path, tmp_path: Path) -> None:
    comment(file, "växthus", "Ekonomi")
    text = S09.read_text("utf-8")
    (tmp_path / "rättad.txt").write_text(text.replace("Fyrtiofem. ", "Fyrtiofem år. "), encoding="utf-8")
    assert study.add_transcripts(tmp_path / "rättad.txt", replace=True).replaced == ("S09",)
    plan = study.comments.read(file, by="BL")
    assert kinds(plan) == ["code"] and plan.apply() == 1
    assert codings(study) == {("växthus", "ekonomi", ())}


# --- two who code without the program -----------------------------------------------------------------


def test_two_code_blind_in_word_and_their_agreement_is_computed(study: Study, tmp_path: Path) -> None:
    for coder, quote in (("AA", "Jag springer orientering"), ("BB", "springer orientering")):
        (path,) = study.comments.write(tmp_path / f"{coder}.docx", respondent="S09", blank=True)
        comment(path, quote, "Återhämtning, framgång", f"{coder} Efternamn", coder[0])
        comment(path, "växthus", "Ekonomi" if coder == "AA" else "Livssituation", f"{coder} Efternamn", coder[0])
        assert study.comments.read(path, by=coder).apply() == 2
    assert study.agreement.coders() == {"AA": 2, "BB": 2, "MK": 2}
    tables = study.agreement.between("AA", "BB")
    assert len(tables.disagreements) > 0


def test_the_blank_file_tells_nothing_of_what_others_have_coded(study: Study, tmp_path: Path) -> None:
    (path,) = study.comments.write(tmp_path / "S09.docx", respondent="S09", blank=True)
    with zipfile.ZipFile(path) as archive:
        assert "word/comments.xml" not in archive.namelist()
        assert all("MK" not in archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    assert study.comments.read(path).steps == ()


def test_libreoffice_changes_no_place_and_no_word(study: Study, file: Path, tmp_path: Path) -> None:
    comment(file, "växthus", "Ekonomi")
    comment(file, "Jag springer orientering", "En fundering\nom idrott 😀", "MK", "MK")
    saved = through_libreoffice(file, tmp_path / "lo")
    ours, theirs = (study.comments.read(each, by="BL") for each in (file, saved))
    assert len(ours.steps) == 2 and theirs.steps == ours.steps
    assert (theirs.files[0].untouched, theirs.files[0].edited, theirs.files[0].kept) == (2, False, 0)
    uncomment(saved, "Ansvar")
    assert [step.kind for step in study.comments.read(saved, names={"Björn Lund": "BL"}).removals] == ["uncode"]


# --- files ------------------------------------------------------------------------------------------


def test_every_interview_gets_a_file_and_none_is_overwritten(study: Study, tmp_path: Path) -> None:
    files = study.comments.write(tmp_path / "ut")
    assert [path.name for path in files] == ["C01.docx", "L05.docx", "R04.docx", "S09.docx"]
    assert sorted(path.name for path in (tmp_path / "ut").iterdir()) == [path.name for path in files]
    with pytest.raises(FileError, match=r"C01\.docx, L05\.docx"):
        study.comments.write(tmp_path / "ut")
    study.comments.write(tmp_path / "ut", force=True)
    assert sum(f.untouched for f in study.comments.read(*files).files) == 2


def test_only_one_coders_codings_go_out_when_asked(study: Study, tmp_path: Path) -> None:
    (path,) = study.comments.write(tmp_path / "S09.docx", respondent="S09", coder="BL")
    assert study.comments.read(path).files[0].untouched == 0


@pytest.mark.parametrize(
    ("target", "respondent", "kind"),
    [("a.docx", None, RuleError), ("finns/inte.docx", "S09", FileError), ("ut", "S99", NotFoundError)],
)
def test_a_wrong_target_is_refused_before_anything_is_written(
    study: Study, tmp_path: Path, target: str, respondent: str | None, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        study.comments.write(tmp_path / target, respondent=respondent)
    assert not (tmp_path / target).exists()


def test_a_file_of_another_study_is_read_from_scratch(
    study: Study, file: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    with Study.create(tmp_path / "annan", protocols="halsoflodet", codebook="halsoflodet", coder="MK") as other:
        other.add_transcripts(S09)
        plan = other.comments.read(file)
        assert kinds(plan) == ["code", "code"] and plan.apply(remove=True) == 2
        assert codings(other, "MK") == codings(study, "MK")


def test_a_file_that_has_lost_what_it_is_says_so(study: Study, file: Path) -> None:
    change_part(file, "docProps/custom.xml", lambda xml: xml.replace("Intervjukit", "Annat"))
    with pytest.raises(FileError, match="vems intervju"):
        study.comments.read(file)
    plan = study.comments.read(file, respondent="S09")
    assert plan.steps == (), "codings that are there are not made twice, and none is taken for removed"
