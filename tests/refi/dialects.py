"""The same small project written the way each program writes it: nothing here uses the kit.

Run: python tests/refi/dialects.py FOLDER
It writes one .qdpx for each dialect, the code book of Taguette, and expected.json: what a reader must find in every
one of them. All people and words are invented.
"""

from __future__ import annotations

import json
import sys
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

TEXTS = {
    "Intervju A": "I: Hur började det? 😀\nR: Det var i våras 🌱. Ingen ringde, så jag väntade.\n\n"
    "I: Och sedan?\nR: Sedan fick jag hjälp av chefen 👩‍⚕️ på jobbet.\nTack!",
    "Intervju B": "Jag ringde telefontid varje morgon.\nTill slut svarade någon: ”Vi återkommer”.\nSedan blev det tyst",
    "Intervju C": "En café-träff utan någon plan, säger Åsa.",
}
"""Sources by name. The third is written with combining accents in the files (é as e + U+0301)."""
DECOMPOSED = "Intervju C"
CODES = {"Vård": None, "Väntan": "Vård", "Arbete": None, "Stöd": "Arbete"}
"""Codes by name with the one above."""
USERS = ("Ada", "Bo")
CODINGS = (
    ("Intervju A", "Det var i våras 🌱", "Väntan", "Ada"),
    ("Intervju A", "Ingen ringde", "Vård", "Bo"),
    ("Intervju A", "Ingen ringde, så jag väntade.", "Väntan", "Ada"),
    ("Intervju A", "jag väntade.\n\nI: Och sedan?\nR: Sedan fick jag hjälp", "Stöd", "Ada"),
    ("Intervju A", "hjälp av chefen 👩‍⚕️", "Stöd", "Ada"),
    ("Intervju A", "på jobbet", "Arbete", "Bo"),
    ("Intervju A", "Tack!", "Stöd", "Bo"),
    ("Intervju B", "Jag", "Väntan", "Ada"),
    ("Intervju B", "telefontid", "Väntan", "Ada"),
    ("Intervju B", "telefontid varje morgon", "Vård", "Bo"),
    ("Intervju B", "svarade någon", "Vård", "Ada"),
    ("Intervju B", "”Vi återkommer”", "Väntan", "Ada"),
    ("Intervju B", "tyst", "Väntan", "Bo"),
    ("Intervju C", "café-träff", "Stöd", "Ada"),
    ("Intervju C", "någon plan", "Vård", "Ada"),
    ("Intervju C", "säger Åsa", "Vård", "Bo"),
)
"""Source, words (each stands once in its text), code and user."""
VARIABLES = {"Intervju A": "34", "Intervju B": "51", "Intervju C": "47"}


@dataclass(frozen=True)
class Dialect:
    """How a program writes a project. ``drift``: what it wrongly adds to a place for every wide sign before it."""

    name: str
    origin: str = ""
    utf16: bool = False
    crlf: int = 0  # 0: LF in the file, 1: CRLF counted as one, 2: as two
    mark: bool = False
    mark_counted: bool = False
    inclusive: bool = False
    names: bool = False  # selections are named by their words
    cut_names: int = 0
    drift: int = 0
    folder: str = "sources"
    inner: str = "project.qde"
    scheme: str = "internal://"
    path_key: str = "plainTextPath"
    inline: bool = False
    users: bool = True
    codebook: bool = True
    braces: bool = False
    lead: str = ""  # before the XML declaration
    base_path: str = ""
    variables_on: str = "case"
    extra_files: tuple[tuple[str, bytes], ...] = ()
    empty_source: bool = False
    empty_lists: bool = False


DIALECTS = (
    Dialect("nvivo-windows", "NVivo 12.6", utf16=True, crlf=2, mark=True, folder="Sources"),
    Dialect("nvivo-mac", "NVivo 15 Mac", utf16=True, extra_files=(("sources/.root", b"\x00root"),), empty_source=True),
    Dialect(
        "atlas-ti", "ATLAS.ti 26", crlf=1, inner="Trial.qde", base_path="/hem/ada/Dokument", braces=True, names=True
    ),
    Dialect("maxqda", "MAXQDA 24.7", variables_on="source", names=True, cut_names=20),
    Dialect("qualcoder", "QualCoder 4.0", mark=True, names=True),
    Dialect("qualcoder-emoji", "QualCoder 4.0", mark=True, names=True, drift=2),
    Dialect("qualcoder-crlf", "QualCoder 4.0", mark=True, crlf=1),
    Dialect("aqda", "AQDA 0.5.0", folder="Sources"),
    Dialect("qc", scheme="", names=True),
    Dialect("text-in-xml", "Quirkos 2", inline=True),
    Dialect("rich-path-to-text", "ATLAS.ti 23", path_key="richTextPath"),
    Dialect("no-users", users=False),
    Dialect("no-codebook", "Något program", codebook=False),
    Dialect("mark-before-xml", "ATLAS.ti 22", lead="\ufeff"),
    Dialect("blank-before-xml", lead="\r\n ", empty_lists=True),
    Dialect("last-character-included", "Efter standardens ord", inclusive=True),
    Dialect("mark-counted", "Räknar filens märke", mark=True, mark_counted=True, crlf=2, utf16=True),
)


def file_text(name: str, dialect: Dialect) -> str:
    """Return a source's text as it stands in the dialect's file, without byte order mark."""
    text = TEXTS[name]
    if name == DECOMPOSED:
        text = text.replace("é", "e\u0301").replace("Å", "A\u030a").replace("å", "a\u030a").replace("ä", "a\u0308")
    return text.replace("\n", "\r\n") if dialect.crlf else text


def place(name: str, words: str, dialect: Dialect) -> tuple[int, int]:
    """Return where the words begin and end by the dialect's way to count."""
    text = file_text(name, dialect)
    sought = words if name != DECOMPOSED else _decomposed(words)
    sought = sought.replace("\n", "\r\n") if dialect.crlf else sought
    assert text.count(sought) == 1, (name, words)
    start = text.index(sought)
    return _count(text[:start], dialect), _count(text[: start + len(sought)], dialect) - dialect.inclusive


def _decomposed(words: str) -> str:
    return words.replace("é", "e\u0301").replace("Å", "A\u030a").replace("å", "a\u030a").replace("ä", "a\u0308")


def _count(before: str, dialect: Dialect) -> int:
    counted = before.replace("\r\n", "\n") if dialect.crlf == 1 else before
    wide = sum(sign > "\uffff" for sign in counted)
    number = len(counted) + (wide if dialect.utf16 else 0) + dialect.drift * wide
    return number + (dialect.mark and dialect.mark_counted)


def guid(dialect: Dialect, *parts: object) -> str:
    """Return the GUID of a thing, in the dialect's manner."""
    plain = str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(map(str, (dialect.name, *parts)))))
    return f"{{{plain.upper()}}}" if dialect.braces else plain


def project_xml(dialect: Dialect) -> str:
    """Return the dialect's project as XML."""
    origin = f" origin={quoteattr(dialect.origin)}" if dialect.origin else ""
    base = f" basePath={quoteattr(dialect.base_path)}" if dialect.base_path else ""
    return (
        f'{dialect.lead}<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="Provet"{origin}{base}>'
        f"{_users(dialect)}{_codebook(dialect)}{_variables(dialect)}{_cases(dialect)}"
        f"<Sources>{''.join(_sources(dialect))}</Sources>"
        f"{'<Sets/><Graphs/>' if dialect.empty_lists else ''}</Project>"
    )


def _users(dialect: Dialect) -> str:
    if not dialect.users:
        return ""
    return f"<Users>{''.join(f'<User guid={quoteattr(guid(dialect, u))} name={quoteattr(u)}/>' for u in USERS)}</Users>"


def _codebook(dialect: Dialect) -> str:
    if not dialect.codebook:
        return ""

    def tree(parent: str | None) -> str:
        return "".join(
            f'<Code guid="{guid(dialect, "code", code)}" name={quoteattr(code)} isCodable="true" color="#f80">'
            f"<Description>Om {escape(code)}</Description>{tree(code)}</Code>"
            for code, above in CODES.items()
            if above == parent
        )

    return f"<CodeBook><Codes>{tree(None)}</Codes></CodeBook>"


def _variables(dialect: Dialect) -> str:
    own = guid(dialect, "variable")
    return f'<Variables><Variable guid="{own}" name="Ålder" typeOfVariable="Integer"/></Variables>'


def _value(dialect: Dialect, name: str) -> str:
    return (
        f'<VariableValue><VariableRef targetGUID="{guid(dialect, "variable")}"/>'
        f"<IntegerValue>{VARIABLES[name]}</IntegerValue></VariableValue>"
    )


def _cases(dialect: Dialect) -> str:
    cases = (
        f'<Case guid="{guid(dialect, "case", name)}" name={quoteattr(f"Fall {name}")}>'
        f"{_value(dialect, name) if dialect.variables_on == 'case' else ''}"
        f'<SourceRef targetGUID="{guid(dialect, "source", name)}"/></Case>'
        for name in TEXTS
    )
    return f"<Cases>{''.join(cases)}</Cases>"


def _sources(dialect: Dialect) -> Iterator[str]:
    for name in TEXTS:
        own = guid(dialect, "source", name)
        path = f'{dialect.path_key}="{dialect.scheme}{_file(dialect, name)}"'
        content = f"<PlainTextContent>{escape(file_text(name, dialect))}</PlainTextContent>" if dialect.inline else ""
        yield (
            f'<TextSource guid="{own}" name={quoteattr(name)} {"" if dialect.inline else path}>{content}'
            f"{''.join(_selections(dialect, name))}"
            f"{_value(dialect, name) if dialect.variables_on == 'source' else ''}</TextSource>"
        )
    if dialect.empty_source:
        yield f'<TextSource guid="{guid(dialect, "tom")}" name="Tom" plainTextPath="internal://tom.txt"/>'


def _selections(dialect: Dialect, source: str) -> Iterator[str]:
    for number, (name, words, code, user) in enumerate(CODINGS):
        if name == source:
            start, end = place(name, words, dialect)
            by = f' creatingUser="{guid(dialect, user)}"' if dialect.users else ""
            said = words[: dialect.cut_names] + "…" if dialect.cut_names and len(words) > dialect.cut_names else words
            called = f" name={quoteattr(said)}" if dialect.names else ""
            yield (
                f'<PlainTextSelection guid="{guid(dialect, "selection", number)}"{called} startPosition="{start}" '
                f'endPosition="{end}"{by}><Coding guid="{guid(dialect, "coding", number)}"{by}>'
                f'<CodeRef targetGUID="{guid(dialect, "code", code)}"/></Coding></PlainTextSelection>'
            )


def _file(dialect: Dialect, name: str) -> str:
    return f"{guid(dialect, 'file', name).strip('{}')}.txt"


def write(dialect: Dialect, target: Path) -> Path:
    """Write the dialect's .qdpx and return its path."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(dialect.inner, project_xml(dialect))
        for name in () if dialect.inline else TEXTS:
            mark = b"\xef\xbb\xbf" if dialect.mark else b""
            archive.writestr(f"{dialect.folder}/{_file(dialect, name)}", mark + file_text(name, dialect).encode())
        if dialect.empty_source:
            archive.writestr("sources/tom.txt", b"\n")
        for name, data in dialect.extra_files:
            archive.writestr(name, data)
    return target


TAGUETTE = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5.2">
<Codes><Code guid="0d1b6a1e-3b5e-5b0a-8f5e-0c7f8f6f6a01" name="vård" isCodable="true"/>
<Code guid="0d1b6a1e-3b5e-5b0a-8f5e-0c7f8f6f6a02" name="vård.väntan" isCodable="true"/>
<Code guid="0d1b6a1e-3b5e-5b0a-8f5e-0c7f8f6f6a03" name="arbete" isCodable="true"/></Codes>
<Sets/></CodeBook>
"""
"""Taguette's code book: an empty list of sets (which the schema forbids), no descriptions, the tree laid flat."""


def expected() -> dict[str, object]:
    """Return what a reader must find in every dialect."""
    return {
        "texts": TEXTS,
        "codes": CODES,
        "codings": [dict(zip(("source", "words", "code", "user"), row, strict=True)) for row in CODINGS],
        "age": VARIABLES,
    }


def main() -> None:
    """Write every dialect to the folder that is given."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for dialect in DIALECTS:
        write(dialect, folder / f"{dialect.name}.qdpx")
    (folder / "taguette.qdc").write_text(TAGUETTE, encoding="utf-8")
    (folder / "expected.json").write_text(json.dumps(expected(), ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
