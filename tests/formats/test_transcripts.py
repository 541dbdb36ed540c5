"""Transcripts in the forms people write them: the same words and speakers come back from all of them."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_files import bold, para, table, word

from intervjukit.core.transcript import RawInterview
from intervjukit.errors import FileError, IntervjukitError
from intervjukit.formats.library import library
from intervjukit.formats.transcripts import read_interview

EXAMPLE = library("examples") / "halsoflodet"
FILES = sorted(EXAMPLE.joinpath("intervjuer").iterdir())
SHORT = {"interviewer": "I", "respondent": "R", "note": "-"}


def _said(raw: RawInterview) -> list[tuple[str, str]]:
    return [(SHORT[u.role or "respondent"], u.text) for u in raw.utterances]


def _text(tmp_path: Path, content: str, name: str = "S01.txt") -> RawInterview:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return read_interview(path)


def _kinds(raw: RawInterview) -> list[str]:
    return [doubt.kind for doubt in raw.doubts]


# --- the example study ----------------------------------------------------------------------------------


def _by_file(name: str, column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    with (EXAMPLE / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found[row["file"]].append(row[column])
    return found


ASKED, QUOTED = _by_file("fragor.csv", "text"), _by_file("kodningar.csv", "quote")


def test_there_are_33_example_interviews_each_with_questions_and_codings() -> None:
    assert len(FILES) == 33
    assert {file.name for file in FILES} == set(ASKED) == set(QUOTED)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_interview_reads_back_to_the_words_of_the_answer_key(file: Path) -> None:
    raw = read_interview(file)
    assert [text for who, text in _said(raw) if who == "I"] == ASKED[file.name]
    answers = [text for who, text in _said(raw) if who == "R"]
    assert {quote: sum(text.count(quote) for text in answers) for quote in QUOTED[file.name]} == dict.fromkeys(
        QUOTED[file.name], 1
    )
    assert raw.facts["kod"] in file.stem
    assert {"grupp", "datum", "längd", "intervjuare"} <= set(raw.facts)
    assert set(_kinds(raw)) <= {"teckenkodning"}


# --- labels ---------------------------------------------------------------------------------------------

QA = [("I", "Hur började det?"), ("R", "Det kom smygande."), ("I", "Och sedan?"), ("R", "Det blev värre.")]
FORMS = {
    "I/R": "I: {}|R: {}",
    "no space": "I:{}|R:{}",
    "tabs": "I\t{}|R\t{}",
    "colon and tab": "I:\t{}|IP:\t{}",
    "no-break space": "I:\u00a0{}|R:\u00a0{}",
    "words": "Intervjuare: {}|Respondent: {}",
    "asked and answered": "Fråga: {}|Svar: {}",
    "small letters": "i: {}|r: {}",
    "stars": "**I:** {}|**R:** {}",
    "time before": "[00:01:02] I: {}|[00:01:09] R: {}",
    "bare time before": "00:01:02 I: {}|00:01:09 R: {}",
    "time after": "I 00:12:03: {}|R 00:12:09: {}",
    "time in brackets after": "I [00:12:03]: {}|R (0:12): {}",
    "time with decimals": "00:01:02.123 I: {}|00:01:09,5 R: {}",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", [".txt", ".docx"])
def test_known_labels_in_every_form_give_the_same_talk(tmp_path: Path, form: str, ending: str) -> None:
    asks, answers = FORMS[form].split("|")
    lines = [(asks if who == "I" else answers).format(text) for who, text in QA]
    path = tmp_path / f"S01{ending}"
    if ending == ".txt":
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        word(path, *(para(line) for line in lines))
    raw = read_interview(path)
    assert _said(raw) == QA
    assert raw.doubts == ()
    assert bool(raw.utterances[0].begins) == ("time" in form)


def test_one_question_and_one_answer_are_an_interview(tmp_path: Path) -> None:
    assert _said(_text(tmp_path, "I: Hur går det?\nR: Bra.")) == [("I", "Hur går det?"), ("R", "Bra.")]


def test_a_label_in_another_case_is_the_same_speaker(tmp_path: Path) -> None:
    raw = _text(tmp_path, "I: Ett?\nR: Två.\ni: Tre?\nR: Fyra.\nI: Fem?\nr: Sex.")
    assert [who for who, _ in _said(raw)] == ["I", "R"] * 3


def test_initials_with_the_facts_above_need_no_doubt_whatever_the_order(tmp_path: Path) -> None:
    facts = ["Intervjuare: MK", "Datum: 2026-02-10", "Kod: S01", "Grupp: Sjukskrivna", "Längd: 40 min"]
    talk = "\n\nMK: Hur började det?\nS01: Det kom.\nMK: Och sedan?\nS01: Det blev värre.\n"
    for turn in range(len(facts)):
        raw = _text(tmp_path, "\n".join(facts[turn:] + facts[:turn]) + talk)
        assert dict(raw.facts) == {
            "intervjuare": "MK", "datum": "2026-02-10", "kod": "S01", "grupp": "Sjukskrivna", "längd": "40 min",
        }  # fmt: skip
        assert [who for who, _ in _said(raw)] == ["I", "R"] * 2
        assert raw.doubts == ()


@pytest.mark.parametrize(
    "facts",
    [
        "Intervjuare: MK\nRespondent: S01\nDatum: 2026-02-10",
        "Respondent: S01\nIntervjuare: Maria Karlsson\nDatum: 2026-02-10",
    ],
)
def test_facts_that_look_like_speakers_are_not_talk(tmp_path: Path, facts: str) -> None:
    raw = _text(
        tmp_path, f"{facts}\n\nIntervjuare: Hur är det i dag?\nRespondent: Bra.\nIntervjuare: Hur då?\nRespondent: Jo."
    )
    assert raw.facts["kod"] == "S01" and raw.facts["intervjuare"].startswith("M")
    assert [text for _, text in _said(raw)] == ["Hur är det i dag?", "Bra.", "Hur då?", "Jo."]


def test_a_short_first_question_is_not_taken_for_a_fact(tmp_path: Path) -> None:
    raw = _text(tmp_path, "I: Okej.\nHon sa: gå.\nR: Ja.\nI: Hm?\nR: Jo.")
    assert _said(raw)[0] == ("I", "Okej.\nHon sa: gå.")


def test_an_interview_number_does_not_hide_the_respondents_code(tmp_path: Path) -> None:
    raw = _text(tmp_path, "Kod: S01\nIntervju: nummer tre\nI: Hej?\nR: Hej.", "annat.txt")
    assert raw.facts == {"kod": "S01", "Intervju": "nummer tre"}
    assert _text(tmp_path, "Respondent: en kvinna\nI: Hej?\nR: Hej.", "Intervju_S02.txt").facts["kod"] == "S02"


def test_unknown_labels_are_told_apart_by_their_questions_and_that_is_doubted(tmp_path: Path) -> None:
    raw = _text(
        tmp_path, "Bo: Det kom.\nAnna: Hur då?\nBo: Smygande.\nAnna: Och sen?\nBo: Värre.\nAnna: När?\nBo: I maj."
    )
    assert [who for who, _ in _said(raw)] == ["R", "I", "R", "I", "R", "I", "R"]
    assert [doubt.message for doubt in raw.doubts] == [
        "”Anna” antas vara intervjuaren, eftersom de flesta frågorna står där."
    ]


def test_the_one_who_is_not_the_known_respondent_asks(tmp_path: Path) -> None:
    raw = _text(
        tmp_path, "Kod: S01\nS01: Är det på?\nMK: Berätta.\nS01: Vad då?\nMK: Vad som helst.\nS01: Jaha?\nMK: Ja."
    )
    assert {u.label: u.role for u in raw.utterances} == {"S01": "respondent", "MK": "interviewer"}
    assert _kinds(raw) == ["talare"]


def test_a_third_speaker_is_doubted_by_name(tmp_path: Path) -> None:
    raw = _text(tmp_path, "I: Hur?\nR: Så.\nMake: Nej.\nI: Hur?\nR: Jo.\nMake: Jo.\nMake: Ja.\nI: Ja?\nR: Nej.")
    assert {u.label: u.role for u in raw.utterances} == {"I": "interviewer", "R": "respondent", "Make": "respondent"}
    assert len(raw.doubts) == 1 and "”Make”" in raw.doubts[0].message


@pytest.mark.parametrize(
    "content", ["R: Jag.\nR: Och jag.\nR: Jag igen.", "I: Vem?\nI: Vem då?", "MK: A.\nMK: B.\nMK: C."]
)
def test_only_one_speaker_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(FileError, match=r"S01\.txt: bara en talare är märkt"):
        _text(tmp_path, content)


def test_no_speaker_is_an_error_that_says_how_to_mark_them(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="vem som frågar") as caught:
        _text(tmp_path, "Bara en text.\nOch en rad till.")
    assert "I:" in caught.value.fix


def test_what_looks_like_a_label_inside_a_line_is_text(tmp_path: Path) -> None:
    answer = 'Hon sa så här: I: vila, R: jobba.\tOch kl. 10:30 gick jag. "R: aldrig!"'
    raw = _text(tmp_path, f"I: Vad sa hon?\nR: {answer}\nI: Och: hur då?\nR: Tja: så.")
    assert _said(raw) == [("I", "Vad sa hon?"), ("R", answer), ("I", "Och: hur då?"), ("R", "Tja: så.")]


def test_answers_that_only_begin_alike_are_no_speaker_beside_bold_questions(tmp_path: Path) -> None:
    talk = [(bold(f"Fråga {n}?"), f"Ja: så var det {n}.") for n in range(4)]
    raw = read_interview(word(tmp_path / "S01.docx", *(para(part) for pair in talk for part in pair)))
    assert _said(raw)[:2] == [("I", "Fråga 0?"), ("R", "Ja: så var det 0.")]
    assert len(_said(raw)) == 8


def test_paragraphs_without_a_label_belong_to_the_one_who_spoke(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", para("I: Hur?"), para("R: Först."), para("Sedan."),
                para("Rubrik", style="Rubrik1"),
                para("Till sist."), para("I: Mer?"), para("R: Nej."))  # fmt: skip
    assert _said(read_interview(path)) == [
        ("I", "Hur?"), ("R", "Först.\nSedan."), ("-", "Rubrik"), ("R", "Till sist."), ("I", "Mer?"), ("R", "Nej."),
    ]  # fmt: skip


def test_a_remark_in_the_transcript_is_a_note_even_when_there_is_only_one(tmp_path: Path) -> None:
    raw = _text(tmp_path, "I: Hur?\nR: Så.\nAnm: Telefonen ringer.\nI: Mer?\nR: Nej.")
    assert _said(raw)[2] == ("-", "Telefonen ringer.")


def test_the_same_speaker_twice_is_one_utterance(tmp_path: Path) -> None:
    assert _said(_text(tmp_path, "I: Ett?\nI: Två?\nR: Tre.\nR: Fyra.")) == [("I", "Ett?\nTvå?"), ("R", "Tre.\nFyra.")]


def test_a_long_text_before_the_talk_is_told_and_a_title_is_not(tmp_path: Path) -> None:
    talk = "\nI: Hur?\nR: Så."
    assert _kinds(_text(tmp_path, "Utskrift av intervju" + talk)) == []
    assert _kinds(_text(tmp_path, "Det här sades innan bandet gick i gång " * 3 + talk)) == ["text före"]


def test_soft_hyphens_go_and_no_break_spaces_stay(tmp_path: Path) -> None:
    raw = _text(tmp_path, "I: Sjuk\u00adskriven?\nR: I 10\u00a0000 da\u200bgar.")
    assert _said(raw) == [("I", "Sjukskriven?"), ("R", "I 10\u00a0000 dagar.")]


# --- layout ---------------------------------------------------------------------------------------------


def test_bold_questions_are_asked_and_the_rest_is_answered(tmp_path: Path) -> None:
    path = word(
        tmp_path / "x.docx", para("Kod: S01"), para("Bakgrund", style="Rubrik1"), para(bold("Hur började det?")),
        para("Smygande."), para("Sedan värre."), para("Arbete", style="Rubrik1"),
        para("Berätta om en dag.", style="Fet"),
        para("Den var ", bold("lång"), "."),
    )  # fmt: skip
    raw = read_interview(path)
    assert _said(raw) == [
        ("I", "Hur började det?"), ("R", "Smygande.\nSedan värre."), ("-", "Arbete"), ("I", "Berätta om en dag."),
        ("R", "Den var lång."),
    ]  # fmt: skip
    assert raw.facts == {"kod": "S01"} and raw.doubts == ()


def test_bold_questions_with_labelled_answers_are_not_given_to_the_respondent(tmp_path: Path) -> None:
    path = word(
        tmp_path / "S01.docx",
        para(bold("Hur började det?")),
        para("R: Smygande."),
        para(bold("Och sen?")),
        para("R: Värre."),
    )
    assert _said(read_interview(path)) == [
        ("I", "Hur började det?"),
        ("R", "Smygande."),
        ("I", "Och sen?"),
        ("R", "Värre."),
    ]


def test_questions_styled_as_headings_are_asked_when_nothing_else_is(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", para("Hur började det?", style="Rubrik1"), para("Smygande."))
    assert _said(read_interview(path)) == [("I", "Hur började det?"), ("R", "Smygande.")]


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("head", [[], [("Fråga", "Svar")]])
def test_a_filled_in_table_is_questions_and_answers(
    tmp_path: Path, numbered: bool, head: list[tuple[str, str]]
) -> None:
    rows = [
        *head,
        ("Hur började det?", "Smygande."),
        ("Berätta mer", "Nej."),
        ("Och sen?", para("Värre.") + para("Mycket.")),
    ]
    if numbered:
        rows = [(str(n), *row) for n, row in enumerate(rows)]  # type: ignore[misc]
    path = word(tmp_path / "x.docx", table(("Kod", "S01"), ("Datum", "2026-02-10")), table(*rows))
    raw = read_interview(path)
    assert [pair for pair in _said(raw) if pair[0] != "-"] == [
        ("I", "Hur började det?"), ("R", "Smygande."), ("I", "Berätta mer"), ("R", "Nej."), ("I", "Och sen?"),
        ("R", "Värre.\nMycket."),
    ]  # fmt: skip
    assert raw.facts["kod"] == "S01" and raw.facts["datum"] == "2026-02-10" and "Fråga" not in raw.facts


def test_a_table_with_a_column_of_speakers_is_talk(tmp_path: Path) -> None:
    rows = [("Talare", "Text"), ("I", "Hur började det?"), ("R", "Smygande."), ("I:", "Och sen?"), ("R:", "Värre.")]
    assert _said(read_interview(word(tmp_path / "S01.docx", table(*rows)))) == [
        ("I", "Hur började det?"), ("R", "Smygande."), ("I", "Och sen?"), ("R", "Värre."),
    ]  # fmt: skip


def test_a_file_without_questions_is_doubted(tmp_path: Path) -> None:
    raw = read_interview(word(tmp_path / "S01.docx", para("Rubrik", style="Rubrik1"), para("Text.")))
    assert "Inga frågor syns" in raw.doubts[0].message


# --- VTT ------------------------------------------------------------------------------------------------


def _vtt(tmp_path: Path, *cues: str, top: str = "") -> RawInterview:
    body = "".join(f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{cue}\n\n" for n, cue in enumerate(cues, 1))
    return _text(tmp_path, f"WEBVTT\n\n{top}{body}", "S01.vtt")


def test_cues_of_one_voice_are_joined_though_cut_in_mid_sentence(tmp_path: Path) -> None:
    raw = _vtt(
        tmp_path, "<v Anna>Hur började</v>", "<v Anna>det?</v>", "<v.loud Bo Ek>Det kom\nsmygande,</v>",
        "och blev värre.",
        "<v Anna>Ja?</v>", top="NOTE\nKod: S01\nIntervjuare: Anna\n\n",
    )  # fmt: skip
    assert _said(raw) == [("I", "Hur började det?"), ("R", "Det kom smygande, och blev värre."), ("I", "Ja?")]
    assert dict(raw.facts) == {"kod": "S01", "intervjuare": "Anna"}
    assert [(u.begins, u.ends) for u in raw.utterances] == [(1, 3), (3, 5), (5, 6)]
    assert raw.doubts == ()


def test_two_voices_in_one_cue_are_kept_apart_and_entities_are_read(tmp_path: Path) -> None:
    raw = _vtt(tmp_path, "<v Anna>Hur &amp; när?</v>\n<v Bo>I <i>maj</i> &lt;2025&gt;.</v>", "<v Anna>Ja?</v>")
    assert [text for _, text in _said(raw)] == ["Hur & när?", "I maj <2025>.", "Ja?"]
    assert [u.label for u in raw.utterances] == ["Anna", "Bo", "Anna"]


def test_a_voice_with_a_long_name_is_a_voice(tmp_path: Path) -> None:
    name = "Anna-Karin Svensson Lundgren (Försäkringskassan i Väst)"
    raw = _vtt(tmp_path, f"<v {name}>Hur?</v>", "<v 1>Så.</v>", f"<v {name}>Mer?</v>")
    assert {u.label: u.role for u in raw.utterances} == {name: "interviewer", "1": "respondent"}


def test_labels_in_the_text_do_instead_of_voices(tmp_path: Path) -> None:
    raw = _vtt(tmp_path, "Anna: Hur?", "Bo: Jo,", "så var det.", "Anna: Mer?", "Bo: Nej.", "Anna: Ja?", "Bo: Tack.")
    assert _said(raw)[:2] == [("I", "Hur?"), ("R", "Jo, så var det.")]


def test_words_before_the_first_voice_are_a_note_and_doubted(tmp_path: Path) -> None:
    raw = _vtt(tmp_path, "Inspelningen startar.", "<v Int>Hur?</v>", "<v R>Så.</v>")
    assert _said(raw)[0] == ("-", "Inspelningen startar.")
    assert _kinds(raw) == ["talare"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHej på dig.\n", "säger inte vem som talar"),
        ("WEBVTT\n", "säger inte vem som talar"),
        ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Anna>Hej.</v>\n", "bara en talare"),
        ("WEBVTT\n\nett --> två\n<v A>hej\n", "S01.vtt"),
        ("WEBVTT\n\n00:00:99.000 --> 00:61\n<v A>hej\n", "S01.vtt"),
    ],
)
def test_a_bad_vtt_file_is_an_error_by_name(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(FileError) as caught:
        _text(tmp_path, content, "S01.vtt")
    assert told in caught.value.problem and "S01.vtt" in caught.value.problem


# --- files ----------------------------------------------------------------------------------------------


def test_what_cannot_be_an_interview_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "tom.txt").write_bytes(b"")
    (tmp_path / "bild.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 90)
    (tmp_path / "sida.doc").write_text("<html><body>I: Hej?</body></html>", encoding="utf-8")
    (tmp_path / "mapp.txt").mkdir()
    (tmp_path / "mapp.docx").mkdir()
    for name, told in [
        ("saknas.txt", "finns inte"), ("tom.txt", "är tom"), ("bild.txt", "är en bild"),
        ("sida.doc", "är en webbsida"),
        ("mapp.txt", "är en mapp"), ("mapp.docx", "är en mapp"),
    ]:  # fmt: skip
        with pytest.raises(FileError) as caught:
            read_interview(tmp_path / name)
        assert told in caught.value.problem and name in caught.value.problem and caught.value.fix


# --- properties -----------------------------------------------------------------------------------------

LINE = st.text(st.sampled_from("abcåäö ,.!–”é🙂\u00a0:\t0123"), min_size=1, max_size=40).map(
    lambda s: f"Jo {s} då.".replace("\t ", " ")
)
DIALOGUE = st.lists(st.tuples(LINE, LINE), min_size=1, max_size=5)
WAYS = ("I: ", "I:\t", "txt", "fet", "tabell", "vtt")


@settings(max_examples=40, deadline=None)
@given(DIALOGUE, st.sampled_from(WAYS))
def test_any_dialogue_reads_back_the_same_from_every_form(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], way: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    talk = [(who, text) for ask, answer in pairs for who, text in (("I", ask[:-1] + "?"), ("R", answer))]
    if way == "vtt":
        cues = [f"<v {who}>{text}</v>" for who, text in talk]
        raw = _vtt(folder, *cues)
        talk = [(who, " ".join(text.split())) for who, text in talk]
    elif way == "txt":
        raw = _text(folder, "Kod: S01\r\n\r\n" + "\r\n".join(f"{who}: {text}" for who, text in talk))
    elif way == "fet":
        raw = read_interview(word(folder / "S01.docx", *(para(bold(t)) if w == "I" else para(t) for w, t in talk)))
    elif way == "tabell":
        rows = [(ask, answer) for (_, ask), (_, answer) in zip(talk[::2], talk[1::2], strict=True)]
        raw = read_interview(word(folder / "S01.docx", table(*rows)))
    else:
        labels = {"I": way, "R": way.replace("I", "R")}
        raw = read_interview(word(folder / "S01.docx", *(para(labels[w] + t) for w, t in talk)))
    assert _said(raw) == talk
    assert raw.doubts == ()


SEEDS = {
    ".txt": "Kod: S01\nIntervjuare: MK\n\nMK 00:01: Hur började det, åäö?\nS01: Det kom.\nMK: Och?\nS01: Nej.\n",
    ".vtt": "WEBVTT\n\nNOTE\nKod: S01\n\n1\n00:00:01.000 --> 00:00:02.000\n<v MK>Hur, åäö?</v>\n\n"
    "00:00:03.000 --> 00:00:04.000\n<v B>Jo.</v>\n",
}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(SEEDS)), st.data())
def test_a_mutated_text_or_vtt_file_raises_nothing_but_our_own_errors(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: st.DataObject
) -> None:
    raw = bytearray(SEEDS[ending].encode())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 12))] = data.draw(
            st.binary(max_size=6)
            | st.sampled_from([b"-->", b"<v ", b"\n\n", b": ", b"\t", b"NOTE\n", b"\xef\xbb\xbf", b"\xff\xfe"])
        )
    path = tmp_path_factory.getbasetemp() / f"mutant S01{ending}"
    path.write_bytes(bytes(raw))
    try:
        assert read_interview(path).utterances
    except IntervjukitError as error:
        assert error.problem and error.fix
