"""Which post-stratum each answer stands in, and how much was handled in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from tests.figures.independently.handled import Handled
from tests.figures.independently.told import Post


class PostStrata(Handled):
    """Answers assigned to post-strata."""

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
