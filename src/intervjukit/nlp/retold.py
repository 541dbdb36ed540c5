"""Who tells, in text that retells what people said: "Flera chefer berättade att …".

There the respondents are named in every other sentence, and not because it is about them. In their own words they say
"jag" and "vi", so this changes nothing in a transcript.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice

from intervjukit.core.text import Span
from intervjukit.nlp.swedish import lemma

_WORD, _AND = re.compile(r"\w+"), re.compile(r"\boch\b|\beller\b|[/,&]")
_TELLING = frozenset(
    lemma(verb)
    for verb in """
    anse berätta beskriva betona efterlysa framföra framhålla konstatera känna lyfta mena nämna poängtera påpeka påtala
    redogöra se svara säga tro tycka uppfatta uppge uppleva uttrycka vittna
    """.split()
)
_OWN = frozenset({"jag", "vi"})
"""Who says so speaks, and is not told of."""
_NEAR = 4
"""How many words there may be between those who tell and what says that they do."""
_WITHIN = 14
"""Among how many of a sentence's first words they are looked for."""


def names_of(group: str) -> frozenset[str]:
    """Return the lemmas of what a group's respondents are called: "handläggare" of "Personliga handläggare"."""
    each = (_WORD.findall(name.lower()) for name in _AND.split(group))
    return frozenset(lemma(words[-1]) for words in each if words)


def tellers(text: str, respondents: Collection[str]) -> list[Span]:
    """Return where a sentence names its ``respondents`` (see ``names_of``) as those who tell."""
    if not respondents:
        return []
    found = list(islice(_WORD.finditer(text), _WITHIN))
    named = [lemma(match[0].lower()) for match in found]
    own = next((place for place, name in enumerate(named) if name in _OWN), len(named))
    told = [place for place, name in enumerate(named) if name in _TELLING]
    return [
        Span(found[place].start(), found[place].end())
        for place, name in enumerate(named[:own])
        if name in respondents and any(0 < abs(place - verb) <= _NEAR for verb in told)
    ]
