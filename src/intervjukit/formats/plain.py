"""Plain text and Markdown as paragraphs: one a line, with what Markdown marks out as bold or heading."""

from __future__ import annotations

import re

from intervjukit.formats.paragraphs import Paragraph

_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t]*#*$")
_BOLD = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1$")


def read_plain(text: str) -> list[Paragraph]:
    """Return the lines of a text that hold something; "# …" is a heading, "**…**" a line in bold."""
    return [_paragraph(line.strip()) for line in text.split("\n") if line.strip()]


def _paragraph(line: str) -> Paragraph:
    if line[0] == "#" and (heading := _HEADING.match(line)):
        return Paragraph(heading[1], heading=True)
    if line[0] in "*_" and (bold := _BOLD.match(line)):
        return Paragraph(bold[2], bold=True)
    return Paragraph(line)
