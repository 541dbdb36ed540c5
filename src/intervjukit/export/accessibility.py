"""Looks through a Word file for what shuts readers out: those who listen, enlarge, or print to tagged PDF.

The rules are those of EN 301 549 chapter 10 and WCAG 2.2 that a program can decide in a .docx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from docx.oxml.ns import qn

from intervjukit.export.look import contrast
from intervjukit.export.template import open_template

Level = Literal["fel", "råd"]
LEAST_CONTRAST = 4.5
FEWEST_PARAGRAPHS = 15
"""A text this long should have headings."""
_EMPTY_IN_A_ROW = 2
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_VML = "{urn:schemas-microsoft-com:vml}imagedata"
_FILE_NAME = re.compile(r"\.(png|jpe?g|gif|emf|wmf|svg|tiff?|bmp)$", re.I)
_BARE = re.compile(r"(https?://|www\.)\S+", re.I)
_VAGUE = {"här", "klicka här", "läs mer", "mer", "länk", "se här", "här!", "klicka"}
_TYPED_BULLET = re.compile(r"[-–•*·]\s+\S")
_HEADING = re.compile(r"heading (\d)")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found: ``level`` "fel" shuts somebody out, "råd" makes it harder; where, what, and what to do."""

    level: Level
    place: str
    problem: str
    fix: str


@dataclass(frozen=True, slots=True)
class _Paragraph:
    element: Any
    text: str
    level: int
    """Of a heading from 1, 0 for other text."""
    place: str


def review(path: Path) -> list[Remark]:
    """Return what is found in a .docx or .dotx, in the order of the text; [] when all is well.

    The file must have been looked at by formats.guard first. Raises FileError when it is damaged.
    """
    document = open_template(path)
    styles = _Styles(document)
    paragraphs = [*_paragraphs(document.element.body, styles)]
    places = {paragraph.element: paragraph.place for paragraph in paragraphs}
    return [remark for rule in _RULES for remark in rule(document, paragraphs, places, styles)]


class _Styles:
    """What the styles say, each with what it is based on."""

    def __init__(self, document: Any) -> None:
        self._elements = {
            style.get(qn("w:styleId")): style for style in document.styles.element.iterchildren(qn("w:style"))
        }
        self.normal = next(
            (key for key, style in self._elements.items() if _on(style, "default") and _kind(style) == "paragraph"), ""
        )

    def chain(self, style_id: str) -> Iterator[Any]:
        """Yield a style and those it is based on."""
        seen: set[str] = set()
        while style_id in self._elements and style_id not in seen:
            seen.add(style_id)
            yield self._elements[style_id]
            based = self._elements[style_id].find(qn("w:basedOn"))
            style_id = based.get(qn("w:val")) if based is not None else ""

    def of(self, paragraph: Any) -> str:
        """Return the id of a paragraph's style."""
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return str(style.get(qn("w:val"))) if style is not None else self.normal

    def level(self, paragraph: Any) -> int:
        """Return a heading's level from 1, 0 for other paragraphs."""
        outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        for style in self.chain(self.of(paragraph)):
            name = style.find(qn("w:name"))
            if name is not None and (found := _HEADING.fullmatch(str(name.get(qn("w:val"))).lower())):
                return int(found[1])
            if outline is None:
                outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        level = int(outline.get(qn("w:val"))) if outline is not None else 9
        return level + 1 if level < 9 else 0

    def ruled(self, paragraph: Any) -> bool:
        """Return whether a paragraph is drawn with a rule: a line to write on, and not empty space."""
        borders = [paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")]
        borders += [style.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") for style in self.chain(self.of(paragraph))]
        return any(border is not None for border in borders)

    def colour(self, paragraph: Any) -> str:
        """Return the colour a paragraph's style gives its text, "" when it gives none."""
        for style in self.chain(self.of(paragraph)):
            colour = style.find(f"{qn('w:rPr')}/{qn('w:color')}")
            if colour is not None:
                return str(colour.get(qn("w:val")))
        return ""


def _on(element: Any, name: str) -> bool:
    return element.get(qn(f"w:{name}")) in ("1", "true", "on")


def _kind(style: Any) -> str:
    return str(style.get(qn("w:type")))


def _text(element: Any) -> str:
    return " ".join("".join(text.text or "" for text in element.iter(qn("w:t"))).split())


def _paragraphs(body: Any, styles: _Styles) -> Iterator[_Paragraph]:
    under = "i början av dokumentet"
    for element in body.iter(qn("w:p")):
        text, level = _text(element), styles.level(element)
        if level and text:
            under = f"under rubriken ”{_short(text)}”"
        yield _Paragraph(element, text, level, f"rubriken ”{_short(text)}”" if level and text else under)


def _short(text: str, most: int = 50) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


Places = Mapping[Any, str]
Rule = Callable[[Any, "list[_Paragraph]", Places, _Styles], Iterator[Remark]]


# --- the whole file --------------------------------------------------------------------------------------


def _title(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    if not (document.core_properties.title or "").strip():
        yield Remark("fel", "hela dokumentet", "Dokumentet saknar titel.", "Skriv den under Arkiv > Info > Rubrik.")


def _language(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    normal = [style.find(f"{qn('w:rPr')}/{qn('w:lang')}") for style in styles.chain(styles.normal)]
    told = next((str(one.get(qn("w:val"))) for one in (*normal, defaults) if one is not None), "")
    fix = "Markera all text och välj Granska > Språk > Ange språkkontroll > Svenska."
    if not told or told == "None":
        yield Remark("fel", "hela dokumentet", "Det är inte sagt vilket språk texten är på.", fix)
    elif not told.lower().startswith("sv"):
        yield Remark("råd", "hela dokumentet", f"Språket är angivet som {told}.", f"Är texten svensk: {fix}")


# --- headings and text -----------------------------------------------------------------------------------


def _headings(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    before = 0
    for paragraph in paragraphs:
        if not paragraph.level:
            continue
        if not paragraph.text and not _holds_picture(paragraph.element):
            fix = "Ta bort det tomma stycket, eller ge det formatmallen Normal."
            yield Remark("fel", paragraph.place, f"En rubrik på nivå {paragraph.level} är tom.", fix)
            continue
        if paragraph.level > before + 1:
            problem = f"Rubriknivån hoppar från {before} till {paragraph.level}."
            if not before:
                problem = f"Den första rubriken är på nivå {paragraph.level}."
            yield Remark("fel", paragraph.place, problem, f"Ge den formatmallen Rubrik {before + 1}.")
        before = paragraph.level
    if not before and sum(bool(paragraph.text) for paragraph in paragraphs) >= FEWEST_PARAGRAPHS:
        fix = "Ge rubrikerna formatmallarna Rubrik 1, Rubrik 2 …"
        yield Remark("fel", "hela dokumentet", "Dokumentet har inga rubriker att hitta efter.", fix)


def _holds_picture(element: Any) -> bool:
    return next(element.iter(qn("w:drawing"), _VML), None) is not None


def _layout_by_hand(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    empty = 0
    for paragraph in paragraphs:
        in_cell = paragraph.element.getparent().tag == qn("w:tc")
        holds = paragraph.text or in_cell or _holds_picture(paragraph.element) or styles.ruled(paragraph.element)
        empty = 0 if holds else empty + 1
        if empty == _EMPTY_IN_A_ROW:
            fix = "Sätt avstånd före eller efter stycket i stället, eller en sidbrytning."
            yield Remark("råd", paragraph.place, "Flera tomma stycken står i rad.", fix)
        numbered = paragraph.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        if not numbered and not in_cell and _TYPED_BULLET.match(paragraph.text):
            problem = f"En punktlista är skriven för hand: ”{_short(paragraph.text)}”."
            yield Remark("råd", paragraph.place, problem, "Använd Words punktlista, så läses den upp som en lista.")


def _links(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    for link in document.element.body.iter(qn("w:hyperlink")):
        text, place = _text(link), _place_of(link, places)
        if not text and not _holds_picture(link):
            yield Remark("fel", place, "En länk saknar text.", "Skriv vart den leder, eller ta bort den.")
        elif text.lower().strip(" .") in _VAGUE:
            yield Remark("fel", place, f"Länken ”{text}” säger inte vart den leder.", "Skriv vad som finns där.")
        elif _BARE.fullmatch(text):
            yield Remark("råd", place, f"Länken visas som sin adress: {_short(text)}", "Skriv vad som finns där.")


def _place_of(element: Any, places: Places) -> str:
    for parent in element.iterancestors(qn("w:p")):
        if parent in places:
            return places[parent]
    return "i dokumentet"


def _contrasts(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    """Compare each colour of text with what it stands on; each pair is told once."""
    seen: set[tuple[str, str]] = set()
    for paragraph in paragraphs:
        ground = _ground(paragraph.element)
        for run in paragraph.element.iter(qn("w:r")):
            own = run.find(f"{qn('w:rPr')}/{qn('w:color')}")
            colour = str(own.get(qn("w:val"))) if own is not None else styles.colour(paragraph.element)
            pair = (colour.upper(), ground.upper())
            if pair in seen or not _text(run):
                continue
            seen.add(pair)
            found = contrast(*pair)
            if found is not None and found < LEAST_CONTRAST:
                shown = f"{found:.1f}".replace(".", ",")
                problem = f"Text i färgen {pair[0]} på {pair[1]} har kontrasten {shown}:1."
                yield Remark("fel", paragraph.place, problem, "Välj en mörkare eller ljusare färg; minst 4,5:1 behövs.")


def _ground(paragraph: Any) -> str:
    shades = [paragraph.find(f"{qn('w:pPr')}/{qn('w:shd')}")]
    shades += [cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}") for cell in paragraph.iterancestors(qn("w:tc"))]
    fills = [str(shade.get(qn("w:fill"))) for shade in shades if shade is not None]
    return next((fill for fill in fills if fill not in ("auto", "None")), "FFFFFF")


# --- pictures and tables ---------------------------------------------------------------------------------


def _pictures(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    fix = "Högerklicka på bilden, välj Visa alternativtext och skriv vad den visar, eller märk den som dekorativ."
    for picture in document.element.body.iter(qn("wp:docPr")):
        told = (picture.get("descr") or picture.get("title") or "").strip()
        decorative = any(_is_true(one) for one in picture.iter(_DECORATIVE))
        if not told and not decorative:
            yield Remark(
                "fel", _place_of(picture, places), f"Bilden ”{picture.get('name')}” saknar alternativtext.", fix
            )
        elif _FILE_NAME.search(told):
            yield Remark("fel", _place_of(picture, places), f"Bildens alternativtext är ett filnamn: {told}.", fix)
    for picture in document.element.body.iter(_VML):
        if not (picture.getparent().get("alt") or "").strip():
            yield Remark("fel", _place_of(picture, places), "En bild saknar alternativtext.", fix)


def _is_true(element: Any) -> bool:
    return str(element.get("val", "1")) in ("1", "true")


def _tables(document: Any, paragraphs: list[_Paragraph], places: Places, styles: _Styles) -> Iterator[Remark]:
    for number, table in enumerate(document.element.body.iter(qn("w:tbl")), 1):
        first = next((places[p] for p in table.iter(qn("w:p")) if p in places), "i dokumentet")
        caption = table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
        named = f" ”{_short(str(caption.get(qn('w:val'))))}”" if caption is not None else ""
        yield from _table(table, f"tabell {number}{named}, {first}", styles)


def _table(table: Any, place: str, styles: _Styles) -> Iterator[Remark]:
    rows = table.findall(qn("w:tr"))
    if len(rows) > 1 and not _is_header(rows[0]) and not _layout_only(rows, styles):
        fix = "Markera första raden och välj Tabelldesign > Upprepa rubrikrader (Layout > Upprepa rubrikrader)."
        yield Remark("fel", place, "Tabellen har ingen rubrikrad.", fix)
    described = table.find(f"{qn('w:tblPr')}/{qn('w:tblDescription')}")
    if described is None or not str(described.get(qn("w:val"))).strip():
        fix = "Högerklicka på tabellen, välj Tabellegenskaper > Alternativtext och skriv vad den visar."
        yield Remark("råd", place, "Tabellen saknar beskrivning.", fix)
    spans = [span for span in table.iter(qn("w:gridSpan")) if span.get(qn("w:val")) not in (None, "1")]
    if spans or next(table.iter(qn("w:vMerge")), None) is not None:
        fix = "Dela cellerna, och upprepa texten där den gäller."
        yield Remark("fel", place, "Tabellen har sammanslagna celler; den som lyssnar tappar bort var den är.", fix)
    if next(table.iterancestors(qn("w:tbl")), None) is not None:
        yield Remark("fel", place, "En tabell ligger inne i en annan.", "Gör två tabeller, eller en enda.")


def _is_header(row: Any) -> bool:
    mark = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false", "off")


def _layout_only(rows: list[Any], styles: _Styles) -> bool:
    """Return whether every cell begins with a heading: fields side by side, as a SWOT, and not rows and columns."""
    firsts = [next(cell.iter(qn("w:p")), None) for row in rows for cell in row.findall(qn("w:tc"))]
    return bool(firsts) and all(first is not None and styles.level(first) > 0 for first in firsts)


_RULES: tuple[Rule, ...] = (_title, _language, _headings, _layout_by_hand, _links, _contrasts, _pictures, _tables)
