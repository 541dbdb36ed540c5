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
   what its script asks for first: both are fetched while the page is read. ``page/codebook.js`` imports from ./api.js,
   ./dom.js, ./keys.js … and listens with ``onChange``; ``page/codebook.css`` is linked as ``{{ files }}/codebook.css``.
3. One line in ROUTES below. The navigation shows the page as soon as its address has a route.
4. Tests in tests/web/test_codebook.py, with the fixtures of tests/web/conftest.py.

Rules: never a style or script inside HTML, never innerHTML; offsets only through offsets.js; long work through
``call.desk.begin``; plain rows from ``study.material``, tables (pandas) only inside functions.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Match, Route

from intervjukit.errors import ConflictError, FileError, IntervjukitError, NotFoundError, RuleError
from intervjukit.web import (
    agreement,
    codebook,
    common,
    files,
    findings,
    guide,
    interviews,
    report,
    review,
    search,
    start,
    swot,
    transcripts,
)
from intervjukit.web.calls import ChangedError, json_response
from intervjukit.web.desk import Desk
from intervjukit.web.door import Door
from intervjukit.web.rendering import rendered
from intervjukit.web.security import Guard

ROUTES: list[BaseRoute] = [
    *common.routes,
    *start.routes,
    *interviews.routes,
    *transcripts.routes,
    *search.routes,
    *review.routes,
    *agreement.routes,
    *codebook.routes,
    *guide.routes,
    *findings.routes,
    *swot.routes,
    *report.routes,
]
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
        routes=[*ROUTES, *files.routes],
        exception_handlers={IntervjukitError: _explain, HTTPException: _explain_known, Exception: _apologise},
    )
    app.state.desk = desk
    app.state.navigation = [(name, address) for name, address in NAVIGATION if _has(address)]
    return Guard(app, door)  # outermost, so that the answer to an unforeseen error has its headers too


def _has(address: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": address, "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in ROUTES if isinstance(route, Route))


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
