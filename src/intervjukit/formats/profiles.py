"""Report profiles as YAML: read whole, with every fault and its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from intervjukit.core.profile import DEEPEST, Entry, Profile, appendices_last
from intervjukit.core.report import KNOWN, LIMITED
from intervjukit.errors import Fault, FaultyFileError, FileError, NotFoundError
from intervjukit.formats.library import library
from intervjukit.formats.yaml_nodes import Form, in_order, load_nodes, read_text_file

KIND = "profiler"
DEFAULT = "full"
MOST = 99
_PROFILE = ("profil", "titel", "underrubrik", "om", "titelsida", "innehåll", "löpande", "delar")
_ENTRY = ("del", "rubrik", "text", "högst", "parter", "skeden", "delar")
_LIMITED = ", ".join(f"{part} ({what})" for part, what in LIMITED.items())
_EXAMPLE = "- del: sammanfattning"
_ID = re.compile(r"[a-zåäö0-9_-]{1,40}")
_YES = {"ja": True, "nej": False}


def read_profile(path: Path) -> Profile:
    """Return the profile in a YAML file. Raises FileError, and FaultyFileError with every fault and its line."""
    profile, faults = parse_profile(read_text_file(path), path)
    if faults:
        raise FaultyFileError(path.name, faults)
    return profile


def parse_profile(text: str, path: Path) -> tuple[Profile, list[Fault]]:
    """Return the profile and all faults in it."""
    faults: list[Fault] = []
    form = Form(load_nodes(path, text), path.name, faults, _PROFILE, "Profilen")
    own_id = form.text("profil", required=True)
    if own_id and not _ID.fullmatch(own_id):
        form.fault(form.line("profil"), f"”{own_id}” kan inte vara ett id.", "Skriv ett kort ord med små bokstäver.")
    entries = tuple(_entries(form, 1))
    if form.fields and not form.items("delar") and not form.misspelt("delar"):
        form.fault(form.line("delar"), "Profilen har inga delar.", f"Skriv under ”delar:”, till exempel ”{_EXAMPLE}”.")
    elif not appendices_last(entries):
        form.fault(form.line("delar"), "En bilaga står före ett kapitel.", "Sätt bilagorna sist.")
    profile = Profile(
        own_id,
        form.text("titel", required=True),
        form.text("underrubrik"),
        form.text("om"),
        _yes(form, "titelsida"),
        _yes(form, "innehåll"),
        _yes(form, "löpande", default="nej"),
        entries,
    )
    return profile, in_order(faults)


def _yes(form: Form, key: str, default: str = "ja") -> bool:
    return _YES[form.choice(key, [*_YES], default=default)]


def _entries(form: Form, depth: int) -> Iterator[Entry]:
    for item in form.forms("delar", _ENTRY, "Delen"):
        yield _entry(item, depth)


def _entry(form: Form, depth: int) -> Entry:
    """Return one part or chapter; what does not go together in it is a fault."""
    part = form.choice("del", [*KNOWN])
    chapter = "delar" in form.fields
    if chapter and "del" in form.fields:
        form.fault(form.line("delar"), "En del kan inte själv ha delar.", "Skriv en rubrik i stället för ”del”.")
    elif chapter and not form.text("rubrik"):
        form.fault(form.node.line, "Ett kapitel saknar ”rubrik”.", "Lägg till ”rubrik: …”.")
    elif not chapter and form.fields and "del" not in form.fields and not form.misspelt("del"):
        form.fault(form.node.line, "Raden säger inte vilken del det är.", f"Lägg till ”del: …”: {', '.join(KNOWN)}.")
    if chapter and depth == DEEPEST:
        form.fault(form.line("delar"), f"Kapitlen ligger djupare än {DEEPEST} nivåer.", "Lyft upp dem en nivå.")
        chapter = False
    return Entry(
        part,
        form.text("rubrik"),
        form.text("text"),
        _most(form, part),
        _narrowed(form, "parter", part),
        _narrowed(form, "skeden", part),
        tuple(_entries(form, depth + 1)) if chapter else (),
    )


def _most(form: Form, part: str) -> int:
    if "högst" not in form.fields:
        return 0
    told = len(form.faults)
    most = form.number("högst")
    if part and part not in LIMITED:
        form.fault(form.line("högst"), f"”{part}” kan inte göras kortare.", f"”högst” går i: {_LIMITED}.")
    elif told == len(form.faults) and not 1 <= most <= MOST:
        form.fault(form.line("högst"), f"”högst: {most}” går inte.", f"Skriv ett tal från 1 till {MOST}.")
    return most


def _narrowed(form: Form, key: str, part: str) -> tuple[str, ...]:
    values = form.texts(key)
    if values and part != "ram":
        form.fault(form.line(key), f"”{key}” går bara att ange för delen ram.", "Ta bort raden.")
    return values


# --- where they are --------------------------------------------------------------------------------------


def profile_file(name: str | Path, own: Path | None = None) -> Path:
    """Return the file of a profile: a file, one in the folder ``own``, or one that comes with the kit.

    Raises NotFoundError naming the ones there are.
    """
    for place in _places(str(name), own):
        if place.is_file():
            return place
    raise NotFoundError(
        f"Rapportprofilen ”{name}” finns inte.",
        fix=f"Ange en YAML-fil, eller någon av: {', '.join(file.stem for file in profile_files(own))}.",
    )


def _places(name: str, own: Path | None) -> list[Path]:
    if Path(name).suffix.lower() in (".yaml", ".yml"):
        return [Path(name)]
    known = {file.stem: file for file in profile_files(own)}
    return [known[name]] if name in known else []


def profile_files(own: Path | None = None) -> list[Path]:
    """Return every profile there is, the default first: those of the kit, then those in the folder ``own``.

    One in ``own`` takes the place of one with the same name.
    """
    found: dict[str, Path] = {}
    for folder in filter(None, (library(KIND), own)):
        for file in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            if file.stem != "mall":
                found[file.stem] = file
    return sorted(found.values(), key=lambda file: (file.stem != DEFAULT, file.stem))


def every_profile(own: Path | None = None) -> tuple[list[Profile], list[FileError]]:
    """Return the profiles that can be read, each with its file's name as id, and what is wrong with the others."""
    read: list[Profile] = []
    wrong: list[FileError] = []
    for file in profile_files(own):
        try:
            read.append(replace(read_profile(file), id=file.stem))
        except FileError as error:
            wrong.append(error)
    return read, wrong


__all__: Sequence[str] = ["every_profile", "profile_file", "profile_files", "read_profile"]
