"""The arguments and options several commands share, and the study they work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from intervjukit.errors import FileError, NotFoundError, RuleError

if TYPE_CHECKING:
    from intervjukit.core.codebook import Codebook
    from intervjukit.study import Study

CODER = "INTERVJUKIT_KODARE"
Command = TypeVar("Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)

folder_argument = click.argument("folder", metavar="MAPP", type=PATH)
csv_option = click.option(
    "--csv",
    "csv_file",
    metavar="FIL.csv",
    type=PATH,
    help="Skriv hela tabellen till en fil för Excel, i stället för att visa den.",
)
coder_option = click.option(
    "--coder",
    metavar="NAMN",
    envvar=CODER,
    help=f"Vem som bestämmer, till exempel MK. Kan också sättas en gång för alla i miljövariabeln {CODER}.",
)


def facet_options(command: Command) -> Command:
    """Give a command the options --valence, --party and --phase."""
    for name, what in (
        ("phase", "Skede, till exempel rehabilitering."),
        ("party", "Den part det gäller, till exempel vard."),
        ("valence", "Slag: flaskhals, framgang eller onskan."),
    ):
        command = click.option(f"--{name}", metavar=name.upper(), help=what)(command)
    return command


def share(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Return a number between 0 and 1 written 0,8 or 0.8, for an option's callback."""
    if value is None:
        return None
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise click.BadParameter(f"”{value}” är inget tal mellan 0 och 1.", ctx=ctx, param=param)
    return number


@contextmanager
def opened(folder: Path, coder: str | None = None) -> Iterator[Study]:
    """Give the study in ``folder``, closed afterwards."""
    from intervjukit.study import Study

    with Study.open(folder, coder=coder) as study:
        yield study


@contextmanager
def deciding(folder: Path, coder: str | None) -> Iterator[Study]:
    """Give the study in ``folder`` to somebody who decides. Raises RuleError when nobody is named."""
    if not (coder or "").strip():
        raise RuleError(
            "Det är inte sagt vem som bestämmer.",
            fix=f"Lägg till --coder NAMN, eller sätt miljövariabeln {CODER} en gång för alla.",
        )
    with opened(folder, (coder or "").strip()) as study:
        yield study


def facet_values(codebook: Codebook, given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the facets as ids; each may be written as id or name, "" takes it away and None leaves it."""
    return {facet: value if value is None else facet_value(codebook, facet, value) for facet, value in given.items()}


def facet_value(codebook: Codebook, facet: str, given: str) -> str:
    """Return the id of a facet value written as id or name. Raises NotFoundError listing what there is."""
    if not given:
        return ""
    found = codebook.facet(facet)
    known = {**{value.name.casefold(): value.id for value in found.values}, **{v.id: v.id for v in found.values}}
    return known.get(given.casefold()) or found.value(given).id


def code_id(codebook: Codebook, given: str) -> str:
    """Return the id of a code written as id or name. Raises NotFoundError naming the nearest ones."""
    known = {**{code.name.casefold(): code.id for code in codebook}, **{code.id: code.id for code in codebook}}
    return known.get(given.casefold()) or codebook.code(given).id


def group_id(study: Study, given: str) -> str:
    """Return the id of a group written as id or name. Raises NotFoundError listing the groups."""
    for group, protocol in study.protocols.items():
        if given.casefold() in (group.casefold(), protocol.group_name.casefold()):
            return group
    raise NotFoundError(f"Gruppen ”{given}” finns inte i studien.", fix=f"Välj någon av: {', '.join(study.protocols)}.")


def write_whole(path: Path, endings: tuple[str, ...], write: Callable[[Path], None]) -> None:
    """Let ``write`` make the file beside ``path`` and put it there when it is complete, or not at all."""
    if path.suffix.lower() not in endings:
        raise FileError(f"Filen {path} har fel ändelse.", fix=f"Låt namnet sluta på {' eller '.join(endings)}.")
    if not path.parent.is_dir():
        raise FileError(f"Mappen {path.parent} finns inte.", fix="Skapa den först, eller välj en annan.")
    if path.is_dir():
        raise FileError(f"{path} är en mapp, inte en fil.", fix="Ange en fil.")
    part = path.with_name(f".{path.name}.part")
    try:
        write(part)
        part.replace(path)
    except (OSError, FileError) as error:
        raise FileError(
            f"{path} gick inte att skriva.",
            fix="Stäng filen om den är öppen i Word eller Excel, eller välj en annan plats.",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
