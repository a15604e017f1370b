"""What stands in an entry of the audit log, as people read it: fields named, values in words, before beside after."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _

from survey.accounts.audit_log.words import FIELD_WORDS, PERIODS, PLAIN_NUMBERS, VALUE_WORDS
from survey.foundation.formatting import date, moment, number
from survey.foundation.periods import Period

NOTHING = "–"
SHOWN = 40  # fields of one entry; the file has all of them
KEYS = ("code", "respondent_kind", "agency", "service", "month", "province", "year", "indicator")
UNSEEN = frozenset({"seen"})  # a mark of what a form showed: means nothing to people
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ValueWords = Mapping[str, Mapping[str, str | LazyString]]  # of closed lists, by field and code


@dataclass(frozen=True)
class FieldLine:
    """One field with what stood there and what stands there now; '' where the entry says nothing of it."""

    label: str
    before: str
    after: str


def field_words(name: str) -> str:
    """A field in words; its code where it has none yet."""
    return str(FIELD_WORDS.get(name, name))


def value_words(name: str, value: Any) -> str:
    """A value of a field: closed lists in words, numbers and days as pages write them."""
    return _shown((name,), value, VALUE_WORDS)


def field_lines(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, own: ValueWords | None = None
) -> tuple[list[FieldLine], int]:
    """The fields of an entry, and how many more there are. Of a change those that differ; of a new object those set.

    `own`: the words of lists that only this kind of object has.
    """
    lists = {**VALUE_WORDS, **(own or {})}
    lines = [
        FieldLine(_label(path), _shown(path, old, lists), _shown(path, new, lists))
        for path, old, new in _changes((), before, after)
    ]
    return lines[:SHOWN], max(0, len(lines) - SHOWN)


def _changes(path: tuple[str, ...], before: Any, after: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if before == after:
        return
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = before or {}, after or {}
        for name in [*new, *(name for name in old if name not in new)]:
            if _says_something(name, old, new):
                yield from _changes((*path, name), old.get(name, _MISSING), new.get(name, _MISSING))
    elif _holds_records(before) or _holds_records(after):
        yield from _record_changes(path, before, after)
    else:
        yield path, before, after


def _says_something(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return name not in UNSEEN and ((name in old and name in new) or new.get(name, old.get(name)) not in (None, "", []))


def _record_changes(path: tuple[str, ...], before: Any, after: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    old, new = _by_key(before), _by_key(after)
    for key in [*new, *(key for key in old if key not in new)]:
        yield from _changes((*path, key), old.get(key, {}), new.get(key, {}))


def _by_key(records: Any) -> dict[str, Mapping[str, Any]]:
    return {
        _key(record, place): record for place, record in enumerate(records if _holds_records(records) else [], start=1)
    }


def _key(record: Mapping[str, Any], place: int) -> str:
    return "/".join(str(record[name]) for name in KEYS if record.get(name) not in (None, "")) or str(place)


def _holds_records(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and any(isinstance(element, Mapping) for element in value)
    )


_MISSING: Any = type("Missing", (), {"__bool__": lambda _self: False})()


def _label(path: tuple[str, ...]) -> str:
    named = [str(FIELD_WORDS.get(name, name)) for name in path if name not in ("records", "definition")]
    return " · ".join(named or [field_words(path[-1])])


def _shown(path: tuple[str, ...], value: Any, lists: ValueWords) -> str:
    if value is _MISSING:
        return ""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(_shown(path, element, lists) for element in value)
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    name = next((step for step in reversed(path) if step in FIELD_WORDS), path[-1])
    words = lists.get(name, {}).get(value if isinstance(value, str) else str(value))
    if words is not None:
        return str(words)
    if isinstance(value, int | float):
        return str(value) if name in PLAIN_NUMBERS else number(value, 0 if isinstance(value, int) else 2)
    return _text(name, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(name: str, value: str) -> str:
    try:
        if name in PERIODS:
            return Period.parse(value).label()
        if INSTANT.match(value):
            return moment(dt.datetime.fromisoformat(value))
        if DAY.fullmatch(value):
            return date(dt.date.fromisoformat(value))
    except ValueError:
        pass
    return value
