"""Who may speak to the server: this machine, this browser, and pages that came from here. Pure ASGI."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intervjukit.web.door import Door
from intervjukit.web.files import FILES
from intervjukit.web.rendering import rendered

SESSION = "intervjukit.session"
"""Where a request's Session stands in its scope."""
SAFE_METHODS = ("GET", "HEAD")
UPLOADS = "/api/filer"
MEGABYTE = 1_000_000
LIMITS = {UPLOADS: 100 * MEGABYTE, "": 2 * MEGABYTE}
"""Beginning of a path → the longest body taken there, in bytes."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Middleware in front of everything: host, origin, token or cookie, size of the body, and the headers sent."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        """Guard ``app``."""
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            return
        limit = next(size for start, size in LIMITS.items() if scope["path"].startswith(start))
        answer = self._refusal(scope, Headers(scope=scope), limit)
        app = self.app if answer is None else answer
        await app(scope, _limited(receive, limit), _with_headers(scope["path"], send))

    def _refusal(self, scope: Scope, headers: Headers, limit: int) -> Response | None:
        """Return the answer to a request that goes no further, None when it does."""
        path, safe = scope["path"], scope["method"] in SAFE_METHODS
        if not self.door.own_host(headers):
            return PlainTextResponse("Servern svarar bara på den här datorn.", 421)
        if not safe and not self.door.own_origin(headers):
            return _refused("Ändringen kom inte från Intervjukits egen sida.", "Gör den på sidan.", 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > limit:
            return _refused("Det som skickades är för stort.", f"Högst {limit // MEGABYTE} MB går bra.", 413)
        if path.startswith(FILES):
            return None
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if path == "/" and safe and token and (key := self.door.use(token)):
            return self._let_in(key)
        session = self.door.session(headers)
        if session is None:
            return _closed(path)
        scope[SESSION] = session
        return RedirectResponse("/", 303) if path == "/" and token else None

    def _let_in(self, key: str) -> Response:
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.door.cookie, key, path="/", httponly=True, samesite="strict")
        return answer


def _refused(problem: str, fix: str, status: int) -> Response:
    return JSONResponse({"problem": problem, "fix": fix}, status)


def _closed(path: str) -> Response:
    """Return what a browser without a session gets to see."""
    if path.startswith("/api/"):
        return _refused(
            "Sidan hör till en server som inte längre är igång, eller är inte öppnad härifrån.",
            "Öppna den med adressen som visas där Intervjukit startades.",
            403,
        )
    return Response(rendered("closed.html"), 403, media_type="text/html")


def _limited(receive: Receive, limit: int) -> Receive:
    """Return ``receive`` that breaks off a body longer than ``limit`` bytes, whatever its headers said."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= limit else {"type": "http.disconnect"}

    return limited


def _with_headers(path: str, send: Send) -> Send:
    """Return ``send`` that adds the safety headers to every answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if not path.startswith(FILES):  # pages hold what people said and are never kept
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending
