"""Taguette's database (.sqlite3) read directly to a Project: documents, tags, highlights and who made them.

A document is HTML, and a highlight is counted in bytes of UTF-8 in its text, tags left out. The text here is what a
reader sees: one paragraph per block. Each place is tested against the snippet that is kept beside it.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

from intervjukit.core.exchange import Project, ProjectCode, ProjectNote, ProjectSource, Selection, User, new_guid
from intervjukit.core.text import Span, find_typed, normalise, squeeze
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.foreign import Foreign, note, opened
from intervjukit.formats.refi_offsets import Places

ORIGIN = "Taguette"
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main "
    "ol p pre section table td th tr ul".split()
)
_UNSEEN = frozenset("head script style title".split())


def read_taguette(path: Path) -> Project:
    """Return the project in a database of Taguette's; the original is never touched.

    Raises FileError, also when the database holds several projects.
    """
    with opened(path, ORIGIN) as database:
        if not {"projects", "documents", "highlights", "tags", "highlight_tags"} <= database.tables:
            raise FileError(f"{path.name} är inget projekt från Taguette.", fix="Ange filen som Taguette exporterade.")
        projects = database.rows("projects", "id", "name", "description", "created")
        if len(projects) != 1:
            listed = ", ".join(f"”{project['name']}”" for project in projects) or "inga"
            raise FileError(
                f"{path.name} har {len(projects)} projekt ({listed}).",
                fix="Exportera ett av dem i Taguette: Project info, Export project, SQLite3.",
            )
        return _Reading(database, projects[0]["name"], projects[0]["created"]).project(projects[0]["description"])


class _Page(HTMLParser):
    """The text of a document as it is read, ``shown``, and the way there from what Taguette counts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._counted: list[str] = []
        self._shown: list[str] = []
        self._at: list[int] = []
        self._length, self._broken, self._blank, self._hidden, self._begun = 0, False, False, 0, False
        self.feed(html)
        self.close()
        self.shown = "".join(self._shown)
        self._at.append(self._length)
        self._text = "".join(self._counted)
        self._bytes = [0, *accumulate(len(sign.encode()) for sign in self._text)]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a new paragraph where a block begins."""
        self._broken = self._broken or tag in _BLOCKS
        self._hidden += tag in _UNSEEN
        self._begun = True

    def handle_endtag(self, tag: str) -> None:
        """End the paragraph where a block ends."""
        self._broken = self._broken or tag in _BLOCKS
        self._hidden -= tag in _UNSEEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Take in text: all of it is counted, blanks in a row are shown as one."""
        if self._hidden:
            return
        if not self._begun:
            data = data.lstrip()  # before the first element a browser keeps no blanks
        self._begun = self._begun or bool(data)
        self._counted.append(data)
        for sign in data:
            blank = sign.isspace() and sign != "\u00a0"
            self._blank = self._blank or blank
            if not blank:
                self._show(sign)
            self._at.append(self._length - (not blank))

    def _show(self, sign: str) -> None:
        gap = "\n\n" if self._broken else " " if self._blank else ""
        if gap and self._length:
            self._shown.append(gap)
            self._length += len(gap)
        self._shown.append(sign)
        self._length += 1
        self._broken = self._blank = False

    def span(self, start: int, end: int) -> Span | None:
        """Return where a stretch of counted bytes is shown, None when it is outside, empty or only blanks."""
        if not 0 <= start < end <= self._bytes[-1]:
            return None
        first, last = bisect_left(self._bytes, start), bisect_right(self._bytes, end) - 1
        shown = [self._at[place] for place in range(first, last) if not self._text[place].isspace()]
        return Span(shown[0], shown[-1] + 1) if shown else None


class _Reading:
    """One project on its way from rows to places in normalised texts."""

    def __init__(self, database: Foreign, name: object, created: object) -> None:
        self._database, self._name, self._key = database, str(name), f"{name} {created}"
        self._remarks: list[str] = []

    def _guid(self, kind: str, number: object) -> str:
        return new_guid("taguette", self._key, kind, number)

    def project(self, description: object) -> Project:
        """Return the whole project."""
        users = {str(row["login"]): User(self._guid("user", row["login"]), str(row["login"])) for row in self._users()}
        pages: dict[object, _Page] = {}
        sources = tuple(self._sources(pages))
        made = tuple(self._selections(pages, users))
        return Project(
            self._name,
            ORIGIN,
            tuple(users.values()),
            tuple(self._codes()),
            sources,
            selections=made,
            notes=tuple(self._notes(description)),
            remarks=tuple(self._remarks),
        )

    def _users(self) -> list[dict[str, object]]:
        return self._database.rows("users", "login")

    def _sources(self, pages: dict[object, _Page]) -> Iterator[ProjectSource]:
        for row in self._database.rows("documents", "id", "name", "filename", "description", "contents", "created"):
            name = str(row["name"] or row["filename"])
            page = _Page(str(row["contents"] or ""))
            if not page.shown:
                self._remarks.append(f"”{name}” har ingen text och följde inte med.")
                continue
            try:
                text = normalise(page.shown)
            except RuleError as error:
                raise FileError(f"”{name}” går inte att läsa: {error.problem}", fix=error.fix) from error
            pages[row["id"]] = page
            about, at = str(row["description"] or ""), str(row["created"] or "")
            yield ProjectSource(self._guid("document", row["id"]), name, text, about, at=at)

    def _codes(self) -> Iterator[ProjectCode]:
        """Yield the tags; one named "a.b" is under the tag "a" when there is one."""
        rows = self._database.rows("tags", "id", "path", "description")
        by_path = {str(row["path"]): self._guid("tag", row["id"]) for row in rows}
        for row in rows:
            above, _, last = str(row["path"]).rpartition(".")
            name = last if above in by_path else str(row["path"])
            guid = by_path[str(row["path"])]
            yield ProjectCode(guid, name, by_path.get(above), str(row["description"] or ""))

    def _selections(self, pages: dict[object, _Page], users: dict[str, User]) -> Iterator[Selection]:
        tags: dict[object, list[str]] = {}
        for row in self._database.rows("highlight_tags", "highlight_id", "tag_id"):
            tags.setdefault(row["highlight_id"], []).append(self._guid("tag", row["tag_id"]))
        makers = self._makers()
        mended = 0
        for row in self._database.rows("highlights", "id", "document_id", "start_offset", "end_offset", "snippet"):
            page = pages.get(row["document_id"])
            quoted = _Page(str(row["snippet"] or "")).shown
            span = page.span(int(row["start_offset"]), int(row["end_offset"])) if page else None
            if page and quoted and not (span and _bare(page.shown[span.start : span.end]) == _bare(quoted)):
                span, mended = _only_place(page.shown, quoted), mended + 1
            if page is None or span is None:
                self._remarks.append(
                    f"Markeringen ”{squeeze(quoted)[:60]}” går inte att placera i texten och följde inte med."
                )
                continue
            places = Places(page.shown, span)
            login, at = makers.get(row["id"], ("", ""))
            user = users[login].guid if login in users else ""
            source, own = self._guid("document", row["document_id"]), self._guid("highlight", row["id"])
            yield Selection(own, source, places[span.start], places[span.end], tuple(tags.get(row["id"], ())), user, at)
        if mended:
            self._remarks.append(f"{mended} markeringar pekade inte på sitt citat; de som gick placerades efter det.")

    def _makers(self) -> dict[object, tuple[str, str]]:
        """Return who first made each highlight, and when: Taguette notes it only in its log of commands."""
        makers: dict[object, tuple[str, str]] = {}
        for row in self._database.rows("commands", "user_login", "date", "payload"):
            try:
                payload = json.loads(row["payload"])
                if payload["type"] == "highlight_add":
                    number = payload.get("highlight_id", payload.get("id"))
                    makers.setdefault(number, (str(row["user_login"] or ""), str(row["date"] or "")))
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # a command of another kind or version
        return makers

    def _notes(self, description: object) -> Iterator[ProjectNote]:
        yield from note(description, "project", "", self._key, "projekt")


def _bare(text: str) -> str:
    """Return a text without its blanks: how blocks are set apart is told by no one."""
    return "".join(text.split())


def _only_place(text: str, quoted: str) -> Span | None:
    """Return where words stand, whatever blanks are between them, None when that is nowhere or in several places."""
    found = find_typed(text, quoted)
    return found[0] if len(found) == 1 else None
