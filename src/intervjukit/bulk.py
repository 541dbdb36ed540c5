"""Suggestions on tables of answers by the million: a pandas frame in, a frame out; one process, several or a cluster.

A row is an answer: ``text``, and where there are such columns ``group``, ``question`` (its id in the guide), ``asked``
(the words of the question) and ``id``. What comes out has the columns of ``study.suggestions()``, one row per span and
code; ``transcript`` and ``respondent`` are the row's id, ``id`` counts the suggestions of one answer, and ``start`` and
``end`` count code points in its text (after NFC).
"""

from __future__ import annotations

import codecs
import hashlib
import multiprocessing
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.core.text import normalise
from intervjukit.core.transcript import SEPARATOR, Transcript, Turn
from intervjukit.errors import FileError, IntervjukitError, RuleError
from intervjukit.formats.intake import (
    check_groups,
    is_shipped_codebook,
    parsed_bank,
    shipped_bank,
)

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.core.codebook import Codebook
    from intervjukit.core.coding import Suggestion
    from intervjukit.core.protocol import Protocol
    from intervjukit.nlp.showing import Mode
    from intervjukit.nlp.suggester import Suggester

Place = Path | str
Progress = Callable[[int, int, str], None]
ROWS = 2_000
"""Answers worked on at a time: what one process holds, and what is done when it is lost."""
_AHEAD = 2
_HEAD = 1 << 20
_COLUMNS = ("text", "group", "question", "asked", "id")
_WHOLE_NUMBERS = frozenset(("id", "start", "end"))


@dataclass(frozen=True)
class Task:
    """All that suggestions depend on, so that it can be sent to another process or machine.

    ``sign`` stands for the code book, the guides and the bank, which is text ``made_for`` a code book; none is written
    here when it is the kit's own, which is large and everywhere. ``common`` says that code book and bank come with the
    kit, ``kept`` where the model of something else is kept.
    """

    sign: str
    codebook: Codebook = field(compare=False, repr=False)
    made_for: Codebook = field(compare=False, repr=False)
    guides: tuple[Protocol, ...] = field(compare=False, repr=False)
    bank: tuple[tuple[str, str], ...] = field(compare=False, repr=False)
    common: bool
    mode: Mode
    group: str
    kept: Path | None = None


def read_task(codebook: Place, protocols: Place, mode: Mode = "economical", group: str = "") -> Task:
    """Return what is to be done, read and checked. Raises NotFoundError, FaultyFileError and RuleError."""
    from intervjukit.formats.banks import bank_files, bank_text
    from intervjukit.formats.codebooks import read_codebook
    from intervjukit.formats.fitting import check_fit
    from intervjukit.formats.library import codebook_file, protocol_files
    from intervjukit.formats.protocols import read_protocol

    files = {path: read_protocol(path) for path in protocol_files(protocols)}
    book_file = codebook_file(codebook)
    shipped, general = shipped_bank()
    ours = is_shipped_codebook(book_file)
    book = shipped if ours else read_codebook(book_file)
    check_groups([*files.values()])
    check_fit(files, book_file, book)
    guides = tuple(sorted(files.values(), key=book.party_order))
    if group and group not in {guide.group for guide in guides}:
        raise RuleError(f"Guiderna har ingen grupp ”{group}”.", fix=f"Välj bland {_listed(g.group for g in guides)}.")
    own = general if ours else {file.name: bank_text(file) for file in bank_files(book_file)}
    if not ours:
        parsed_bank(own, book)
    made_for = book if own or book.id == shipped.id else shipped
    bank = () if ours else tuple(own.items())
    return Task(_sign(book, made_for, guides, own or general), book, made_for, guides, bank, ours, mode, group)


def _sign(*known: object) -> str:
    return hashlib.sha256(repr(known).encode()).hexdigest()


def suggest_frame(
    frame: Any,
    *,
    codebook: Place = "halsoflodet",
    protocols: Place = "halsoflodet",
    mode: Mode = "economical",
    group: str = "",
    scheduler: str | None = None,
) -> Any:
    """Return the suggestions on a frame of answers as a frame; ``group`` is everybody's when there is no such column.

    A Dask frame gives a Dask frame, worked out when it is asked for. With ``scheduler``, the address of a Dask
    cluster, the work is done there and a pandas frame comes back. Both need the extra "dask". Raises RuleError when
    the frame has no column "text", and what ``read_task`` raises.
    """
    task = read_task(codebook, protocols, mode, group)
    _check_columns(frame.columns)
    if scheduler is None and not hasattr(frame, "map_partitions"):
        return _suggested(frame, task)
    return _on_dask(frame, task, scheduler)


def suggest_stream(
    source: Place | Iterable[pd.DataFrame],
    *,
    codebook: Place = "halsoflodet",
    protocols: Place = "halsoflodet",
    mode: Mode = "economical",
    group: str = "",
    workers: int = 2,
    rows: int = ROWS,
    progress: Progress | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the suggestions on the answers of a CSV file, or of frames, some rows at a time and in order.

    ``workers`` processes share the work (1: this process does it); only a few portions are held at a time, however
    long the source. ``progress`` is called with (per cent of the file read, 100, "föreslår"). A program that calls this
    with more than one worker needs ``if __name__ == "__main__":`` around what it does. Raises FileError, RuleError.
    """
    task = read_task(codebook, protocols, mode, group)
    portions = _from_csv(Path(source), rows, progress) if isinstance(source, (Path, str)) else _cut(source, rows)
    with ExitStack() as stack:
        if not task.common:
            task = replace(task, kept=Path(stack.enter_context(tempfile.TemporaryDirectory())))
        _suggester(task)  # the model is made here, once, and found by the others
        yield from map(_one(task), portions) if workers <= 1 else _shared(task, portions, workers)


def _one(task: Task) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda portion: _suggested(portion, task)


def _shared(task: Task, portions: Iterable[pd.DataFrame], workers: int) -> Iterator[pd.DataFrame]:
    """Yield what a pool of processes makes of the portions, in order, with a few of them under way."""
    spawned = multiprocessing.get_context("spawn")  # the same on every system
    with ProcessPoolExecutor(workers, mp_context=spawned, initializer=_suggester, initargs=(task,)) as pool:
        waiting: deque[Future[pd.DataFrame]] = deque()
        try:
            for portion in portions:
                waiting.append(pool.submit(_suggested, portion, task))
                if len(waiting) >= _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise IntervjukitError(
                "En av arbetsprocesserna avbröts, troligen för att minnet tog slut.",
                fix="Kör om med färre processer (workers).",
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _on_dask(frame: Any, task: Task, scheduler: str | None) -> Any:
    try:
        import dask.dataframe as dd
    except ImportError as error:
        raise IntervjukitError(
            "Dask är inte installerat.", fix='Installera det med pip install "intervjukit[dask]".'
        ) from error
    if not hasattr(frame, "map_partitions"):
        named = frame if "id" in frame.columns else frame.assign(id=frame.index)
        frame = dd.from_pandas(named.reset_index(drop=True), chunksize=ROWS)
    made = frame.map_partitions(_suggested, task, meta=_table([], task))
    if scheduler is None:
        return made
    from distributed import Client

    with Client(scheduler):
        return made.compute().reset_index(drop=True)


def _suggester(task: Task) -> Suggester:
    """Return the suggester of a task; a process makes it once, whoever answers and however much is to be shown."""
    return _learned(replace(task, mode="economical", group=""))


@lru_cache(maxsize=1)
def _learned(task: Task) -> Suggester:
    from intervjukit.nlp.suggester import Suggester

    bank = dict(task.bank) or shipped_bank()[1]
    if _sign(task.codebook, task.made_for, task.guides, bank) != task.sign:
        raise IntervjukitError(
            "En dator i klustret har en annan version av Intervjukit.", fix="Installera samma version på alla."
        )
    with tempfile.TemporaryDirectory() as passing:
        return Suggester.learned(
            task.codebook,
            task.guides,
            lambda: parsed_bank(bank, task.made_for),
            cache=None if task.common else task.kept or Path(passing),
            of="\n".join(bank.values()),
        )


def _suggested(frame: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the suggestions on a frame of answers."""
    _check_columns(frame.columns)
    guides = {guide.group: guide for guide in task.guides}
    answers = list(_answers(frame, task, guides))
    return _table(_numbered(_suggester(task).suggest(answers, mode=task.mode), answers), task)


def _answers(frame: pd.DataFrame, task: Task, guides: dict[str, Protocol]) -> Iterator[Transcript]:
    """Yield each row as an interview of one answer, its own words first so that places are counted in them."""
    columns = {name: frame[name].fillna("").astype(str).tolist() for name in _COLUMNS if name in frame}
    empty, groups = [""] * len(frame), [task.group] * len(frame)
    names = columns.get("id") or [str(label) for label in frame.index]
    given = zip(
        columns["text"],
        columns.get("group", groups),
        columns.get("question", empty),
        columns.get("asked", empty),
        names,
        strict=True,
    )
    for number, (text, group, question, asked, name) in enumerate(given):
        said, wanted = normalise(text), normalise(asked) or _wording(guides.get(group), question)
        place = len(said) + len(SEPARATOR)
        turns = (
            Turn(1, "interviewer", "I", place, place + len(wanted)),
            Turn(2, "respondent", "R", 0, len(said), question or None),
        )
        yield Transcript(name, group, f"{said}{SEPARATOR}{wanted}", turns[not wanted :], id=number)


def _wording(guide: Protocol | None, question: str) -> str:
    """Return the words of a guide's question, "" when it is not known."""
    return next((one.text for one in guide.questions() if one.id == question), "") if guide and question else ""


def _numbered(suggestions: Iterable[Suggestion], answers: list[Transcript]) -> Iterator[Suggestion]:
    counted: Counter[int] = Counter()
    for one in suggestions:
        counted[one.transcript] += 1
        yield replace(one, id=counted[one.transcript], group=answers[one.transcript].group)


def _table(suggestions: Iterable[Suggestion], task: Task) -> pd.DataFrame:
    from intervjukit.analysis.tables import suggestions_table

    made = suggestions_table(suggestions, task.codebook)
    made["transcript"] = made["respondent"]
    sure = {name for name in made if str(name).startswith(("score", "sure_"))}
    kinds = {name: "int64" if name in _WHOLE_NUMBERS else "float64" if name in sure else "str" for name in made}
    return made.astype(kinds)  # the same for every portion, also an empty one


def _check_columns(columns: Iterable[Any]) -> None:
    names = list(map(str, columns))
    if "text" not in names:
        raise RuleError(
            f"Tabellen har ingen kolumn ”text”; den har {_listed(names) or 'inga kolumner'}.",
            fix="Döp kolumnen med svaren till text; group, question, asked och id får också finnas.",
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"”{name}”" for name in names)


# --- reading ----------------------------------------------------------------------------------------


def _cut(frames: Iterable[pd.DataFrame], rows: int) -> Iterator[pd.DataFrame]:
    for frame in frames:
        _check_columns(frame.columns)
        for start in range(0, len(frame), rows):
            yield frame.iloc[start : start + rows]


def _from_csv(path: Path, rows: int, progress: Progress | None) -> Iterator[pd.DataFrame]:
    """Yield the rows of a CSV file some at a time, all as text; without a column of ids they are counted from 1."""
    import pandas as pd

    encoding, separator = _kind(path)
    size = max(path.stat().st_size, 1)
    try:
        with path.open("rb") as file:
            reader = pd.read_csv(
                file, sep=separator, encoding=encoding, dtype=str, keep_default_na=False, chunksize=rows
            )
            for portion in reader:
                _check_columns(portion.columns)
                portion.index += 1
                yield portion
                if progress:
                    progress(100 * file.tell() // size, 100, "föreslår")
    except (ValueError, UnicodeError) as error:  # pandas' own errors are ValueErrors
        raise FileError(
            f"{path.name} går inte att läsa som en tabell: {error}.",
            fix="Spara om den som ”CSV UTF-8” från programmet den kom ifrån.",
        ) from error


def _kind(path: Path) -> tuple[str, str]:
    """Return the encoding and the separator of a CSV file, judged by its beginning. Raises FileError."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise FileError(f"{path} går inte att läsa ({error.strerror}).", fix="Kontrollera sökvägen.") from error
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
            encoding = "utf-8-sig"
        except UnicodeDecodeError:
            encoding = "cp1252"
    first = head.decode(encoding, errors="replace").partition("\n")[0]
    return encoding, max(";,\t", key=first.count)
