"""How our documents look: one table of styles, written whole into our own base, elsewhere only where one is missing.

Styles are known by name: Word in Swedish gives other ids to the same names (Rubrik1 is "heading 1").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart

INK = "1F3A5F"
GREY = "5B6570"
RULE = "C7D0DA"
BAND = "F2F5F9"
LANGUAGE = "sv-SE"
BODY_SIZE = 10.5
_W = nsdecls("w")
_TWIPS_PER_CM = 567
_COLOUR = re.compile("[0-9A-Fa-f]{6}")
_READABLE = 4.5
"""The least contrast between white text and what it stands on: WCAG 2.2, 1.4.3."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph style looks: sizes and spaces in points, indent in cm, ``more`` further paragraph properties.

    ``shown`` is the style's name in the file when it is one of our own, ``known`` the names a template may have for
    it. The colour "ink" is the document's own.
    """

    size: float = BODY_SIZE
    before: float = 0
    after: float = 0
    colour: str = ""
    bold: bool = False
    keep: bool = False
    indent: float = 0
    line: float = 0
    outline: int = -1
    more: str = ""
    shown: str = ""
    known: tuple[str, ...] = ()
    follows: str = ""


_TITLE_RULE = '<w:pBdr><w:top w:val="single" w:sz="24" w:space="14" w:color="{ink}"/></w:pBdr>'
_QUOTE_RULE = f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="{RULE}"/></w:pBdr>'
_BULLET = '<w:numPr><w:numId w:val="{number}"/></w:numPr>'
LOOKS: Mapping[str, Look] = {
    "Normal": Look(after=6, line=1.15),
    "Title": Look(30, 170, 6, "ink", bold=True, line=1.0, more=_TITLE_RULE, follows="Subtitle"),
    "Subtitle": Look(14, 0, 24, GREY),
    "Heading 1": Look(20, 24, 8, "ink", bold=True, keep=True, outline=0, line=1.05, follows="Normal"),
    "Heading 2": Look(14, 16, 5, "ink", bold=True, keep=True, outline=1, line=1.05, follows="Normal"),
    "Heading 3": Look(11.5, 10, 3, "ink", bold=True, keep=True, outline=2, follows="Normal"),
    "Heading 4": Look(10.5, 8, 2, GREY, bold=True, keep=True, outline=3, follows="Normal"),
    "Heading 5": Look(10.5, 6, 2, GREY, bold=True, keep=True, outline=4, follows="Normal"),
    "Caption": Look(9.5, 8, 4, GREY, bold=True, known=("bildtext", "tabelltext rubrik")),
    "Quote": Look(10, 2, 7, indent=0.6, more=_QUOTE_RULE, known=("citat", "blockcitat")),
    "List Bullet": Look(after=3, more=_BULLET, known=("punktlista",)),
    "Header": Look(8.5, colour=GREY),
    "Footer": Look(8.5, colour=GREY),
    "TOC Heading": Look(20, 0, 10, "ink", bold=True, keep=True, known=("innehållsförteckningsrubrik",)),
    "toc 1": Look(before=6, after=1, bold=True),
    "toc 2": Look(after=1, indent=0.6),
    "Cover": Look(after=2, colour=GREY, shown="Omslagsrad"),
    "Figure": Look(before=6, after=2, keep=True, shown="Figur"),
    "Table Text": Look(9, line=1.0, shown="Tabelltext", known=("tabell text",)),
    "Question": Look(10, 3, shown="Intervjufråga"),
    "Follow Up": Look(9.5, 0, 2, GREY, indent=0.5, shown="Följdfråga"),
    "After Table": Look(4, line=1.0, shown="Efter tabell"),
}
"""Every style the writers name. Those that Word itself has keep Word's name; ours have a Swedish one."""


def own_ids() -> dict[str, str]:
    """Return the styles' ids in our own base, by the name the writers use."""
    return {name: name.replace(" ", "").replace("toc", "TOC") for name in LOOKS}


def style_xml(name: str, ids: Mapping[str, str], *, ink: str = INK, scale: float = 1.0, number: int = 1) -> str:
    """Return a style as XML; ``scale`` is against our own body size, ``number`` the list that bullets follow.

    No font is named: a style takes over that of the document it is put into.
    """
    look = LOOKS[name]
    fixed = name == "Normal"
    sort = ' w:default="1"' if fixed else ' w:customStyle="1"' if look.shown else ""
    based = "" if fixed else f'<w:basedOn w:val="{ids["Normal"]}"/>'
    follows = f'<w:next w:val="{ids[look.follows]}"/>' if look.follows else ""
    return (
        f'<w:style {_W} w:type="paragraph"{sort} '
        f'w:styleId="{ids[name]}"><w:name w:val="{escape(look.shown or _word_name(name))}"/>{based}{follows}'
        f"<w:qFormat/><w:pPr>{_form(look, ink, number)}</w:pPr><w:rPr>{_letters(look, ink, scale)}</w:rPr></w:style>"
    )


def _word_name(name: str) -> str:
    """Return the name in the file: Word writes a few of its own in small letters."""
    small = name.startswith(("Heading", "toc")) or name in ("Caption", "Header", "Footer")
    return name.lower() if small else name


def _form(look: Look, ink: str, number: int) -> str:
    line = f' w:line="{round(look.line * 240)}" w:lineRule="auto"' if look.line else ""
    keep = "<w:keepNext/><w:keepLines/>" if look.keep else ""
    indent = f'<w:ind w:left="{round(look.indent * _TWIPS_PER_CM)}"/>' if look.indent else ""
    outline = f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline >= 0 else ""
    spacing = f'<w:spacing w:before="{round(look.before * 20)}" w:after="{round(look.after * 20)}"{line}/>'
    return f"{keep}{look.more.format(ink=ink, number=number)}{spacing}{indent}{outline}"


def _letters(look: Look, ink: str, scale: float) -> str:
    bold = "<w:b/><w:bCs/>" if look.bold else ""
    colour = f'<w:color w:val="{ink if look.colour == "ink" else look.colour}"/>' if look.colour else ""
    half_points = round(look.size * scale * 2)
    return f'{bold}{colour}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


BULLETS_XML = (
    '<w:abstractNum w:abstractNumId="{id}"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl></w:abstractNum>'
)


# --- somebody else's template ----------------------------------------------------------------------------


def adopt(document: Any) -> tuple[dict[str, str], str]:
    """Give ``document`` the styles it lacks and Swedish as its language.

    Returns the ids of all our styles by the name the writers use, and the ink: the colour of its own headings when
    white text can be read on it. What is supplied follows the document's font, size of text and ink.
    """
    there = _paragraph_styles(document)
    ids = {name: _found(name, look, there) for name, look in LOOKS.items()}
    missing = [name for name, style_id in ids.items() if not style_id]
    taken = {style.get(qn("w:styleId")) for style in document.styles.element}
    for name, style_id in own_ids().items():
        if name in missing:
            ids[name] = style_id if style_id not in taken else f"Intervjukit{style_id}"
    ink = _ink(document, ids["Heading 1"]) if "Heading 1" not in missing else INK
    number = _bullets(document) if "List Bullet" in missing else 0
    scale = _body_size(document, ids["Normal"]) / BODY_SIZE
    for name in missing:
        fitted = min(scale, 1.0) if name == "Table Text" else scale  # columns are no wider than the paper
        document.styles.element.append(parse_xml(style_xml(name, ids, ink=ink, scale=fitted, number=number)))
    _set_language(document)
    return ids, ink


def _paragraph_styles(document: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for style in document.styles.element.iterchildren(qn("w:style")):
        name = style.find(qn("w:name"))
        if style.get(qn("w:type")) == "paragraph" and name is not None:
            found.setdefault(name.get(qn("w:val")).lower(), style.get(qn("w:styleId")))
    return found


def _found(name: str, look: Look, there: Mapping[str, str]) -> str:
    names = (look.shown.lower(), name.lower(), *look.known)
    return next((there[known] for known in names if known in there), "")


def _body_size(document: Any, normal: str) -> float:
    """Return the size of the document's text in points; Word's own is 10 where nothing is said."""
    for properties in (_of_style(document, normal), *document.styles.element.iter(qn("w:rPrDefault"))):
        size = next(properties.iter(qn("w:sz")), None) if properties is not None else None
        if size is not None:
            return float(size.get(qn("w:val"))) / 2
    return 10.0


def _of_style(document: Any, style_id: str) -> Any:
    for style in document.styles.element.iterchildren(qn("w:style")):
        if style.get(qn("w:styleId")) == style_id:
            return style
    return None


def _ink(document: Any, heading: str) -> str:
    """Return the colour of the document's main heading, or ours when it has none that white can stand on."""
    style = _of_style(document, heading)
    while style is not None:
        colour = style.find(f"{qn('w:rPr')}/{qn('w:color')}")
        if colour is not None:
            value = str(colour.get(qn("w:val"))).upper()
            return value if (contrast(value, "FFFFFF") or 0) >= _READABLE else INK
        based = style.find(qn("w:basedOn"))
        style = _of_style(document, based.get(qn("w:val"))) if based is not None else None
    return INK


def contrast(one: str, other: str) -> float | None:
    """Return the contrast of two hex colours, from 1 to 21 (WCAG 2.2); None when one of them is no colour."""
    lights = [_luminance(colour) for colour in (one, other) if _COLOUR.fullmatch(colour)]
    return (max(lights) + 0.05) / (min(lights) + 0.05) if len(lights) == 2 else None


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _bullets(document: Any) -> int:
    """Add a bullet list to the document's numbering, making that part where there is none; return its number."""
    numbering = _numbering(document)
    kinds = [int(kind.get(qn("w:abstractNumId"))) for kind in numbering.iterchildren(qn("w:abstractNum"))]
    numbers = [int(number.get(qn("w:numId"))) for number in numbering.iterchildren(qn("w:num"))]
    kind, number = max(kinds, default=0) + 1, max(numbers, default=0) + 1
    abstract = parse_xml(BULLETS_XML.format(id=kind).replace("<w:abstractNum ", f"<w:abstractNum {_W} ", 1))
    first = numbering.find(qn("w:num"))
    if first is not None:
        first.addprevious(abstract)
    else:
        numbering.insert(len(list(numbering.iterchildren(qn("w:numPicBullet"), qn("w:abstractNum")))), abstract)
    made = parse_xml(f'<w:num {_W} w:numId="{number}"><w:abstractNumId w:val="{kind}"/></w:num>')
    last = [*numbering.iterchildren(qn("w:num"))]
    (last[-1] if last else abstract).addnext(made)
    return number


def _numbering(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return relation.target_part.element
    place = PackURI("/word/numbering.xml")
    element = parse_xml(f"<w:numbering {_W}/>")
    part = NumberingPart(place, CONTENT_TYPE.WML_NUMBERING, element, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return element


def _set_language(document: Any) -> None:
    """Make Swedish the language: of the document, and of every style that says another one."""
    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is None:
        for old in styles.findall(qn("w:docDefaults")):
            styles.remove(old)
        styles.insert(0, parse_xml(f"<w:docDefaults {_W}><w:rPrDefault><w:rPr/></w:rPrDefault></w:docDefaults>"))
        defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults.find(qn("w:lang")) is None:
        defaults.append(parse_xml(f'<w:lang {_W} w:val="{LANGUAGE}"/>'))
    theme = document.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), LANGUAGE)
