"""The guides, code books and example study that come with the kit, in the wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path

from intervjukit.errors import NotFoundError

_PACKAGE = Path(__file__).resolve().parents[1]


def library(kind: str) -> Path:
    """Return the folder of "protocols", "codebooks", "examples" or "notebooks"."""
    inside = _PACKAGE / "library" / kind
    return inside if inside.is_dir() else _PACKAGE.parents[1] / kind


def protocol_files(name: str | Path) -> list[Path]:
    """Return the guide files of a set that comes with the kit ("halsoflodet"), of a folder, or one file.

    A question bank is not a guide. Raises NotFoundError naming the sets there are.
    """
    place = Path(name)
    if not place.exists():
        place = library("protocols") / str(name)
        place = place if place.is_dir() else place.with_suffix(".yaml")
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place] if place.is_file() else []
    guides = [file for file in files if _first_key(file) == "guide"]
    if not guides:
        raise NotFoundError(
            f"Inga intervjuguider hittades i ”{name}”.",
            fix=f"Ange en mapp med guider, en guide, eller någon av: {_names('protocols')}.",
        )
    return guides


def codebook_file(name: str | Path) -> Path:
    """Return the file of a code book that comes with the kit, or the file itself. Raises NotFoundError."""
    for place in (Path(name), library("codebooks") / f"{name}.yaml"):
        if place.is_file():
            return place
    raise NotFoundError(
        f"Kodboken ”{name}” finns inte.", fix=f"Ange en fil, eller någon av: {_names('codebooks')}."
    )


def _names(kind: str) -> str:
    return ", ".join(sorted(path.stem for path in library(kind).iterdir() if not path.name.startswith(".")))


def _first_key(file: Path) -> str:
    """Return the key a YAML file begins with, "" when it cannot be told."""
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            if line.strip() and not line.startswith(("#", "---", " ")):
                return line.partition(":")[0].strip()
    return ""
