"""What programs send and read is described by the models that check it: in the documents, and as served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from survey.foundation.interface.schemas import schema_files

pytestmark = pytest.mark.one_database

DOCS = Path("docs")


def test_the_schemas_in_the_documents_are_those_of_the_models(app: Flask) -> None:
    with app.app_context():
        written = dict(schema_files())
    assert {"openapi.json", "kiosk.schema.json", "questionnaire.schema.json"} <= written.keys()
    for name, text in written.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"make schemas writes {name}"


def test_no_schema_in_the_documents_is_written_by_hand(app: Flask) -> None:
    with app.app_context():
        assert {path.name for path in DOCS.glob("*.json")} == {name for name, _text in schema_files()}


def test_the_description_that_is_served_is_the_one_in_the_documents(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json").get_json()
    assert served == json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))


def test_every_schema_in_the_documents_is_a_schema() -> None:
    for path in DOCS.glob("*.schema.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
