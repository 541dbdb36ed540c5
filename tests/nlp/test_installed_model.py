"""An installed Swedish spaCy model adds its base forms to the keys; without one nothing is missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from spacy.lookups import Lookups
from spacy.training import Example

from intervjukit.core.codebook import Code, Codebook
from intervjukit.nlp import pipeline
from intervjukit.nlp.pipeline import COMPONENTS, IndicatorMatcher, installed_model
from intervjukit.nlp.segments import Answer, Segmenter

OWNERS = {"stad": ["kvast", "ny kvast"], "vard": ["läkare"]}
TEXT = "Dom hade kvesten framme. Läkaren kom med nya kvesten."
"""”kvesten” is no word: only a model can know that it is a form of ”kvast”."""
INIT = """
from spacy.util import load_model_from_init_py

def load(**overrides):
    return load_model_from_init_py(__file__, **overrides)
"""


def train(folder: Path) -> None:
    """Train a tagger for some steps, give it a table of base forms, and save it as spaCy packages do."""
    nlp = spacy.blank("sv", meta={"name": "prov", "version": "1.2.3", "lang": "sv"})
    nlp.add_pipe("tagger")
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.add_pipe("sentencizer", name="senter")
    tables = Lookups()
    tables.add_table("lemma_lookup", {"kvesten": "kvast", "nya": "ny", "Läkaren": "läkare"})
    lemmatizer.initialize(lookups=tables)  # type: ignore[attr-defined]
    doc = nlp.make_doc("Läkaren hade kvesten")
    examples = [Example.from_dict(doc, {"tags": ["NN", "VB", "NN"]})]
    tagger = nlp.get_pipe("tagger")
    tagger.initialize(lambda: examples, nlp=nlp)  # type: ignore[attr-defined]
    for _ in range(3):
        tagger.update(examples)  # type: ignore[attr-defined]
    (folder / "sv_prov").mkdir()
    nlp.to_disk(folder / "sv_prov" / "sv_prov-1.2.3")
    meta = folder / "sv_prov" / "sv_prov-1.2.3" / "meta.json"
    (folder / "sv_prov" / "meta.json").write_bytes(meta.read_bytes())
    (folder / "sv_prov" / "__init__.py").write_text(INIT, encoding="utf-8")
    about = folder / "sv_prov-1.2.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sv_prov\nVersion: 1.2.3\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[spacy_models]\nsv_prov = sv_prov\n", encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    train(folder)
    return folder


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The model is on the path, as if pip had put it there."""
    monkeypatch.syspath_prepend(site)
    yield
    sys.modules.pop("sv_prov", None)


def found(matcher: IndicatorMatcher) -> list[tuple[str, str, str]]:
    (doc,) = matcher.docs([TEXT])
    return [(hit.indicator, hit.quote, hit.how) for hit in matcher.hits(doc)]


def test_an_installed_model_is_found_and_no_other_language(installed: None, site: Path) -> None:
    entries = site / "sv_prov-1.2.3.dist-info" / "entry_points.txt"
    entries.write_text("[spacy_models]\nsv_prov = sv_prov\nen_prov = en_prov\n", encoding="utf-8")
    assert installed_model() == "sv_prov"


def test_the_models_base_forms_are_one_more_way_to_find_an_indicator(installed: None) -> None:
    matcher = IndicatorMatcher(OWNERS)
    assert matcher.model == "sv_prov 1.2.3"
    assert found(matcher) == [
        ("kvast", "kvesten", "modell"),
        ("läkare", "Läkaren", "böjning"),
        ("ny kvast", "nya kvesten", "modell"),
    ]


def test_without_a_model_the_rest_is_found_all_the_same() -> None:
    matcher = IndicatorMatcher(OWNERS, model="")
    assert matcher.model == ""
    assert found(matcher) == [("läkare", "Läkaren", "böjning")]


def test_a_model_that_does_not_load_is_as_good_as_none(
    installed: None, site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "sv_zz-1.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: sv_zz\nVersion: 1\n", encoding="utf-8")
    (broken / "entry_points.txt").write_text("[spacy_models]\nsv_zz = sv_zz\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert installed_model() == "sv_zz"
    assert IndicatorMatcher(OWNERS).model == ""


def test_the_table_of_components_is_what_runs(installed: None) -> None:
    ours = [part.factory for part in COMPONENTS]
    assert IndicatorMatcher(OWNERS).nlp.pipe_names == ["tagger", "lemmatizer", *ours]
    plain = [part.factory for part in COMPONENTS if not part.with_model]
    assert IndicatorMatcher(OWNERS, model="").nlp.pipe_names == plain
    assert {name for name in ours if name not in plain} == {"intervjukit_model_lemmas"}


def test_every_component_sets_what_the_table_says() -> None:
    (doc,) = IndicatorMatcher(OWNERS, model="").docs(["Läkarna var bra."])
    assert (doc[0].lemma_, doc[0].norm_) == ("läkare", "läkare")
    assert [hit.owner for hit in doc._.indicators] == ["vard"]
    assert [hit.owner for hit in doc._.evaluations] == ["*:framgang"]
    assert doc._.model_lemmas == ()


def test_the_segmenter_uses_the_model_and_says_so(installed: None) -> None:
    book = Codebook("b", "B", codes=(Code("stad", "Städning", "Om städning", indicators=("kvast",)),))
    segmenter = Segmenter(book, [])
    (said,) = segmenter.segments([Answer("Dom hade kvesten framme.", "chefer")])
    assert segmenter.matcher.model == "sv_prov 1.2.3"
    assert said.segment.rules["code:stad"] > 0.5


def test_strength_knows_every_way_of_finding() -> None:
    hit = pipeline.Hit("stad", "kvast", 0, 5, "modell")
    assert pipeline.strength([hit]) == pipeline.strength([replace(hit, how="böjning")])
