"""The interface in OpenAPI 3.1, written from what its views declare (`described.py`) and from their answers' models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from analysis.results.interface.answer_schema import ProblemJson
from survey.foundation.interface.described import Operation, WholeNumber, operation_of
from survey.foundation.interface.json_schemas import component_name, schemas_by_name

Json = dict[str, Any]

HEAD = Path(__file__).with_name("openapi_head.json")  # what no view can say: title, licence, how to read figures
IN_PATH = {
    "province": "Key of the province: dak-lak, son-la, an-giang.",
    "period": "2026, 2026-H1, 2026-Q3, 2026-10 or 2026-01..2026-04, as in the list of publications.",
}
NOT_MODIFIED = "Nothing has changed since the answer with the given ETag."
PROBLEMS = {
    400: ("BadRequest", "A parameter or the body is wrong; the detail says in Vietnamese how to mend it."),
    401: ("Unauthorized", "There is no access key, or it is good no more."),
    404: ("NotFound", "There is no such province, counter or code, or nothing was published under this name."),
    405: ("MethodNotAllowed", "The address takes other methods: the header Allow names them."),
}
KEY = "Made at the desk, on the page of the agency: for its counters and those of all units below it."


def description_of(app: Flask) -> Json:
    """The whole document.

    Raises:
        KeyError: an address has a parameter that `IN_PATH` does not describe.
    """
    operations = {_path(rule): (rule, operation) for rule, operation in _operations(app)}
    models = [model for _rule, told in operations.values() for model in (told.answer, told.takes) if model]
    head: Json = json.loads(HEAD.read_text(encoding="utf-8"))
    return head | {
        "paths": {path: _described(app, rule, told) for path, (rule, told) in sorted(operations.items())},
        "components": {
            "parameters": {name: _in_path(name, told) for name, told in IN_PATH.items()},
            "responses": _responses(),
            "securitySchemes": {"accessKey": {"type": "http", "scheme": "bearer", "description": KEY}},
            "schemas": schemas_by_name([ProblemJson, *models], "#/components/schemas"),
        },
    }


def _operations(app: Flask) -> Iterator[tuple[Rule, Operation]]:
    for rule in app.url_map.iter_rules():
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation is not None:
            yield rule, operation


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _described(app: Flask, rule: Rule, operation: Operation) -> Json:
    return {"post": _post(app, rule, operation)} if operation.takes else {"get": _get(app, rule, operation)}


def _post(app: Flask, rule: Rule, operation: Operation) -> Json:
    assert operation.takes is not None
    view = app.view_functions[rule.endpoint]
    return {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": (view.__doc__ or "").strip().removesuffix("."),
        "security": [{"accessKey": []}],
        "requestBody": {"required": True, "content": _content("application/json", component_name(operation.takes))},
        "responses": {
            "201": {"description": "Done", "content": _content("application/json", component_name(operation.answer))},
            **_refusals([400, 401, 404, 405]),
        },
    }


def _refusals(statuses: list[int]) -> Json:
    return {str(status): {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"} for status in statuses}


def _get(app: Flask, rule: Rule, operation: Operation) -> Json:
    names = re.findall(r"{(\w+)}", _path(rule))
    parameters = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    parameters += [_in_query(parameter) for parameter in operation.parameters]
    view = app.view_functions[rule.endpoint]
    refused = [*([400] if operation.parameters else []), *([404] if names else []), 405]
    return {
        "operationId": view.__name__,
        "summary": (view.__doc__ or "").strip().removesuffix("."),
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": _ok(component_name(operation.answer)),
            "304": {"$ref": "#/components/responses/NotModified"},
            **_refusals(refused),
        },
    }


def _ok(model: str) -> Json:
    tag = {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}}
    return {"description": "OK", "headers": {"ETag": tag}, "content": _content("application/json", model)}


def _content(media_type: str, model: str) -> Json:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{model}"}}}


def _responses() -> Json:
    problem = _content("application/problem+json", component_name(ProblemJson))
    named = {name: {"description": words, "content": problem} for name, words in PROBLEMS.values()}
    return {"NotModified": {"description": NOT_MODIFIED}, **named}


def _in_path(name: str, words: str) -> Json:
    return {"name": name, "in": "path", "required": True, "description": words, "schema": {"type": "string"}}


def _in_query(parameter: WholeNumber) -> Json:
    schema = {"type": "integer", "minimum": parameter.low, "maximum": parameter.high}
    return {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}
