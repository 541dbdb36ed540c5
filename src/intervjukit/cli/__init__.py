"""The command line: a command for each verb of Study, loaded when it is used, all words in Swedish."""

from __future__ import annotations

import errno
import importlib
import sys
import warnings
from collections.abc import Mapping
from typing import Any

import click

from intervjukit import __version__
from intervjukit.cli.swedish import swedish
from intervjukit.cli.terminal import complain, plain, warned
from intervjukit.errors import IntervjukitError

SECTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Börja": {
        "demo": ("demo",),
        "notebook": ("notebook",),
        "checking": ("check",),
        "setup": ("create", "codebook", "export-guide", "export-codebook"),
        "serve": ("serve",),
    },
    "Intervjuer": {
        "forms": ("form",),
        "interviews": (
            "add-transcripts",
            "transcripts",
            "transcript",
            "respondents",
            "coverage",
            "doubts",
            "settle",
        ),
        "surveys": ("add-survey", "scales"),
        "account": ("plan",),
        "privacy": ("withdraw",),
    },
    "Koda": {
        "coding": (
            "suggest",
            "suggestions",
            "accept",
            "reject",
            "code",
            "change",
            "uncode",
            "codings",
            "add-codings",
        ),
        "comments": ("comments",),
        "themes": ("add-code", "rename-code", "move-code", "merge-codes", "split-code", "remove-code", "compounds"),
        "journal": ("memo", "memos", "history", "undo", "redo"),
        "bulk": ("suggest-table",),
    },
    "Jämför": {
        "evaluating": ("evaluate", "blind"),
    },
    "Se resultatet": {
        "results": ("findings", "perspectives", "contrasts", "ranking", "swot", "measures"),
        "account": ("thread", "coreq", "workbook"),
        "reporting": ("report", "profiles", "review-docx"),
    },
    "Byt med andra program": {
        "exchange": ("export-project", "import-project", "add-project", "convert-codebook"),
        "archiving": ("export-codings", "export-archive"),
    },
}
"""Section in the help → module that holds the commands → their names, in the order they are shown."""

_MODULES = {name: module for modules in SECTIONS.values() for module, names in modules.items() for name in names}
_INTERRUPTED = 130


class Commands(click.Group):
    """The group of all commands: it loads a command's module when asked for it, and tells errors in Swedish."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with that name, None when there is none."""
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"intervjukit.cli.{_MODULES[cmd_name]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        command.options_metavar = "[VAL]"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands section by section, each with the first sentence of its help."""
        width = formatter.width - 6 - max(map(len, _MODULES))
        for title, modules in SECTIONS.items():
            rows = []
            for name in (name for names in modules.values() for name in names):
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str(width) if command else ""))
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, with click's own words in Swedish too."""
        with swedish():
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the user can mend becomes one message on standard error and exit code 1."""
        try:
            return super().invoke(ctx)
        except IntervjukitError as error:
            complain(error)
        except KeyboardInterrupt:
            click.echo("\nAvbrutet; det som redan var sparat finns kvar.", err=True)
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:
            raise
        except OSError as error:
            complain(_explained(error))
        return ctx.exit(1)


def _explained(error: OSError) -> IntervjukitError:
    """Return what the system said about a file, in Swedish and with a remedy."""
    what = plain(str(error.filename2 or error.filename or "Filen"))
    if isinstance(error, PermissionError):
        return IntervjukitError(
            f"{what} får inte läsas eller skrivas.",
            fix="Stäng filen om den är öppen i Word eller Excel, eller välj en annan plats.",
        )
    if isinstance(error, FileNotFoundError):
        return IntervjukitError(f"{what} finns inte.", fix="Kontrollera sökvägen och att mappen finns.")
    if isinstance(error, IsADirectoryError):
        return IntervjukitError(f"{what} är en mapp, inte en fil.", fix="Ange en fil.")
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return IntervjukitError(f"{what} är en fil, inte en mapp.", fix="Välj en annan plats.")
    if error.errno == errno.ENOSPC:
        return IntervjukitError("Disken är full.", fix="Frigör utrymme och försök igen.")
    if error.errno == errno.EROFS:
        return IntervjukitError(f"{what} ligger på en skrivskyddad disk.", fix="Välj en annan plats.")
    return IntervjukitError(
        f"{what} gick inte att läsa eller skriva ({error.strerror or error}).",
        fix="Kontrollera sökvägen, eller välj en annan plats.",
    )


@click.command(
    cls=Commands,
    name="intervjukit",
    subcommand_metavar="KOMMANDO [VAL] …",
    options_metavar="",
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    no_args_is_help=True,
    help="Intervjustudier med flera parter: från intervjuguide till rapport, på din egen dator.",
    epilog="Hjälp om ett kommando: intervjukit KOMMANDO --help. Prova först: intervjukit demo",
)
@click.version_option(__version__, "--version", message="intervjukit %(version)s", help="Visa versionen.")
def cli() -> None:
    """Hold the commands; they do the work."""


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", errors="replace")
    warnings.showwarning = warned
    cli(prog_name="intervjukit")


__all__ = ["cli", "main"]
