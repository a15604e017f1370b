"""A hospital of whose answers few came by each of the rarer ways, and which of its selections lie in which."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as figures_of
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Service
from tests.desk.world import hand_in, submissions

FEWEST = 10
HOSPITAL = "bv-tinh"
ITEM = "access_signs"
"""A detailed question that only some answered."""
PERIODS = ("2026", "2026-Q3", "2026-Q4", "2026-09", "2026-10")
FILTERS = {
    "service": ("kham-benh", "noi-tru"),
    "field": ("Khám bệnh", "Chữa bệnh"),
    "channel": ("qr", "paper", "kiosk"),
    "language": ("vi", "en"),
}
WITHIN = {"kham-benh": "Khám bệnh", "noi-tru": "Chữa bệnh"}
Selected = frozenset[tuple[str, str]]
Chosen = Mapping[str, str]
MEASURES = ("n", "received")


class Told(NamedTuple):
    """What a place says of a selection; `about`: of all its answers (''), or of those to a detailed question."""

    chosen: Selected
    n: int | None
    received: int | None
    place: str
    about: str = ""


def fill(app: Flask) -> None:
    """Answers of two months, some of them naming no service, of some of whom a detailed question was asked."""
    rng = random.Random(20261120)
    with app.app_context():
        for month in ("2026-09", "2026-10"):
            for channel, language, named, most in (
                ("qr", "en", True, 14),
                ("paper", "vi", True, 30),
                ("paper", "en", True, 4),
                ("paper", "vi", False, 3),
                ("kiosk", "vi", True, 25),
                ("kiosk", "vi", False, 6),
            ):
                for service in ("kham-benh", "noi-tru"):
                    count, face = rng.randint(1, most), rng.choice((2, 5))
                    more = {"channel": channel, "language": language}
                    asked = 2 * count // 3
                    answers = {"overall_health": face, ITEM: face}
                    hand_in(
                        submissions(HOSPITAL, service, f"{month}-14", count - asked, face, named, **more)
                        + submissions(HOSPITAL, service, f"{month}-14", asked, face, named, answers=answers, **more)
                    )


def selected(chosen: Chosen) -> Selected:
    """What a reader asked for of the hospital."""
    return frozenset({**chosen, "agency": HOSPITAL}.items())


def query_of(chosen: Chosen, by: str | None = None, items: tuple[str, ...] = ()) -> FigureQuery:
    """The question behind a selection."""
    return FigureQuery(
        by=by,
        items=items,
        province="dak-lak",
        subject="health_service",
        period=Period.parse(chosen["period"]),
        agencies=frozenset({id_of(Agency, HOSPITAL)}),
        services=services_of(chosen),
        channels=frozenset({chosen["channel"]}) if "channel" in chosen else None,
        languages=frozenset({chosen["language"]}) if "language" in chosen else None,
    )


def keys_about(chosen: Chosen, by: str, items: tuple[str, ...] = ()) -> dict[str, Selected]:
    """Which selection each key stands for that a page about one may print, with its breakdown."""
    about = {figures_of(query_of(chosen, items=items)).total.key: selected(chosen)}
    for row in figures_of(query_of(chosen, by, items)).figures:
        name = "period" if by == "month" else by
        if row.domain in (*PERIODS, *FILTERS.get(by, ())):
            about[row.key] = selected({**chosen, name: row.domain})
    return about


def left_over(told: Iterable[Told], fewest: int = FEWEST) -> tuple[int, list[tuple[int, Told, Told]]]:
    """How many pairs of numbers a reader can subtract, and those of which too few are left."""
    pairs, thin = 0, []
    for wider, narrower in permutations(set(told), 2):
        if wider.about != narrower.about or not contains(wider.chosen, narrower.chosen):
            continue
        for measure in MEASURES:
            more, fewer = getattr(wider, measure), getattr(narrower, measure)
            if more is not None and fewer is not None:
                pairs += 1
                if more != fewer and abs(more - fewer) < fewest:
                    thin.append((more - fewer, wider, narrower))
    return pairs, thin


def id_of(model: type[Agency] | type[Service], code: str) -> int:
    return db.session.query(model.id).filter_by(code=code).one()[0]


def services_of(chosen: Chosen) -> frozenset[int] | None:
    if not chosen.keys() & {"service", "field"}:
        return None
    codes = [code for code, field in WITHIN.items() if chosen.get("field", field) == field]
    return frozenset(id_of(Service, code) for code in codes if chosen.get("service", code) == code)


def contains(wider: Selected, narrower: Selected) -> bool:
    """Whether every answer of one selection is among those of the other, whatever was answered."""
    own = dict(narrower)
    months = set(Period.parse(own["period"]).months)
    field = own.get("field") or WITHIN.get(own.get("service", ""))
    return all(
        (name == "period" and months <= set(Period.parse(value).months))
        or (name == "field" and value == field)
        or own.get(name) == value
        for name, value in wider
    )


def combinations(rng: random.Random, count: int) -> Iterator[dict[str, str]]:
    """The whole, and filters set at random: none to four at once."""
    yield from ({"period": period} for period in PERIODS)
    for _place in range(count):
        names = rng.sample(sorted(FILTERS), rng.randint(1, 3))
        chosen = {name: rng.choice(FILTERS[name]) for name in names} | {"period": rng.choice(PERIODS)}
        if "service" not in chosen or chosen.get("field", WITHIN[chosen["service"]]) == WITHIN[chosen["service"]]:
            yield chosen
