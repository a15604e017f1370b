"""Applications of one process share their compiled addresses, and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask


def application(*more: str) -> Flask:
    app = Flask(__name__)
    for rule in ("/", "/desk/<name>", *more):
        app.add_url_rule(rule, rule, lambda **values: str(values))
    return app


def answer(app: Flask, path: str) -> tuple[int, str]:
    response = app.test_client().get(path)
    return response.status_code, response.text


def test_two_applications_alike_share_what_was_compiled() -> None:
    application_, other = application(), application()
    assert answer(application_, "/desk/x") == answer(other, "/desk/x") == (200, "{'name': 'x'}")
    assert application_.url_map._matcher is other.url_map._matcher


@pytest.mark.parametrize("later", [False, True])
def test_a_rule_of_one_application_is_unknown_to_the_other(later: bool) -> None:
    application_ = application() if later else application("/more")
    if later:
        assert "/more" not in {rule.rule for rule in application_.url_map.iter_rules()}  # compiled without it
        application_.add_url_rule("/more", "/more", dict)
    assert answer(application_, "/more")[0] == 200
    assert answer(application(), "/more")[0] == 404
    assert "/more" not in {rule.rule for rule in application().url_map.iter_rules()}


def test_methods_and_defaults_make_other_rules() -> None:
    application_, other = application(), application()
    application_.add_url_rule("/send", "send", lambda **values: str(values), methods=["POST"], defaults={"kind": "one"})
    other.add_url_rule("/send", "send", lambda **values: str(values), defaults={"kind": "other"})
    assert application_.test_client().post("/send").text == "{'kind': 'one'}"
    assert answer(application_, "/send")[0] == 405
    assert answer(other, "/send") == (200, "{'kind': 'other'}")
