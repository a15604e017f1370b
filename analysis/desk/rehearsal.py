"""The desk's first page, worked out once before processes are forked: nobody waits for a process to have begun."""

from __future__ import annotations

from analysis.desk.on_time import on_time_tables
from analysis.desk.overview import work_out
from analysis.figures.store.change_stamps import fetch_rated_years
from analysis.presentation.scope import Scope
from survey.foundation.storage.database import db
from survey.foundation.this_app import this_app
from survey.registry.models import Province
from survey.registry.queries import count_counters, fetch_province_ids


def rehearse_overview() -> None:
    """All sectors of the first province that collects answers, in the last year that has some."""
    for id_ in sorted(fetch_province_ids().values()):
        years = fetch_rated_years(id_) if count_counters(id_) else ()
        if not years:
            continue
        scope = Scope(db.session.get_one(Province, id_))
        with this_app().test_request_context():
            work_out(scope, years[-1])
            on_time_tables(scope, years[-1])
        return
