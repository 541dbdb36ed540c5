"""Code books: the shipped ones are canonical, any code book survives writing, every fault has its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.codebook import VALENCES, Code, Codebook, Example, Facet, FacetValue, Limit
from intervjukit.core.text import normalise
from intervjukit.errors import Fault, FaultyFileError
from intervjukit.formats.codebooks import codebook_yaml, parse_codebook, read_codebook
from intervjukit.formats.library import library

SHIPPED = sorted(library("codebooks").glob("*.yaml"))
HERE = Path("kodbok.yaml")

ODD = [
    "no", "ja", "~", "null", "1:30", "1e3", "0x1F", "- streck", "-", "--- a", "...", "# rem", "a # b", "a: b", "a:b",
    ":", "'", '"', "'a' \"b\"", "\\n", "\\", "%", "@a", "`b", "!tag", "&ankare", "*alias", "<<", "{a}", "[a, b]", "a,b",
    "?", "? a", "|", ">", "lista0", "lista", "flödeslista0", "rad ett\nrad två", "\nbörjan", "slut\n", "a\n\n\nb",
    "a\n  indraget\nb", "  mellan ", "tabb\tmitt", "\ttabb", "🙂", "👩‍⚕️ vården", "å\u00a0ä", "mjuk\u00adhet", "x" * 250,
    "ord " * 60 + "slut",
    "ett  två   tre " * 20 + ".", "”citat” – tank", "é", "\u3000bred", "a\u200bb", "=1+1", "\ue000",
    "\U0001f9d1 " * 30 + "x", "a\x80", "sjuk-\u0092",
]  # fmt: skip


def _said(text: str) -> bool:
    return bool(text.strip())


TEXT = (st.sampled_from(ODD) | st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)).map(
    lambda text: normalise(text.replace("\0", ""))
)
SOME = TEXT.filter(_said)
MAYBE = st.just("") | SOME
PART = st.sampled_from(["vård", "kö", "no", "Null", "y"]) | st.text(st.characters(categories=("L",)), min_size=1).map(
    normalise
).filter(str.isalpha)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    facet_ids = draw(
        st.lists(IDS.filter(lambda i: i not in ("text", "file", "code", "quote")), unique=True, max_size=3)
    )
    facets = tuple(
        Facet(
            facet_id,
            draw(SOME),
            draw(MAYBE),
            tuple(
                FacetValue(v, draw(SOME), draw(MAYBE), tuple(draw(st.lists(SOME, max_size=4))), draw(st.booleans()))
                for v in draw(st.lists(IDS, unique=True, min_size=1, max_size=3))
            ),
        )
        for facet_id in facet_ids
    )
    code_ids = draw(st.lists(IDS, unique=True, min_size=1, max_size=4))
    codes = tuple(_code(draw, i, code_ids, facets) for i in code_ids)
    compounds = draw(st.lists(st.lists(PART, min_size=1, max_size=3).map(tuple), max_size=3, unique_by=_word))
    return Codebook(draw(IDS), draw(SOME), draw(MAYBE), facets, codes, tuple(compounds))


def _word(parts: tuple[str, ...]) -> str:
    return "".join(parts).lower()


def _code(draw: st.DrawFn, code_id: str, ids: list[str], facets: tuple[Facet, ...]) -> Code:
    def values() -> dict[str, str]:
        chosen = [f for f in facets if draw(st.booleans())]
        return {f.id: draw(st.sampled_from([v.id for v in f.values])) for f in chosen}

    above = ids[: ids.index(code_id)]
    return Code(
        id=code_id,
        name=draw(SOME),
        definition=draw(SOME),
        when=draw(MAYBE),
        limits=tuple(Limit(draw(SOME), draw(st.sampled_from(ids))) for _ in range(draw(st.integers(0, 2)))),
        examples=tuple(Example(draw(SOME), values()) for _ in range(draw(st.integers(0, 3)))),
        indicators=tuple(draw(st.lists(SOME, max_size=12))),
        influenceable=draw(st.booleans()),
        headings={v: draw(SOME) for v in VALENCES if draw(st.booleans())},
        measure=draw(MAYBE),
        parent=draw(st.sampled_from([None, *above])),
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_code_book_has_no_remark_and_is_written_back_byte_for_byte(path: Path) -> None:
    raw = path.read_bytes()
    codebook, faults = parse_codebook(raw.decode("utf-8"), path)
    assert faults == []
    assert codebook_yaml(read_codebook(path)).encode("utf-8") == raw
    assert len(codebook) >= 2


def test_the_code_book_of_halsoflodet_has_its_31_themes_and_three_facets() -> None:
    book = read_codebook(library("codebooks") / "halsoflodet.yaml")
    assert len(book) == 31
    assert [facet.id for facet in book.facets] == ["valence", "party", "phase"]
    assert {"samverkan", "lakarintyg", "aterhamtning"} <= {code.id for code in book}


@settings(max_examples=60, deadline=None)
@given(codebooks())
def test_any_code_book_reads_back_equal_and_writes_the_same_bytes(codebook: Codebook) -> None:
    text = codebook_yaml(codebook)
    again, faults = parse_codebook(text, HERE)
    assert [fault for fault in faults if fault.level == "fel"] == []
    assert again == codebook
    assert codebook_yaml(again) == text


@settings(max_examples=15, deadline=None)
@given(codebooks())
def test_a_code_book_survives_a_file(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> None:
    path = tmp_path_factory.mktemp("kodbok") / "k.yaml"
    path.write_bytes(codebook_yaml(codebook).encode("utf-8"))
    assert read_codebook(path) == codebook
    path.write_bytes(b"\xef\xbb\xbf" + codebook_yaml(codebook).replace("\n", "\r\n").encode("utf-8"))
    assert read_codebook(path) == codebook


@pytest.mark.parametrize("odd", ODD)
def test_every_odd_text_survives_in_every_kind_of_place(odd: str) -> None:
    text = normalise(odd)
    facet = Facet("slag", text, text, (FacetValue("a", text, text, (text, "vanlig", text)),))
    code = Code(
        "kod", text, text, text, (Limit(text, "kod"),), (Example(text, {"slag": "a"}),), (text, "b", text), True,
        dict.fromkeys(VALENCES, text), text,
    )  # fmt: skip
    book = Codebook("bok", text, text, (facet,), (code,))
    assert parse_codebook(codebook_yaml(book), HERE)[0] == book


# --- faults ---------------------------------------------------------------------------------------------

SOUND = """\
kodbok: prov
titel: Prov
facetter:
  - id: valence
    namn: Slag
    värden:
      - id: flaskhals
        namn: Flaskhals
      - id: framgang
        namn: Framgång
koder:
  - id: vantetid
    namn: Väntetid
    definition: Att få vänta.
    när_inte:
      - villkor: Handlar om pengar
        i_stället: ekonomi
    exempel:
      - text: Det tog ett halvår.
        valence: flaskhals
    indikatorer: [vänta, kö]
  - id: ekonomi
    namn: Ekonomi
    definition: Pengar.
    förälder: vantetid
sammansättningar:
  - vård + kö
  - förväntan
"""


def _faults(text: str) -> list[Fault]:
    return [fault for fault in parse_codebook(text, HERE)[1] if fault.level == "fel"]


CASES = {
    "missing key": ("    definition: Pengar.\n", "", 22, "saknar ”definition”", "definition: …"),
    "empty key": ("    namn: Ekonomi\n", "    namn:\n", 23, "saknar ”namn”", "namn: …"),
    "unknown key": ("    namn: Ekonomi", "    nanm: Ekonomi", 23, "inget fält ”nanm”", "Menade du ”namn”?"),
    "bad id": ("id: ekonomi", "id: Ekonomi!", 22, "kan inte vara id", "a–z"),
    "doubled code": (
        "id: ekonomi\n    namn: Ekonomi", "id: vantetid\n    namn: X",
        22, "vantetid finns två gånger", "annat id",
    ),
    "doubled value": ("id: framgang", "id: flaskhals", 9, "flaskhals finns två gånger", "annat id"),
    "dead reference": (
        "i_stället: ekonomi", "i_stället: ekonomin",
        17, "”ekonomin”, som inte finns", "Menade du ”ekonomi”?",
    ),
    "dead parent": ("förälder: vantetid", "förälder: zzz", 25, "föräldern ”zzz”", "kod som finns"),
    "own parent": ("förälder: vantetid", "förälder: ekonomi", 25, "förälder till sig själv", "annan förälder"),
    "bad facet value": (
        "valence: flaskhals", "valence: flaskhal",
        20, "”valence: flaskhal” känns inte igen", "Menade du ”flaskhals”?",
    ),
    "unknown facet": ("valence: flaskhals", "valens: flaskhals", 20, "inget fält ”valens”", "Menade du ”valence”?"),
    "list for text": (
        "definition: Pengar.", "definition: [a, b]",
        24, "”definition” ska vara en text", "efter kolonet",
    ),
    "text for list": ("indikatorer: [vänta, kö]", "indikatorer: vänta", 21, "”indikatorer” ska vara en lista", "”- ”"),
    "mapping in list": ("[vänta, kö]", "[vänta, {kö: 1}]", 21, "lista av texter", "citattecken"),
    "text for mapping": (
        "      - text: Det tog ett halvår.\n        valence: flaskhals", "      - Det tog ett halvår.",
        19, "”namn: värde”", "mall.yaml",
    ),
    "bad yes": ("förälder: vantetid", "påverkbar: no", 25, "”påverkbar: no” känns inte igen", "ja, nej"),
    "facet named text": ("id: valence", "id: text", 4, "inte heta ”text”", "annat id"),
    "bad heading": (
        "förälder: vantetid", "rubriker: {flaskhal: Kö}",
        25, "inget fält ”flaskhal”", "Menade du ”flaskhals”?",
    ),
    "a part that is missing": ("vård + kö", "vård +", 27, "”vård +” går inte att läsa", "”vård + kö”"),
    "a part that is no word": ("vård + kö", "lång kö", 27, "”lång kö” går inte att läsa", "bara bokstäver"),
    "another mark": ("vård + kö", "vård|kö", 27, "”vård|kö” går inte att läsa", "+ mellan delarna"),
    "a word twice": ("- förväntan", "- Vårdkö", 28, "”Vårdkö” står två gånger", "Ta bort den ena"),
    "words as a mapping": ("  - vård + kö\n  - förväntan", "  vårdkö: vård + kö", 27, "ska vara en lista", "”- ”"),
    "a word that is a mapping": ("- vård + kö", "- {vårdkö: vård + kö}", 27, "lista av texter", "en text per rad"),
    "words misspelt": ("sammansättningar", "sammansattningar", 26, "inget fält", "Menade du ”sammansättningar”?"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_in_a_code_book_has_its_line_and_its_remedy(case: str) -> None:
    old, new, line, message, fix = CASES[case]
    assert _faults(SOUND) == []
    assert SOUND.count(old) == 1
    faults = _faults(SOUND.replace(old, new))
    found = [f for f in faults if f.line == line and message in f.message and fix in f.fix]
    assert found, [str(fault) for fault in faults]


def test_parents_in_a_ring_are_a_fault_at_each_of_them() -> None:
    text = SOUND.replace("    definition: Att få vänta.", "    definition: Att få vänta.\n    förälder: ekonomi")
    assert [(f.line, f.fix) for f in _faults(text) if "sig själv" in f.message] == [
        (15, "Ange en annan förälder."),
        (26, "Ange en annan förälder."),
    ]


def test_all_faults_come_at_once_each_once_and_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = SOUND.replace("titel: Prov", "titl: Prov").replace("indikatorer: [vänta, kö]", "indikatorer: vänta")
    text = text.replace("definition: Pengar.", "definition: [x]").replace("i_stället: ekonomi", "i_stället: zz")
    (tmp_path / "fel.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultyFileError) as caught:
        read_codebook(tmp_path / "fel.yaml")
    lines = [fault.line for fault in caught.value.faults]
    assert lines == sorted(lines)
    assert len(set(caught.value.faults)) == len(caught.value.faults)
    assert {2, 17, 21, 24} <= set(lines)
    assert "fel.yaml, rad 17: Fel:" in str(caught.value)
    assert "fel.yaml har 5 fel:" in str(caught.value)


def test_koder_that_is_no_list_is_told_once() -> None:
    faults = _faults("kodbok: a\ntitel: b\nkoder: c\n")
    assert sum("ska vara en lista" in fault.message for fault in faults) == 1


def test_thin_codes_are_told_as_method_and_do_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "tunn.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert len(read_codebook(path)) == 2
    remarks = parse_codebook(SOUND, HERE)[1]
    assert {fault.level for fault in remarks} == {"metod"}
    told = " ".join(fault.message for fault in remarks if fault.line == 22)
    for part in ("när koden används", "när koden inte används", "0 exempel", "inga indikatorer"):
        assert part in told


def test_an_indicator_that_many_codes_share_is_told() -> None:
    codes = "".join(f"  - {{id: k{n}, namn: K, definition: D, indikatorer: [Samma]}}\n" for n in range(3))
    _, faults = parse_codebook(f"kodbok: a\ntitel: b\nkoder:\n{codes}", HERE)
    assert sum("”Samma” pekar på fler än två koder" in fault.message for fault in faults) == 3
