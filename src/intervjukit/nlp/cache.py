"""Where the kit keeps what takes long to make and can be made again."""

from __future__ import annotations

import contextlib
import os
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError

if TYPE_CHECKING:
    import numpy.typing as npt

CACHE = "INTERVJUKIT_CACHE"
REMEMBERED = 16_384
"""How many words a function remembers its answers for, so that memory does not grow with what is read: people say
some 9,000 different words in 200,000, and those beyond the commonest are soon worked out anew."""
Made = TypeVar("Made")


def cache_folder() -> Path:
    """Return the user's own cache folder; the environment variable INTERVJUKIT_CACHE moves it."""
    if given := os.environ.get(CACHE):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "intervjukit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "intervjukit"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intervjukit"


def kept_arrays(
    cache: Path | None,
    name: str,
    read: Callable[[Mapping[str, npt.NDArray[Any]]], Made],
    make: Callable[[], Made],
    arrays: Callable[[Made], Mapping[str, npt.NDArray[Any]]],
) -> Made:
    """Return what ``read`` makes of the arrays kept under ``name`` in the folder ``cache``; else make and keep it.

    What is kept is plain numbers and text; a file that is missing, damaged or of something else is made anew.
    ``cache`` None is the user's own cache folder, as is any other when the user has said where that is. ``read`` may
    raise KeyError and ValueError.
    """
    import numpy as np

    file = (cache_folder() if cache is None or os.environ.get(CACHE) else cache) / f"{name}.npz"
    unreadable = contextlib.suppress(OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile)
    with unreadable, file.open("rb") as data, np.load(data, allow_pickle=False) as kept:
        return read(dict(kept))
    made = make()
    with contextlib.suppress(FileError), whole_file(file) as part:  # else it is made anew the next time
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            np.savez(out, **arrays(made))  # type: ignore[arg-type]
    return made
