"""The arguments and options several commands share, and the study they work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from intervjukit.core.choices import facet_value
from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError, RuleError

if TYPE_CHECKING:
    from intervjukit.core.codebook import Codebook
    from intervjukit.study import Study

CODER = "INTERVJUKIT_KODARE"
Command = TypeVar("Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)

folder_argument = click.argument("folder", metavar="MAPP", type=PATH)

_FORCE = "intervjukit.force"


def _remember_force(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    ctx.meta[_FORCE] = value


force_option = click.option(
    "--force",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_remember_force,
    help="Skriv över filen om den redan finns.",
)


def new_file(*endings: str) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """Return the callback of a parameter for a file to write: of one of these kinds, and not over another file.

    It is refused before any work is done. The command needs ``force_option`` as well.
    """

    def check(ctx: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
        if path is not None:
            _check_place(path, endings)
            if path.exists() and not ctx.meta.get(_FORCE):
                raise FileError(f"{path} finns redan.", fix="Ge ett annat namn, eller skriv över med --force.")
        return path

    return check


def _check_place(path: Path, endings: tuple[str, ...]) -> None:
    """Raise FileError when no file of that kind can be written there."""
    if path.suffix.lower() not in endings:
        raise FileError(f"Filen {path} har fel ändelse.", fix=f"Låt namnet sluta på {' eller '.join(endings)}.")
    if not path.parent.is_dir():
        raise FileError(f"Mappen {path.parent} finns inte.", fix="Skapa den först, eller välj en annan.")
    if path.is_dir():
        raise FileError(f"{path} är en mapp, inte en fil.", fix="Ange en fil.")


def csv_option(command: Command) -> Command:
    """Give a command the options --csv and --force."""
    return click.option(
        "--csv",
        "csv_file",
        metavar="FIL.csv",
        type=PATH,
        callback=new_file(".csv"),
        help="Skriv hela tabellen till en fil för Excel, i stället för att visa den.",
    )(force_option(command))


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
    return {facet: facet_value(codebook, facet, value) if value else value for facet, value in given.items()}


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` make the file beside ``path`` and put it there when it is complete, or not at all."""
    with whole_file(path, FileError) as part:
        write(part)
