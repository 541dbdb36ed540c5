"""A new study made from another program's project, or from one the kit has written itself."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from intervjukit.core.codebook import Codebook
from intervjukit.core.exchange import Project
from intervjukit.core.incoming import guides_for
from intervjukit.core.text import squeeze
from intervjukit.errors import FileError, RuleError
from intervjukit.exchange import TakenIn
from intervjukit.formats.intake import new_folder
from intervjukit.study import FILE, Study

_BANK = re.compile(r"\w[\w.-]*\.txt")


def import_project(
    project: Project | Path | str,
    folder: Path | str,
    *,
    protocols: Path | str | None = None,
    codebook: Path | str | None = None,
    name: str = "",
    coder: str,
) -> TakenIn:
    """Make a study in ``folder`` of a project (or a .qdpx) and return what became of it; whole, or not at all.

    What the kit wrote itself comes back with its guides, code book and bank. Of another program's codes a code book
    is made, with the facets of the one that comes with the kit, and a guide for each group that the project names;
    ``codebook`` and ``protocols`` are used instead when given. Raises FileError, FaultyFileError and RuleError.
    """
    from intervjukit.formats.codebooks import read_codebook
    from intervjukit.formats.library import codebook_file
    from intervjukit.formats.projects import read_project
    from intervjukit.formats.refi_codebook import read_book, standard_book

    folder = Path(folder)
    if (folder / FILE).exists():
        raise FileError(f"Det finns redan en studie i {folder}.", fix="Välj en ny mapp, eller använd add-project.")
    project = project if isinstance(project, Project) else read_project(project)
    title = squeeze(name or project.name) or folder.resolve().name
    if not project.codes and not codebook:
        raise RuleError(f"Projektet {title} har inga koder.", fix="Ange en kodbok med --codebook.")
    read = None if codebook else read_book(project.codes, project.sets, standard_book(), title)
    with new_folder(folder), tempfile.TemporaryDirectory(dir=folder, prefix=".import") as place:
        draft = Path(place)
        if read:
            codebook = draft / "kodbok.yaml"
            codebook.write_bytes(read.yaml.encode())
            _write_banks(draft / "kodbok.yttranden", project)
        book = read.book if read else read_codebook(codebook_file(codebook or ""))
        guides = protocols or _written_guides(draft / "guider", project, book)
        made = draft / "studie"
        with Study.create(made, protocols=guides, codebook=codebook or "", name=title, coder=coder) as study:
            taken = study.exchange.take_in(project, meanings=read)
        (made / FILE).replace(folder / FILE)
    return taken


def _write_banks(folder: Path, project: Project) -> None:
    """Write the bank that a project of the kit's brings along; a name that is none of the kit's is passed over."""
    banks = project.extra.get("banker")
    if isinstance(banks, Mapping):
        folder.mkdir()
        for name, text in banks.items():
            if _BANK.fullmatch(str(name)):
                (folder / str(name)).write_bytes(str(text).encode())


def _written_guides(folder: Path, project: Project, book: Codebook) -> Path:
    """Write the guides the project brings along, else those made for it, and return their folder.

    Raises RuleError when a guide of the project's would read another file (a question bank).
    """
    from intervjukit.formats.protocols import protocol_yaml
    from intervjukit.formats.yaml_nodes import load_nodes

    told = project.extra.get("guider")
    texts = list(map(str, told)) if isinstance(told, list) else []
    if any("bank" in load_nodes(Path("guiden i projektet"), text).key_lines for text in texts):
        raise RuleError(
            "Guiderna i projektet hänvisar till andra filer och är inte skrivna av Intervjukit.",
            fix="Ange egna guider med --protocols.",
        )
    folder.mkdir()
    for number, text in enumerate(texts or map(protocol_yaml, guides_for(project, book)), 1):
        (folder / f"{number:02}.yaml").write_bytes(text.encode())
    return folder
