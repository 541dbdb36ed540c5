"""Serving a study on this machine: a free port on the loopback address, until the program is stopped."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from intervjukit.errors import IntervjukitError
from intervjukit.web.app import build_app
from intervjukit.web.desk import Desk
from intervjukit.web.security import NAMES, Door

HOST = NAMES[0]
SCHEME = "http"


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def serve(folder: Path, *, coder: str = "", port: int = 0, browser: bool = True, tell: Callable[[str], None]) -> None:
    """Serve the study in ``folder`` until interrupted; ``tell`` gets each address that lets a browser in once.

    ``port`` 0 takes a free one. Raises FileError when there is no study, IntervjukitError when the port is taken.
    """
    desk = Desk(folder)
    try:
        with listening(port) as listener:
            door = Door(listener.getsockname()[1], coder)
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
            with suppress(KeyboardInterrupt):  # the way to stop it
                _Server(config, lambda: _open_doors(desk, door, browser, tell)).run([listener])
    finally:
        desk.close()


def listening(port: int) -> socket.socket:
    """Return a socket bound to the loopback address; port 0 takes a free one. Raises IntervjukitError."""
    listener = socket.socket()
    if sys.platform != "win32":  # there it would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise IntervjukitError(
            f"Port {port} går inte att använda ({error.strerror}).", fix="Välj en annan, eller utelämna --port."
        ) from error
    return listener


def _open_doors(desk: Desk, door: Door, browser: bool, tell: Callable[[str], None]) -> None:
    """Tell the first address, open it, and give a new one each time Enter is pressed."""

    def address() -> str:
        return f"{SCHEME}://{HOST}:{door.port}/?token={door.new_token()}"

    def more() -> None:
        for _ in sys.stdin:
            tell(address())

    tell(address())
    if browser:
        threading.Thread(target=webbrowser.open, args=(address(),), daemon=True).start()
    if sys.stdin is not None and sys.stdin.isatty():
        threading.Thread(target=more, daemon=True).start()
    threading.Thread(target=desk.warm_up, daemon=True).start()
