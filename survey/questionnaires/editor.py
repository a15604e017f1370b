"""The editor's form: one group of fields an item, made from a draft and read back into one. Works without a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from survey.foundation.formatting import sentence_case
from survey.foundation.pages.form_fields import LineField, ProseField, WholeNumberField, choices
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.codes import check_code
from survey.questionnaires.definition import Definition
from survey.questionnaires.types import ITEM_TYPES
from survey.questionnaires.types.cleaning import clean_text
from survey.questionnaires.types.number import HIGHEST

LONGEST = 300
NO_FACTOR = ""
ROWS = {"rows": 2}


def _one_line(text: str | None) -> str:
    return " ".join(clean_text(text or "").split())


class ItemForm(Form):
    """One question that is there already; its code stays its own."""

    code = HiddenField()
    vi = ProseField(
        lazy_gettext("Câu hỏi"),
        [InputRequired(lazy_gettext("Ghi câu hỏi bằng tiếng Việt.")), Length(max=LONGEST)],
        filters=[_one_line],
        render_kw=ROWS,
    )
    factor = SelectField(lazy_gettext("Nhóm"))
    position = WholeNumberField(lazy_gettext("Thứ tự"), [Optional()])
    remove = BooleanField(lazy_gettext("Bỏ câu này"))


class NewItemForm(Form):
    """One more question, or nothing."""

    code = LineField(lazy_gettext("Mã câu hỏi"), [Length(max=40)], filters=[lambda text: (text or "").strip()])
    type = SelectField(
        lazy_gettext("Kiểu câu hỏi"), choices=choices({name: kind.words for name, kind in ITEM_TYPES.items()})
    )
    vi = ProseField(lazy_gettext("Câu hỏi"), [Length(max=LONGEST)], filters=[_one_line], render_kw=ROWS)
    options = ProseField(lazy_gettext("Các lựa chọn"), [Length(max=LONGEST * 10)], render_kw={"rows": 4})
    most = WholeNumberField(lazy_gettext("Số lớn nhất"), [Optional(), NumberRange(1, HIGHEST)])
    factor = SelectField(lazy_gettext("Nhóm"))
    position = WholeNumberField(lazy_gettext("Thứ tự"), [Optional()])


FURTHER_LANGUAGES = {language: name for language, name in LANGUAGES.items() if language != "vi"}
for _language, _name in FURTHER_LANGUAGES.items():
    for _form in (ItemForm, NewItemForm):
        _field = ProseField(_name, [Length(max=LONGEST)], filters=[_one_line], render_kw=ROWS)
        setattr(_form, _language, _field)


class DraftForm(FlaskForm):
    """A whole draft."""

    seen = HiddenField()
    items = FieldList(FormField(ItemForm))
    new = FormField(NewItemForm)


def form_of(definition: Definition, seen: str) -> DraftForm:
    """The form of a draft; what was posted wins over what is stored."""
    rows = [
        {
            "code": item.code,
            "vi": item.text["vi"],
            **{language: item.text.get(language, "") for language in FURTHER_LANGUAGES},
            "factor": item.factor or NO_FACTOR,
            "position": number * 10,
        }
        for number, item in enumerate(definition.items, start=1)
    ]
    form = DraftForm(data={"seen": seen, "items": rows, "new": {"type": "rating"}})
    factors = {NO_FACTOR: gettext("(không nhóm)")} | {factor.code: factor.label("vi") for factor in definition.factors}
    for entry in (*form.items, form.new):
        entry.form.factor.choices = choices(factors)
    return form


def read(form: DraftForm, draft: Definition) -> dict[str, Any] | None:
    """The definition the form describes; None with messages at the fields if it describes none."""
    known = {item.code: item for item in draft.items}
    rows: list[tuple[int, dict[str, Any]]] = []
    for entry in form.items:
        item = known.get(entry.form.code.data or "")
        if item is None:
            entry.form.vi.errors = [gettext("Câu này không còn trong bản nháp: mở lại trang.")]
            return None
        if entry.form.remove.data:
            if item.subject:
                entry.form.remove.errors = [gettext("Câu hỏi chung không bỏ được: các chỉ tiêu tính từ câu này.")]
                return None
            continue
        rows.append((_position(entry.form), _entry(entry.form, item.as_json())))
    if form.new.form.vi.data or form.new.form.code.data:
        if not _new_is_sound(form.new.form, known):
            return None
        rows.append((_position(form.new.form), _entry(form.new.form, _new_item(form.new.form))))
    rows.sort(key=lambda row: row[0])
    return draft.as_json() | {"items": [row for _position, row in rows]}


def _position(form: Form) -> int:
    return form["position"].data if form["position"].data is not None else 10_000


def _entry(form: Form, item: dict[str, Any]) -> dict[str, Any]:
    """The item as it is, with what the form says of it; other languages and all that its type needs stay."""
    kept = {language: text for language, text in item.get("text", {}).items() if language not in LANGUAGES}
    written = {language: form[language].data for language in FURTHER_LANGUAGES if form[language].data}
    text = {"vi": form["vi"].data} | written | kept
    entry = item | {"code": form["code"].data, "text": text}
    entry.pop("factor", None)
    factor = None if item.get("subject") else form["factor"].data
    return entry | ({"factor": factor} if factor else {})


def _new_item(form: Form) -> dict[str, Any]:
    """What the type of a new item needs: options one a line, numbered from 1; the ends of a range."""
    kind = form["type"].data
    needs = ITEM_TYPES[kind].model_fields
    item: dict[str, Any] = {"type": kind}
    if "options" in needs:
        lowest = 0 if kind == "points" else 1
        lines = filter(None, (_one_line(line) for line in (form["options"].data or "").splitlines()))
        item["options"] = [{"value": n, "text": {"vi": line}} for n, line in enumerate(lines, lowest)]
    if "range" in needs:
        item["range"] = [0, form["most"].data or 0]
    return item


def _new_is_sound(form: Form, known: Mapping[str, object]) -> bool:
    code = form["code"].data
    try:
        check_code(code)
    except ValueError as error:
        form["code"].errors = [sentence_case(str(error))]
        return False
    if code in known:
        form["code"].errors = [gettext("Mã này đã có trong phiếu: đặt mã khác.")]
    if not form["vi"].data:
        form["vi"].errors = [gettext("Ghi câu hỏi bằng tiếng Việt.")]
    return not (form["code"].errors or form["vi"].errors)
