"""The errors a user may meet: what is wrong, where, the value, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["fel", "metod"]


class IntervjukitError(Exception):
    """Something the user can mend. ``problem`` says what is wrong, ``fix`` what to do; both are Swedish."""

    def __init__(self, problem: str, *, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.problem} {self.fix}".strip()


class FileError(IntervjukitError):
    """A file that cannot be read: missing, damaged, of another kind than its ending says, or hostile."""


class NotFoundError(IntervjukitError):
    """A respondent, code, suggestion, question … that the study does not have."""


class RuleError(IntervjukitError):
    """A rule of the study would be broken: a quote that does not match, a value outside the closed list."""


class ConflictError(IntervjukitError):
    """Somebody else has changed the same thing in the meantime; nothing was overwritten."""


class Notice(UserWarning):
    """Something the user should know, in Swedish, that stands in the way of nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One remark on a file: ``level`` is "fel" (must be mended) or "metod" (a methodological slip)."""

    file: str
    line: int
    message: str
    fix: str
    level: Level = "fel"

    def __str__(self) -> str:
        kind = "Fel" if self.level == "fel" else "Metod"
        return f"{self.file}, rad {self.line}: {kind}: {self.message} → {self.fix}"


_TOLD = 40
"""How many faults of a file are written out: more is seldom more than the same one over again."""


class FaultyFileError(FileError):
    """A file with faults. ``faults`` holds every one of them, in the order of the lines; the first 40 are told."""

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        listed = "\n".join(f"  {fault}" for fault in self.faults[:_TOLD])
        if left := len(self.faults[_TOLD:]):
            listed += f"\n  … och {left} till"
        number = "ett fel" if len(self.faults) == 1 else f"{len(self.faults)} fel"
        super().__init__(
            f"{file} har {number}:\n{listed}\n",
            fix="Rätta raderna ovan och försök igen; inget har sparats.",
        )
