"""The tables, with the rules of the field repeated as constraints. Version 3.

Written once in SQLAlchemy Core for SQLite and PostgreSQL; the rules no constraint can say are in
``sqlite_rules``. What hangs on a decision (facets, citations) is never deleted along in silence: there is no
cascade on it, so the history always knows what went.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 3

metadata = MetaData()


def _table(name: str, *parts: Column[int] | Column[str] | Column[float] | object) -> Table:
    """Return a table whose every row says who and when: a person or the program, and an ISO time in UTC."""
    stamp = (Column("at", String(32), nullable=False), Column("who", String(80), nullable=False))
    return Table(name, metadata, *parts, *stamp, sqlite_autoincrement=True)  # type: ignore[arg-type]


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


study = _table("study", Column("name", String(80), primary_key=True), Column("value", Text, nullable=False))

protocols = _table(
    "protocols",
    Column("group", String(40), primary_key=True),
    Column("title", Text, nullable=False),
    Column("yaml", Text, nullable=False),
    Column("place", Integer, nullable=False),
)

codebooks = _table(
    "codebooks",
    _id(),
    Column("name", String(80), nullable=False),
    Column("yaml", Text, nullable=False),
)

banks = _table(
    "banks",
    Column("name", String(80), primary_key=True),
    Column("text", Text, nullable=False),
)

codes = _table("codes", Column("id", String(60), primary_key=True), Column("name", Text, nullable=False))

former_codes = _table(
    "former_codes",
    Column("id", String(60), primary_key=True),
    Column("now", String(60), ForeignKey("codes.id")),
)

facet_values = _table(
    "facet_values",
    Column("facet", String(40), primary_key=True),
    Column("value", String(40), primary_key=True),
    Column("name", Text, nullable=False),
)

respondents = _table(
    "respondents",
    Column("code", String(20), primary_key=True),
    Column("group", String(40), ForeignKey("protocols.group"), nullable=False),
    CheckConstraint("length(code) > 0", name="respondent_has_code"),
)

attributes = _table(
    "attributes",
    Column("respondent", String(20), ForeignKey("respondents.code", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("place", Integer, nullable=False),
)

transcripts = _table(
    "transcripts",
    _id(),
    Column("respondent", String(20), ForeignKey("respondents.code"), nullable=False),
    Column("wave", Integer, nullable=False),
    Column("date", String(10), nullable=False),
    Column("minutes", Integer),
    Column("interviewer", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_hash", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    UniqueConstraint("respondent", "wave", name="one_interview_per_wave"),
    CheckConstraint("wave >= 1", name="wave_from_one"),
)

turns = _table(
    "turns",
    Column("transcript", Integer, ForeignKey("transcripts.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("role", String(12), nullable=False),
    Column("label", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("question", String(60)),
    CheckConstraint("role IN ('interviewer', 'respondent', 'note')", name="known_role"),
    CheckConstraint('start >= 0 AND "end" > start', name="turn_has_length"),
)

turn_times = _table(
    "turn_times",
    Column("transcript", Integer, ForeignKey("transcripts.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("begins", Float, nullable=False),
    Column("ends", Float),
    CheckConstraint("begins >= 0 AND (ends IS NULL OR ends >= begins)", name="time_goes_forward"),
)
"""Where in the recording a turn is said, in seconds."""

plans = _table(
    "plans",
    Column("group", String(40), ForeignKey("protocols.group"), primary_key=True),
    Column("number", Integer, nullable=False),
    CheckConstraint("number >= 0", name="plan_from_zero"),
)
"""How many are to be interviewed in each group."""

identities = _table(
    "identities",
    Column("kind", String(12), primary_key=True),
    Column("own", Text, primary_key=True),
    Column("guid", String(36), nullable=False),
    UniqueConstraint("kind", "guid", name="one_thing_per_guid"),
)
"""What things are called in projects they were read from (REFI-QDA's GUIDs), so that they keep their names."""

doubts = _table(
    "doubts",
    _id(),
    Column("transcript", Integer, ForeignKey("transcripts.id", ondelete="CASCADE"), nullable=False),
    Column("turn", Integer),
    Column("kind", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("fix", Text, nullable=False),
    Column("settled", Integer, nullable=False, default=0),
    CheckConstraint("settled IN (0, 1)", name="settled_or_not"),
)

drafts = _table(
    "drafts",
    _id(),
    Column("group", String(40), ForeignKey("protocols.group"), nullable=False),
    Column("respondent", String(20), nullable=False),
    Column("wave", Integer, nullable=False),
    Column("date", String(10), nullable=False),
    Column("interviewer", Text, nullable=False),
    Column("seconds", Integer, nullable=False, default=0),
    Column("transcript", Integer, ForeignKey("transcripts.id", ondelete="SET NULL")),
    CheckConstraint("length(respondent) > 0", name="draft_has_respondent"),
    CheckConstraint("wave >= 1", name="draft_wave_from_one"),
    CheckConstraint("seconds >= 0", name="draft_time_from_zero"),
)

draft_answers = _table(
    "draft_answers",
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("field", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)


def _span_columns() -> tuple[object, ...]:
    return (
        Column("transcript", Integer, ForeignKey("transcripts.id"), nullable=False),
        Column("start", Integer, nullable=False),
        Column("end", Integer, nullable=False),
        Column("quote", Text, nullable=False),
        Column("code", String(60), ForeignKey("codes.id"), nullable=False),
        CheckConstraint('start >= 0 AND "end" > start'),
        CheckConstraint('length(quote) = "end" - start'),
    )


def _facets_of(owner: str, *more: Column[float]) -> Table:
    return _table(
        f"{owner[:-1]}_facets",
        Column("owner", Integer, ForeignKey(f"{owner}.id"), primary_key=True),
        Column("facet", String(40), primary_key=True),
        Column("value", String(40), nullable=False),
        *more,
        ForeignKeyConstraint(["facet", "value"], ["facet_values.facet", "facet_values.value"]),
    )


suggestions = _table(
    "suggestions",
    _id(),
    *_span_columns(),
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("suggester", String(40), nullable=False),
    Column("version", String(20), nullable=False),
    Column("status", String(10), nullable=False, default="open"),
    Column("decided_by", String(80)),
    Column("decided_at", String(32)),
    Column("confidence", Float),
    Column("others", Text),
    CheckConstraint("score >= 0 AND score <= 1", name="score_is_share"),
    CheckConstraint("status IN ('open', 'accepted', 'changed', 'rejected')", name="known_status"),
    CheckConstraint("(status = 'open') = (decided_by IS NULL)", name="decided_by_somebody"),
    Index("suggestions_by_place", "transcript", "start"),
)
suggestion_facets = _facets_of("suggestions", Column("confidence", Float))

codings = _table(
    "codings",
    _id(),
    *_span_columns(),
    Column("coder", String(80), nullable=False),
    Column("suggestion", Integer, ForeignKey("suggestions.id")),
    CheckConstraint("length(trim(coder)) > 0", name="coded_by_somebody"),
    Index("codings_by_place", "transcript", "start"),
    Index("codings_by_suggestion", "suggestion"),
)
coding_facets = _facets_of("codings")

blind = _table(
    "blind",
    _id(),
    Column("transcript", Integer, ForeignKey("transcripts.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("coder", String(80), nullable=False),
    Column("status", String(8), nullable=False, default="open"),
    UniqueConstraint("transcript", "start", "end", "coder", name="blind_once"),
    CheckConstraint('start >= 0 AND "end" > start', name="blind_has_length"),
    CheckConstraint("status IN ('open', 'coded', 'nothing')", name="known_blind_status"),
)

memos = _table(
    "memos",
    _id(),
    Column("target", String(12), nullable=False),
    Column("target_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    CheckConstraint("target IN ('coding', 'code', 'respondent', 'transcript', 'study')", name="known_target"),
)

memo_spans = _table(
    "memo_spans",
    Column("memo", Integer, ForeignKey("memos.id"), primary_key=True),
    Column("transcript", Integer, ForeignKey("transcripts.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    CheckConstraint('start >= 0 AND "end" > start', name="memo_span_has_length"),
    CheckConstraint('length(quote) = "end" - start', name="memo_quote_has_length"),
)
"""The place a memo on a transcript is about, when it is about a place."""

swot_items = _table(
    "swot_items",
    _id(),
    Column("field", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("weight", Integer, nullable=False, default=0),
    CheckConstraint("field IN ('styrka', 'svaghet', 'mojlighet', 'hot')", name="known_field"),
)

swot_cites = _table(
    "swot_cites",
    Column("item", Integer, ForeignKey("swot_items.id"), primary_key=True),
    Column("valence", String(40), primary_key=True),
    Column("code", String(60), ForeignKey("codes.id"), primary_key=True),
    Column("party", String(40), primary_key=True),
)

swot_places = _table(
    "swot_places",
    Column("item", Integer, ForeignKey("swot_items.id"), primary_key=True),
    Column("place", Float, nullable=False),
)

measures = _table(
    "measures",
    _id(),
    Column("text", Text, nullable=False),
    Column("party", String(40), nullable=False),
    Column("due", Text, nullable=False, default=""),
    Column("follow_up", Text, nullable=False, default=""),
)

measure_cites = _table(
    "measure_cites",
    Column("measure", Integer, ForeignKey("measures.id"), primary_key=True),
    Column("item", Integer, ForeignKey("swot_items.id"), primary_key=True),
)

history = _table(
    "history",
    _id(),
    Column("action", String(40), nullable=False),
    Column("summary", Text, nullable=False),
    Column("changes", Text),
    Column("kind", String(4), nullable=False, default="do"),
    Column("target", Integer, ForeignKey("history.id")),
    CheckConstraint("kind IN ('do', 'undo', 'redo')", name="known_kind"),
    CheckConstraint("(kind = 'do') = (target IS NULL)", name="undo_has_target"),
)
