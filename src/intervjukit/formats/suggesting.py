"""What a study asks of its suggestions: förslag.yaml in its folder."""

from __future__ import annotations

from pathlib import Path

from intervjukit.errors import Fault, FaultyFileError
from intervjukit.formats.teaching import own_file
from intervjukit.formats.yaml_nodes import Form, load_nodes, read_text_file

FILE = "förslag.yaml"
_NAMES = frozenset({"förslag.yaml", "förslag.yml", "forslag.yaml", "forslag.yml"})
CLOSELY = "närläsning"


def close_reading(folder: Path) -> bool | None:
    """Return whether the study in ``folder`` wants its answers read closely, None when it does not say.

    Raises FileError, and FaultyFileError with every fault and its line.
    """
    faults: list[Fault] = []
    file = own_file(folder, _NAMES, faults)
    if file is None:
        return None
    form = Form(load_nodes(file, read_text_file(file)), file.name, faults, (CLOSELY,), "Förslagen")
    asked = form.choice(CLOSELY, ("ja", "nej"))
    if faults:
        raise FaultyFileError(file.name, faults)
    return {"ja": True, "nej": False}.get(asked or "")
