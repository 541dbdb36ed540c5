"""Files of every kind that are read, and ways to spoil them: for the tests, and longer for bench/fuzz_readers.py."""

from __future__ import annotations

import copy
import io
import json
import random
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))

from document_files import odt, odt_para, odt_table, pdf, pdf_lines, rtf
from word_files import bold, para, run, table, word

LINES = ("Kod: S01", "I: Hur började det, åäö?", "R: Det kom smygande – ”så”.", "I: Och sedan?", "R: 🙂 Nej.")
_CUES = "".join(
    f"{n}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n<v {line[0]}>{line[3:]}</v>\n\n"
    for n, line in enumerate(LINES[1:], 1)
)
_COMMENTED = (
    '<w:p><w:commentRangeStart w:id="1"/><w:r><w:t>R: Jo.</w:t></w:r><w:commentRangeEnd w:id="1"/>'
    '<w:ins w:id="2"><w:r><w:t>Ja.</w:t></w:r></w:ins><w:r><w:commentReference w:id="1"/></w:r></w:p>'
)


def _plain(encoding: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes("\r\n".join(LINES).replace("🙂", "").encode(encoding))


def _rtf(path: Path) -> Path:
    body = r"\par ".join(line.encode("ascii", "replace").decode() for line in LINES)
    return rtf(path, body + r"{\*\atnauthor A}{\*\annotation x}\par\trowd\intbl a\cell b\cell\row\u229?\'e5{\v d}")


def _whisper(path: Path) -> object:
    segments = [{"start": n, "end": n + 1, "text": line, "speaker": line[0]} for n, line in enumerate(LINES)]
    return path.write_text(json.dumps({"segments": segments}, ensure_ascii=False), encoding="utf-8")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("S01.txt", "\n".join(LINES))
        archive.writestr("x/S02.txt", "\n".join(LINES))


MAKERS: Mapping[str, Callable[[Path], object]] = {
    "ord.docx": lambda path: word(path, *map(para, LINES), _COMMENTED, table(("I", "Hej?"), ("R", "Hej."))),
    "fet.docx": lambda path: word(path, para(bold("Hur då, nu?")), para(run("Så."), run("x", "<w:vanish/>"))),
    "a.odt": lambda path: odt(path, *map(odt_para, LINES), odt_table(("Ålder", "47"))),
    "a.rtf": _rtf,
    "a.pdf": lambda path: pdf(path, pdf_lines(*(line.replace("🙂", "") for line in LINES)), pdf_lines("R: Mer.")),
    "utf8.txt": _plain("utf-8"),
    "utf16.txt": _plain("utf-16"),
    "cp1252.txt": _plain("cp1252"),
    "a.vtt": lambda path: path.write_text("WEBVTT\n\n" + _CUES, encoding="utf-8"),
    "a.srt": lambda path: path.write_text(_CUES.replace(".000", ",000"), encoding="utf-8"),
    "a.json": _whisper,
    "a.zip": _zip,
}
_BITS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\n\n", b": ", b"\t", b"<", b">", b"&#0;", b"{", b"}", b"\\", b"\\u-1?",
    b"\\bin9", b"-->", b"<v ", b"\xed\xa0\x80", b"1e999", b"null", b"[[[[", b"\\'", b"<w:p>", b"</w:tbl>",
    b"<text:s text:c='9'/>", b"99999", b"PK\x01\x02", b"endobj", b"stream", b"/Length 9", b"R: ", b"\r",
)  # fmt: skip
_XML = (".docx", ".odt")
_ODD: tuple[object, ...] = (None, -1, 1e300, "", "00:01", [], {}, True, "x" * 99, "R:")


def spoilt(name: str, whole: bytes, chance: random.Random) -> bytes:
    """Return a file with a few of its bytes changed; in half of the zipped ones inside an entry, under a sound zip."""
    if name.endswith(_XML) and chance.random() < 0.8:
        return _spoilt_entry(whole, chance)
    if name.endswith(".json") and chance.random() < 0.6:
        return _other_values(whole, chance)
    return _changed(whole, chance)


def _changed(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[place : place + chance.randint(0, 12)] = chance.choice(_BITS)
            case 1:
                data[place : place + chance.randint(1, 3)] = chance.randbytes(chance.randint(0, 4))
            case 2:
                del data[place : place + chance.randint(1, 40)]
            case _:
                length = chance.randint(1, 60)
                data[place:place] = data[place : place + length] * chance.randint(1, 5)
    return bytes(data)


def _moved(xml: bytes, chance: random.Random) -> bytes:
    """Return an XML text that is still one, with elements moved, doubled, emptied or taken away."""
    try:
        root = etree.fromstring(xml)
    except etree.LxmlError:  # not all that is called .xml in the files is
        return _changed(xml, chance)
    for _ in range(chance.randint(1, 6)):
        each = list(root.iter("*"))
        chosen, other = chance.choice(each), chance.choice(each)
        match chance.randrange(4):
            case 0:
                other.append(copy.deepcopy(chosen))
            case 1 if chosen.getparent() is not None:
                chosen.getparent().remove(chosen)
            case 2:
                chosen.text, chosen.tail = chance.choice(("", "I: x?", "\u0085\u2028", "\ufeff")), chosen.text
            case _ if chosen.attrib:
                chosen.set(chance.choice(list(chosen.attrib)), chance.choice(("", "0", "-1", "²", "heading 1", "none")))
    return etree.tostring(root)


def _other_values(whole: bytes, chance: random.Random) -> bytes:
    """Return JSON that is still JSON, with other values than anybody would write."""
    data = json.loads(whole)
    for _ in range(chance.randint(1, 4)):
        segment = chance.choice(data["segments"])
        if isinstance(segment, dict):
            segment[chance.choice(("start", "end", "text", "speaker", "timestamps"))] = copy.deepcopy(
                chance.choice(_ODD)
            )
        data["segments"].insert(chance.randint(0, 5), copy.deepcopy(chance.choice((segment, *_ODD))))
    return json.dumps(data).encode()


def _spoilt_entry(whole: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in content if content[name]])
    content[name] = (_moved if name.endswith(".xml") and chance.random() < 0.8 else _changed)(content[name], chance)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in content.items():
            archive.writestr(each, data)
    return made.getvalue()
