"""Each type of item: what it takes and refuses, on a form, in a file, as JSON; and follow-ups."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from survey.questionnaires.definition import AnswerProblem, Definition, DefinitionError, Item
from survey.questionnaires.form import example_answers, form_class, posted_as, try_send
from survey.questionnaires.types import ITEM_TYPES
from survey.questionnaires.types.item import counted
from tests.support.every_type import ANSWERS, EVERY_TYPE

FORM = Definition.parse(EVERY_TYPE)
ITEMS = {item.code: item for item in FORM.items}
ONE_OF_EACH = [next(item for item in FORM.items if item.type == name) for name in ITEM_TYPES]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda part: st.lists(part, max_size=4),
)


def changed(code: str, **keys: Any) -> dict[str, Any]:
    """The questionnaire with one item changed; ... takes a key away."""
    data = copy.deepcopy(EVERY_TYPE)
    entry = next(item for item in data["items"] if item["code"] == code)
    for key, value in keys.items():
        entry.pop(key, None)
        if value is not ...:
            entry[key] = value
    return data


def test_the_sample_has_an_item_of_every_type() -> None:
    assert {item.type for item in FORM.items} == set(ITEM_TYPES)


def test_what_was_read_is_written_as_it_was() -> None:
    assert FORM.as_json() == EVERY_TYPE


@pytest.mark.parametrize("item", ONE_OF_EACH, ids=lambda item: item.type)
def test_every_example_comes_back_from_the_form_and_from_a_file(item: Item) -> None:
    form = form_class(FORM, (), "vi")
    for value in item.examples():
        answers = {**ANSWERS, item.code: value}
        posted = MultiDict(
            (code, posted_value) for code, answer in answers.items() for posted_value in posted_as(FORM, code, answer)
        )
        filled = form(posted)
        assert filled.validate(), filled.errors
        assert filled.answers()[item.code] == value
        assert item.read_cell(" ".join(item.posted(value))) == value
        assert item.check(value) == value


@pytest.mark.parametrize("item", ONE_OF_EACH, ids=lambda item: item.type)
@given(value=JSON)
def test_whatever_comes_is_stored_as_itself_or_refused_with_the_items_name(item: Item, value: Any) -> None:
    try:
        stored = item.check(value)
    except AnswerProblem as problem:
        words = str(problem)
        assert item.code in words
    else:
        assert type(stored) in (int, str, list)
        assert item.check(stored) == stored


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("on_time", 3),
        ("on_time", True),
        ("return", 0),
        ("return", "2"),
        ("why_not", []),
        ("why_not", [1, 1]),
        ("why_not", [4]),
        ("why_not", 1),
        ("late", 2),
        ("late", True),
        ("late_days", 0),
        ("late_days", 366),
        ("late_days", 1.5),
        ("visited", "2026-02-30"),
        ("visited", "20260202"),
        ("visited", "0001-01-01"),
        ("ward", " "),
        ("ward", "x" * 201),
        ("advice", 7),
    ],
)
def test_a_value_that_is_no_answer_is_refused(code: str, value: object) -> None:
    with pytest.raises(AnswerProblem) as problem:
        FORM.check({**ANSWERS, code: value})
    assert problem.value.item == code


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (changed("return", options=...), "thiếu khóa: options"),
        (changed("return", options=[]), "ít nhất 2 phần tử"),
        (changed("return", options=[{"value": 1, "text": {"vi": "a"}}] * 2), "cùng “value”"),
        (
            changed("return", options=[{"value": 0, "text": {"vi": "a"}}, {"value": 1, "text": {"vi": "b"}}]),
            "từ 1 trở lên",
        ),
        (changed("return", good=[9]), "“good”"),
        (changed("return", range=[0, 1]), "khóa lạ: range"),
        (changed("on_time", options=EVERY_TYPE["items"][5]["options"]), "0, 1 và 2"),
        (changed("late_days", range=[5, 5]), "“range”"),
        (changed("late_days", range=[True, 5]), "range.*số nguyên"),
        (changed("late_days", range=[0, 10**9]), "tối đa"),
        (changed("late_days", unit={"en": "day"}), "unit.*tiếng Việt"),
        (changed("late_days", fact="speed"), "fact.*một trong"),
        (changed("ward", confidence="sure"), "confidence.*một trong"),
        (changed("ward", note=5), "note.*chuỗi"),
        (changed("place_whole", summary="yes"), "summary.*true"),
        (changed("place_whole", factor=...), "“factor”"),
        (changed("why_not", shown_if={"item": "overall_health"}), "thiếu khóa: values"),
        (changed("why_not", shown_if={"item": "late", "values": [1]}), "đứng trước"),
        (changed("why_not", shown_if={"item": "overall_health", "values": [7]}), "không có"),
        (changed("late_days", shown_if={"item": "why_not", "values": [1]}), "đứng trước"),
        (changed("seats", shown_if={"item": "overall_health", "values": [5]}), "cùng các trả lời"),
        (EVERY_TYPE | {"scale": {"9": {"vi": "x"}}}, "một trong: 0, 1"),
        (EVERY_TYPE | {"asks_kind": 1}, "asks_kind.*true"),
        (EVERY_TYPE | {"source": {"document": "x", "confidence": "?"}}, "confidence.*một trong"),
        (EVERY_TYPE | {"intro": {"en": "x"}}, "intro.*tiếng Việt"),
    ],
)
def test_a_wrong_item_is_refused_with_the_mend(data: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DefinitionError, match=complaint):
        Definition.parse(data)


def test_a_follow_up_is_kept_only_where_its_answer_was_given() -> None:
    assert FORM.check(ANSWERS)["why_not"] == [1, 3]
    assert "why_not" not in FORM.check({**ANSWERS, "overall_health": 5})
    assert "late_days" not in FORM.check({**ANSWERS, "late": 0})
    assert "late_days" not in FORM.check({"overall_health": 5, "late_days": 3})


def test_what_was_typed_into_a_follow_up_that_is_no_longer_asked_stops_nobody() -> None:
    form = form_class(FORM, (), "vi")(MultiDict({"overall_health": "5", "why_not": "77", "late_days": "nhiều"}))
    assert form.validate()
    assert form.answers() == {"overall_health": 5}


@pytest.mark.parametrize(
    ("code", "two"), [("overall_health", "41"), ("return", "12"), ("late_days", "34"), ("ward", "ab"), ("late", "01")]
)
def test_a_question_answered_twice_is_refused_and_the_same_twice_counts_once(code: str, two: str) -> None:
    def filled(*values: str) -> Any:
        others = [(name, "1") for name in ("overall_health", "late") if name != code]
        return form_class(FORM, (), "vi")(MultiDict([*others, *((code, value) for value in values)]))

    refused, once = filled(*two), filled(two[0], two[0])
    assert not refused.validate()
    assert code in refused.errors
    assert once.validate()


def test_what_is_counted_are_numbers_and_choices_never_words_or_days() -> None:
    stored = FORM.without_words(FORM.check(ANSWERS))
    assert set(counted(stored)) == {
        ("overall_health", 2),
        ("why_not", 0),
        ("why_not", 1),
        ("why_not", 3),
        ("place_whole", 4),
        ("seats", 5),
        ("on_time", 0),
        ("return", 3),
        ("late", 1),
        ("late_days", 12),
    }
    assert FORM.written(FORM.check(ANSWERS)) == ["Khoa Nội", "Xin thêm ghế"]


def test_only_ratings_count_into_satisfaction() -> None:
    assert [item.code for item in FORM.items if item.is_rated] == ["overall_health", "place_whole", "seats"]
    assert [item.code for item in FORM.items if item.is_detail] == ["seats"]
    assert FORM.overall(FORM.check(ANSWERS)) == {"health_service": 2}


def test_every_type_survives_being_tried_out() -> None:
    assert FORM.check(example_answers(FORM)) == example_answers(FORM)
    try_send(FORM)
