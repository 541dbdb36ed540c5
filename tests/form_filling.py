"""Forms for the tests: a small guide with a question of each kind, and somebody who fills in a form as Word does."""

from __future__ import annotations

import copy
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from lxml import etree

from intervjukit.core.form import TICKED, mark
from intervjukit.core.protocol import Condition, Protocol, Question, Scale, Section, Wave

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LONG_ID = "en_fråga_med_ett_mycket_långt_namn_som_inte_får_plats"

GUIDE = Protocol(
    id="prov",
    title="Provguide <&> ”citat”",
    group="deltagare",
    group_name="Deltagare",
    letter="D",
    party="individ",
    introduction="Tack för att du kom.\n\nDet är frivilligt.",
    consent=("Jag går med på att bli intervjuad.", "Jag går med på citat."),
    closing="Tack för i dag.",
    waves=(Wave(1, "Vår"), Wave(2, "Höst")),
    sections=(
        Section(
            "bakgrund",
            "Bakgrund",
            (
                Question("ar_borta", "number", "Hur många år har du varit borta?", unit="år"),
                Question("andel", "percent", "Hur många procent arbetar du?"),
                Question("plats", "choice", "Hur är det med din plats?", choices=("Kvar", "Har slutat")),
                Question("start", "date", "Vilken dag började du?", waves=(1,)),
            ),
        ),
        Section(
            "samtal",
            "Samtal",
            (
                Question("lage", "text", "Hur är läget?", follow_ups=("Hur är det med kroppen?", "Ge ett exempel.")),
                Question("avslut", "text", "Hur gick det till?", condition=Condition("plats", "Har slutat")),
                Question("ork", "scale", "Hur mycket ork har du?", scale=Scale(1, 10, "Ingen ork", "Full ork")),
                Question("kurva", "drawing", "Rita en kurva.", waves=(1,)),
                Question(LONG_ID, "text", "Vad vill du lägga till?"),
            ),
        ),
    ),
)

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "ikf_f_kod": ("D07",),
    "ikf_f_datum": ("2026-05-04",),
    "ikf_f_intervjuare": ("MK",),
    mark("fact", "omgång"): ("1",),
    "ikf_v_ar_borta": ("7",),
    "ikf_v_plats": ("Kvar",),
    "ikf_v_start": ("2026-03-02",),
    "ikf_q_lage": ("Bättre nu. 👍🏽 e\u0301 {% if %} =1+1 <b>&amp;", "Men jag sover dåligt."),
    "ikf_v_ork": ("7",),
    "ikf_q_ork": ("Det går upp och ner.",),
    "ikf_n_anteckning": ("Lugnt samtal.",),
}


def changed(
    source: Path, target: Path, change: Callable[[etree._Element], None], name: str = "word/document.xml"
) -> Path:
    """Write a copy of a Word file with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == name:
                root = etree.fromstring(data)
                change(root)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(entry.filename, data)
    return target


def run(text: str) -> etree._Element:
    made = etree.Element(f"{W}r")
    words = etree.SubElement(made, f"{W}t")
    words.text = text
    words.set(SPACE, "preserve")
    return made


def paragraph(*runs: etree._Element) -> etree._Element:
    made = etree.Element(f"{W}p")
    made.extend(runs)
    return made


def control(root: etree._Element, tag: str) -> etree._Element:
    return next(one.getparent().getparent() for one in root.iter(f"{W}tag") if one.get(f"{W}val") == tag)


def fill(root: etree._Element, answers: Mapping[str, Collection[str]], ticks: Collection[int] = ()) -> None:
    """Write answers in the fields with these tags as Word does: the prompt goes, and its sign and style."""
    for tag, lines in answers.items():
        sdt = control(root, tag)
        properties, content = sdt.find(f"{W}sdtPr"), sdt.find(f"{W}sdtContent")
        for sign in properties.findall(f"{W}showingPlcHdr"):
            properties.remove(sign)
        own = copy.deepcopy(content.find(f"{W}p/{W}pPr"))
        block = own is not None
        for child in list(content):
            content.remove(child)
        for line in lines:
            content.append(paragraph(copy.deepcopy(own), run(line)) if block else run(line))
    for number in ticks:
        sdt = control(root, f"ikf_c_{number}")
        next(sdt.iter(f"{W14}checked")).set(f"{W14}val", "1")
        next(sdt.find(f"{W}sdtContent").iter(f"{W}t")).text = TICKED


def filled(
    source: Path, target: Path, answers: Mapping[str, Collection[str]] = ANSWERS, ticks: Collection[int] = (1, 2)
) -> Path:
    """Write a copy of a form with these answers."""
    return changed(source, target, lambda root: fill(root, answers, ticks))


def commented(source: Path, target: Path, places: dict[str, str]) -> Path:
    """Write a copy with BL's comments: what each says by the tag of its field, "q" for the question on läge."""

    def remark(root: etree._Element) -> None:
        for number, place in enumerate(places):
            if place == "q":
                [p] = [p for p in root.iter(f"{W}p") if "".join(p.itertext(f"{W}t")) == "Hur är läget?"]
                runs = p.findall(f"{W}r")
            else:
                runs = list(control(root, place).iter(f"{W}r"))
            for name, put in (("RangeStart", runs[0].addprevious), ("RangeEnd", runs[-1].addnext)):
                put(etree.Element(f"{W}comment{name}", {f"{W}id": str(number)}))
            after = etree.Element(f"{W}r")
            etree.SubElement(after, f"{W}commentReference", {f"{W}id": str(number)})
            runs[-1].getnext().addnext(after)

    changed(source, target, remark)
    inside = "".join(
        f'<w:comment w:id="{number}" w:author="BL"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:comment>'
        for number, words in enumerate(places.values())
    )
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/comments.xml", f'<w:comments xmlns:w="{W[1:-1]}">{inside}</w:comments>')
    return target


def without_tags(root: etree._Element) -> None:
    for tag in list(root.iter(f"{W}tag")):
        tag.getparent().remove(tag)


def without_ids(root: etree._Element) -> None:
    without_tags(root)
    for number in list(root.iter(f"{W}id")):
        number.getparent().remove(number)


OFFICE = shutil.which("soffice")


def resaved(source: Path, folder: Path) -> Path:
    """Open a Word file in LibreOffice and save it as Word again."""
    assert OFFICE
    profile = folder / "profil"
    command = [OFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "docx:MS Word 2007 XML", "--outdir", str(folder / "ut"), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "ut" / source.name
