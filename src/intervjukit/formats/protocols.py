"""Interview guides as YAML: a guide per group over a shared question bank, read whole with every fault."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intervjukit.core.codebook import VALENCES
from intervjukit.core.method import review
from intervjukit.core.protocol import KINDS, Condition, Kind, Protocol, Question, Scale, Section, Wave
from intervjukit.errors import Fault, FaultyFileError, FileError
from intervjukit.formats.yaml_nodes import Form, Node, dump_yaml, in_order, load_nodes, read_text_file

_KINDS: dict[str, Kind] = dict(zip(("text", "tal", "procent", "val", "skala", "datum", "teckning"), KINDS, strict=True))
_KIND_NAMES = {kind: name for name, kind in _KINDS.items()}
_QUESTION = (
    "id",
    "sort",
    "syfte",
    "fråga",
    "part",
    "slag",
    "enhet",
    "svar",
    "skala",
    "följdfrågor",
    "omgångar",
    "villkor",
    "andra_sätt",
)
_BANK_QUESTION = (*_QUESTION, "formuleringar")
_BANK = ("frågebank", "titel", "om", "roller", "frågor")
_GUIDE = (
    "guide",
    "titel",
    "grupp",
    "gruppnamn",
    "kod",
    "part",
    "bank",
    "ord",
    "andras_ord",
    "om",
    "inledning",
    "samtycke",
    "omgångar",
    "avsnitt",
    "avslutning",
)
_FORMS = ("person", "personen", "personens", "personer", "personerna", "personernas")
_LETTER = re.compile(r"[A-ZÅÄÖ]{1,3}")
MOST_STEPS = 100
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Bank:
    """A question bank: its questions as read, with the file they stand in, and each group's own words."""

    file: str
    forms: Mapping[str, Node]
    words: Mapping[str, Mapping[str, str]]
    sound: bool = True


def read_protocol(path: Path | str) -> Protocol:
    """Return the guide in a YAML file with its bank's questions in place; every fault in one error."""
    path = Path(path)
    protocol, faults = parse_protocol(read_text_file(path), path)
    errors = [fault for fault in faults if fault.level == "fel"]
    if errors:
        raise FaultyFileError(path.name, errors)
    return protocol


def parse_protocol(text: str, path: Path) -> tuple[Protocol, list[Fault]]:
    """Return the guide and all remarks on it, faults as well as methodological slips."""
    faults: list[Fault] = []
    form = Form(load_nodes(path, text), path.name, faults, _GUIDE, "Guiden")
    bank = _bank_of(form, path, faults)
    group = form.text("grupp", required=True)
    words = {**(bank.words.get(group, {}) if bank else {}), **_words(form)}
    others = {*form.texts("andras_ord")}
    if bank:
        others |= {word for other, forms in bank.words.items() if other != group for word in forms.values()}
    reader = _QuestionReader(group, words, bank, form)
    sections = tuple(
        Section(
            item.text("id", required=True),
            item.text("titel", required=True),
            tuple(q for node in item.items("frågor") if (q := reader.read(node))),
        )
        for item in form.forms("avsnitt", ("id", "titel", "frågor"), "Avsnittet")
    )
    protocol = Protocol(
        id=form.text("guide", required=True),
        title=form.text("titel", required=True),
        group=group,
        group_name=form.text("gruppnamn", required=True),
        letter=form.text("kod", required=True),
        party=form.text("part", required=True),
        about=form.text("om"),
        introduction=form.text("inledning"),
        consent=form.texts("samtycke"),
        closing=form.text("avslutning"),
        sections=sections,
        waves=_waves(form),
        words=words,
        foreign_words=tuple(sorted(others - {"", *words.values()})),
    )
    _check_whole(form, protocol, reader)
    return protocol, in_order(faults)


def _words(form: Form) -> dict[str, str]:
    found = form.form("ord", _FORMS, "”ord”")
    return {key: found.text(key) for key in found.fields} if found else {}


def _waves(form: Form) -> tuple[Wave, ...]:
    waves: list[Wave] = []
    for item in form.forms("omgångar", ("id", "namn"), "Omgången"):
        number, faults = item.number("id"), len(form.faults)
        if number in [wave.number for wave in waves]:
            item.fault(item.line("id"), f"Omgång {number} finns två gånger.", "Ge den ena ett annat nummer.")
        elif number < 1 and len(form.faults) == faults:
            item.fault(item.line("id"), f"Omgången kan inte ha numret {number}.", "Numrera från 1.")
        waves.append(Wave(number, item.text("namn", required=True)))
    return tuple(waves)


def _bank_of(form: Form, path: Path, faults: list[Fault]) -> Bank | None:
    name = form.text("bank")
    if not name:
        return None
    bank_path = path.parent / name
    if Path(name).name != name or not _is_file(bank_path):
        form.fault(form.line("bank"), f"Frågebanken ”{name}” finns inte bredvid guiden.", "Lägg den i samma mapp.")
        return Bank(name, {}, {}, sound=False)
    try:
        return _parse_bank(read_text_file(bank_path), bank_path, faults)
    except FaultyFileError as error:
        faults += error.faults
    except FileError as error:
        form.fault(form.line("bank"), error.problem, error.fix)
    return Bank(name, {}, {}, sound=False)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the system allows
        return False


def _parse_bank(text: str, path: Path, faults: list[Fault]) -> Bank:
    form = Form(load_nodes(path, text), path.name, faults, _BANK, "Frågebanken")
    form.text("frågebank", required=True)
    roles = form.form("roller", _keys(form.fields.get("roller")), "”roller”")
    words = {}
    for group in roles.fields if roles else ():
        entry = roles.form(group, _FORMS, f"Rollen {group}") if roles else None
        words[group] = {key: entry.text(key) for key in entry.fields} if entry else {}
    questions: dict[str, Node] = {}
    for item in form.forms("frågor", _BANK_QUESTION, "Frågan"):
        question_id = item.text("id", required=True)
        if question_id in questions:
            form.fault(item.node.line, f"Frågan ”{question_id}” finns två gånger.", "Ge den ena ett annat id.")
        questions[question_id] = item.node
        _check_wordings(item, list(words))
    return Bank(path.name, questions, words, sound=not form.misspelt("frågor"))


def _check_wordings(form: Form, groups: list[str]) -> None:
    """A group's wording must be under the group's own name, or it is never used."""
    own = form.form("formuleringar", _keys(form.fields.get("formuleringar")), "”formuleringar”")
    for group in own.fields if own else ():
        near = difflib.get_close_matches(group, groups, n=1, cutoff=0.85)
        if near and group not in groups and own:
            message = f"”formuleringar” nämner gruppen ”{group}”, som inte finns under ”roller”."
            form.faults.append(Fault(form.file, own.line(group), message, f"Menade du ”{near[0]}”?", "metod"))


def _keys(node: Node | None) -> list[str]:
    return list(node.value) if node and isinstance(node.value, dict) else []


class _QuestionReader:
    """Reads questions for one group: a bank question with the group's wording, or one of the guide's own."""

    def __init__(self, group: str, words: Mapping[str, str], bank: Bank | None, guide: Form) -> None:
        self.group, self.words, self.bank = group, words, bank
        self.guide, self.faults = guide, guide.faults
        self.places: dict[int, tuple[str, int]] = {}
        """Where each question stands, by its identity: two may have the same id."""
        self.asked: dict[str, list[int]] = {}
        self.own: set[str] = set()

    def read(self, node: Node) -> Question | None:
        if not isinstance(node.value, str):
            self.own.add(str(node.value["id"].value) if isinstance(node.value, dict) and "id" in node.value else "")
            return self._question(node, self.guide.file, _QUESTION, node.line)
        if self.bank and node.value in self.bank.forms:
            return self._question(self.bank.forms[node.value], self.bank.file, _BANK_QUESTION, node.line)
        if self.bank is None:
            message, fix = f"Frågan ”{node.value[:60]}” är bara ett id.", "Skriv ut frågan, eller ange ”bank”."
            self.guide.fault(node.line, message, fix)
        elif self.bank.sound:  # otherwise the bank itself is the fault, told once
            near = difflib.get_close_matches(node.value[:60], self.bank.forms, n=1)
            fix = f"Menade du ”{near[0]}”?" if near else "Rätta id:t."
            self.guide.fault(node.line, f"Frågan ”{node.value[:60]}” finns inte i frågebanken.", fix)
        return None

    def _question(self, node: Node, file: str, known: tuple[str, ...], asked: int) -> Question:
        # the bank's own faults were recorded when it was read
        faults: list[Fault] = [] if known is _BANK_QUESTION else self.faults
        form = Form(node, file, faults, known, "Frågan")
        question_id = form.text("id", required=True)
        form.what = f"Frågan {question_id}"
        form.faults = self.faults
        self.asked.setdefault(question_id, []).append(asked)
        text, follow_ups = self._wording(form)
        kind = _KINDS[form.choice("sort", tuple(_KINDS), default="text") or "text"]
        question = Question(
            id=question_id,
            kind=kind,
            text=self._fill(form, text),
            aim=self._fill(form, form.text("syfte")),
            about=form.text("part") or None,
            asks_for=form.choice("slag", VALENCES),
            unit=form.text("enhet"),
            choices=form.texts("svar"),
            scale=_scale(form),
            follow_ups=tuple(self._fill(form, text) for text in follow_ups),
            waves=tuple(form.number("omgångar", item) for item in form.items("omgångar")),
            condition=_condition(form),
            variants=tuple(self._fill(form, text) for text in form.texts("andra_sätt")),
        )
        self.places[id(question)] = (file, node.line)
        if kind == "choice" and len(question.choices) < 2:
            form.fault(node.line, f"Frågan {question_id} saknar svarsalternativ.", "Lägg till ”svar” med minst två.")
        if kind == "scale" and question.scale is None:
            form.fault(node.line, f"Frågan {question_id} saknar skala.", "Lägg till ”skala: {från: 1, till: 10}”.")
        return question

    def _wording(self, form: Form) -> tuple[str, tuple[str, ...]]:
        default = form.text("fråga", required=True), form.texts("följdfrågor")
        wordings = form.fields.get("formuleringar")
        if not wordings or not isinstance(wordings.value, dict) or self.group not in wordings.value:
            return default
        own = wordings.value[self.group]
        if isinstance(own.value, str):
            return own.value or default[0], default[1]
        inner = Form(own, form.file, self.faults, ("fråga", "följdfrågor"), f"{form.what} för {self.group}")
        return inner.text("fråga") or default[0], inner.texts("följdfrågor") or default[1]

    def _fill(self, form: Form, text: str) -> str:
        def word(found: re.Match[str]) -> str:
            if found[1] not in self.words:
                form.fault(
                    form.node.line,
                    f"{form.what} använder {{{found[1]}}}, som gruppen {self.group} saknar ord för.",
                    "Lägg till ordet under ”roller” i frågebanken, eller ge gruppen en egen formulering.",
                )
            return self.words.get(found[1], found[0])

        filled = _PLACEHOLDER.sub(word, text)
        # a word of the group's that begins the text gets its capital here
        return filled[:1].upper() + filled[1:] if text.startswith("{") else filled


def _scale(form: Form) -> Scale | None:
    found = form.form("skala", ("från", "till", "lägst", "högst"), "”skala”")
    if not found:
        return None
    before = len(form.faults)
    scale = Scale(found.number("från"), found.number("till"), found.text("lägst"), found.text("högst"))
    if len(form.faults) == before and scale.high <= scale.low:
        form.fault(found.node.line, "Skalans slut ska vara större än dess början.", "Byt plats på talen.")
    elif scale.high - scale.low > MOST_STEPS:
        form.fault(found.node.line, f"Skalan har fler än {MOST_STEPS} steg.", "Använd sorten tal i stället.")
    return scale


def _condition(form: Form) -> Condition | None:
    found = form.form("villkor", ("fråga", "svar"), "”villkor”")
    return Condition(found.text("fråga", required=True), found.text("svar", required=True)) if found else None


def _check_whole(form: Form, protocol: Protocol, reader: _QuestionReader) -> None:
    """Faults that only show in the whole, and the methodological review."""
    questions = list(protocol.questions())
    if not questions and (reader.bank is None or reader.bank.sound) and not _misspelt_questions(form):
        form.fault(form.line("avsnitt"), "Guiden har inga frågor.", "Lägg till minst ett avsnitt med frågor.")
    if protocol.letter and not _LETTER.fullmatch(protocol.letter):
        form.fault(
            form.line("kod"),
            f"Koden ”{protocol.letter}” kan inte inleda de intervjuades koder.",
            "Skriv en till tre stora bokstäver, till exempel S.",
        )
    for key, lines in reader.asked.items():
        if key and len(lines) > 1 and key in reader.own:
            message = f"Id:t ”{key}” används för två frågor (även rad {lines[0]})."
            form.fault(lines[-1], message, "Ge den ena ett annat id.")
        elif key and len(lines) > 1:
            form.fault(lines[-1], f"Frågan ”{key}” ställs två gånger (även rad {lines[0]}).", "Ta bort den ena.")
    sections: set[str] = set()
    for node, section in zip(form.items("avsnitt"), protocol.sections, strict=True):
        if section.id and section.id in sections:
            form.fault(node.line, f"Avsnittet ”{section.id}” finns två gånger.", "Ge det ena ett annat id.")
        sections.add(section.id)
    _check_questions(protocol, questions, reader)
    for question, _, slip in review(protocol):
        file, line = reader.places[id(question)]
        reader.faults.append(Fault(file, line, f"{question.id}: {slip.message}", slip.fix, "metod"))


def _misspelt_questions(form: Form) -> bool:
    """Return whether the guide's questions stand under a key that is told as misspelt: "fragor", "avsnit"."""
    sections = (Form(node, form.file, [], ("id", "titel", "frågor"), "Avsnittet") for node in form.items("avsnitt"))
    return form.misspelt("avsnitt") or any(section.misspelt("frågor") for section in sections)


def _check_questions(protocol: Protocol, questions: list[Question], reader: _QuestionReader) -> None:
    """Waves that are not the guide's, and conditions on what is not asked before."""
    numbers = {wave.number for wave in protocol.waves}
    by_id = {question.id: question for question in questions}
    for question in questions:
        file, line = reader.places[id(question)]
        if set(question.waves) - numbers - {0}:
            reader.faults.append(
                Fault(
                    file,
                    line,
                    f"Frågan {question.id} nämner en omgång som inte finns.",
                    "Välj bland numren under ”omgångar” överst i guiden.",
                )
            )
        if question.condition:
            asked = by_id.get(question.condition.question)
            if asked is None or asked is question or question.condition.answer not in asked.choices:
                reader.faults.append(
                    Fault(
                        file,
                        line,
                        f"Villkoret för {question.id} gäller en fråga eller ett svar som inte finns.",
                        "Ange id:t på en fråga av sorten val, och ett av dess svar.",
                    )
                )


def protocol_yaml(protocol: Protocol) -> str:
    """Return the guide as YAML, whole and without its bank; reading and writing it again gives the same bytes."""
    data: dict[str, Any] = {
        "guide": protocol.id,
        "titel": protocol.title,
        "grupp": protocol.group,
        "gruppnamn": protocol.group_name,
        "kod": protocol.letter,
        "part": protocol.party,
        "ord": dict(protocol.words),
        "andras_ord": list(protocol.foreign_words),
        "om": protocol.about,
        "inledning": protocol.introduction,
        "samtycke": list(protocol.consent),
        "omgångar": [{"id": wave.number, "namn": wave.name} for wave in protocol.waves],
        "avsnitt": [
            {"id": s.id, "titel": s.title, "frågor": [_question_data(q) for q in s.questions]}
            for s in protocol.sections
        ],
        "avslutning": protocol.closing,
    }
    return dump_yaml({key: value for key, value in data.items() if value})


def _question_data(question: Question) -> dict[str, Any]:
    scale = question.scale
    data = {
        "id": question.id,
        "sort": _KIND_NAMES[question.kind],
        "syfte": question.aim,
        "fråga": question.text,
        "part": question.about,
        "slag": question.asks_for,
        "enhet": question.unit,
        "svar": list(question.choices),
        "skala": _some({"från": scale.low, "till": scale.high, "lägst": scale.low_label, "högst": scale.high_label})
        if scale
        else None,
        "följdfrågor": list(question.follow_ups),
        "omgångar": list(question.waves),
        "villkor": {"fråga": question.condition.question, "svar": question.condition.answer}
        if question.condition
        else None,
        "andra_sätt": list(question.variants),
    }
    return _some(data)


def _some(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}
