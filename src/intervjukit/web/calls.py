"""How a page is made of plain functions: ``page`` shows one, ``reads`` answers a question, ``decides`` makes a change.

The functions are ordinary ``def``, get a Call, and run one at a time in a worker thread with the study in hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from intervjukit.errors import ConflictError, IntervjukitError, RuleError
from intervjukit.web.desk import Desk
from intervjukit.web.door import Session
from intervjukit.web.rendering import as_text, clock, rendered, rendered_ahead
from intervjukit.web.security import SESSION

if TYPE_CHECKING:
    from intervjukit.study import Study

_WHAT: Mapping[type, str] = {
    str: "en text",
    int: "ett heltal",
    list: "en lista",
    dict: "ett objekt",
    bool: "ja eller nej",
}


class ChangedError(ConflictError):
    """What the client believed is no longer so; ``now`` is how it is, as JSON."""

    def __init__(self, problem: str, now: Any) -> None:
        super().__init__(problem, fix="Se hur det är nu, och välj på nytt om det behövs.")
        self.now = now


@dataclass
class Call:
    """One request as a page's function sees it.

    ``study`` is in hand for the length of the call, for the coder of this browser; ``path`` holds what stands in
    the address, ``query`` what stands after "?", ``data`` the JSON object that was sent; ``pages`` are the addresses
    in the navigation.
    """

    study: Study
    desk: Desk
    session: Session
    path: Mapping[str, Any]
    query: Mapping[str, str]
    data: Mapping[str, Any] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()

    @property
    def coder(self) -> str:
        """Who codes in this browser; "" only on the page that asks."""
        return self.session.coder

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text from the data. Raises RuleError when it is missing or something else."""
        return str(self._of(str, name, default))

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number from the data. Raises RuleError when it is missing or something else."""
        return int(self._of(int, name, default))

    def items(self, name: str, kind: type, default: list[Any] | None = None) -> list[Any]:
        """Return a list of texts (str) or whole numbers (int) from the data. Raises RuleError."""
        found: list[Any] = self._of(list, name, default)
        if any(type(item) is not kind for item in found):
            raise RuleError(
                f"”{name}” ska vara en lista där varje värde är {_WHAT[kind]}.", fix="Läs in sidan på nytt."
            )
        return found

    def texts(self, name: str) -> dict[str, str]:
        """Return an object of texts (facets …) from the data, {} when it is missing. Raises RuleError."""
        found: dict[str, Any] = self._of(dict, name, {})
        if any(not isinstance(value, str) for value in found.values()):
            raise RuleError(f"”{name}” ska bara innehålla texter.", fix="Läs in sidan på nytt.")
        return found

    def flag(self, name: str) -> bool:
        """Return a yes or no from the data, False when it is missing. Raises RuleError."""
        return bool(self._of(bool, name, False))

    def span(self, name: str = "span") -> tuple[int, int] | None:
        """Return a place [start, end] in code points, None when it is missing. Raises RuleError."""
        if self.data.get(name) is None:
            return None
        places = self.items(name, int)
        if len(places) != 2:
            raise RuleError("Ett ställe ska ha en början och ett slut.", fix="Markera stället på nytt.")
        return places[0], places[1]

    def _of(self, kind: type, name: str, default: Any) -> Any:
        value = self.data.get(name, default)
        if type(value) is not kind:
            raise RuleError(f"”{name}” ska vara {_WHAT[kind]}.", fix="Läs in sidan på nytt och försök igen.")
        return value

    def expect(self, now: Any, what: str, *, who: str = "", at: str = "") -> None:
        """Refuse the call when ``data["expected"]`` is not ``now``, the present state as it was shown.

        ``what`` names the thing ("den här kodningen"), ``who`` and ``at`` its latest change. Raises ChangedError,
        with the present state for the page to show.
        """
        now = _plain_json(now)
        if self.data.get("expected") == now:
            return
        by = who or "Någon"
        when = f" {clock(at)}" if at else ""
        if who and who == self.coder:  # the same person in another tab
            by, when = "Du", f" i ett annat fönster{when}"
        raise ChangedError(f"{by} har ändrat {what}{when}. Ditt val är inte sparat.", now)


View = Callable[[Call], Any]


def page(
    address: str, template: str, view: View, *, coder: bool = True, ahead: bool = False, given: View | None = None
) -> Route:
    """Return the route of a page: ``view`` returns what the template is to show, as a dict.

    Without ``coder=False`` a browser where nobody has said who codes is sent to say it first. ``ahead`` sends the
    page's head before the study has been opened: for a page whose ``view`` refuses nothing. What ``given`` returns
    comes with the page, for its script to begin with.
    """

    def values(request: Request) -> dict[str, Any]:
        desk = _desk(request)
        with desk.reading(_session(request).coder) as study:
            told = {**frame(request, study), **view(_call(request, study))}
        desk.shown.set()
        return told

    def beside(request: Request, data: View) -> dict[str, Any]:
        with _desk(request).reading(_session(request).coder) as study:
            return {"given": as_text(_json(data(_call(request, study))))}

    def show(request: Request) -> Response:
        if coder and not _session(request).coder:
            return RedirectResponse("/kodare", 303)
        if ahead:
            return _streamed(rendered_ahead(template, partial(values, request)))
        if given:
            return _streamed(rendered_ahead(template, partial(beside, request, given), **values(request)))
        return HTMLResponse(rendered(template, **values(request)))

    return Route(address, show, methods=["GET"])


def reads(address: str, view: View) -> Route:
    """Return a GET route under /api/ that answers with what ``view`` returns, as JSON."""

    def answer(request: Request) -> Response:
        with _desk(request).reading(_session(request).coder) as study:
            return json_response(view(_call(request, study)))

    return Route(address, answer, methods=["GET"])


def decides(address: str, act: View, *, alone: bool = True) -> Route:
    """Return a POST route under /api/ that makes a change and answers with what ``act`` returns, as JSON.

    It is saved, or nothing is, before the answer is sent. Nobody can change the study between what ``act`` reads
    and what it decides; ``alone=False`` is for what decides nothing itself, such as starting a job.
    """

    def work(request: Request, data: Mapping[str, Any]) -> Response:
        desk, session = _desk(request), _session(request)
        if alone and not session.coder:
            raise RuleError("Det är inte sagt vem som kodar.", fix="Gå till Start och skriv vem du är.")
        with desk.reading(session.coder):  # so that the two revisions have this call's own events between them
            with desk.deciding(session.coder) if alone else desk.reading(session.coder) as study:
                before = study.history.revision()
                result = act(_call(request, study, data))
                after = study.history.revision()
            response = json_response(result)
        response.headers["X-Revisions"] = f"{before} {after}"
        return response

    async def answer(request: Request) -> Response:
        return await run_in_threadpool(work, request, await _object(request))

    return Route(address, answer, methods=["POST"])


def takes_file(address: str) -> Route:
    """Return a POST route that puts the body in the desk's inbox under ?name=… and answers with its key."""

    async def answer(request: Request) -> Response:
        desk = _desk(request)
        place = await run_in_threadpool(desk.new_place, request.query_params.get("name", ""))
        try:
            with place.open("wb") as file:
                async for chunk in request.stream():
                    file.write(chunk)
        except BaseException as error:
            with suppress(OSError):
                place.unlink(missing_ok=True)
                place.parent.rmdir()
            if isinstance(error, ClientDisconnect):
                raise HTTPException(413) from error
            raise
        return json_response({"key": place.parent.name, "name": place.name})

    return Route(address, answer, methods=["POST"])


def gives_file(address: str, find: Callable[[Call], tuple[Path, str]]) -> Route:
    """Return a GET route that lets the browser save a file: ``find`` returns its path and the name to save it by."""

    def answer(request: Request) -> Response:
        with _desk(request).reading(_session(request).coder) as study:
            path, name = find(_call(request, study))
        return FileResponse(path, filename=name)

    return Route(address, answer, methods=["GET"])


def frame(request: Request, study: Study) -> dict[str, Any]:
    """Return what every page shows around its own content."""
    coder = _session(request).coder
    return {
        "navigation": request.app.state.navigation,
        "here": request.url.path,
        "study_name": study.name,
        "coder": coder,
        "state": state(_desk(request), coder),
    }


def state(desk: Desk, coder: str) -> dict[str, Any]:
    """Return where the study stands: its revision, and what undo and redo would take for this coder."""
    events = desk.events()
    with desk.reading(coder) as study:
        undo, redo = study.history.next_steps(events, coder)
    return {
        "revision": events[-1].id if events else 0,
        "undo": undo.summary if undo else "",
        "redo": redo.summary if redo else "",
    }


def json_response(value: Any, status: int = 200) -> Response:
    """Return JSON; dataclasses become objects, and what JSON has no form for is an error."""
    return Response(_json(value).encode(errors="replace"), status, media_type="application/json")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_object_of, separators=(",", ":"))


def _streamed(html: Iterator[str]) -> Response:
    return StreamingResponse(html, media_type="text/html")


def _object_of(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _plain_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=_object_of))


async def _object(request: Request) -> Mapping[str, Any]:
    try:
        data = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise IntervjukitError("Det som skickades är inte JSON.", fix="Läs in sidan på nytt.") from error
    except ClientDisconnect as error:
        raise HTTPException(413) from error
    if not isinstance(data, dict):
        raise IntervjukitError("Det som skickades är inget JSON-objekt.", fix="Läs in sidan på nytt.")
    return data


def _desk(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def _session(request: Request) -> Session:
    session = request.scope[SESSION]
    assert isinstance(session, Session)
    return session


def _call(request: Request, study: Study, data: Mapping[str, Any] | None = None) -> Call:
    pages = frozenset(address for _, address in request.app.state.navigation)
    desk, session = _desk(request), _session(request)
    return Call(study, desk, session, request.path_params, request.query_params, data or {}, pages)
