"""Text files in the encodings people's programs write, with a doubt when the encoding had to be judged."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path

from intervjukit.core.text import normalise
from intervjukit.core.transcript import Doubt
from intervjukit.errors import FileError, RuleError

MOST_BYTES = 20 << 20

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SWEDISH = re.compile(r"[åäöÅÄÖéÉ–”’…»]")
_ODD = re.compile(r"[^\w\s.,;:!?'\"()\[\]{}<>/\\&%+=*#@_~–—”“’‘…»«§°|´`^$€-]|[†‡ˆ‰Š‹ŒŽ•™š›œžŸ¤¦¬¸ÐÞðþ]")
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_HALF = re.compile(rb"\xed[\xa0-\xbf]")
_GARBLED = re.compile(r"Ã[\x80-\xbf„…–†‰•œ]|Ã…|\ufffd")
_NAMES = {"cp1252": "Windows (cp1252)", "mac_roman": "äldre Mac (MacRoman)", "utf-16": "UTF-16"}


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return a file's content; FileError when it is missing, a folder, unreadable or larger than ``most``."""
    try:
        if path.is_dir():
            raise FileError(f"{path} är en mapp, inte en fil.", fix="Ange en fil.")
        if not path.is_file():
            raise FileError(f"Filen {path} finns inte.", fix="Kontrollera sökvägen.")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise FileError(
            f"Filen {path} går inte att läsa.",
            fix="Stäng den i andra program och kontrollera att du har rätt till den.",
        ) from error
    if len(data) > most:
        raise FileError(f"Filen {path} är för stor; den får vara högst {most / 1e6:.3g} MB.", fix="Dela upp den.")
    return data


def decode(data: bytes, name: str) -> tuple[str, list[Doubt]]:
    """Return the normalised text and, when the encoding was judged and not declared, a doubt that shows it.

    Order: byte order mark, strict UTF-8, UTF-16 without a mark, then cp1252 or MacRoman, whichever gives
    the more Swedish text. Raises FileError for empty, binary or too large content.
    """
    if len(data) > MOST_BYTES:
        raise FileError(f"{name} är för stor ({len(data) >> 20} MB, högst 20).", fix="Dela upp filen.")
    if not data.strip():
        raise FileError(f"{name} är tom.", fix="Kontrollera att rätt fil sparades.")
    encoding, judged = _encoding(data, name)
    try:
        text = normalise(data.decode(encoding))
    except (UnicodeDecodeError, RuleError) as error:
        raise FileError(
            f"{name} går inte att läsa som text{_where(data, error)}.",
            fix="Spara om filen som UTF-8 från programmet den kom ifrån.",
        ) from error
    if not text.strip():
        raise FileError(f"{name} är tom.", fix="Kontrollera att rätt fil sparades.")
    doubts = [_doubt(encoding, text)] if judged else []
    return text, doubts + ([] if judged else _garbled(text))


def _where(data: bytes, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f": tecknet på rad {data[: error.start].count(10) + 1} hör inte till någon känd teckenkodning"
    return f" ({str(error).split('.')[0]})"


def _encoding(data: bytes, name: str) -> tuple[str, bool]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, False
    nuls = data.count(b"\0")
    if nuls > len(data) // 5 and len(data) % 2 == 0:
        even = data[::2].count(b"\0")
        return ("utf-16-be" if even > nuls // 2 else "utf-16-le"), True
    if nuls or len(_BINARY.findall(data)) > len(data) // 100:
        raise FileError(
            f"{name} är ingen textfil, fast namnet säger det.",
            fix="Kontrollera filen; är det ett Word-dokument ska namnet sluta på .docx.",
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if _HALF.search(data):
            with suppress(UnicodeDecodeError):
                data.decode("utf-8", "surrogatepass")
                return "utf-8", False  # whose strict reading says on which line half a character stands
        return max(("cp1252", "mac_roman"), key=lambda encoding: _swedishness(data, encoding)), True
    return "utf-8", False


def _swedishness(data: bytes, encoding: str) -> int:
    text = data.decode(encoding, errors="replace")
    return len(_SWEDISH.findall(text)) - 3 * len(_ODD.findall(text)) - 10 * text.count("\ufffd")


def _doubt(encoding: str, text: str) -> Doubt:
    lines = text.splitlines()
    shown = next((line for line in lines if _GARBLED.search(line)), "")
    shown = shown or next((line for line in lines if _SWEDISH.search(line)), text[:60])
    return Doubt(
        "teckenkodning",
        f"Filen är inte UTF-8; den lästes som {_NAMES.get(encoding, 'UTF-16')}: ”{shown.strip()[:60]}”",
        "Ser å, ä och ö rätt ut är allt bra; annars sparar du om filen som UTF-8 och läser in den på nytt.",
    )


def _garbled(text: str) -> list[Doubt]:
    """Return a doubt when the text was spoilt before it was saved: "fÃ¶r", or marks for lost letters."""
    found = _GARBLED.search(text)
    if not found:
        return []
    start = max(0, found.start() - 20)
    return [
        Doubt(
            "teckenkodning",
            f"Tecken ser felkodade ut redan i filen: ”{' '.join(text[start : found.end() + 20].split())}”",
            "Spara om filen från programmet den kom ifrån och läs in den på nytt.",
        )
    ]
