"""Makes v3/study.db, the small study of format 3 that every later version must open. Run once, never again.

The code book, bank and guides of format 2's. What format 3 brought is all there: the other codes of a suggestion, times
in a recording, a plan, memos on places (from a comment in Word), names from another program's project, and a corrected
interview that kept its codings. Everything in it is invented.
Run from the repository's root: ``PYTHONPATH=src python tests/studies/make_v3.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from docx import Document
from make_v2 import INTERVIEWS, write_files

from intervjukit.core.exchange import Project, ProjectCode, ProjectNote, ProjectSource, Selection, User, new_guid
from intervjukit.study import FILE, Study

HERE = Path(__file__).parent
RECORDED = """WEBVTT

NOTE
Påhittad intervju.
Intervju: S02
Grupp: Sjuka
Datum: 2026-05-11

00:00:01.000 --> 00:00:04.500
<v I>Hur har vägen sett ut?</v>

00:00:05.000 --> 00:00:12.250
<v R>Remissen låg i fem veckor. Ingen visste var den fanns 🙂.</v>

00:00:13.000 --> 00:00:15.000
<v I>Vad har hjälpt?</v>

00:00:16.000 --> 00:00:21.000
<v R>Att schemat fick vara kort i början.</v>
"""
COMMENTED = (
    ("Påhittad intervju.", ""),
    ("Intervju: C02", ""),
    ("Grupp: Chefer", ""),
    ("Datum: 2026-05-12", ""),
    ("I: Vad har hjälpt?", ""),
    ("R: Vi bytte pass med varandra. Ingen klagade.", "Fråga hur många de var."),
)


def write_commented(path: Path) -> None:
    """Write a Word file with a comment on its last paragraph."""
    document = Document()
    for text, remark in COMMENTED:
        run = document.add_paragraph().add_run(text)
        if remark:
            document.add_comment(run, remark, author="MK", initials="MK")
    document.save(str(path))


def another_programs(text: str) -> Project:
    """Return a project of another program: one code of its own, one passage coded, one remark."""
    source, code, user = new_guid("v3", "source"), new_guid("v3", "code"), User(new_guid("v3", "user"), "BL")
    quote = "Ingen visste var den fanns"
    start = text.index(quote)
    return Project(
        "Andra studien",
        users=(user,),
        codes=(ProjectCode(code, "Borttappat", description="Papper som ingen hittar.", colour="#AA3300"),),
        sources=(ProjectSource(source, "S02", text),),
        selections=(Selection(new_guid("v3", "place"), source, start, start + len(quote), (code,), user.guid),),
        notes=(ProjectNote(new_guid("v3", "note"), "Se efter i registret.", "source", source, user.guid),),
    )


def main() -> None:
    """Make the study and put it in its place, unless it is there."""
    folder = HERE / "v3"
    with tempfile.TemporaryDirectory() as scratch:
        files = Path(scratch)
        write_files(files)
        (files / "S02.vtt").write_text(RECORDED, encoding="utf-8")
        write_commented(files / "C02.docx")
        corrected = files / "rättad" / "C01.txt"
        corrected.parent.mkdir()
        text = INTERVIEWS["C01.txt"].replace("aldrig någon tid", "nästan aldrig någon tid")
        corrected.write_text(text, encoding="utf-8")
        made = Study.create(
            folder, protocols=files / "guider", codebook=files / "liten.yaml", name="Sparad studie 3", coder="MK"
        )
        with made as study:
            assert not study.add_transcripts(*(files / name for name in (*INTERVIEWS, "S02.vtt", "C02.docx"))).refused
            study.plan.set("chefer", 3)
            study.code("C01", "Schemat går inte att ändra", "schema", valence="flaskhals", party="arbetsgivare")
            study.code("C01", "Läkaren har aldrig någon tid.", "vantan", valence="flaskhals", party="vard")
            study.add_transcripts(corrected, replace=True)
            assert study.exchange.take_in(another_programs(study.transcript("S02").text)).codings == 1
            assert study.suggest(mode="complete") > 3
            study.accept(next(one.id for one in study._store.suggestions() if one.respondent == "S01"))
            study.swot.draft(at_least=1)
    for model in folder.glob("modell-*.npz"):  # learned anew from the bank
        model.unlink()
    assert [place.name for place in folder.iterdir()] == [FILE]


if __name__ == "__main__":
    main()
