"""The parts that pull a figure down or up, as a page may show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.figure import Figures
from analysis.figures.register import Register
from analysis.statistics.contributions import Contribution, contributions
from analysis.statistics.disclosure.primary import FEWEST_STAFF

MOST = 8


@dataclass(frozen=True)
class Pull:
    """A row of the table; `share` is None where several parts are summed or too few answered."""

    code: str | None
    name: str
    gap: float
    weight: float
    share: float | None
    n: int


@dataclass(frozen=True)
class Pulls:
    """Rows that sum to the gap between estimate and target, the strongest pull down first."""

    gap: float
    rows: tuple[Pull, ...]


def agency_pulls(figures: Figures, register: Register) -> Pulls | None:
    """By agency; None where there is no target or no weighted estimate."""
    names = {agency.code: agency.name for agency in register.agencies.values()}
    return _pulls(figures, names, "agency")


def service_pulls(figures: Figures, register: Register) -> Pulls | None:
    """By service; answers of agencies whose services are weighted as one stand in a row of their own."""
    names = {service.code: service.name for service in register.services.values()}
    return _pulls(figures, names | {"": _("(cả ngành)")}, "service")


def _pulls(figures: Figures, names: Mapping[str, str], kind: str) -> Pulls | None:
    if figures.threshold is None or figures.cells is None or figures.total.estimate is None:
        return None
    of_post_strata = [one.agency if kind == "agency" else one.service for one in figures.post_strata]
    parts = contributions(figures.cells, float(figures.threshold.threshold), of_post_strata)
    if not parts:
        return None
    return Pulls(sum(part.gap for part in parts), tuple(_rows(parts, names)))


def _rows(parts: list[Contribution], names: Mapping[str, str]) -> list[Pull]:
    """The strongest few by name; the rest, and all with too few answers to show, summed."""
    shown = [part for part in parts if part.n >= FEWEST_STAFF]
    strongest = sorted(shown, key=lambda part: -abs(part.gap))[:MOST]
    chosen = [part for part in shown if part in strongest]
    rows = [
        Pull(part.part or None, names.get(part.part, part.part), part.gap, part.weight, part.share, part.n)
        for part in chosen
    ]
    rest = [part for part in parts if part not in chosen]
    if rest:
        rows.append(_sum(rest))
    return rows


def _sum(parts: list[Contribution]) -> Pull:
    return Pull(
        None,
        "",
        sum(part.gap for part in parts),
        sum(part.weight for part in parts),
        None,
        sum(part.n for part in parts),
    )
