"""Who gets in: this machine, by an address that works once, from pages of this server only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Served, let_in
from playwright.sync_api import BrowserContext
from starlette.routing import Route
from starlette.testclient import TestClient

import intervjukit.web
from intervjukit.web import app as application
from intervjukit.web import files
from intervjukit.web.desk import Desk
from intervjukit.web.door import Door
from intervjukit.web.security import LIMITS, MEGABYTE, UPLOADS

PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"
PAGE = Path(intervjukit.web.__file__).parent / "page"


@pytest.fixture(scope="module")
def desk(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("security") / "small"
    shutil.copytree(small_original, folder)
    opened = Desk(folder)
    yield opened
    opened.close()


@pytest.fixture
def door() -> Door:
    return Door(PORT, "MK")


@pytest.fixture
def stranger(desk: Desk, door: Door) -> TestClient:
    """Somebody on this machine without a cookie."""
    return TestClient(application.build_app(desk, door), ORIGIN, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def friend(stranger: TestClient, door: Door) -> TestClient:
    """A browser that was let in; it says where its changes come from."""
    assert stranger.get(f"/?token={door.new_token()}").status_code == 303
    stranger.headers["Origin"] = ORIGIN
    return stranger


def every_route() -> list[Route]:
    return [route for route in (*application.FIRST, *application.later().routes) if isinstance(route, Route)]


def test_a_token_opens_once_and_becomes_a_strict_cookie(stranger: TestClient, door: Door) -> None:
    token = door.new_token()
    answer = stranger.get(f"/?token={token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and f"intervjukit-{PORT}=" in cookie
    assert stranger.get("/").status_code == 200
    stranger.cookies.clear()
    assert stranger.get(f"/?token={token}").status_code == 403


@pytest.mark.parametrize("token", ["", "x", "../", "é", "\x00"])
def test_a_wrong_token_opens_nothing(stranger: TestClient, token: str) -> None:
    answer = stranger.get("/", params={"token": token})
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.path)
def test_without_a_cookie_every_address_is_closed(stranger: TestClient, route: Route) -> None:
    path = re.sub(r"\{[^}]*\}", "1", route.path)
    method = "POST" if "POST" in (route.methods or ()) else "GET"
    answer = stranger.request(method, path, headers={"Origin": ORIGIN}, content=b"{}")
    assert answer.status_code == 403
    assert "Intervjukit" in answer.text and "Provstudie" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}", ""])
def test_a_request_to_another_host_name_is_refused_with_or_without_cookie(friend: TestClient, host: str) -> None:
    assert friend.get("/", headers={"Host": host}).status_code == 421
    assert friend.get("/page/base.css", headers={"Host": host}).status_code == 421


def test_the_name_localhost_is_this_machine_too(stranger: TestClient, door: Door) -> None:
    answer = stranger.get(f"/?token={door.new_token()}", headers={"Host": f"localhost:{PORT}"})
    assert answer.status_code == 303


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": ""},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_change_from_elsewhere_is_refused(friend: TestClient, method: str, headers: dict[str, str]) -> None:
    answer = friend.request(method, "/api/undo", headers=headers)
    assert answer.status_code == 403 and "Intervjukits egen sida" in answer.json()["problem"]


def test_a_change_from_the_own_page_is_let_through(friend: TestClient) -> None:
    assert friend.post("/api/undo", headers={"Sec-Fetch-Site": "same-origin"}, json={}).json() == {}


@pytest.mark.parametrize(
    "path", ["/", "/kodare", "/page/base.css", "/api/start", "/api/since?revision=0", "/finns-inte", "/api/finns-inte"]
)
def test_every_answer_has_the_safety_headers(friend: TestClient, path: str) -> None:
    headers = friend.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/page/") else "no-store")
    assert "server" not in headers


def test_an_unforeseen_error_shows_no_stack_and_keeps_the_headers(
    friend: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "events", lambda **since: 1 / 0)
    answer = friend.get("/api/since?revision=0")
    assert answer.status_code == 500 and answer.json()["problem"] == "Något gick fel i programmet."
    assert "Zero" not in answer.text and "nosniff" in answer.headers["x-content-type-options"]


def test_a_body_that_is_too_long_is_refused_by_its_headers_and_by_its_length(friend: TestClient) -> None:
    long = b" " * (LIMITS[""] + 1)
    assert friend.post("/api/undo", content=long).status_code == 413
    assert (
        friend.post("/api/undo", content=(long[i : i + MEGABYTE] for i in range(0, len(long), MEGABYTE))).status_code
        == 413
    )
    assert friend.post(UPLOADS, content=long, params={"name": "a.txt"}).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'"x"', b"\xff", b"[" * 100_000, b"null"])
def test_what_is_no_json_object_is_refused_in_swedish(friend: TestClient, body: bytes) -> None:
    answer = friend.post("/api/undo", content=body)
    assert answer.status_code == 400 and "JSON" in answer.json()["problem"]


@pytest.mark.parametrize(
    "path", ["/page/templates/base.html", "/page/../app.py", "/page/%2e%2e/app.py", "/page/", "/page"]
)
def test_only_scripts_and_styles_are_given_out(friend: TestClient, path: str) -> None:
    assert friend.get(path).status_code in {404, 307}
    assert friend.get(path, follow_redirects=True).status_code == 404


@pytest.mark.parametrize(
    "name", ["../../x.txt", "..\\x.txt", "/etc/x.txt", "C:\\x.txt", "", ".", "..", "a\x00b.txt", "x" * 300]
)
def test_a_file_sent_in_stays_in_the_inbox_whatever_its_name(friend: TestClient, desk: Desk, name: str) -> None:
    key = friend.post(UPLOADS, params={"name": name}, content=b"hej").json()["key"]
    file = desk.received(key).resolve()
    assert file.read_bytes() == b"hej"
    assert file.parent.parent.parent == desk.folder.resolve() and len(file.name) < 110


@pytest.mark.parametrize("key", ["..", ".", "", "../..", "finns-inte", "a/b"])
def test_a_key_points_at_nothing_outside_the_inbox(friend: TestClient, key: str) -> None:
    assert friend.post("/api/inlasning", json={"keys": [key]}).status_code == 404


def test_scripts_have_the_type_a_browser_runs(friend: TestClient) -> None:
    assert friend.get("/page/api.js").headers["content-type"].startswith("text/javascript")


def test_a_file_asked_for_by_its_version_is_kept_for_good_and_no_other_version_is_there(friend: TestClient) -> None:
    kept = friend.get(f"{files.address()}/api.js")
    assert "immutable" in kept.headers["cache-control"] and kept.content == friend.get("/page/api.js").content
    assert friend.get("/page/0123456789abcdef/api.js").status_code == 404
    assert friend.get(f"{files.address()}/base.html").status_code == 404


def test_a_page_names_all_that_its_scripts_import(friend: TestClient) -> None:
    html = friend.get("/").text
    named = set(re.findall(r'<link rel="modulepreload" href="[^"]*/([\w-]+)\.js">', html))
    scripts = re.findall(r'<script type="module" src="[^"]*/([\w-]+)\.js">', html)
    waiting, wanted = [*scripts], set[str]()
    while waiting:
        wanted.add(name := waiting.pop())
        source = (PAGE / f"{name}.js").read_text(encoding="utf-8")
        waiting += {*re.findall(r"from '\./([\w-]+)\.js'", source)} - wanted
    assert scripts == ["shell", "start"] and named == wanted


def test_nothing_of_the_page_makes_markup_of_text() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\|\s*safe|autoescape\s*false"
        r"|<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=\"|javascript:|https?://(?!www\.w3\.org)"
    )
    files = [file for kind in ("*.js", "*.html", "*.css", "*.svg") for file in PAGE.rglob(kind)]
    assert len(files) > 10
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not forbidden.search(line), f"{file.name}: {line.strip()}"


def test_a_browser_that_was_let_in_stays_in_and_another_is_told_how(context: BrowserContext, served: Served) -> None:
    page = let_in(context, served)
    assert page.url == f"{served.origin}/"
    page.reload()
    assert page.title().startswith("Start")
    context.clear_cookies()
    assert page.goto(served.origin).status == 403  # type: ignore[union-attr]
    assert page.get_by_role("heading", level=1).inner_text() == "Den här sidan öppnas från Intervjukit"
