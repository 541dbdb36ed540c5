"""What reading interviews costs: 33 of 6,000 words of each kind, one of 200,000, and the worst that are refused.

    python bench/reading.py

Prints CPU seconds and peak memory over that of the started program, each measured in a process of its own.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "formats")]

FILES, WORDS = 33, 6_000
MEASURED = """
import re, resource, sys
from pathlib import Path
def peak():  # of this program only; what getrusage says counts the one that started it too
    status = Path("/proc/self/status")
    if status.exists(): return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from intervjukit.errors import FileError
from intervjukit.formats import transcripts, word_text, forms
if sys.argv[1].endswith(".pdf"): import pypdf
before, least = resource.getrusage(resource.RUSAGE_SELF), peak()
read = words = 0
for name in sys.argv[1:]:
    try: words += sum(len(u.text.split()) for u in transcripts.read_interview(Path(name)).utterances); read += 1
    except FileError: pass
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(f"{read:>3} read, {words:>9} words, {cpu:6.2f} CPU s, {(peak() - least) / 1024:6.0f} MB")
"""
Lines = list[str]


def talk(words: int, chance: random.Random) -> Lines:
    """Return the lines of an interview put together of turns from the example study."""
    lines, number = ["Grupp: Sjukskrivna", "Datum: 2026-03-02"], 0
    while number < words:
        asked, answer = chance.choice(PAIRS)
        lines += [f"I: {asked}", *f"R: {answer}".split("\n")]
        number += len(asked.split()) + len(answer.split())
    return lines


def pairs() -> Iterator[tuple[str, str]]:
    from itertools import pairwise

    from intervjukit.formats.library import library
    from intervjukit.formats.transcripts import read_interview

    for file in sorted((library("examples") / "halsoflodet/intervjuer").iterdir()):
        for one, other in pairwise(read_interview(file).utterances):
            if (one.role, other.role) == ("interviewer", "respondent"):
                yield one.text, other.text


def as_word(path: Path, lines: Lines) -> None:
    """Write lines as Word does: every few words a run of their own, with properties, and Word's own styles beside."""
    from xml.sax.saxutils import escape

    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = Document()
    body = document.element.body
    properties = (
        '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/><w:sz w:val="22"/><w:lang w:val="sv-SE"/></w:rPr>'
    )
    for line in reversed(lines):
        words = line.split(" ")
        runs = "".join(
            f'<w:r w:rsidR="00AB12CD">{properties}<w:t xml:space="preserve">{escape(" ".join(words[at : at + 12]))} '
            "</w:t></w:r>"
            for at in range(0, len(words), 12)
        )
        paragraph = f'<w:p {nsdecls("w")} w:rsidR="00AB12CD"><w:pPr><w:spacing w:after="120"/></w:pPr>{runs}</w:p>'
        body.insert(0, parse_xml(paragraph))
    document.save(str(path))


def as_odt(path: Path, lines: Lines) -> None:
    from document_files import odt, odt_para

    odt(path, *map(odt_para, lines))


def as_rtf(path: Path, lines: Lines) -> None:
    from document_files import rtf, rtf_text

    rtf(path, r"\par ".join(map(rtf_text, lines)))


def as_pdf(path: Path, lines: Lines) -> None:
    import textwrap

    from document_files import pdf, pdf_lines

    wrapped = [part.encode("cp1252", "ignore").decode("cp1252") for line in lines for part in textwrap.wrap(line, 90)]
    pdf(path, *(pdf_lines(*wrapped[at : at + 50]) for at in range(0, len(wrapped), 50)))


def as_vtt(path: Path, lines: Lines) -> None:
    cues = (
        f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000 --> {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.900\n"
        f"<v {line[0]}>{line[3:]}</v>\n"
        for n, line in enumerate(lines)
        if line[1:3] == ": "
    )
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")


def as_whisper(path: Path, lines: Lines) -> None:
    said = [
        {"start": n, "end": n + 1, "text": line[3:], "speaker": line[0]}
        for n, line in enumerate(lines)
        if line[1:3] == ": "
    ]
    path.write_text(json.dumps({"segments": said}), encoding="utf-8")


def as_text(path: Path, lines: Lines) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")


KINDS: dict[str, Callable[[Path, Lines], None]] = {
    ".docx": as_word, ".odt": as_odt, ".rtf": as_rtf, ".pdf": as_pdf, ".txt": as_text, ".vtt": as_vtt,
    ".json": as_whisper,
}  # fmt: skip


def hostile(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the files that would cost most if they were let in, or are just let in."""
    from word_files import HEAD, TAIL, TALK, parts, save

    yield (
        "a part that unpacks to 90 MB",
        save(folder / "bomb.docx", parts(TALK, **{"word/bild.bin": b"\0" * (90 << 20)})),
    )
    yield "4,000,000 empty elements", save(folder / "bred.docx", parts("<w:r/>" * 4_000_000))
    few = random.Random(1).randbytes(700_000).hex()
    most = "".join(f"<w:r><w:t>{few[n : n + 6]}</w:t></w:r>" for n in range(0, 480_000 * 2, 2))
    yield (
        "960,000 elements, just let in",
        save(folder / "full.docx", parts(**{"word/document.xml": f"{HEAD}<w:p>{most}</w:p>{TAIL}"})),
    )
    deep = folder / "S01 djup.json"
    deep.write_text('[{"a":' * 2_000_000, encoding="utf-8")
    yield "2,000,000 levels of JSON", deep
    wide = folder / "S01 langt.txt"
    wide.write_text("I: Hej?\nR: " + "ord " * 4_900_000, encoding="utf-8")
    yield "one paragraph of 20 MB of text", wide
    with zipfile.ZipFile(folder / "manga.docx", "w") as archive:
        for n in range(5_200):
            archive.writestr(f"{n}.xml", "")
    yield "5,200 entries", folder / "manga.docx"


def measured(what: str, *files: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", MEASURED, *map(str, files)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    print(f"{what:36} {done.stdout.strip()}")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="reading-") as place:
        folder, chance = Path(place), random.Random(20260101)
        for ending, make in KINDS.items():
            files = [folder / f"S{n:02}{ending}" for n in range(1, FILES + 1)]
            for file in files:
                make(file, talk(WORDS, chance))
            measured(f"{FILES} x {WORDS} words {ending}", *files)
        long = talk(200_000, chance)
        for ending, make in KINDS.items():
            make(folder / f"S99{ending}", long)
            measured(f"200,000 words {ending}", folder / f"S99{ending}")
        for what, file in hostile(folder):
            measured(what, file)


PAIRS = list(pairs())

if __name__ == "__main__":
    main()
