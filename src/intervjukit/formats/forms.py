"""Filled-in Word forms read back: every answer at its question, every fact at its name, nothing typed left out.

A place is told by the tag of its field; where another program has dropped the tags, by the field's number; else by
the bookmark above it, which holds until the next question's. What stands outside the fields is kept and told.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from intervjukit.core.form import (
    BOX,
    CONSENT,
    FORM,
    HEAD_FACTS,
    PROMPTS,
    TICKED,
    Place,
    key,
    mark,
    seal,
)
from intervjukit.core.sheet import INTERVIEWER
from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import Doubt, RawInterview, Remark, Utterance
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.form_blocks import Block, Piece, Walker
from intervjukit.formats.guard import check_word_file, opened_zip, read_part, too_deep
from intervjukit.formats.speakers import facts_in
from intervjukit.formats.xml import parsed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MEND = "Öppna den i Word, låt Word laga den och spara igen."
_GONE = frozenset(
    f"{_W}{name}" for name in "del moveFrom pPr rPr sdtPr sdtEndPr tblPr tblGrid trPr tcPr sectPr".split()
)
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OFF = ("0", "false", "off")
_TICKS = f"{TICKED}\u2611\u2713\u2714\u2717\u2718\uf052\uf053\uf054\uf0fb\uf0fc\uf0fd\uf0fe"
_GUIDE = re.compile(r"Formulär (.+), version ([0-9a-f]{8})")
_BESIDE = re.compile(r"(?:comments|footnotes|endnotes|header\d*|footer\d*)\.xml")
_PAGE_WORDS = re.compile(r"Sida ?\d* ?av ?\d*")
_WAYS = {"id": "fältens nummer", "bookmark": "bokmärken"}
_EXACT = {
    "kod": re.compile(r"[A-ZÅÄÖ]{1,3}\d{1,6}"),
    "datum": re.compile(r"\d{4}-\d\d-\d\d|\d{1,2} [a-z]{3,9}\.? \d{4}|\d{1,2}[/.] ?\d{1,2}[-/. ] ?\d{4}"),
    "längd": re.compile(r"\d{1,3}(?: ?min(?:uter)?\.?)?"),
    "omgång": re.compile(r"\d{1,2}"),
}
"""What a fact about the interview is when nothing else is written beside it."""


def read_form(path: Path) -> RawInterview | None:
    """Return what a filled-in form holds, None when the file is no form made by the kit.

    Its utterances state their question, its values stand among the facts too; ``core.form.filled`` makes an
    interview of it by the guide. Tracked changes are read as accepted. Raises FileError when the file cannot be
    read, is no sound Word file, or nothing is filled in.
    """
    parts = check_word_file(path)
    if not parts.form:
        return None
    try:
        with opened_zip(path, _MEND) as archive:
            root = parsed(read_part(path, archive, parts.document))
            beside = _beside(path, archive, parts.document.rpartition("/")[0])
        walker = Walker(root)
        return _FormReader(root, walker, beside).interview(path.name) if walker.places else None
    except etree.LxmlError as error:
        raise FileError(f"{path.name} är skadad och går inte att läsa.", fix=_MEND) from error
    except RuleError as error:
        raise FileError(f"{path.name}: {error.problem}", fix=error.fix) from error
    except RecursionError as error:
        raise too_deep(path) from error


def _beside(path: Path, archive: zipfile.ZipFile, folder: str) -> dict[str, etree._Element]:
    """Return the parts that hold text beside the document: comments, notes, headers and footers."""
    found = {}
    for name in archive.namelist():
        place, _, file = name.rpartition("/")
        if place == folder and _BESIDE.fullmatch(file):
            found[file] = parsed(read_part(path, archive, name))
    return found


def _cleaned(text: str) -> str:
    """Return what was typed: normalised, without empty lines and without the words of an empty field."""
    lines = [line.strip() for line in normalise(text).split("\n")]
    return "\n".join(filter(None, map(_without_prompt, lines)))


def _without_prompt(line: str) -> str:
    for prompt in PROMPTS:
        if line.startswith(prompt) or line.endswith(prompt):
            return line.removeprefix(prompt).removesuffix(prompt).strip()
    return line


# --- from blocks to an interview --------------------------------------------------------------------


@dataclass
class _Asked:
    """A question of the form: its words, whether they are untouched, its value, its answers, those outside fields.

    ``remarks`` are the comments on any of it, each with whether it stands in the question's own paragraph.
    """

    question: str
    text: str = ""
    untouched: bool = True
    value: str = ""
    answers: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    remarks: list[tuple[Remark, bool]] = field(default_factory=list)


class _FormReader:
    """Reads one form, block by block."""

    def __init__(self, root: etree._Element, walker: Walker, beside: dict[str, etree._Element]) -> None:
        self._root, self._beside = root, beside
        self._blocks, self._tagged = walker.blocks, walker.tagged
        self._facts: dict[str, str] = {}
        self._entries: list[_Asked | str] = []
        self._asked: dict[str, _Asked] = {}
        self._current: _Asked | None = None
        self._latest: _Asked | None = None
        """The question that the paragraph at hand has words of, or of the answer to it."""
        self._rows: dict[tuple[int, int], tuple[Place, str, str]] = {}
        self._own_rows: dict[tuple[int, int], list[str]] = {}
        self._fact_tables: set[int] = set()
        self._consent: list[tuple[str, bool]] = []
        self._found: dict[str, set[str]] = defaultdict(set)
        self._comments = _comments(beside.get("comments.xml"), walker.commented)
        self._remarks: dict[int, list[Remark]] = defaultdict(list)
        """The comments on notes, by the place of each note among the entries."""
        self._pictures = 0

    def interview(self, name: str) -> RawInterview:
        """Return all that is filled in. Raises FileError when no question is."""
        self._facts[FORM] = ""
        for block in self._blocks:
            self._take(block)
        self._take_own_rows()
        self._take_consent()
        self._entries += self._notes_beside()
        utterances, doubts = self._spoken()
        if not any(utterance.question for utterance in utterances):
            raise FileError(
                f"{name}: formuläret är inte ifyllt.", fix="Skriv svaren i Word, spara och läs in filen på nytt."
            )
        told = [*self._doubts(), *doubts]
        return RawInterview({k: v for k, v in self._facts.items() if v or k == FORM}, tuple(utterances), tuple(told))

    def _take(self, block: Block) -> None:
        """Take in one paragraph: as a place of the form, or as something typed in it."""
        marks = {place: (name, at) for (place, name), at in block.marks}
        self._pictures += block.pictures
        self._latest, noted = None, len(self._entries)
        if "end" in marks:
            self._current = None
        if "question" in marks:
            self._ask(marks["question"][0], block, marks)
        elif "consent" in marks:
            self._agree(block, *marks["consent"])
        elif "fact" in marks or "attribute" in marks:
            self._label(block, marks)
        elif block.table and (block.table, block.row) in self._rows:
            self._fact_value(block)
        elif not _is_own(block.text, marks):
            self._typed(block, marks)
        if "guide" in marks and (found := _GUIDE.search(block.text)):
            self._facts[FORM] = f"{found[1]} {found[2]}"
        for number in block.comments:
            if comment := self._comments.pop(number, None):
                self._comment(comment, noted, asking="question" in marks)

    def _comment(self, comment: Remark, noted: int, *, asking: bool) -> None:
        """Let a comment be on the question, answer or note of its paragraph; elsewhere it is a note of its own."""
        if self._latest:
            self._latest.remarks.append((comment, asking))
        elif any(self._entries[noted:]):
            self._remarks[len(self._entries) - 1].append(comment)
        else:
            self._entries.append(_as_note(comment))

    def _ask(self, question: str, block: Block, marks: dict[Place, tuple[str, int]]) -> None:
        self._current = self._asked.get(question)
        if self._current is None:
            self._current = self._question(question)
        self._latest = self._current
        outside = [piece for piece in block.pieces if piece.place]
        text = _cleaned("".join(piece.text for piece in block.pieces if not piece.place))
        self._current.text = "\n".join(filter(None, (self._current.text, text)))
        self._current.untouched = _is_own(self._current.text, marks)
        for piece in outside:
            self._piece(piece, marks)

    def _question(self, question: str) -> _Asked:
        asked = self._asked[question] = _Asked(question)
        self._entries.append(asked)
        return asked

    def _typed(self, block: Block, marks: dict[Place, tuple[str, int]]) -> None:
        if block.table in self._fact_tables and not any(piece.place for piece in block.pieces):
            texts = self._own_rows.setdefault((block.table, block.row), ["", ""])
            cell = min(block.cell, 2) - 1
            texts[cell] = " ".join(filter(None, (texts[cell], _cleaned(block.text))))
            return
        for piece in block.pieces:
            self._piece(piece, marks)

    def _piece(self, piece: Piece, marks: dict[Place, tuple[str, int]]) -> None:
        """Take in what was typed in one place of a paragraph."""
        text = _cleaned(piece.text)
        place, name = piece.place or ("own", "")
        if not text:
            return
        if place in ("fact", "attribute"):
            self._know(place, name, name, text)
        elif place == "note":
            self._entries.append(text)
        elif place in ("question", "value"):
            asked = self._asked.get(name) or self._question(name)
            self._answer(asked, text, piece.anchor, value=place == "value")
        elif "value" in marks and not self._tagged:
            name = marks["value"][0]
            self._answer(self._asked.get(name) or self._question(name), text, "bookmark", value=True)
        elif self._current is None:
            self._entries.append(text)
        elif self._tagged:
            self._latest = self._current
            self._current.answers.append(text)
            self._current.outside.append(text)
        else:
            self._answer(self._current, text, "bookmark")

    def _answer(self, asked: _Asked, text: str, anchor: str, *, value: bool = False) -> None:
        self._latest = asked
        self._found[anchor].add(asked.question)
        if value and not asked.value:
            asked.value = text
        else:
            asked.answers.append(text)

    # --- facts and consent --------------------------------------------------------------------------

    def _label(self, block: Block, marks: dict[Place, tuple[str, int]]) -> None:
        """Remember what a row of the table of facts is about."""
        place: Place = "fact" if "fact" in marks else "attribute"
        label = squeeze(_cleaned(block.text))
        self._rows[block.table, block.row] = (place, marks[place][0], label)
        self._fact_tables.add(block.table)
        if not _is_own(block.text, marks):
            self._own_rows[block.table, block.row] = [label, ""]

    def _fact_value(self, block: Block) -> None:
        place, name, label = self._rows[block.table, block.row]
        for piece in block.pieces:
            if piece.place and piece.place[0] in ("question", "value", "note"):
                self._piece(piece, {})
            elif text := squeeze(_cleaned(piece.text)):
                self._know(place, name, label, text)

    def _know(self, place: Place, name: str, label: str, text: str) -> None:
        """Save a fact; what is written beside a date or a number is kept as a note."""
        known = next((fact for fact in HEAD_FACTS if key(fact) == name), label) if place == "fact" else label
        text = " ".join(filter(None, (self._facts.get(known, ""), text)))
        if known == "kod":
            text = text.upper() if _EXACT["kod"].fullmatch(text.upper()) else text
        if known in _EXACT and not _EXACT[known].fullmatch(text):
            self._entries.append(f"{label}: {text}")
        self._facts[known] = text

    def _take_own_rows(self) -> None:
        """Take in the rows somebody added to the table of facts, and names of rows somebody changed."""
        for label, text in self._own_rows.values():
            if not text and label in self._facts:
                continue  # an attribute by another name, with its value
            facts = facts_in([f"{label}: {text}"]) if label and text else {}
            if facts and not set(facts) & set(self._facts):
                self._facts |= facts
            elif label or text:
                self._entries.append(": ".join(filter(None, (label, text))))

    def _agree(self, block: Block, number: str, at: int) -> None:
        """Take in a statement of consent: whether its box is ticked, and what else is typed there."""
        before, statement = block.text[:at], block.text[at:]
        words = re.sub(f"([{BOX}{_TICKS}])", r" \1 ", before).split()
        ticks = [word for word in words if word in _TICKS or word in ("x", "X")]
        self._consent.append((squeeze(statement), bool(ticks) or any(piece.ticked for piece in block.pieces)))
        typed = [word for word in words if word not in ticks and word != BOX]
        marks = {place: (name, at) for (place, name), at in block.marks}
        if not _is_own(statement, marks):
            typed.append(statement)
        self._entries.append(_cleaned(" ".join(typed)))

    def _take_consent(self) -> None:
        """Make the ticks a fact."""
        given, everything = sum(ticked for _, ticked in self._consent), len(self._consent)
        word = "Ej ifyllt" if not given else "Ja" if given == everything else "Delvis"
        if everything:
            self._facts[CONSENT] = f"{word} ({given} av {everything})"

    # --- what it all makes --------------------------------------------------------------------------

    def _spoken(self) -> tuple[list[Utterance], list[Doubt]]:
        """Return the utterances in order, and the doubts about them."""
        spoken: list[Utterance] = []
        doubts: list[Doubt] = []
        label = self._facts.get("kod") or "R"
        for place, entry in enumerate(self._entries):
            if isinstance(entry, str):
                spoken += [Utterance("", entry, "note", remarks=tuple(self._remarks[place]))] if entry else []
                continue
            if not (entry.answers or entry.value or not entry.untouched):
                spoken += [Utterance("", _as_note(remark), "note") for remark, _ in entry.remarks]
                continue
            said = [Utterance(INTERVIEWER, entry.text, "interviewer", question=entry.question)]
            if entry.value:
                self._facts[mark("value", entry.question)] = entry.value
                said.append(Utterance(label, entry.value, "respondent", question=entry.question))
            if entry.answers:
                words = "\n".join(entry.answers)
                said.append(Utterance(label, words, "respondent", question=entry.question))
            spoken += _remarked(said, entry.remarks)
            if entry.outside:
                doubts.append(_outside_doubt(entry, len(spoken)))
        return spoken, doubts

    def _doubts(self) -> Iterator[Doubt]:
        """Yield what was unusual about the form as a whole."""
        yield from self._field_doubts()
        if missing := [statement for statement, ticked in self._consent if not ticked]:
            yield Doubt(
                "samtycke",
                f"Kryss saknas i samtycket: {'; '.join(f'”{statement}”' for statement in missing)}",
                "Gick personen med på det kryssar du i formuläret och läser in det på nytt. Annars gäller det inte.",
            )
        if any(next(self._root.iter(f"{_W}{tag}"), None) is not None for tag in ("ins", "del", "moveFrom")):
            yield Doubt(
                "spårade ändringar",
                "Formuläret har spårade ändringar; infogad text togs med, struken text inte.",
                "Är det fel godkänner eller avvisar du ändringarna i Word och läser in filen på nytt.",
            )
        if self._pictures:
            yield Doubt(
                "bild",
                f"Formuläret innehåller bilder ({self._pictures}), som inte läses in.",
                "Spara dem för sig, och skriv i svaret vad de visar.",
            )

    def _field_doubts(self) -> Iterator[Doubt]:
        """Yield a doubt that says how answers were found, when not all were by the tags of their fields."""
        ways = []
        for way, name in _WAYS.items():
            if number := len(self._found[way]):
                ways.append(f"{name} ({number} {'fråga' if number == 1 else 'frågor'})")
        if ways:
            some = "En del av fältens märken" if self._found["tag"] else "Fältens märken"
            yield Doubt(
                "fält",
                f"{some} saknas; filen kan vara sparad i ett annat program än Word. Svar lästes efter "
                f"{' och '.join(ways)}.",
                "Läs igenom att varje svar står vid sin fråga.",
            )

    def _notes_beside(self) -> Iterator[str]:
        """Yield what stands in comments without a place, notes, headers and footers."""
        yield from map(_as_note, self._comments.values())
        sealed = {name[:8] for block in self._blocks for (place, name), _ in block.marks if place == "own"}
        for name, root in sorted(self._beside.items()):
            if name == "comments.xml":
                continue
            what = "Fotnot" if "notes" in name else "Sidhuvud eller sidfot"
            for block in Walker(root).blocks:
                text = _cleaned(block.text)
                own = "notes" not in name and (_PAGE_WORDS.fullmatch(squeeze(text)) or seal(text) in sealed)
                if text and not own:
                    yield f"{what}: {text}"


def _is_own(text: str, marks: dict[Place, tuple[str, int]]) -> bool:
    """Return whether a paragraph holds the form's own words and nothing else."""
    name, at = marks.get("own", ("", 0))
    return not text.strip() or name[:8] in (seal(text), seal(text[at:]) if not text[:at].strip() else "")


def _comments(root: etree._Element | None, commented: Mapping[str, Sequence[str]]) -> dict[str, Remark]:
    """Return the comments by id, each with the words it is ``commented`` on."""
    found = {}
    for comment in root.iter(f"{_W}comment") if root is not None else ():
        text = _cleaned("\n".join(block.text for block in Walker(comment).blocks))
        author = squeeze(comment.get(f"{_W}author", ""))
        if text:
            number = comment.get(f"{_W}id", "")
            found[number] = Remark(author, text, _cleaned("".join(commented.get(number, ()))))
    return found


def _as_note(remark: Remark) -> str:
    """Return a comment that is on no words of the interview as it is written among them."""
    return f"Kommentar{f' av {remark.author}' if remark.author else ''}: {remark.text}"


def _remarked(said: Sequence[Utterance], remarks: Sequence[tuple[Remark, bool]]) -> list[Utterance]:
    """Return a question and the answers to it with the comments on them, each where its words are."""
    own: dict[int, list[Remark]] = defaultdict(list)
    for remark, asking in remarks:
        nearest = range(len(said)) if asking else range(len(said) - 1, -1, -1)
        with_words = (n for n in nearest if remark.quote and remark.quote in said[n].text)
        own[next(with_words, nearest[0])].append(remark)
    return [replace(each, remarks=tuple(own[n])) for n, each in enumerate(said)]


def _outside_doubt(asked: _Asked, turn: int) -> Doubt:
    return Doubt(
        "utanför fälten",
        f"Utanför fälten, under frågan ”{asked.text[:80]}”, står: ”{_shown(asked.outside)}”. Det räknas till svaret.",
        "Hör det inte till svaret flyttar du texten i formuläret och läser in det på nytt.",
        turn,
    )


def _shown(texts: Sequence[str]) -> str:
    text = squeeze(" ".join(texts))
    return text if len(text) <= 120 else text[:117] + "…"
