"""The desk: one study kept open for the server's life, handed out to one request at a time, and long work beside it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from intervjukit.errors import ConflictError, IntervjukitError, NotFoundError

if TYPE_CHECKING:
    from intervjukit.boards import Event, Progress
    from intervjukit.study import Study

Work = Callable[["Study", "Progress"], Any]
"""Long work: gets a study of its own and something to tell its progress to, and returns what JSON can hold."""
HEAVY = ("pandas", "docx", "matplotlib.pyplot", "intervjukit.nlp.suggester")
"""What pages need sooner or later and takes long to load."""
_BREATH = 1.0
"""Seconds the first page has the processor to itself, for what its script asks."""


@dataclass
class Job:
    """Long work in the background: what it is, how far it has come, and how it ended."""

    id: int
    kind: str
    label: str
    who: str
    state: Literal["running", "done", "failed"] = "running"
    done: int = 0
    total: int = 0
    what: str = ""
    result: Any = None
    problem: str = ""
    fix: str = ""


class Desk:
    """Holds the study for all requests. ``reading`` and ``deciding`` give it to one of them at a time."""

    def __init__(self, folder: Path) -> None:
        """Know the study's folder; it is opened when it is first asked for, or by ``open``."""
        self.folder = folder
        self._opened: Study | None = None
        self._lock = threading.RLock()
        self._events: list[Event] = []
        self._job: Job | None = None
        self._worker: threading.Thread | None = None
        self._inbox = Path(tempfile.mkdtemp(prefix=".inkorg-", dir=folder))
        self.shown = threading.Event()

    def close(self) -> None:
        """Wait for work under way and let go of the study; files that were sent in and not read are removed."""
        if self._worker is not None:
            self._worker.join()
        with self._lock:
            if self._opened is not None:
                self._opened.close()
        shutil.rmtree(self._inbox, ignore_errors=True)

    # --- handing out the study ----------------------------------------------------------------------

    def open(self) -> None:
        """Load what holds the study and open it; who asks for it meanwhile waits. Raises FileError."""
        with self._lock:
            if self._opened is None:
                from intervjukit.study import Study

                self._opened = Study.open(self.folder)

    @property
    def _study(self) -> Study:
        self.open()
        assert self._opened is not None
        return self._opened

    @contextmanager
    def reading(self, coder: str) -> Iterator[Study]:
        """Give the study, as ``coder`` sees it; nobody else in this server has it meanwhile."""
        with self._lock:
            self._study.coder = coder or None
            yield self._study

    @contextmanager
    def deciding(self, coder: str) -> Iterator[Study]:
        """Give the study to ``coder`` for a change: nobody at all can change it between reading and deciding.

        All of it is saved when the block ends, or none of it if it fails.
        """
        with self.reading(coder) as study, study.history.alone():
            yield study

    # --- what has happened --------------------------------------------------------------------------

    def revision(self) -> int:
        """Return the number of the latest event in the study's history."""
        with self._lock:
            return self._study.history.revision()

    def events(self, *, since: int = 0) -> list[Event]:
        """Return the history after the event ``since``; only what is new is read from the file.

        Not within ``deciding``: what is not saved yet has not happened.
        """
        with self._lock:
            last = self._events[-1].id if self._events else 0
            self._events += self._study.history.events(since=last)
            first = len(self._events)
            while first and self._events[first - 1].id > since:
                first -= 1
            return self._events[first:]

    def coders(self) -> list[str]:
        """Return everybody who has made a decision in the study, the latest first."""
        return list(dict.fromkeys(event.who for event in reversed(self.events()) if event.undoable))

    # --- long work ----------------------------------------------------------------------------------

    def begin(self, kind: str, label: str, who: str, work: Work) -> Job:
        """Start ``work`` in the background and return its Job. Raises ConflictError while another is running."""
        with self._lock:
            if self._job and self._job.state == "running":
                raise ConflictError(
                    f"Det går inte att börja nu: {self._job.label.lower()} pågår.", fix="Vänta tills det är klart."
                )
            self._job = Job(self._job.id + 1 if self._job else 1, kind, label, who)
            self._worker = threading.Thread(target=self._run, args=(self._job, work), name=kind)
            self._worker.start()
            return self._job

    def _run(self, job: Job, work: Work) -> None:
        def progress(done: int, total: int, what: str) -> None:
            job.done, job.total, job.what = done, total, what

        from intervjukit.study import Study

        try:
            with Study.open(self.folder, coder=job.who) as study:
                job.result = work(study, progress)
        except IntervjukitError as error:
            job.problem, job.fix, job.state = error.problem, error.fix, "failed"
        except BaseException:
            job.problem, job.fix = f"{job.label} gick inte att slutföra.", "Försök igen; inget halvt har sparats."
            job.state = "failed"
            raise
        else:
            job.state = "done"

    def job(self, number: int | None = None) -> Job | None:
        """Return the latest job, or the one with that number. Raises NotFoundError when it is forgotten."""
        if number is not None and (self._job is None or self._job.id != number):
            raise NotFoundError("Det arbetet finns inte längre.", fix="Läs in sidan på nytt.")
        return self._job

    # --- files sent in ------------------------------------------------------------------------------

    def new_place(self, name: str) -> Path:
        """Return where a file sent in under ``name`` is to be put: in a folder of its own inside the study's."""
        return Path(tempfile.mkdtemp(dir=self._inbox)) / _safe(name)

    def received(self, key: str) -> Path:
        """Return a file that was sent in, by its key. Raises NotFoundError."""
        folder = self._inbox / key
        if key and "/" not in key and "\\" not in key and key not in (".", "..") and folder.is_dir():
            for file in folder.iterdir():
                return file
        raise NotFoundError("Filen finns inte kvar på servern.", fix="Lägg till den på nytt.")

    def warm_up(self, later: Callable[[], object], patience: float = 10.0) -> None:
        """Load what later pages need once the first one has been shown, or after ``patience`` seconds.

        ``later`` loads the pages themselves.
        """
        if self.shown.wait(patience):
            time.sleep(_BREATH)
        later()
        with self.reading("") as study:
            _ = study.codebook
        from importlib import import_module

        for name in HEAVY:
            import_module(name)


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def _safe(name: str) -> str:
    """Return a file name that every system can keep: no folders, no signs with a meaning, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join("_" if sign in '<>:"|?*' or not sign.isprintable() else sign for sign in last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, ending) if dot else (plain, "")
    stem = stem[:80] or "fil"
    return f"{'_' if stem.upper() in _RESERVED else ''}{stem}{dot}{ending[:10]}"


__all__ = ["Desk", "Job"]
