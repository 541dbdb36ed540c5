"""The guides, code books and example study that come with the kit, in the wheel or in a checkout."""

from __future__ import annotations

import re
from pathlib import Path

from intervjukit.errors import NotFoundError
from intervjukit.formats.yaml_nodes import MOST_BYTES

_OTHER = re.compile(r"""^["']?(?:frågebank|kodbok)["']?\s*:""", re.M)
_PACKAGE = Path(__file__).resolve().parents[1]


def library(kind: str) -> Path:
    """Return the folder of "protocols", "codebooks", "profiler", "examples" or "notebooks"."""
    inside = _PACKAGE / "library" / kind
    return inside if inside.is_dir() else _PACKAGE.parents[1] / kind


def protocol_files(name: str | Path) -> list[Path]:
    """Return the guide files of a set that comes with the kit ("halsoflodet"), of a folder, or one file.

    Question banks and code books in a folder are left out; a faulty guide is not, so that its faults are told
    when it is read. Raises NotFoundError naming the sets there are.
    """
    place = Path(name)
    if not _there(place):
        place = library("protocols") / str(name)
        place = place if _there(place) else place.with_name(f"{place.name}.yaml")
    if _there(place) and place.is_dir():
        files = sorted(file for file in place.iterdir() if file.suffix.lower() in (".yaml", ".yml"))
    else:
        files = [place] if _there(place) else []
    guides = [file for file in files if file.is_file() and not _is_other(file)]
    if not guides:
        raise NotFoundError(
            f"Inga intervjuguider hittades i ”{name}”.",
            fix=f"Ange en mapp med guider, en guide, eller någon av: {_names('protocols')}.",
        )
    return guides


def _there(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # a name longer than the system allows
        return False


def codebook_file(name: str | Path) -> Path:
    """Return the file of a code book that comes with the kit, or the file itself. Raises NotFoundError."""
    for place in (Path(name), library("codebooks") / f"{name}.yaml"):
        if _there(place) and place.is_file():
            return place
    raise NotFoundError(f"Kodboken ”{name}” finns inte.", fix=f"Ange en fil, eller någon av: {_names('codebooks')}.")


def example(name: str = "halsoflodet") -> Path:
    """Return the folder of an example study that comes with the kit. Raises NotFoundError."""
    place = library("examples") / name
    if name and Path(name).name == name and _there(place) and place.is_dir():
        return place
    raise NotFoundError(f"Exempelstudien ”{name}” finns inte.", fix=f"Ange någon av: {_names('examples')}.")


def _names(kind: str) -> str:
    folder = library(kind)
    inside = folder.iterdir() if folder.is_dir() else ()
    return ", ".join(sorted(path.stem for path in inside if not path.name.startswith(".")))


def _is_other(file: Path) -> bool:
    """Return whether a YAML file says itself that it is a question bank or a code book."""
    try:
        with file.open("rb") as data:
            head = data.read(MOST_BYTES)
    except OSError:
        return False  # reading it will tell
    return _OTHER.search(head.decode("utf-8-sig", errors="replace")) is not None
