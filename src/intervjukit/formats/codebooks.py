"""Code books as YAML: read whole with every fault and its line, written in one stable form."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from intervjukit.core.codebook import VALENCES, Code, Codebook, Example, Facet, FacetValue, Limit, compound
from intervjukit.errors import Fault, FaultyFileError, RuleError
from intervjukit.formats.yaml_nodes import Form, Node, dump_yaml, flow, in_order, load_nodes, read_text_file

_COMPOUNDS = "sammansättningar"
_BOOK = ("kodbok", "titel", "om", _COMPOUNDS, "facetter", "koder")
_FACET = ("id", "namn", "om", "värden")
_VALUE = ("id", "namn", "definition", "påverkbar", "ansvarig", "indikatorer")
_CODE = (
    "id",
    "namn",
    "förälder",
    "definition",
    "när",
    "när_inte",
    "exempel",
    "indikatorer",
    "påverkbar",
    "rubriker",
    "åtgärd",
)
_LIMIT = ("villkor", "i_stället")
_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
_TAKEN = ("text", "file", "respondent", "quote", "code")
FEWEST_EXAMPLES = 3


def read_codebook(path: Path | str) -> Codebook:
    """Return the code book in a YAML file; FaultyFileError lists every fault with its line."""
    path = Path(path)
    codebook, faults = parse_codebook(read_text_file(path), path)
    errors = [fault for fault in faults if fault.level == "fel"]
    if errors:
        raise FaultyFileError(path.name, errors)
    return codebook


def parse_codebook(text: str, path: Path) -> tuple[Codebook, list[Fault]]:
    """Return the code book and all remarks on it, faults as well as methodological slips."""
    faults: list[Fault] = []
    form = Form(load_nodes(path, text), path.name, faults, _BOOK, "Kodboken")
    facets = tuple(_facet(item) for item in form.forms("facetter", _FACET, "Facetten"))
    codebook = Codebook(
        id=_identifier(form, "kodbok"),
        title=form.text("titel", required=True),
        about=form.text("om"),
        facets=facets,
        codes=tuple(_code(item, facets) for item in form.forms("koder", _CODE, "Koden")),
        compounds=tuple(_compounds(form)),
    )
    _check_ids(form, codebook)
    _check_codes(form, codebook)
    return codebook, in_order(faults)


def _identifier(form: Form, key: str) -> str:
    value = form.text(key, required=True)
    if value and not _ID.fullmatch(value.replace("-", "_")):
        form.fault(
            form.line(key),
            f"”{value}” kan inte vara id.",
            "Använd a–z, siffror och understreck, utan å, ä och ö.",
        )
    return value


def _yes(form: Form, key: str) -> bool:
    return form.choice(key, ("ja", "nej"), default="ja") == "ja"


def _compounds(form: Form) -> Iterator[tuple[str, ...]]:
    """Yield the parts of each word under ``_COMPOUNDS``; one written twice is a fault at the second."""
    seen: set[str] = set()
    nodes = [node for node in form.items(_COMPOUNDS) if isinstance(node.value, str) and node.value]
    for node, written in zip(nodes, form.texts(_COMPOUNDS), strict=True):
        try:
            parts = compound(written)
        except RuleError as error:
            form.fault(node.line, error.problem, error.fix)
            continue
        word = "".join(parts)
        if word.lower() in seen:
            form.fault(node.line, f"”{word}” står två gånger under ”{_COMPOUNDS}”.", "Ta bort den ena.")
        seen.add(word.lower())
        yield parts


def _facet(form: Form) -> Facet:
    return Facet(
        id=_identifier(form, "id"),
        name=form.text("namn", required=True),
        about=form.text("om"),
        values=tuple(
            FacetValue(
                id=_identifier(item, "id"),
                name=item.text("namn", required=True),
                definition=item.text("definition"),
                indicators=item.texts("indikatorer"),
                influenceable=_yes(item, "påverkbar"),
                responsible=item.text("ansvarig"),
            )
            for item in form.forms("värden", _VALUE, "Värdet")
        ),
    )


def _code(form: Form, facets: tuple[Facet, ...]) -> Code:
    code_id = _identifier(form, "id")
    form.what = f"Koden {code_id}"
    limits = tuple(
        Limit(item.text("villkor", required=True), item.text("i_stället", required=True))
        for item in form.forms("när_inte", _LIMIT, f"”när_inte” i {code_id}")
    )
    headings = form.form("rubriker", VALENCES, f"”rubriker” i {code_id}")
    return Code(
        id=code_id,
        name=form.text("namn", required=True),
        definition=form.text("definition", required=True),
        when=form.text("när"),
        limits=limits,
        examples=tuple(_examples(form, code_id, facets)),
        indicators=form.texts("indikatorer"),
        influenceable=_yes(form, "påverkbar"),
        headings={key: headings.text(key) for key in headings.fields} if headings else {},
        measure=form.text("åtgärd"),
        parent=form.text("förälder") or None,
    )


def _examples(form: Form, code_id: str, facets: tuple[Facet, ...]) -> list[Example]:
    allowed = {facet.id: [value.id for value in facet.values] for facet in facets}
    return [
        Example(
            item.text("text", required=True),
            {facet: item.choice(facet, values) for facet, values in allowed.items() if item.text(facet)},
        )
        for item in form.forms("exempel", ("text", *allowed), f"Exemplet i {code_id}")
    ]


def _check_ids(form: Form, codebook: Codebook) -> None:
    """Ids given twice, told at the second; facets named as something else; and a book without codes."""
    facets = form.items("facetter")
    _check_doubled(form, "Koden", form.items("koder"), [code.id for code in codebook.codes])
    _check_doubled(form, "Facetten", facets, [facet.id for facet in codebook.facets])
    for node, facet in zip(facets, codebook.facets, strict=True):
        values = Form(node, form.file, form.faults, _FACET, "Facetten").items("värden")
        _check_doubled(form, f"Värdet i {facet.id}:", values, [value.id for value in facet.values])
        if facet.id in _TAKEN:
            form.fault(node.line, f"En facett kan inte heta ”{facet.id}”.", "Ge den ett annat id.")
    if not codebook.codes and not form.misspelt("koder"):
        form.fault(form.line("koder"), "Kodboken har inga koder.", "Lägg till minst en kod under ”koder”.")


def _check_doubled(form: Form, what: str, nodes: Sequence[Node], ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for node, key in zip(nodes, ids, strict=True):
        if key and key in seen:
            form.fault(node.line, f"{what} {key} finns två gånger.", "Ge den ena ett annat id.")
        seen.add(key)


def _check_codes(form: Form, codebook: Codebook) -> None:
    """Dead references between codes, and the slips of each: no limits, few examples, shared indicators."""
    parents = {code.id: code.parent for code in codebook.codes}
    shared = Counter(word.lower() for code in codebook.codes for word in set(code.indicators))
    for node, code in zip(form.items("koder"), codebook.codes, strict=True):
        item = Form(node, form.file, form.faults, _CODE, "Koden")
        for limit_node, limit in zip(item.items("när_inte"), code.limits, strict=True):
            if limit.instead and limit.instead not in parents:
                line = limit_node.key_lines.get("i_stället", limit_node.line)
                form.fault(
                    line, f"{code.id} hänvisar till ”{limit.instead}”, som inte finns.", _known(parents, limit.instead)
                )
        if code.parent and code.parent not in parents:
            form.fault(
                item.line("förälder"),
                f"{code.id} har föräldern ”{code.parent}”, som inte finns.",
                _known(parents, code.parent),
            )
        elif code.parent and _own_ancestor(code.id, parents):
            form.fault(item.line("förälder"), f"{code.id} blir förälder till sig själv.", "Ange en annan förälder.")
        for message, fix in _thin(code, shared):
            form.faults.append(Fault(form.file, node.line, f"{code.id}: {message}", fix, "metod"))


def _known(ids: Iterable[str], wanted: str) -> str:
    near = difflib.get_close_matches(wanted, list(ids), n=1)
    return f"Menade du ”{near[0]}”?" if near else "Ange en kod som finns."


def _own_ancestor(code_id: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents.get(code_id)
    while above and above != code_id and above not in seen:
        seen.add(above)
        above = parents.get(above)
    return above == code_id


def _thin(code: Code, shared: Counter[str]) -> list[tuple[str, str]]:
    slips = []
    if not code.when:
        slips.append(("det står inte när koden används.", "Skriv ”när: …” så att två personer kodar lika."))
    if not code.limits:
        slips.append(("det står inte när koden inte används.", "Skriv ”när_inte” med vad som gäller i stället."))
    if len(code.examples) < FEWEST_EXAMPLES:
        slips.append((f"{len(code.examples)} exempel är för få.", f"Ge minst {FEWEST_EXAMPLES} som folk talar."))
    if not code.indicators:
        slips.append(("inga indikatorer, så inget kan föreslås.", "Lägg till ord och fraser som pekar på koden."))
    if common := [word for word in code.indicators if shared[word.lower()] > 2]:
        slips.append((f"”{common[0]}” pekar på fler än två koder.", "Välj ett mer särskiljande ord."))
    return slips


def codebook_yaml(codebook: Codebook) -> str:
    """Return the code book as YAML; reading it back and writing it again gives the same bytes."""
    data: dict[str, Any] = {"kodbok": codebook.id, "titel": codebook.title, "om": codebook.about}
    data[_COMPOUNDS] = [" + ".join(parts) for parts in codebook.compounds]
    data["facetter"] = [
        _some(
            {
                "id": facet.id,
                "namn": facet.name,
                "om": facet.about,
                "värden": [
                    _some(
                        {
                            "id": value.id,
                            "namn": value.name,
                            "definition": value.definition,
                            "påverkbar": None if value.influenceable else "nej",
                            "ansvarig": value.responsible,
                            "indikatorer": flow(value.indicators),
                        }
                    )
                    for value in facet.values
                ],
            }
        )
        for facet in codebook.facets
    ]
    data["koder"] = [_code_data(code) for code in codebook.codes]
    return dump_yaml(_some(data))


def _some(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}


def _code_data(code: Code) -> dict[str, Any]:
    return _some(
        {
            "id": code.id,
            "namn": code.name,
            "förälder": code.parent,
            "definition": code.definition,
            "när": code.when,
            "när_inte": [{"villkor": limit.condition, "i_stället": limit.instead} for limit in code.limits],
            "exempel": [{"text": example.text, **example.facets} for example in code.examples],
            "indikatorer": flow(code.indicators),
            "påverkbar": None if code.influenceable else "nej",
            "rubriker": dict(code.headings),
            "åtgärd": code.measure,
        }
    )
