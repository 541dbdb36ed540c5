"""Intervjukit: qualitative interview studies with several parties, from guide to report, on your own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intervjukit.errors import (
    ConflictError,
    FaultyFileError,
    FileError,
    IntervjukitError,
    NotFoundError,
    RuleError,
)

if TYPE_CHECKING:
    from intervjukit.formats.library import example
    from intervjukit.reading import Added
    from intervjukit.study import Study

__version__ = "0.1.0"
__all__ = [
    "Added",
    "ConflictError",
    "FaultyFileError",
    "FileError",
    "IntervjukitError",
    "NotFoundError",
    "RuleError",
    "Study",
    "__version__",
    "example",
]


def __getattr__(name: str) -> Any:
    """Load the study only when it is asked for: it brings the database with it."""
    if name == "Added":
        from intervjukit.reading import Added

        return Added
    if name == "Study":
        from intervjukit.study import Study

        return Study
    if name == "example":
        from intervjukit.formats.library import example

        return example
    raise AttributeError(f"module 'intervjukit' has no attribute {name!r}")
