"""What the audit log is about: each part of the program says how its objects are called and where they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _

from survey.accounts.audit_log.fields import FieldLine, ValueWords, field_lines
from survey.accounts.page_queries import AuditLine
from survey.accounts.permissions import VIEW, Action, Resource, allowed
from survey.accounts.words import action_words
from survey.foundation.registered import PerApp
from survey.registry.models import Province

FROM_FILES = frozenset({"import", "restore"})  # these entries name a file, not an object


@dataclass(frozen=True)
class AuditedKind:
    """One kind of object.

    `names` gives the names of many objects at once, by the id the log keeps (an object that is no longer there has
    neither name nor link; None: all are called by their id); `address` where one is shown, to whoever
    may do `permission` in the province (those who read the log may view everything in it); `values` the words of its
    own closed lists, by field and code.
    """

    words: LazyString
    names: Callable[[Collection[str]], Mapping[str, str]] | None = None
    address: Callable[[Province, AuditLine], str | None] = lambda _province, _line: None
    permission: Action = VIEW
    values: ValueWords = field(default_factory=dict)


@dataclass(frozen=True)
class ShownEntry:
    """An entry as a page shows it."""

    line: AuditLine
    who: str
    action: str
    kind: str
    name: str
    url: str | None
    fields: list[FieldLine]
    more: int


AUDITED_KINDS: PerApp[AuditedKind] = PerApp("audited kind")


def register_audited(app: Flask, object_type: str, kind: AuditedKind) -> None:
    """Make a kind of object known to the log's page."""
    AUDITED_KINDS.add(app, object_type, kind)


def audited_kinds() -> Mapping[str, AuditedKind]:
    """Every kind by the word the log keeps."""
    return AUDITED_KINDS.members()


def shown_entries(province: Province, lines: Iterable[AuditLine]) -> list[ShownEntry]:
    """Entries with names, links and fields in the reader's language."""
    lines = list(lines)
    named = _names(lines)
    return [_shown(province, line, named.get((line.object_type, line.object_id))) for line in lines]


def _shown(province: Province, line: AuditLine, name: str | None) -> ShownEntry:
    kind = audited_kinds().get(line.object_type)
    there = kind is not None and line.action not in FROM_FILES and (kind.names is None or name is not None)
    url = kind.address(province, line) if kind and there and allowed(kind.permission, Resource(province.id)) else None
    fields, more = field_lines(line.before, line.after, kind.values if kind else {})
    words = str(kind.words) if kind else line.object_type
    return ShownEntry(line, _who(line), action_words(line.action), words, name or line.object_id, url, fields, more)


def _who(line: AuditLine) -> str:
    if line.action == "pair":
        return str(_("kiosk"))  # whoever holds the code that the desk has shown
    if line.user_id is None:
        return str(_("dòng lệnh trên máy chủ"))
    return f"{line.name} ({line.username})" if line.is_ours else str(_("tài khoản của tỉnh khác"))


def _names(lines: Iterable[AuditLine]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.action not in FROM_FILES:
            wanted[line.object_type].add(line.object_id)
    naming = {object_type: kind.names for object_type, kind in audited_kinds().items() if kind.names}
    return {
        (object_type, id_): name
        for object_type, ids in wanted.items()
        if object_type in naming
        for id_, name in naming[object_type](ids).items()
    }
