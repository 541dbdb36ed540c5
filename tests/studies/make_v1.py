"""Makes v1/study.db, the small study of format 1 that every later version must open. Run once, never again.

Two short invented interviews, a few codings, suggestions, a memo, SWOT, a measure, and an undo in the history.
Run from the repository's root: ``PYTHONPATH=src python tests/studies/make_v1.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from intervjukit.study import FILE, Study

HERE = Path(__file__).parent
GUIDES = HERE.parents[1] / "protocols" / "halsoflodet"
INTERVIEWS = {
    "S01.txt": """Påhittad intervju.
Intervju: S01
Grupp: Sjukskrivna
Datum: 2026-02-03
Längd: 12 minuter
Intervjuare: MK
Yrke: kock

I: Hur länge har du varit sjukskriven?

R: Sedan i mars, först på heltid och nu på halvtid.

I: Vad har dragit ut på tiden?

R: Jag fick vänta elva veckor på en tid hos läkaren. Under tiden hände ingenting.

I: Vad har hjälpt dig?

R: Chefen ringde varje fredag, det betydde mycket. Kollegorna ställde upp, och jag fick anpassade arbetsuppgifter.
Rehabkoordinatorn höll ihop allt, tack vare henne blev det en rehabiliteringsplan.
""",
    "C01.txt": """Påhittad intervju.
Intervju: C01
Grupp: Chefer
Datum: 2026-02-05
Intervjuare: MK
Antal anställda: 14

I: Vad gör du när någon blir sjukskriven?

R: Jag ringer samma vecka. Men hos läkaren tar det månader, väntetiden är orimlig.

I: Vad skulle du vilja göra mer av?

R: Jag skulle vilja träffa Försäkringskassan tidigare 🙂, alla runt samma bord.
""",
}


def fill(study: Study) -> None:
    """Decide a little of everything."""
    one = study.code("S01", "Jag fick vänta elva veckor på en tid hos läkaren.", "vantetider", valence="flaskhals")
    study.change(one.id, party="vard")
    study.code("S01", "Chefen ringde varje fredag", "arbetsplatskontakt", valence="framgang", party="arbetsgivare")
    study.code("C01", "väntetiden är orimlig", "vantetider", valence="flaskhals", party="vard")
    study.code("C01", "alla runt samma bord", "natverksmoten", valence="onskan", party="samverkan")
    study.suggest()
    accepted, rejected = study._store.suggestions()[:2]
    study.accept(accepted.id, party="individ")
    study.reject(rejected.id)
    study.memos.add("Väntan återkommer.", target="code", target_id="vantetider")
    study.swot.draft()
    line = study.swot.items()[0]
    study.measures.add("Korta väntan till läkare", "vard", [line.id], due="2027")
    study.doubts.settle(int(study.doubts.table()["id"].iloc[0]))
    study.code("C01", "Jag ringer samma vecka", "chefsstod")
    study.history.undo()
    study.memos.add("Ångrad och gjord igen.")
    study.history.undo()
    study.history.redo()


def main() -> None:
    """Make the study and put it in its place, unless it is there."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in INTERVIEWS.items():
            (Path(scratch) / name).write_text(text, encoding="utf-8")
        guides = Path(scratch) / "guider"
        guides.mkdir()
        for name in ("sjukskrivna", "chefer", "fragebank"):
            (guides / f"{name}.yaml").write_bytes((GUIDES / f"{name}.yaml").read_bytes())
        folder = HERE / "v1"
        with Study.create(folder, protocols=guides, codebook="halsoflodet", name="Sparad studie", coder="MK") as study:
            assert not study.add_transcripts(*(Path(scratch) / name for name in INTERVIEWS)).refused
            fill(study)
    assert [place.name for place in folder.iterdir()] == [FILE]


if __name__ == "__main__":
    main()
