"""What little Swedish grammar the segmenting and the signs need: subjects, finite verbs, and what opens a clause."""

from __future__ import annotations

from functools import lru_cache

from intervjukit.nlp.cache import REMEMBERED
from intervjukit.nlp.swedish import keys

SUBJECTS = frozenset("jag du han hon hen vi ni de man det den ingen alla någon det".split())
"""Words that can be a clause's whole subject, speech spellings mended."""
SUBORDINATORS = frozenset(
    """att som när om eftersom innan medan sedan tills ifall trots därför fast fastän huruvida vad vem hur varför var
    där då än för så vilken vilket vilka både""".split()
)
"""Words after which subject and verb belong to a clause inside another."""

_FINITE = frozenset(
    """är var blir blev har hade får fick kan kunde ska skulle vill ville måste borde bör går gick kommer kom säger sa
    sade gör gjorde tar tog ger gav ser såg vet visste står stod ligger låg sitter satt finns fanns behövs heter hette
    mår mådde tror trodde lät låter håller höll drar drog skriver skrev sov sover faller föll slår slog slapp slipper
    dör dog bär bar ber bad beror går springer sprang åt äter orkar orkade tyckte tycker kändes känns saknas saknades
    fattas fattades hoppas hoppades minns mindes trivs trivdes hinner hann vann finner stack försvann försvinner
    bröt bryter lider led blev lade la satte sätter lägger ringer ringde funkar funkade lyckas lyckades behöver
    brukar brukade verkar verkade menar vore må försöker försökte syns syntes låtsas skäms skämdes orsakar leder
    ledde sköt sjönk steg stiger växte bad beslöt fortsatte frågade fanns bet började börjar slutade slutar""".split()
)
_NEVER = frozenset(
    """eller men även över under efter heller aldrig vidare bara där när här mer fler hur för per allmänhet ingenting
    åter utanför varför därför tyvärr timmar dagar veckor månader tider läkare chefer kollegor saker många flera inte
    böter både utöver framför innanför kvar ner var åt vår er snarare hellre senare tidigare innan andra dåliga
    möjligheter svårigheter resurser pengar regler siffror nätter gånger papper mediciner rutiner fyller ovanför
    handläggare chef sköterskor sådan sedan skolan tisdagar mötena hemma vidare lite bättre sämre större mindre
    direkte länge både snälla bilder eller""".split()
)


@lru_cache(REMEMBERED)
def finite(word: str) -> bool:
    """Return whether a word, speech spellings mended, is most likely a verb in the present or the past."""
    if word in _FINITE:
        return True
    if word in _NEVER or len(word) < 4 or not word.endswith(("de", "te", "ar", "er", "dde", "des", "tes")):
        return False
    if word.endswith(("ande", "ende", "aste")):
        return False
    return any(base != word and base.endswith(("a", "as")) for base in keys(word)[1:3])
