"""YAML as this kit reads it: hostile and broken files are refused in bounded time, with line and remedy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.errors import Fault, FaultyFileError, FileError, IntervjukitError
from intervjukit.formats.codebooks import parse_codebook, read_codebook
from intervjukit.formats.library import library
from intervjukit.formats.protocols import parse_protocol
from intervjukit.formats.yaml_nodes import dump_yaml, flow, load_nodes, read_text_file

HERE = Path("fil.yaml")


def _fault(text: str) -> Fault:
    with pytest.raises(FaultyFileError) as caught:
        load_nodes(HERE, text)
    assert caught.value.faults[0].file == "fil.yaml"
    return caught.value.faults[0]


@pytest.mark.parametrize(
    ("text", "line", "message", "fix"),
    [
        ("a: b\nc: &x d\n", 2, "Ankare och alias", "Skriv ut texten"),
        ("a: b\nc: *x\n", 2, "Ankare och alias", "Skriv ut texten"),
        ("a: b\n\nc: !!python/object/apply:os.system [ls]\n", 3, "Taggen", "Ta bort den"),
        ("a: !!str 1\n", 1, "Taggen", "Ta bort den"),
        ("a: b\nc: !egen d\n", 2, "Taggen !egen", "Ta bort den"),
        ("a: b\nc: Så här: då\n", 2, "ett kolon för mycket", "citattecken"),
        ("a: b\n\n  c: d\n", 3, "längre indragen än den före", "lika långt in"),
        ("a:\n  - b: c\n    d: e: f\n", 3, "ett kolon för mycket", "citattecken"),
        ("a:\n\t- b\n", 2, "indragen med tabb", "blanksteg"),
        ("a:\n  - b\n \t- c\n", 3, "indragen med tabb", "blanksteg"),
        ('a: b\nc: "d\ne: f\n', 4, "citattecken saknar", "citattecken"),
        ("a: [b, c\nd: e\n", 2, "YAML går inte att läsa", "Kontrollera"),
        ("a: b\n---\nc: d\n", 2, "flera dokument", "Dela upp"),
        ("a: b\nc: @d\n", 2, "börjar med ett tecken", "Kontrollera"),
        ('a: "\\q"\n', 1, "omvänt snedstreck", "Kontrollera"),
        ("a:\n   - b\n  - c\n", 3, "indraget eller citattecknen", "Kontrollera"),
        ("a: b\na: c\n", 2, "”a” står två gånger (även rad 1)", "Ta bort den ena"),
        ("x: y\n? [a, b]\n: c\n", 2, "fältnamn ska vara ett ord", "namn: värde"),
        ('a: b\nc: "\\0"\n', 2, "NUL-tecken", "Skriv om"),
        ("a: b\nc: \ufffe\n", 2, "styrtecken", "Skriv om"),
    ],
)
def test_yaml_that_cannot_be_or_is_not_allowed_gives_line_and_remedy_in_swedish(
    text: str, line: int, message: str, fix: str
) -> None:
    fault = _fault(text)
    assert (fault.line, message in fault.message, fix in fault.fix) == (line, True, True), str(fault)


def test_all_doubled_keys_come_at_once() -> None:
    with pytest.raises(FaultyFileError) as caught:
        load_nodes(HERE, "a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")
    assert [fault.line for fault in caught.value.faults] == [2, 5]


def test_nothing_but_text_is_read_where_yaml_sees_other_types() -> None:
    words = ["no", "yes", "on", "1:30", "1e3", "0o17", "null", "2026-02-11", "=", "<<", "1_000", ".inf"]
    node = load_nodes(HERE, "a:\n" + "".join(f"  - {word}\n" for word in words))
    assert isinstance(node.value, dict) and isinstance(node.value["a"].value, list)
    assert [item.value for item in node.value["a"].value] == words


def test_an_unquoted_tilde_is_nothing_and_a_quoted_one_is_text() -> None:
    node = load_nodes(HERE, "a: ~\nb: '~'\nc: \" d \"\n")
    assert isinstance(node.value, dict)
    assert [node.value[key].value for key in "abc"] == ["", "~", " d "]


def _bombs() -> dict[str, str]:
    layers = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    lists = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    many = "".join(f"nyckel{n}: värde\n" for n in range(20_000))
    return {
        "merge keys": "\n".join(["a0: &a0 {x: y}", *layers]),
        "aliases": "\n".join(["a0: &a0 [x]", *lists]),
        "flow depth": "a: " + "[" * 400_000,
        "mapping depth": "a: " + "{b: " * 200_000,
        "block depth": "- " * 400_000,
        "indented depth": "".join(" " * n + "a:\n" for n in range(900)),
        "unknown keys": many,
        "doubled keys": "a: b\n" * 60_000,
        "one long line": "a: " + "x" * 900_000,
        "one long key": "x" * 900_000 + ": a",
        "many quotes": '"' * 900_000,
    }


BOMBS = _bombs()


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_bounded_time(bomb: str) -> None:
    begun = time.process_time()
    with pytest.raises(IntervjukitError):
        _, faults = parse_codebook(BOMBS[bomb], HERE)
        if any(fault.level == "fel" for fault in faults):
            raise FaultyFileError("fil.yaml", faults)
    assert time.process_time() - begun < 6


def test_thirty_levels_are_read_and_more_are_not() -> None:
    assert load_nodes(HERE, "a: " + "[" * 29 + "]" * 29)
    assert "djupt" in _fault("a: " + "[" * 30 + "]" * 30).message


@pytest.mark.parametrize(
    ("content", "message", "fix"),
    [
        (b"", "är tom", "mall.yaml"),
        (b" \n\n ", "är tom", "mall.yaml"),
        (b"a: b\nc: f\xf6r\n", "är inte UTF-8 (rad 2)", "UTF-8"),
        ("a: b".encode("utf-16"), "är inte UTF-8", "UTF-8"),
        (b"a: b\0c\n", "NUL", "UTF-8"),
        (b"a: " + b"x" * 1_000_000, "för stor", "Dela upp"),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path, content: bytes, message: str, fix: str) -> None:
    path = tmp_path / "min fil.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_text_file(path)
    assert message in caught.value.problem and "min fil.yaml" in caught.value.problem
    assert fix in caught.value.fix


def test_a_comment_alone_is_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "k.yaml"
    path.write_text("# bara en kommentar\n", encoding="utf-8")
    with pytest.raises(FileError, match="är tom"):
        read_codebook(path)


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="är en mapp"):
        read_text_file(tmp_path)
    with pytest.raises(FileError, match="finns inte"):
        read_text_file(tmp_path / "saknas.yaml")


def test_a_million_bytes_is_the_limit_and_more_is_never_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "stor.yaml"
    with path.open("wb") as file:
        file.truncate(5 << 30)  # five gigabytes of nothing, on no disk
    with pytest.raises(FileError, match="1 MB"):
        read_text_file(path)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(str.strip), min_size=1), max_size=4
    )
)
@settings(max_examples=60, deadline=None)
def test_lists_in_brackets_read_back_and_break_only_between_items(lists: list[list[str]]) -> None:
    text = dump_yaml({"a": [{"b": flow(items)} for items in lists] or "tom"})
    node = load_nodes(HERE, text)
    assert isinstance(node.value, dict)
    read = node.value["a"].value
    assert isinstance(read, (list, str))
    found = [[i.value for i in n.value["b"].value] for n in read] if isinstance(read, list) else []  # type: ignore[index,union-attr]
    assert [[str(i) for i in items] for items in found] == [[_nfc(i) for i in items] for items in lists]


def _nfc(text: str) -> str:
    from intervjukit.core.text import normalise

    return normalise(text)


SOURCES = [
    (library("codebooks") / "mall.yaml").read_bytes(),
    (library("protocols") / "mall.yaml").read_bytes(),
]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damaged_yaml_raises_nothing_but_our_own_errors(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SOURCES)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=4)
            | st.sampled_from([b"\t", b": ", b"- ", b"&a ", b"*a", b"!", b"[", b"}", b'"', b"\\", b"~", b"<<: "])
        )
    text = bytes(raw).decode("utf-8", errors="replace")
    for parse in (parse_codebook, parse_protocol):
        try:
            parse(text, HERE)
        except IntervjukitError as error:
            assert error.problem and error.fix
