"""The command check: every fault of guides, code books and question banks, and every methodological slip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import PATH
from intervjukit.cli.terminal import complain, counted, say
from intervjukit.core.phrases import listed
from intervjukit.errors import Fault, FaultyFileError, FileError

if TYPE_CHECKING:
    from intervjukit.formats.yaml_nodes import Node

_YAML = (".yaml", ".yml")
_QUOTED = re.compile("”[^”]*”")
_SEVERAL = 4
"""How many faults of a kind are told as one."""


@click.command(
    help="Granska intervjuguider, kodböcker och frågebanker.\n\n"
    "Visar alla fel och alla metodiska anmärkningar (dubbelfrågor, ledande frågor, ja/nej-frågor, ord "
    "som hör till en annan grupp, text som står kvar från mallen) med rad och förslag. En mapp granskas fil för fil. "
    "Slutkoden är 1 om något är fel, annars 0."
)
@click.argument("files", metavar="FIL …", nargs=-1, required=True, type=PATH)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Print every fault and slip of the files and a summary; exit code 1 when a file has a fault."""
    faults: dict[Fault, None] = {}
    unread = 0
    paths = list(_inside(files))
    for path in paths:
        try:
            faults |= dict.fromkeys(_faults(path))
        except FaultyFileError as error:
            faults |= dict.fromkeys(error.faults)
        except FileError as error:
            complain(error)
            unread += 1
    for alike in _by_kind(faults):
        first, kind = alike[0], "Fel" if alike[0].level == "fel" else "Metod"
        say(f"{first.file}, rad {first.line}: {kind}: {first.message}")
        if lines := [str(line) for line in dict.fromkeys(fault.line for fault in alike[1:])]:
            say(f"    Samma sak på {counted(len(alike) - 1, 'ställe', 'ställen')} till, rad {listed(lines)}.")
        say(f"    Gör så här: {first.fix}")
    wrong = unread + sum(fault.level == "fel" for fault in faults)
    slips = sum(fault.level == "metod" for fault in faults)
    say(
        f"{counted(len(paths), 'fil granskad', 'filer granskade')}: {wrong or 'inga'} fel, "
        f"{slips or 'inga'} {'metodisk anmärkning' if slips == 1 else 'metodiska anmärkningar'}."
    )
    ctx.exit(1 if wrong else 0)


def _by_kind(faults: Iterable[Fault]) -> list[list[Fault]]:
    """Return the faults in order of place, those together that say the same of other quoted words of a file.

    Two or three stand each by itself, with its words.
    """
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for fault in sorted(faults, key=lambda fault: (fault.file, fault.line)):
        kinds.setdefault((fault.file, fault.level, _QUOTED.sub("”", fault.message), fault.fix), []).append(fault)
    told = []
    for alike in kinds.values():
        told += [alike] if len(alike) >= _SEVERAL else [[fault] for fault in alike]
    return sorted(told, key=lambda alike: (alike[0].file, alike[0].line))


def _inside(places: tuple[Path, ...]) -> Iterator[Path]:
    for place in places:
        found = sorted(file for file in place.rglob("*") if file.suffix in _YAML) if place.is_dir() else [place]
        if not found:
            raise FileError(f"Mappen {place} innehåller inga guider eller kodböcker.", fix="De ska sluta på .yaml.")
        yield from found


def _faults(path: Path) -> list[Fault]:
    """Return every remark on a guide, code book or question bank, told apart by their keys."""
    from intervjukit.formats.codebooks import parse_codebook
    from intervjukit.formats.protocols import parse_protocol
    from intervjukit.formats.starters import left_from_starter
    from intervjukit.formats.yaml_nodes import load_nodes, read_text_file

    text = read_text_file(path)
    top = load_nodes(path, text)
    keys = top.value if isinstance(top.value, dict) else {}
    if "kodbok" in keys:
        return [*parse_codebook(text, path)[1], *left_from_starter(path, top, "codebooks")]
    if "frågebank" in keys:
        return _bank_faults(path, top)
    if "guide" in keys:
        return [*parse_protocol(text, path)[1], *left_from_starter(path, top, "protocols")]
    message = "Filen är varken intervjuguide, kodbok eller frågebank."
    return [Fault(path.name, 1, message, "Börja den med ”guide: …”, ”kodbok: …” eller ”frågebank: …”.")]


def _bank_faults(path: Path, top: Node) -> list[Fault]:
    """Return the remarks on a question bank: as the guides beside it ask its questions, and each role the rest."""
    from intervjukit.formats.protocols import parse_protocol
    from intervjukit.formats.yaml_nodes import dump_yaml, read_text_file

    faults: list[Fault] = []
    left = _keyed(top, "frågor")
    for guide in sorted(path.parent.glob("*.yaml")):
        with suppress(FileError):  # a guide that cannot be read is told when it is checked itself
            text = read_text_file(guide)
            if "guide:" in text and f"bank: {path.name}" in text:
                protocol, found = parse_protocol(text, guide)
                asked = {question.id for question in protocol.questions()}
                faults += found
                left = [question for question in left if question not in asked]
    for role in _keyed(top, "roller") or ["prov"]:
        section = {"id": "prov", "titel": "Prov", "frågor": left}
        trial = dump_yaml({"guide": "prov", "grupp": role, "bank": path.name, "avsnitt": [section]})
        faults += parse_protocol(trial, path.with_name("prov"))[1]
    return [fault for fault in faults if fault.file == path.name]


def _keyed(top: Node, key: str) -> list[str]:
    """Return the keys of a mapping, or the ids of a list of mappings, under ``key``; [] when it is something else."""
    inside = top.value[key].value if isinstance(top.value, dict) and key in top.value else ""
    if isinstance(inside, dict):
        return list(inside)
    items = [item.value for item in inside if not isinstance(item, str)]
    return [str(item["id"].value) for item in items if isinstance(item, dict) and "id" in item]
