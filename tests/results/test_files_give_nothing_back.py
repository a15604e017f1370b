"""The attacker reads the files themselves: exports and documents of staff, and every file of a publication."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from analysis.reports.builder import build_report
from survey.foundation.periods import Period
from tests.guards.one_figure.claims import Claim
from tests.guards.one_figure.documents import in_html, in_pdf, in_word
from tests.results.scattered import PERIODS, database_url, published_world, scattered
from tests.results.test_nothing_comes_back import FEWEST_STAFF, published

__all__ = ["database_url", "published_world", "scattered"]
pytestmark = pytest.mark.one_database

Row = Mapping[str, Any]


@pytest.fixture(params=[0, 2])
def seed(request: pytest.FixtureRequest) -> int:
    """What the answers are scattered by."""
    return int(request.param)


def exported(app: Flask, folder: Path, period: str, ending: str) -> list[Row]:
    """The rows of the file of estimates."""
    file = folder / f"{period}.{ending}"
    asked = f"analysis export --kind estimates --province dak-lak --period {period} --format {ending} --out {file}"
    made = app.test_cli_runner().invoke(args=asked.split())
    assert made.exit_code == 0, made.output
    if ending == "csv":
        return [named(row) for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))]
    book = openpyxl.load_workbook(file, read_only=True)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    book.close()
    return [named(dict(zip(map(str, head), row, strict=True))) for row in rows]


HEADINGS = {
    "subject": "Đối tượng đánh giá",
    "by": "Chia theo",
    "shown": "Mức nêu",
    "n": "Phiếu dùng (n)",
    "received": "Phiếu nhận",
}


def named(row: Row) -> Row:
    """What the attacker looks at of a row."""
    return {name: row[heading] for name, heading in HEADINGS.items()}


def count(cell: object) -> int | None:
    return None if cell in (None, "") else int(float(str(cell)))


def remainders(rows: Iterable[Row], by: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Of each subject: its total minus the rows of one breakdown that tell their count."""
    parts: dict[str, list[Row]] = defaultdict(list)
    totals: dict[str, Row] = {}
    for row in rows:
        if row["by"] == "total":
            totals[row["subject"]] = row
        elif row["by"] == by:
            parts[row["subject"]].append(row)
    for subject, own in parts.items():
        for name in names:
            total = count(totals[subject][name])
            if total is not None and totals[subject]["shown"] != "suppressed":
                yield f"{subject} by {by}: {name}", total - sum(count(row[name]) or 0 for row in own)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_file_of_estimates_gives_back_a_small_remainder(scattered: Flask, tmp_path: Path, ending: str) -> None:
    seen = 0
    for period in ("2026-10", "2026-Q4", "2026"):
        rows = exported(scattered, tmp_path, period, ending)
        # Months differ from their year in what their weights use: told apart by all that came.
        for by, names in (("agency", ("n", "received")), ("service", ("n", "received")), ("month", ("received",))):
            for place, left in remainders(rows, by, names):
                assert left == 0 or left >= FEWEST_STAFF, f"{period} {place}: {left}"
                seen += left > 0
    assert seen, "nothing was held back, so nothing was tried"


@pytest.mark.parametrize("recipient", ["so-y-te", "so-noi-vu"])
def test_no_breakdown_in_a_documents_attachment_gives_back_a_small_remainder(
    scattered: Flask, tmp_path: Path, recipient: str
) -> None:
    asked = f"analysis report --province dak-lak --recipient {recipient} --period 2026-10 --out {tmp_path}"
    assert scattered.test_cli_runner().invoke(args=asked.split()).exit_code == 0
    (file,) = tmp_path.glob("*.pdf")
    ((attached, *_),) = (PdfReader(file).attachments[name] for name in PdfReader(file).attachments if "json" in name)
    answers = json.loads(attached)["answers"]
    totals = {key(recorded): recorded["figures"][0] for recorded in answers if recorded["question"].get("by") is None}
    tried = 0
    for recorded in (recorded for recorded in answers if recorded["question"].get("by") not in (None, "month", "year")):
        total = totals.get(key(recorded))
        if total is None or total["suppressed"]:
            continue
        for name in ("n", "received"):
            if total[name] is not None:
                left = total[name] - sum(row[name] or 0 for row in recorded["figures"])
                assert left == 0 or left >= FEWEST_STAFF, f"{recorded['question']}: {name} {left}"
                tried += 1
    assert tried


TEXTS = {"Word": in_word, "PDF": in_pdf, "HTML": in_html}


@pytest.mark.parametrize("recipient", ["so-y-te", "so-noi-vu"])
def test_no_table_gives_back_a_small_remainder_as_word_and_pdf_tell_it(scattered: Flask, recipient: str) -> None:
    """Every total told anywhere in the document, in a table or a sentence, minus the rows told of one breakdown."""
    with scattered.app_context():
        report = build_report("dak-lak", recipient, Period.parse("2026-10"))
        told = {engine: set(read(report)) for engine, read in TEXTS.items()}
    for engine, claims in told.items():
        totals: dict[str, Claim] = {}
        breakdowns: dict[tuple[str, str], dict[str, Claim]] = defaultdict(dict)
        for claim in claims:
            province, subject, period, method, what, *narrowed = claim.key.split(" ")
            figure = " ".join([province, subject, period, method, *narrowed])
            by, colon, domain = what.partition(":")
            if what == "all":
                totals[figure] = claim
            elif colon:
                breakdowns[figure, by][domain] = claim
        tried = 0
        for (figure, by), rows in breakdowns.items():
            for name in ("n", "received") if figure in totals else ():
                total = getattr(totals[figure], name)
                if total is not None:
                    left = total - sum(getattr(row, name) or 0 for row in rows.values())
                    assert left == 0 or left >= FEWEST_STAFF, f"{engine}: {figure} by {by}: {name} {left}"
                    tried += 1
        assert tried >= 2, f"{engine} told no breakdown beside its total"


def key(recorded: Mapping[str, Any]) -> str:
    """A question but for its breakdown and target."""
    return json.dumps({name: value for name, value in recorded["question"].items() if name not in ("by", "threshold")})


@pytest.mark.usefixtures("published_world")
def test_every_file_of_a_publication_tells_the_same_counts(client: FlaskClient) -> None:
    """So what follows from one (test_linear_attack.py) is all that follows from every one."""
    by_agency: set[tuple[Any, ...]] = set()
    for period in PERIODS:
        stored = published(client, f"{period}/data.json")
        told = set(counts_of(stored))
        rows = list(csv.DictReader(io.StringIO(client.get(f"/results/dak-lak/{period}/data.csv").text)))
        in_csv = {
            (row["table"], row["subject"], row["domain"], count(row["n"]), count(row["received"]))
            for row in rows
            if row["table"] != "target"
        }
        interface = client.get(f"/api/v1/provinces/dak-lak/publications/{period}").get_json()
        assert in_csv == told
        assert set(counts_of(interface)) == told
        by_agency |= {row for row in told if row[0] == "agency"}
        for row in (row for row in rows if not row["n"]):  # nothing from which a hidden count could be worked out
            numbers = ("satisfied_share", "low_90", "high_95", "unweighted_share", "n_eff", "caseload", "response_rate")
            assert [name for name in (*numbers, "received") if row[name]] == [], row
    for code in {domain for _table, _subject, domain, *_counts in by_agency}:
        address = f"/results/dak-lak/agencies/{code}/data.csv"
        for row in csv.DictReader(io.StringIO(client.get(address).text)):
            own = ("agency", row["subject"], row["domain"], count(row["n"]), count(row["received"]))
            assert own in by_agency, address


def counts_of(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, str, int | None, int | None]]:
    """(table, subject, domain, n, received) of every row."""
    for subject, entry in figures["subjects"].items():
        tables = {"total": [entry["total"]], **entry["by"]}
        for table, rows in tables.items():
            for row in rows:
                yield table, subject, row["domain"], row["n"], row["received"]
