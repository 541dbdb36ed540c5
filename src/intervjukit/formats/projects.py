"""A project of another program, whichever it is: told by what the file holds, not by its name."""

from __future__ import annotations

from pathlib import Path

from intervjukit.core.exchange import Project
from intervjukit.formats.foreign import is_database
from intervjukit.formats.qualcoder import FILE


def read_project(path: Path | str) -> Project:
    """Return the project in a .qdpx, in QualCoder's folder (.qda) or in Taguette's database (.sqlite3).

    Raises FileError, and FaultyFileError with every fault that would lose or misplace what is coded.
    """
    from intervjukit.formats.qualcoder import read_qualcoder
    from intervjukit.formats.refi_read import read_project as read_refi
    from intervjukit.formats.taguette import read_taguette

    path = Path(path)
    if path.name == FILE or (path / FILE).exists() or (path.is_dir() and path.suffix == ".qda"):
        return read_qualcoder(path)
    return read_taguette(path) if is_database(path) else read_refi(path)
