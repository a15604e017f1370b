"""One n, one figure: wherever the same figure stands, it has the same share, the same n and the same received."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from openpyxl import load_workbook

from analysis.figures.figure_key import figure_key
from analysis.reports import html, pdf, word
from analysis.reports.builder import build_report
from analysis.reports.document import DocumentTable, Report
from analysis.reports.verify import attached
from analysis.targets.service import judged
from survey.accounts.models import User
from survey.foundation.database import db
from survey.foundation.formatting import percent
from survey.foundation.periods import Period
from tests.guards import figure_claims
from tests.guards.figure_claims import Claim
from tests.support.html import parse_html
from tests.support.staff import client_of

PROVINCE, PUBLISHED, YEAR = "dak-lak", "2020", "2026"
SUBJECTS = {"health": ("health_service",), "education": ("education_service",)}
SUBJECTS["administration"] = ("procedures", "agency_service", "procedures_and_service")
DESK = f"/desk/{PROVINCE}"
RESULTS = f"/results/{PROVINCE}"
DOCUMENTS = (  # monthly, quarterly, yearly, and the department's that sums up
    *(("so-y-te", "2026-09"), ("so-y-te", "2026-Q3"), ("so-y-te", PUBLISHED)),
    *(("so-noi-vu", "2026-Q3"), ("so-noi-vu", PUBLISHED), ("so-noi-vu", YEAR)),
)
SAME = 1e-12
PLACES = {
    *("data.json", "data.csv", "interface", "published page", "overview", "working", "explore", "export"),
    *("attachment", "document as HTML", "Word", "PDF", "command", "verdicts", "workbook"),
    *("document's text as HTML", "Word's text", "PDF's text", "picture's numbers", "province's page"),
    *("desk in English", "command's export", "command's report", "command's questions"),
    *(
        "questions",
        "page in English",
        "filtered",
        "compared",
        "agency's overview",
        "agency's explore",
        "agency's working",
        "agency's document",
    ),
}


@pytest.fixture
def reviewer(demonstration: Flask) -> FlaskClient:
    with demonstration.app_context():
        user_id = db.session.query(User).filter_by(username="quan-tri").one().id
    return client_of(demonstration, user_id)


def body(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.text


def published(client: FlaskClient) -> Iterator[Claim]:
    """Pages, open data and interface of a published year."""
    document = json.loads(body(client, f"{RESULTS}/{PUBLISHED}/data.json"))
    yield from figure_claims.of_publication("data.json", document)
    yield from figure_claims.of_open_table("data.csv", body(client, f"{RESULTS}/{PUBLISHED}/data.csv"))
    interface = json.loads(body(client, f"/api/v1/provinces/{PROVINCE}/publications/{PUBLISHED}"))
    yield from figure_claims.of_publication("interface", interface)
    yield from figure_claims.of_page("published page", body(client, f"{RESULTS}/{PUBLISHED}"))
    yield from figure_claims.of_page("province's page", body(client, f"{RESULTS}/"))
    yield from pictures(client)
    codes = sorted({row["domain"] for entry in document["subjects"].values() for row in entry["by"]["agency"]})
    for first, second in itertools.pairwise(codes):
        page = body(client, f"{RESULTS}/compare?a={first}&b={second}")
        yield from figure_claims.of_page("comparison", page)
    for code in codes:
        yield from figure_claims.of_page("agency's page", body(client, f"{RESULTS}/agencies/{code}"))
        table = body(client, f"{RESULTS}/agencies/{code}/data.csv")
        yield from (
            claim for claim in figure_claims.of_open_table("agency's file", table) if claim.received is not None
        )


def pictures(client: FlaskClient) -> Iterator[Claim]:
    """The numbers of every picture of published years, against what each year's publication calls its targets."""
    addresses = set(re.findall(r'href="([^"]*/pictures/[^"]*\.csv)"', body(client, f"{RESULTS}/")))
    years = set(re.findall(rf'href="{RESULTS}/(\d{{4}})"', body(client, f"{RESULTS}/")))
    targets = {year: json.loads(body(client, f"{RESULTS}/{year}/data.json"))["targets"] for year in years}
    for address in sorted(addresses):
        yield from figure_claims.of_picture("picture's numbers", PROVINCE, body(client, address), targets)


def shown_at_desk(client: FlaskClient) -> Iterator[Claim]:
    """Overview, explore page by every breakdown, page of the working, and the export of estimates."""
    for sector, subjects in SUBJECTS.items():
        yield from figure_claims.of_page("overview", body(client, f"{DESK}/{sector}?year={YEAR}"))
        for subject in subjects:
            for period in (YEAR, PUBLISHED):
                asked = f"subject={subject}&period={period}"
                yield from figure_claims.of_page("working", body(client, f"{DESK}/{sector}/explain?{asked}"))
                yield from figure_claims.of_page("questions", body(client, f"{DESK}/{sector}/questions?{asked}"))
                for by in ("agency", "service", "area", "channel", "month"):
                    page = body(client, f"{DESK}/{sector}/explore?{asked}&by={by}")
                    yield from figure_claims.of_page("explore", page)
    for period in (YEAR, PUBLISHED):
        text = body(client, f"{DESK}/all/exports/estimates.csv?period={period}")
        yield from figure_claims.of_estimates("export", PROVINCE, text)


def narrowed(client: FlaskClient, agency: str) -> Iterator[Claim]:
    """Explore pages that are filtered or compare two selections, and every page of one agency's scope."""
    asked = f"subject=agency_service&period={YEAR}"
    for narrowing in ("channel=kiosk", "kind=individual", "boundaries=today", "method=mean_rescaled"):
        for by in ("agency", "month"):
            page = body(client, f"{DESK}/administration/explore?{asked}&by={by}&{narrowing}")
            yield from figure_claims.of_page("filtered", page)
    before = f"other_period={PUBLISHED}"
    others = (before, "channel=kiosk&other_channel=qr", f"agency={agency}&{before}")
    for other in others:
        page = body(client, f"{DESK}/administration/explore?{asked}&by=agency&{other}")
        yield from figure_claims.of_page("compared", page)
    scope, asked = f"{DESK}/administration", f"agency={agency}&{asked}"
    yield from figure_claims.of_page("agency's overview", body(client, f"{scope}?agency={agency}&year={YEAR}"))
    yield from figure_claims.of_page("agency's working", body(client, f"{scope}/explain?{asked}"))
    for by in ("service", "channel", "month"):
        yield from figure_claims.of_page("agency's explore", body(client, f"{scope}/explore?{asked}&by={by}"))


def of_one_agency(app: Flask, agency: str) -> Iterator[Claim]:
    """The document of a single agency: the same figures as its rows elsewhere."""
    with app.app_context():
        report = build_report(PROVINCE, agency, Period.parse(YEAR))
        told = [*figure_claims.of_attachment("", report.figures), *in_word(report), *in_pdf(report)]
        told += figure_claims.of_page("", html.render(report).decode())
    yield from (replace(claim, place="agency's document") for claim in told)


def busiest_agency(client: FlaskClient) -> str:
    """The one of which most answers are in the year's figure of the administrative service."""
    page = body(client, f"{DESK}/administration/explore?subject=agency_service&period={YEAR}&by=agency")
    rows = [claim for claim in figure_claims.of_page("explore", page) if " agency:" in claim.key]
    return max(rows, key=lambda row: row.n or 0).key.rpartition("agency:")[2]


def documents(app: Flask, asked: Sequence[tuple[str, str]] = DOCUMENTS) -> Iterator[Claim]:
    """Every form of a document: its attachment, and the tables as PDF, Word and HTML show them."""
    for recipient, period in asked:
        with app.app_context():
            report = build_report(PROVINCE, recipient, Period.parse(period))
            yield from figure_claims.of_attachment("attachment", report.figures)
            yield from in_html(report)
            yield from in_word(report)
            yield from in_pdf(report)


def in_html(report: Report) -> Iterator[Claim]:
    page = html.render(report).decode()
    yield from figure_claims.of_page("document as HTML", page)
    lines = [" ".join("".join(paragraph.itertext()).split()) for paragraph in parse_html(page).iter("p")]
    yield from figure_claims.of_document_text("document's text as HTML", "\n".join(lines), report.figures)


def tables(report: Report) -> list[DocumentTable]:
    parts = [*report.document.sections, *report.document.annexes]
    return [block for part in parts for block in part.blocks if isinstance(block, DocumentTable) and block.keys]


def in_word(report: Report) -> Iterator[Claim]:
    """The tables as another program reads them, each at its place, and the sentences."""
    read = docx.Document(io.BytesIO(word.render(report)))
    following = iter([[tuple(cell.text for cell in row.cells) for row in table.rows] for table in read.tables])
    for table in tables(report):
        headings = tuple(column.heading for column in table.columns)
        lines = next((lines for lines in following if lines[0] == headings), None)
        assert lines, f"{table.caption} is not at its place in the Word file"
        holds = [column.holds for column in table.columns]
        assert [squeezed(line[0]) for line in lines[1:]] == [squeezed(row[0]) for row in table.rows], table.caption
        yield from figure_claims.of_table("Word", table.keys, holds, lines[1:])
    text = "\n".join(paragraph.text for paragraph in read.paragraphs)
    yield from figure_claims.of_document_text("Word's text", text, report.figures)


def in_pdf(report: Report) -> Iterator[Claim]:
    """The same as a reader's program gives the words back: each table's rows stand after its caption, in order."""
    from tests.reports.pages import text_of

    text = "".join(text_of(pdf.render(report)))
    pages, place = squeezed(text), 0
    for table in tables(report):
        place = pages.find(squeezed(table.caption), place)
        assert place >= 0, f"{table.caption} is not at its place on the pages"
        holds = [column.holds for column in table.columns]
        first, last = min(at for at, held in enumerate(holds) if held), max(at for at, held in enumerate(holds) if held)
        for key, row in zip(table.keys, table.rows, strict=True):
            told = squeezed("".join(row[first : last + 1]))
            place = pages.find(told, place)
            assert place >= 0, f"{table.caption}: {row} is not on the pages"
            place += len(told)
            yield from figure_claims.of_table("PDF", [key], holds, [row])
    yield from figure_claims.of_document_text("PDF's text", text, report.figures)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u00a0]+", "", text)


def commands(app: Flask) -> Iterator[Claim]:
    runner = app.test_cli_runner()
    for period in (YEAR, PUBLISHED):
        for subject in ("health_service", "agency_service"):
            for by in ("", "agency", "service", "area", "channel"):
                asked = [f"--province={PROVINCE}", f"--period={period}", f"--subject={subject}"]
                yield from estimated(runner, [*asked, *([f"--by={by}"] if by else [])])
                if by in ("area", "channel"):
                    yield from estimated(runner, [*asked, f"--by={by}", "--audience=public"])


def estimated(runner: FlaskCliRunner, asked: list[str]) -> Iterator[Claim]:
    result = runner.invoke(args=["analysis", "estimates", *asked, "--format=json"])
    yield from figure_claims.of_command("command", json.loads(result.stdout))


def desk_in_english(client: FlaskClient) -> Iterator[Claim]:
    """The desk as an English reader has it."""
    asked = f"subject=agency_service&period={YEAR}&lang=en"
    for page in (f"all?year={YEAR}&lang=en", f"administration/explore?{asked}", f"administration/explain?{asked}"):
        yield from figure_claims.of_page("desk in English", body(client, f"{DESK}/{page}"), english=True)


def signals(client: FlaskClient) -> Iterator[Claim]:
    """The month of an agency with a signal, all answers counted, beside the same month on the explore page."""
    for number in re.findall(r'href="/desk/signals/(\d+)"', body(client, "/desk/signals")):
        told = list(figure_claims.of_page("signal", body(client, f"/desk/signals/{number}")))
        yield from told
        for claim in told:
            province, subject, month, _method, agency = claim.key.split(" ")
            sector = next(sector for sector, subjects in SUBJECTS.items() if subject in subjects)
            asked = f"subject={subject}&period={month}&by=agency"
            page = body(client, f"/desk/{province}/{sector}/explore?{asked}")
            yield from (row for row in figure_claims.of_page("explore", page) if row.key.endswith(agency))


def written_by_command(app: Flask, directory: Path) -> Iterator[Claim]:
    """The files that commands write: the export of estimates, and a document with what is attached to it."""
    runner = app.test_cli_runner()
    asked = [f"--province={PROVINCE}", f"--period={YEAR}"]
    export = directory / "estimates.csv"
    assert runner.invoke(args=["analysis", "export", "--kind=estimates", *asked, f"--out={export}"]).exit_code == 0
    yield from figure_claims.of_estimates("command's export", PROVINCE, export.read_text("utf-8"))
    of_report = [*asked, "--recipient=so-noi-vu", f"--out={directory}"]
    assert runner.invoke(args=["analysis", "report", *of_report]).exit_code == 0
    (written,) = directory.glob("*.pdf")
    with app.app_context():
        yield from figure_claims.of_attachment("command's report", attached(written.read_bytes()))
    told = runner.invoke(args=["analysis", "questions", *asked, "--subject=agency_service", "--format=json"])
    for row in json.loads(told.stdout)["rows"]:
        if (row["of"], row["method"]) == ("overall", "top2"):
            key = figure_key(PROVINCE, "agency_service", YEAR)
            yield Claim("command's questions", key, row["estimate"], row["n"], row["received"])


def in_english(client: FlaskClient) -> Iterator[Claim]:
    """The published pages in English: the same digits, written as English readers do."""
    for address in (f"{RESULTS}/{PUBLISHED}", f"{RESULTS}/"):
        text = body(client, f"{address}?lang=en")
        yield from figure_claims.of_page("page in English", text, english=True)


def verdicts(app: Flask) -> Iterator[Claim]:
    """What ``analysis verdicts`` prints of every target's figure, as a whole and by agency."""
    runner = app.test_cli_runner()
    for by in (None, "agency"):
        asked = ["analysis", "verdicts", f"--province={PROVINCE}", f"--year={YEAR}", "--format=json"]
        result = runner.invoke(args=[*asked, *([f"--by={by}"] if by else [])])
        with app.test_request_context():
            rows = [row.figures.figures if row.figures else (None,) for row in judged(PROVINCE, int(YEAR), by=by)]
            figures = [figure for row in rows for figure in row]
        for figure, told in zip(figures, json.loads(result.stdout)["verdicts"], strict=True):
            if figure is not None:
                yield Claim(
                    *("verdicts", figure.key, told["estimate"], told["n"], told["received"]),
                    tuple(told["left_out"].values()),
                )


def workbook(client: FlaskClient) -> Iterator[Claim]:
    """The export of estimates as a workbook: the same rows as the CSV, read back by another program."""
    answered = client.get(f"{DESK}/all/exports/estimates.xlsx?period={PUBLISHED}")
    sheet = load_workbook(io.BytesIO(answered.data), read_only=True).worksheets[0]
    lines = io.StringIO()
    csv.writer(lines).writerows(sheet.iter_rows(values_only=True))
    yield from figure_claims.of_estimates("workbook", PROVINCE, lines.getvalue())


def disagreements(claims: list[Claim]) -> list[str]:
    """Every figure of which two places tell different things."""
    by_key: dict[str, set[Claim]] = defaultdict(set)
    for claim in claims:
        by_key[claim.key].add(claim)
    differences = []
    for key, told in by_key.items():
        for name in ("n", "received"):
            counts = {getattr(claim, name) for claim in told} - {None}
            if len(counts) > 1:
                differences.append(f"{key}: {name} {sorted((getattr(o, name) or -1, o.place) for o in told)}")
        whole = [claim.share for claim in told if isinstance(claim.share, float)]
        if whole and max(whole) - min(whole) > SAME:
            differences.append(f"{key}: {sorted((str(claim.share), claim.place) for claim in told)}")
        printed = {claim.share for claim in told if isinstance(claim.share, str)}
        if whole:
            differences += [
                f"{key}: {text} printed of {whole[0]}" for text in printed if text != _as_printed(whole[0], text)
            ]
        elif len({text for text in printed if _decimals(text) == 1}) > 1:
            differences.append(f"{key}: {printed}")
    return differences


def unbalanced(claims: list[Claim]) -> list[str]:
    """Every figure whose answers received are not those used and those named as left out; hidden reasons hold 1-4."""
    reasons = {claim.key: claim.left_out for claim in claims if claim.left_out is not None and claim.n is not None}
    lost = []
    for claim in claims:
        if claim.n is None or claim.received is None or claim.share is None or claim.key not in reasons:
            continue
        left_out = reasons[claim.key]
        beside = claim.received - claim.n - sum(n for n in left_out if n is not None)
        hidden = sum(n is None for n in left_out)
        if not hidden <= beside <= 4 * hidden:
            lost.append(f"{claim.place}: {claim.key}: {claim.received} came, {claim.n} used, {left_out} left out")
    return lost


def _as_printed(share: float, text: str) -> str:
    return percent(share, _decimals(text)).replace("\N{NO-BREAK SPACE}", " ")


def _decimals(text: str) -> int:
    return len(text.removesuffix(" %").partition(",")[2])


def test_wherever_a_figure_stands_it_has_one_share_one_n_and_one_received(
    demonstration: Flask, reviewer: FlaskClient, tmp_path: Path
) -> None:
    agency = busiest_agency(reviewer)
    claims = [
        *published(demonstration.test_client()),
        *in_english(demonstration.test_client()),
        *shown_at_desk(reviewer),
        *narrowed(reviewer, agency),
        *of_one_agency(demonstration, agency),
        *documents(demonstration),
        *commands(demonstration),
        *verdicts(demonstration),
        *workbook(reviewer),
        *desk_in_english(reviewer),
        *signals(reviewer),
        *written_by_command(demonstration, tmp_path),
    ]
    assert disagreements(claims) == []
    assert unbalanced(claims) == []
    assert {claim.place for claim in claims if claim.left_out is not None} >= {"command", "verdicts", "attachment"}
    places: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.share is not None:
            places[claim.key].add(claim.place)
    everywhere = {place for of_key in places.values() for place in of_key}
    assert everywhere >= PLACES, PLACES - everywhere  # each kind of place told something
    assert max(len(place) for place in places.values()) >= 9, places
    assert sum(len(place) >= 5 for place in places.values()) >= 20


def test_a_figure_worked_out_in_a_second_way_is_found() -> None:
    claim = Claim("page", "k", "74,8 %", 695, 700)
    for other in (
        Claim("document", "k", 0.753, 695, 700),
        Claim("document", "k", "75,3 %", 695, 700),
        Claim("document", "k", 0.748, 660, 700),
        Claim("document", "k", 0.748, 695, 695),
    ):
        assert len(disagreements([claim, other])) == 1, other
    assert disagreements([claim, Claim("document", "k", 0.7481, 695, 700), Claim("page", "other", 0.1, 1, 2)]) == []


def test_an_answer_that_is_neither_used_nor_left_out_is_missed() -> None:
    told = Claim("command", "k", 0.8, 695, 700, (5,))
    assert unbalanced([told, Claim("page", "k", "80,0 %", 695, 700)]) == []
    assert len(unbalanced([told, Claim("page", "k", "80,0 %", 690, 700)])) == 1
    assert len(unbalanced([told, Claim("page", "k", "80,0 %", 695, 701)])) == 1
    assert unbalanced([replace(told, left_out=(None,)), replace(told, left_out=(None, None))]) == []
    assert len(unbalanced([replace(told, left_out=(None, 5))])) == 1


def test_a_figure_followed_from_the_published_page_to_the_command_stays_the_same(
    demonstration: Flask, reviewer: FlaskClient, tmp_path: Path
) -> None:
    key = f"{PROVINCE} agency_service {PUBLISHED} top2 all"
    in_documents = documents(demonstration, [("so-noi-vu", PUBLISHED)])
    told = [claim for claim in (*published(demonstration.test_client()), *in_documents) if claim.key == key]
    cells = tmp_path / "cells.csv"
    cells.write_text(
        body(reviewer, f"{DESK}/administration/cells.csv?subject=agency_service&period={PUBLISHED}"), "utf-8"
    )
    result = demonstration.test_cli_runner().invoke(args=["analysis", "estimate", str(cells)])
    (domain,) = json.loads(result.stdout)["domains"]
    told.append(Claim("cells", key, domain["estimate"], domain["n"], domain["received"]))
    assert {"published page", "data.csv", "PDF", "cells"} <= {claim.place for claim in told}
    assert disagreements(told) == []
