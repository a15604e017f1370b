"""Detailed questions named in an address by their codes, whichever form of the sector asks them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from flask_babel import gettext as _

from analysis.figures.item_value_queries import fetch_forms
from analysis.figures.query import BadQuery
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.formatting import number
from survey.foundation.languages.language import current_language
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.questionnaires.definition import Definition, Item

BETWEEN = ","


def read_codes(text: str, subject: str) -> tuple[str, ...]:
    """The codes of an address.

    Raises:
        BadQuery: no form of the subject's sector asks one of them.
    """
    codes = tuple(code for code in text.split(BETWEEN) if code)
    unknown = [code for code in codes if code not in _rated(subject)]
    if unknown:
        raise BadQuery(_("Không phiếu nào của ngành hỏi câu “%(code)s”.", code=unknown[0]))
    return codes


def codes_label(codes: tuple[str, ...], subject: str) -> str:
    """What was asked, in the reader's language: the question itself, or how many."""
    if len(codes) > 1:
        return str(_("%(n)s câu hỏi chi tiết", n=number(len(codes))))
    return _rated(subject)[codes[0]].label(current_language())


@read_once
def _rated(subject: str) -> Mapping[str, Item]:
    definitions = [Definition.parse(data) for _key, _title, data in fetch_forms(SECTOR_OF_SUBJECT[subject] or "")]
    items = chain.from_iterable(definition.optional_items for definition in definitions)
    return {item.code: item for item in items if item.is_rated}
