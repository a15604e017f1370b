"""Programs read published results, find every answer described, and learn nothing more than citizens do."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from tests.desk.world import NOW, answer

pytestmark = pytest.mark.one_database

ROOT = "/api/v1/provinces"
OCTOBER = f"{ROOT}/dak-lak/publications/2026-10"
DESCRIPTION = "/api/v1/openapi.json"
# Every operation with concrete calls, and the status each must answer.
CALLS = [
    ("/api/v1/openapi.json", DESCRIPTION, 200),
    ("/api/v1/provinces", ROOT, 200),
    ("/api/v1/provinces/{province}/targets", f"{ROOT}/dak-lak/targets", 200),
    ("/api/v1/provinces/{province}/targets", f"{ROOT}/son-la/targets?year=2015", 200),
    ("/api/v1/provinces/{province}/targets", f"{ROOT}/dak-lak/targets?year=soon", 400),
    ("/api/v1/provinces/{province}/targets", f"{ROOT}/nowhere/targets", 404),
    ("/api/v1/provinces/{province}/publications", f"{ROOT}/dak-lak/publications", 200),
    ("/api/v1/provinces/{province}/publications", f"{ROOT}/an-giang/publications", 200),
    ("/api/v1/provinces/{province}/publications", f"{ROOT}/nowhere/publications", 404),
    ("/api/v1/provinces/{province}/publications/{period}", OCTOBER, 200),
    ("/api/v1/provinces/{province}/publications/{period}", f"{OCTOBER}?revision=1", 200),
    ("/api/v1/provinces/{province}/publications/{period}", f"{OCTOBER}?revision=2", 404),
    ("/api/v1/provinces/{province}/publications/{period}", f"{OCTOBER}?revision=²", 400),
    ("/api/v1/provinces/{province}/publications/{period}", f"{ROOT}/dak-lak/publications/2026-09", 404),
    ("/api/v1/provinces/{province}/publications/{period}/ranking", f"{OCTOBER}/ranking", 200),
    ("/api/v1/provinces/{province}/publications/{period}/ranking", f"{OCTOBER}/ranking?revision=²", 400),
    ("/api/v1/provinces/{province}/publications/{period}/ranking", f"{ROOT}/dak-lak/publications/2026-09/ranking", 404),
    ("/api/v1/provinces/{province}/reference-figures", f"{ROOT}/dak-lak/reference-figures", 200),
    ("/api/v1/provinces/{province}/reference-figures", f"{ROOT}/an-giang/reference-figures", 200),
    ("/api/v1/provinces/{province}/reference-figures", f"{ROOT}/nowhere/reference-figures", 404),
    ("/api/v1/provinces/{province}/feedback", f"{ROOT}/dak-lak/feedback", 200),
    ("/api/v1/provinces/{province}/feedback", f"{ROOT}/dak-lak/feedback?year=2025", 200),
    ("/api/v1/provinces/{province}/feedback", f"{ROOT}/dak-lak/feedback?year=soon", 400),
    ("/api/v1/provinces/{province}/feedback", f"{ROOT}/nowhere/feedback", 404),
]


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    return json.loads(client.get(DESCRIPTION).data)


def content_of(description: dict[str, Any], path: str, status: int) -> dict[str, Any]:
    """What the description says an answer holds, by media type."""
    told = description["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in told:
        told = description["components"]["responses"][told["$ref"].rpartition("/")[2]]
    return told.get("content", {})


def problems(description: dict[str, Any], path: str, answer: TestResponse) -> list[str]:
    """Where an answer differs from its description."""
    content = content_of(description, path, answer.status_code)
    if answer.mimetype not in content:
        return [f"{path}: {answer.mimetype} is not described"]
    registry = Registry().with_resource("urn:api", Resource(description, DRAFT202012))
    schema = json.loads(json.dumps(content[answer.mimetype]["schema"]).replace('"#/', '"urn:api#/'))
    return [error.message for error in Draft202012Validator(schema, registry=registry).iter_errors(answer.get_json())]


def test_every_address_is_described_and_every_description_is_an_address(
    app: Flask, description: dict[str, Any]
) -> None:
    rules = {re.sub(r"<(\w+)>", r"{\1}", r.rule) for r in app.url_map.iter_rules() if r.rule.startswith("/api/")}
    read = {path: item for path, item in description["paths"].items() if "get" in item}
    assert rules == description["paths"].keys()
    assert read.keys() == {path for path, _, _ in CALLS}
    for path, item in read.items():
        told = {entry.get("name") or entry["$ref"].rpartition("/")[2] for entry in item["get"].get("parameters", [])}
        assert set(re.findall(r"{(\w+)}", path)) <= told


def test_every_described_schema_is_a_schema(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    for schema in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_answer_is_the_one_described(published: Flask, client: FlaskClient, description: dict[str, Any]) -> None:
    for path, address, status in CALLS:
        answer = client.get(address)
        assert answer.status_code == status, address
        assert problems(description, path, answer) == [], address


def test_every_described_status_is_answered(published: Flask, client: FlaskClient, description: dict[str, Any]) -> None:
    described = {
        (path, int(status))
        for path, item in description["paths"].items()
        for status in item.get("get", {}).get("responses", ())
    }
    answered = {(path, client.get(address).status_code) for path, address, _ in CALLS}
    for path, address, status in CALLS:
        if status == 200:
            tag = client.get(address).headers["ETag"]
            answered.add((path, client.get(address, headers={"If-None-Match": tag}).status_code))
        refused = client.post(address)
        assert problems(description, path, refused) == []
        assert "GET" in refused.headers["Allow"]
        answered.add((path, refused.status_code))
    assert answered == described


def test_the_schemas_would_notice_a_wrong_answer(
    published: Flask, client: FlaskClient, description: dict[str, Any]
) -> None:
    answer = client.get(OCTOBER)
    figures = answer.get_json()
    figures["subjects"]["health_service"]["total"]["estimate"] = 1.2
    figures["targets"][0].pop("quote")
    answer.set_data(json.dumps(figures))
    sources = problems(description, "/api/v1/provinces/{province}/publications/{period}", answer)
    assert len(sources) == 2
    assert "1.2 is greater than the maximum of 1" in sources


def test_nothing_is_answered_that_was_not_published(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        close_period("dak-lak", Period.parse("2026-10"))
    assert client.get(OCTOBER).status_code == 404
    assert client.get(f"{ROOT}/dak-lak/publications").get_json() == {"publications": []}
    assert {province["latest"] for province in client.get(ROOT).get_json()["provinces"]} == {None}


def test_a_publication_is_the_same_as_the_file_citizens_download(published: Flask, client: FlaskClient) -> None:
    assert client.get(OCTOBER).data == client.get("/results/dak-lak/2026-10/data.json").data


def test_an_earlier_revision_stays_and_its_tag_with_it(published: Flask, client: FlaskClient) -> None:
    first = client.get(OCTOBER)
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False), published.app_context():
        answer("thpt-1", "giao-duc", "2026-10-20", 40, 5, received_at=NOW + dt.timedelta(minutes=30))
        close_period("dak-lak", Period.parse("2026-10"))
        publish_period("dak-lak", Period.parse("2026-10"))
    listed = client.get(f"{ROOT}/dak-lak/publications").get_json()["publications"]
    assert [(entry["period"], [r["revision"] for r in entry["revisions"]]) for entry in listed] == [("2026-10", [2, 1])]
    assert client.get(OCTOBER).get_json()["about"]["revision"] == 2
    assert client.get(OCTOBER).headers["ETag"] != first.headers["ETag"]
    assert client.get(f"{OCTOBER}?revision=1").headers["ETag"] == first.headers["ETag"]


def test_targets_carry_their_clause_word_for_word_and_their_standing_in_a_year(client: FlaskClient) -> None:
    targets = {target["id"]: target for target in client.get(f"{ROOT}/dak-lak/targets").get_json()["targets"]}
    assert {"D1", "D3", "D4h", "DO"} <= targets.keys()
    assert "trên 80%" in targets["D4h"]["quote"]
    assert (targets["D4h"]["comparator"], targets["D4h"]["threshold"], targets["D4h"]["status"]) == (">", 0.8, None)
    in_2015 = client.get(f"{ROOT}/dak-lak/targets?year=2015").get_json()["targets"]
    assert {entry["status"] for entry in in_2015 if entry["id"] == "D2h"} == {"due"}


def test_official_figures_stand_apart_with_their_method_and_source(client: FlaskClient) -> None:
    indicators = client.get(f"{ROOT}/dak-lak/reference-figures").get_json()["indicators"]
    assert indicators
    for indicator in indicators:
        assert "phương pháp khác" in indicator["method"]
        sources = [
            entry for year in indicator["years"] for entry in (year["province"], *year["merged"], year["country"])
        ]
        assert [source["source"] for source in sources if source]
        assert all(source["source"] for source in sources if source)


def test_programs_of_other_sites_may_read_and_no_cookie_is_set(published: Flask, client: FlaskClient) -> None:
    for _path, address, _status in CALLS:
        answer = client.get(address)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers


def test_a_wrong_address_is_a_problem_in_json_and_not_a_page(client: FlaskClient) -> None:
    wrong = client.get("/api/v1/nowhere")
    assert (wrong.status_code, wrong.mimetype) == (404, "application/problem+json")
    assert wrong.get_json()["status"] == 404
