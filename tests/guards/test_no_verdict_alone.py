"""No verdict stands alone: beside each is what would overturn it, what hints at error, and who was counted."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.presentation import phrases
from analysis.presentation.labels import OVERTURN
from analysis.reports.builder import build_report
from analysis.reports.document import Bullets, DocumentTable, Paragraph, Report
from analysis.reports.rendering import html
from survey.accounts.models import User
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.support.html import parse_html
from tests.support.staff import client_of

PROVINCE = "dak-lak"
TURNS = "người không trả lời"
AT_POINTS = "như đo được: "
COUNTERS = ("quầy đều có phiếu", "quầy: con số nói về những quầy đó")
PACE = "Mỗi ngày làm việc: "
CONCLUSIONS = ("mark-met", "mark-not_met", "mark-inconclusive")
TURNED = re.compile(r"người không trả lời|đảo: |Không câu trả lời nào của họ|those who did not answer|turns: ")
OF_UNITS = re.compile(r"\([\d.,]+(/| trên | of )\d+")  # counted, not estimated: nobody who is silent turns it


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())


def lacking(text: str) -> list[str]:
    """What is not beside a verdict on the whole that is told in `text`. Pupils pass no counter a day."""
    lacks = [name for name in (TURNS, AT_POINTS) if name not in text]
    lacks += [] if any(counters in text for counters in COUNTERS) else ["counters"]
    only_schools = "Giáo dục" in text and "Y tế" not in text
    return lacks + ([] if PACE in text or only_schools else [PACE])


def sections(page: str) -> dict[str, str]:
    """The words of each section that is about one target, by the code of the target."""
    targets = (
        element
        for element in parse_html(page).iter()
        if element.attrib.get("aria-labelledby", "").startswith("target-")
    )
    return {target.attrib["aria-labelledby"].removeprefix("target-"): words_of(target) for target in targets}


def test_a_published_page_tells_all_of_it_beside_each_verdict(demonstration: Flask) -> None:
    client = demonstration.test_client()
    targets = json.loads(client.get(f"/results/{PROVINCE}/2020/data.json").text)["targets"]
    told = sections(client.get(f"/results/{PROVINCE}/2020").text)
    judged = [target["id"] for target in targets if target.get("verdict")]
    assert len(judged) >= 2
    for code in judged:
        assert lacking(told[code]) == [], told[code]


def test_the_desk_tells_all_of_it_beside_each_verdict(demonstration: Flask) -> None:
    with demonstration.app_context():
        user_id = db.session.query(User).filter_by(username="quan-tri").one().id
    desk = client_of(demonstration, user_id)
    for year in ("2020", "2026"):
        page = parse_html(desk.get(f"/desk/{PROVINCE}/all?year={year}").text)
        judged = [words_of(element) for element in page.iter("section") if element.attrib.get("class") == "target"]
        judged = [text for text in judged if "chỉ tiêu" in text and TURNS in text]
        assert judged, year
        for text in judged:
            assert lacking(text) == [], text


def test_programs_read_all_of_it_in_each_verdict(demonstration: Flask) -> None:
    client = demonstration.test_client()
    published = json.loads(client.get(f"/api/v1/provinces/{PROVINCE}/publications/2020").text)["targets"]
    stored = json.loads(client.get(f"/results/{PROVINCE}/2020/data.json").text)["targets"]
    asked = ["analysis", "verdicts", f"--province={PROVINCE}", "--year=2020", "--format=json"]
    told = json.loads(demonstration.test_cli_runner().invoke(args=asked).stdout)["verdicts"]
    rows = [row for row in (*published, *stored, *told) if row.get("verdict") and "units_reached" not in row]
    judged = [row["verdict"] for row in rows if row["verdict"]["point"] and "units" not in row]
    assert len(judged) >= 6
    for verdict in judged:
        assert verdict["overturn"] is not None
        assert len(verdict["at"]) == 4
        assert verdict["working_days"] > 200
        for hints in verdict.get("parts", [verdict]):
            assert hints["counters"]["answered"] <= hints["counters"]["serving"]
            assert {"late", "channels"} <= hints.keys()
        assert all(part["n"] and part["caseload"] for part in verdict.get("parts", []))


def test_the_command_prints_all_of_it_beside_each_verdict(demonstration: Flask) -> None:
    asked = ["analysis", "verdicts", f"--province={PROVINCE}", "--year=2020"]
    printed = demonstration.test_cli_runner().invoke(args=asked).stdout
    entries: list[str] = []
    for line in printed.splitlines():
        if line.startswith(" "):
            entries[-1] = f"{entries[-1]} {line}"
        elif " received=" in line:
            entries.append(line)
    judged = [entry for entry in entries if entry.split(" / ")[0].endswith("met") and "received=–" not in entry]
    assert len(judged) >= 2
    of_schools = [entry for entry in judged if COUNTERS[0] in entry or lacking(entry) == [PACE]]
    assert len(of_schools) <= 1
    for entry in judged:
        assert set(lacking(entry)) <= ({PACE} if entry in of_schools else set()), entry


def certain(report: Report) -> str:
    """All that the document tells below the headings of how sure its verdicts are."""
    told, open_ = [], False
    for part in (*report.document.sections, *report.document.annexes):
        for block in part.blocks:
            if isinstance(block, Paragraph):
                open_ = block.text.endswith("chắc đến đâu:")
                told += [block.text] * open_
            elif isinstance(block, Bullets) and open_:
                told[-1] = " ".join([told[-1], *block.items])
    return "\n".join(told)


def test_documents_tell_all_of_it_for_every_target_they_judge(demonstration: Flask) -> None:
    with demonstration.app_context():
        report = build_report(PROVINCE, "so-noi-vu", Period.parse("2020"))
        page = html.render(report).decode()
    told = certain(report).split("\n")
    judged = {
        (asked["question"]["subject"], asked["threshold"])
        for asked in report.figures["answers"]
        if asked["threshold"] and asked["question"]["by"] is None and asked["question"]["period"] == "2020"
        if asked["figures"][0]["verdict"] and asked["figures"][0]["verdict"]["point"]
    }
    assert len(told) == len(judged) >= 3, (told, judged)
    for text in told:
        assert [lack for lack in lacking(text) if not ("giáo dục công" in text and lack == PACE)] == [], text
    assert page.count("chắc đến đâu:") == len(told)


def stands_alone(page: str) -> list[str]:
    """Every conclusion of a page that has nothing beside it of what would overturn it: in its own line, row or item."""
    root = parse_html(page)
    parents = {child: parent for parent in root.iter() for child in parent}
    at_other_points = [
        span for table in root.iter("table") if table.get("id") == "shifted" for span in table.iter("span")
    ]
    alone = []
    for mark in root.iter("span"):
        if mark in at_other_points or not set(mark.attrib.get("class", "").split()) & set(CONCLUSIONS):
            continue
        lines = list(_lines_around(mark, parents))
        if not any(TURNED.search(words_of(line)) or OF_UNITS.search(words_of(line)) for line in lines):
            alone.append(words_of(lines[-1])[:200])
    return alone


def _lines_around(mark: Element, parents: dict[Element, Element]) -> Iterator[Element]:
    """What holds the mark, up to its row, its item, its section or, below a picture, its paragraph."""
    element, in_picture = mark, False
    while element in parents:
        element = parents[element]
        yield element
        in_picture = element.tag == "p" and parents[element].tag == "figcaption"
        if in_picture or element.tag in ("tr", "li", "section"):
            return


def opened(client: FlaskClient, addresses: list[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, answer.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_for_everyone_shows_a_conclusion_alone(demonstration: Flask, language: str) -> None:
    pages = [f"/results/{PROVINCE}/", f"/results/{PROVINCE}/2020", "/results/", "/"]
    pages += [f"/results/{PROVINCE}/agencies/", f"/results/{PROVINCE}/compare"]
    told = 0
    for address, page in opened(demonstration.test_client(), [f"{page}?lang={language}" for page in pages]):
        assert stands_alone(page) == [], address
        told += sum(page.count(f'class="mark {mark}"') for mark in CONCLUSIONS)
    assert told >= 8


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_of_the_desk_shows_a_conclusion_alone(demonstration: Flask, language: str) -> None:
    with demonstration.app_context():
        user_id = db.session.query(User).filter_by(username="quan-tri").one().id
    desk = client_of(demonstration, user_id)
    asked = "subject=agency_service&period=2026"
    pages = [f"administration/explore?{asked}&by={by}" for by in ("agency", "service", "channel", "month")]
    pages += [f"all?year={year}" for year in (2020, 2026)]
    pages += [f"administration/explain?{asked}", f"administration/explore?{asked}&other_period=2020"]
    told = 0
    for address, page in opened(desk, [f"/desk/{PROVINCE}/{address}&lang={language}" for address in pages]):
        assert stands_alone(page) == [], address
        told += sum(page.count(f'class="mark {mark}"') for mark in CONCLUSIONS)
    assert told >= 12


def test_every_row_with_a_conclusion_leads_to_all_that_could_turn_it(demonstration: Flask) -> None:
    with demonstration.app_context():
        user_id = db.session.query(User).filter_by(username="quan-tri").one().id
    desk = client_of(demonstration, user_id)
    led = 0
    for asked in ("2020&by=agency", "2020&by=service", "2026&by=channel", "2026&by=respondent_kind", "2026&by=area"):
        page = desk.get(f"/desk/{PROVINCE}/administration/explore?subject=agency_service&period={asked}")
        (table,) = [table for table in parse_html(page.text).iter("table") if table.attrib.get("id") == "ranking"]
        rows = [row for row in table.iter("tr") if "đảo: " in words_of(row)]
        for row in rows[:1]:
            links = [link.attrib["href"] for link in row.iter("a") if "/explain?" in link.attrib["href"]]
            assert links, words_of(row)
            working = words_of(parse_html(desk.get(links[0]).text))
            assert TURNS in working, links[0]
            assert lacking(working.replace("như người trả lời", AT_POINTS)) == [], links[0]
            led += 1
    assert led >= 2


def told_alone(report: Report) -> list[str]:
    """Every line and every row of a document that concludes and does not tell what would overturn it."""
    conclusions = re.compile("|".join(map(re.escape, map(str, phrases.EVIDENCE.values()))))
    alone = []
    for part in (*report.document.sections, *report.document.annexes):
        blocks = list(part.blocks)
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, DocumentTable) and block.keys:
                if any(conclusions.search(cell) for row in block.rows for cell in row):
                    alone += [] if block.columns[-1].heading == OVERTURN else [block.caption]
            elif isinstance(block, Paragraph | Bullets):
                lines = [block.text] if isinstance(block, Paragraph) else list(block.items)
                beside = (
                    " ".join(cell for row in following.rows for cell in row)
                    if isinstance(following, DocumentTable)
                    else ""
                )
                alone += [line for line in lines if conclusions.search(line) and not TURNED.search(line + beside)]
    return alone


@pytest.mark.parametrize(
    ("recipient", "period"), [("so-noi-vu", "2020"), ("so-y-te", "2026-Q3"), ("so-y-te", "2026-09")]
)
def test_no_document_tells_a_conclusion_alone(demonstration: Flask, recipient: str, period: str) -> None:
    with demonstration.app_context():
        assert told_alone(build_report(PROVINCE, recipient, Period.parse(period))) == []


def test_a_picture_as_numbers_holds_what_would_overturn_each_conclusion(demonstration: Flask) -> None:
    client = demonstration.test_client()
    links = re.findall(r'href="([^"]*/pictures/[^"]*\.csv)"', client.get(f"/results/{PROVINCE}/").text)
    texts = [client.get(link).text for link in links]
    rows = [row for text in texts for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]
    judged = [row for row in rows if row["satisfied_share"] and row["target"]]
    assert judged
    assert all(row["overturn_points"] and row["overturn_of_point"] for row in judged)
