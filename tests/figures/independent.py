"""Figures worked out a second time, by another program: from single answers and caseload rows, one loop after another.

Nothing of `analysis` is used here. What is weighed, by what, pooled with what and how sure that makes a figure is
written down once more from docs/statistics.md: post-strata agency x service (x kind) (x quarter), exact ratios, one
weight an answer, linearised variances between an agency's days (weeks in long periods), the working model's degrees of
freedom and bias, the guarded effective sample size and its beta bounds.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from scipy.stats import beta, t

RHO = 0.10
FEWEST = 5
NOTHING = 1e-24  # what rounding leaves of a variance of 0


@dataclass(frozen=True)
class Answer:
    """One person's rating. `kind`: individual, organisation or unknown; `service` None: none named."""

    agency: str
    service: str | None
    kind: str
    day: dt.date
    at_counter: bool
    channel: str
    satisfied: bool

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"


@dataclass(frozen=True)
class Dossiers:
    """A caseload row: a month's count. `kind` '': of all kinds together; `stock`: pupils, averaged over months."""

    agency: str
    service: str
    kind: str
    month: str
    count: int
    stock: bool = False


@dataclass
class Worked:
    """What this program says of a domain; None where it says nothing."""

    received: int = 0
    n: int = 0
    share: Fraction | None = None
    variance: float | None = None
    df: int | None = None
    df_effective: float | None = None
    kappa: float | None = None
    n_eff: float | None = None
    interval_90: tuple[float, float] | None = None
    clustered: bool = False
    caseload: Fraction | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    uneven: Fraction = Fraction()
    uneven_months: tuple[str, ...] = ()


def _number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:]) - 1


class Post(NamedTuple):
    """A post-stratum: `service` '*' is all of an agency's; `kind` and `quarter` '' where they are not told apart."""

    agency: str
    service: str
    kind: str
    quarter: str


Unit = tuple[str, str]  # an agency and its day or week, or an answer without one
Level = Callable[[Post], Hashable]  # post-strata may be pooled with others of which it says the same


@dataclass(frozen=True)
class Weighed:
    """An answer with the post-stratum it stands in, the pool that weighs it and its exact weight."""

    answer: Answer
    post: Post
    pool: int
    weight: Fraction
    unit: Unit


class Program:
    """All answers of one subject, and the caseload rows of its sector, between two days.

    `kinds`: the respondent kinds asked about; `shares`: of a month that the days cut, the part that is inside.
    """

    def __init__(
        self,
        answers: Iterable[Answer],
        dossiers: Iterable[Dossiers],
        days: tuple[dt.date, dt.date],
        kinds: Sequence[str] | None = None,
        shares: Mapping[str, Fraction] | None = None,
    ) -> None:
        first, last = days
        numbers = range(_number(f"{first:%Y-%m}"), _number(f"{last:%Y-%m}") + 1)
        self.months = tuple(f"{number // 12}-{number % 12 + 1:02d}" for number in numbers)
        self.long = len(self.months) > 3
        self.kinds = kinds
        self.shares = dict.fromkeys(self.months, Fraction(1)) | dict(shares or {})
        self.weighing = [month for month in self.months if self.shares[month]]
        asked = [answer for answer in answers if first <= answer.day <= last]
        self.answers = [answer for answer in asked if kinds is None or answer.kind in kinds]
        self.unsaid = sum(answer.kind == "unknown" for answer in asked) if kinds and "unknown" not in kinds else 0
        every = list(dossiers)
        self.dossiers = [row for row in every if row.month in self.weighing]
        self.borrowed: set[tuple[str, str]] = set()
        if len(self.weighing) == 1:
            self._borrow(every)

    def _borrow(self, every: list[Dossiers]) -> None:
        """A month without a caseload takes that of the latest of the three months before."""
        (month,) = self.weighing
        known = {(row.agency, row.service) for row in self.dossiers}
        back = [f"{number // 12}-{number % 12 + 1:02d}" for number in (_number(month) - step for step in (1, 2, 3))]
        for pair in sorted({(row.agency, row.service) for row in every} - known):
            for earlier in back:
                rows = [row for row in every if (row.agency, row.service, row.month) == (*pair, earlier)]
                if rows:
                    self.dossiers += [replace(row, month=month) for row in rows]
                    self.borrowed.add(pair)
                    break

    # What is handled ---------------------------------------------------------------------------------------------

    def quarter(self, month: str) -> str:
        return f"{month[:4]}-Q{math.ceil(int(month[5:]) / 3)}" if self.long else ""

    def reported_months(self, agency: str, service: str) -> set[str]:
        """Months with a row; none where under half of the months in which the agency was answered have one."""
        reported = {row.month for row in self.dossiers if (row.agency, row.service) == (agency, service)}
        asking = {answer.month for answer in self.answers if answer.agency == agency} & set(self.weighing)
        return reported if len(reported) >= len(asking) / 2 else set()

    def handled(self, agency: str, service: str) -> dict[tuple[str, str], Fraction]:
        """N by (quarter, kind); kind '' where some row tells no kinds apart."""
        reported = self.reported_months(agency, service)
        rows = [
            row for row in self.dossiers if (row.agency, row.service) == (agency, service) and row.month in reported
        ]
        apart = all(row.kind for row in rows)
        if apart and self.kinds is not None:
            rows = [row for row in rows if row.kind in self.kinds]
        amounts: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for row in rows:
            amounts[self.quarter(row.month), row.kind if apart else ""] += self._counted(row, reported)
        return {key: amount for key, amount in amounts.items() if amount}

    def _counted(self, row: Dossiers, reported: set[str]) -> Fraction:
        covered = self.shares[row.month]
        return row.count * covered / (sum(self.shares[month] for month in reported) if row.stock else 1)

    def pairs(self) -> list[tuple[str, str]]:
        return sorted({(row.agency, row.service) for row in self.dossiers})

    # Which post-stratum an answer stands in ----------------------------------------------------------------------

    def assigned(self) -> tuple[dict[int, Post | None], dict[Post, Fraction]]:
        """By an answer's place in `answers` its post-stratum (None: no caseload is known for it); N of each."""
        stands: dict[int, Post | None] = {}
        handled: dict[Post, Fraction] = {}
        for agency in sorted({answer.agency for answer in self.answers} | {agency for agency, _ in self.pairs()}):
            mine = [place for place, answer in enumerate(self.answers) if answer.agency == agency]
            own: dict[Post, Fraction] = {}
            for _, service in (pair for pair in self.pairs() if pair[0] == agency):
                own |= self._of_service(agency, service, mine, stands)
            lost = [place for place in mine if place not in stands]
            if own and 10 * len(lost) > len(mine):
                own = self._whole_sector(agency, own, mine, stands)
            else:
                stands |= dict.fromkeys(lost)
            handled |= own
        return stands, handled

    def _of_service(
        self, agency: str, service: str, mine: list[int], stands: dict[int, Post | None]
    ) -> dict[Post, Fraction]:
        amounts = self.handled(agency, service)
        if not amounts:
            return {}
        quarters = sorted({quarter for quarter, _ in amounts})
        at = {
            place: self.nearest(self.answers[place].month, quarters)
            for place in mine
            if self.answers[place].service == service
        }
        kind = {
            place: self.answers[place].kind if (at[place], self.answers[place].kind) in amounts else "unknown"
            for place in at
        }
        apart = all(kind for _, kind in amounts)
        if not apart or 20 * sum(said == "unknown" for said in kind.values()) > len(at):
            stands |= {place: Post(agency, service, "", at[place]) for place in at}
            whole: dict[Post, Fraction] = defaultdict(Fraction)
            for (quarter, _), amount in amounts.items():
                whole[Post(agency, service, "", quarter)] += amount
            return dict(whole)
        stands |= {place: Post(agency, service, kind[place], at[place]) for place in at}
        split: dict[Post, Fraction] = defaultdict(Fraction)
        for quarter in quarters:
            here = [kind[place] for place in at if at[place] == quarter]
            unknown = Fraction(here.count("unknown"), len(here)) if here else Fraction()
            for (of, name), amount in amounts.items():
                if of == quarter:
                    split[Post(agency, service, name, quarter)] += amount * (1 - unknown)
                    split[Post(agency, service, "unknown", quarter)] += amount * unknown
        return {post: amount for post, amount in split.items() if amount}

    def nearest(self, month: str, quarters: Sequence[str]) -> str:
        """The quarter itself, else the nearest of its half, else of its year, else of all; of two the earlier."""
        if not self.long:
            return ""
        own = self.quarter(month)

        def number(quarter: str) -> int:
            return 4 * int(quarter[:4]) + int(quarter[-1]) - 1

        def near(quarter: str) -> tuple[int, int, str]:
            same_half, same_year = number(quarter) // 2 == number(own) // 2, quarter[:4] == own[:4]
            return (0 if same_half else 1 if same_year else 2, abs(number(quarter) - number(own)), quarter)

        return own if own in quarters else min(quarters, key=near)

    def _whole_sector(
        self, agency: str, own: dict[Post, Fraction], mine: list[int], stands: dict[int, Post | None]
    ) -> dict[Post, Fraction]:
        together: dict[Post, Fraction] = defaultdict(Fraction)
        for post, amount in own.items():
            together[Post(agency, "*", "", post.quarter)] += amount
        quarters = sorted({post.quarter for post in together})
        for place in mine:
            stands[place] = Post(agency, "*", "", self.nearest(self.answers[place].month, quarters))
        return dict(together)

    # Which post-strata are weighed together ----------------------------------------------------------------------

    def pooled(self, counts: Counter[Post], handled: dict[Post, Fraction], above: Sequence[Level]) -> list[set[Post]]:
        """Pools of post-strata, 5 answers and more each.

        Quarters inside agency x service x kind first: half, year, period; then what lies `above`.
        """
        pools = [{post} for post in handled]

        def half(post: Post) -> str:
            return f"{post.quarter[:4]}H{1 if post.quarter[-1] in '12' else 2}" if post.quarter else ""

        levels: list[Level] = [
            lambda post: (post[:3], half(post)),
            lambda post: (post[:3], post.quarter[:4]),
            lambda post: (post[:3], ""),
            *above,
        ]
        for level in levels:
            groups: dict[object, list[set[Post]]] = defaultdict(list)
            for pool in pools:
                groups[level(min(pool))].append(pool)
            pools = [pool for group in groups.values() for pool in self._join(group, counts)]
        return [pool for pool in pools if sum(counts[post] for post in pool) >= FEWEST]

    @staticmethod
    def _join(group: list[set[Post]], counts: Counter[Post]) -> list[set[Post]]:
        def size(pool: set[Post]) -> int:
            return sum(counts[post] for post in pool)

        thin = [pool for pool in group if size(pool) < FEWEST]
        enough = sorted((pool for pool in group if size(pool) >= FEWEST), key=lambda pool: (size(pool), min(pool)))
        if not thin:
            return group
        joined = set().union(*thin)
        while size(joined) < FEWEST and enough:
            joined |= enough.pop(0)
        return [joined, *enough]

    def weighed(self, above: Sequence[Level]) -> tuple[list[Weighed], dict[str, list[Answer]]]:
        """Every answer that weighs something, and those left out by reason."""
        stands, handled = self.assigned()
        counts = Counter(post for post in stands.values() if post is not None)
        pools = self.pooled(counts, handled, above)
        pool_of = {post: place for place, pool in enumerate(pools) for post in pool}
        weight = [Fraction(sum(handled[post] for post in pool), sum(counts[post] for post in pool)) for pool in pools]
        used: list[Weighed] = []
        left_out: dict[str, list[Answer]] = defaultdict(list)
        for place, answer in enumerate(self.answers):
            post = stands[place]
            if post is None:
                left_out["no_caseload" if answer.service else "service_unknown"].append(answer)
            elif post not in pool_of:
                left_out["not_covered"].append(answer)
            else:
                unit = (answer.agency, self.unit(answer) if answer.at_counter else f"alone {place}")
                used.append(Weighed(answer, post, pool_of[post], weight[pool_of[post]], unit))
        return used, left_out

    def unit(self, answer: Answer) -> str:
        """What was drawn together: the agency's day; in long periods its week, cut at month ends."""
        if not self.long:
            return answer.day.isoformat()
        monday = answer.day - dt.timedelta(days=answer.day.weekday())
        return f"{answer.month} {monday.isoformat()}"

    # Estimates ---------------------------------------------------------------------------------------------------

    def domain(self, used: list[Weighed], inside: list[bool], *, fpc: bool) -> Worked:
        """The figure of the answers `inside`; the others share their weights and days."""
        own = [row for row, here in zip(used, inside, strict=True) if here]
        if not own:
            return Worked()
        total = sum(row.weight for row in own)
        share = sum(row.weight for row in own if row.answer.satisfied) / total
        result = Worked(n=len(own), share=share)
        p, w = float(share), float(total)
        linear = [
            float(row.weight) / w * (row.answer.satisfied - p) * here for row, here in zip(used, inside, strict=True)
        ]
        members: dict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(used):
            members[row.pool].append(place)
        for places in members.values():
            mean = math.fsum(linear[place] for place in places) / len(places)
            for place in places:
                linear[place] -= mean
        sums: dict[str, dict[Unit, float]] = defaultdict(lambda: defaultdict(float))
        for row, value in zip(used, linear, strict=True):
            sums[row.unit[0]][row.unit] += value
        result.clustered = clustered = any(row.answer.at_counter for row in used)
        fraction = dict.fromkeys(sums, 0.0) if clustered or not fpc else self._fractions(used)
        result.variance = 0.0
        for agency, units in sums.items():
            m = len(units)
            if m > 1:
                mean = math.fsum(units.values()) / m
                squares = math.fsum((value - mean) ** 2 for value in units.values())
                result.variance += (1 - fraction[agency]) * m / (m - 1) * squares
        result.variance *= result.variance > NOTHING
        present = {row.unit for row in own}
        result.df = len(present) - len({agency for agency, _ in present})
        self._worth(result, used, own, fraction, clustered=clustered)
        return result

    def _fractions(self, used: list[Weighed]) -> dict[str, float]:
        _, handled = self.assigned()
        fractions = {}
        for agency in {row.post.agency for row in used}:
            known = sum(amount for post, amount in handled.items() if post.agency == agency)
            rows = [row for row in used if row.post.agency == agency]
            answered = Counter(row.post for row in rows)
            wrong = any(count > handled[post] for post, count in answered.items())
            fractions[agency] = 0.0 if wrong or len(rows) > known else float(Fraction(len(rows)) / known)
        return fractions

    def _worth(
        self, result: Worked, used: list[Weighed], own: list[Weighed], fraction: dict[str, float], *, clustered: bool
    ) -> None:
        """Degrees of freedom, bias, effective size and bounds."""
        n, p, v = len(own), float(result.share or 0), result.variance or 0.0
        w = float(sum(row.weight for row in own))
        share_of = {id(row): float(row.weight) / w for row in own}
        s2 = n / (n - 1) * p * (1 - p) if n > 1 else math.nan

        def together(agency: str) -> float:
            return math.fsum(share_of[id(row)] for row in own if row.unit[0] == agency) ** 2

        agencies = {row.unit[0] for row in own}
        present = {agency: {row.unit for row in own if row.unit[0] == agency} for agency in agencies}
        several = {agency for agency in agencies if len(present[agency]) > 1}
        alone = math.fsum(together(agency) for agency in agencies - several)
        everywhere = Counter(agency for agency, _ in {row.unit for row in used})
        lonely = {agency for agency in agencies if everywhere[agency] == 1}
        third = math.fsum(
            (1 - fraction[row.unit[0]]) * share_of[id(row)] ** 2 for row in own if row.unit[0] not in lonely
        )
        third = 1 / (third + math.fsum((1 - fraction[agency]) * together(agency) for agency in lonely))
        if not clustered:
            if n > 1:
                result.n_eff = min(n, s2 / v if v > 0 else math.inf, third)
        else:
            self._clustered(result, used, own, share_of, several, alone, third, s2)
        if result.n_eff is not None:
            size = result.n_eff
            low = 0.0 if p == 0 else float(beta.ppf(0.05, size * p, size * (1 - p) + 1))
            high = 1.0 if p == 1 else float(beta.ppf(0.95, size * p + 1, size * (1 - p)))
            result.interval_90 = (low, high)

    def _clustered(
        self,
        result: Worked,
        used: list[Weighed],
        own: list[Weighed],
        share_of: dict[int, float],
        several: set[str],
        alone: float,
        third: float,
        s2: float,
    ) -> None:
        n, p, v = len(own), float(result.share or 0), result.variance or 0.0
        units: dict[Unit, list[Weighed]] = defaultdict(list)
        for row in own:
            units[row.unit].append(row)

        def model(some: Sequence[Weighed], others: Sequence[Weighed]) -> float:
            """Covariance of two sums of answers of one unit, the second's among the first's or the other way round."""
            both = {id(row) for row in some} & {id(row) for row in others}
            first, second = (math.fsum(share_of[id(row)] for row in rows) for rows in (some, others))
            return RHO * first * second + (1 - RHO) * math.fsum(share_of[place] ** 2 for place in both)

        g = {unit: model(rows, rows) for unit, rows in units.items()}
        a = math.fsum(g[unit] for unit in units if unit[0] in several)
        gamma = a + alone
        spread = 0.0
        for agency in several:
            of = [g[unit] for unit in units if unit[0] == agency]
            m = len(of)
            spread += (m / (m - 1)) ** 2 * (
                (1 - 2 / m) * math.fsum(value**2 for value in of) + math.fsum(of) ** 2 / m**2
            )
        result.df_effective = a**2 / spread if several else None
        result.kappa = self._bias(used, units, g, several, a, model)
        if n == 1:
            return
        if v == 0:
            result.n_eff = min(n, 1 / gamma, third)
            return
        if result.df_effective is None or result.kappa is None:
            return
        tau = (t.ppf(0.975, n - 1) / t.ppf(0.975, result.df_effective)) ** 2
        r = result.kappa * v / s2
        drawn = (1 - 2 * p) ** 2 / ((1 - 2 * p) ** 2 + 2 * p * (1 - p) * result.df_effective)
        result.n_eff = min(n, tau / (r + drawn * max(0.0, gamma - r)), third)

    @staticmethod
    def _bias(
        used: list[Weighed],
        units: dict[Unit, list[Weighed]],
        g: dict[Unit, float],
        several: set[str],
        a: float,
        model: Callable[[Sequence[Weighed], Sequence[Weighed]], float],
    ) -> float | None:
        """max(1, A / E); None where V can show nothing."""
        if not several:
            return None
        n_pool = Counter(row.pool for row in used)
        held = Counter((row.unit, row.pool) for rows in units.values() for row in rows)
        pools = sorted({row.pool for rows in units.values() for row in rows})
        h = {
            pool: math.fsum(
                model([row for row in rows if row.pool == pool], [row for row in rows if row.pool == pool])
                for rows in units.values()
            )
            for pool in pools
        }
        expected = 0.0
        for agency in several:
            m = len({row.unit for row in used if row.unit[0] == agency})
            inner = 0.0
            for unit, rows in units.items():
                if unit[0] != agency:
                    continue
                inner += g[unit]
                for pool in pools:
                    q = held[unit, pool] / n_pool[pool]
                    theta = model([row for row in rows if row.pool == pool], rows)
                    inner += -2 * q * theta + h[pool] * q**2
            expected += m / (m - 1) * inner
        return max(1.0, a / expected) if expected > 1e-12 * a else None

    # What stands beside ------------------------------------------------------------------------------------------

    def uneven(self, answers: Sequence[Answer], pairs: Iterable[tuple[str, str]]) -> tuple[Fraction, tuple[str, ...]]:
        """The share of the caseload in agency-months with under 5 answers, of agencies that answered; the months.

        Nothing of a single month.
        """
        if len(self.months) == 1:
            return Fraction(), ()
        count = Counter((answer.agency, answer.month) for answer in answers)
        answering = {answer.agency for answer in answers}
        everything, missing = Fraction(), Fraction()
        months = set()
        for row in self.dossiers:
            reported = self.reported_months(row.agency, row.service)
            if row.agency in answering and (row.agency, row.service) in pairs and row.month in reported:
                if row.kind and self.kinds is not None and row.kind not in self.kinds:
                    continue
                everything += self._counted(row, reported)
                if count[row.agency, row.month] < FEWEST and row.count:
                    missing += self._counted(row, reported)
                    months.add(row.month)
        return (missing / everything if everything else Fraction(), tuple(sorted(months)))
