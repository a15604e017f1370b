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
from wtforms.validators import InputRequired, Length, Optional

from survey.foundation.form_fields import LineField, ProseField, WholeNumberField, choices
from survey.foundation.formatting import sentence_case
from survey.questionnaires.codes import check_code
from survey.questionnaires.definition import Definition
from survey.questionnaires.form import clean_text

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
    en = ProseField(lazy_gettext("Tiếng Anh"), [Length(max=LONGEST)], filters=[_one_line], render_kw=ROWS)
    factor = SelectField(lazy_gettext("Nhóm"))
    position = WholeNumberField(lazy_gettext("Thứ tự"), [Optional()])
    remove = BooleanField(lazy_gettext("Bỏ câu này"))


class NewItemForm(Form):
    """One more question, or nothing."""

    code = LineField(lazy_gettext("Mã câu hỏi"), [Length(max=40)], filters=[lambda text: (text or "").strip()])
    vi = ProseField(lazy_gettext("Câu hỏi"), [Length(max=LONGEST)], filters=[_one_line], render_kw=ROWS)
    en = ProseField(lazy_gettext("Tiếng Anh"), [Length(max=LONGEST)], filters=[_one_line], render_kw=ROWS)
    factor = SelectField(lazy_gettext("Nhóm"))
    position = WholeNumberField(lazy_gettext("Thứ tự"), [Optional()])


class DraftForm(FlaskForm):
    """A whole draft."""

    seen = HiddenField()
    items = FieldList(FormField(ItemForm))
    new = FormField(NewItemForm)


def form_of(definition: Definition, seen: str, data: Mapping[str, Any] | None = None) -> DraftForm:
    """The form of a draft; what was posted wins over what is stored."""
    rows = [
        {
            "code": item.code,
            "vi": item.text["vi"],
            "en": item.text.get("en", ""),
            "factor": item.factor or NO_FACTOR,
            "position": number * 10,
        }
        for number, item in enumerate(definition.items, start=1)
    ]
    form = DraftForm(data={"seen": seen, "items": rows})
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
        rows.append((_position(entry.form), _entry(entry.form, item.type, item.subject)))
    if form.new.form.vi.data or form.new.form.code.data:
        if not _new_is_sound(form.new.form, known):
            return None
        rows.append((_position(form.new.form), _entry(form.new.form, "rating", None)))
    rows.sort(key=lambda row: row[0])
    factors = [factor.model_dump() for factor in draft.factors]
    return {"factors": factors, "items": [row for _position, row in rows]}


def _position(form: Form) -> int:
    return form["position"].data if form["position"].data is not None else 10_000


def _entry(form: Form, type_: str, subject: str | None) -> dict[str, Any]:
    text = {"vi": form["vi"].data} | ({"en": form["en"].data} if form["en"].data else {})
    factor = form["factor"].data
    entry: dict[str, Any] = {"code": form["code"].data, "type": type_, "text": text}
    if subject:
        return entry | {"subject": subject}
    return entry | ({"factor": factor} if factor else {})


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
