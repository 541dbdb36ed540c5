"""Guides as Word forms, one per group or per respondent with what is known. Filled in, they are read as interviews."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from intervjukit.core.choices import group_id
from intervjukit.core.form import CONSENT
from intervjukit.core.interview import read_date
from intervjukit.core.protocol import Protocol
from intervjukit.core.sheet import VALUES, check_wave, fact_name, respondent_code
from intervjukit.core.transcript import CODE
from intervjukit.drafts import Drafts
from intervjukit.errors import FileError, NotFoundError, Notice, RuleError
from intervjukit.storage.store import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which forms are wanted: ``groups`` and ``respondents``, every group when neither is named.

    ``wave`` 0 gives the questions of every wave; ``printed`` lines for handwriting in place of fields. ``date`` and
    ``interviewer`` are filled in beforehand.
    """

    groups: Sequence[str] = ()
    respondents: Sequence[str] = ()
    wave: int = 0
    printed: bool = False
    date: str = ""
    interviewer: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    guide: Protocol
    respondent: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Forms:
    """The study's guides as Word forms. A filled-in form is read by ``Study.add_transcripts`` like any interview."""

    def __init__(self, store: Store, drafts: Drafts, protocols: Callable[[], Mapping[str, Protocol]]) -> None:
        """Take the guides and what is known of the respondents from a study."""
        self._store, self._drafts, self._protocols = store, drafts, protocols

    def __repr__(self) -> str:
        return f"<Formulär för {len(self._protocols())} guider; gör dem med study.forms.write(mapp)>"

    def write(self, place: Path | str, wanted: Wanted | None = None, *, overwrite: bool = False) -> list[Path]:
        """Write forms to a folder, or one form to a .docx file, and return the files; see ``write_forms``.

        A respondent's form has what is known of that person, a group's the names of what is known of the others.
        """
        wanted = wanted or Wanted()
        wanted = replace(wanted, respondents=[self._as_known(code) for code in wanted.respondents])
        groups = {row.respondent: row.group for row in self._store.interviews.tallies()}
        forms = [self._known(form) for form in _chosen(list(self._protocols().values()), wanted, groups)]
        return _write(forms, Path(place), wanted, overwrite=overwrite)

    def _as_known(self, code: str) -> str:
        """Return a respondent's code as the study writes it: "c3" may be C03."""
        people = dict.fromkeys(row.respondent for row in self._store.interviews.tallies())
        same = [known for known in people if _letter_and_number(known) == _letter_and_number(code)]
        return same[0] if len(same) == 1 else code

    def _known(self, form: _Form) -> _Form:
        asked = {fact_name(question) for question in form.guide.questions() if question.kind in VALUES} | {CONSENT}
        if form.respondent:
            facts = self._store.interviews.facts(form.respondent).get(form.respondent, {})
        else:
            facts = dict.fromkeys(self._drafts.fact_names(form.guide.group), "")
        return replace(form, facts={name: value for name, value in facts.items() if name not in asked})


def _letter_and_number(code: str) -> tuple[str, str]:
    code = code.strip().upper()
    letter = code.rstrip("0123456789")
    return letter, code[len(letter) :].lstrip("0")


def write_forms(
    guides: Path | str, place: Path | str, wanted: Wanted | None = None, *, overwrite: bool = False
) -> list[Path]:
    """Write forms of guides that are in no study yet, and return the files.

    ``guides`` is a file, a folder or a set that comes with the kit. Raises FaultyFileError for a guide with faults,
    NotFoundError for a group or a respondent that none of the guides can be for, RuleError for a wave, a date or a code
    that cannot be, and FileError when a file is there already and ``overwrite`` is not said.
    """
    from intervjukit.formats.library import protocol_files
    from intervjukit.formats.protocols import read_protocol

    read = [read_protocol(file) for file in protocol_files(guides)]
    return _write(_chosen(read, wanted or Wanted()), Path(place), wanted or Wanted(), overwrite=overwrite)


def _chosen(guides: Sequence[Protocol], wanted: Wanted, known: Mapping[str, str] = {}) -> list[_Form]:
    """Return the forms that are wanted, in the order of the guides. Raises NotFoundError, RuleError.

    ``known`` gives the group of the respondents there are.
    """
    by_group = {guide.group: guide for guide in guides}
    groups = [group_id(by_group, group) for group in wanted.groups]
    if not groups and not wanted.respondents:
        groups = [guide.group for guide in guides if not wanted.wave or _has_wave(guide, wanted.wave)] or [*by_group]
    forms = [_Form(by_group[group]) for group in by_group if group in groups]
    told = groups[0] if wanted.groups and len(groups) == 1 else ""
    for code in dict.fromkeys(wanted.respondents):
        forms.append(_Form(*_whose(guides, code, by_group.get(known.get(code, told)))))
    for form in forms if wanted.wave else ():
        check_wave(form.guide, wanted.wave)
    return forms


def _has_wave(guide: Protocol, wave: int) -> bool:
    return not guide.waves or wave in [each.number for each in guide.waves]


def _whose(guides: Sequence[Protocol], given: str, theirs: Protocol | None) -> tuple[Protocol, str]:
    """Return the guide a respondent's code belongs to, and the code as it is written there.

    A code that is formed as no group's goes with ``theirs`` or the only guide there is, with a notice: an interview
    under such a code is read in too, with a doubt.
    """
    for guide in guides:
        try:
            return guide, respondent_code(guide, given)
        except RuleError:
            continue
    theirs, code = theirs or (guides[0] if len(guides) == 1 else None), given.strip().upper()
    if theirs and CODE.fullmatch(code):
        text = (
            f"Koden {code} börjar inte på {theirs.letter}, som koderna i gruppen {theirs.group_name}. Formuläret är "
            "gjort med den ändå; ändra koden om den är felskriven, eller välj en annan grupp med --group."
        )
        warnings.warn(text, Notice, stacklevel=2)
        return theirs, code
    letters = ", ".join(f"{guide.letter} ({guide.group_name})" for guide in guides)
    raise NotFoundError(
        f"Ingen av guiderna gäller personen ”{given}”.",
        fix=f"Koden börjar med någon av: {letters}. Annars säger du vilken grupp det är med --group.",
    )


def _write(forms: Sequence[_Form], place: Path, wanted: Wanted, *, overwrite: bool) -> list[Path]:
    """Write the forms, all of them or, when a file stands in the way, none."""
    from intervjukit.export.forms import Prefilled, write_form

    day = read_date(wanted.date)
    if wanted.date.strip() and not day:
        raise RuleError(f"”{wanted.date}” är inget datum.", fix="Skriv det som ÅÅÅÅ-MM-DD.")
    files = _files(forms, place, wanted)
    there = [file for file in files if file.exists() and not overwrite]
    if there:
        more = f" och {len(there) - 1} till" if len(there) > 1 else ""
        raise FileError(f"{there[0]} finns redan{more}.", fix="Välj en annan plats, eller skriv över med --force.")
    for form, file in zip(forms, files, strict=True):
        known = Prefilled(form.respondent, day, wanted.interviewer.strip(), wanted.wave, form.facts)
        write_form(form.guide, file, known, printed=wanted.printed)
    return files


def _files(forms: Sequence[_Form], place: Path, wanted: Wanted) -> list[Path]:
    """Return where each form goes. Raises FileError when several should go to one file."""
    if place.suffix.lower() == ".docx":
        if len(forms) > 1:
            raise FileError(
                f"{len(forms)} formulär får inte plats i en fil.",
                fix="Ange en mapp, eller välj ett med --group eller --respondent.",
            )
        return [place]
    if place.is_file():
        raise FileError(f"{place} är en fil, inte en mapp.", fix="Ange en mapp, eller en fil som slutar på .docx.")
    ends = (f" omgång {wanted.wave}" if wanted.wave else "") + (" utskrift" if wanted.printed else "")
    return [place / f"Formulär {form.respondent or form.guide.group}{ends}.docx" for form in forms]
