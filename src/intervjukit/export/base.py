"""Our own empty document: a Word package of the fewest parts, so that nothing in it is stale or from elsewhere."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

from docx import Document

from intervjukit.export.look import BAND, BULLETS_XML, GREY, INK, LANGUAGE, LOOKS, RULE, own_ids, style_xml

FONT = "Calibri"
FALLBACK = "Carlito"
"""A free font of the same widths, for those who have not the first one."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PARTS = ("styles", "settings", "numbering", "fontTable", "theme")

_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{part}.xml" ContentType="{_KIND}.{part}+xml"/>' for part in _PARTS[:-1])
    + '<Override PartName="/word/theme.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
    "</Types>"
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{part}" Target="{part}.xml"/>'
        for number, part in enumerate(_PARTS, 1)
    )
    + "</Relationships>"
)
# A4 upright, margins 2.5 cm at the sides; the first page has no header or footer
_DOCUMENT = (
    f'<w:document {_W}><w:body><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1361" w:right="1417" w:bottom="1304" w:left="1417" w:header="624" w:footer="567" w:gutter="0"/>'
    '<w:cols w:space="708"/><w:titlePg/></w:sectPr></w:body></w:document>'
)
_SETTINGS = (
    f'<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/><w:hyphenationZone w:val="425"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    f'</w:compat><w:themeFontLang w:val="{LANGUAGE}"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
    "</w:settings>"
)
_NUMBERING = (
    f'<w:numbering {_W}>{BULLETS_XML.format(id=1)}<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
_FONTS = (
    f'<w:fonts {_W}><w:font w:name="{FONT}"><w:altName w:val="{FALLBACK}"/><w:panose1 w:val="020F0502020204030204"/>'
    '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)
_DEFAULTS = (
    f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" '
    f'w:cs="{FONT}"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" '
    'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
)
_COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": INK,
    "lt2": BAND,
    "accent1": INK,
    "accent2": "B4532A",
    "accent3": "2F6B4F",
    "accent4": "8A6D1B",
    "accent5": GREY,
    "accent6": RULE,
    "hlink": "0B5394",
    "folHlink": "5B3F8C",
}
"""What Word offers whoever goes on working in the report: the colours it is made with."""
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Intervjukit"><a:themeElements>'
    '<a:clrScheme name="Intervjukit">'
    + "".join(f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>' for name, colour in _COLOURS.items())
    + '</a:clrScheme><a:fontScheme name="Intervjukit">'
    + "".join(
        f'<a:{kind}Font><a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind in ("major", "minor")
    )
    + f'</a:fontScheme><a:fmtScheme name="Intervjukit"><a:fillStyleLst>{3 * _FILL}</a:fillStyleLst><a:lnStyleLst>'
    + 3 * f'<a:ln w="9525">{_FILL}</a:ln>'
    + "</a:lnStyleLst><a:effectStyleLst>"
    + 3 * "<a:effectStyle><a:effectLst/></a:effectStyle>"
    + f"</a:effectStyleLst><a:bgFillStyleLst>{3 * _FILL}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)
# what Word's own functions expect to find: comments, links, plain tables
_OTHERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    "<w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style>"
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:color w:val="0B5394"/><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="CommentText"><w:name w:val="annotation text"/><w:basedOn w:val="Normal"/>'
    '<w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="CommentReference"><w:name w:val="annotation reference"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr></w:style>'
)


def _styles() -> str:
    ids = own_ids()
    ours = "".join(style_xml(name, ids).replace(f" {_W}", "", 1) for name in LOOKS)
    return f"<w:styles {_W}>{_DEFAULTS}{ours}{_OTHERS}</w:styles>"


@cache
def _package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", _DOCUMENT),
            ("word/_rels/document.xml.rels", _DOCUMENT_RELATIONS),
            ("word/styles.xml", _styles()),
            ("word/settings.xml", _SETTINGS),
            ("word/numbering.xml", _NUMBERING),
            ("word/fontTable.xml", _FONTS),
            ("word/theme.xml", _THEME),
        ):
            archive.writestr(name, _XML + text)
    return buffer.getvalue()


def base_document() -> Any:
    """Return our own empty document, opened by python-docx: A4, our styles, Swedish, nothing in it."""
    return Document(io.BytesIO(_package()))
