"""The page's own scripts and style sheets, read once and given out from memory.

They stand under an address that names what they all hold, so that a browser fetches each of them once and never asks
again; a later version of the program has another address. Without the version they are given out too, but not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PAGE = Path(__file__).parent / "page"
FILES = "/page/"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""What is for the browser; the templates beside them are not. Windows may know .js as something else."""
_IMPORT = re.compile(r"^import [^;]*?'\./([\w-]+)\.js';", re.MULTILINE)


@cache
def contents() -> Mapping[str, bytes]:
    """Return every file for the browser by its name."""
    return {file.name: file.read_bytes() for file in sorted(PAGE.iterdir()) if file.suffix in KINDS}


@cache
def address() -> str:
    """Return where the files stand, with their version."""
    told = sha256()
    for name, content in contents().items():
        told.update(b"%s %d\n%s" % (name.encode(), len(content), content))
    return FILES + told.hexdigest()[:16]


def needed(scripts: Iterable[str]) -> list[str]:
    """Return these scripts and all that they import, each once, to be fetched at once and not one after the other."""
    found: list[str] = []
    waiting = list(scripts)
    for name in waiting:
        if name not in found:
            found.append(name)
            waiting += imports(name)
    return found


@cache
def imports(script: str) -> list[str]:
    """Return what a script itself imports."""
    return _IMPORT.findall(contents()[f"{script}.js"].decode())


async def give(request: Request) -> Response:
    """Answer with a file; one asked for by its version may be kept for good."""
    version, name = request.path_params.get("version"), request.path_params["name"]
    content = contents().get(name)
    if content is None or version not in (None, address().removeprefix(FILES)):
        raise HTTPException(404)
    keep = "private, max-age=31536000, immutable" if version else "no-cache"
    return Response(content, media_type=KINDS[Path(name).suffix], headers={"Cache-Control": keep})


routes = [Route(FILES + "{name}", give), Route(FILES + "{version}/{name}", give)]
