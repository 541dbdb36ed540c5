"""What is checked on the way into a study: folders, guides, files, and quotes that must stand in one place."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from intervjukit.core.bank import BankAnswer
from intervjukit.core.codebook import Codebook
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Transcript
from intervjukit.errors import FileError, IntervjukitError, NotFoundError, RuleError
from intervjukit.formats.guard import MOST_FILES, head_of

_NOT_MEANT = (".csv", ".md", ".json", ".yaml", ".yml", ".db", ".db-wal", ".db-shm")
"""What lies beside interviews without anybody taking it for one."""
_LOOSE = (".md", ".json")
"""What may be an interview or something else."""
_KINDS = "De ska vara .docx, .odt, .rtf, .pdf, .txt, .md, .vtt, .srt eller .json från Whisper."
_SHOWN = 5


@contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """Make a folder for what is done within; if that fails, no folder made here is left behind."""
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = "där finns en fil med det namnet" if folder.is_file() else error.strerror
            raise FileError(f"Mappen {folder} går inte att skapa ({why}).", fix="Välj en annan mapp.") from error
        yield
    except BaseException:
        for place in made:
            with suppress(OSError):
                place.rmdir()
        raise


def check_groups(guides: Sequence[Protocol]) -> None:
    """Raise RuleError when two guides are for the same group, or their respondents' codes would be alike."""
    for what, values in (
        ("gruppen", [guide.group for guide in guides]),
        ("kodbokstaven", [guide.letter for guide in guides]),
    ):
        if twice := [value for value, number in Counter(values).items() if number > 1]:
            raise RuleError(f"Mer än en guide har {what} ”{twice[0]}”.", fix="Ange en guide per grupp.")


@lru_cache(maxsize=64)
def parsed_guide(yaml: str) -> Protocol:
    """Return an adopted guide; the same text is read once."""
    from intervjukit.formats.protocols import parse_protocol

    return parse_protocol(yaml, Path("studiens guide"))[0]


@lru_cache(maxsize=8)
def parsed_codebook(yaml: str) -> Codebook:
    """Return an adopted code book; the same text is read once."""
    from intervjukit.formats.codebooks import parse_codebook

    return parse_codebook(yaml, Path("studiens kodbok"))[0]


def by_source(transcripts: Iterable[Transcript]) -> dict[str, list[Transcript]]:
    """Return the transcripts by file name and by respondent; a name may stand for more than one."""
    found: dict[str, list[Transcript]] = {}
    for transcript in transcripts:
        for key in {transcript.source, transcript.respondent}:
            found.setdefault(key, []).append(transcript)
    return found


def only_transcript(transcripts: Mapping[str, Sequence[Transcript]], source: str) -> Transcript:
    """Return the one transcript of that name. Raises NotFoundError, or RuleError when there are more."""
    found = transcripts.get(source, ())
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"Intervjun ”{source}” finns inte i studien.", fix="Läs in den, eller rätta namnet.")
    raise RuleError(
        f"Studien har {len(found)} intervjuer som heter ”{source}”.", fix="Ange filens namn i kolumnen file."
    )


class Inbox(NamedTuple):
    """Files to read interviews from, the names of those beside them that are none, and zips refused with why."""

    files: tuple[Path, ...]
    skipped: tuple[str, ...] = ()
    refused: tuple[tuple[str, IntervjukitError], ...] = ()


@contextmanager
def opened_inbox(places: Iterable[Path | str]) -> Iterator[Inbox]:
    """Give the interview files of files, folders and zips; what was unpacked is gone afterwards. Raises FileError."""
    from intervjukit.formats.archive import Unpacked, unpack

    found = interview_files(places)
    files: list[Path] = []
    skipped, refused = list(found.skipped), list[tuple[str, IntervjukitError]]()
    with ExitStack() as stack:
        for file in found.files:
            if not _is_zip(file):
                files.append(file)
                continue
            target = Path(stack.enter_context(TemporaryDirectory(prefix="intervjukit-")))
            try:
                inside = unpack(file, target)
                if not (inside.files or inside.refused):
                    raise FileError(f"{file.name} innehåller inga intervjuer.", fix=_KINDS)
            except FileError as error:
                inside = Unpacked((), (), ((file.name, error),))
            files += inside.files
            skipped += inside.skipped
            refused += inside.refused
        yield Inbox(tuple(files), tuple(skipped), tuple(refused))


def _is_zip(file: Path) -> bool:
    from intervjukit.formats.kinds import kind_of

    try:
        return kind_of(file) == "zip"
    except FileError:
        return False  # its reader says what is wrong


def interview_files(places: Iterable[Path | str]) -> Inbox:
    """Return the interview files and zips of files and folders with all they hold, in order. Raises FileError.

    A file in a folder is taken by its ending, a file given by name always.
    """
    found: dict[Path, None] = {}
    skipped: dict[str, None] = {}
    for place in map(Path, places):
        if place.is_dir():
            inside, links = _files_inside(place)
            interviews = [file for file in inside if _is_interview(file)]
            if not interviews:
                raise FileError(f"Mappen {place} innehåller inga intervjuer; {_listed(inside)}.", fix=_KINDS)
            found |= dict.fromkeys(interviews)
            others = [file for file in inside if file not in found and file.suffix.lower() not in _NOT_MEANT]
            skipped |= dict.fromkeys(file.name for file in others)
            skipped |= dict.fromkeys(f"{file.name} (en länk till ett annat ställe)" for file in links)
        elif place.exists():
            found[place] = None
        else:
            raise FileError(f"{place} finns inte.", fix="Kontrollera sökvägen.")
    return Inbox(tuple(found), tuple(skipped))


def _is_interview(file: Path) -> bool:
    """Return whether a file in a folder is taken for an interview: by its ending, and by its words for a loose one."""
    from intervjukit.formats.kinds import ENDINGS, holds_talk

    ending = file.suffix.lower()
    return ending == ".zip" or (ending in ENDINGS and (ending not in _LOOSE or holds_talk(file)))


def _files_inside(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder and the folders in it, and the links, which are not followed.

    Files that are hidden or that Word holds open are left out. Raises FileError for more files than anybody has.
    """
    files: list[Path] = []
    links: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links += [link for name in folders if (link := Path(place, name)).is_symlink()]
        for name in names:
            if not name.startswith((".", "~$")):
                file = Path(place, name)
                (links if file.is_symlink() else files).append(file)
        if len(files) > MOST_FILES:
            raise FileError(f"Mappen {folder} har fler än {MOST_FILES} filer.", fix="Ange mappen med intervjuerna.")
    return sorted(files), links


def _listed(files: Sequence[Path]) -> str:
    if not files:
        return "den är tom"
    more = f" och {len(files) - _SHOWN} till" if len(files) > _SHOWN else ""
    return f"där finns {', '.join(file.name for file in files[:_SHOWN])}{more}"


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file as hex digits. Raises FileError."""
    head_of(file)
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise FileError(
            f"{file.name} går inte att läsa ({error.strerror}).",
            fix="Stäng filen i andra program och kontrollera att du har rätt till den.",
        ) from error


def shipped_bank() -> tuple[Codebook, dict[str, str]]:
    """Return the code book that comes with the kit and the texts of its bank: general Swedish for any study."""
    from intervjukit.formats.banks import bank_files, bank_text
    from intervjukit.formats.codebooks import read_codebook
    from intervjukit.formats.library import codebook_file

    file = codebook_file("halsoflodet")
    return read_codebook(file), {bank.name: bank_text(bank) for bank in bank_files(file)}


def is_shipped_codebook(file: Path) -> bool:
    """Return whether a code book is the one that comes with the kit, whose bank has been checked."""
    from intervjukit.formats.library import codebook_file

    return file.samefile(codebook_file("halsoflodet"))


def is_shipped(bank: Iterable[str]) -> bool:
    """Return whether the texts of a bank are those of the one that comes with the kit."""
    from intervjukit.formats.banks import bank_files
    from intervjukit.formats.library import codebook_file

    shipped = [file.read_bytes().replace(b"\r\n", b"\n") for file in bank_files(codebook_file("halsoflodet"))]
    return [text.encode() for text in bank] == shipped


def parsed_bank(texts: Mapping[str, str], codebook: Codebook) -> list[BankAnswer]:
    """Return the answers of a bank's files. Raises FaultyFileError."""
    from intervjukit.formats.banks import read_bank

    return [answer for name, text in texts.items() for answer in read_bank(name, text, codebook)]
