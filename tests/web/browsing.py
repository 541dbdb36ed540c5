"""A server over a study, in a thread, and a browser that may go nowhere else: for the fixtures and for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from intervjukit.web.app import build_app
from intervjukit.web.desk import Desk
from intervjukit.web.door import Door
from intervjukit.web.server import HOST, SCHEME, listening


def own(script: str) -> str:
    """JavaScript for the promise of the page's own module of that name, and not of another copy of it."""
    return f"import(document.querySelector('link[rel=modulepreload]').href.replace(/[^/]+$/, '{script}.js'))"


@dataclass
class Served:
    """A server that is running: its study's desk, its door and its origin."""

    desk: Desk
    door: Door
    origin: str

    def address(self) -> str:
        """An address that lets a browser in once."""
        return f"{self.origin}/?token={self.door.new_token()}"


@contextmanager
def serving(folder: Path, coder: str = "MK") -> Iterator[Served]:
    """Serve the study in ``folder`` in a thread, on a free port, within the block."""
    desk = Desk(folder)
    listener = listening(0)
    door = Door(listener.getsockname()[1], coder)
    config = uvicorn.Config(build_app(desk, door), lifespan="off", log_level="warning", ws="none", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield Served(desk, door, f"{SCHEME}://{HOST}:{door.port}")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        desk.close()


@contextmanager
def browsing(browser: Browser, served: Served, **options: object) -> Iterator[BrowserContext]:
    """Give a browser context that is let in; at the end nothing may have gone wrong or elsewhere."""
    context = browser.new_context(locale="sv-SE", **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    wrong: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
        )

    context.on("page", watch)
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((served.origin, "data:", "blob:"))
            else wrong.append(f"went to {request.url}")
        ),
    )
    try:
        yield context
    finally:
        context.close()
    assert wrong == []


def let_in(context: BrowserContext, served: Served, path: str = "/") -> Page:
    """Open a page in a context that has not been let in before."""
    page = context.new_page()
    if path == "/":
        page.goto(served.address())
    else:  # the cookie is fetched without a page of its own
        context.request.get(served.address(), max_redirects=0)
        page.goto(served.origin + path)
    return page
