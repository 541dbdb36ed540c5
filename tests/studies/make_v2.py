"""Makes v2/study.db, the small study of format 2 that every later version must open. Run once, never again.

A code book, a bank of utterances and guides of its own, two short invented interviews and a guide filled in live. What
format 2 brought is all there: the bank, how sure a suggestion is, codes that are gone, drafts, blind places, the order
of SWOT lines. Run from the repository's root: ``PYTHONPATH=src python tests/studies/make_v2.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from intervjukit.study import FILE, Study

HERE = Path(__file__).parent
CODEBOOK = """kodbok: liten
titel: Liten kodbok
om: Koda det som hjälper och det som hindrar på vägen tillbaka till köket.
facetter:
  - id: valence
    namn: Slag
    värden:
      - {id: flaskhals, namn: Flaskhals, definition: Något som hindrar.}
      - {id: framgang, namn: Framgång, definition: Något som hjälper.}
      - {id: onskan, namn: Önskan, definition: Något som den som talar vill ha.}
  - id: party
    namn: Part
    värden:
      - {id: individ, namn: Den sjuke, definition: Den som är borta från köket.}
      - {id: arbetsgivare, namn: Arbetsgivaren, definition: Köket och dess chef.}
      - {id: vard, namn: Vården, definition: Läkare och andra i vården.}
koder:
  - {id: vantan, namn: Väntan, definition: Tid som går innan något händer.}
  - {id: stod, namn: Stöd, definition: Att någon hör av sig eller ställer upp.}
  - {id: schema, namn: Schema, definition: När och hur länge man arbetar.}
  - {id: pauser, namn: Pauser, definition: Att få vila under passet.}
"""
BANK = """# Påhittade svar till den lilla kodboken.
sjuka | vagen | Hur gick det? | Jag bor vid ån. {vantan/flaskhals/vard Det tog nio veckor innan läkaren hade en tid.}
sjuka | vagen | Vad mer? | {vantan/flaskhals/vard Remissen låg och väntade i två månader.} Sedan blev det jul.
sjuka | hjalp | Vad hjälpte? | {stod/framgang/arbetsgivare Chefen ringde varje måndag och frågade hur det var.}
sjuka | hjalp | Något annat? | Vi fikade. {stod/framgang/arbetsgivare Mina arbetskamrater hälsade på mig hemma.}
sjuka | hjalp | Och nu? | {schema/framgang/arbetsgivare Jag fick börja med korta pass på förmiddagen.} Köket är nytt.
sjuka | onskar | Vad önskar du? | {pauser/onskan/arbetsgivare Jag skulle vilja ha en paus mitt i passet.}
chefer | gor | Vad gör du? | Vi är åtta. {stod/framgang/arbetsgivare Jag ringer samma dag och frågar vad som hänt.}
chefer | drar_ut | Vad drar ut? | {vantan/flaskhals/vard Det är läkaren som aldrig har någon tid förrän om månader.}
chefer | drar_ut | Mer? | {schema/flaskhals/arbetsgivare Schemat går inte att ändra när vi är så få.} Så är det.
chefer | onskar | Vad önskar du? | {pauser/onskan/arbetsgivare Jag önskar att alla kunde få vila en stund.}
"""
GUIDE = """guide: liten-{group}
titel: Guide för {group}
grupp: {group}
gruppnamn: {title}
kod: {letter}
part: {party}
avsnitt:
  - id: samtal
    titel: Samtal
    frågor:
      - {{id: ar, sort: tal, fråga: Hur många år har du arbetat i kök?, enhet: år}}
      - {{id: vagen, sort: text, fråga: Hur har vägen sett ut?}}
      - {{id: hjalp, sort: text, fråga: Vad har hjälpt?}}
      - {{id: ork, sort: skala, fråga: Hur är orken?, skala: {{från: 1, till: 10, lägst: Ingen, högst: Full}}}}
"""
GROUPS = (("sjuka", "Sjuka", "S", "individ"), ("chefer", "Chefer", "C", "arbetsgivare"))
INTERVIEWS = {
    "S01.txt": """Påhittad intervju.
Intervju: S01
Grupp: Sjuka
Datum: 2026-05-04
Längd: 9 minuter
Yrke: kallskänka

I: Hur har vägen sett ut?

R: Det tog tio veckor innan läkaren hade en tid. Remissen låg och väntade under tiden 🙂.

I: Vad har hjälpt?

R: Chefen ringde varje måndag. Jag fick börja med korta pass. Jag skulle vilja ha en paus mitt i passet.
""",
    "C01.txt": """Påhittad intervju.
Intervju: C01
Grupp: Chefer
Datum: 2026-05-06

I: Hur har vägen sett ut?

R: Läkaren har aldrig någon tid. Schemat går inte att ändra när vi är så få.

I: Vad har hjälpt?

R: Jag ringer samma dag och frågar hur det är.
""",
}


def write_files(folder: Path) -> None:
    """Write the code book, its bank, the guides and the interviews."""
    bank, guides = folder / "liten.yttranden", folder / "guider"
    bank.mkdir()
    guides.mkdir()
    (folder / "liten.yaml").write_text(CODEBOOK, encoding="utf-8")
    (bank / "01.txt").write_text(BANK, encoding="utf-8")
    for group, title, letter, party in GROUPS:
        text = GUIDE.format(group=group, title=title, letter=letter, party=party)
        (guides / f"{group}.yaml").write_text(text, encoding="utf-8")
    for name, text in INTERVIEWS.items():
        (folder / name).write_text(text, encoding="utf-8")


def fill_in(study: Study) -> None:
    """Fill in guides live: one is done, one is going on, one was taken away and put back."""
    done = study.drafts.begin("sjuka", day="2026-05-05").id
    for field, said in {"ar": "12", "hjalp": "Arbetskamraterna kom förbi.", "ork": "7", "fakta:Yrke": "kock"}.items():
        study.drafts.write(done, field, said)
    study.drafts.spend(done, 1500)
    study.drafts.finish(done)
    going_on = study.drafts.begin("chefer", day="2026-05-07").id
    study.drafts.write(going_on, "vagen", "Vi har väntat på besked.")
    away = study.drafts.begin("chefer", day="2026-05-08").id
    study.drafts.write(away, "hjalp", "Att vi hjälps åt.")
    study.drafts.remove(away)
    study.history.undo()


def decide_blind(study: Study) -> None:
    """Draw a blind sample and settle one place with a coding and one without; the others are left open."""
    study.agreement.draw_blind(2)
    with_code, without = study.agreement.blind_places()[["id", "respondent", "quote"]].values.tolist()[:2]
    study.code(with_code[1], with_code[2], "stod", valence="framgang", party="arbetsgivare")
    study.agreement.settle_blind(with_code[0], without[0])


def decide(study: Study) -> None:
    """Decide a little of everything else."""
    study.code("S01", "Det tog tio veckor", "vantan", valence="flaskhals", party="vard")
    study.code("C01", "Läkaren har aldrig någon tid.", "vantan", valence="flaskhals", party="vard")
    study.code("S01", "Chefen ringde varje måndag.", "stod", valence="framgang", party="arbetsgivare")
    paused = study.code("S01", "en paus mitt i passet", "pauser", valence="onskan", party="arbetsgivare")
    study.suggest(mode="complete")
    accepted, changed, rejected, *_ = study._store.suggestions()
    study.accept(accepted.id)
    study.accept(changed.id, party="individ" if changed.facets.get("party") != "individ" else "vard")
    study.reject(rejected.id)
    study.memos.add("Väntan återkommer.", target="code", target_id="vantan")
    study.memos.add("Mitt i passet, inte efter.", target="coding", target_id=str(paused.id))
    study.swot.draft(at_least=1)
    first = study.swot.items()[0]
    last = study.swot.add(first.field, "Läkaren har ingen tid", [("flaskhals", "vantan", "vard")])
    study.swot.move(last, first.field, before=first.id)
    study.measures.add("Korta väntan till läkare", "vard", [last], due="2027")
    work_on_codes(study)


def work_on_codes(study: Study) -> None:
    """Change the code book: a code that is merged, one that is removed, one that is new."""
    study.themes.add("Tillfällig", "En kod som inte behövdes.")
    study.themes.remove("tillfallig")
    study.themes.add("Besked", "Att få veta vad som gäller.", parent="vantan")
    study.themes.merge("pauser", "schema")
    study.history.undo()
    study.history.redo()
    study.themes.rename("schema", "Schema och vila")


def main() -> None:
    """Make the study and put it in its place, unless it is there."""
    folder = HERE / "v2"
    with tempfile.TemporaryDirectory() as scratch:
        files = Path(scratch)
        write_files(files)
        made = Study.create(
            folder, protocols=files / "guider", codebook=files / "liten.yaml", name="Sparad studie 2", coder="MK"
        )
        with made as study:
            assert not study.add_transcripts(*(files / name for name in INTERVIEWS)).refused
            fill_in(study)
            with Study.open(folder, coder="AB") as other:
                decide_blind(other)
            decide(study)
    for model in folder.glob("modell-*.npz"):  # learned anew from the bank
        model.unlink()
    assert [place.name for place in folder.iterdir()] == [FILE]


if __name__ == "__main__":
    main()
