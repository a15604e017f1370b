"""What must stand beside a verdict on volunteers: what would overturn it, what hints at it, what would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, services_of
from analysis.figures.weighting.prepare import rating_scope
from analysis.presentation import sensitivity_queries as queries
from analysis.presentation.channels import widest_words
from analysis.presentation.overturn_words import overturn_words
from analysis.presentation.phrases import about
from analysis.presentation.selection_queries import fetch_item_counts
from analysis.statistics import Evidence
from analysis.statistics.counts import count_a_day, share_of
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from analysis.statistics.shifted import Shifted, verdicts_at
from analysis.statistics.sufficiency import FEWEST
from survey.foundation.clock import today
from survey.foundation.formatting import number, percent
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.foundation.working_days import between

ON_TIME = {"administration": "procedure_on_time"}  # the detailed question about the time taken
LATE = 2  # rated 1 or 2: the time taken did not follow the rules
PACE: Mapping[str, LazyString] = {  # pupils are there every day: nothing passes a day
    "administration": lazy_gettext("Mỗi ngày làm việc: %(n)s phiếu dùng, %(cases)s hồ sơ đã giải quyết."),
    "health": lazy_gettext("Mỗi ngày làm việc: %(n)s phiếu dùng, %(cases)s lượt khám."),
}


@dataclass(frozen=True)
class AnsweringCounters:
    """Counters that answered, of those that serve."""

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
    def lines(self) -> tuple[str, ...]:
        """Everything but the verdicts at other points, a sentence each."""
        return tuple(sentence for sentence in (self.overturn, *self.beside, self.settles) if sentence)


def sensitivity(figures: Figures, channels: Figures | None) -> Sensitivity | None:
    """All of it for the verdict of a question without breakdown; `channels`: the same by channel. None: no verdict."""
    figure = figures.total
    if figure.verdict is None or figure.estimate is None:
        return None
    counters = _counters(figures.question)
    beside = (
        None if channels is None else widest_words(channels),
        _late(figures.question),
        None if counters is None else counters.words,
        _pace(figures.question, figure),
    )
    return Sensitivity(
        overturn_words(figure.verdict),
        verdicts_at(figure.estimate, figure.verdict),
        tuple(sentence for sentence in beside if sentence),
        settling_words(figure, counters),
    )


def settling_words(figure: Figure, counters: AnsweringCounters | None) -> str | None:
    """What would settle a verdict that is open: days, answers, a drawn sample, other counters, or nothing."""
    verdict, estimate = figure.verdict, figure.estimate
    if verdict is None or estimate is None or verdict.evidence not in (Evidence.INCONCLUSIVE, Evidence.INSUFFICIENT):
        return None
    if estimate.n < FEWEST:
        said = _("Muốn kết luận: cần từ %(most)s phiếu, nay có %(n)s.", most=FEWEST, n=number(estimate.n))
    elif estimate.few_days:
        said = _("Muốn kết luận: cần phiếu của nhiều ngày hơn; phiếu đang dồn vào quá ít ngày.")
    elif verdict.evidence is Evidence.INSUFFICIENT:
        said = _("Muốn kết luận: cần thêm phiếu ở những nơi có ít phiếu so với số hồ sơ của mình.")
    elif verdict.responses_needed and verdict.responses_needed <= estimate.n:
        needed = number(about(verdict.responses_needed))
        said = _("Muốn kết luận: cần thêm khoảng %(n)s phiếu, trải trên các ngày như hiện nay.", n=needed)
    elif verdict.drawn_sample:
        drawn = number(about(verdict.drawn_sample))
        said = _("Muốn kết luận: cần khảo sát chọn ngẫu nhiên khoảng %(n)s hồ sơ, ai cũng trả lời.", n=drawn)
    else:
        said = _("Trong kỳ này không gì cho kết luận được: kết quả quá sát mốc.")
    if counters is None or counters.answered >= counters.serving:
        return str(said)
    silent = number(counters.serving - counters.answered)
    return " ".join([str(said), str(_("Phiếu của %(n)s quầy chưa có phiếu cũng giúp được.", n=silent))])


def _counters(question: FigureQuery) -> AnsweringCounters | None:
    sector = SECTOR_OF_SUBJECT[question.subject]
    if sector is None:
        return None
    province_id = fetch_province(question.province).id
    serving = queries.count_counters(province_id, question.agencies, sector, question.period)
    answered = queries.count_answering_counters(rating_scope(question, province_id))
    return AnsweringCounters(answered, serving) if serving else None


def _late(question: FigureQuery) -> str | None:
    sector = SECTOR_OF_SUBJECT[question.subject] or ""
    if sector not in ON_TIME:
        return None
    province_id = fetch_province(question.province).id
    services = question.services or frozenset(service.id for service in services_of(sector))
    where = (province_id, question.period.months, question.agencies, services)
    counts = fetch_item_counts(*where).get(ON_TIME[sector], {})
    rated = {value: n for value, n in counts.items() if value >= 1}
    overdue, dossiers = queries.fetch_overdue(*where)
    if sum(rated.values()) < FEWEST_STAFF or not dossiers:
        return None
    late = share_of(sum(n for value, n in rated.items() if value <= LATE), sum(rated.values()))
    said = {"share": percent(late), "overdue": percent(share_of(overdue, dossiers))}
    return str(_("Quá hạn: %(share)s người trả lời cho là không đúng thời hạn; theo sổ %(overdue)s hồ sơ.", **said))


def _pace(question: FigureQuery, figure: Figure) -> str | None:
    words = PACE.get(SECTOR_OF_SUBJECT[question.subject] or "")
    days = between(question.period.first_day, min(question.period.last_day, today()))
    if words is None or not days or not figure.n or not figure.caseload:
        return None
    return str(words) % {
        "n": number(count_a_day(figure.n, days), 1),
        "cases": number(count_a_day(figure.caseload, days), 1),
    }
