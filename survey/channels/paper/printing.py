"""A version of a questionnaire as forms on paper, each page with the form's number in digits and as a code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.channels.paper.arrangement import arranged, numbered
from survey.channels.sheets.rendering import emblem
from survey.foundation.installation_flags import is_demo
from survey.foundation.languages.language import direction_of, said_in
from survey.foundation.pages.qr_drawing import qr_path
from survey.foundation.typesetting.printable import SHEETS, shown
from survey.foundation.vocabulary import SCALE
from survey.questionnaires.definition import NO_OPINION, RATINGS, Definition
from survey.questionnaires.packs.texts import worded
from survey.questionnaires.types.choices import ItemWithOptions
from survey.questionnaires.types.item import Item
from survey.questionnaires.types.number import NumberItem

TEMPLATE = Path(__file__).with_name("form.typ")
STANDARDS: list[Any] = ["ua-1"]
WORDS = {
    "how": _l("Khoanh tròn số phù hợp. Câu nào không muốn trả lời thì bỏ trống."),
    "promise": _l("Phiếu không ghi tên: xin không ghi họ tên, số điện thoại, số giấy tờ."),
    "comment": _l("Ý kiến góp ý (không bắt buộc). Xin không ghi họ tên, số điện thoại, số giấy tờ."),
    "many": _l("(có thể chọn nhiều)"),
    "number": _l("Mã số phiếu"),
    "code": _l("Mã QR của mã số phiếu"),
    "question": _l("Câu hỏi"),
    "day": _l("ngày ____ / ____ / ________"),
    "thanks": _l("Cảm ơn Ông/Bà."),
}


@dataclass(frozen=True)
class PaperForm:
    """What is printed: whose form, at which counter, asking what; `asks_kind`: persons are told from organisations."""

    definition: Definition
    title: str
    agency: str
    place: str
    asks_kind: bool
    language: str


def render_forms(form: PaperForm, numbers: Sequence[str]) -> bytes:
    """The PDF of one form a number; without numbers a single specimen, which nobody can hand in.

    Raises:
        typst.TypstError: the pages cannot be laid out.
    """
    from survey.foundation.typesetting.compiling import typeset  # slow to load

    with said_in(form.language):
        described = _described(form)
        described["forms"] = [_numbered(number) for number in numbers] or [{"number": _("MẪU"), "qr": ""}]
    form_json = json.dumps(shown(described, "form", SHEETS), ensure_ascii=False)
    return typeset(TEMPLATE, {"form": form_json, "emblem": emblem()}, STANDARDS)


def _numbered(number: str) -> dict[str, str]:
    size, path = qr_path(number.replace(" ", ""), lasting=True)
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}"/></svg>'
    return {"number": number, "qr": drawing}


def _described(form: PaperForm) -> dict[str, Any]:
    definition, language = worded(form.definition, form.language), form.language
    intro = definition.intro or {}
    return {
        "language": language.partition("-")[0],
        "direction": direction_of(language),
        "title": _("Phiếu đánh giá mức độ hài lòng"),
        "questionnaire": form.title,
        "agency": form.agency,
        "place": form.place,
        "intro": intro.get(language, intro.get("vi", "")),
        "demo": _("Dữ liệu minh họa - không phải số liệu thật") if is_demo() else "",
        "levels": [[str(value), _level(definition, value, language)] for value in (*RATINGS, NO_OPINION)],
        "sections": _sections(definition, language),
        "kind": _kind() if form.asks_kind else None,
        "words": {name: str(words) for name, words in WORDS.items()},
    }


def _kind() -> dict[str, Any]:
    options = [["1", _("Cá nhân")], ["2", _("Đại diện tổ chức, doanh nghiệp")]]
    return {"type": "single", "text": _("Ông/Bà đánh giá với tư cách"), "options": options, "when": "", "code": ""}


def _level(definition: Definition, value: int, language: str) -> str:
    no_opinion = _("Không có ý kiến")
    return definition.level(value, language) or (no_opinion if value == NO_OPINION else str(SCALE[value]))


def _sections(definition: Definition, language: str) -> list[dict[str, Any]]:
    places = numbered(definition)
    return [
        {"title": title, "items": [_item(definition, item, places[item.code], language) for item in items]}
        for title, items in arranged(definition, language)
    ]


def _item(definition: Definition, item: Item, place: int, language: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": item.type,
        "text": f"{place}. {item.label(language)}",
        "when": "",
        "options": [],
    }
    if item.shown_if:
        asked = next(other for other in definition.items if other.code == item.shown_if.item)
        levels = [_level(definition, value, language) for value in RATINGS]
        answers = ", ".join(definition.answer_labels(asked, item.shown_if.values, language, levels))
        described["when"] = _("Chỉ trả lời nếu câu “%(item)s” chọn: %(a)s.", item=asked.label(language), a=answers)
    if isinstance(item, ItemWithOptions):
        described["options"] = [[str(option.value), option.label(language)] for option in item.options]
    elif item.type == "yes_no":
        described["options"] = [["1", _("Có")], ["0", _("Không")]]
    elif isinstance(item, NumberItem):
        unit = (item.unit or {}).get(language, (item.unit or {}).get("vi", ""))
        described["range"] = _("từ %(low)s đến %(high)s", low=item.range[0], high=item.range[1])
        described["unit"] = unit
    return described
