"""What a benchmark finds: figures, each beside something measured in the same run, and how they are printed."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One thing measured beside another.

    `ours` and `beside` are in `unit`, of the same run. `ratios` are those of the interleaved pairs, where there were
    several; else their one quotient. `goal`: what the median ratio must reach ("least") or stay below ("most").
    """

    name: str
    ours: float
    beside: float
    beside_name: str
    unit: str
    ratios: tuple[float, ...] = ()
    goal: float | None = None
    kind: Literal["least", "most"] = "least"
    note: str = ""

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        if self.ratios:
            return statistics.median(self.ratios)
        return self.ours / self.beside if self.beside else float("inf")

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.kind == "least" else self.ratio <= self.goal


@dataclass(frozen=True)
class Chapter:
    """The figures of one subject, with what else is to be said about them, as lines of Markdown."""

    title: str
    figures: Sequence[Figure] = ()
    lines: Sequence[str] = field(default_factory=list)


def number(value: float) -> str:
    """Print a quantity with about three digits, thousands apart; what is counted without a point."""
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def verdict(figure: Figure) -> str:
    """Say whether the goal is met, and if not, by how much it is missed."""
    if figure.goal is None:
        return ""
    bound = f"{'at least' if figure.kind == 'least' else 'at most'} {figure.goal:g}"
    if figure.is_met:
        return f"{bound}: met"
    missing = 1 - figure.ratio / figure.goal if figure.kind == "least" else figure.ratio / figure.goal - 1
    return f"{bound}: missed by {missing:.0%}"


def table(figures: Iterable[Figure]) -> list[str]:
    """Return the lines of a Markdown table; below it the single pairs."""
    figures = list(figures)
    lines = ["| what | Newsroom | beside it | ratio | goal |", "|---|---|---|---|---|"]
    for one in figures:
        beside = f"{number(one.beside)} {one.unit}, {one.beside_name}"
        cells = (one.name, f"{number(one.ours)} {one.unit}", beside, f"{one.ratio:.3g}", verdict(one))
        lines.append(f"| {' | '.join(cells)} |")
    for one in figures:
        if len(one.ratios) > 1:
            lines += ["", f"{one.name}, each pair: {', '.join(f'{ratio:.3g}' for ratio in one.ratios)}."]
        if one.note:
            lines += ["", f"{one.name}: {one.note}"]
    return lines
