"""Templates as Swedish municipalities have them, made by code: invented, and of no municipality's own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap, qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

SWEDISH_IDS = {
    "Heading1": "Rubrik1",
    "Heading2": "Rubrik2",
    "Heading3": "Rubrik3",
    "Title": "Rubrik",
    "Subtitle": "Underrubrik",
    "Caption": "Beskrivning",
    "TableGrid": "Tabellrutnt",
    "Header": "Sidhuvud",
    "Footer": "Sidfot",
}
INK = "00594F"
"""The municipality's green."""
W = nsdecls("w")


def normalised(path: Path) -> str:
    """Return a file's text as readable XML whose prefixes are the same whatever was loaded before."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    etree.cleanup_namespaces(root, top_nsmap=nsmap)
    return etree.tostring(root, pretty_print=True, encoding="unicode")


def png(width: int = 60, height: int = 20) -> bytes:
    """Return a small picture in one colour."""
    line = b"\0" + bytes.fromhex(INK) * width
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(line * height)),
        (b"IEND", b""),
    )
    packed = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def control(tag: str, shown: str, *, block: bool = False, bound: bool = False) -> str:
    """Return a content control as XML."""
    binding = '<w:dataBinding w:xpath="/x" w:storeItemID="{00000000-0000-0000-0000-000000000000}"/>' if bound else ""
    run = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{shown}</w:t></w:r>"
    content = f"<w:p>{run}</w:p>" if block else run
    return (
        f'<w:sdt {W}><w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="{tag}"/>'
        f'<w:id w:val="{zlib.crc32(tag.encode()) >> 1}"/>'
        f"<w:showingPlcHdr/>{binding}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def make_template(
    path: Path, *, place: str = "control", own_contents: bool = False, landscape_end: bool = False
) -> Path:
    """Write a .docx or .dotx: green headings in Georgia, logo, header and footer, narrow paper, no bullet list.

    ``place`` is "control", "text" (split between runs) or "" for none; ``own_contents`` gives it a list of contents.
    """
    document = Document()
    _looks(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin = Cm(4), Cm(3), Cm(3.5)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.add_run().add_picture(io.BytesIO(png()), width=Cm(2))._inline.docPr.set("descr", "Exempelkommunens märke")
    head.add_run(" Exempelkommunen")
    section.first_page_header.paragraphs[0].add_run("Exempelkommunen, socialförvaltningen")
    section.footer.paragraphs[0].add_run("[[datum]]")
    title = document.add_paragraph(style="Title")
    title._p.append(parse_xml(control("ik.titel", "Skriv titel här", bound=True)))
    line = document.add_paragraph("Antal intervjuade: ")
    for piece in ("[[an", "tal]] i grupperna [[gr", "upp]]."):
        line.add_run(piece).italic = True
    document.add_paragraph("Förord som mallen redan har.")
    if own_contents:
        _contents(document)
    if place == "control":
        document.element.body.sectPr.addprevious(parse_xml(control("ik.rapport", "Här kommer rapporten", block=True)))
    elif place == "text":
        mark = document.add_paragraph()
        for piece in ("[[", "rapport", "]]"):
            mark.add_run(piece)
    document.add_paragraph("Slutord som mallen redan har.")
    if landscape_end:
        last = document.add_section(WD_SECTION.NEW_PAGE)
        last.page_width, last.page_height = Cm(29.7), Cm(21)
    _link_elsewhere(document)
    buffer = io.BytesIO()
    document.save(buffer)
    _write(buffer.getvalue(), path)
    return path


def _looks(document: Document) -> None:  # type: ignore[valid-type]
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Georgia", Pt(12)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Title", "Caption"):
        styles[name].font.color.rgb = RGBColor.from_string(INK)
    element = styles.element
    for style in [*element]:
        if style.get(qn("w:styleId")) in ("ListBullet", "Quote", "QuoteChar", "TOCHeading"):
            element.remove(style)
        elif style.get(qn("w:styleId")) in SWEDISH_IDS:
            style.set(qn("w:styleId"), SWEDISH_IDS[style.get(qn("w:styleId"))])
    for node in element.iter(qn("w:basedOn"), qn("w:next"), qn("w:link")):
        node.set(qn("w:val"), SWEDISH_IDS.get(node.get(qn("w:val")), node.get(qn("w:val"))))
    for key, relation in [*document.part.rels.items()]:
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]


def _contents(document: Document) -> None:  # type: ignore[valid-type]
    first = document.add_paragraph()
    for xml in (
        '<w:r {W}><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r {W}><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z \\u </w:instrText></w:r>',
        '<w:r {W}><w:fldChar w:fldCharType="separate"/></w:r>',
        "<w:r {W}><w:t>Gammal rad ett</w:t></w:r>",
    ):
        first._p.append(parse_xml(xml.replace("{W}", W)))
    last = document.add_paragraph("Gammal rad två")
    last._p.append(parse_xml(f'<w:r {W}><w:fldChar w:fldCharType="end"/></w:r>'))
    block = parse_xml(  # as Word inserts it
        f'<w:sdt {W}><w:sdtPr><w:id w:val="77"/><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent/></w:sdt>"
    )
    first._p.addprevious(block)
    for paragraph in (first, last):
        block[-1].append(paragraph._p)


def _link_elsewhere(document: Document) -> None:  # type: ignore[valid-type]
    """Tie the template to another one, as Word does: it must not be fetched when the report is opened."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    key = document.part._settings_part.relate_to("file:///S:/mallar/annan.dotm", kind, is_external=True)
    relations = nsdecls("w", "r")
    link = parse_xml(f'<w:attachedTemplate {relations} r:id="{key}"/>')
    document.settings.element.find(qn("w:defaultTabStop")).addprevious(link)


def _write(data: bytes, path: Path) -> None:
    """Write the file, declared a template when its name ends in .dotx; ids in the text follow the styles'."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml" and path.suffix == ".dotx":
                content = content.replace(b"document.main+xml", b"template.main+xml")
            if name.startswith("word/") and name.endswith(".xml") and name != "word/styles.xml":
                for before, after in SWEDISH_IDS.items():
                    content = content.replace(
                        f'w:pStyle w:val="{before}"'.encode(), f'w:pStyle w:val="{after}"'.encode()
                    )
            new.writestr(name, content)
