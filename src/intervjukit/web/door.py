"""Who is let in: addresses that open once, and the browsers that came in by them.

It is there before the rest of the server, and imports nothing of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = ("127.0.0.1", "localhost")


@dataclass
class Session:
    """One browser that was let in; ``coder`` is who codes there, "" until that is said."""

    coder: str = ""


class Door:
    """Hands out addresses that let a browser in once, and knows the browsers that came in."""

    def __init__(self, port: int, coder: str = "") -> None:
        """Guard the server on ``port``; ``coder`` is who codes in every new session, "" to ask."""
        self.port, self._coder = port, coder
        self._tokens: set[str] = set()
        self._sessions: dict[str, Session] = {}

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers share cookies between ports, so each server has its own."""
        return f"intervjukit-{self.port}"

    def new_token(self) -> str:
        """Return a token that opens the door once."""
        token = secrets.token_urlsafe(32)
        self._tokens.add(token)
        return token

    def use(self, token: str) -> str | None:
        """Return the key of a new session for an unused token, None for any other; the token is then spent."""
        if token not in self._tokens:
            return None
        self._tokens.discard(token)
        key = secrets.token_urlsafe(32)
        self._sessions[key] = Session(self._coder)
        return key

    def session(self, headers: Mapping[str, str]) -> Session | None:
        """Return the session a request's cookie belongs to, None when there is none."""
        for part in headers.get("cookie", "").split(";"):
            name, _, key = part.strip().partition("=")
            if name == self.cookie and key in self._sessions:
                return self._sessions[key]
        return None

    def own_host(self, headers: Mapping[str, str]) -> bool:
        """Return whether the request was sent to this machine by name (against DNS rebinding)."""
        return headers.get("host", "") in {f"{name}:{self.port}" for name in NAMES}

    def own_origin(self, headers: Mapping[str, str]) -> bool:
        """Return whether the request comes from a page of this server."""
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        return headers.get("origin", "").partition("://")[2] == headers.get("host", "")
