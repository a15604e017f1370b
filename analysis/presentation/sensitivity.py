"""What must stand beside a verdict on volunteers: what would overturn it, what hints at it, what would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from analysis.figures.figure import Ask, Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, register_stamp
from analysis.figures.service import answer
from analysis.figures.states import state_behind
from analysis.figures.suppression.row_alone import row_alone
from analysis.figures.weighting.prepare import rating_scope
from analysis.presentation import sensitivity_queries as queries
from analysis.presentation.caseload_units import in_units, in_units_of_sector
from analysis.presentation.channels import widest_difference
from analysis.presentation.lateness import lateness_of
from analysis.presentation.overturn_words import overturn_words, shifted_words
from analysis.presentation.phrases import SHORT_SUBJECTS, about
from analysis.presentation.settling import Settling, what_settles
from analysis.statistics.counts import count_a_day
from analysis.statistics.verdicts.shifted import Shifted, verdicts_at
from analysis.statistics.verdicts.sufficiency import FEWEST
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.clock import today
from survey.foundation.formatting import number, with_count
from survey.foundation.vocabulary import MEAN_OF_SUBJECT, SECTOR_OF_SUBJECT
from survey.foundation.working_days import between

PACE: Mapping[str, LazyString] = {  # pupils are there every day: nothing passes a day
    "administration": lazy_gettext("Mỗi ngày làm việc: %(n)s phiếu dùng, %(cases)s hồ sơ đã giải quyết."),
    "health": lazy_gettext("Mỗi ngày làm việc: %(n)s phiếu dùng, %(cases)s lượt khám."),
}


@dataclass(frozen=True)
class AnsweringCounters:
    """AnsweringCounters that answered, of those that serve."""

    answered: int
    serving: int

    @property
    def words(self) -> str:
        """As "Có phiếu ở 2 trên 6 quầy: con số nói về những quầy đó."."""
        if self.answered >= self.serving:
            return str(_("Cả %(n)s quầy đều có phiếu.", n=number(self.serving)))
        said = {"answered": number(self.answered), "serving": number(self.serving)}
        return str(_("Có phiếu ở %(answered)s trên %(serving)s quầy: con số nói về những quầy đó.", **said))


@dataclass(frozen=True)
class Sensitivity:
    """`overturn`: how wrong it would have to be; `at`: verdicts at 0, 2, 5 and 10 points; `beside`: differences seen,
    counters and pace; `settles`: what would settle an open verdict. Each None or empty where it is not known."""

    overturn: str | None
    at: tuple[Shifted, ...]
    beside: tuple[str, ...]
    settles: str | None

    @property
    def otherwise(self) -> str | None:
        """The verdicts at the other points in one sentence."""
        return shifted_words(self.at)

    @property
    def lines(self) -> tuple[str, ...]:
        """What does not stand beside the verdict itself, nor in a table of the verdicts at other points."""
        return (*self.beside, *([self.settles] if self.settles else []))


_COUNTERS: WeightedLru[AnsweringCounters | None] = WeightedLru(10_000, lambda _counters: 1)


def sensitivity(figures: Figures, row: Figure | None = None, ask: Ask = answer) -> Sensitivity | None:
    """All of it for the verdict of a row of `figures`, or of a question without breakdown. None: no verdict.

    `ask` answers what else is asked of the same answers, so that a document can keep it.
    """
    figure = row or figures.total
    if figure.verdict is None or figure.estimate is None:
        return None
    question = row_alone(figures.question, figure.domain)
    counters = counters_of(question)
    settled = settling_words(what_settles(figure), counters)
    return Sensitivity(
        overturn_words(figure.verdict),
        shifted(figure),
        _beside(question, figure, counters, ask),
        None if settled is None else in_units(settled, question.subject),
    )


def _beside(question: FigureQuery, figure: Figure, counters: AnsweringCounters | None, ask: Ask) -> tuple[str, ...]:
    """Differences seen, counters and pace; of a mean of two sectors, those of each."""
    if question.subject in MEAN_OF_SUBJECT:
        parts = [replace(question, subject=subject) for subject in MEAN_OF_SUBJECT[question.subject]]
        lines = [(part, line) for part in parts for line in _beside(part, ask(part).total, counters_of(part), ask)]
        return tuple(f"{SHORT_SUBJECTS[part.subject]}: {line}" for part, line in lines)
    channels = widest_difference(ask(replace(question, by="channel")))
    late = lateness_of(question)
    sentences = (
        None if channels is None else channels.words,
        None if late is None else late.words,
        None if counters is None else counters.words,
        _pace(question, figure),
    )
    return tuple(sentence for sentence in sentences if sentence)


def shifted(figure: Figure) -> tuple[Shifted, ...]:
    """The verdicts at 0, 2, 5 and 10 points; none without a verdict or a response rate."""
    return verdicts_at(figure.estimate, figure.verdict) if figure.estimate and figure.verdict else ()


def settling_words(settling: Settling | None, counters: AnsweringCounters | None) -> str | None:
    """What would settle a verdict that is open, in a sentence; other counters help too."""
    if settling is None:
        return None
    said = _settling_sentence(settling)
    if counters is None or counters.answered >= counters.serving:
        return said
    silent = number(counters.serving - counters.answered)
    return " ".join([said, str(_("Thu phiếu ở %(n)s quầy chưa có phiếu cũng giúp được.", n=silent))])


def _settling_sentence(settling: Settling) -> str:
    count = settling.count or 0
    match settling.what:
        case "few":
            said = _("Muốn kết luận: cần từ %(most)s phiếu, nay có %(n)s.", most=FEWEST, n=number(count))
        case "days":
            said = _("Muốn kết luận: cần phiếu của nhiều ngày hơn; phiếu đang dồn vào quá ít ngày.")
        case "thin":
            said = _("Muốn kết luận: cần thêm phiếu ở những nơi có ít phiếu so với số hồ sơ của mình.")
        case "answers":
            said = with_count(
                "Muốn kết luận: cần thêm khoảng %(n)s phiếu, trải trên các ngày như hiện nay.", about(count)
            )
        case "drawn_sample":
            drawn = number(about(count))
            said = _("Muốn kết luận: cần khảo sát chọn ngẫu nhiên khoảng %(n)s hồ sơ, ai cũng trả lời.", n=drawn)
        case _:
            said = _("Trong kỳ này không gì cho kết luận được: kết quả quá sát mốc.")
    return str(said)


def counters_of(question: FigureQuery) -> AnsweringCounters | None:
    """Of the counters of a question's agencies and sector, how many gave answers; None where none serves."""
    state = state_behind(question)
    kept_under = None if state is None else State(question, (state, register_stamp()))
    return _COUNTERS.get_in(kept_under, lambda: _count_counters(question))


def _count_counters(question: FigureQuery) -> AnsweringCounters | None:
    sector = SECTOR_OF_SUBJECT[question.subject]
    if sector is None:
        return None
    scope = rating_scope(question, fetch_province(question.province).id)
    answered, serving = queries.fetch_counters(scope, sector, question.period)
    return AnsweringCounters(answered, serving) if serving else None


def _pace(question: FigureQuery, figure: Figure) -> str | None:
    days = between(question.period.first_day, min(question.period.last_day, today()))
    sector = SECTOR_OF_SUBJECT[question.subject] or ""
    return pace_words(sector, figure.n, figure.caseload, days, partial=figure.partial)


def pace_words(sector: str, n: int | None, cases: float | None, days: int, *, partial: bool) -> str | None:
    """Answers used and dossiers on each of so many working days; None where nothing passes a day."""
    if sector not in PACE or not days or not n or not cases:
        return None
    said = str(PACE[sector]) % {"n": number(count_a_day(n, days), 1), "cases": number(count_a_day(cases, days), 1)}
    return " ".join([said, *[in_units_of_sector(_("Số hồ sơ chỉ là của phần đã có số."), sector)] * partial])
