"""What a study gives out beside its own verbs: each noun is made, and its module loaded, when it is first asked for.

Most work needs few of them, and to load them all takes longer than to load the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intervjukit.accounts import Method
    from intervjukit.archiving import Archive
    from intervjukit.closely import CloseReading
    from intervjukit.comments import Comments
    from intervjukit.deciding import Deciding
    from intervjukit.drafts import Drafts
    from intervjukit.evaluation import Agreement
    from intervjukit.exchange import Exchange
    from intervjukit.forms import Forms
    from intervjukit.learned import Learned
    from intervjukit.material import Material
    from intervjukit.plans import Plan
    from intervjukit.privacy import Privacy
    from intervjukit.reporting import Reports
    from intervjukit.surveys import Surveys
    from intervjukit.tables import Tables
    from intervjukit.themes import Themes
    from intervjukit.threads import RedThread


class Nouns:
    """The nouns, as attributes of the study that they belong to."""

    material: Material
    themes: Themes
    drafts: Drafts
    surveys: Surveys
    forms: Forms
    agreement: Agreement
    plan: Plan
    privacy: Privacy
    thread: RedThread
    method: Method
    tables: Tables
    archive: Archive
    reports: Reports
    comments: Comments
    exchange: Exchange
    close_reading: CloseReading
    _deciding: Deciding
    _learned: Learned

    if not TYPE_CHECKING:  # for which any name would then be an attribute

        def __getattr__(self, name: str) -> object:
            """Make a noun the first time; from then on it is an ordinary attribute."""
            if name not in _MADE_OF:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            place, parts = _MADE_OF[name]
            module, _, kind = place.partition(".")
            made = getattr(import_module(f"intervjukit.{module}"), kind)(*parts(self))
            setattr(self, name, made)
            return made

    def __dir__(self) -> list[str]:
        """Return the names there are, also of nouns not made yet."""
        return [*super().__dir__(), *_MADE_OF]


def _guides(study: Any) -> Callable[[], object]:
    return lambda: study.protocols


def _book(study: Any) -> Callable[[], object]:
    return lambda: study.codebook


_MADE_OF: Mapping[str, tuple[str, Callable[[Any], tuple[object, ...]]]] = {
    "material": ("material.Material", lambda s: (s._store,)),
    "themes": ("themes.Themes", lambda s: (s._store, s._who)),
    "drafts": ("drafts.Drafts", lambda s: (s._store, s._who, _guides(s))),
    "surveys": ("surveys.Surveys", lambda s: (s._store, s._who, _guides(s))),
    "forms": ("forms.Forms", lambda s: (s._store, s.drafts, _guides(s))),
    "agreement": (
        "evaluation.Agreement",
        lambda s: (s._store, s._who, _book(s), _guides(s), lambda progress: s._learned.suggester(progress)),
    ),
    "plan": ("plans.Plan", lambda s: (s._store, s._who, s)),
    "privacy": ("privacy.Privacy", lambda s: (s._store, s._who, s.folder)),
    "thread": ("threads.RedThread", lambda s: (s._store, s)),
    "method": ("accounts.Method", lambda s: (s._store, s)),
    "tables": ("tables.Tables", lambda s: (s,)),
    "archive": ("archiving.Archive", lambda s: (s._store, s)),
    "reports": ("reporting.Reports", lambda s: (s._store, s, s.folder)),
    "comments": ("comments.Comments", lambda s: (s._store, s._who, _book(s), _guides(s))),
    "exchange": ("exchange.Exchange", lambda s: (s._store, s._who, _book(s), _guides(s))),
    "_deciding": ("deciding.Deciding", lambda s: (s._store, s._who, _book(s))),
    "close_reading": ("closely.CloseReading", lambda s: (s._store, _book(s), s.folder)),
    "_learned": ("learned.Learned", lambda s: (s._store, s.themes, _guides(s), s.folder, s.close_reading)),
}
"""Name → module and class, and what one is made of."""
