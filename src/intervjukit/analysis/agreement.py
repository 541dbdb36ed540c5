"""Comparisons of coders and suggestions as pandas tables, and as one figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from html import escape

import pandas as pd

from intervjukit.analysis.charts import INK, Chart, canvas, font, png
from intervjukit.core.agreement import interval, kappa, share
from intervjukit.core.blind import Anchoring, BlindPlace
from intervjukit.core.comparison import CodeLikeness, Comparison, Disagreement, Likeness
from intervjukit.core.comparison_words import Name, decimal, percent, told

_SPANS = ("interviews", "one", "other", "both", "precision", "recall", "f1", "per_true", "micro", "macro")
_WORK = ("among_three", "true", "shown", "accepted", "acceptance", "saved")
_CODES = ("code", "name", "one", "other", "both", "f1", "kappa", "alpha", "enough")
_FACETS = ("facet", "value", "one", "other", "both", "f1", "macro", "kappa", "alpha", "enough")
_COURSE = (
    "place",
    "respondent",
    "group",
    "learned",
    "true",
    "shown",
    "accepted",
    "acceptance",
    "saved",
    "saved_so_far",
)
_BLIND = ("id", "respondent", "group", "start", "end", "quote", "coder", "status")
_SECOND = "#B4532A"
_MOST_CODES = 31


class AgreementTables:
    """A comparison as DataFrames: ``spans``, ``groups``, ``codes``, ``facets``, ``disagreements``, ``course``.

    "One" is held to be right, "other" is the second coder or the suggester. ``comparison`` holds the same as plain
    objects, ``told`` says it in Swedish.
    """

    def __init__(self, comparison: Comparison, name: Name) -> None:
        """Show ``comparison``; ``name`` gives codes, facets and groups their shown names."""
        self.comparison, self.name = comparison, name

    @property
    def told(self) -> list[str]:
        """What the comparison says, sentence by sentence."""
        return told(self.comparison, self.name)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """One row for all of it: interviews, places of one, other and both, precision, recall, f1, per_true, and more.

        micro and macro are F1 of the codes on places both have, each facet's column its macro-F1. With the suggester
        also among_three (R@3), true, shown and accepted codings, acceptance and saved (share of key presses).
        """
        return self._likeness([self.comparison.whole]).drop(columns=["group"])

    @cached_property
    def groups(self) -> pd.DataFrame:
        """One row per respondent group, columns as ``spans``."""
        return self._likeness(self.comparison.groups)

    def _likeness(self, rows: Iterable[Likeness]) -> pd.DataFrame:
        facets = list(self.comparison.whole.facets)
        columns = ["group", *_SPANS, *facets, *(_WORK if self.comparison.machine else ())]
        made = [
            {key: getattr(row, key, None) for key in columns}
            | dict(row.facets)
            | {"acceptance": share(row.accepted, row.shown)}
            for row in rows
        ]
        return pd.DataFrame(made, columns=columns)

    @cached_property
    def codes(self) -> pd.DataFrame:
        """One row per code that is used, least alike first: see core.comparison.CodeLikeness."""
        columns = [*_CODES, *(("among_three", "work_saved") if self.comparison.machine else ())]
        rows = [
            {key: getattr(code, key, None) for key in columns} | {"name": self.name("code", code.code)}
            for code in self._codes()
        ]
        return pd.DataFrame(rows, columns=columns)

    def _codes(self) -> list[CodeLikeness]:
        ordered = self.comparison.ordered_codes()
        known = {code.code for code in ordered}
        return [*ordered, *(code for code in self.comparison.codes if code.code not in known)]

    @cached_property
    def facets(self) -> pd.DataFrame:
        """One row per facet (value "") and per value: places, f1, macro, kappa, alpha where both have the place."""
        rows = [{key: getattr(row, key) for key in _FACETS} for row in self.comparison.facets]
        return pd.DataFrame(rows, columns=list(_FACETS))

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """One row per place the two do not agree on, with what each says, and the ids of the codings to settle it by.

        ``about`` lists what differs: "place" when only one has it, else "code" and the facets.
        """
        facets = list(self.comparison.whole.facets)
        sides = ("", "other_")
        columns = ["respondent", "group", "transcript", "start", "end", "about"]
        columns += [f"{side}{part}" for part in ("quote", "code", *facets, "codings") for side in sides]
        rows = [_disagreement(found, facets) for found in self.comparison.disagreements]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def course(self) -> pd.DataFrame:
        """One row per interview in the order they were coded; empty unless the suggester was tried in that order."""
        rows = [{key: getattr(step, key) for key in _COURSE} for step in self.comparison.course]
        return pd.DataFrame(rows, columns=list(_COURSE))

    def chart(self) -> Chart:
        """Draw it: the work saved over time when there is a course, else F1 (coders: alpha) of every code."""
        return _course_chart(self) if self.comparison.course else _code_chart(self)

    def __repr__(self) -> str:
        return "\n".join(self.told)

    def _repr_html_(self) -> str:
        title = f"{self.comparison.one} och {self.comparison.other}"
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.told)
        tables = "".join(
            f"<h4>{head}</h4>{_rounded(frame).to_html(index=False, max_rows=60)}"
            for head, frame in (("Per grupp", self.groups), ("Per tema", self.codes))
        )
        return f"<b>{escape(title)}</b><ul>{lines}</ul>{tables}"


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.round(2)


def _disagreement(found: Disagreement, facets: Sequence[str]) -> dict[str, object]:
    place = found.one or found.other
    assert place is not None
    row: dict[str, object] = {
        "respondent": place.respondent,
        "group": place.group,
        "transcript": place.transcript,
        "start": place.span.start,
        "end": place.span.end,
        "about": list(found.about),
    }
    for side, passage in (("", found.one), ("other_", found.other)):
        row[f"{side}quote"] = passage.quote if passage else ""
        row[f"{side}code"] = sorted(passage.codes) if passage else []
        row[f"{side}codings"] = list(passage.codings) if passage else []
        for facet in facets:
            row[f"{side}{facet}"] = ", ".join(sorted(passage.values(facet))) if passage else ""
    return row


# --- the blind sample -----------------------------------------------------------------------------------


def blind_places_table(places: Iterable[BlindPlace]) -> pd.DataFrame:
    """One row per place in the blind sample: id, respondent, group, start, end, quote, coder, status."""
    return pd.DataFrame([{key: getattr(place, key) for key in _BLIND} for place in places], columns=list(_BLIND))


class BlindTables:
    """What the blind sample says: ``groups``, ``threshold`` (None when too little is coded) and ``anchoring``."""

    def __init__(
        self,
        places: Sequence[BlindPlace],
        scores: Mapping[int, float],
        proposed: Collection[int],
        least: float,
        threshold: float | None,
        anchoring: Anchoring,
        name: Name,
    ) -> None:
        """Show the sample; ``scores`` are the suggester's for the settled places by id.

        ``proposed`` are the ids of those it proposes when it proposes few, ``least`` its own limit for many.
        """
        self._places, self._scores, self._proposed, self._name = places, scores, proposed, name
        self._limit = least if threshold is None else threshold
        self.threshold, self.anchoring = threshold, anchoring

    @cached_property
    def groups(self) -> pd.DataFrame:
        """One row per group and, last, one for all (group ""): drawn, settled, coded, what of it suggestions find.

        found, recall, low and high (95 % interval) are with few suggestions (economical); found_complete and
        recall_complete with many, by the calibrated threshold when there is one; read_complete is the share of the
        sample that is then shown. kappa is the coder against the suggestions: is there something to code or not.
        """
        names = list(dict.fromkeys(place.group for place in self._places))
        return pd.DataFrame([self._row(group) for group in (*names, "")])

    def _row(self, group: str) -> dict[str, object]:
        drawn = [place for place in self._places if group in ("", place.group)]
        settled = [place for place in drawn if place.id in self._scores]
        coded = [place for place in settled if place.status == "coded"]
        few = sum(place.id in self._proposed for place in coded)
        many = sum(self._scores[place.id] >= self._limit for place in coded)
        low, high = interval(few, len(coded)) or (None, None)
        return {
            "group": group,
            "drawn": len(drawn),
            "settled": len(settled),
            "coded": len(coded),
            "found": few,
            "recall": share(few, len(coded)),
            "low": low,
            "high": high,
            "found_complete": many,
            "recall_complete": share(many, len(coded)),
            "read_complete": share(sum(self._scores[p.id] >= self._limit for p in settled), len(settled)),
            "kappa": kappa((p.status == "coded", p.id in self._proposed) for p in settled),
        }

    @property
    def told(self) -> list[str]:
        """What the sample says, sentence by sentence."""
        whole = self._row("")
        n, settled, found = whole["coded"], whole["settled"], whole["found"]
        lines = [f"{settled} av {whole['drawn']} ställen är avgjorda utan förslag: på {n} fanns något att koda."]
        if n:
            lines.append(
                f"Av dem hittar programmet {found} ({_percent(whole['recall'])}; med 95 % säkerhet "
                f"{_percent(whole['low'])}–{_percent(whole['high'])}), utan att ha lärt sig av den egna gruppen. Kappa "
                f"mellan kodaren och programmet är {_decimal(whole['kappa'])}."
            )
        if self.threshold is None:
            lines.append("Det är för lite underlag för att lova att 95 % hittas i det fullständiga läget.")
        else:
            lines.append(
                f"I det fullständiga läget krävs poängen {decimal(self.threshold)} för att hitta minst 95 % i nya "
                f"intervjuer; då visas {_percent(whole['read_complete'])} av det sagda."
            )
        return [*lines, self.anchoring.told()]

    def __repr__(self) -> str:
        return "\n".join(self.told)

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.told)
        return f"<b>Blint urval</b><ul>{lines}</ul>{_rounded(self.groups).to_html(index=False)}"


def _percent(value: object) -> str:
    return percent(value if isinstance(value, float) else None)


def _decimal(value: object) -> str:
    return decimal(value if isinstance(value, float) else None)


# --- the figure -----------------------------------------------------------------------------------------


def _code_chart(tables: AgreementTables) -> Chart:
    """Draw one bar per code with enough to go by, most alike first."""
    made = tables.comparison
    codes = made.ordered_codes()[::-1][:_MOST_CODES]
    names = [tables.name("code", code.code) for code in codes]
    figures = [made.measure(code) or 0.0 for code in codes]
    figure, axes = canvas(6.3, 0.5 + 0.22 * max(len(codes), 2))
    bars = axes.barh(names[::-1], figures[::-1], color=INK, height=0.68)
    axes.bar_label(bars, labels=[decimal(number) for number in figures[::-1]], padding=4, fontfamily=font())
    axes.set_xlim(min(0.0, *figures, 0.0), 1.08)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(left=False)
    measure = "Så ofta är temat rätt på ställen programmet hittade (F1)" if made.machine else "Krippendorffs alfa"
    listed = ", ".join(f"{name} {decimal(number)}" for name, number in zip(names, figures, strict=True))
    return Chart(png(figure), f"Liggande staplar, ett tema per rad. {measure}: {listed or 'för lite underlag'}.")


def _course_chart(tables: AgreementTables) -> Chart:
    """Draw accepted suggestions and saved key presses, interview by interview."""
    steps = tables.comparison.course
    figure, axes = canvas(6.3, 3.1)
    places = [step.place for step in steps]
    nothing = float("nan")
    for values, colour, label, mark in (
        ([step.acceptance for step in steps], _SECOND, "godtagna av visade förslag", "o"),
        ([step.saved_so_far for step in steps], INK, "sparade knapptryck hittills", None),
    ):
        shown = [nothing if value is None else 100 * value for value in values]
        axes.plot(places, shown, color=colour, label=label, marker=mark, markersize=4, linewidth=0 if mark else 2)
    axes.axhline(0, color="#C7D0DA", linewidth=0.8)
    axes.set_xlabel("intervju i den ordning de kodades", fontfamily=font())
    axes.set_ylabel("procent", fontfamily=font())
    axes.spines["left"].set_visible(True)
    axes.legend(frameon=False, loc="best", prop={"family": font()})
    last = steps[-1]
    return Chart(
        png(figure),
        f"Punkter och en linje över {len(steps)} intervjuer i den ordning de kodades. Av visade förslag godtas "
        f"{percent(steps[0].acceptance)} i den första intervjun och {percent(last.acceptance)} i den sista; sparade "
        f"knapptryck är till slut {percent(last.saved_so_far)}.",
    )
