"""The start page and the list of interviews, in a real browser over a real study; and what every page has."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, own, serving
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.testclient import TestClient

from intervjukit.core.transcript import Transcript, Turn
from intervjukit.errors import FileError
from intervjukit.study import Study
from intervjukit.web.app import build_app
from intervjukit.web.desk import Desk
from intervjukit.web.door import Door
from intervjukit.web.rendering import rendered_ahead
from intervjukit.web.server import serve

REPO = Path(__file__).parents[2]
INTERVIEWS = REPO / "examples" / "halsoflodet" / "intervjuer"
NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def full(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(Path(shutil.copytree(full_original, tmp_path_factory.mktemp("start") / "full"))) as running:
        yield running


@pytest.fixture
def small(small_folder: Path) -> Iterator[Served]:
    with serving(small_folder) as running:
        yield running


@pytest.fixture
def client(small_folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(small_folder) as browser:
        yield browser


def job_done(client: TestClient) -> dict[str, object]:
    ends = time.monotonic() + 30
    while (job := client.get("/api/jobb").json())["state"] == "running":
        assert time.monotonic() < ends
    return dict(job)


def send(client: TestClient, *files: tuple[str, bytes], replace: bool = False) -> dict[str, object]:
    keys = [client.post("/api/filer", params={"name": name}, content=data).json()["key"] for name, data in files]
    assert client.post("/api/inlasning", json={"keys": keys, "replace": replace}).status_code == 200
    return job_done(client)


def interview(code: str, *answers: str, end: str = "\n") -> bytes:
    lines = [f"Intervju: {code}", "Datum: 2026-03-02", ""]
    for answer in answers:
        lines += ["I: Vad var det som gjorde att du blev sjukskriven?", "", f"R: {answer}", ""]
    return end.join(lines).encode()


# --- at a glance ------------------------------------------------------------------------------------


def test_the_study_is_seen_at_a_glance(page: Page) -> None:
    rows = page.locator("#glance tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.first.locator("th")).to_have_text("Sjukskrivna")
    expect(rows.first.locator("td").first).to_have_text("9")
    expect(page.locator("#glance tfoot td").first).to_have_text("33")
    expect(page.locator("#next li").first).to_contain_text(re.compile(r"Avgör \d+ tveksamheter"))


def test_the_navigation_shows_only_pages_that_exist_and_which_one_this_is(
    context: BrowserContext, served: Served
) -> None:
    page = let_in(context, served)
    for name, address in page.evaluate(
        "() => [...document.querySelectorAll('.navigation a')].map((a) => [a.textContent, a.getAttribute('href')])"
    ):
        assert page.goto(served.origin + address).ok, name  # type: ignore[union-attr]
        expect(page.locator(".navigation [aria-current=page]")).to_have_text(name)


def test_axe_finds_nothing(chromium: Browser, small: Served, axe_findings: Callable[..., list[str]]) -> None:
    with browsing(chromium, small) as context:
        page = let_in(context, small)
        page.locator(".doubts summary").first.click()
        expect(page.locator(".doubt").first).to_be_visible()
        assert axe_findings(page) == []
        for path in ("/intervjuer", "/kodare", "/finns-inte"):
            page.goto(small.origin + path)
            page.wait_for_load_state("networkidle")
            assert axe_findings(page) == [], path


def test_the_dialog_of_shortcuts_is_opened_by_a_key_and_has_no_faults(
    page: Page, axe_findings: Callable[[Page], list[str]]
) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Kortkommandon")).to_be_visible()
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_single_keys_switched_off_stay_off_when_the_server_has_another_port(
    chromium: Browser, small: Served, small_folder: Path
) -> None:
    with browsing(chromium, small) as context:
        page = let_in(context, small)
        page.keyboard.press("?")
        page.get_by_label("Lyssna på enkla tangenter").uncheck()
        kept = [cookie for cookie in context.cookies() if "-val-" in cookie["name"]]
    with serving(small_folder) as again, browsing(chromium, again) as context:
        assert again.origin != small.origin
        context.add_cookies([{**cookie, "path": "/"} for cookie in kept])  # type: ignore[typeddict-item]
        page = let_in(context, again)
        assert page.evaluate(f"async () => (await {own('keys')}).keysOn()") is False


@pytest.mark.parametrize(("key", "heard"), [("?", True), ("z", False)])
def test_a_sign_written_with_altgr_is_heard_and_a_letter_is_not(page: Page, key: str, heard: bool) -> None:
    page.evaluate(
        f"""async () => {{
          const {{ register }} = await {own("keys")};
          register('Prov', [{{ key: 'z', label: 'Prov', run: () => {{ document.title = 'hörd'; }} }}]);
        }}"""
    )
    page.evaluate(
        """key => document.dispatchEvent(new KeyboardEvent('keydown',
          { key, ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true, cancelable: true }))""",
        key,
    )
    expect(page.get_by_role("dialog")).to_have_count(1 if heard else 0)
    assert page.title() != "hörd"


@pytest.mark.parametrize("width", [1200, 1360, 1600])
def test_the_head_of_the_page_is_one_row_on_an_ordinary_screen(chromium: Browser, small: Served, width: int) -> None:
    with browsing(chromium, small, viewport={"width": width, "height": 700}) as context:
        page = let_in(context, small)
        assert page.locator(".top").evaluate("(top) => top.offsetHeight") < 64
        tops = page.locator(".navigation li").evaluate_all("(all) => all.map((one) => one.offsetTop)")
        assert len(set(tops)) == 1


@pytest.mark.parametrize("path", ["/", "/intervjuer", "/kodare"])
def test_nothing_sticks_out_at_320_pixels(chromium: Browser, served: Served, path: str) -> None:
    with browsing(chromium, served, **NARROW) as context:
        page = let_in(context, served, path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


# --- files and doubts -------------------------------------------------------------------------------


def test_files_are_dropped_read_in_and_their_doubts_settled(chromium: Browser, small: Served, tmp_path: Path) -> None:
    bad = tmp_path / "dåligt.txt"
    bad.write_text("bara prat", encoding="utf-8")
    with browsing(chromium, small) as context:
        page = let_in(context, small)
        page.locator("#files").set_input_files([INTERVIEWS / "C08.docx", INTERVIEWS / "S09.txt", bad])
        became = page.locator("#became")
        expect(became).to_contain_text("1 intervju lästes in. ")
        expect(became).to_contain_text("Fanns redan: S09.txt")
        expect(became.locator(".refused li")).to_contain_text("dåligt.txt")
        panel = page.locator(".doubts", has_text="C08")
        panel.locator("summary").click()
        expect(panel.locator(".doubt").first).to_be_visible()
        before = panel.locator(".doubt").count()
        panel.locator(".doubt").first.locator("select").select_option(index=3)
        panel.locator(".doubt").first.get_by_role("button", name="Spara").click()
        expect(panel.locator(".doubt")).to_have_count(before - 1)
        panel.get_by_role("button", name=re.compile("Godta")).first.click()
        expect(panel).to_have_count(0)
        expect(page.locator("#says")).to_contain_text("Alla tveksamheter om C08 är avgjorda.")
        page.get_by_role("button", name="Ångra").click()
        expect(panel).to_have_count(1)


def test_a_file_of_a_person_already_read_in_may_take_its_place(client: TestClient) -> None:
    result = send(client, ("S09.txt", interview("S09", "Ryggen tog slut.")))["result"]
    (refused,) = result["refused"]  # type: ignore[index]
    assert refused["replaceable"] and "--" not in refused["fix"]
    result = send(client, ("S09.txt", interview("S09", "Ryggen tog slut.")), replace=True)["result"]
    assert result["replaced"] == ["S09"]  # type: ignore[index]


def test_what_becomes_of_codings_when_their_interview_is_replaced_is_told(
    client: TestClient, small_folder: Path
) -> None:
    send(client, ("S22.txt", interview("S22", "Ryggen tog slut i mars.")))
    with Study.open(small_folder, coder="AB") as study:
        study.code("S22", "Ryggen tog slut", "arbetsbelastning")
    result = send(client, ("S22.txt", interview("S22", "Ryggen tog slut i april.")), replace=True)["result"]
    assert result["carried"] == ["S22: 1 ställe följde med till den rättade texten."]  # type: ignore[index]


def test_a_windows_file_reads_as_any_other(client: TestClient) -> None:
    send(client, ("S20.txt", interview("S20", "Första raden 👍🏽 e\u0301.", end="\r\n")))
    rows = client.get("/api/intervjuer").json()["interviews"]
    assert [row["words"] for row in rows if row["respondent"] == "S20"] == [13]


def test_files_that_were_sent_in_do_not_stay_behind(client: TestClient, small_folder: Path) -> None:
    send(client, ("S21.txt", interview("S21", "Ja.")), ("dåligt.txt", b"prat"))
    assert [file for inbox in small_folder.glob(".inkorg-*") for file in inbox.rglob("*")] == []


def test_a_doubt_somebody_else_settled_is_not_settled_again(client: TestClient) -> None:
    (first, *_) = [row for row in client.get("/api/start").json()["doubtful"] if row["doubts"] > 1]
    path = f"/api/intervju/{first['id']}/tveksamheter"
    ids = [doubt["id"] for doubt in client.get(path).json()["doubts"]]
    body = {"doubts": ids[:2], "expected": ids[:2]}
    assert client.post(path, json=body).json() == {"left": len(ids) - 2}
    answer = client.post(path, json=body)
    assert answer.status_code == 409 and answer.json()["now"] == []
    assert "Ditt val är inte sparat" in answer.json()["problem"]


@pytest.mark.parametrize(
    "body",
    [{"doubts": "1"}, {"doubts": [True]}, {"doubts": [1.0]}, {"doubts": ["1"]}, {}, {"doubts": [1], "question": 1}],
)
def test_a_change_of_the_wrong_shape_is_refused_in_swedish(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/api/intervju/1/tveksamheter", json={"expected": [1], **body})
    assert answer.status_code in {409, 422} and answer.json()["problem"]


def test_only_one_long_work_is_done_at_a_time_and_its_end_is_told(client: TestClient, small_folder: Path) -> None:
    assert client.post("/api/forslag", json={}).status_code == 200
    second = client.post("/api/forslag", json={})
    job = job_done(client)
    assert second.status_code == 409 and "pågår" in second.json()["problem"]
    assert job["state"] == "done" and job["result"]["open"] > 10  # type: ignore[index]


# --- more than one --------------------------------------------------------------------------------


def test_what_another_coder_does_is_seen_without_reading_the_page_again(chromium: Browser, small: Served) -> None:
    with browsing(chromium, small) as context:
        page = let_in(context, small, "/intervjuer")
        row = page.locator("tbody tr", has_text="C01")
        expect(row.locator("td").nth(3)).to_have_text("0")
        with Study.open(small.desk.folder, coder="Anna") as study:
            turn = next(study.transcript("C01").answers())
            study.code("C01", study.transcript("C01").turn_text(turn), "samverkan", span=turn.span)
        page.evaluate("() => window.dispatchEvent(new Event('focus'))")
        expect(row.locator("td").nth(3)).to_have_text("1")


def test_two_coders_undo_their_own_decisions_only(small: Served) -> None:
    with small.desk.deciding("Anna") as study:
        study.memos.add("Annas")
    with small.desk.deciding("MK") as study:
        study.memos.add("MK:s")
    with small.desk.deciding("Anna") as study:
        undone = study.history.undo()
    with small.desk.reading("MK") as study:
        assert undone is not None and undone.who == "Anna"
        assert list(study.memos.table()["text"]) == ["MK:s"]


def test_without_a_coder_the_page_asks_and_remembers(chromium: Browser, small_folder: Path) -> None:
    with serving(small_folder, coder="") as served, browsing(chromium, served) as context:
        page = let_in(context, served)
        expect(page.get_by_role("heading", level=1)).to_have_text("Vem kodar?")
        page.get_by_label("Dina initialer").fill("<b>Å Ö</b>")
        page.get_by_role("button", name="Fortsätt").click()
        expect(page.locator(".coder bdi")).to_have_text("<b>Å Ö</b>")


def test_nobody_decides_before_saying_who(small_folder: Path) -> None:
    desk, door = Desk(small_folder), Door(8765)
    browser = TestClient(build_app(desk, door), "http://127.0.0.1:8765", headers={"Origin": "http://127.0.0.1:8765"})
    browser.get(f"/?token={door.new_token()}")
    assert browser.get("/", follow_redirects=False).headers["location"] == "/kodare"
    assert browser.post("/api/undo", json={}).status_code == 422
    assert [browser.post("/api/kodare", json={"coder": name}).status_code for name in ("", " ", "x" * 41, "a\x00")] == [
        422
    ] * 4
    desk.close()


# --- hostile words, long lists, sudden ends ---------------------------------------------------------


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202etxet\u202c \u200b{{7*7}} {% raw %}"


def test_hostile_words_are_shown_as_written(chromium: Browser, small: Served, tmp_path: Path) -> None:
    file = tmp_path / "<img src=x onerror=alert(1)>.txt"
    file.write_bytes(interview("S30", HOSTILE, "x" * 1_000_000))
    with Study.open(small.desk.folder, coder="<i>ond</i>") as study:
        study.memos.add(HOSTILE)
    with browsing(chromium, small) as context:
        page = let_in(context, small)
        page.on("dialog", lambda dialog: pytest.fail("a dialog"))
        page.locator("#files").set_input_files([file])
        expect(page.locator("#became")).to_contain_text("1 intervju lästes in")
        assert page.locator("main script, main img").count() == 0
        page.goto(f"{small.origin}/kodare")
        assert page.locator("datalist option").first.get_attribute("value") == "<i>ond</i>"


def test_a_hundred_interviews_are_listed_and_narrowed(chromium: Browser, small: Served) -> None:
    store = small.desk._study._store
    text = "Det var mycket på jobbet och ingen lyssnade. " * 1300
    for number in range(100, 200):
        turns = (Turn(1, "respondent", "R", 0, len(text)),)
        store.interviews.add("MK", Transcript(f"S{number}", "sjukskrivna", text, turns), f"hash{number}")
    with browsing(chromium, small) as context:
        page = let_in(context, small, "/intervjuer")
        expect(page.locator("tbody tr")).to_have_count(104)
        page.locator("#find").fill("S1")
        expect(page.locator("tbody tr")).to_have_count(100)


def test_a_server_killed_in_mid_work_has_lost_nothing_it_answered(small_folder: Path) -> None:
    first, opener = start_server(small_folder)
    try:
        for number in range(5):
            assert opener("/api/kodare", {"coder": f"MK{number}"})["coder"] == f"MK{number}"
        doubtful = opener("/api/start")["doubtful"][0]
        path = f"/api/intervju/{doubtful['id']}/tveksamheter"
        ids = [doubt["id"] for doubt in opener(path)["doubts"]]
        left = opener(path, {"doubts": ids[:1], "expected": ids[:1]})["left"]
    finally:
        first.kill()
        first.communicate()
    with Study.open(small_folder) as study:
        assert len(study.material.doubts(doubtful["id"])) == left == len(ids) - 1


def test_the_command_serves_and_ends_well_with_ctrl_c(small_folder: Path) -> None:
    server, opener = start_server(small_folder)
    assert opener("/api/start/laget")["totals"]
    if os.name == "posix":
        server.send_signal(signal.SIGINT)
        told, _ = server.communicate(timeout=20)
        assert server.returncode == 0 and "Allt är sparat" in told
    else:
        server.kill()
        server.communicate()


def test_a_folder_without_a_study_is_refused_before_an_address_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(FileError, match="Ingen studie finns"):
        serve(tmp_path, browser=False, tell=told.append)
    assert told == []


def test_a_damaged_study_is_told_as_such_and_the_server_ends(small_folder: Path) -> None:
    with (small_folder / "study.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    command = [sys.executable, "-m", "intervjukit", "serve", str(small_folder), "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(REPO / "src"), "PYTHONUTF8": "1"}
    ended = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=120
    )
    assert ended.returncode == 1 and "är skadad" in ended.stderr


def test_scripts_and_styles_are_named_before_the_study_is_asked() -> None:
    asked: list[str] = []
    known = {"title": "T", "study_name": "<b>", "navigation": (), "here": "/", "coder": "MK"}

    def later() -> dict[str, object]:
        asked.append("study")
        return {**known, "state": {"revision": 1, "undo": "", "redo": ""}}

    parts = rendered_ahead("start.html", later)
    head = next(parts)
    assert asked == [] and "/start.js" in head and "/start.css" in head and "/api/start" in head
    assert "&lt;b&gt;" in "".join(parts) and asked == ["study"]


FIRST_PAGE = """
import sys
from pathlib import Path
from intervjukit.web import server
light = {"sqlalchemy", "starlette", "uvicorn", "jinja2"} & {*sys.modules}
from starlette.testclient import TestClient
from intervjukit.web.app import build_app
from intervjukit.web.desk import Desk
from intervjukit.web.door import Door
from intervjukit.web.server import serve
door = Door(8765, "MK")
browser = TestClient(build_app(Desk(Path(sys.argv[1])), door), "http://127.0.0.1:8765")
assert browser.get(f"/?token={door.new_token()}").status_code == browser.get("/api/start").status_code == 200
print(light, {"pandas", "docx", "spacy", "sklearn", "matplotlib", "numpy", "lxml"} & {*sys.modules})
"""


def test_the_address_is_told_and_the_first_page_given_without_anything_heavy(small_folder: Path) -> None:
    command = [sys.executable, "-c", FIRST_PAGE, str(small_folder)]
    environment = {**os.environ, "PYTHONPATH": str(REPO / "src")}
    told = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert told.stdout.strip() == "set() set()"


def start_server(folder: Path) -> tuple[subprocess.Popen[str], Callable[..., dict]]:  # type: ignore[type-arg]
    """Start the command in a process of its own; return it, and a way to ask (path) and decide (path, data)."""
    import http.cookiejar
    import json
    import urllib.request

    environment = {**os.environ, "PYTHONPATH": str(REPO / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "intervjukit", "serve", str(folder), "--coder", "MK", "--no-browser"]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", env=environment
    )
    assert server.stdout is not None
    address = next(line.strip() for line in server.stdout if "?token=" in line)
    origin = address.partition("/?")[0]
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
    opener.open(address).close()

    def ask(path: str, data: object = None) -> dict:  # type: ignore[type-arg]
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(origin + path, body, {"Origin": origin, "Content-Type": "application/json"})
        with opener.open(request) as answer:
            return dict(json.load(answer))

    return server, ask
