"""An interview as a Word file with what is made of it in the margin: one comment per coding or memo.

Raw WordprocessingML beside what WordFile makes: python-docx's own way of adding comments is quadratic. A bookmark
stands where each turn's words begin, so that they are found again whatever is done to the rest; what went out is kept
in the file's own properties, which Word and LibreOffice leave alone.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from intervjukit.core.codebook import Codebook
from intervjukit.core.comments import END, PROPERTY, TURN, Mark, pack
from intervjukit.core.transcript import Transcript, Turn
from intervjukit.core.whole import whole_file
from intervjukit.export.word import Cell, Column, WordFile, clean

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_KINDS = "application/vnd.openxmlformats-officedocument"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""What every file's own properties belong to (ECMA-376, part 1, 22.3)."""
_HERE = "[[intervju]]"
_FIRST_BOOKMARK = 100_000
_INVITATION = "Så kodar du i den här filen"
_STYLES: Mapping[str, tuple[str, str, str, str]] = {
    "IkFraga": (
        "Intervju fråga",
        "paragraph",
        '<w:keepNext/><w:spacing w:before="160" w:after="40"/>',
        '<w:i/><w:color w:val="5B6570"/>',
    ),
    "IkSvar": ("Intervju svar", "paragraph", '<w:spacing w:before="0" w:after="120"/>', ""),
    "IkNot": (
        "Intervju notering",
        "paragraph",
        '<w:keepNext/><w:spacing w:before="200" w:after="60"/>',
        '<w:b/><w:color w:val="1F3A5F"/>',
    ),
    "IkRuta": (
        "Intervju ruta",
        "paragraph",
        '<w:keepLines/><w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="1F3A5F"/></w:pBdr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="F2F5F9"/><w:spacing w:before="0" w:after="0"/>'
        '<w:ind w:left="284"/>',
        "",
    ),
    "CommentText": ("annotation text", "paragraph", '<w:spacing w:before="0" w:after="0"/>', '<w:sz w:val="20"/>'),
    "CommentReference": ("annotation reference", "character", "", '<w:sz w:val="16"/>'),
}
"""The styles only this kind of file has, by id: name, kind, paragraph and run properties."""
_ROLES = {"interviewer": "IkFraga", "respondent": "IkSvar", "note": "IkNot"}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An interview that goes out: from which study, with which marks, and whether the code book rides along."""

    study: str
    transcript: Transcript
    group_name: str
    codebook: Codebook
    marks: tuple[Mark, ...] = ()
    with_codebook: bool = False


def write_commented(out: Outgoing, path: Path) -> Path:
    """Write an interview as Word with its marks as comments, whole or not at all. Raises FileError."""
    transcript = out.transcript
    word = WordFile(f"Intervju {transcript.respondent}", "Intervju att koda med kommentarer")
    word.heading(f"Intervju {transcript.respondent}", listed=False)
    wave = f"omgång {transcript.wave}" if transcript.wave > 1 else ""
    word.text(", ".join(filter(None, (out.group_name, wave, transcript.date))), "Subtitle")
    word.text(_HERE)
    if out.with_codebook:
        _codebook(word, out.codebook)
    draft = path.with_name(f".{path.stem}.utkast.docx")
    try:
        word.save(draft)
        with whole_file(path) as part:
            _complete(draft, part, out)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return path


def _complete(draft: Path, path: Path, out: Outgoing) -> None:
    """Copy the draft with the interview in its place, the comments and what went out."""
    new = {"docProps/custom.xml": _properties(out)}
    if out.marks:
        new["word/comments.xml"] = _comments(out.marks)
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            xml = old.read(name)
            if name == "word/document.xml":
                xml = _replaced(xml, _interview(out))
            elif name == "word/styles.xml":
                xml = _with_styles(xml)
            elif name in ("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"):
                xml = _announced(name, xml, new)
            archive.writestr(name, xml)
        for name, text in new.items():
            archive.writestr(name, text)


def _replaced(document: bytes, interview: str) -> bytes:
    """Return the document with the interview in place of the paragraph that says where it goes."""
    text = document.decode("utf-8")
    here = text.index(_HERE)
    start = max(text.rindex("<w:p>", 0, here), text.rfind("<w:p ", 0, here))
    end = text.index("</w:p>", here) + len("</w:p>")
    return (text[:start] + interview + text[end:]).encode()


def _with_styles(styles: bytes) -> bytes:
    text = styles.decode("utf-8")
    normal = re.search(r'<w:style [^>]*w:default="1"[^>]*w:styleId="([^"]+)"[^>]*>\s*<w:name w:val="[Nn]ormal"', text)
    made = ""
    for key, (name, kind, paragraph, run) in _STYLES.items():
        if f'w:styleId="{key}"' in text:
            continue
        based = f'<w:basedOn w:val="{normal[1]}"/>' if normal and kind == "paragraph" else ""
        own = ' w:customStyle="1"' if key.startswith("Ik") else ""
        shown = "<w:qFormat/>" if own else '<w:uiPriority w:val="99"/><w:unhideWhenUsed/>'
        made += f'<w:style w:type="{kind}"{own} w:styleId="{key}"><w:name w:val="{name}"/>{based}{shown}'
        made += f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
        made += (f"<w:rPr>{run}</w:rPr>" if run else "") + "</w:style>"
    return text.replace("</w:styles>", f"{made}</w:styles>").encode()


def _announced(name: str, xml: bytes, new: Iterable[str]) -> bytes:
    """Return a list of the file's parts, or of how they hang together, with the new ones on it."""
    text = xml.decode("utf-8")
    for part in new:
        comments = part == "word/comments.xml"
        kind = f"{_KINDS}.wordprocessingml.comments+xml" if comments else f"{_KINDS}.custom-properties+xml"
        if name == "[Content_Types].xml":
            text = text.replace("</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')
        elif comments == name.startswith("word/"):
            relation = f"{_OFFICE}/relationships/{'comments' if comments else 'custom-properties'}"
            target = part.removeprefix("word/")
            line = f'<Relationship Id="rIdIk" Type="{relation}" Target="{target}"/>'
            text = text.replace("</Relationships>", f"{line}</Relationships>")
    return text.encode()


def _properties(out: Outgoing) -> str:
    """Return the file's own properties: whose interview it is, and what went out with it."""
    packed = pack(out.study, out.transcript.respondent, out.transcript.wave, out.marks)
    made = "".join(
        f'<property fmtid="{_PROPERTY_SET}" pid="{number + 1}" name="{PROPERTY} {number}">'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for number, text in enumerate(packed, 1)
    )
    return (
        f'{_XML}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{made}</Properties>'
    )


# --- the comments ---------------------------------------------------------------------------------------


def _comments(marks: Sequence[Mark]) -> str:
    return f"{_XML}<w:comments {_W}>{''.join(_comment(n, mark) for n, mark in enumerate(marks))}</w:comments>"


def _comment(number: int, mark: Mark) -> str:
    lines = mark.text.split("\n")
    first = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="CommentText"/></w:pPr>{"" if at else first}{_run(line)}</w:p>'
        for at, line in enumerate(lines)
    )
    initials = "".join(word[0] for word in mark.author.split()) if " " in mark.author else mark.author[:4]
    return (
        f'<w:comment w:id="{number}" w:author={quoteattr(clean(mark.author))} w:date="{mark.at[:19]}Z" '
        f"w:initials={quoteattr(clean(initials))}>{body}</w:comment>"
    )


# --- the interview --------------------------------------------------------------------------------------


def _interview(out: Outgoing) -> str:
    """Return the box that says how to code, and every turn with the comments' ranges in it."""
    events = _events(out.transcript.turns, out.marks)
    speakers = _speakers(out.transcript)
    turns = [
        _turn(out.transcript, turn, speakers[turn.seq], events.get(number, {}), _FIRST_BOOKMARK + number)
        for number, turn in enumerate(out.transcript.turns)
    ]
    last = _FIRST_BOOKMARK + len(turns)
    return _box(out) + "".join(turns) + _end(last)


def _end(bookmark: int) -> str:
    """Return the line that says that the interview is over; LibreOffice drops a bookmark with nothing in it."""
    mark = f'<w:bookmarkStart w:id="{bookmark}" w:name="{END}"/>{_run("Slut på intervjun")}'
    return f'<w:p><w:pPr><w:pStyle w:val="IkFraga"/></w:pPr>{mark}<w:bookmarkEnd w:id="{bookmark}"/></w:p>'


def _box(out: Outgoing) -> str:
    lines = _invitation(out.codebook, out.with_codebook)
    made = [f'<w:p><w:pPr><w:pStyle w:val="IkRuta"/></w:pPr>{_run(_INVITATION, "<w:b/>")}</w:p>']
    made += [f'<w:p><w:pPr><w:pStyle w:val="IkRuta"/></w:pPr>{_run(line)}</w:p>' for line in lines]
    return "".join(made) + "<w:p/>"


def _invitation(codebook: Codebook, with_codebook: bool) -> list[str]:
    """Return in plain words how a colleague codes, with an example from the study's own code book."""
    code, whole = _example(codebook)
    facets = " och ".join(facet.name.lower() for facet in codebook.facets[:2]) or "mer"
    where = "sist i den här filen" if with_codebook else "i kodboken"
    return [
        "1. Markera personens egna ord, i ett svar i taget, och infoga en kommentar (Granska, Ny kommentar).",
        f"2. Skriv kodens namn, till exempel ”{code}”. Namnen står {where}.",
        f"3. Lägg gärna till {facets}, i vilken ordning du vill: ”kod: {whole}”.",
        "4. Ska samma ord ha två koder skriver du dem på var sin rad, eller gör två kommentarer.",
        "5. Skriver du något annat blir det en anteckning. På en fråga blir en kommentar alltid en anteckning.",
        "6. Låt själva texten stå som den är. Spara som Word-dokument (.docx) och skicka tillbaka filen.",
    ]


def _example(codebook: Codebook) -> tuple[str, str]:
    """Return a code's name, and a whole line with it and what its first example has of the first two facets."""
    shown = [facet.id for facet in codebook.facets[:2]]
    for code in codebook:
        for example in code.examples:
            values = [codebook.value_name(facet, example.facets[facet]) for facet in shown if facet in example.facets]
            if len(values) == len(shown):
                return code.name, ", ".join((code.name, *values))
    name = codebook.codes[0].name if codebook.codes else "…"
    return name, name


def _speakers(transcript: Transcript) -> dict[int, str]:
    """Return what stands before each turn, by its number: the respondent's code, or in a group the speaker's label."""
    several = len({turn.label for turn in transcript.answers()}) > 1
    named = {"interviewer": "Intervjuare: ", "respondent": f"{transcript.respondent}: ", "note": ""}
    return {
        turn.seq: f"{turn.label}: " if several and turn.role == "respondent" and turn.label else named[turn.role]
        for turn in transcript.turns
    }


def _events(turns: Sequence[Turn], marks: Sequence[Mark]) -> dict[int, dict[int, str]]:
    """Return where comments begin and end: number of the turn → place in the text → XML. Wider ranges begin first."""
    starts, ends = [turn.start for turn in turns], [turn.end for turn in turns]
    found: dict[int, dict[int, str]] = defaultdict(lambda: defaultdict(str))
    for number, mark in enumerate(marks):
        last = bisect_right(starts, mark.span.end - 1) - 1
        reference = (
            f'<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{number}"/></w:r>'
        )
        found[last][min(mark.span.end, ends[last])] += f'<w:commentRangeEnd w:id="{number}"/>{reference}'
    wide = sorted(enumerate(marks), key=lambda pair: pair[1].span.start - pair[1].span.end)
    for number, mark in wide:
        first = bisect_right(ends, mark.span.start)
        found[first][max(mark.span.start, starts[first])] += f'<w:commentRangeStart w:id="{number}"/>'
    return found


def _turn(transcript: Transcript, turn: Turn, speaker: str, events: Mapping[int, str], bookmark: int) -> str:
    parts = [f'<w:p><w:pPr><w:pStyle w:val="{_ROLES[turn.role]}"/></w:pPr>']
    if speaker:
        parts.append(_run(speaker, "<w:b/>"))
    parts.append(f'<w:bookmarkStart w:id="{bookmark}" w:name="{TURN}{turn.seq}"/>{events.get(turn.start, "")}')
    for start, end in pairwise(sorted({turn.start, turn.end, *events})):
        parts.append(_run(transcript.text[start:end]) + events.get(end, ""))
    parts.append(f'<w:bookmarkEnd w:id="{bookmark}"/></w:p>')
    return "".join(parts)


def _run(text: str, properties: str = "") -> str:
    """Return a run of text; tabs and line breaks are elements of their own."""
    form = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    pieces = [
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(piece) or f'<w:t xml:space="preserve">{escape(clean(piece))}</w:t>'
        for piece in re.split("([\n\t])", text)
        if piece
    ]
    return f"<w:r>{form}{''.join(pieces)}</w:r>"


# --- the code book --------------------------------------------------------------------------------------


def _codebook(word: WordFile, codebook: Codebook) -> None:
    """Write the code book as one who codes needs it: the names to write, and what they mean."""
    word.heading("Kodbok", listed=False, new_page=True)
    rows: list[list[str | Cell]] = [
        [
            Cell(code.name, bold=True),
            f"{code.definition}\n{code.when}".strip(),
            "\n".join(f"– {limit.condition}: {codebook.code(limit.instead).name}" for limit in code.limits),
        ]
        for code in codebook
    ]
    word.table(
        "Koder",
        [Column("Kod", 3.4), Column("Betyder, och används när", 7.2), Column("När inte, och koden i stället", 5.4)],
        rows,
        describe="En rad per kod: namn, betydelse och gränser.",
    )
    for facet in codebook.facets:
        word.table(
            facet.name,
            [Column("Skriv", 4.0), Column("Betyder", 12.0)],
            [[Cell(value.name, bold=True), value.definition] for value in facet.values],
            describe=f"Värden för {facet.name.lower()} och vad de betyder.",
        )
