"""The application: one table of routes, what is shown when something goes wrong, and the guard before it all.

To add a page (say the code book, /kodbok):

1. ``web/codebook.py`` with plain functions and, last, its routes::

       def show(call: Call) -> dict[str, object]:          # what the template needs beside the frame
           return {"title": "Kodbok", "codes": list(call.study.codebook)}

       def rename(call: Call) -> object:                   # a change: all saved, or nothing, before the answer
           code = …                                        # as it is now
           call.expect({"name": code.name}, "den här koden")   # 409 with the present state when it differs
           …                                               # a verb of the study or of one of its nouns
           return {"name": …}

       routes = [
           page("/kodbok", "codebook.html", show),
           reads("/api/kodbok", codes),
           decides("/api/kodbok/{code}/namn", rename),
       ]

2. ``page/templates/codebook.html`` that extends base.html (blocks: head, main) and sets ``scripts``, and ``asks`` to
   what its script asks for first: both are fetched while the page is read. What takes long to make may come with the
   page: ``page(…, given=codes)`` here, ``given()`` of ./api.js there. ``page/codebook.js`` imports from ./api.js,
   ./dom.js, ./keys.js … and listens with ``onChange``; ``page/codebook.css`` is linked as ``{{ files }}/codebook.css``.
3. Its module's name in LATER below, and its address in NAVIGATION.
4. Tests in tests/web/test_codebook.py, with the fixtures of tests/web/conftest.py.

Rules: never a style or script inside HTML, never innerHTML; offsets only through offsets.js; long work through
``call.desk.begin``; plain rows from ``study.material``, tables (pandas) only inside functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from intervjukit.errors import ConflictError, FileError, IntervjukitError, NotFoundError, RuleError
from intervjukit.web import common, files, start
from intervjukit.web.calls import ChangedError, json_response
from intervjukit.web.desk import Desk
from intervjukit.web.door import Door
from intervjukit.web.rendering import rendered
from intervjukit.web.security import Guard

FIRST = [*common.routes, *start.routes]
"""The routes of the first page."""
LATER = (
    "interviews",
    "transcripts",
    "search",
    "review",
    "agreement",
    "codebook",
    "guide",
    "findings",
    "swot",
    "report",
)
"""The modules of all other pages: they are loaded after the first page, or when one of them is asked for."""
NAVIGATION = (
    ("Start", "/"),
    ("Intervjuer", "/intervjuer"),
    ("Sök", "/sok"),
    ("Granska", "/granska"),
    ("Kodbok", "/kodbok"),
    ("Guide", "/guide"),
    ("Fynd", "/fynd"),
    ("SWOT", "/swot"),
    ("Rapport", "/rapport"),
)
"""What the pages are called and where they are, in the order of the work."""
STATUS: Mapping[type[IntervjukitError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    RuleError: 422,
    FileError: 400,
    IntervjukitError: 400,
}
"""What kind of error gives which status; the nearest kind counts."""
_KNOWN = {
    404: ("Sidan finns inte.", "Gå till Start och välj därifrån."),
    405: ("Så kan adressen inte användas.", "Gå till Start och välj därifrån."),
    413: ("Det som skickades är för stort.", "Dela upp det och försök igen."),
}


def build_app(desk: Desk, door: Door) -> Guard:
    """Return the application over a study's desk; only browsers that ``door`` lets in are served."""
    app = Starlette(
        routes=[*FIRST, *files.routes],
        exception_handlers={IntervjukitError: _explain, HTTPException: _explain_known, Exception: _apologise},
    )
    app.router.default = _serve_later
    app.state.desk = desk
    app.state.navigation = NAVIGATION
    return Guard(app, door)  # outermost, so that the answer to an unforeseen error has its headers too


@cache
def later() -> Router:
    """Return what serves all pages but the first."""
    return Router([route for name in LATER for route in import_module(f"intervjukit.web.{name}").routes])


async def _serve_later(scope: Scope, receive: Receive, send: Send) -> None:
    await (await run_in_threadpool(later))(scope, receive, send)


def _explain(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntervjukitError)
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    now = {"now": error.now} if isinstance(error, ChangedError) else {}
    return _told(request, status, error.problem, error.fix, now)


def _explain_known(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem, fix = _KNOWN.get(error.status_code, ("Det gick inte.", "Läs in sidan på nytt."))
    return _told(request, error.status_code, problem, fix)


def _apologise(request: Request, error: Exception) -> Response:
    fix = "Läs in sidan på nytt. Det som redan var sparat finns kvar."
    return _told(request, 500, "Något gick fel i programmet.", fix)


def _told(request: Request, status: int, problem: str, fix: str, more: Mapping[str, object] | None = None) -> Response:
    if request.url.path.startswith("/api/"):
        return json_response({"problem": problem, "fix": fix, **(more or {})}, status)
    return HTMLResponse(rendered("error.html", problem=problem, fix=fix), status)
