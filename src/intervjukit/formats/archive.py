"""A zip of interviews: looked through by the guard, and its interviews unpacked to a folder that soon goes."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from intervjukit.errors import FileError
from intervjukit.formats.guard import DAMAGE, MOST_FOLDER, opened_zip
from intervjukit.formats.kinds import ENDINGS

_UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_LONGEST_NAME = 120


class Unpacked(NamedTuple):
    """What a zip gave: ``files`` on the disk, names of ``skipped`` entries, and those ``refused`` with why."""

    files: tuple[Path, ...]
    skipped: tuple[str, ...]
    refused: tuple[tuple[str, FileError], ...]


def unpack(path: Path, target: Path) -> Unpacked:
    """Unpack the interviews of a zip under ``target``, each in a folder named as in the zip.

    A zip inside the zip is not opened. Raises FileError when the zip itself is refused.
    """
    files: list[Path] = []
    skipped: list[str] = []
    refused: list[tuple[str, FileError]] = []
    with opened_zip(path, "Packa upp den själv och läs in mappen.", most=MOST_FOLDER) as archive:
        for number, entry in enumerate(archive.infolist(), 1):
            name = PurePosixPath(_name(entry))
            if entry.is_dir() or any(part.startswith((".", "~$", "__MACOSX")) for part in name.parts):
                continue
            if name.suffix.lower() not in ENDINGS:
                skipped.append(name.name)
                continue
            place = target / str(number) / _safe(name.parent.name or path.stem) / _safe(name.name)
            try:
                place.parent.mkdir(parents=True)
                with archive.open(entry) as source, place.open("wb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
            except DAMAGE:
                place.unlink(missing_ok=True)
                why = f"{name.name} i {path.name} är skadad och går inte att packa upp."
                refused.append((name.name, FileError(why, fix="Packa ihop filerna på nytt, eller läs in den för sig.")))
            else:
                files.append(place)
    return Unpacked(tuple(files), tuple(skipped), tuple(refused))


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; some programs write UTF-8 without saying so."""
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _safe(name: str) -> str:
    """Return a name that every system can write, with its ending."""
    clean = _UNSAFE.sub("_", name).rstrip(" .") or "_"
    ending = Path(clean).suffix[:10]
    return clean if len(clean.encode()) <= _LONGEST_NAME else clean[: _LONGEST_NAME // 2] + ending
