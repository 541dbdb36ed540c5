"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from intervjukit.errors import FileError


@contextmanager
def whole_file(path: Path, *failures: type[Exception]) -> Iterator[Path]:
    """Give a place beside ``path`` to write to; what is there takes its place when the block ends well.

    Otherwise nothing has changed and nothing is left behind. An OSError, or one of ``failures`` (a library's own), is
    told as a FileError.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    told: tuple[type[Exception], ...] = (OSError, *failures)
    try:
        yield part
        part.replace(path)
    except told as error:
        why = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
        raise FileError(
            f"{path} går inte att skriva{why}.",
            fix="Stäng filen om den är öppen i Word eller Excel, eller välj en annan plats.",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
