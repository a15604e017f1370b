"""No verdict stands alone: beside each is what would overturn it, what hints at error, and who was counted."""

from __future__ import annotations

import json
from xml.etree.ElementTree import Element

from flask import Flask

from analysis.reports import html
from analysis.reports.builder import build_report
from analysis.reports.document import Bullets, Paragraph, Report
from survey.accounts.models import User
from survey.foundation.database import db
from survey.foundation.periods import Period
from tests.support.html import parse_html
from tests.support.staff import client_of

PROVINCE = "dak-lak"
TURNS = "người không trả lời"
AT_POINTS = "như đo được: "
COUNTERS = ("quầy đều có phiếu", "quầy: con số nói về những quầy đó")
PACE = "Mỗi ngày làm việc: "


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
