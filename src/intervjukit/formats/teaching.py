"""What a study teaches the reading: inläsning.yaml in its folder says who asks, and which file is whose."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Role
from intervjukit.errors import Fault, FaultyFileError
from intervjukit.formats.yaml_nodes import Form, load_nodes, read_text_file

FILE = "inläsning.yaml"
_NAMES = frozenset({"inläsning.yaml", "inläsning.yml", "inlasning.yaml", "inlasning.yml"})
_FIELDS = ("intervjuare", "talare", "grupper", "respondenter", "omgångar")
_ROLES: Mapping[str, Role] = {
    "intervjuare": "interviewer",
    "respondent": "respondent",
    "svarande": "respondent",
    "anteckning": "note",
    "annan": "note",
}


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is known beforehand, by names in lower case.

    ``speakers`` gives each speaker's role, ``groups`` what the files call a group and its id in the study,
    ``respondents`` and ``waves`` the code and wave of a file by its name, with or without the ending.
    """

    speakers: Mapping[str, Role] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    respondents: Mapping[str, str] = field(default_factory=dict)
    waves: Mapping[str, str] = field(default_factory=dict)

    def group(self, called: str) -> str:
        """Return the id of the group that the files call ``called``, "" when it is not taught."""
        return self.groups.get(known_as(called), "")

    def facts_of(self, path: Path) -> dict[str, str]:
        """Return the code and wave that are taught for a file."""
        told = (("kod", self.respondents), ("omgång", self.waves))
        return {fact: known for fact, table in told if (known := _of_file(table, path))}


def read_teaching(folder: Path, groups: Mapping[str, str]) -> Teaching:
    """Return what the study in ``folder`` teaches, an empty Teaching when it has no such file.

    ``groups`` are the study's groups: id to shown name. Raises FaultyFileError with every fault and its line.
    """
    faults: list[Fault] = []
    file = own_file(folder, _NAMES, faults)
    if file is None:
        return Teaching()
    form = Form(load_nodes(file, read_text_file(file)), file.name, faults, _FIELDS, "Inläsningen")
    known = {name: key for key, shown in groups.items() for name in (known_as(key), known_as(shown))}
    listed, allowed = ", ".join(groups), ", ".join(_ROLES)
    roles = _pairs(form, "talare", lambda value: value.lower() if value.lower() in _ROLES else None, f"Välj {allowed}.")
    named = _pairs(form, "grupper", lambda value: known.get(known_as(value)), f"Välj något av: {listed}.")
    codes = _pairs(form, "respondenter", lambda value: value, "Skriv personens kod, till exempel S03.")
    waves = _pairs(form, "omgångar", _number, "Skriv en siffra, till exempel 2.")
    asking = _texts(form, "intervjuare")
    if faults:
        raise FaultyFileError(file.name, faults)
    return Teaching(
        {**dict.fromkeys(map(known_as, asking), "interviewer"), **{known_as(n): _ROLES[r] for n, r in roles.items()}},
        {known_as(name): group for name, group in named.items()},
        {_plain(name): code for name, code in codes.items()},
        {_plain(name): wave for name, wave in waves.items()},
    )


def own_file(folder: Path, names: Collection[str], faults: list[Fault]) -> Path | None:
    """Return the file in a study's folder that has one of ``names``, however its å, ä and ö and its case are written.

    None without one; a second is a fault.
    """
    found = [each for each in sorted(folder.iterdir()) if _plain(each.name) in names] if folder.is_dir() else []
    for other in found[1:]:
        faults.append(Fault(other.name, 1, f"Mappen har även {found[0].name}.", "Behåll en av dem."))
    return found[0] if found else None


def known_as(name: str) -> str:
    """Return a name as it is looked up: on one line, in lower case."""
    return squeeze(name).casefold()


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _of_file(table: Mapping[str, str], path: Path) -> str:
    return table.get(_plain(path.name)) or table.get(_plain(path.stem)) or ""


def _pairs(form: Form, key: str, read: Callable[[str], str | None], fix: str) -> dict[str, str]:
    """Return a field that is a mapping of texts; a value that ``read`` gives None for is a fault."""
    node = form.fields.get(key)
    if node is None or node.value == "":
        return {}
    if not isinstance(node.value, dict):
        form.fault(node.line, f"”{key}” ska ha rader av formen ”namn: värde”.", "Skriv en rad per namn.")
        return {}
    found: dict[str, str] = {}
    for name, each in node.value.items():
        value = read(squeeze(each.value)) if isinstance(each.value, str) and each.value else None
        if value is None:
            shown = each.value[:60] if isinstance(each.value, str) else "…"
            form.fault(node.key_lines[name], f"”{name}: {shown}” under ”{key}” känns inte igen.", fix)
        else:
            found[name] = value
    return found


def _texts(form: Form, key: str) -> tuple[str, ...]:
    """Return a list field of texts, which may also be one text alone."""
    node = form.fields.get(key)
    return (node.value,) if node and node.value and isinstance(node.value, str) else form.texts(key)


def _number(value: str) -> str | None:
    return value if value.isascii() and value.isdecimal() and 0 < int(value[:4]) < 100 else None
