"""Districts ended with local government of two levels: what a file still says of them is named, not refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _

from survey.foundation.formatting import date
from survey.registry.boundaries import DISTRICTS_ENDED
from survey.registry.files.problems import Problems

NAMED = 5


def outlives_districts(kind: str | None, level: str | None, last_day: dt.date | None) -> bool:
    """Whether this would be a district's authority after there were none; hospitals and schools go on for a region."""
    return (kind, level) == ("administrative", "district") and (last_day is None or last_day >= DISTRICTS_ENDED)


def name_districts_without_end(codes: Sequence[str], problems: Problems) -> None:
    """Say which of a file's agencies are districts that go on."""
    if codes:
        problems.note(
            _(
                "Cấp huyện kết thúc hoạt động ngày %(day)s; %(n)s cơ quan cấp huyện trong tệp chưa ghi ngày kết thúc "
                "như vậy (%(codes)s). Ghi ngày kết thúc và cơ quan kế thừa.",
                day=date(DISTRICTS_ENDED - dt.timedelta(days=1)),
                n=len(codes),
                codes=_first_of(codes),
            )
        )


def name_caseloads_of_districts(codes: Sequence[str], problems: Problems) -> None:
    """Say for which districts a file has caseloads of months in which there were none."""
    if codes:
        problems.note(
            _(
                "Tệp có số hồ sơ của %(n)s cơ quan cấp huyện (%(codes)s) cho tháng từ %(day)s, khi cấp huyện đã kết "
                "thúc hoạt động. Kiểm tra lại tháng, hoặc ghi số cho xã, phường kế thừa.",
                n=len(codes),
                codes=_first_of(codes),
                day=date(DISTRICTS_ENDED),
            )
        )


def _first_of(codes: Sequence[str]) -> str:
    return ", ".join(codes[:NAMED]) + (", …" if len(codes) > NAMED else "")
