"""Signs in a sentence: negation and what it governs, lack, wish, contrast, relief, and what may be irony.

Each sign is named and placed. Irony is a doubt, never a conclusion. The lists are general Swedish; nothing in them
comes from any study's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from intervjukit.core.text import Span
from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.grammar import SUBJECTS, finite
from intervjukit.nlp.speech import mended
from intervjukit.nlp.swedish import lemma

Kind = Literal["negation", "lack", "wish", "contrast", "relief", "irony"]

# words as written (speech spellings mended); "~" any inflection; "…" up to three words between; "^" first in the
# sentence; "_" a subject; "V" a finite verb
_PHRASES: Mapping[Kind, str] = {
    "lack": """
        saknas~, sakna~, fattas~, fattades, fattats, utebli~, uteblev, uteblivit, brist~ på, brist~, avsaknad,
        finns inte, fanns inte, finns ju inte, fanns ju inte, fanns aldrig, finns aldrig, finns … ingen,
        fanns … ingen, finns … inget, fanns … inget, finns … inga, fanns … inga, hände inte, händer inte,
        hände ingenting, händer ingenting, hände inget, händer inget, hände aldrig, hände … ingenting,
        kom aldrig, kommer aldrig, kom ingen, kom inget, hörde … aldrig, hörde inte av, hör aldrig av,
        hör inte av, hördes aldrig av, hördes inte av, hört … inte, blev aldrig av, blev inte av,
        blir aldrig av, blir inte av, blev det inte, blev det aldrig, ingen V, ingen … V, ingen som,
        inget svar, inga svar, ingen återkoppling, utan svar, utan besked, utan återkoppling, blev … tyst,
        var … tyst, helt tyst, alldeles tyst, tyst som, fick aldrig, fick inte, fick _ aldrig, fick _ inte,
        fick _ ingen, fick _ inget, fick ingen, fick inget, fick inga, får inte, får inget, får ingen,
        får inga, får aldrig, inte fått, aldrig fått, inte … fått, aldrig … fått, fått … ingen, hade ingen,
        hade inget, hade inga, har ingen, har inget, har inga, inte en enda, inte ett enda, inte ett ljud,
        inte ett ord, inte ett dugg, inte ett skit, lyser med sin frånvaro, lyste med sin frånvaro,
        rann ut i sanden, föll mellan, faller mellan, till ingen nytta, ingenstans, glömdes bort, glömde bort,
        bortglömd~, ställdes in, inställd~, ingen aning
    """,
    "wish": """
        borde, bör, böra~, önska~, önskan, önskemål, önskvärd~, hade velat, hade … velat, hade _ velat,
        skulle vilja, skulle … vilja, skulle behöva, skulle behövas, skulle … behöva, skulle … behövas,
        hade behövt, hade … behövt, hade behövts, hade … behövts, om jag fick bestämma, fick jag bestämma,
        om vi fick bestämma, fick vi bestämma, om jag fick välja, fick jag välja, om jag fick önska,
        fick jag önska, tänk om, tänk … om, om … bara, om det fanns, om … hade funnits, enda jag ber om,
        enda vi ber om, enda jag begär, enda vi begär, allt jag begär, det jag ber om, vore, hade varit bra,
        hade varit skönt, hade varit bättre, hade varit fint, hade varit toppen, hade varit guld, hade hjälpt,
        hade … hjälpt, hade underlättat, hade räckt, hade … räckt, skulle underlätta, skulle hjälpa,
        skulle … hjälpa, skulle … underlätta, skulle räcka, skulle uppskatta, hade uppskattat, hellre, helst,
        skulle gärna, hade gärna, vill gärna, ser gärna, gärna se, kunde gärna, får gärna, dröm~,
        bästa av världar, trollspö, hoppas~, förhoppning~, efterlysa~, efterfråga~, varför inte, kunde … ha,
        skulle kunna, skulle … kunna, skulle … ha fått, måste bli, måste få, måste finnas, måste vi,
        behöver bli, behöver få, behövs, behöver … mer, behöver … fler, vill ha, vill … ha, vill se,
        vill … se, vill … att, mitt förslag, föreslå~, ser framför mig, ser framför oss, vi behöver,
        gå att förbättra, om någon hade, om de hade, om man hade, om jag hade, om vi hade, ^ hade jag,
        ^ hade någon, ^ hade de, ^ hade vi, ^ hade man, ^ hade det
    """,
    "contrast": """
        men, däremot, och andra sidan, ändå, dock, trots, fastän, i stället, istället, tvärtom, snarare,
        fast _, fast det, även om, inte … utan, skillnad mot, till skillnad
    """,
    "relief": """
        slippa~, slapp, sluppit, slipper, äntligen, lättnad~, lättad, lättade, skönt att, tur att,
        som tur var, tack och lov, gudskelov, gud ske lov, lossna~, pusta~ ut, andas~ ut, andades ut,
        en sten från, sten från bröstet, sten från hjärtat, föll en sten, behövde inte, behöver inte,
        behövt … inte, inte behövde, inte behöver, räddning~, till slut V
    """,
    "irony": """
        det var ju kul, det var ju trevligt, det var ju roligt, det var ju skönt, det var ju fint,
        det var ju snällt, var ju kul, var ju trevligt, var ju roligt, så kul då, jätte kul, tack för den,
        tack för det, tack för ingenting, tack för hjälpen, tack ska ni ha, stort tack för, man är van vid,
        jag är van vid, vi är vana vid, som man är van, jo tjena, jo men visst, jo då säkert, jo säkert,
        ja ja säkert, kul som helst, roligt som helst, trevligt som helst, hur kul är, hur roligt är,
        vilken service, sicken service, vilken hjälp, vilken tur då, vilken överraskning, grattis, så kallad~,
        så mycket för, så var det med, så var det med den, eller vad man ska, eller vad man nu,
        om man får kalla, om man kan kalla, bra jobbat, snyggt jobbat, skulle bara fattas, det säger väl allt,
        det säger allt, rena semestern, ren semester, som en dröm, rena drömmen
    """,
}
NEGATIONS = frozenset(
    "inte aldrig ingen inget inga ingenting ingenstans varken knappt knappast utan sällan ej icke".split()
)
NEGATIONS_AFTER = frozenset("inte aldrig sällan ej icke knappast knappt inget ingen inga".split())
_EMPTIED_BY = frozenset("bara minst enbart endast förrän".split())
"""After "inte" these words take the negation away, or turn it to something else."""
STOPS = frozenset("men fast eftersom medan innan tills förrän".split())
_OPENS = STOPS | frozenset("att som för när om utan så där och".split())
SPARED = frozenset("slapp slippa slipper sluppit".split())
_NEGATING = NEGATIONS | SPARED
_PRAISE = frozenset(
    """bra jättebra toppen kul roligt trevligt skönt fint snällt underbart härligt perfekt fantastiskt smidigt tacksam
    suveränt strålande utmärkt kanon""".split()
)
_STRESS = frozenset("verkligen va visst då eller tack".split())
_CLOSED = frozenset(",;:–—-()")
_TOKEN = re.compile(r"\w+(?:[-’'\u0301]\w+)*|[^\w\s]")
_BEFORE, _BEHIND, _GAP = 6, 4, 3


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in a text: its kind, its character offsets and its words as said."""

    kind: Kind
    start: int
    end: int
    words: str


class Word(NamedTuple):
    """A word or a mark: how it is written in standard Swedish, in lower case, and where it stands."""

    form: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether it is a mark (comma, dash, quote) and no word."""
        return not self.form[0].isalnum()


@lru_cache(REMEMBERED)
def _form(said: str) -> str:
    return mended(said.lower())


def read(text: str, sentence: Span | None = None) -> list[Word]:
    """Return the words and marks of a sentence of ``text``, speech spellings mended."""
    bounds = (sentence.start, sentence.end) if sentence else (0, len(text))
    return [Word(_form(found[0]), *found.span()) for found in _TOKEN.finditer(text, *bounds)]


def signs(text: str, sentence: Span | None = None) -> list[Sign]:
    """Return the signs in a sentence of ``text`` (all of it when None), in order of place and then of kind.

    Of signs of the same kind that overlap, the one that begins first and is longest stands.
    """
    bounds = (sentence.start, sentence.end) if sentence else (0, len(text))
    forms = list(map(_form, _TOKEN.findall(text, *bounds)))
    found = [*_negations(forms), *_phrases(forms), *_praise(forms)]
    if not found:
        return []
    places = [match.span() for match in _TOKEN.finditer(text, *bounds)]
    kept: list[Sign] = []
    reached: dict[str, int] = {}
    for kind, first, last in sorted(found, key=lambda place: (place[1], -place[2], place[0])):
        if first > reached.get(kind, -1):
            reached[kind] = last
            start, end = places[first][0], places[last][1]
            kept.append(Sign(kind, start, end, text[start:end]))
    return kept


_Place = tuple[Kind, int, int]


def _negations(forms: Sequence[str]) -> Iterator[_Place]:
    for place, form in enumerate(forms):
        if form in _NEGATING and (form in SPARED or negates(forms, place)):
            yield "negation", place, place


def negates(forms: Sequence[str], place: int) -> bool:
    """Return whether a word of negation negates where it stands: "inte bara" and "inte … utan" do not."""
    if place + 1 < len(forms) and forms[place + 1] in _EMPTIED_BY:
        return False
    return forms[place] != "utan" or NEGATIONS_AFTER.isdisjoint(forms[:place])


def negation_of(text: str, start: int, end: int, sentence: Span | None = None) -> Sign | None:
    """Return the negation that governs the words of ``text`` from ``start`` to ``end``, None when there is none.

    One up to six words before in the same clause, or soon after ("stöd fick jag inte").
    """
    words = read(text, sentence)
    place = negating(words, start, end)
    if place is None:
        return None
    word = words[place]
    return Sign("negation", word.start, word.end, text[word.start : word.end])


def negating(words: Sequence[Word], start: int, end: int) -> int | None:
    """Return the place of the negation that governs characters ``start`` to ``end``, None when there is none."""
    before = negating_before(words, start)
    return before if before is not None else negating_after(words, end)


def negating_before(words: Sequence[Word], start: int, reach: int = _BEFORE) -> int | None:
    """Return the place of the negation that governs what begins at ``start`` from before it."""
    first = next((i for i, word in enumerate(words) if word.end > start), len(words))
    for place in range(first - 1, max(-1, first - 1 - reach), -1):
        form = words[place].form
        if form in STOPS or words[place].is_mark:
            return None
        if form in NEGATIONS or form in SPARED:
            return place if negates([word.form for word in words], place) else None
        if form == "och" and _begins_anew(words, place):
            return None
    return None


def _begins_anew(words: Sequence[Word], place: int) -> bool:
    """Return whether a new clause follows an "och": it has its own subject, or its own verb."""
    following = [word.form for word in words[place + 1 : place + 3]]
    return any(form in SUBJECTS or finite(form) for form in following)


def negating_after(words: Sequence[Word], end: int) -> int | None:
    """Return the place of the negation that governs what ends at ``end`` from after it, as in "stöd fick jag inte"."""
    after = next((i for i, word in enumerate(words) if word.start >= end), len(words))
    if after and words[after - 1].form in _OPENS:
        return None  # "skönt att" has its own clause after it
    for place in range(after, min(len(words), after + _BEHIND)):
        form = words[place].form
        if form in _OPENS or words[place].is_mark:
            return None
        if form in NEGATIONS_AFTER:
            return place if negates([word.form for word in words], place) else None
    return None


class _Phrase(NamedTuple):
    kind: Kind
    words: tuple[str, ...]


@cache
def _by_first() -> dict[str, list[_Phrase]]:
    """Return the phrases by their first word, words in any inflection by their key."""
    by_first: dict[str, list[_Phrase]] = {}
    for kind, listed in _PHRASES.items():
        for phrase in listed.split(","):
            words = tuple(f"{lemma(word[:-1])}~" if word.endswith("~") else word for word in phrase.split())
            by_first.setdefault(words[words[0] == "^"], []).append(_Phrase(kind, words))
    return by_first


def _phrases(forms: Sequence[str]) -> Iterator[_Place]:
    for place, form in enumerate(forms):
        beginning = _beginning(form)
        if beginning is not None:
            following = forms[place + 1] if place + 1 < len(forms) else ""
            for phrase in (*beginning.alone, *beginning.before.get(following, ())):
                last = _match(phrase.words, forms, place)
                if last is not None:
                    yield phrase.kind, place, last


class _Beginning(NamedTuple):
    """The phrases that a word begins: those whose second word is given, by that word, and the others."""

    alone: tuple[_Phrase, ...]
    before: Mapping[str, Sequence[_Phrase]]


@lru_cache(REMEMBERED)
def _beginning(form: str) -> _Beginning | None:
    """Return the phrases that may begin with a word, None when there are none."""
    phrases = _by_first()
    alone: list[_Phrase] = []
    before: dict[str, list[_Phrase]] = {}
    for phrase in (phrase for key in (form, f"{lemma(form)}~") for phrase in phrases.get(key, ())):
        second = (*phrase.words[phrase.words[0] == "^" :], "…")[1]
        if second in ("…", "_", "V") or second.endswith("~"):
            alone.append(phrase)
        else:
            before.setdefault(second, []).append(phrase)
    return _Beginning(tuple(alone), before) if alone or before else None


def _match(pattern: Sequence[str], forms: Sequence[str], place: int) -> int | None:
    """Return the place of the last word of a pattern found from ``place`` on, None when it is not there."""
    if pattern[0] == "^":
        return _match(pattern[1:], forms, place) if place == 0 else None
    for step, wanted in enumerate(pattern):
        if wanted == "…":
            return _match_later(pattern[step + 1 :], forms, place)
        if place >= len(forms) or not _is(forms[place], wanted):
            return None
        place += 1
    return place - 1


def _match_later(pattern: Sequence[str], forms: Sequence[str], place: int) -> int | None:
    """Return where a pattern ends that begins after one to three words of the same clause."""
    for later in range(place + 1, min(len(forms), place + _GAP + 1)):
        if forms[later - 1] in STOPS or forms[later - 1] in _CLOSED:
            return None
        found = _match(pattern, forms, later)
        if found is not None:
            return found
    return None


def _is(form: str, wanted: str) -> bool:
    if wanted == "_":
        return form in SUBJECTS
    if wanted == "V":
        return finite(form)
    return lemma(form) == wanted[:-1] if wanted.endswith("~") else form == wanted


def _praise(forms: list[str]) -> Iterator[_Place]:
    """Yield praise that may not be meant: "jättebra, verkligen", "ja det var ju bra" and a word in quotes."""
    for place, form in enumerate(forms):
        if form in _PRAISE:
            later = forms[place + 1 : place + 3]
            before = forms[max(0, place - 4) : place]
            if later[:1] in (["va"], ["då"]) or (later[:1] == [","] and later[1:] and later[1] in _STRESS):
                yield "irony", place, place + len(later)
            elif "ju" in before and before[0] in ("ja", "jo", "jaha"):
                yield "irony", place - len(before), place
            elif before[-1:] in (["”"], ['"']) and later[:1] in (["”"], ['"']):
                yield "irony", place, place
