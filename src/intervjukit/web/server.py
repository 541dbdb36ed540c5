"""Serving a study on this machine: a free port on the loopback address, until the program is stopped.

The address is told, and the browser opened, before what serves it has been loaded: the browser takes its time to start
too, and its first question waits at the door. Therefore nothing heavy is imported at the top of this module.
"""

from __future__ import annotations

import gc
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from intervjukit.errors import IntervjukitError
from intervjukit.web.door import NAMES, Door

HOST = NAMES[0]
SCHEME = "http"
_WAITING = 100
"""How many questions may wait at the door."""


def serve(folder: Path, *, coder: str = "", port: int = 0, browser: bool = True, tell: Callable[[str], None]) -> None:
    """Serve the study in ``folder`` until interrupted; ``tell`` gets each address that lets a browser in once.

    ``port`` 0 takes a free one. Raises FileError when there is no study, IntervjukitError when the port is taken.
    """
    with listening(port) as listener, suppress(KeyboardInterrupt):  # the way to stop it
        door = Door(listener.getsockname()[1], coder)
        _check_folder(folder)
        _open_doors(door, browser, tell)
        _answer(folder, door, listener)


def listening(port: int) -> socket.socket:
    """Return a socket bound to the loopback address; port 0 takes a free one. Raises IntervjukitError."""
    listener = socket.socket()
    if sys.platform != "win32":  # there it would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(_WAITING)
    except OSError as error:
        listener.close()
        raise IntervjukitError(
            f"Port {port} går inte att använda ({error.strerror}).", fix="Välj en annan, eller utelämna --port."
        ) from error
    return listener


def _check_folder(folder: Path) -> None:
    """Refuse a folder without a study before any address is told. Raises FileError."""
    if not (folder / "study.db").is_file():
        from intervjukit.study import Study

        Study.open(folder).close()


def _open_doors(door: Door, browser: bool, tell: Callable[[str], None]) -> None:
    """Tell the first address, open it, and give a new one each time Enter is pressed."""

    def address() -> str:
        return f"{SCHEME}://{HOST}:{door.port}/?token={door.new_token()}"

    def more() -> None:
        for _ in sys.stdin:
            tell(address())

    def show(first: str) -> None:
        import webbrowser

        webbrowser.open(first)

    tell(address())
    if browser:
        threading.Thread(target=show, args=(address(),), daemon=True).start()
    if sys.stdin is not None and sys.stdin.isatty():
        threading.Thread(target=more, daemon=True).start()


def _answer(folder: Path, door: Door, listener: socket.socket) -> None:
    """Load what it takes to serve the study, and answer whoever comes."""
    gc.disable()  # what is loaded stays for good: to look through it time and again takes a tenth of the start
    import uvicorn

    from intervjukit.web.app import build_app, later
    from intervjukit.web.desk import Desk

    desk = Desk(folder)
    refused: list[IntervjukitError] = []

    def open_study() -> None:
        opened = False
        try:
            desk.open()
            opened = True
        except IntervjukitError as error:  # told where the program ends, when the server has stopped
            refused.append(error)
            return
        finally:
            if not opened:
                server.should_exit = True
        gc.freeze()
        gc.enable()
        desk.warm_up(later)
        gc.freeze()

    try:
        config = uvicorn.Config(
            build_app(desk, door),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        threading.Thread(target=open_study, daemon=True).start()
        server.run([listener])
    finally:
        desk.close()
    if refused:
        raise refused[0]
