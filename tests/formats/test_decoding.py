"""Text in the encodings people's programs write: the same words, and a doubt where the encoding was judged."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.errors import FileError, IntervjukitError
from intervjukit.formats.decoding import MOST_BYTES, decode, read_bytes

TEXT = "I: Hur mår du på måndagar?\nR: Så där – ”okej”, på ett sätt. Ärligt talat värre.\nI: När då?\nR: Varje kväll.\n"


@pytest.mark.parametrize(
    ("data", "judged"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.replace("\n", "\r\n").encode(), ""),
        (TEXT.replace("\n", "\r").encode(), ""),
        (TEXT.encode("utf-16"), ""),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ""),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), ""),
        (TEXT.encode("utf-32"), ""),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows (cp1252)"),
        (TEXT.replace("\n", "\r\n").encode("cp1252"), "Windows (cp1252)"),
        (TEXT.encode("mac_roman"), "äldre Mac (MacRoman)"),
        (TEXT.replace("å", "a\u030a").encode(), ""),
    ],
)
def test_the_same_words_come_out_of_every_encoding(data: bytes, judged: str) -> None:
    text, doubts = decode(data, "S01.txt")
    assert text == TEXT
    assert [doubt.kind for doubt in doubts] == (["teckenkodning"] if judged else [])
    for doubt in doubts:
        assert judged in doubt.message and "Hur mår du på måndagar?" in doubt.message


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.text("abcdefghijklmnopqrstuvwxyz åäö ÅÄÖé,.–”?", min_size=3), min_size=1).map("\n".join),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_any_swedish_text_comes_out_as_it_was(text: str, encoding: str) -> None:
    text = "Språket är svenska på raden här, och åäö är vanliga.\n" + text
    assert decode(text.encode(encoding), "S01.txt")[0] == text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "är tom"),
        (b" \r\n\t", "är tom"),
        (codecs.BOM_UTF8, "är tom"),
        (b"I: hej\0R: du", "ingen textfil"),
        (bytes(range(256)) * 4, "ingen textfil"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 20, "ingen textfil"),
        ("\ufeffhej".encode("utf-16-le") + b"x", "går inte att läsa som text"),
        (b"\xff\xfe\x00\xd8\x41\x00", "går inte att läsa som text"),
        (b"x" * (MOST_BYTES + 1), "för stor"),
    ],
)
def test_what_is_no_text_is_refused_by_name_and_in_swedish(data: bytes, told: str) -> None:
    with pytest.raises(FileError) as caught:
        decode(data, "S01.txt")
    assert told in caught.value.problem and "S01.txt" in caught.value.problem
    assert "codec" not in str(caught.value) and "decode" not in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize("spoilt", ["I: Hur mÃ¥r du pÃ¥ jobbet?", "R: Det \ufffdr sv\ufffdrt."])
def test_text_that_was_spoilt_before_it_was_saved_is_doubted(spoilt: str) -> None:
    text, doubts = decode(spoilt.encode(), "S01.txt")
    assert text == spoilt
    assert [doubt.kind for doubt in doubts] == ["teckenkodning"]
    assert "felkodade" in doubts[0].message


def test_mixed_encodings_show_the_spoilt_line() -> None:
    _, doubts = decode(
        "R: Allt är bra.\nR: Hon sa för mycket.\n".encode() + "R: På jobbet är det så.".encode("cp1252"), "x.txt"
    )
    assert len(doubts) == 1 and "Ã" in doubts[0].message


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "stor.txt"
    with path.open("wb") as file:
        file.truncate(8 << 30)
    with pytest.raises(FileError, match="för stor"):
        read_bytes(path)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_our_own_error(data: bytes) -> None:
    try:
        text, _ = decode(data, "S01.txt")
    except IntervjukitError as error:
        assert error.problem and error.fix
    else:
        assert text.strip() and "\r" not in text and "\0" not in text
