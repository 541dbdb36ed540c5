"""Word's content controls as XML: the fields of a form. Texts are only ever inserted as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from intervjukit.core.form import BOX, control_id
from intervjukit.export.word import clean

ControlKind = Literal["rich", "text", "list", "date", "check"]
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
PROMPT_STYLE = "PlaceholderText"
_CHECKBOX = (
    f'<w14:checkbox xmlns:w14="{W14}"><w14:checked w14:val="0"/>'
    '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)
_BOX_FONT = '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/>'
_DATE = (
    '<w:dateFormat w:val="yyyy-MM-dd"/><w:lid w:val="sv-SE"/><w:storeMappedDataAs w:val="date"/>'
    '<w:calendar w:val="gregorian"/></w:date>'
)


def run(text: str, properties: str = "") -> str:
    """Return a run of text; ``properties`` is what stands in its w:rPr."""
    props = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{props}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'


def attribute(text: str) -> str:
    """Return a text as an attribute's value, with its quotation marks."""
    return quoteattr(clean(text).replace("\n", " "))


def control(
    kind: ControlKind, tag: str, title: str, *, prompt: str = "", value: str = "", items: Sequence[str] = ()
) -> str:
    """Return a field within a paragraph: it shows ``value``, or ``prompt`` while it is empty.

    It can be filled in but not taken away. ``title`` is what Word shows above it and a screen reader says.
    """
    content = run(BOX, _BOX_FONT) if kind == "check" else _content(prompt, value)
    properties = _properties(tag, title, _kind(kind, value, items), shows_prompt=kind != "check" and not value)
    return f"<w:sdt>{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"


def block_control(tag: str, title: str, style: str, *, prompt: str) -> str:
    """Return a field of its own paragraphs, in the style with that id; it grows with what is written."""
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_content(prompt, "")}</w:p>'
    properties = _properties(tag, title, _kind("rich", "", ()), shows_prompt=True)
    return f"<w:sdt>{properties}<w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"


def _content(prompt: str, value: str) -> str:
    return run(value) if value else run(prompt, f'<w:rStyle w:val="{PROMPT_STYLE}"/>')


def _properties(tag: str, title: str, kind: str, *, shows_prompt: bool) -> str:
    return (
        f"<w:sdtPr><w:alias w:val={attribute(title[:60])}/><w:tag w:val={attribute(tag)}/>"
        f'<w:id w:val="{control_id(tag)}"/><w:lock w:val="sdtLocked"/>'
        f"{'<w:showingPlcHdr/>' if shows_prompt else ''}{kind}</w:sdtPr>"
    )


def _kind(kind: ControlKind, value: str, items: Sequence[str]) -> str:
    if kind == "list":
        listed = "".join(
            f"<w:listItem w:displayText={attribute(item)} w:value={attribute(item)}/>" for item in dict.fromkeys(items)
        )
        return f"<w:dropDownList>{listed}</w:dropDownList>"
    if kind == "date":
        day = f' w:fullDate="{value}T00:00:00Z"' if value else ""
        return f"<w:date{day}>{_DATE}"
    return {"rich": "<w:richText/>", "text": '<w:text w:multiLine="1"/>', "check": _CHECKBOX}[kind]
