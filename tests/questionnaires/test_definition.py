"""A definition is checked when it is read, and answers are checked against it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from survey.questionnaires.catalogue import shipped_questionnaires
from survey.questionnaires.codes import RESERVED
from survey.questionnaires.definition import AnswerProblem, Definition, DefinitionError
from survey.questionnaires.definition_schema import file_schema

SCHEMA = file_schema()
DEFINITION = Draft202012Validator({**SCHEMA["$defs"]["DefinitionSchema"], "$defs": SCHEMA["$defs"]})
SHIPPED = {shipped["key"]: shipped for shipped in shipped_questionnaires()}
ADMINISTRATION = Definition.parse(SHIPPED["administration"]["definition"])
TEXT = {"vi": "Câu hỏi?", "en": "A question?"}
GOOD: dict[str, Any] = {
    "factors": [{"code": "access", "text": TEXT}],
    "items": [
        {"code": "overall_health", "type": "rating", "subject": "health_service", "text": TEXT},
        {"code": "seats", "type": "rating", "factor": "access", "text": TEXT},
    ],
}


def spoiled(path: list[str | int], value: Any) -> dict[str, Any]:
    """The good definition with one place changed; ... as value takes the key away."""
    definition = copy.deepcopy(GOOD)
    place: Any = definition
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return definition


def test_a_good_definition_reads_back_as_it_was_written() -> None:
    definition = Definition.parse(GOOD)
    assert [item.code for item in definition.items] == ["overall_health", "seats"]
    assert [item.code for item in definition.overall_items] == ["overall_health"]
    assert [item.code for item in definition.optional_items] == ["seats"]
    assert definition.items[1].label("en") == "A question?"
    assert definition.factors[0].label("ede") == "Câu hỏi?"  # no translation: Vietnamese


def test_a_definition_cannot_be_changed() -> None:
    definition = Definition.parse(GOOD)
    with pytest.raises(ValidationError, match="frozen"):
        definition.items[0].code = "x"
    with pytest.raises(TypeError):
        definition.items[0].text["vi"] = "x"


@pytest.mark.parametrize(
    ("definition", "complaint"),
    [
        ([], "đối tượng JSON"),
        ({}, "thiếu khóa: items"),
        (spoiled(["items"], {}), "items: phải là một danh sách"),
        (spoiled(["items", 1], "seats"), r"items\[1\]: phải là một đối tượng"),
        (spoiled(["extra"], 1), "có khóa lạ: extra"),
        (spoiled(["items", 0, "text"], ...), r"items\[0\] \(overall_health\): thiếu khóa: text"),
        (spoiled(["items", 0, "text"], {"en": "x"}), "phải có tiếng Việt"),
        (spoiled(["items", 0, "text", "en"], " "), r"items\[0\]\.text\.en \(overall_health\): đang trống"),
        (spoiled(["items", 0, "text", "en"], "\ud800"), "không thuộc Unicode"),
        (spoiled(["items", 0, "text", "\ud800"], "x"), "khóa phải là mã ngôn ngữ"),
        (spoiled(["items", 1, "code"], "\ud800"), "chữ thường không dấu"),
        (spoiled(["items", 1, "type"], "\ud800"), "phải là một trong"),
        (spoiled(["items", 1, "code"], "Chỗ ngồi"), "chữ thường không dấu"),
        (spoiled(["items", 1, "code"], "a" * 41), "tối đa 40"),
        (spoiled(["items", 1, "code"], "comment"), "đã dùng cho mục khác"),
        (spoiled(["items", 1, "type"], "stars"), r"items\[1\]\.type \(seats\): phải là một trong: rating, points"),
        (spoiled(["items", 1, "factor"], "nowhere"), "không có trong “factors”"),
        (spoiled(["items", 0, "subject"], ...), "phải đi đôi"),
        (spoiled(["items", 0, "subject"], "procedures"), "phải đi đôi"),
        (spoiled(["items", 1, "subject"], "procedures"), "phải đi đôi"),
        (spoiled(["items", 0, "factor"], "access"), "bỏ “factor”"),
        (spoiled(["items", 0], GOOD["items"][1]), "mã bị trùng: seats"),
        (spoiled(["items"], [GOOD["items"][1]]), "cần ít nhất một câu hỏi chung"),
    ],
)
def test_a_wrong_definition_is_refused_with_place_and_mend(definition: Any, complaint: str) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        Definition.parse(definition)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    definition = spoiled(["items", 1, "code"], "Chỗ ngồi")
    del definition["items"][0]["text"]
    with pytest.raises(DefinitionError) as refused:
        Definition.parse(definition)
    assert [problem.where for problem in refused.value.problems] == [
        "items[0] (overall_health)",
        "items[1].code (Chỗ ngồi)",
    ]


@pytest.mark.parametrize("code", sorted(RESERVED))
def test_no_item_may_take_the_name_of_a_field_of_the_form_or_of_a_column(code: str) -> None:
    with pytest.raises(DefinitionError):
        Definition.parse(spoiled(["items", 1, "code"], code))


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES = [["items"], ["factors"], ["items", 0], ["items", 1, "text"], ["items", 1, "text", "vi"], ["items", 1, "code"]]
PLACES += [["items", 1, "type"], ["items", 0, "subject"], ["items", 1, "factor"], ["factors", 0], ["extra"]]


@given(st.sampled_from(PLACES), NONSENSE)
def test_whatever_stands_in_a_definition_is_refused_in_words_or_read(path: list[str | int], value: Any) -> None:
    definition, wrong = spoiled(path, value), ""
    try:
        stored = Definition.parse(definition).as_json()
    except DefinitionError as refused:
        wrong = str(refused)
    assert wrong or DEFINITION.is_valid(stored)
    assert "không hợp lệ" not in wrong, "a type of error without a sentence of its own"


def test_the_schema_in_the_documents_is_the_one_that_is_checked() -> None:
    told = Path("docs/questionnaire.schema.json").read_text(encoding="utf-8")
    assert json.loads(told) == file_schema(), "make schemas writes it"


@pytest.mark.parametrize("key", SHIPPED)
def test_what_is_shipped_fits_the_schema_and_the_schema_sees_what_does_not(key: str) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    schema = Draft202012Validator(SCHEMA)
    assert schema.is_valid(SHIPPED[key])
    for wrong in ([], {"items": [{"code": "A"}]}, {**SHIPPED[key]["definition"], "extra": 1}):
        assert not schema.is_valid({**SHIPPED[key], "definition": wrong})


def test_any_one_overall_question_is_a_complete_answer() -> None:
    for item in ADMINISTRATION.overall_items:
        assert ADMINISTRATION.check({item.code: 3}) == {item.code: 3}


def test_answers_come_back_in_the_order_of_the_questionnaire_without_what_was_left_open() -> None:
    cleaned = ADMINISTRATION.check({"officials_polite": 5, "overall_procedures": None, "overall_service": 0})
    assert list(cleaned.items()) == [("overall_service", 0), ("officials_polite", 5)]


@pytest.mark.parametrize("value", [-1, 6, 2.0, "4", True, [4], {"x": 1}])
def test_a_value_off_the_scale_is_refused_and_names_its_item(value: object) -> None:
    with pytest.raises(AnswerProblem, match="từ 1 đến 5") as problem:
        ADMINISTRATION.check({"overall_service": 4, "officials_polite": value})
    assert problem.value.item == "officials_polite"


def test_an_unknown_item_is_refused_and_named() -> None:
    with pytest.raises(AnswerProblem, match="overall_health") as problem:
        ADMINISTRATION.check({"overall_service": 4, "overall_health": 4})
    assert problem.value.item == "overall_health"


@pytest.mark.parametrize("answers", [{}, {"officials_polite": 4}, {"overall_service": None}])
def test_without_an_overall_answer_nothing_is_complete(answers: dict[str, Any]) -> None:
    with pytest.raises(AnswerProblem, match="ít nhất một mức") as problem:
        ADMINISTRATION.check(answers)
    assert problem.value.item is None


def test_overall_ratings_are_by_subject_and_leave_no_opinion_out() -> None:
    answers = {"overall_service": 5, "overall_procedures": 0, "officials_polite": 1}
    assert ADMINISTRATION.overall(answers) == {"agency_service": 5}


ANYTHING = st.one_of(st.none(), st.integers(), st.floats(), st.booleans(), st.text(), st.lists(st.integers()))


@given(st.dictionaries(st.sampled_from([item.code for item in ADMINISTRATION.items]) | st.text(), ANYTHING))
def test_whatever_comes_is_either_cleaned_or_refused(answers: dict[str, Any]) -> None:
    try:
        cleaned = ADMINISTRATION.check(answers)
    except AnswerProblem:
        return
    assert cleaned == {code: value for code, value in answers.items() if value is not None}
    assert all(type(value) is int and 0 <= value <= 5 for value in cleaned.values())
    assert ADMINISTRATION.check(cleaned) == cleaned
    assert all(1 <= rating <= 5 for rating in ADMINISTRATION.overall(cleaned).values())


@pytest.mark.parametrize(
    ("path", "value", "alike"),
    [
        (["items", 1, "text"], {"vi": "Câu hỏi?", "en": "The same question?"}, {"overall_health", "seats"}),
        (["items", 1, "factor"], ..., {"overall_health", "seats"}),
        (["items", 1, "text"], {"vi": "Câu khác?"}, {"overall_health"}),
        (["items", 1, "type"], "short_text", {"overall_health"}),
        (["items", 0, "text"], {"vi": "Nhìn chung thì sao?"}, {"overall_health", "seats"}),
        (["scale"], {"4": {"vi": "Tốt"}}, set()),
    ],
)
def test_a_question_is_another_forms_too_when_it_says_and_takes_the_same(
    path: list[str | int], value: Any, alike: set[str]
) -> None:
    assert Definition.parse(GOOD).codes_asked_alike(Definition.parse(spoiled(path, value))) == alike
