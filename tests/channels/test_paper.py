"""Paper forms: printed with numbers, typed once, checked by another, stored by the one door."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.channels.paper.models import PaperEntry, PaperNumber
from survey.channels.paper.numbers import printed, read_number, run_of, serials_of
from survey.channels.paper.printing import PaperForm, render_forms
from survey.channels.paper.typed import KEEP, NUMBER, read_form, typed_again
from survey.foundation.clock import now
from survey.foundation.storage.database import db
from survey.questionnaires.codes import check_code
from survey.questionnaires.definition import Definition
from survey.questionnaires.form import example_answers
from survey.retention.service import apply_rules
from tests.channels.conftest import Stored
from tests.channels.test_sheets import words_in
from tests.channels.world import HEALTH, MANY
from tests.support.every_type import ANSWERS, EVERY_TYPE
from tests.support.html import assert_valid_html, parse_html
from tests.support.printed_codes import codes_in
from tests.support.staff import signed_in

DEFINITION = Definition.parse(EVERY_TYPE)
serials = st.builds(lambda run, place: serials_of(run, 2000)[place], st.integers(1, 90_000), st.integers(0, 1999))


@given(serials)
def test_a_number_reads_back_however_it_is_grouped(serial: int) -> None:
    assert read_number(printed(serial)) == read_number(printed(serial).replace(" ", "")) == serial


@given(serials, st.data())
def test_one_wrong_digit_or_two_neighbours_swapped_are_no_number(serial: int, data: st.DataObject) -> None:
    digits = list(printed(serial).replace(" ", ""))
    place = data.draw(st.integers(0, len(digits) - 2))
    wrong = digits.copy()
    if data.draw(st.booleans()):
        wrong[place], wrong[place + 1] = wrong[place + 1], wrong[place]
    else:
        wrong[place] = data.draw(st.sampled_from([element for element in "0123456789" if element != digits[place]]))
    assert wrong == digits or read_number("".join(wrong)) is None


def test_every_type_of_item_is_printed_and_each_code_is_the_forms_number(world: Flask) -> None:
    numbers = [printed(serial) for serial in serials_of(12, 3)]
    with world.app_context():
        pdf = render_forms(PaperForm(DEFINITION, "Mẫu thử", "Bệnh viện", "Khoa", True, "vi"), numbers)
        english = render_forms(PaperForm(DEFINITION, "Mẫu thử", "Bệnh viện", "Khoa", True, "en"), [])
    codes_read = [code for codes in codes_in(pdf) for code in codes]
    assert codes_read == [number.replace(" ", "") for number in numbers]
    for item in DEFINITION.items:
        assert "".join(item.label("vi").split()) in words_in(pdf)
        assert "".join(item.label("en").split()) in words_in(english)
    assert codes_in(english) == [[]]


def test_what_is_typed_for_every_type_is_what_the_door_takes() -> None:
    typed = {"why_not": "13", "visited": "02102026"}
    fields = {code: typed.get(code, str(value)) for code, value in ANSWERS.items()} | {"respondent_kind": "2"}
    form = read_form(DEFINITION, fields)
    assert form.errors == {}
    assert form.content["answers"] == ANSWERS
    assert form.content["respondent_kind"] == "organisation"
    assert read_form(DEFINITION, typed_again(form.content)).content == form.content


@pytest.mark.parametrize(
    ("box", "text"),
    [("overall_health", "6"), ("why_not", "14"), ("late", "2"), ("late_days", "0"), ("visited", "31022026")],
)
def test_what_is_no_answer_is_refused_at_its_box(box: str, text: str) -> None:
    given_ = {code: str(value) for code, value in ANSWERS.items()} | {"why_not": "13", "visited": "02102026"}
    assert list(read_form(DEFINITION, given_ | {box: text}).errors) == [box]


OWN = {"number": NUMBER, "keep": KEEP}


class Clerk:
    """Somebody at the desk who prints, types and checks."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, address: str, **fields: object) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/desk/account").text)
        assert token
        sent = {OWN.get(name, name): field for name, field in fields.items()}
        answer = self.client.post(address, data={"csrf_token": token[1], **sent})
        return answer.headers.get("Location") or answer.text

    def batch(self, forms: int = 3) -> tuple[str, list[str]]:
        """A batch opened for a new run; its address and the numbers printed."""
        page = self.client.get(f"/desk/counters/{HEALTH}/paper").text
        version = re.search(r'<option[^>]*value="(\d+)">[^<]*\(health, ', page)
        assert version
        run = self.post(f"/desk/counters/{HEALTH}/paper", version=version[1], language="vi", count=forms)
        batch = self.post(run, **PILE | {"expected": forms})
        return batch, [printed(serial) for serial in serials_of(int(run.rpartition("/")[2]), forms)]


FORM = {"overall_health": "4", "comment": "Chờ lâu"}
PILE = {"expected": 3, "answered_on": "2026-11-02", "service": ""}


@pytest.fixture
def clerk(world: Flask) -> Clerk:
    return Clerk(signed_in(world, "van-thu", "officer"))


@pytest.fixture
def second(world: Flask) -> Clerk:
    return Clerk(signed_in(world, "nguoi-thu-hai", "officer"))


def entries(world: Flask) -> list[PaperEntry]:
    with world.app_context():
        return list(db.session.scalars(select(PaperEntry)))


def test_no_name_of_the_page_can_be_the_code_of_a_question(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    clerk.post(batch, number=numbers[0], **FORM)
    root = parse_html(clerk.client.get(batch).text)
    (form,) = (element for element in root.iter("form") if element.get("id") == "paper-form")
    named = {element.get("name", "") for element in form.iter()} | {
        element.get("id", "") for element in root.iter()
    } - {""}
    questions = {
        element.get("name")
        for element in root.iter("input")
        if element.get("data-kind", "form-number") != "form-number"
    }
    own = named - questions
    assert NUMBER in own
    assert [name for name in sorted(own) if could_be_a_code(world, name)] == []


def could_be_a_code(app: Flask, name: str) -> bool:
    with app.test_request_context():
        try:
            return bool(check_code(name))
        except ValueError:
            return False


def test_a_batch_is_typed_checked_by_another_and_stored_once(
    world: Flask, clerk: Clerk, second: Clerk, stored: Stored
) -> None:
    batch, numbers = clerk.batch()
    for number in numbers:
        assert clerk.post(batch, number=number, **FORM) == batch
    check = clerk.post(f"{batch}/finish")
    assert check == f"{batch}/check"
    assert stored() == []
    assert "chờ người khác nhập lại" in clerk.client.get(clerk.post(f"{batch}/hand-in")).text
    sample = [printed(entry.number) for entry in entries(world) if entry.in_sample]
    assert len(sample) == 2
    for number in sample:
        assert "phải là người khác" in clerk.post(check, number=number, **FORM)
        assert second.post(check, number=number, **FORM) == check
    second.post(f"{batch}/hand-in")
    second.post(f"{batch}/hand-in")
    answers = stored()
    assert [(answer.channel, answer.answers, answer.comment) for answer in answers] == [
        ("paper", {"overall_health": 4}, "Chờ lâu")
    ] * 3
    assert str(answers[0].day) == "2026-11-02"
    assert entries(world) == []
    assert "Lô này đã được ghi nhận: 3 phiếu." in clerk.client.get(check).text
    again = clerk.post(batch.rsplit("/batches/")[0] + f"/runs/{run_of(read_number(numbers[0]) or 0)}", **PILE)
    assert "đã được nhập rồi" in clerk.post(again, number=numbers[0], **FORM)


def test_a_form_is_typed_once_whatever_the_batch(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    run = f"/desk/paper/runs/{run_of(read_number(numbers[0]) or 0)}"
    clerk.post(batch, number=numbers[0], **FORM)
    other = clerk.post(run, expected=3, answered_on="2026-11-02", service="")
    for address in (batch, other):
        page = clerk.post(address, number=numbers[0], overall_health="1")
        assert "đã được nhập rồi" in page
        assert 'value="1"' in page
    assert [entry.content["answers"] for entry in entries(world) if entry.content] == [{"overall_health": 4}]


def test_a_wrong_number_a_foreign_one_and_a_wrong_answer_keep_what_was_typed(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    _other, foreign = clerk.batch()
    wrong = numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10)
    for number, why in ((wrong, "Mã số phiếu sai"), (foreign[0], "đợt in khác")):
        page = clerk.post(batch, number=number, **FORM)
        assert why in page
        assert 'value="Chờ lâu"' in page
    assert "chỉ nhận" in clerk.post(batch, number=numbers[0], overall_health="9")
    assert entries(world) == []


def test_the_last_form_is_taken_back_with_all_that_was_typed(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    for number, value in zip(numbers[:2], "45", strict=True):
        clerk.post(batch, number=number, overall_health=value, comment=f"Câu {value}")
    page = clerk.post(f"{batch}/undo")
    assert 'value="Câu 5"' in page
    assert f'value="{numbers[1]}"' in page
    assert [printed(entry.number) for entry in entries(world)] == numbers[:1]
    clerk.post(batch, number=numbers[1], overall_health="3")
    assert len(entries(world)) == 2


def test_a_batch_ends_only_with_as_many_forms_as_were_counted(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    clerk.post(batch, number=numbers[0], **FORM)
    assert clerk.post(f"{batch}/finish") == batch
    assert "Đã nhập 1 phiếu" in clerk.client.get(batch).text
    assert clerk.post(f"{batch}/finish", expected="1") == f"{batch}/check"


def test_two_readings_that_differ_are_settled_by_the_paper(
    world: Flask, clerk: Clerk, second: Clerk, stored: Stored
) -> None:
    batch, numbers = clerk.batch(2)
    for number in numbers:
        clerk.post(batch, number=number, **FORM)
    clerk.post(f"{batch}/finish")
    page = second.post(f"{batch}/check", number=numbers[0], overall_health="2", comment="Chờ lâu")
    assert "lần đầu 4, nhập lại 2" in page
    second.post(f"{batch}/check", number=numbers[0], overall_health="2", comment="Chờ lâu", keep="second")
    second.post(f"{batch}/check", number=numbers[1], overall_health="1", comment="Chờ lâu", keep="first")
    second.post(f"{batch}/hand-in")
    assert sorted(response.answers["overall_health"] for response in stored()) == [2, 4]


def test_what_was_typed_and_never_handed_in_goes_after_ninety_days(world: Flask, clerk: Clerk) -> None:
    open_batch, numbers = clerk.batch(1)
    clerk.post(open_batch, number=numbers[0], **FORM)
    done, more = clerk.batch(1)
    clerk.post(done, number=more[0], **FORM)
    clerk.post(f"{done}/finish")
    clerk.post(f"{done}/hand-in", reason="Cơ quan chỉ có một người")
    for days, dropped in ((89, 0), (91, 1), (91, 0)):
        with world.app_context(), time_machine.travel(now() + dt.timedelta(days=days), tick=False):
            assert apply_rules()["typed_forms"] == dropped
    assert entries(world) == []
    with world.app_context():
        assert [printed(number) for number in db.session.scalars(select(PaperNumber.number))] == more


def test_without_a_second_person_a_reason_is_given_and_logged(world: Flask, clerk: Clerk, stored: Stored) -> None:
    batch, numbers = clerk.batch(1)
    clerk.post(batch, number=numbers[0], **FORM)
    clerk.post(f"{batch}/finish")
    clerk.post(f"{batch}/hand-in", reason="Cơ quan chỉ có một người")
    assert len(stored()) == 1


def test_who_has_no_part_in_a_counters_sector_neither_sees_nor_types_its_forms(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    run = f"/desk/paper/runs/{run_of(read_number(numbers[0]) or 0)}"
    stranger = signed_in(world, "xa", "officer", agency="ubnd-ea-kao")
    auditor = signed_in(world, "thanh-tra", "auditor")
    addresses = [batch, f"{batch}/check", run, f"{run}.pdf", f"/desk/counters/{HEALTH}/paper"]
    assert {stranger.get(address).status_code for address in addresses} == {404}
    assert {auditor.get(address).status_code for address in addresses} == {403}
    assert stranger.get(f"/desk/counters/{MANY}/paper").status_code == 200
    assert numbers[0] not in stranger.get("/desk/paper").text


def test_every_published_version_of_the_shipped_forms_is_printed_as_a_specimen(world: Flask) -> None:
    client = signed_in(world, "so-noi-vu", "officer")
    for key in ("administration", "health", "education"):
        answer = client.get(f"/desk/questionnaires/{key}/1/paper.pdf")
        assert answer.mimetype == "application/pdf"
        assert codes_in(answer.data, 72) == [[]] * len(codes_in(answer.data, 72))


def test_the_example_answers_of_every_form_fit_its_boxes(world: Flask) -> None:
    answers = example_answers(DEFINITION)
    fields = typed_again({"answers": answers, "respondent_kind": None, "comment": None})
    assert read_form(DEFINITION, fields).content["answers"] == answers


def test_the_pages_of_paper_are_valid_in_both_languages(world: Flask, clerk: Clerk) -> None:
    batch, numbers = clerk.batch()
    run = f"/desk/paper/runs/{run_of(read_number(numbers[0]) or 0)}"
    clerk.post(batch, number=numbers[0], **FORM)
    for address in (f"/desk/counters/{HEALTH}/paper", "/desk/paper", run, batch):
        for language in ("", "?lang=en"):
            answer = clerk.client.get(address + language)
            assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    clerk.post(f"{batch}/finish", expected="1")
    answer = clerk.client.get(f"{batch}/check")
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
