"""PDFs with text: lines and broken words joined, margins gone, and clear words about what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from document_files import PdfLine, pdf, pdf_lines

from intervjukit.errors import FileError
from intervjukit.formats import pdf as reader
from intervjukit.formats.pdf import read_pdf
from intervjukit.formats.transcripts import read_interview

FULL = "R: Jag lyfte en karl på hundratio kilo som hade satt sig fel på en pall, och det"
TALK = ("I: Hur började det?", FULL, "small till. Han bad om ursäkt hela vägen.", "I: Och sedan?", "R: Det blev värre.")


def _texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in read_pdf(path)[0]]


def test_hard_wraps_are_joined_and_labels_begin_anew(tmp_path: Path) -> None:
    raw = read_interview(pdf(tmp_path / "S01.pdf", pdf_lines(*TALK)))
    assert [(u.label, u.text) for u in raw.utterances] == [
        ("I", "Hur började det?"),
        ("R", f"{FULL[3:]} small till. Han bad om ursäkt hela vägen."),
        ("I", "Och sedan?"),
        ("R", "Det blev värre."),
    ]
    assert [doubt.kind for doubt in raw.doubts] == ["pdf"]


@pytest.mark.parametrize(
    ("end", "start", "joined"),
    [
        ("som hade arbets-", "livet framför sig", "hade arbetslivet framför"),
        ("som hade arbets-", "och familjelivet framför sig", "hade arbets- och familjelivet"),
        ("som hette Anna-", "Karin och var bibliotekarie där", "hette Anna-Karin och"),
        ("som då \u2013", "eller tidigare \u2013 hade varit där", "då \u2013 eller tidigare"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_whole_again(tmp_path: Path, end: str, start: str, joined: str) -> None:
    long = "R: Det var en lång dag på kontoret med många som kom och gick och en "
    text = _texts(pdf(tmp_path / "a.pdf", pdf_lines("I: Vem?", long + end, start, "I: Jaha?", "R: Ja.")))[1]
    assert joined in text


def test_headers_footers_and_page_numbers_are_dropped_and_the_talk_goes_on_over_the_page(tmp_path: Path) -> None:
    def page(number: int, *lines: str) -> list[PdfLine]:
        return [
            (72, 810, f"Projekt Björken, intervju S01, utskriven {number} mars", False),
            *pdf_lines(*lines),
            (280, 30, f"Sida {number} av 3", False),
        ]

    path = pdf(
        tmp_path / "S01.pdf",
        page(1, "I: Hur började det?", FULL),
        page(2, "small till.", "I: Och sedan?", FULL.replace("pall", "stol")),
        page(3, "gick ju inte.", "I: Mer?", "R: Nej."),
    )
    raw = read_interview(path)
    assert [u.text for u in raw.utterances] == [
        "Hur började det?",
        f"{FULL[3:]} small till.",
        "Och sedan?",
        f"{FULL[3:].replace('pall', 'stol')} gick ju inte.",
        "Mer?",
        "Nej.",
    ]


def test_paragraphs_set_apart_by_space_and_bold_questions_are_seen(tmp_path: Path) -> None:
    lines = [
        (72, 760, "Hur började det?", True),
        (72, 740, "Det kom smygande, och sedan blev det bara värre och värre tills jag en dag inte", False),
        (72, 726, "kunde resa mig ur sängen, och då förstod jag att det var allvar, det", False),
        (72, 712, "var i maj.", False),
        (72, 690, "Nytt stycke här.", False),
        (72, 670, "Och vad hände sedan, när du kom till läkaren?", True),
        (72, 650, "Ingenting.", False),
    ]
    raw = read_interview(pdf(tmp_path / "S01.pdf", lines))
    assert [(u.role, u.text.count("\n")) for u in raw.utterances] == [
        ("interviewer", 0),
        ("respondent", 1),
        ("interviewer", 0),
        ("respondent", 0),
    ]


def test_the_facts_at_the_top_stay_lines_of_their_own(tmp_path: Path) -> None:
    facts = ("Grupp: Sjukskrivna", "Datum: 2026-02-24", "Yrke: undersköterska")
    raw = read_interview(pdf(tmp_path / "S01.pdf", pdf_lines(*facts, *TALK)))
    assert raw.facts == {"kod": "S01", "grupp": "Sjukskrivna", "datum": "2026-02-24", "Yrke": "undersköterska"}


def test_a_scanned_pdf_is_told_and_so_is_a_page_without_text(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"saknar text.*inskannad") as caught:
        read_interview(pdf(tmp_path / "S01.pdf", [], []))
    assert "OCR" in caught.value.fix
    doubts = read_pdf(pdf(tmp_path / "S02.pdf", pdf_lines(*TALK), []))[1]
    assert "Sidor utan text: 2." in doubts[1].message


def test_a_pdf_whose_speakers_cannot_be_told_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="vem som frågar"):
        read_interview(pdf(tmp_path / "S01.pdf", pdf_lines("Fet rubrik som inte frågar", bold=True), pdf_lines("Ett.")))


def test_a_pdf_with_a_password_is_told(tmp_path: Path) -> None:
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>/ID[<{'43' * 16}><{'43' * 16}>]"
    with pytest.raises(FileError, match="lösenord"):
        read_pdf(pdf(tmp_path / "a.pdf", pdf_lines(*TALK), extra=lock))


@pytest.mark.parametrize("kept", [12, 0.3, 0.6])
def test_a_truncated_pdf_is_read_or_refused_by_name(tmp_path: Path, kept: float) -> None:
    path = pdf(tmp_path / "a.pdf", pdf_lines(*TALK))
    raw = path.read_bytes()
    path.write_bytes(raw[: int(kept if kept > 1 else len(raw) * kept)])
    with pytest.raises(FileError, match=r"a\.pdf"):
        read_pdf(path)


def test_too_many_pages_too_much_text_and_too_long_a_time_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pdf(tmp_path / "a.pdf", pdf_lines(*TALK), pdf_lines(*TALK))
    for limit, told in (
        ("MOST_PAGES", "fler än 1 sidor"),
        ("MOST_CHARACTERS", "orimligt"),
        ("MOST_PDF_SECONDS", "tog"),
    ):
        with monkeypatch.context() as patch, pytest.raises(FileError, match=told):
            patch.setattr(reader, limit, 1 if limit == "MOST_PAGES" else -1)
            read_pdf(path)
