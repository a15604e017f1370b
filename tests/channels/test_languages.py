"""A language from a pack on citizens' pages: every text, sounds on request, only where it is complete."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest
from flask import Flask

from survey.channels.paper.printing import WORDS
from survey.channels.phone.script import WORDS as SCRIPT
from survey.foundation.languages.citizen_texts import citizen_texts
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SCALE
from survey.questionnaires.catalogue import shipped_questionnaires
from survey.questionnaires.definition import Definition
from survey.responses.models import Response
from tests.channels.conftest import token_in
from tests.channels.test_sheets import words_in
from tests.channels.world import CLOSED, GONE, HEALTH, MANY, NOT_READY, TWO_SECTORS
from tests.registry.pages import fields_of, open_page
from tests.support.language_packs import install_pack, make_pack, marked
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

SAMPLE = "lang=vi-x-mau"
# Names of the register, and what no pack speaks for: the way to other languages, the product's name.
VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
NAMES = ("Hài lòng", "Gói mẫu", "Tiếng Việt", "UBND xã Ea Kao", "Quầy số 1", "Quầy số 9", "Bệnh viện Đa khoa vùng")
MORE_NAMES = (
    "Khoa Khám bệnh",
    "Văn phòng bệnh viện",
    "Trung tâm chưa khai báo",
    "UBND huyện Cư M'gar",
    "Một cửa huyện",
)


@pytest.fixture
def sample(world: Flask, tmp_path: Path) -> Flask:
    """The counters, and a pack whose every text is marked."""
    install_pack(world, make_pack(world, tmp_path / "pack"))
    return world


def unmarked(page: str) -> list[str]:
    """The Vietnamese of a page that did not come from the pack."""
    page = page[page.index("<body") :]
    page = re.sub("«[^«»]*(?:«[^«»]*»[^«»]*)*»", "", html.unescape(page))
    page = re.sub("<option[^>]*>[^<]*", "", page)
    text = re.sub("<[^>]+>", " ", page)
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', page))
    for name in (*NAMES, *MORE_NAMES):
        text, labels = text.replace(name, ""), labels.replace(name, "")
    return [word for word in f"{text} {labels}".split() if VIETNAMESE.search(word)]


def test_every_text_of_the_form_comes_from_the_pack(sample: Flask) -> None:
    visitor = sample.test_client()
    for counter in (MANY, HEALTH, TWO_SECTORS):
        page = visitor.get(f"/c/{counter}?{SAMPLE}").text
        assert '<html lang="vi-x-mau">' in page
        assert marked("Gửi đánh giá") in page
        assert unmarked(page) == [], counter


def test_thanks_and_pages_without_a_form_speak_it_too(sample: Flask) -> None:
    visitor = sample.test_client()
    addresses = [f"/c/{counter}" for counter in (CLOSED, GONE, NOT_READY, "KHONG-CO")]
    for address in (*addresses, f"/c/{MANY}/thanks", "/t/khong-co", f"/c/{MANY}/khong-co"):
        page = visitor.get(f"{address}?{SAMPLE}").text
        assert '<html lang="vi-x-mau"' in page, address
        assert unmarked(page) == [], address


def test_what_is_to_be_mended_is_said_in_it(sample: Flask) -> None:
    visitor = sample.test_client()
    page = visitor.get(f"/c/{MANY}?{SAMPLE}").text
    sent = {"token": token_in(page), "comment": "x" * 2001, "overall_service": ["1", "4"], "service": "khong-co"}
    answer = visitor.post(f"/c/{MANY}?{SAMPLE}", data=sent)
    assert answer.status_code == 422
    assert unmarked(answer.text) == []


def test_an_answer_is_stored_with_its_language_and_thanked_in_it(sample: Flask) -> None:
    from survey.foundation.storage.database import db
    from survey.responses.models import Response

    visitor = sample.test_client()
    page = visitor.get(f"/c/{MANY}?{SAMPLE}").text
    action = html.unescape(re.findall(r'<form method="post" action="([^"]+)"', page)[0])
    answer = visitor.post(action, data={"token": token_in(page), "overall_service": "5"})
    assert marked("Cảm ơn Ông/Bà. Đánh giá đã được ghi nhận.") in answer.text
    with sample.app_context():
        assert [row.language for row in db.session.query(Response)] == ["vi-x-mau"]


def test_what_becomes_of_a_report_is_told_in_it_from_the_form_to_the_verdict(sample: Flask) -> None:
    from survey.feedback.flow import answer_case
    from survey.feedback.models import FeedbackCase
    from survey.foundation.storage.database import db

    visitor = sample.test_client()
    page = visitor.get(f"/c/{MANY}?{SAMPLE}").text
    action = html.unescape(re.findall(r'<form method="post" action="([^"]+)"', page)[0])
    given = {"token": token_in(page), "overall_service": "2", "comment": "Ghế hỏng", "reply": "1"}
    thanks = visitor.post(action, data=given).text
    address = html.unescape(re.findall(r'href="(/p/[^"]+)"', thanks)[0])
    assert SAMPLE in address
    waiting = visitor.get(address).text
    assert marked("Ý kiến đang chờ trả lời") in waiting
    assert unmarked(waiting) == []
    with sample.app_context():
        case = db.session.query(FeedbackCase).one()
        answer_case(case.id, "OK")
    answered = visitor.get(address).text
    assert marked("Trả lời này có giải quyết được không?") in answered
    assert unmarked(answered) == []
    nothing_chosen = visitor.post(address, data={})
    assert marked("Chọn một trong hai câu.") in nothing_chosen.text
    assert unmarked(visitor.post(address, data={"helped": "yes"}, follow_redirects=True).text) == []
    for unknown in (f"/p/?{SAMPLE}", f"/p/?code=ABC&{SAMPLE}", f"/p/AAAABBBBCCCCDDDD?{SAMPLE}"):
        assert unmarked(visitor.get(unknown).text) == [], unknown


def test_it_is_offered_in_the_switch_of_citizens_pages_and_nowhere_else(sample: Flask) -> None:
    visitor = sample.test_client()
    assert "Gói mẫu" in visitor.get(f"/c/{MANY}").text
    for address in ("/", "/results/", "/login"):
        page = visitor.get(f"{address}?{SAMPLE}").text
        assert "Gói mẫu" not in page, address
        assert '<html lang="vi">' in page, address


def test_a_form_it_does_not_speak_for_stays_vietnamese(world: Flask, tmp_path: Path) -> None:
    install_pack(world, make_pack(world, tmp_path / "pack", keys=("administration",)))
    visitor = world.test_client()
    assert '<html lang="vi-x-mau">' in visitor.get(f"/c/{MANY}?{SAMPLE}").text
    health = visitor.get(f"/c/{HEALTH}?{SAMPLE}").text
    assert '<html lang="vi">' in health
    assert "Gói mẫu" not in health


def test_a_pack_is_spoken_at_once_and_gone_at_once(sample: Flask) -> None:
    from survey.questionnaires.packs import service

    visitor = sample.test_client()
    assert marked("Gửi đánh giá") in visitor.get(f"/c/{MANY}?{SAMPLE}").text
    with sample.test_request_context("/"):
        assert service.remove("vi-x-mau")
    page = visitor.get(f"/c/{MANY}?{SAMPLE}").text
    assert marked("Gửi đánh giá") not in page
    assert "Gói mẫu" not in page


def test_markup_of_a_pack_is_text(world: Flask, tmp_path: Path) -> None:
    """Were it not refused, it would still be shown as what it is."""
    from survey.foundation.storage.database import writing
    from survey.questionnaires.packs.models import LanguagePack

    install_pack(world, make_pack(world, tmp_path / "pack"))
    evil = '"><script>alert(1)</script>'
    with world.app_context(), writing() as session:
        pack = session.get_one(LanguagePack, "vi-x-mau")
        pack.texts = dict.fromkeys(pack.texts, evil)
    page = world.test_client().get(f"/c/{MANY}?{SAMPLE}").text
    at = page.find("<script")
    assert at < 0, page[at - 200 : at + 50]
    assert "&lt;script&gt;" in page


def test_the_form_says_its_questions_and_faces_aloud_only_when_asked(sample: Flask) -> None:
    page = sample.test_client().get(f"/c/{MANY}?{SAMPLE}").text
    players = re.findall("<audio[^>]*>", page)
    assert len(players) == 5 + 2, "the five faces once, and both overall questions"
    assert all(' controls preload="none"' in player and "autoplay" not in player for player in players)
    assert "<script" not in page


def test_a_recording_may_be_kept_for_ever_and_read_in_parts(sample: Flask) -> None:
    visitor = sample.test_client()
    address = re.findall(r'<audio[^>]* src="([^"]+)"', visitor.get(f"/c/{MANY}?{SAMPLE}").text)[0]
    whole = visitor.get(address)
    assert (whole.status_code, whole.mimetype) == (200, "audio/mpeg")
    assert "immutable" in whole.headers["Cache-Control"]
    assert "Set-Cookie" not in whole.headers
    part = visitor.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    for wrong in (address.replace(".mp3", ".ogg"), "/sounds/..%2f..%2fwsgi.py.mp3", f"/sounds/{'0' * 64}.mp3"):
        assert visitor.get(wrong).status_code == 404, wrong


def test_sounds_alone_may_be_added_to_vietnamese(world: Flask) -> None:
    from survey.questionnaires.packs.sample import VIETNAMESE as SHIPPED

    assert "<audio" not in world.test_client().get(f"/c/{MANY}").text
    install_pack(world, SHIPPED)
    page = world.test_client().get(f"/c/{MANY}").text
    assert page.count("<audio") == 7
    assert '<html lang="vi">' in page


def test_every_text_that_a_pack_needs_is_translated_into_english(world: Flask) -> None:
    """What is listed by hand is what the program says, to the letter."""
    from babel.messages.pofile import read_po

    with Path("survey/foundation/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        english = {str(message.id) for message in read_po(file)}
    with world.test_request_context("/"):
        assert [text for text in citizen_texts() if text not in english] == []


def test_a_page_written_from_right_to_left_says_so(world: Flask, tmp_path: Path) -> None:
    install_pack(world, make_pack(world, tmp_path / "pack", direction="rtl"))
    assert '<html lang="vi-x-mau" dir="rtl">' in world.test_client().get(f"/c/{MANY}?{SAMPLE}").text


def test_paper_forms_are_printed_in_it_where_it_has_every_text(sample: Flask) -> None:
    officer = signed_in(sample, "so-noi-vu", "officer")
    form = fields_of(open_page(officer, f"/desk/counters/{MANY}/paper"), "count")
    chosen = {"language": "vi-x-mau", "count": "2"}
    run = officer.post(f"/desk/counters/{MANY}/paper", data=form | chosen).headers["Location"]
    printed = words_in(officer.get(f"{run}.pdf").data)
    definition = asked_shortly()
    for text in (
        *(item.label("vi") for item in definition.items if item.is_rated),
        *(factor.label("vi") for factor in definition.factors),
        *map(str, (*SCALE.values(), *(WORDS[name] for name in ("how", "promise", "comment", "number", "thanks")))),
        "Ông/Bà đánh giá với tư cách",
    ):
        assert "".join(marked(text).split()) in printed, text
    page = officer.get(f"/desk/counters/{MANY}/paper").text
    form["version"] = re.findall(r'<option[^>]*value="(\d+)">[^<]*\(sipas-2017, ', page)[0]
    refused = officer.post(f"/desk/counters/{MANY}/paper", data=form | chosen)
    assert refused.status_code == 422
    assert "Gói ngôn ngữ này chưa có lời của mẫu phiếu đã chọn" in refused.text


def asked_shortly() -> Definition:
    """What the short form of administration asks."""
    (shipped,) = (form for form in shipped_questionnaires() if form["key"] == "administration")
    return Definition.parse(shipped["definition"])


def test_who_is_called_is_asked_in_it(sample: Flask) -> None:
    officer = signed_in(sample, "so-noi-vu", "officer")
    form = fields_of(open_page(officer, f"/desk/counters/{MANY}/phone"), "draw")
    form |= {"language": "vi-x-mau", "draw": "", "file": (io.BytesIO(b"dossier,phone\nHS-1,0905111222\n"), "ho-so.csv")}
    calls = officer.post(f"/desk/counters/{MANY}/phone", data=form, content_type="multipart/form-data").headers[
        "Location"
    ]
    token = fields_of(open_page(officer, calls), "csrf_token")["csrf_token"]
    interview = officer.post(f"{calls}/next", data={"csrf_token": token}).headers["Location"]
    page = html.unescape(officer.get(interview).text)
    definition = asked_shortly()
    for text in (*(item.label("vi") for item in definition.items), *map(str, (*SCALE.values(), *SCRIPT.values()))):
        assert marked(text) in page or text in ("Có", "Không"), text
    open_page(officer, interview)
    answers = {"overall_service": "5", "csrf_token": token}
    assert officer.post(interview, data=answers).status_code == 303
    with sample.app_context():
        assert [row.language for row in db.session.query(Response)] == ["vi-x-mau"]
