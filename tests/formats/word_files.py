"""Word files for the tests, written by hand as XML so that each holds exactly what its test is about."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
CANARY = "KANARIE-7731"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"><w:body>'
)
TAIL = "<w:sectPr/></w:body></w:document>"


def run(text: str, props: str = "") -> str:
    """A run of text; a tab and a line break become Word's own."""
    inner = escape(text).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    inner = inner.replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    properties = f"<w:rPr>{props}</w:rPr>" if props else ""
    return f"<w:r>{properties}<w:t xml:space='preserve'>{inner}</w:t></w:r>"


def para(*runs: str, style: str = "") -> str:
    """A paragraph of runs or plain texts."""
    inner = "".join(r if r.startswith("<") else run(r) for r in runs)
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{inner}</w:p>"


def bold(text: str) -> str:
    return run(text, "<w:b/>")


def table(*rows: tuple[str, ...]) -> str:
    """A table; cells are plain texts or ready paragraphs."""

    def cell(content: str) -> str:
        return f"<w:tc><w:tcPr/>{content if content.startswith('<') else para(content)}</w:tc>"

    written = ["<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in rows]
    return f"<w:tbl><w:tblPr/>{''.join(written)}</w:tbl>"


def types(main: str = "/word/document.xml", kind: str = MAIN, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{main}" ContentType="{kind}"/>{more}</Types>'
    )


def rels(target: str = "word/document.xml") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'officeDocument" Target="{target}"/></Relationships>'
    )


STYLES = (
    f'<w:styles xmlns:w="{W}">'
    '<w:style w:type="paragraph" w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Fet"><w:name w:val="Fetstycke"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Fetare"><w:name w:val="Mer"/><w:basedOn w:val="Fet"/></w:style>'
    '<w:style w:type="character" w:styleId="Dold"><w:name w:val="Dold text"/><w:rPr><w:vanish/></w:rPr></w:style>'
    "</w:styles>"
)


def parts(body: str = "", **changed: str | bytes | None) -> dict[str, str | bytes]:
    """The parts of a sound file; None takes one away."""
    found: dict[str, str | bytes | None] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": rels(),
        "word/document.xml": HEAD + body + TAIL,
        "word/styles.xml": STYLES,
    }
    found.update(changed)
    return {name: content for name, content in found.items() if content is not None}


def save(path: Path, content: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def word(path: Path, *blocks: str) -> Path:
    """Write a sound Word file of these blocks."""
    return save(path, parts("".join(blocks)))


TALK = para("I: Hur började det?") + para("R: Det kom smygande.") + para("I: Och sedan?") + para("R: Det blev värre.")
