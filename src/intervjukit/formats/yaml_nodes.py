"""YAML as guides and code books use it: plain mappings, lists and text, every node with its line.

No anchors, tags or implicit types: ``no`` and ``1:30`` stay text, a bomb of aliases cannot be written, and a
key given twice is a fault instead of a silent loss.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from intervjukit.core.text import normalise
from intervjukit.errors import Fault, FaultyFileError, FileError, RuleError

MOST_BYTES = 1_000_000
DEEPEST = 30

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Node:
    """A value in a YAML file with the line it stands on (from 1): text, a list or a mapping."""

    value: str | list[Node] | dict[str, Node]
    line: int
    key_lines: dict[str, int] = field(default_factory=dict)


def read_text_file(path: Path, *, most: int = MOST_BYTES) -> str:
    """Return a UTF-8 text file's content; FileError when it is missing, empty, too large or not UTF-8."""
    if not path.exists():
        raise FileError(f"Filen {path} finns inte.", fix="Kontrollera sökvägen.")
    if path.is_dir():
        raise FileError(f"{path} är en mapp, inte en fil.", fix="Ange en fil.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(
            f"Filen {path} går inte att läsa ({error.strerror}).", fix="Kontrollera att du har rätt till den."
        ) from error
    if not data.strip():
        raise FileError(f"Filen {path} är tom.", fix="Utgå från mall.yaml.")
    if len(data) > most:
        raise FileError(f"Filen {path} är för stor ({len(data)} byte, högst {most}).", fix="Dela upp den.")
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
        _refuse(name, text)
        tree = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FaultyFileError(
            name, [Fault(name, line, f"YAML går inte att läsa: {error.problem}", _yaml_fix(error))]
        ) from error
    except yaml.YAMLError as error:
        raise FaultyFileError(
            name, [Fault(name, 1, "YAML går inte att läsa.", "Jämför med mall.yaml.")]
        ) from error
    if tree is None:
        raise FileError(f"Filen {path} är tom.", fix="Utgå från mall.yaml.")
    faults: list[Fault] = []
    node = _convert(tree, name, faults)
    if faults:
        raise FaultyFileError(name, faults)
    return node


def _yaml_fix(error: yaml.MarkedYAMLError) -> str:
    if "mapping values are not allowed" in (error.problem or ""):
        return "Ett kolon i texten gör att raden misstolkas; sätt texten inom citattecken."
    if "\\t" in (error.problem or "") or "tab" in (error.problem or ""):
        return "Använd blanksteg i stället för tabb."
    return "Kontrollera indrag, kolon och citattecken på raden."


def _refuse(name: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FaultyFileError(
                name, [Fault(name, line, "Ankare och alias (& och *) används inte här.", "Skriv ut texten.")]
            )
        tag = getattr(event, "tag", None)
        if tag and not getattr(event, "implicit", True):
            raise FaultyFileError(name, [Fault(name, line, f"Taggen {tag} används inte här.", "Ta bort den.")])
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise FaultyFileError(name, [Fault(name, line, "För djupt indrag.", "Förenkla filen.")])


def _convert(tree: yaml.Node, name: str, faults: list[Fault]) -> Node:
    line = tree.start_mark.line + 1
    if isinstance(tree, yaml.MappingNode):
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in tree.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            if key in values:
                faults.append(
                    Fault(
                        name,
                        key_line,
                        f"”{key}” står två gånger (även rad {lines[key]}).",
                        "Ta bort den ena.",
                    )
                )
            values[key], lines[key] = _convert(value_node, name, faults), key_line
        return Node(values, line, lines)
    if isinstance(tree, yaml.SequenceNode):
        return Node([_convert(item, name, faults) for item in tree.value], line)
    return Node(str(tree.value).strip(), line)


class Form:
    """Reads the fields of one mapping, collecting every fault with its line instead of stopping at the first."""

    def __init__(self, node: Node, file: str, faults: list[Fault], known: Sequence[str], what: str) -> None:
        """Start on ``node``; ``known`` are the keys ``what`` may have, and any other key is a fault."""
        self.node, self.file, self.faults, self.what = node, file, faults, what
        self.fields: dict[str, Node] = {}
        if not isinstance(node.value, dict):
            self.fault(node.line, f"{what} ska ha fält av formen ”namn: värde”.", "Jämför med mall.yaml.")
            return
        self.fields = node.value
        for key in self.fields:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
                fix = f"Menade du ”{near[0]}”?" if near else f"Fälten är: {', '.join(known)}."
                self.fault(node.key_lines[key], f"{what} har inget fält ”{key}”.", fix)

    def fault(self, line: int, message: str, fix: str) -> None:
        """Record one fault."""
        self.faults.append(Fault(self.file, line, message, fix))

    def line(self, key: str) -> int:
        """Return the line a field stands on, the mapping's own line when it is missing."""
        return self.node.key_lines.get(key, self.node.line)

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a field's text, "" when it is not there; a missing required field is a fault."""
        node = self.fields.get(key)
        if node is None or node.value in ("", "~"):
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
            near = difflib.get_close_matches(value, allowed, n=1)
            hint = f" Menade du ”{near[0]}”?" if near else ""
            self.fault(
                self.line(key),
                f"”{key}: {value}” känns inte igen.",
                f"Välj något av: {', '.join(allowed)}.{hint}",
            )
            return default
        return value

    def number(self, key: str, node: Node | None = None) -> int:
        """Return a field's whole number, 0 with a fault when it is none."""
        found = node or self.fields.get(key)
        value = found.value if found else ""
        if isinstance(value, str) and value.lstrip("-").isdigit():
            return int(value)
        self.fault(found.line if found else self.line(key), f"”{key}” ska vara ett heltal.", "Skriv en siffra.")
        return 0

    def items(self, key: str) -> list[Node]:
        """Return the items of a list field, [] when it is not there."""
        node = self.fields.get(key)
        if node is None or node.value in ("", "~"):
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


_MARK = "flödeslista"
_PLAIN = re.compile(r"[^\W\d_][\w %§-]*")


def flow(items: Sequence[str]) -> list[str]:
    """Return ``items`` marked to be written as [a, b], folded between items when long."""
    return _Flow(items)


def dump_yaml(data: object) -> str:
    """Return ``data`` as YAML in the one form this kit writes: key order kept, UTF-8, folded at 100 columns."""
    lists: list[_Flow] = []

    class Dumper(_Dumper):
        pass

    def mark(dumper: Dumper, items: _Flow) -> yaml.ScalarNode:
        lists.append(items)
        return dumper.represent_scalar("tag:yaml.org,2002:str", f"{_MARK}{len(lists) - 1}")

    Dumper.add_representer(_Flow, mark)
    text = yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2)
    return re.sub(
        rf"^( *)(.*?){_MARK}(\d+)$",
        lambda m: m[1] + m[2] + _folded(lists[int(m[3])], len(m[1])),
        text,
        flags=re.M,
    )


def _folded(items: Sequence[str], indent: int) -> str:
    written = [item if _PLAIN.fullmatch(item) else json.dumps(item, ensure_ascii=False) for item in items]
    lines, line = [], "["
    for index, item in enumerate(written):
        item += "," if index < len(written) - 1 else "]"
        if line not in ("[", "") and len(line) + len(item) + indent > 96:
            lines.append(line.rstrip())
            line = ""
        line += item + " "
    return f"\n{' ' * (indent + 2)}".join([*lines, line.rstrip()])
