"""The rules that SQLite keeps by trigger: history is append-only, coded text stays, a quote is as its span."""

from __future__ import annotations

from collections.abc import Iterator

_QUOTE_DIFFERS = (
    '(SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM transcripts WHERE id = NEW.transcript)'
    " IS NOT NEW.quote"
)
_CODED = "EXISTS (SELECT 1 FROM codings WHERE transcript = {row}.id)"


def _rules() -> Iterator[tuple[str, str, str, str]]:
    """Yield (name, event, condition, message) per rule; an insert that replaces a row is caught as well."""
    fixed = "historiken kan inte ändras"
    yield "history_no_update", "UPDATE ON history", "1", fixed
    yield "history_no_delete", "DELETE ON history", "1", fixed
    yield "history_no_replace", "INSERT ON history", "EXISTS (SELECT 1 FROM history WHERE id = NEW.id)", fixed
    coded = "texten är kodad och kan inte ändras"
    yield (
        "coded_text_stays",
        "UPDATE OF text ON transcripts",
        f"{_CODED.format(row='OLD')} AND NEW.text IS NOT OLD.text",
        coded,
    )
    yield "coded_text_not_replaced", "INSERT ON transcripts", _CODED.format(row="NEW"), coded
    for table in ("codings", "suggestions", "memo_spans"):
        for kind, columns in (("insert", ""), ("update", ' OF start, "end", quote, transcript')):
            name = f"{table}_quote_{kind}"
            yield name, f"{kind.upper()}{columns} ON {table}", _QUOTE_DIFFERS, "citatet stämmer inte med texten"


TRIGGERS = tuple(
    f"CREATE TRIGGER {name} BEFORE {event} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for name, event, condition, message in _rules()
)
"""One CREATE TRIGGER statement per rule."""
