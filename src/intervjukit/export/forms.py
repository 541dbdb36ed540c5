"""A guide as a Word form: to fill in on the screen, with fields that can be read back, or by hand, with lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from intervjukit.core.form import (
    ANSWER_HERE,
    BOX,
    CHOOSE_HERE,
    DATE_HERE,
    NOTE_HERE,
    SAID_HERE,
    WRITE_HERE,
    Place,
    mark,
    seal,
    version,
)
from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.sheet import VALUES, in_wave
from intervjukit.export.controls import ControlKind, attribute, block_control, control, run
from intervjukit.export.word import BAND, GREY, INK, RULE, WordFile, clean

_W = nsdecls("w")
_KEEP = "<w:keepNext/>"
_LINES, _MOST_LINES, _LINES_BESIDE_VALUE = 4, 8, 2
_WIDEST_SCALE = 11
_DRAWING_CM, _DRAWING_CM_PRINTED = 5, 9
_HOW = (
    "Skriv i rutorna; de växer med texten. Skriv personens kod, aldrig namn. Spara som Word-dokument (.docx) och läs "
    "in filen i studien när du är klar."
)
_HOW_PRINTED = "Skriv personens kod, aldrig namn."
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="{space}" w:color="{RULE}"/>'
    for side, space in (("top", 3), ("left", 4), ("bottom", 3), ("right", 4))
)
_FRAME = f'<w:pBdr>{_BORDERS}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="F7F9FB"/>'
_LINE = f'<w:{{}} w:val="single" w:sz="4" w:space="1" w:color="{GREY}"/>'
_STYLES: Mapping[str, tuple[float, str, str]] = {
    "Form Hint": (9, GREY, '<w:keepNext/><w:spacing w:before="0" w:after="60"/>'),
    "Form Answer": (
        10.5,
        "",
        f'{_FRAME}<w:spacing w:before="60" w:after="160"/><w:ind w:left="113" w:right="113"/>',
    ),
    "Form Value": (
        10.5,
        "",
        f'{_FRAME}<w:spacing w:before="60" w:after="100"/><w:ind w:left="113" w:right="5000"/>',
    ),
    "Form Tick": (10.5, "", '<w:spacing w:before="20" w:after="60"/><w:ind w:left="425" w:hanging="425"/>'),
    "Form Follow Up": (9.5, GREY, '<w:keepNext/><w:spacing w:before="0" w:after="20"/>'),
    "Form Line": (
        10.5,
        "",
        f"<w:pBdr>{_LINE.format('bottom')}{_LINE.format('between')}</w:pBdr>"
        '<w:spacing w:before="0" w:after="0" w:line="520" w:lineRule="exact"/>',
    ),
}
# lines as tab leaders in one paragraph are parted from their question by LibreOffice
_BASES = {"Form Follow Up": "List Bullet"}
"""Style by name: size in points, hex colour, and how its paragraphs look."""


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What is known before the interview; ``wave`` 0 for a form with the questions of every wave."""

    respondent: str = ""
    date: str = ""
    interviewer: str = ""
    wave: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)


def write_form(protocol: Protocol, path: Path, prefilled: Prefilled | None = None, *, printed: bool = False) -> Path:
    """Write a guide as a form to ``path`` (.docx) and return it; see WordFile.save for errors.

    ``printed`` gives lines for handwriting in place of fields. Either can be read back: see core.form.
    """
    known = prefilled or Prefilled()
    form = _FormFile(protocol.title, subject=f"Formulär, {protocol.group_name}")
    form.begin()
    form.own(protocol.title, "Heading 1")
    form.own(f"Formulär {protocol.id}, version {version(protocol)}.", "Form Hint", "guide", "guide")
    form.own(_HOW_PRINTED if printed else _HOW, "Form Hint")
    _facts(form, protocol, known, printed)
    _opening(form, protocol, printed)
    for section in protocol.sections:
        questions = [one for one in section.questions if not known.wave or in_wave(one, known.wave)]
        if questions:
            form.own(section.title, "Heading 2")
        for question in questions:
            _question(form, protocol, question, known.wave, printed)
    _ending(form, protocol, printed)
    return form.save(path)


class _FormFile(WordFile):
    """A Word file whose own words are sealed and whose places are named."""

    def begin(self) -> None:
        """Add the styles of a form."""
        self._bookmarks = 0
        styles = self._document.styles
        prompt = styles.add_style("Placeholder Text", WD_STYLE_TYPE.CHARACTER)
        prompt.font.color.rgb = RGBColor.from_string(GREY)
        for name, (size, colour, look) in _STYLES.items():
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles[_BASES.get(name, "Normal")]
            style.font.size = Pt(size)
            if colour:
                style.font.color.rgb = RGBColor.from_string(colour)
            for element in parse_xml(f"<w:pPr {_W}>{look}</w:pPr>"):
                style.element.get_or_add_pPr().append(element)
        self._styles = {**self._styles, **{style.name: style.style_id for style in styles}}

    @property
    def columns(self) -> tuple[int, int]:
        """The widths of a table with names to the left and values to the right, in twips."""
        width = round(self.width * 567)
        return (width * 3 // 8, width - width * 3 // 8)

    def style_id(self, name: str) -> str:
        """Return a style's id."""
        return self._styles[name]

    def own(self, text: str, style: str, place: Place | None = None, name: str = "", *, keep: bool = False) -> None:
        """Add a paragraph of the form's own words, named when it is a place."""
        names = [mark(place, name)] if place else []
        self.block(paragraph(self.style_id(style), self.marked(run(text), *names, self.sealed(text)), keep=keep))

    def sealed(self, text: str) -> str:
        """Return a bookmark that tells the form's own words; the same words elsewhere have another."""
        return f"{mark('own', seal(clean(text)))}_{self._bookmarks}"

    def marked(self, xml: str, *names: str) -> str:
        """Return runs within bookmarks."""
        for name in names:
            self._bookmarks += 1
            number = self._bookmarks
            xml = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{xml}<w:bookmarkEnd w:id="{number}"/>'
        return xml

    def block(self, xml: str) -> None:
        """Add a paragraph, a field or a table."""
        self._append(xml.replace(">", f" {_W}>", 1))


def paragraph(style: str, runs: str = "", *, keep: bool = False) -> str:
    """Return a paragraph in the style with that id, kept with the next one if ``keep``."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{_KEEP if keep else ""}</w:pPr>{runs}</w:p>'


# --- whose interview it is --------------------------------------------------------------------------


def _facts(form: _FormFile, protocol: Protocol, known: Prefilled, printed: bool) -> None:
    """Write a row per fact about the interview and the person: its name, and a field with what is known."""
    form.own("Uppgifter om intervjun", "Heading 2")
    waves = [wave for wave in protocol.waves if known.wave in (0, wave.number)]
    named = ", ".join(f"{wave.number} = {wave.name}" for wave in waves)
    rows: list[tuple[Place, str, str, ControlKind, str, Sequence[str]]] = [
        ("fact", "kod", f"Personens kod, till exempel {protocol.letter}01", "text", known.respondent, ()),
        ("fact", "datum", "Datum", "date", known.date, ()),
        ("fact", "intervjuare", "Intervjuare", "text", known.interviewer, ()),
        ("fact", "längd", "Längd i minuter", "text", "", ()),
    ]
    if waves:
        numbers = [str(wave.number) for wave in waves]
        rows.append(("fact", "omgång", f"Omgång ({named})", "list", str(known.wave or ""), numbers))
    rows += [("attribute", name, name, "text", value, ()) for name, value in known.facts.items()]
    cells = [_fact_row(form, "fact", "grupp", "Grupp", _own_run(form, protocol.group_name), printed)]
    for place, name, label, kind, value, items in rows:
        prompt = {"date": DATE_HERE, "list": CHOOSE_HERE}.get(kind, WRITE_HERE)
        tag = mark(place, name)
        shown = run(value) if printed else control(kind, tag, label, prompt=prompt, value=value, items=items)
        cells.append(_fact_row(form, place, name, label, shown, printed))
    style, white = form.style_id("Table Text"), '<w:b/><w:color w:val="FFFFFF"/>'
    heads = [
        _cell(width, style, _own_run(form, text, white), INK)
        for width, text in zip(form.columns, ("Uppgift", "Svar"), strict=True)
    ]
    head = _row(heads, "<w:cantSplit/><w:tblHeader/>")
    describe = "En rad per uppgift om intervjun och personen: uppgiftens namn till vänster, svaret till höger."
    form.block(_table(form.columns, "".join([head, *cells]), "Uppgifter om intervjun", describe))
    form.text("", "After Table")


def _own_run(form: _FormFile, text: str, properties: str = "") -> str:
    return form.marked(run(text, properties), form.sealed(text))


def _fact_row(form: _FormFile, place: Place, name: str, label: str, shown: str, printed: bool) -> str:
    style = form.style_id("Table Text")
    told = form.marked(run(label, "<w:b/>"), mark(place, name), form.sealed(label))
    height = '<w:trHeight w:val="480" w:hRule="atLeast"/>' if printed else ""
    label_width, width = form.columns
    return _row([_cell(label_width, style, told, BAND), _cell(width, style, shown)], f"<w:cantSplit/>{height}")


def _row(cells: Sequence[str], properties: str) -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(width: int, style: str, runs: str, fill: str = "", *, look: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    inside = f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{look}</w:pPr>{runs}</w:p>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'


def _table(widths: Sequence[int], rows: str, title: str, describe: str, *, header: bool = True) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
        '<w:bottom w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0000" w:firstRow="{int(header)}" w:lastRow="0" w:firstColumn="{int(header)}" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={attribute(title)}/>'
        f"<w:tblDescription w:val={attribute(describe)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


# --- what is said first and last --------------------------------------------------------------------


def _opening(form: _FormFile, protocol: Protocol, printed: bool) -> None:
    if protocol.introduction.strip():
        form.own("Säg först", "Heading 2")
        for text in filter(str.strip, protocol.introduction.split("\n")):
            form.own(text, "Normal")
    if protocol.consent:
        form.own("Samtycke", "Heading 2")
        form.own("Läs upp varje rad och kryssa för det personen går med på.", "Form Hint")
    for number, statement in enumerate(protocol.consent, 1):
        tag = mark("consent", str(number))
        box = run(BOX) if printed else control("check", tag, statement)
        words = form.marked(run(statement), tag, form.sealed(statement))
        form.block(paragraph(form.style_id("Form Tick"), f"{box}<w:r><w:tab/></w:r>{words}"))


def _ending(form: _FormFile, protocol: Protocol, printed: bool) -> None:
    last = "Egna anteckningar"
    if protocol.closing.strip():
        form.own("Säg sist", "Heading 2", "end", "slut")
        for text in filter(str.strip, protocol.closing.split("\n")):
            form.own(text, "Normal")
        form.own(last, "Heading 2")
    else:
        form.own(last, "Heading 2", "end", "slut")
    if printed:
        _lines(form, _MOST_LINES)
    else:
        form.block(block_control(mark("note", "anteckning"), last, form.style_id("Form Answer"), prompt=NOTE_HERE))
        form.text("", "After Table")


# --- questions --------------------------------------------------------------------------------------


def _question(form: _FormFile, protocol: Protocol, question: Question, wave: int, printed: bool) -> None:
    """Write a question, when it is asked, its follow-ups, and where the answer goes; never parted by a page break."""
    form.own(question.text, "Heading 3", "question", question.id, keep=True)
    for hint in _hints(protocol, question, wave):
        form.own(hint, "Form Hint")
    for follow_up in question.follow_ups:
        form.own(follow_up, "Form Follow Up")
    (_by_hand if printed else _fields)(form, question)


def _hints(protocol: Protocol, question: Question, wave: int) -> Iterator[str]:
    """Yield when a question is asked, and how it is answered."""
    if question.waves and not wave and set(question.waves) != {each.number for each in protocol.waves}:
        yield f"Ställs i omgång {_listed(question.waves)}."
    if condition := question.condition:
        asked = protocol.question(condition.question)
        if not wave or in_wave(asked, wave):
            yield f"Ställs om svaret på ”{asked.text}” är ”{condition.answer}”."
    if scale := question.scale:
        ends = ((scale.low, scale.low_label), (scale.high, scale.high_label))
        labels = ", ".join(f"{end} = {label[:1].lower()}{label[1:]}" for end, label in ends if label)
        yield f"Skala {scale.low}–{scale.high}{f': {labels}' if labels else ''}."
    elif question.kind == "number" and question.unit:
        yield f"Svara med ett antal {question.unit}."
    elif question.kind == "percent":
        yield "Svara i procent, 0–100."
    elif question.kind == "drawing":
        yield "Rita i rutan eller på ett eget papper."


def _listed(numbers: Sequence[int]) -> str:
    words = [str(number) for number in numbers]
    return " och ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _fields(form: _FormFile, question: Question) -> None:
    """Write the fields of a question: one for its value when it has one, and one that grows."""
    prompt = ANSWER_HERE
    if question.kind in VALUES:
        kind, items = _value_field(question)
        shown = {"list": CHOOSE_HERE, "date": DATE_HERE}.get(kind, ANSWER_HERE)
        tag = mark("value", question.id)
        field_xml = form.marked(control(kind, tag, question.text, prompt=shown, items=items), tag)
        form.block(paragraph(form.style_id("Form Value"), field_xml, keep=True))
        prompt = SAID_HERE
    elif question.kind == "drawing":
        _drawing(form, question, _DRAWING_CM)
        prompt = SAID_HERE
    tag = mark("question", question.id)
    form.block(block_control(tag, question.text, form.style_id("Form Answer"), prompt=prompt))


def _value_field(question: Question) -> tuple[ControlKind, Sequence[str]]:
    if question.scale:
        return "list", [str(step) for step in range(question.scale.low, question.scale.high + 1)]
    if question.kind == "choice":
        return "list", question.choices
    return ("date" if question.kind == "date" else "text"), ()


def _drawing(form: _FormFile, question: Question, height: float) -> None:
    width = round(form.width * 567)
    cell = _cell(width, form.style_id("Table Text"), "", look=_KEEP)
    row = _row([cell], f'<w:cantSplit/><w:trHeight w:val="{round(height * 567)}" w:hRule="atLeast"/>')
    form.block(_table([width], row, "Rityta", f"Tom ruta att rita i: {question.text}", header=False))
    form.text("", "After Table", keep=True)


def _by_hand(form: _FormFile, question: Question) -> None:
    """Write what a question needs to be answered with a pen."""
    if question.kind == "choice":
        for choice in question.choices:
            form.block(paragraph(form.style_id("Form Tick"), _own_run(form, f"{BOX} {choice}"), keep=True))
    elif question.scale and question.scale.high - question.scale.low < _WIDEST_SCALE:
        _steps(form, range(question.scale.low, question.scale.high + 1))
    elif question.kind == "drawing":
        _drawing(form, question, _DRAWING_CM_PRINTED)
    beside = question.kind != "text"
    _lines(form, _LINES_BESIDE_VALUE if beside else min(_LINES + len(question.follow_ups), _MOST_LINES))


def _steps(form: _FormFile, steps: range) -> None:
    """Write a scale as a row of numbers to put a ring around."""
    look = f'{_KEEP}<w:jc w:val="center"/>'
    width = round(form.width * 567 / len(steps))
    style = form.style_id("Table Text")
    cells = [_cell(width, style, _own_run(form, str(step)), look=look) for step in steps]
    row = _row(cells, '<w:cantSplit/><w:trHeight w:val="480" w:hRule="atLeast"/>')
    form.block(_table([width] * len(steps), row, "Skala", "Skalans steg, att ringa in ett av.", header=False))
    form.text("", "After Table", keep=True)


def _lines(form: _FormFile, number: int) -> None:
    """Write lines for handwriting, all on one page."""
    style = form.style_id("Form Line")
    for left in reversed(range(number)):
        form.block(paragraph(style, keep=left > 0))
    form.text("", "After Table")
