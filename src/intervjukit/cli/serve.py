"""The serve command: the study in a browser, on this machine only."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import coder_option, folder_argument
from intervjukit.cli.terminal import say


@click.command(
    help="Öppna studien i webbläsaren: läs in, koda, granska och bygg SWOT.\n\n"
    "Sidan finns bara på den här datorn. Adressen gäller en gång; tryck Enter här för en ny, till exempel "
    "när webbläsaren har stängts. Avsluta med Ctrl-C. Allt är sparat hela tiden."
)
@folder_argument
@coder_option
@click.option(
    "--port", type=click.IntRange(1024, 65535), metavar="NR", help="Port att använda; annars tas en som är ledig."
)
@click.option("--no-browser", is_flag=True, help="Visa bara adressen; öppna inte webbläsaren.")
def serve(folder: Path, coder: str | None, port: int | None, no_browser: bool) -> None:
    """Serve the study until interrupted."""
    from intervjukit.web import server

    first = True

    def tell(address: str) -> None:
        nonlocal first
        if first:
            say("Öppna den här adressen i webbläsaren (gäller en gång; Enter ger en ny, Ctrl-C avslutar):")
        say(f"  {address}")
        first = False

    server.serve(folder, coder=(coder or "").strip(), port=port or 0, browser=not no_browser, tell=tell)
    say("Avslutat. Allt är sparat.")
