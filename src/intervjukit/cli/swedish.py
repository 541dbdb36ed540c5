"""Swedish for click's own words (Usage, Options, Missing argument …), set explicitly: Windows has no LANG."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DOMAIN = "intervjukit"
LOCALE = Path(__file__).resolve().parents[1] / "locale"


@contextmanager
def swedish() -> Iterator[None]:
    """Let click speak Swedish inside the block; the process's own language settings are put back after it."""
    domain, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = "sv"
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if language is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = language
