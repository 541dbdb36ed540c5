"""Where the kit keeps what takes long to make and can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CACHE = "INTERVJUKIT_CACHE"


def cache_folder() -> Path:
    """Return the user's own cache folder; the environment variable INTERVJUKIT_CACHE moves it."""
    if given := os.environ.get(CACHE):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "intervjukit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "intervjukit"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intervjukit"
