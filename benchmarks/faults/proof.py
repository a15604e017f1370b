"""The proof after a run: what was acknowledged is stored, once; counts and figures are those of the answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import create_engine, delete, text

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.store.models import RatingSums
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing

TALLIES = "SELECT item, value, sum(count) FROM tallies GROUP BY item, value"


def differences(url: str, thanked: set[str]) -> list[str]:
    """What is missing, stored twice, or counted otherwise than a recount does."""
    engine = create_engine(url)
    with engine.connect() as connection:
        stored = Counter(connection.scalars(text("SELECT comment FROM responses WHERE comment LIKE 'Lời số %'")))
        recount: Counter[tuple[str, int]] = Counter()
        for answers in connection.scalars(text("SELECT answers FROM responses")):
            recount.update((json.loads(answers) if isinstance(answers, str) else answers).items())
        kept = {(item, value): int(count) for item, value, count in connection.execute(text(TALLIES)) if count}
        ids = connection.scalar(text("SELECT count(*) - count(DISTINCT id) FROM responses"))
    engine.dispose()
    wrong = [f"missing: {words}" for words in thanked - set(stored)]
    wrong += [f"{count} times: {words}" for words, count in stored.items() if count > 1]
    wrong += [f"{ids} ids stand twice"] if ids else []
    return wrong if recount == kept else [*wrong, f"tallies differ: {_unlike(kept, recount)}"]


def _unlike(kept: dict[tuple[str, int], int], recount: Counter[tuple[str, int]]) -> list[str]:
    cells = kept.keys() | recount.keys()
    return [f"{cell}: {kept.get(cell)} != {recount[cell]}" for cell in cells if kept.get(cell) != recount[cell]]


def figures_differ(app: Flask) -> list[str]:
    """Figures made of what was kept under fire that are not those made of the ratings themselves."""
    with app.app_context():
        forget_everything()
        from_kept = list(_figures())
        with writing() as session:
            session.execute(delete(RatingSums))
        forget_everything()
        from_ratings = list(_figures())
    return [
        f"{kept[0]}: {kept[1:]} != {other[1:]}"
        for kept, other in zip(from_kept, from_ratings, strict=True)
        if kept != other
    ]


def _figures() -> Iterator[tuple[object, ...]]:
    db.session.rollback()
    period = Period.parse(str(today().year))
    for subject in ("agency_service", "procedures", "health_service"):
        for by in ("agency", "month", "channel"):
            for figure in answer(FigureQuery(province="dak-lak", subject=subject, period=period, by=by)).figures:
                yield (subject, by, figure.domain), figure.answers, figure.estimate
