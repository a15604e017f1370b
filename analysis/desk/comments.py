"""Reading what citizens wrote: found with or without diacritics, personal data hidden unless one asks and may."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_login import current_user

from analysis.desk.comment_queries import Comment, CommentFilter, CommentPosition, iterate_comments
from analysis.figures.query import BadQuery
from analysis.presentation.scope import Scope
from analysis.presentation.selection import read_period
from analysis.themes.service import keys_of, theme_names
from survey.accounts.permissions import Action
from survey.feedback.reach_queries import answers_apart, may_read_words
from survey.foundation.clock import parse_instant, start_of_day
from survey.foundation.identifiers import parse_id
from survey.foundation.periods import Period
from survey.foundation.security.sealed import seal, unseal
from survey.foundation.vocabulary import SCALE
from survey.responses.comments import searchable
from survey.responses.masking import mask

PAGE, READ = 50, 5000
PLACE = "place among comments"
PRAISE, LOW, LOW_FACES = 4, "1-3", (1, 2, 3)
OLD, WORST = ORDERS = ("old", "worst")  # beside the newest first


@dataclass(frozen=True)
class CommentSearch:
    """What the page's form asks for."""

    period: Period
    text: str = ""
    service: str = ""
    rating: str = ""  # "1" to "5", or the preset "1-3"
    theme: str = ""
    order: str = ""  # one of ORDERS; "": the newest first

    def arguments(self) -> dict[str, str]:
        """The same as parts of an address."""
        said = {"period": self.period.code, "q": self.text, "service": self.service, "theme": self.theme}
        said |= {"rating": self.rating, "order": self.order}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class CommentLine:
    """One comment as a reader sees it; `ratings` by subject, 1-5."""

    id: uuid.UUID
    day: dt.date
    agency: str
    agency_code: str
    service: str | None
    channel: str
    text: str
    ratings: Mapping[str, int]

    @property
    def lowest(self) -> int | None:
        """The worst face given with it; None without one."""
        return min(self.ratings.values(), default=None)


@dataclass(frozen=True)
class CommentPage:
    """`next`: where the next page begins, None at the end."""

    lines: list[CommentLine]
    next: str | None

    @property
    def praise(self) -> list[CommentLine]:
        """Those whose every face is 4 or 5."""
        return [line for line in self.lines if (line.lowest or 0) >= PRAISE]

    @property
    def others(self) -> list[CommentLine]:
        """All that is no praise: what there is to mend comes first."""
        return [line for line in self.lines if (line.lowest or 0) < PRAISE]


def read_search(arguments: Mapping[str, str], latest_year: int) -> CommentSearch:
    """What an address asks for.

    Raises:
        BadQuery: the period or the rating cannot be read.
    """
    rating = arguments.get("rating", "")
    if rating and rating not in {LOW, *(str(value) for value in SCALE)}:
        raise BadQuery(_("Mức đánh giá là số từ 1 đến 5."))
    theme = arguments.get("theme", "")
    if theme and theme not in theme_names():
        raise BadQuery(_("Không có chủ đề “%(theme)s”.", theme=theme))
    return CommentSearch(
        period=read_period(arguments.get("period", ""), latest_year),
        text=arguments.get("q", "").strip()[:100],
        service=arguments.get("service", ""),
        rating=rating,
        theme=theme,
        order=order if (order := arguments.get("order", "")) in ORDERS else "",
    )


def comment_page(scope: Scope, asked: CommentSearch, after: str | None, *, reveal: bool = False) -> CommentPage:
    """Fifty comments in the order asked for, beginning after the place `after`.

    A theme, words that masking may have hidden, and what somebody may read of an agency of their own, are looked for by
    reading: a page of what is rare ends after READ comments, maybe with fewer than fifty.
    """
    wanted, place = _filter(scope, asked), _read_place(after)
    is_told = _tells(scope, asked, reveal=reveal)
    shown, last, more = _first(iterate_comments(wanted, after=place, batch=PAGE + 1), is_told)
    return CommentPage(
        lines=[_line(comment, reveal=reveal) for comment in shown],
        next=_place(last) if last and more else None,
    )


def _first(
    comments: Iterator[Comment], is_told: Callable[[Comment], bool]
) -> tuple[list[Comment], Comment | None, bool]:
    """The next comments that are told, the last one read, and whether there are more to read."""
    shown: list[Comment] = []
    last = None
    for read, comment in enumerate(comments):
        if len(shown) == PAGE or read == READ:
            return shown, last, True
        last = comment
        if is_told(comment):
            shown.append(comment)
    return shown, last, False


def every_line(scope: Scope, asked: CommentSearch) -> Iterator[CommentLine]:
    """All matching comments, masked, in constant memory; the scope is read now, the comments while they are sent."""
    return _lines(_filter(scope, asked), _tells(scope, asked, reveal=False))


def _lines(wanted: CommentFilter, is_told: Callable[[Comment], bool]) -> Iterator[CommentLine]:
    return (_line(comment, reveal=False) for comment in iterate_comments(wanted) if is_told(comment))


def _tells(scope: Scope, asked: CommentSearch, *, reveal: bool) -> Callable[[Comment], bool]:
    """Whether a comment is about what is asked for, and not an accusation of the reader's own agency.

    Words are looked for in what the reader sees: a masked number or name would else be found out letter by letter.
    """
    may_read, province_id = may_read_words(current_user, Action.VIEW_COMMENTS), scope.province.id
    words = "" if reveal else searchable(asked.text)

    def is_told(comment: Comment) -> bool:
        about = not asked.theme or asked.theme in keys_of(comment.text)
        about = about and (not words or words in searchable(mask(comment.text)))
        return about and may_read(province_id, comment.sector, comment.agency_id, comment.text)

    return is_told


def _filter(scope: Scope, asked: CommentSearch) -> CommentFilter:
    return CommentFilter(
        province_id=scope.province.id,
        months=asked.period.months,
        since=start_of_day(asked.period.first_day),
        until=asked.period.ends_at,
        text=searchable(asked.text),
        sector=scope.sector,
        agencies=scope.agencies,
        service=asked.service or None,
        ratings=LOW_FACES if asked.rating == LOW else tuple(int(value) for value in asked.rating),
        oldest_first=asked.order == OLD,
        worst_first=asked.order == WORST,
        apart=answers_apart(current_user, Action.VIEW_COMMENTS),
    )


def _line(comment: Comment, *, reveal: bool) -> CommentLine:
    text = comment.text if reveal else mask(comment.text)
    place, ratings = (comment.agency, comment.agency_code, comment.service), comment.ratings
    return CommentLine(comment.place[1], comment.day, *place, comment.channel, text, ratings)


def _place(comment: Comment) -> str:
    at, id_ = comment.place
    return seal(PLACE, f"{at.isoformat()}_{id_}")  # the address tells neither the instant nor the answer


def _read_place(text: str | None) -> CommentPosition | None:
    if not text:
        return None
    at, _sep, id_ = (unseal(PLACE, text) or "").partition("_")
    try:
        return parse_instant(at), parse_id(id_)
    except ValueError as problem:
        raise BadQuery(_("Địa chỉ trang này không còn dùng được; hãy mở lại danh sách từ đầu.")) from problem
