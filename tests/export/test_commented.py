"""The Word file a colleague codes in: valid, the same every time, and exact wherever the codings stand."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from commenting import change_part, normalised, through_libreoffice
from intervjukit.core.codebook import Code, Codebook, Example, Facet, FacetValue, Limit
from intervjukit.core.comments import Mark
from intervjukit.core.text import Span, normalise
from intervjukit.core.transcript import Transcript, Turn
from intervjukit.errors import FileError
from intervjukit.export.commented import Outgoing, write_commented
from intervjukit.formats.comments import read_commented

GOLDEN = Path(__file__).parent / "golden_commented.xml"
BOOK = Codebook(
    "prov",
    "Prov",
    facets=(
        Facet("valence", "Slag", values=(FacetValue("flaskhals", "Flaskhals", "Det som bromsar."),)),
        Facet("party", "Part", values=(FacetValue("vard", "Vården"),)),
    ),
    codes=(
        Code("vantetider", "Väntetider", "Tid som går.", limits=(Limit("det gäller ansvar", "ansvar"),)),
        Code(
            "ansvar", "Ansvar", "Vem.", examples=(Example("Ingen tog det.", {"valence": "flaskhals", "party": "vard"}),)
        ),
    ),
)
SAID = (
    ("interviewer", "Hur var det?"),
    ("respondent", "Vi väntade <åtta> & månader 😀👍🏽.\nSen hände\tdet."),
    ("note", "Paus"),
    ("respondent", "{% if %} =1+1 x\u0301 שלום café."),
)
AT = "2026-03-05T10:11:12.345+00:00"


def interview(said: tuple[tuple[str, str], ...] = SAID) -> Transcript:
    turns, place = [], 0
    for seq, (role, text) in enumerate(said, 1):
        turns.append(Turn(seq, role, "R", place, place + len(text)))  # type: ignore[arg-type]
        place += len(text) + 2
    return Transcript("S01", "sjuk", "\n\n".join(text for _, text in said), tuple(turns), date="2026-03-05")


def mark(number: int, transcript: Transcript, start: int, end: int, text: str = "Ansvar", who: str = "MK") -> Mark:
    return Mark(f"k{number}", Span(start, end), transcript.text[start:end], text, who, AT)


def some_marks(transcript: Transcript) -> tuple[Mark, ...]:
    """Codings that overlap, nest, share an edge, cover a line break, and go on into another turn."""
    start, text = transcript.turns[1].start, transcript.text
    last = transcript.turns[3]
    return (
        mark(1, transcript, start, start + 11, "Väntetider, Flaskhals, Vården"),
        mark(2, transcript, start + 3, start + 20, 'En rad\noch <en> till & "en"'),
        mark(3, transcript, start + 3, start + 6),
        mark(4, transcript, start + 11, text.index("hände") + 3, "Ansvar", "Åsa Öberg"),
        mark(5, transcript, text.index("det."), last.start + 8),
        mark(6, transcript, last.end - 5, last.end),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    transcript = interview()
    path = tmp_path_factory.mktemp("kommentarer") / "S01.docx"
    return write_commented(Outgoing("abc", transcript, "Sjukskrivna", BOOK, some_marks(transcript), True), path)


def test_the_file_is_valid_word(written: Path) -> None:
    assert list(OpenXmlValidator().validate(str(written)).errors) == []
    assert [each.name for each in written.parent.iterdir()] == [written.name]


def test_every_place_word_and_author_comes_back_exactly(written: Path) -> None:
    transcript, found = interview(), read_commented(written)
    marks = some_marks(transcript)
    assert (found.text, found.study, found.respondent, found.wave) == (transcript.text, "abc", "S01", 1)
    assert {(n.span, n.text, n.author) for n in found.notes} == {(m.span, m.text, m.author) for m in marks}
    assert found.sent == {m.key: m.fingerprint for m in marks}


def test_it_comes_back_exactly_from_libreoffice_too(written: Path, tmp_path: Path) -> None:
    ours, theirs = read_commented(written), read_commented(through_libreoffice(written, tmp_path / "lo"))
    assert (theirs.text, theirs.sent, theirs.respondent) == (ours.text, ours.sent, ours.respondent)
    assert sorted((n.span, n.text, n.author) for n in theirs.notes) == sorted(
        (n.span, n.text, n.author) for n in ours.notes
    )


def test_what_is_written_is_the_same_every_time(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        document = archive.read("word/document.xml").decode()
        comments, told = (archive.read(name).decode() for name in ("word/comments.xml", "docProps/custom.xml"))
    start, end = document.index('<w:p><w:pPr><w:pStyle w:val="IkRuta"/>'), document.index("Slut på intervjun")
    found = normalised("\n".join((document[start:end], comments, told)))
    assert found == GOLDEN.read_text("utf-8")


def test_the_box_tells_how_to_code_with_an_example_of_the_studys_own(written: Path) -> None:
    lines = [paragraph.text for paragraph in Document(str(written)).paragraphs]
    assert "Så kodar du i den här filen" in lines
    assert any("”kod: Ansvar, Flaskhals, Vården”" in line and "slag och part" in line for line in lines)
    assert any("sist i den här filen" in line for line in lines)
    assert "Intervjuare: Hur var det?" in lines


def test_a_group_keeps_its_speakers_apart(tmp_path: Path) -> None:
    one = interview()
    turns = tuple(replace(turn, label=f"R{turn.seq}") for turn in one.turns)
    path = write_commented(Outgoing("abc", replace(one, turns=turns), "Grupp", BOOK), tmp_path / "G.docx")
    lines = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    assert any(line.startswith("R2: ") for line in lines) and any(line.startswith("R4: ") for line in lines)
    assert read_commented(path).notes == ()


LETTERS = st.sampled_from(
    ["a", "ö", " ", "\n", "\t", "😀", "👍🏽", "e\u0301", "<", "&", "]]>", "\u200f", "\xa0", "\u2011"]
)
TURNS = st.lists(st.lists(LETTERS, min_size=1, max_size=12).map("".join), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given(TURNS, st.data())
def test_random_codings_go_out_and_come_back_equal(
    tmp_path_factory: pytest.TempPathFactory, said: list[str], data: st.DataObject
) -> None:
    transcript = interview(tuple(("respondent", normalise(f"x{text}x")) for text in said))
    inside = [n for turn in transcript.turns for n in range(turn.start, turn.end)]
    marks = []
    for number in range(data.draw(st.integers(0, 6))):
        start = data.draw(st.sampled_from(inside))
        end = data.draw(st.sampled_from([n + 1 for n in inside if n >= start]))
        marks.append(mark(number, transcript, start, end, f"Kod {number}"))
    path = tmp_path_factory.mktemp("slump") / "S01.docx"
    write_commented(Outgoing("abc", transcript, "", BOOK, tuple(marks)), path)
    found = read_commented(path)
    assert found.text == transcript.text
    assert sorted((n.text, n.span) for n in found.notes) == sorted((m.text, m.span) for m in marks)


# --- what colleagues' programs make of it -----------------------------------------------------------


def test_a_reply_stands_where_the_comment_it_answers_does_and_resolved_ones_are_told(
    written: Path, tmp_path: Path
) -> None:
    path = tmp_path / "svar.docx"
    path.write_bytes(written.read_bytes())
    w14 = "http://schemas.microsoft.com/office/word/2010/wordml"
    w15 = "http://schemas.microsoft.com/office/word/2012/wordml"
    answer = (
        f'<w:comment w:id="90" w:author="BL" w:initials="BL"><w:p xmlns:w14="{w14}" w14:paraId="00000002">'
        "<w:r><w:t>Ansvar</w:t></w:r></w:p></w:comment></w:comments>"
    )

    def with_answer(xml: str) -> str:
        first = xml.index("<w:p>", xml.index('w:id="0"'))
        xml = f'{xml[:first]}<w:p xmlns:w14="{w14}" w14:paraId="00000001">{xml[first + 5 :]}'
        return xml.replace("</w:comments>", answer)

    threads = (
        f'<w15:commentsEx xmlns:w15="{w15}"><w15:commentEx w15:paraId="00000001" w15:done="1"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001" w15:done="0"/></w15:commentsEx>'
    )
    change_part(path, "word/comments.xml", with_answer)
    change_part(path, "word/commentsExtended.xml", lambda _: threads)
    notes = {(note.author, note.text): note for note in read_commented(path).notes}
    asked, reply = notes["MK", "Väntetider, Flaskhals, Vården"], notes["BL", "Ansvar"]
    assert reply.span == asked.span is not None
    assert (asked.resolved, reply.resolved) == (True, False)


def test_tracked_changes_new_paragraphs_and_a_comment_on_nothing(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "spårad.docx"
    path.write_bytes(written.read_bytes())

    def edited(xml: str) -> str:
        run = '<w:r><w:t xml:space="preserve">Hur var det?</w:t></w:r>'
        assert run in xml
        gone = '<w:del w:id="1" w:author="x"><w:r><w:delText>Hur</w:delText></w:r></w:del>'
        new = '<w:ins w:id="2" w:author="x"><w:r><w:t>Vad</w:t></w:r></w:ins><w:r><w:t> var det?</w:t></w:r>'
        new += '<w:r><w:commentReference w:id="91"/></w:r></w:p><w:p><w:r><w:t>Ett stycke till</w:t></w:r>'
        return xml.replace(run, gone + new)

    lone = '<w:comment w:id="91" w:author="BL"><w:p><w:r><w:t>Här</w:t></w:r></w:p></w:comment></w:comments>'
    change_part(path, "word/document.xml", edited)
    change_part(path, "word/comments.xml", lambda xml: xml.replace("</w:comments>", lone))
    found = read_commented(path)
    assert found.text.startswith("Vad var det?\nEtt stycke till\n\nVi väntade")
    assert [note.span for note in found.notes if note.author == "BL"] == [None]
    one = next(note for note in found.notes if note.text.startswith("Väntetider"))
    assert one.span is not None and found.text[slice(*one.span)] == "Vi väntade "


def test_letters_typed_apart_are_joined_and_places_follow(tmp_path: Path) -> None:
    transcript = interview((("respondent", "Café och é sen."),))
    marks = (mark(1, transcript, 9, 10, "A"), mark(2, transcript, 11, 14, "B"))
    path = write_commented(Outgoing("abc", transcript, "", BOOK, marks), tmp_path / "S01.docx")
    change_part(path, "word/document.xml", lambda xml: xml.replace("é", "e\u0301"))
    found = read_commented(path)
    assert found.text == transcript.text
    assert {note.text: note.span for note in found.notes} == {"A": Span(9, 10), "B": Span(11, 14)}


def test_another_word_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    Document().save(str(tmp_path / "annan.docx"))
    with pytest.raises(FileError, match="ingen intervju") as caught:
        read_commented(tmp_path / "annan.docx")
    assert "comments write" in caught.value.fix
    (tmp_path / "trasig.docx").write_bytes(b"PK\x03\x04 nonsens")
    with pytest.raises(FileError):
        read_commented(tmp_path / "trasig.docx")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(written: Path, tmp_path: Path) -> None:
    (tmp_path / "S01.docx").mkdir()
    with pytest.raises(FileError, match="går inte att skriva"):
        write_commented(Outgoing("abc", interview(), "", BOOK), tmp_path / "S01.docx")
    assert [each.name for each in tmp_path.iterdir()] == ["S01.docx"]
