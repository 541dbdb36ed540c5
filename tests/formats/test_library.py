"""The guides, code books and example study that come with the kit are found by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from intervjukit.errors import FaultyFileError, NotFoundError
from intervjukit.formats.library import codebook_file, example, library, protocol_files
from intervjukit.formats.protocols import read_protocol


def test_a_set_that_comes_with_the_kit_is_found_by_name_without_its_bank() -> None:
    names = [file.name for file in protocol_files("halsoflodet")]
    assert len(names) == 7 and "fragebank.yaml" not in names
    assert [file.name for file in protocol_files("rehsursen")] == ["rehsursen.yaml"]
    assert codebook_file("halsoflodet") == library("codebooks") / "halsoflodet.yaml"
    assert (example("halsoflodet") / "kodningar.csv").is_file()


def test_a_folder_and_a_file_of_ones_own_are_found(tmp_path: Path) -> None:
    folder = shutil.copytree(library("protocols") / "halsoflodet", tmp_path / "mina")
    shutil.copy(library("codebooks") / "mall.yaml", folder / "kodbok.yaml")
    (folder / "chefer.yaml").rename(folder / "chefer.YML")
    (folder / "mapp.yaml").mkdir()
    assert len(protocol_files(folder)) == 7
    assert protocol_files(folder / "lakare.yaml") == [folder / "lakare.yaml"]
    assert codebook_file(folder / "kodbok.yaml") == folder / "kodbok.yaml"


def test_a_guide_whose_first_field_is_another_is_a_guide_and_a_misspelt_one_is_not_lost(tmp_path: Path) -> None:
    text = (library("protocols") / "mall.yaml").read_text(encoding="utf-8")
    moved = tmp_path / "flyttad.yaml"
    moved.write_text(text.replace("guide: mall\n", "") + "guide: mall\n", encoding="utf-8")
    wrong = tmp_path / "fel.yaml"
    wrong.write_text(text.replace("guide: mall", "giude: mall"), encoding="utf-8")
    assert protocol_files(tmp_path) == [wrong, moved]
    assert read_protocol(moved).id == "mall"
    with pytest.raises(FaultyFileError, match="Menade du ”guide”"):
        read_protocol(wrong)


@pytest.mark.parametrize("name", ["finns inte", "x" * 400, "", "a\0b", "../codebooks/mall", "."])
def test_a_name_that_is_not_there_lists_the_ones_there_are(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError) as caught:
        protocol_files(name)
    assert "halsoflodet" in caught.value.fix and "rehsursen" in caught.value.fix
    if "mall" not in name:
        with pytest.raises(NotFoundError, match="mall"):
            codebook_file(name)
        with pytest.raises(NotFoundError, match="halsoflodet"):
            example(name)
