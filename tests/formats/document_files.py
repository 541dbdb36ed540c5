"""OpenDocument, RTF and PDF files for the tests, written by hand so that each holds exactly what its test is about."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_OF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = (
    f'xmlns:office="{_OF}:office:1.0" xmlns:text="{_OF}:text:1.0" xmlns:table="{_OF}:table:1.0" '
    f'xmlns:style="{_OF}:style:1.0" xmlns:draw="{_OF}:drawing:1.0" xmlns:fo="{_OF}:xsl-fo-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_STYLES = (
    '<office:automatic-styles><style:style style:name="Fet" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="FetP" style:family="paragraph" style:parent-style-name="Standard">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Dold" style:family="text"><style:text-properties text:display="none"/></style:style>'
    "</office:automatic-styles>"
)


def odt_para(text: str, style: str = "") -> str:
    """A paragraph; what begins with < is taken as ready XML."""
    inner = text if text.startswith("<") else escape(text)
    return f'<text:p text:style-name="{style}">{inner}</text:p>'


def odt_table(*rows: Sequence[str]) -> str:
    cells = ("".join(f"<table:table-cell>{odt_para(cell)}</table:table-cell>" for cell in row) for row in rows)
    return f"<table:table>{''.join(f'<table:table-row>{each}</table:table-row>' for each in cells)}</table:table>"


def odt_content(body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}>{_STYLES}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def odt(path: Path, *blocks: str, **parts: str | bytes) -> Path:
    """Write an OpenDocument text of these blocks; ``parts`` adds or changes entries of the zip."""
    content: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": odt_content("".join(blocks)),
        "META-INF/manifest.xml": "<manifest/>",
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return path


def rtf_text(text: str) -> str:
    """Words as RTF writes them: Unicode numbers with a question mark for old readers."""
    signs = []
    for sign in text.encode("utf-16-le").decode("utf-16-le", "surrogatepass"):
        if sign in "\\{}":
            signs.append(f"\\{sign}")
        elif ord(sign) < 128:
            signs.append(sign)
        else:
            units = sign.encode("utf-16-le")
            numbers = (int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2))
            signs += [f"\\u{number}?" for number in numbers]
    return "".join(signs)


def rtf(path: Path, body: str, *, head: str = r"{\rtf1\ansi\ansicpg1252\deff0", tail: str = "}") -> Path:
    path.write_bytes((head + body + tail).encode("latin-1"))
    return path


PdfLine = tuple[float, float, str, bool]
"""Where a line stands from the left and from the bottom, its words, and whether it is bold."""


def pdf(path: Path, *pages: Sequence[PdfLine], extra: str = "") -> Path:
    """Write a PDF of these lines in Helvetica, WinAnsi encoded as most programs do; ``extra`` goes into the trailer."""
    objects: list[bytes] = [b"", b"", *(_font(name) for name in ("Helvetica", "Helvetica-Bold"))]
    kids = []
    for lines in pages:
        stream = b"\n".join(_shown(line) for line in lines)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>"
            b"/Contents %d 0 R>>" % len(objects)
        )
        kids.append(len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R{extra}>>\n"
    path.write_bytes(data + end.encode() + f"startxref\n{len(data)}\n%%EOF".encode())
    return path


def _font(name: str) -> bytes:
    return f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>".encode()


def _shown(line: PdfLine) -> bytes:
    left, bottom, words, bold = line
    shown = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F%d 11 Tf %g %g Td (%s) Tj ET" % (2 if bold else 1, left, bottom, shown)


def pdf_lines(*texts: str, step: float = 14, top: float = 760, bold: bool = False) -> list[PdfLine]:
    """Lines under one another from the top of a page."""
    return [(72, top - step * number, text, bold) for number, text in enumerate(texts)]
