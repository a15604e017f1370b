"""A file that leaves fewer dossiers than answers: one of the two is wrong, and who imports can still tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.clock import month_of, today
from survey.foundation.formatting import number, with_count
from survey.registry.files.problems import Problems
from survey.registry.files.records import Change, object_name
from survey.responses.answer_count_queries import Counted, Place, fetch_answer_counts, fetch_months

NAMED = 5


def name_overfull(session: Session, changes: Sequence[Change], problems: Problems) -> None:
    """Name the finished months in which more people answered than there were dossiers."""
    finished = [change for change in changes if change.after["month"] < month_of(today())]
    agencies = {change.after["agency"] for change in finished}
    counts = fetch_answer_counts(session, agencies, {change.after["month"] for change in finished})
    overfull = list(_overfull(finished, counts))
    if not overfull:
        return
    examples = "; ".join(
        _(
            "dòng %(line)s (%(name)s): %(answers)s lượt, %(count)s hồ sơ",
            line=change.line,
            name=object_name(change.key),
            answers=number(answers),
            count=number(change.after["count"]),
        )
        for change, answers in overfull[:NAMED]
    )
    problems.note(
        with_count(
            "Ở %(n)s dòng số lượt đánh giá nhiều hơn số hồ sơ: %(examples)s. Kiểm tra lại số hồ sơ, tháng và dịch vụ.",
            len(overfull),
            examples=examples + ("; …" if len(overfull) > NAMED else ""),
        )
    )


def _overfull(changes: Sequence[Change], counts: Mapping[Counted, int]) -> Iterator[tuple[Change, int]]:
    of_all_kinds: Counter[tuple[str, str, str]] = Counter()
    for (*cell, _kind), n in counts.items():
        of_all_kinds[cell[0], cell[1], cell[2]] += n
    for change in changes:
        agency, service, month, kind = change.key
        answers = counts.get((agency, service, month, kind), 0) if kind else of_all_kinds[agency, service, month]
        if answers > change.after["count"]:
            yield change, answers


def name_months_overfilled(session: Session, new: Mapping[Place, int], problems: Problems) -> None:
    """Name the finished months that have more answers than dossiers with the `new` ones of a file."""
    finished = {place: n for place, n in new.items() if place[2] < month_of(today())}
    if not finished:
        return
    overfull = [
        (place[2], about, about.answers + finished[place])
        for place, about in sorted(fetch_months(session, finished).items())
        if about.answers + finished[place] > about.dossiers
    ]
    examples = "; ".join(
        _(
            "%(agency)s, %(service)s, %(month)s: %(answers)s lượt, %(count)s hồ sơ",
            agency=about.agency,
            service=about.service,
            month=month,
            answers=number(answers),
            count=number(about.dossiers),
        )
        for month, about, answers in overfull[:NAMED]
    )
    if overfull:
        problems.note(
            with_count(
                "Với tệp này %(n)s nơi có số lượt đánh giá nhiều hơn số hồ sơ: %(examples)s. Kiểm tra lại ngày, dịch "
                "vụ và số hồ sơ.",
                len(overfull),
                examples=examples + ("; …" if len(overfull) > NAMED else ""),
            )
        )
