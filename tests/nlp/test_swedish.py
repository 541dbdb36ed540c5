"""All forms of a word meet under one key, and different words do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.codebook import Codebook
from intervjukit.nlp.speech import SPOKEN, mended
from intervjukit.nlp.swedish import Heads, Keys, keys, lemma

SAME = """
chef chefen chefer cheferna chefens
läkare läkaren läkarna läkarnas
kollega kollegan kollegor kollegorna
medarbetare medarbetaren medarbetarna
arbetskamrat arbetskamrater arbetskamraterna
handläggare handläggaren handläggarna
försäkringskassan försäkringskassans
vårdcentral vårdcentralen vårdcentralens
möte möten mötet mötena
samtal samtalet samtalen
intyg intyget intygen
läkarintyg läkarintyget läkarintygen
stöd stödet
plan planen planer planerna
remiss remissen remisser
väntetid väntetiden väntetider väntetiderna
kö kön köer
avslag avslaget avslagen
besked beskedet
behandling behandlingen behandlingar behandlingarna
anpassning anpassningen anpassningar
sjukskrivning sjukskrivningen sjukskrivningar
sjukskriven sjukskrivna sjukskrivne
trygg trygga tryggt
rutin rutiner rutinerna
regel regler reglerna
krav kravet kraven
pengar pengarna
lön lönen
sömn sömnen
oro oron
kurs kursen kurser
ringa ringer ringde ringt
få får fick fått
säga säger sa sagt
hjälpa hjälper hjälpte hjälpt
bemöta bemöter bemötte bemött
byta byter bytte bytt
vila vilar vilade vilat
orka orkar orkade orkat
saknas saknades
fungera fungerar fungerade
mig mej
dig dej
de dom
någon nån
något nåt
hr-avdelning hr-avdelningen hr-avdelningar
HR-möte hr-möten
a-kassa a-kassan A-kassans akassan
e-post e-posten epost
rehab-koordinatorn rehabkoordinator rehabkoordinatorerna
""".strip().splitlines()
DIFFERENT = """
läkare läka
handläggare handlägga
lön löna
kö kök
plan plats
vård vara
samtal samtycke
arbetsgivare arbetsgrupp
stöd stund
intyg intryck
remiss premiss
kollega kollektiv
""".strip().splitlines()


@pytest.mark.parametrize("forms", SAME)
def test_all_forms_of_a_word_have_one_key(forms: str) -> None:
    assert len({lemma(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", DIFFERENT)
def test_different_words_have_different_keys(pair: str) -> None:
    one, other = pair.split()
    assert lemma(one) != lemma(other)


@given(st.sampled_from([form for forms in SAME for form in forms.split()]) | st.text(max_size=15))
def test_a_key_is_its_own_key_and_case_makes_no_difference(word: str) -> None:
    assert lemma(lemma(word)) == lemma(word)
    assert lemma(word.lower()) == lemma(word)


def test_spoken_forms_end_in_a_form_that_is_a_key() -> None:
    assert {lemma(spoken) for spoken in SPOKEN} <= {lemma(lemma(written)) for written in SPOKEN.values()}


def test_no_two_codes_of_the_code_book_share_an_indicator_by_its_key(book: Codebook) -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for code in book:
        for indicator in code.indicators:
            owners.setdefault(tuple(lemma(word) for word in indicator.split()), set()).add(code.id)
    assert {key: codes for key, codes in owners.items() if len(codes) > 1} == {}


HEADS = Heads(["läkare", "företagsläkare", "koordinator", "intyg", "plan", "remiss"])


@pytest.mark.parametrize(
    ("key", "head"),
    [
        ("hyrläkare", "läkare"),
        ("sjukhusläkare", "läkare"),
        ("läkarintyg", "intyg"),
        ("läkare", ""),
        ("företagsläkare", ""),
        ("rehabplan", ""),
        ("premiss", ""),
        ("intygsläkare", "läkare"),
        ("oläkare", ""),
        ("", ""),
    ],
)
def test_a_compound_is_known_by_its_last_part(key: str, head: str) -> None:
    assert HEADS.head(key) == head


def test_the_longest_head_is_found() -> None:
    assert Heads(["sköterska", "sjuksköterska"]).head("distriktssjuksköterska") == "sjuksköterska"


def test_without_words_there_are_no_heads() -> None:
    assert Heads([]).head("rehabiliteringsplan") == ""


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("dom", "de"),
        ("mej", "mig"),
        ("nån", "någon"),
        ("nåt", "något"),
        ("sånt", "sådant"),
        ("sen", "sedan"),
        ("va", "var"),
        ("ä", "är"),
        ("e", "är"),
        ("å", "och"),
        ("int", "inte"),
        ("ente", "inte"),
        ("asså", "alltså"),
        ("hadde", "hade"),
        ("stan", "staden"),
        ("läkarn", "läkaren"),
        ("nödvändi", "nödvändig"),
        ("jobbit", "jobbigt"),
        ("viktia", "viktiga"),
        ("ska", "ska"),
        ("taxi", "taxi"),
        ("credit", "credit"),
        ("blivit", "blivit"),
        ("ja", "ja"),
        ("de", "de"),
        ("nått", "nått"),
        ("kund", "kund"),
        ("", ""),
    ],
)
def test_spoken_spellings_are_mended_and_other_words_are_not(said: str, written: str) -> None:
    assert mended(said) == written


def test_the_written_form_of_a_spoken_spelling_is_not_mended_again() -> None:
    assert len(SPOKEN) > 150
    assert {written: mended(written) for written in SPOKEN.values() if mended(written) != written} == {}


def test_a_word_has_keys_from_the_surest_to_the_least_sure() -> None:
    found = keys("Vårdköerna")
    assert (found.form, found.lemma, found.greedy) == ("vårdköerna", "vårdkö", "vårdkö")
    assert found.parts == ("vård", "köerna")


def test_a_simple_word_has_no_parts() -> None:
    assert keys("Kuratorn") == Keys("kuratorn", "kurator", "kurator", None)
    assert keys("kuratorn").parts == ()


@pytest.mark.parametrize(
    ("word", "base"),
    [("felprioriterat", "felprioritera"), ("rehabmötena", "rehabmöte"), ("zoomsamtalen", "zoomsamtal"),
     ("stafettläkarna", "stafettläkare"), ("covidvården", "covidvård")],
)  # fmt: skip
def test_a_compound_no_dictionary_has_gets_its_base_form_from_its_head(word: str, base: str) -> None:
    assert keys(word).greedy == base


@given(st.text(max_size=15))
def test_keys_are_lower_case_and_the_same_for_any_case(word: str) -> None:
    found = keys(word)
    assert all(key == key.lower() for key in (found.form, found.lemma, found.greedy))
    assert keys(word.lower()) == found
