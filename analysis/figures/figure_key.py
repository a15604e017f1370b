"""What a figure is about, in one line: wherever the same line stands, the same share, n and received must stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from analysis.figures.query import FigureQuery, narrowing_kinds
from analysis.figures.register import AgencyFacts
from analysis.statistics import Method
from survey.foundation.identifiers import content_hash

EVERYTHING = "all"
_MOST_CODES = 3


def figure_key(
    province: str,
    subject: str,
    period: str,
    what: str = EVERYTHING,
    *,
    method: str = str(Method.TOP2),
    narrowed: str = "",
) -> str:
    """As ``dak-lak health_service 2026 top2 agency:BV-TINH``; `narrowed` says which answers alone were asked for."""
    return " ".join(part for part in (province, subject, period, method, what, narrowed) if part)


def subject_of(key: str) -> str:
    """The subject that a key names; '' of no key."""
    return (key.split() or ["", ""])[1]


def keys_of(question: FigureQuery, agencies: Mapping[int, AgencyFacts]) -> Callable[[str], str]:
    """The key of each domain of a question's answer; `agencies` names those it is narrowed to.

    An agency asked for alone is the same as its row among all agencies. Whose eyes it is for and how long answers were
    taken are no part of it: what is shown of an ended period is the same for everyone.
    """
    place = _place(question.agencies, agencies)
    narrowed = "; ".join(_narrowings(question))

    def key(domain: str) -> str:
        what = f"{question.by}:{domain}" if question.by else place
        if question.by not in (None, "agency") and place != EVERYTHING:
            what = f"{what} in {place}"
        return figure_key(
            question.province, question.subject, question.period.code, what, method=question.method, narrowed=narrowed
        )

    return key


def kinds_words(kinds: Collection[str] | None) -> str:
    """The respondent kinds a figure is narrowed to; '' where nobody is left out."""
    return "+".join(sorted(set(narrowing_kinds(kinds) or ())))


def place_words(codes: Iterable[str]) -> str:
    """Agencies by their codes: one of them, or several at once."""
    names = sorted(codes)
    if len(names) == 1:
        return f"agency:{names[0]}"
    return f"agencies:{'+'.join(names) if len(names) <= _MOST_CODES else content_hash(names)[:12]}"


def _place(ids: frozenset[int] | None, agencies: Mapping[int, AgencyFacts]) -> str:
    if ids is None:
        return EVERYTHING
    return place_words(agencies[id_].code if id_ in agencies else str(id_) for id_ in ids)


def _narrowings(question: FigureQuery) -> list[str]:
    narrowed: dict[str, Iterable[object] | None] = {
        "items": question.items,
        "services": question.services,
        "counters": question.counters,
        "channels": question.channels,
        "languages": question.languages,
    }
    narrowings = [f"{name} {'+'.join(sorted(map(str, values)))}" for name, values in narrowed.items() if values]
    if kinds := kinds_words(question.respondent_kinds):
        narrowings.append(f"kinds {kinds}")
    return [*narrowings, *(["boundaries today"] if question.boundaries == "today" else [])]
