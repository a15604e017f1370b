"""Whoever reads what answers say passes the release gate; who does not has a reason."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import travel

from analysis.figures.breakdowns import BREAKDOWNS
from survey.foundation.clock import now
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Counter
from tests.channels.conftest import RECORDED, Visitor
from tests.guards.crawler import endpoint_of
from tests.guards.looks import Look, addresses_about, differing, look
from tests.guards.source import imported, modules, within
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.demonstration import NOON, on_postgresql
from tests.support.run_directory import unique_name
from tests.support.staff import signed_in

ANSWERS = {f"survey.responses.models.{name}" for name in ("Response", "Rating", "SearchableComment", "Tally")}
GATE = "analysis.periods.release"  # release_gate, released: the condition itself
# Modules of analysis that read answers past the gate.
EXCEPTIONS = {
    "analysis.figures.rating_queries": "takes the gate's condition in its scope: weighting.prepare asks for it",
    "analysis.figures.store.aggregates": "takes the gate's condition in its scope",
    "analysis.figures.store.counts": "takes the gate's condition in its scope",
    "analysis.figures.marked_queries": "takes the gate's condition in its scope",
    "analysis.figures.item_value_queries": "takes the gate's condition in its scope",
    "analysis.presentation.selection_queries": "takes off what is held back (analysis.periods.held_back_queries)",
    "analysis.periods.release_queries": "the gate itself: when answers came, never what they say",
    "analysis.presentation.sensitivity_queries": "how many counters answered may be live; never what they say",
    "analysis.targets.coverage_queries": "counts of answers received may be live",
    "analysis.reports.kiosk_day_queries": "on how many days kiosks answered may be live; never what they say",
    "analysis.reports.queries": "which questionnaires were used, never what was answered",
}


def test_whoever_reads_answers_asks_the_release_gate() -> None:
    readers = {
        module.name: {name for _line, name in imported(module)}
        for module in modules()
        if within(module.name, "analysis") and ANSWERS & {name for _line, name in imported(module)}
    }
    past = {
        name for name, names in readers.items() if not any(imported_name.startswith(GATE) for imported_name in names)
    }
    assert past - EXCEPTIONS.keys() == set()
    assert EXCEPTIONS.keys() - readers.keys() == set(), "a reason for nothing"


# What is told of each citizen: what one rates and writes, and what another does who came at the same time.
COMPLAINS = {"overall_health": "1", "comment": "Bác sĩ mắng tôi trước mặt mọi người", "reply": "1"}
PRAISES = {"overall_health": "5", "comment": "Bác sĩ mắng tôi trước mặt mọi người", "reply": "1"}
SILENT = {"overall_health": "5"}
AGENCY, MONTH, YEAR = "DL-BVDK", "2026-11", "2026"
ASKED = f"--province dak-lak --period {MONTH} --subject health_service"
COMMANDS = [
    *(f"analysis estimates {ASKED} --by {by} --format json" for by in BREAKDOWNS),
    f"analysis estimates {ASKED} --audience public --format json",
    f"analysis estimates {ASKED} --method all_items",
    f"analysis questions {ASKED} --format json",
    "analysis verdicts --province dak-lak --year 2026 --format json",
]


class Town:
    """A copy of the demonstration in which one more citizen answers at the hospital's counter."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            of_agency = select(Counter.code).join(Agency).where(Agency.code == AGENCY)
            self.counter = str(db.session.scalar(of_agency.limit(1)))
        values = {"province": "dak-lak", "sector": "health", "recipient": AGENCY, "ending": "pdf", "month": MONTH}
        self.addresses = addresses_about(app, values | {"code": AGENCY, "counter": self.counter}, MONTH, YEAR)
        self.addresses.append(f"/desk/reports/dak-lak/so-y-te/{YEAR}.pdf")  # no agency has enough for one of its own

    def send(self, **answers: str) -> None:
        """One citizen's answer by telephone."""
        citizen = Visitor(self.app.test_client(), self.counter)
        assert RECORDED in citizen.send(citizen.open(), **answers).text

    def look(self, role: str, agency: str | None = AGENCY, addresses: list[str] | None = None) -> Look:
        """All that somebody of this role may read."""
        client = signed_in(self.app, f"doc-{role}-{now():%d}", role, sector="health", agency=agency)
        return look(client, addresses or self.addresses)

    def printed(self) -> dict[str, str]:
        """What commands print."""
        runner = self.app.test_cli_runner()
        return {command: runner.invoke(args=command.split()).output for command in COMMANDS}


Make = Callable[[dict[str, str], int], Town]


@pytest.fixture
def make_town(request: pytest.FixtureRequest, demonstration_file: Path, run_directory: Path) -> Iterator[Make]:
    """Makes towns that differ in nothing but what their last citizen answered, on SQLite or on what a test names."""
    with ExitStack() as stack:
        stack.enter_context(travel(NOON, tick=False))

        def copied() -> str:
            if getattr(request, "param", "sqlite") == "postgresql":
                demonstration: Flask = request.getfixturevalue("demonstration")
                return stack.enter_context(on_postgresql(request, demonstration, run_directory))
            path = run_directory / f"{unique_name()}.sqlite3"
            shutil.copyfile(demonstration_file, path)
            stack.callback(path.unlink)
            return f"sqlite:///{path}"

        def make(answers: dict[str, str], step: int = 10) -> Town:
            url = copied()
            settings = Settings(
                secret_key=SECRET_KEY, database_url=url, log_level="ERROR", testing=True, release_step=step
            )
            town = Town(stack.enter_context(application(settings)))
            town.send(**answers)
            return town

        yield make


def test_whoever_stands_at_the_counter_reads_the_same_whatever_the_citizen_answered(make_town: Make) -> None:
    """Not only are counts, shares and comments held: neither is told that there is a complaint."""
    complaint, silence = make_town(COMPLAINS), make_town(SILENT)
    of_complaint = complaint.look("officer")
    assert len(of_complaint) > 60
    assert differing(of_complaint, silence.look("officer")) == {}
    assert complaint.printed() == silence.printed()
    waited = {"overall_health": "1", "comment": "Chờ lâu quá"}  # accuses nobody, waits for no answer: read in the end
    for town, answers in ((complaint, waited), (silence, SILENT)):
        with travel(NOON + dt.timedelta(hours=1), tick=False):
            for _ in range(12):
                town.send(**answers)
        with travel(NOON + dt.timedelta(hours=2), tick=False):
            for _ in range(12):
                town.send(**answers)
    with travel(NOON + dt.timedelta(days=1), tick=False):
        told = [address for address in complaint.addresses if "/explore" in address or "/comments" in address]
        after = differing(complaint.look("officer", addresses=told), silence.look("officer", addresses=told))
        assert {address.partition("?")[0].rpartition("/")[2] for address in after} >= {"explore", "comments"}


READERS = (("administrator", None), ("auditor", None), ("agency_manager", AGENCY))


@pytest.mark.parametrize(("role", "agency"), READERS)
def test_nobody_else_reads_a_ballot_either(make_town: Make, role: str, agency: str | None) -> None:
    """Whoever may open everything reads a complaint at once, and nothing of what was rated beside it."""
    low, high = make_town(COMPLAINS), make_town(PRAISES)
    read = low.look(role, agency)
    assert len(read) > 60
    assert differing(read, high.look(role, agency)) == {}


READING = {"comments.page", "comments.file", "explore.page", "explore.explain"}
READING |= {"exports.figures", "exports.responses", "reports.download"}


@pytest.mark.parametrize("make_town", ["postgresql"], indirect=True)
def test_postgresql_tells_no_ballot_either(make_town: Make) -> None:
    """What says most: figures, comments, exports of every kind, documents, and what commands print."""
    low, high = make_town(COMPLAINS), make_town(PRAISES)
    most = [address for address in low.addresses if endpoint_of(low.app, address) in READING and "by=" not in address]
    read = low.look("method_owner", None, most)
    assert {endpoint_of(low.app, address) for address in read} == READING
    assert differing(read, high.look("method_owner", None, most)) == {}
    assert low.printed() == high.printed()


def test_without_the_gate_every_kind_of_page_file_and_document_would_tell(make_town: Make) -> None:
    """So what the tests above look at does say what citizens answer."""
    complaint, silence = make_town(COMPLAINS, 0), make_town(SILENT, 0)
    telling = {
        endpoint_of(complaint.app, address)
        for address in differing(complaint.look("method_owner", None), silence.look("method_owner", None))
    }
    assert telling >= READING - {"exports.responses"}  # where nobody is ever alone: one more changes nothing
    assert len(telling) > 10, telling  # pages, files of answers and figures, documents
    assert complaint.printed() != silence.printed()
