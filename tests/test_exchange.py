"""A study to another program and back: nothing is lost; another program's project becomes a study."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intervjukit.cli import cli
from intervjukit.core.codebook import Code, Example, Limit
from intervjukit.core.coding import Coding, Memo
from intervjukit.core.text import normalise
from intervjukit.core.transcript import SEPARATOR, Transcript, Turn
from intervjukit.errors import FileError
from intervjukit.formats.codebooks import codebook_yaml
from intervjukit.formats.refi_codebook import standard_book
from intervjukit.formats.refi_read import read_project
from intervjukit.importing import import_project
from intervjukit.storage.identities import Identities
from intervjukit.study import Study

sys.path.insert(0, str(Path(__file__).parent / "refi"))

GUIDES = """guide: prov
titel: Prov
grupp: prov
gruppnamn: Provgruppen
kod: P
part: {party}
avsnitt:
- id: samtal
  titel: Samtal
  frågor:
  - id: hur
    sort: text
    fråga: Hur var det att vänta på besked?
  - id: hjalp
    sort: text
    fråga: Vad var till hjälp?
"""


def codings_of(study: Study) -> list[tuple[object, ...]]:
    return sorted(
        (c.respondent, c.start, c.end, c.quote, c.code, tuple(sorted(c.facets.items())), c.coder, c.at)
        for c in study._store.codings()
    )


def memos_of(study: Study) -> list[tuple[object, ...]]:
    """Memos with what they are about by content, since ids differ between studies."""
    codings = {str(c.id): (c.respondent, c.start, c.end, c.code, c.coder) for c in study._store.codings()}
    transcripts = {str(t.id): (t.respondent, t.wave) for t in study._store.interviews.all()}
    about = {"coding": codings, "transcript": transcripts}
    return [
        (m.target, about.get(m.target, {}).get(m.target_id, m.target_id), m.text, m.author, m.at, m.start, m.end)
        for m in study._store.boards.memos()
    ]


def transcripts_of(study: Study) -> list[Transcript]:
    return [replace(each, id=0) for each in study._store.interviews.all()]


# --- our own and back -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coded(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A study of four interviews with codings by two coders and memos on everything; only to be read."""
    import shutil

    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("utbyte") / "studie"))
    with Study.open(folder) as study, study._store.decide("MK", "prov", "Prov") as decision:
        at, facets = "2026-11-22T05:00:00.000+00:00", {"valence": "flaskhals", "party": "vard"}
        codings = [
            Coding(0, each.id, "", "", turn.start, turn.end, each.turn_text(turn), "vantetider", facets, coder, at)
            for each in study._store.interviews.all()
            for turn in list(each.answers())[:4]
            for coder in ("MK", "Åsa B")
        ]
        Identities(study._store.database).add_codings(decision, codings)
    with Study.open(folder, coder="MK") as study:
        first = study._store.codings()[0]
        study.themes.read_as("vård + kö", "förväntan")
        study.memos.add('Om kodningen 😀 <&> "så"', target="coding", target_id=first.id)
        study.memos.add("Två\r\nrader\toch e\u0301", target="code", target_id="vantetider")
        study.memos.add("Om personen", target="respondent", target_id="S09")
        study.memos.add("Om intervjun", target="transcript", target_id=first.transcript)
        study.memos.add("Om studien")
        place = Memo(0, "transcript", str(first.transcript), "Om stället", "MK", "", 5, 30, "")
        text = study._store.interviews.all(id=first.transcript)[0].text
        with study._store.decide("MK", "add_memo", "Skrev en anteckning om ett ställe") as decision:
            study._store.boards.insert_memo(decision, replace(place, quote=text[5:30]))
        yield study


@pytest.fixture(scope="module")
def exported(coded: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("utbyte") / "projekt.qdpx"
    coded.exchange.write(target)
    return target


@pytest.fixture(scope="module")
def back(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    folder = tmp_path_factory.mktemp("utbyte") / "åter"
    import_project(exported, folder, coder="XX")
    with Study.open(folder, coder="XX") as study:
        yield study


def test_a_study_comes_back_with_everything(coded: Study, back: Study) -> None:
    assert codings_of(back) == codings_of(coded) != []
    assert memos_of(back) == memos_of(coded) != []
    assert transcripts_of(back) == transcripts_of(coded)
    assert (back.codebook, back.protocols, back.name) == (coded.codebook, coded.protocols, coded.name)
    assert back._store.banks() == coded._store.banks()


def test_the_next_export_calls_everything_the_same(exported: Path, back: Study, tmp_path: Path) -> None:
    back.exchange.write(tmp_path / "igen.qdpx")
    assert (tmp_path / "igen.qdpx").read_bytes() == exported.read_bytes()


def test_the_history_says_what_was_taken_in(back: Study) -> None:
    event = back.history.events()[-1]
    assert event.who == "XX" and event.summary == "Tog in projektet Provstudie: 32 kodningar, 6 anteckningar"


def test_nothing_but_texts_is_in_the_archive(exported: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        names = archive.namelist()
        assert not any(archive.read(name).startswith(b"PK") for name in names)
    assert {Path(name).suffix for name in names} == {".qde", ".txt", ".json"}


def test_speakers_stand_in_the_text_for_other_programs(exported: Path) -> None:
    source = read_project(exported).sources[0]
    assert sum(line.startswith(("I: ", "Intervjuare: ", "R: ")) for line in source.text.split("\n")) > 10


def test_a_project_taken_in_twice_changes_nothing(coded: Study, exported: Path, back: Study) -> None:
    before = codings_of(back), memos_of(back), back.history.revision()
    taken = back.exchange.read(exported)
    assert (taken.interviews, taken.codings, taken.known, taken.codes, taken.memos) == ((), 0, 32, 0, 0)
    assert (codings_of(back), memos_of(back), back.history.revision()) == before


def test_a_colleagues_codings_are_taken_in_and_can_be_undone(
    coded: Study, exported: Path, small_folder: Path, opened: Callable[..., Study]
) -> None:
    study = opened(small_folder, coder="Bo")
    taken = study.exchange.read(exported)
    assert (taken.interviews, taken.codings, taken.codes) == ((), 32, 0)
    assert codings_of(study) == codings_of(coded)
    assert memos_of(study) == memos_of(coded)
    study.history.undo()
    assert codings_of(study) == [] == memos_of(study)
    study.history.redo()
    assert codings_of(study) == codings_of(coded)


def test_what_another_program_has_left_out_is_made_again_from_the_rest(
    coded: Study, exported: Path, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    without = tmp_path / "utan.qdpx"
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(without, "w") as new:
        for name in old.namelist():
            if not name.endswith(".json"):
                new.writestr(name, old.read(name))
    taken = import_project(without, tmp_path / "ny", coder="XX")
    study = opened(tmp_path / "ny")
    assert study.codebook == coded.codebook
    assert taken.codings == 32
    assert sorted((c[0], c[3], c[4], c[5], c[6]) for c in codings_of(study)) == sorted(
        (c[0], c[3], c[4], c[5], c[6]) for c in codings_of(coded)
    )
    roles = {turn.role for each in transcripts_of(study) for turn in each.turns}
    assert {"interviewer", "respondent"} <= roles


def test_a_text_that_was_changed_elsewhere_is_not_taken_for_the_same(
    exported: Path, small_folder: Path, opened: Callable[..., Study]
) -> None:
    study, project = opened(small_folder), read_project(exported)
    first = project.sources[0]
    changed = replace(project, sources=(replace(first, text="Ändrat. " + first.text), *project.sources[1:]))
    before = study.history.revision()
    taken = study.exchange.take_in(changed)
    assert (
        len(taken.interviews) == 1 and taken.interviews[0] not in {t.respondent for t in transcripts_of(study)}
    ) or (study.history.revision() > before)
    new = study._store.interviews.all(respondent=taken.interviews[0])
    assert new[-1].text.startswith("Ändrat. ")


def test_the_code_book_alone_comes_back_as_it_was(coded: Study, tmp_path: Path) -> None:
    coded.exchange.write(tmp_path / "bok.qdc")
    result = CliRunner().invoke(cli, ["convert-codebook", str(tmp_path / "bok.qdc"), str(tmp_path / "bok.yaml")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "bok.yaml").read_text(encoding="utf-8") == coded._store.codebook_yaml()


def test_a_failed_export_leaves_the_old_file(coded: Study, tmp_path: Path) -> None:
    target = tmp_path / "saknas" / "projekt.qdpx"
    with pytest.raises(FileError, match="går inte att skriva"):
        coded.exchange.write(target)
    assert list(tmp_path.iterdir()) == []


# --- any study and back -----------------------------------------------------------------------------

BOOK = replace(
    standard_book(),
    id="prov",
    title="Prov: kodbok",
    about="Rad ett\n\nrad två",
    codes=(
        Code("rot", "Rot: överst", "Definition med: kolon\noch två rader"),
        Code(
            "gren",
            "Gren 😀",
            "id: inget id",
            when="När – alltid",
            limits=(Limit("inte då", "rot"),),
            examples=(Example("jag väntade", {"valence": "flaskhals"}),),
            indicators=("vänta", "kö, lång"),
            influenceable=False,
            headings={"flaskhals": "Det drar ut"},
            measure="Ring",
            parent="rot",
        ),
        Code("ensam", "Ensam", "D"),
    ),
)
_SIGNS = st.text(
    st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs"))
    | st.sampled_from("\n \r😀👩\u0301\U0001f1f8"),
    min_size=1,
    max_size=40,
)
WORDS = _SIGNS.map(normalise).filter(str.strip)
FACETS = st.fixed_dictionaries(
    {}, optional={facet.id: st.sampled_from([value.id for value in facet.values]) for facet in BOOK.facets}
)
MEMO_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\r\n\t"), min_size=1
)


@st.composite
def transcript(draw: st.DrawFn, respondent: str, wave: int) -> Transcript:
    parts = draw(st.lists(st.tuples(st.sampled_from(("", "I", "R", "Åsa: B")), WORDS), min_size=1, max_size=5))
    turns, place = [], 0
    for seq, (label, words) in enumerate(parts, 1):
        role = {"I": "interviewer", "": "note"}.get(label, "respondent")
        question = draw(st.sampled_from((None, "hur"))) if role != "note" else None
        begins = draw(st.none() | st.sampled_from((0.0, 1.5, 61.25)))
        ends = None if begins is None else draw(st.sampled_from((None, begins + 2.5)))
        turns.append(Turn(seq, role, label, place, place + len(words), question, begins, ends))  # type: ignore[arg-type]
        place += len(words) + len(SEPARATOR)
    return Transcript(
        respondent,
        "prov",
        SEPARATOR.join(words for _, words in parts),
        tuple(turns),
        wave,
        draw(st.sampled_from(("", "2026-03-02"))),
        draw(st.none() | st.integers(1, 200)),
        draw(st.sampled_from(("", "MK"))),
        f"{respondent}-{wave}.txt",
        facts={"Grupp": "x", "ålder": draw(WORDS), "tom": ""} if wave == 1 else {},
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("litet")
    (folder / "guide.yaml").write_text(GUIDES.format(party=BOOK.facet("party").values[0].id), encoding="utf-8")
    (folder / "bok.yaml").write_text(codebook_yaml(BOOK), encoding="utf-8")
    return folder


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_study_comes_back_with_every_coding_code_attribute_and_memo(
    tiny: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("någon")
    book, guide = tiny / "bok.yaml", tiny / "guide.yaml"
    with Study.create(folder / "a", protocols=guide, codebook=book, name="Någon & co", coder="MK") as study:
        for respondent, wave in (("P01", 1), ("P01", 2), ("P02", 1)):
            made = data.draw(transcript(respondent, wave))
            study._store.interviews.add("MK", made, f"hash {respondent} {wave}")
        held = study._store.interviews.all()
        add_codings_and_memos(study, held, data)
        study.exchange.write(folder / "ut.qdpx")
        taken = import_project(folder / "ut.qdpx", folder / "b", coder="XX")
        with Study.open(folder / "b", coder="XX") as back:
            assert codings_of(back) == codings_of(study)
            assert memos_of(back) == memos_of(study)
            assert transcripts_of(back) == transcripts_of(study)
            assert (back.codebook, back.protocols) == (study.codebook, study.protocols)
            back.exchange.write(folder / "igen.qdpx")
    assert (folder / "igen.qdpx").read_bytes() == (folder / "ut.qdpx").read_bytes()
    assert len(taken.interviews) == 2


def add_codings_and_memos(study: Study, held: list[Transcript], data: st.DataObject) -> None:
    codings, memos, at = [], [], "2026-11-22T05:00:00.123+00:00"
    for each in held:
        for _ in range(data.draw(st.integers(0, 6))):
            start = data.draw(st.integers(0, len(each.text) - 1))
            end = data.draw(st.integers(start + 1, len(each.text)))
            code = data.draw(st.sampled_from([code.id for code in BOOK]))
            facets, coder = BOOK.check_facets(data.draw(FACETS)), data.draw(st.sampled_from(("MK", "Åsa <B>")))
            codings.append(Coding(0, each.id, "", "", start, end, each.text[start:end], code, facets, coder, at))
            if data.draw(st.booleans()):
                words = data.draw(MEMO_WORDS.filter(str.strip))
                place = (start, end, each.text[start:end])
                memos.append(Memo(0, "transcript", str(each.id), words, "Bo", at, *place))
    unique = {(c.transcript, c.start, c.end, c.code, c.coder, str(c.facets)): c for c in codings}
    with study._store.decide("MK", "prov", "Prov") as decision:
        rows = Identities(study._store.database)
        numbers = rows.add_codings(decision, list(unique.values()))
        targets = [("study", ""), ("code", "gren"), ("respondent", "P02"), *(("coding", str(n)) for n in numbers[:2])]
        for target, own in targets:
            memos.append(Memo(0, target, own, data.draw(MEMO_WORDS.filter(str.strip)), "MK", at))
        rows.add_memos(decision, list({(m.target, m.target_id, m.text, m.start, m.end): m for m in memos}.values()))


# --- the commands -----------------------------------------------------------------------------------


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words], env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_commands_write_show_and_take_in(coded: Study, small_folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "ut.qdpx"
    told = run("export-project", coded.folder, target)
    assert told.startswith(f"Skrev projektet till {target}: 4 intervjuer, 32 kodningar, 6 anteckningar.")
    assert "SWOT" in told
    shown = run("import-project", target, tmp_path / "ny", "--dry-run")
    assert "4 texter" in shown and "32 kodade ställen" in shown and not (tmp_path / "ny").exists()
    assert "Det är inte sagt vem" in run("import-project", target, tmp_path / "ny", code=1)
    assert "Nytt: 0 intervjuer, 0 koder, 32 kodningar, 6 anteckningar." in run(
        "add-project", small_folder, target, "--coder", "MK"
    )
    assert "finns redan" in run("export-project", coded.folder, target, code=1)
    assert run("export-project", coded.folder, tmp_path / "bok.qdc").startswith("Skrev kodboken till")
