"""The one wording of "there is no such code"."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from survey.registry.files.columns import nearest
from survey.registry.files.problems import SHOWN, Problems
from survey.registry.files.records import Change


def refuse_unknown(
    change: Change, column: str, value: str | None, known: Collection[str], mend: str, problems: Problems
) -> bool:
    """Note a code that is neither stored nor in the file; True if it was unknown (or could not be read at all)."""
    if value in known:
        return False
    if value is None:
        return True
    # Looking for the nearest code is slow, and nobody reads the thousandth hint.
    hint = nearest(value, known) if problems.total < SHOWN else ""
    problems.add(
        _("Không có mã này."),
        f"{hint} {mend}".strip(),
        line=change.line,
        column=column,
        value=value,
    )
    return True


def refuse_out_of_scope(change: Change, column: str, problems: Problems) -> None:
    """Note a record that whoever imports may not change."""
    problems.add(
        _("Không thuộc phạm vi quản lý của tài khoản này."),
        _("Bỏ dòng này hoặc nhờ người có quyền."),
        line=change.line,
        column=column,
        value=str(change.after.get(column, "")),
    )
