"""Which post-strata are weighed together, and what each answer weighs."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

from tests.figures.independently.post_strata import PostStrata
from tests.figures.independently.told import FEWEST, Answer, Level, Post, Weighed


class Weights(PostStrata):
    """Post-strata pooled, answers weighed."""

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
