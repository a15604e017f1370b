"""A form as posted is made from a copy of a blank one: it reads the same, and nothing of it stays behind."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from survey.questionnaires.definition import Definition
from survey.questionnaires.form import QuestionnaireForm, example_answers, filled_form, form_class, posted_as
from tests.support.every_type import EVERY_TYPE

pytestmark = pytest.mark.one_database


def given_in(form: QuestionnaireForm) -> dict[str, tuple[object, object, list[str]]]:
    """What stands in each field, read and as it came, and what is wrong with it."""
    fields = {name: form[name] for name in form._untouched._fields}
    return {name: (field.data, field.raw_data, list(field.errors)) for name, field in fields.items()}


def test_a_filled_form_reads_what_one_bound_anew_reads(app: Flask) -> None:
    with app.test_request_context("/"):
        definition = Definition.parse(EVERY_TYPE)
        form = form_class(definition, (), "vi")
        right = [(code, text) for code, value in example_answers(definition).items()
                 for text in posted_as(definition, code, value)]  # fmt: skip
        wrong = [(code, "nothing any item takes") for code, _text in right]
        for fields in (right, wrong, right + wrong, []):
            posted = MultiDict([*fields, ("comment", "Chờ lâu"), ("respondent_kind", "individual")])
            filled, bound = filled_form(form, posted), form(posted)
            assert filled.validate() == bound.validate(), fields
            assert given_in(filled) == given_in(bound), fields
            assert filled.answers() == bound.answers(), fields


def test_nothing_of_one_citizen_stands_in_the_form_of_the_next(app: Flask) -> None:
    with app.test_request_context("/"):
        definition = Definition.parse(EVERY_TYPE)
        form = form_class(definition, (), "vi")
        untouched = given_in(filled_form(form, MultiDict()))
        first = filled_form(form, MultiDict({item.code: "nothing any item takes" for item in definition.items}))
        first.validate()
        first["why_not"].errors = ["…"]
        assert given_in(first) != untouched
        assert given_in(filled_form(form, MultiDict())) == untouched
