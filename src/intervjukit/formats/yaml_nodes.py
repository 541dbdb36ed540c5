"""YAML as guides and code books use it: plain mappings, lists and text, every node with its line.

No anchors, tags or implicit types: ``no`` and ``1:30`` stay text, a bomb of aliases cannot be written, and a
key given twice is a fault instead of a silent loss.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from intervjukit.core.text import normalise
from intervjukit.errors import Fault, FaultyFileError, FileError, RuleError
from intervjukit.formats.decoding import read_bytes

MOST_BYTES = 1_000_000
DEEPEST = 30
MOST_GUESSES = 200

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Node:
    """A value in a YAML file with the line it stands on (from 1): text, a list or a mapping."""

    value: str | list[Node] | dict[str, Node]
    line: int
    key_lines: dict[str, int] = field(default_factory=dict)


def read_text_file(path: Path, *, most: int = MOST_BYTES) -> str:
    """Return a UTF-8 text file's content; FileError when it is missing, empty, too large or not UTF-8."""
    data = read_bytes(path, most)
    if not data.strip():
        raise FileError(f"Filen {path} är tom.", fix="Utgå från mall.yaml.")
    try:
        return normalise(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileError(
            f"Filen {path} är inte UTF-8 (rad {line}).", fix="Spara om den med teckenkodningen UTF-8."
        ) from error
    except RuleError as error:
        raise FileError(f"{path}: {error.problem}", fix=error.fix) from error


def load_nodes(path: Path, text: str) -> Node:
    """Return the file's top node; FaultyFileError says at which line YAML itself is broken or not allowed."""
    name = path.name
    try:
        reading = _Reading(name, text)
        node = reading.top()
    except yaml.YAMLError as error:
        raise FaultyFileError(name, [_syntax_fault(name, text, error)]) from error
    if node is None:
        raise FileError(f"Filen {path} är tom.", fix="Utgå från mall.yaml.")
    if reading.faults:
        raise FaultyFileError(name, reading.faults)
    return node


_PROBLEMS = (
    ("mapping values are not allowed", "ett kolon för mycket på raden."),
    ("cannot start any token", "raden börjar med ett tecken som inte får stå där."),
    ("escape", "ett omvänt snedstreck inom citattecken följs av fel tecken."),
    ("quoted scalar", "ett citattecken saknar sin andra hälft."),
    ("another document", "filen innehåller flera dokument (---)."),
    ("expected ':'", "det saknas ett kolon efter fältets namn."),
    ("expected ',' or", "en hakparentes eller klammer är inte stängd."),
    ("expected key", "indraget eller citattecknen stämmer inte med raderna ovanför."),
    ("'-' indicator", "indraget stämmer inte med listan ovanför."),
)


def _syntax_fault(name: str, text: str, error: yaml.YAMLError) -> Fault:
    """Return what the YAML reader stumbled on, in Swedish and with its line."""
    lines = text.split("\n")
    if isinstance(error, yaml.reader.ReaderError):
        line = next((n for n, row in enumerate(lines, 1) if _UNPRINTABLE.search(row)), 1)
        return Fault(name, line, "Raden har ett osynligt styrtecken.", "Skriv om raden för hand.")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = min(mark.line + 1, len(lines)) if mark else 1
    problem = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    told = next((told for known, told in _PROBLEMS if known in problem), "raden går inte att tolka.")
    near = [n for n in (line, line - 1) if n > 0 and re.match(r"[ -]*\t", lines[n - 1])]
    if near:
        return Fault(name, near[0], "Raden är indragen med tabb.", "Använd blanksteg i stället för tabb.")
    if "kolon för mycket" in told and _deeper(lines, line):
        told = "raden är längre indragen än den före, som redan har ett värde."
        fix = "Låt båda raderna börja lika långt in."
    elif "kolon för mycket" in told:
        fix = "Sätt texten inom citattecken, så misstolkas inte kolonet."
    elif "flera dokument" in told:
        fix = "Dela upp dem i var sin fil."
    else:
        fix = "Kontrollera indrag, kolon och citattecken på raden och raden före."
    return Fault(name, line, f"YAML går inte att läsa: {told}", fix)


def _deeper(lines: Sequence[str], line: int) -> bool:
    """Return whether a line (counted from 1) lies under one that has a value and can have nothing under it."""
    before = next((row for row in reversed(lines[: line - 1]) if row.strip()), "")
    indents = [len(re.match(r"[ -]*", row)[0]) for row in (before, lines[line - 1])]  # type: ignore[index]
    return indents[1] > indents[0] and bool(re.search(r":\s+[^\s|>&#]", before))


class _Reading:
    """Reads the one document of a file, node by node, and collects the faults that do not stop it."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._depth = name, 0
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self.faults: list[Fault] = []

    def top(self) -> Node | None:
        """Return the top node, None when there is none. Raises YAMLError, FaultyFileError for what is not used here."""
        node: Node | None = None
        second: Any = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                node = self._node(event)
            elif isinstance(event, yaml.DocumentStartEvent) and node:
                second = second or event
        if second:
            raise yaml.composer.ComposerError(None, None, "but found another document", second.start_mark)
        return node

    def _node(self, event: Any) -> Node:
        """Return the node that begins with an event. Raises FaultyFileError for what is not used here."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._refused(line, "Ankare och alias (& och *) används inte här.", "Skriv ut texten.")
        if event.tag:
            raise self._refused(line, f"Taggen {event.tag} används inte här.", "Ta bort den.")
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._scalar(event, line), line)
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused(line, "För djupt indrag.", "Förenkla filen.")
        node = self._mapping(line) if isinstance(event, yaml.MappingStartEvent) else self._list(line)
        self._depth -= 1
        return node

    def _refused(self, line: int, problem: str, fix: str) -> FaultyFileError:
        return FaultyFileError(self._name, [Fault(self._name, line, problem, fix)])

    def _list(self, line: int) -> Node:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event))
        return Node(items, line)

    def _mapping(self, line: int) -> Node:
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, key_line = self._node(event).value, event.start_mark.line + 1
            if not isinstance(key, str):
                fault = Fault(self._name, key_line, "Ett fältnamn ska vara ett ord.", "Skriv ”namn: värde”.")
                self.faults.append(fault)
                self._node(next(self._events))
                continue
            if key in values:
                message = f"”{key}” står två gånger (även rad {lines[key]})."
                self.faults.append(Fault(self._name, key_line, message, "Ta bort den ena."))
            values[key], lines[key] = self._node(next(self._events)), key_line
        return Node(values, line, lines)

    def _scalar(self, event: Any, line: int) -> str:
        """Return a text; what stands within quotes is kept as it is, spaces at the ends too."""
        try:
            value = normalise(event.value)
        except RuleError as error:
            self.faults.append(Fault(self._name, line, error.problem, "Skriv om texten."))
            return ""
        if event.style in ("'", '"'):
            return value if value.strip() else ""
        value = value.strip(" \t\n")
        return "" if value == "~" or not value.strip() else value


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"


def in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Return the faults by file and line, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))


class Form:
    """Reads the fields of one mapping, collecting every fault with its line instead of stopping at the first."""

    def __init__(self, node: Node, file: str, faults: list[Fault], known: Sequence[str], what: str) -> None:
        """Start on ``node``; ``known`` are the keys ``what`` may have, and any other key is a fault."""
        self.node, self.file, self.faults, self.what = node, file, faults, what
        self.unknown: list[str] = []
        self.fields: dict[str, Node] = {}
        if not isinstance(node.value, dict):
            self.fault(node.line, f"{what} ska ha fält av formen ”namn: värde”.", "Jämför med mall.yaml.")
            return
        self.fields = node.value
        self.unknown = [key for key in self.fields if key not in known]
        for key in self.unknown:
            self.fault(node.key_lines[key], f"{what} har inget fält ”{_short(key)}”.", self._nearest(key, known))

    def _nearest(self, key: str, known: Sequence[str]) -> str:
        # looking for a likeness is slow, and of no use in a file that is wrong throughout
        near = difflib.get_close_matches(key, known, n=1) if len(self.faults) < MOST_GUESSES else []
        return f"Menade du ”{near[0]}”?" if near else f"Fälten är: {', '.join(known)}."

    def misspelt(self, key: str) -> bool:
        """Return whether ``key`` is missing and a key that is not known looks like it: what it held is there."""
        return key not in self.fields and bool(difflib.get_close_matches(key, self.unknown, n=1))

    def fault(self, line: int, message: str, fix: str) -> None:
        """Record one fault."""
        self.faults.append(Fault(self.file, line, message, fix))

    def line(self, key: str) -> int:
        """Return the line a field stands on, the mapping's own line when it is missing."""
        return self.node.key_lines.get(key, self.node.line)

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a field's text, "" when it is not there; a missing required field is a fault."""
        node = self.fields.get(key)
        if node is None or node.value == "":
            if required:
                self.fault(self.line(key), f"{self.what} saknar ”{key}”.", f"Lägg till ”{key}: …”.")
            return ""
        if not isinstance(node.value, str):
            self.fault(node.line, f"”{key}” ska vara en text.", "Skriv en text efter kolonet.")
            return ""
        return node.value

    def choice(self, key: str, allowed: Sequence[str], *, default: str = "") -> str:
        """Return a field that must be one of ``allowed``."""
        value = self.text(key) or default
        if value and value not in allowed:
            near = difflib.get_close_matches(_short(value), allowed, n=1)
            hint = f" Menade du ”{near[0]}”?" if near else ""
            self.fault(
                self.line(key),
                f"”{key}: {_short(value)}” känns inte igen.",
                f"Välj något av: {', '.join(allowed)}.{hint}",
            )
            return default
        return value

    def number(self, key: str, node: Node | None = None) -> int:
        """Return a field's whole number (at most nine digits), 0 with a fault when it is none."""
        found = node or self.fields.get(key)
        value = found.value if found else ""
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value):
            return int(value)
        self.fault(found.line if found else self.line(key), f"”{key}” ska vara ett heltal.", "Skriv en siffra.")
        return 0

    def items(self, key: str) -> list[Node]:
        """Return the items of a list field, [] when it is not there."""
        node = self.fields.get(key)
        if node is None or node.value == "":
            return []
        if not isinstance(node.value, list):
            self.fault(node.line, f"”{key}” ska vara en lista.", "Skriv en rad per post som börjar med ”- ”.")
            return []
        return node.value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list field of texts."""
        found = []
        for node in self.items(key):
            if isinstance(node.value, str) and node.value:
                found.append(node.value)
            else:
                self.fault(
                    node.line,
                    f"”{key}” ska vara en lista av texter.",
                    "Skriv en text per rad; innehåller den kolon, sätt den inom citattecken.",
                )
        return tuple(found)

    def forms(self, key: str, known: Sequence[str], what: str) -> Iterator[Form]:
        """Yield a Form per mapping of a list field."""
        for node in self.items(key):
            yield Form(node, self.file, self.faults, known, what)

    def form(self, key: str, known: Sequence[str], what: str) -> Form | None:
        """Return a Form over a mapping field, None when it is not there."""
        node = self.fields.get(key)
        return Form(node, self.file, self.faults, known, what) if node else None


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)


class _Flow(list[str]):
    """A list written as [a, b], broken between items and never inside one."""


_PLAIN = re.compile(r"[^\W\d_](?:[\w %§-]*[\w%§-])?")


def flow(items: Sequence[str]) -> list[str]:
    """Return ``items`` marked to be written as [a, b], folded between items when long."""
    return _Flow(items)


def dump_yaml(data: object) -> str:
    """Return ``data`` as YAML in the one form this kit writes: key order kept, UTF-8, folded at 100 columns."""
    lists: list[_Flow] = []
    mark = "lista"
    while mark in str(data):  # the stand-in for a list must not be met in any text
        mark += "a"

    class Dumper(_Dumper):
        pass

    def stand_in(dumper: Dumper, items: _Flow) -> yaml.ScalarNode:
        lists.append(items)
        return dumper.represent_scalar("tag:yaml.org,2002:str", f"{mark}{len(lists) - 1}")

    Dumper.add_representer(_Flow, stand_in)
    text = _dump(data, Dumper, width=100)
    return re.sub(
        rf"^( *)(.*?){mark}(\d+)$",
        lambda m: m[1] + m[2] + _folded(lists[int(m[3])], len(m[1])),
        text,
        flags=re.M,
    )


def _dump(data: object, dumper: type[yaml.SafeDumper], *, width: int, style: str | None = None) -> str:
    return str(
        yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=width, indent=2, default_style=style)
    )


def _quoted(item: str) -> str:
    return _dump(item, _Dumper, width=1 << 30, style='"').rstrip("\n")


def _folded(items: Sequence[str], indent: int) -> str:
    written = [item if _PLAIN.fullmatch(item) else _quoted(item) for item in items]
    lines, line = [], "["
    for index, item in enumerate(written):
        item += "," if index < len(written) - 1 else "]"
        if line not in ("[", "") and len(line) + len(item) + indent > 96:
            lines.append(line.rstrip())
            line = ""
        line += item + " "
    return f"\n{' ' * (indent + 2)}".join([*lines, line.rstrip()])
