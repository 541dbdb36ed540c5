"""The study's nouns: made when they are asked for, one of each, and not before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from intervjukit.nouns import _MADE_OF
from intervjukit.study import Study

PACKAGE = Path(__file__).resolve().parents[1] / "src"
LOADED = """
import json, sys
sys.path.insert(0, sys.argv[1])
from intervjukit import Study
with Study.open(sys.argv[2]) as study:
    study.material.interviews()
print(json.dumps([name for name in sys.modules if name.startswith("intervjukit.")]))
"""


@pytest.mark.parametrize("name", _MADE_OF)
def test_a_noun_is_made_once_and_is_what_it_is_said_to_be(small_study: Study, name: str) -> None:
    made = getattr(small_study, name)
    assert f"{type(made).__module__}.{type(made).__name__}" == f"intervjukit.{_MADE_OF[name][0]}"
    assert getattr(small_study, name) is made
    assert name in dir(small_study)


def test_a_name_that_is_no_noun_is_told_as_for_any_object(small_study: Study) -> None:
    with pytest.raises(AttributeError, match="'Study' object has no attribute 'teman'"):
        _ = small_study.teman  # type: ignore[attr-defined]


def test_what_is_not_asked_for_is_not_loaded(small_folder: Path) -> None:
    command = [sys.executable, "-c", LOADED, str(PACKAGE), str(small_folder)]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    loaded = {*json.loads(told.stdout)}
    assert "intervjukit.material" in loaded
    others = {f"intervjukit.{place.partition('.')[0]}" for place, _ in _MADE_OF.values()} - {"intervjukit.material"}
    assert loaded & others == set()
