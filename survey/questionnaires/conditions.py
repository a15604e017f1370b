"""Follow-ups: each names an earlier question, and all of one question appear after the same answers to it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from survey.questionnaires.definition_schema import DefinitionError
from survey.questionnaires.types.item import Item


def check_conditions(items: Sequence[Item]) -> None:
    """Look at every follow-up.

    Raises:
        DefinitionError: one cannot be shown; how to mend it.
    """
    before: dict[str, Item] = {}
    opened: dict[str, list[int]] = {}
    for item in items:
        if condition := item.shown_if:
            asked = before.get(condition.item)
            if problem := _problem(item, asked, condition.values, opened.setdefault(condition.item, condition.values)):
                raise DefinitionError.at(item.code, problem)
        before[item.code] = item


def _problem(item: Item, asked: Item | None, values: list[int], others: list[int]) -> str | None:
    if item.subject or asked is None or asked.shown_if or not asked.opens:
        return str(_("“shown_if” phải nêu một câu chọn một hoặc chấm điểm đứng trước, câu này không là câu chung"))
    if not set(values) <= {value for value in asked.examples() if isinstance(value, int)}:
        return str(_("“shown_if” nêu một trả lời mà câu %(item)s không có", item=asked.code))
    if values != others:
        return str(_("mọi câu hỏi tiếp sau câu %(item)s phải hiện sau cùng các trả lời", item=asked.code))
    return None
