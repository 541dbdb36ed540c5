"""A report speaks of bottlenecks by the names of the study's own code book, and of a group of one as one."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from intervjukit.core.report import PARTS
from intervjukit.core.spoken import spoken
from intervjukit.study import Study

REPO = Path(__file__).parents[2]
INTERVIEWS = REPO / "examples" / "halsoflodet" / "intervjuer"
NAMES = {"Flaskhals": "Hinder", "Framgång": "Stöd", "Önskan": "Behov"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A study of two groups, one of them of one person, whose code book has its own names of the three valences."""
    place = tmp_path_factory.mktemp("namn")
    text = (REPO / "codebooks" / "halsoflodet.yaml").read_text("utf-8")
    for old, new in NAMES.items():
        assert text.count(f"namn: {old}\n") == 1
        text = text.replace(f"namn: {old}\n", f"namn: {new}\n")
    (place / "bok.yaml").write_text(text, "utf-8")
    guides = place / "guider"
    guides.mkdir()
    for name in ("chefer", "sjukskrivna", "fragebank"):
        shutil.copy(REPO / "protocols" / "halsoflodet" / f"{name}.yaml", guides)
    with Study.create(place / "s", protocols=guides, codebook=place / "bok.yaml", coder="MK") as made:
        made.add_transcripts(*(INTERVIEWS / name for name in ("C01.docx", "S01.docx", "S09.txt")))
        for who, code, valence, party in (
            ("S01", "samverkan", "flaskhals", "vard"),
            ("S09", "samverkan", "flaskhals", "vard"),
            ("C01", "samverkan", "flaskhals", "vard"),
            ("C01", "chefsstod", "onskan", "arbetsgivare"),
            ("S09", "chefsstod", "framgang", "arbetsgivare"),
            ("S01", "chefsstod", "flaskhals", "arbetsgivare"),
        ):
            interview = made.transcript(who)
            turns = sorted(interview.answers(), key=lambda turn: turn.end - turn.start)[-2:]
            quote = interview.turn_text(turns[code == "samverkan"])
            made.code(who, quote, code, valence=valence, party=party)
        made.swot.draft(at_least=1)
        made.measures.draft()
        yield made


def test_the_report_has_the_names_of_the_code_book_and_no_others(study: Study, tmp_path: Path) -> None:
    own = [part for part in PARTS if part != "kodbok"]  # whose definitions are the code book's own words
    path = study.report(tmp_path / "r.docx", parts=own)
    with zipfile.ZipFile(path) as archive:
        text = archive.read("word/document.xml").decode()
    # quotes, captions and what is said of pictures are all in there; names of bookmarks are nobody's words
    words = " ".join(re.sub(r"<[^>]*?(?: (?:descr|title)=\"([^\"]*)\"[^>]*)?>", r" \1", text).split())
    assert not re.search("flaskhals|framgång|det som hjälp", words, re.I)
    for said in ("Det som flest ser som hinder", "Hinder per part", "samma hinder", "Stöd i rangordning"):
        assert said in words, said
    for said in (
        "Var grupperna ser hinder",
        "teman som nämns som hinder",
        "Från hinder till åtgärd, antal av 1 hinder",
    ):
        assert said in words.replace("\u00a0", " "), said


def test_the_pages_have_the_names_of_the_code_book_and_no_others(
    study: Study, page_of: Callable[..., AbstractContextManager[TestClient]]
) -> None:
    asked = ("/fynd", "/swot", "/api/fynd?slag=flaskhals", "/api/fynd?slag=framgang", "/api/swot", "/api/rapport")
    with page_of(study.folder) as browser:
        answers = [browser.get(address) for address in asked]
    assert all(answer.status_code == 200 for answer in answers)
    words = re.sub(
        r"[\w|-]*(flaskhals|framgang|onskan)(?=[\"|])", "", " ".join(answer.text for answer in answers)
    )  # ids
    for usual in ("laskhals", "ramgång", "nskning", "nskan"):
        assert usual not in words
    for said in ("Grupper från minst två parter lägger samma hinder", "Hinder i rangordning", '"bottlenecks":"Hinder"'):
        assert said in words


def test_a_group_of_one_is_not_counted_as_a_part_of_itself(study: Study, tmp_path: Path) -> None:
    path = study.report(tmp_path / "r.docx", parts=["perspektiv"])
    with zipfile.ZipFile(path) as archive:
        text = re.sub("<[^>]+>", "", archive.read("word/document.xml").decode()).replace("\u00a0", " ")
    assert "Hinder enligt 2 av 2 sjukskrivna och den enda i gruppen chefer" in text
    assert "1 av 1" not in text.replace("1 av 1,", "")


def test_a_name_of_ones_own_is_used_as_it_stands_and_the_usual_one_is_inflected(study: Study) -> None:
    own = spoken(study.codebook)["flaskhals"]
    assert (own.one, own.many, own.some, own.head) == ("hinder", "hinder", "hinder", "Hinder")


def test_the_usual_names_are_inflected(course_folder: Path) -> None:
    with Study.open(course_folder) as course:
        usual = spoken(course.codebook)
    assert (usual["flaskhals"].many, usual["onskan"].some) == ("flaskhalsar", "en önskan")
