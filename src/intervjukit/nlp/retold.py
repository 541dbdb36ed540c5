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

_WORD = re.compile(r"\w+")
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


def tellers(text: str, respondents: Collection[str]) -> list[Span]:
    """Return where a sentence names its respondents as those who tell; ``respondents`` are lemmas of their names."""
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


def without(text: str, spans: Collection[Span]) -> str:
    """Return a text without some places in it, given in order."""
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
