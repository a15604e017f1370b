"""What one place tells of a figure, and where two places tell different things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from survey.foundation.formatting import as_printed, percent

SAME = 1e-12


@dataclass(frozen=True)
class Claim:
    """One place that tells a figure. `share`: as a number where it is told whole, as text where it is printed.

    `left_out`: how many answers are not used for each reason, None where that is hidden; None: no word of it.
    `bounds`: the 90 % interval, where it is told whole. `rounded`: as it is published, with no more decimals than pages
    print.
    """

    place: str
    key: str
    share: float | str | None
    n: int | None
    received: int | None
    left_out: tuple[int | None, ...] | None = None
    bounds: tuple[float, float] | None = None
    rounded: bool = False


@dataclass(frozen=True)
class Loose:
    """A share with its interval in running words, as printed; which figure it is of is not marked.

    `beside`: the shares that marked rows of the same page print.
    """

    place: str
    share: str
    low: str
    high: str
    beside: frozenset[str] = frozenset()


def disagreements(claims: Iterable[Claim]) -> list[str]:
    """Every figure of which two places tell different things."""
    by_key: dict[str, set[Claim]] = defaultdict(set)
    for claim in claims:
        by_key[claim.key].add(claim)
    differences = []
    for key, told in by_key.items():
        for name in ("n", "received"):
            counts = {getattr(claim, name) for claim in told} - {None}
            if len(counts) > 1:
                differences.append(f"{key}: {name} {sorted((getattr(o, name) or -1, o.place) for o in told)}")
        exact_first = sorted(told, key=lambda claim: claim.rounded)
        whole = [claim.share for claim in exact_first if isinstance(claim.share, float)]
        if any(not _is_same(share, whole[0], told) for share in whole):
            differences.append(f"{key}: {sorted((str(claim.share), claim.place) for claim in told)}")
        bounds = [claim.bounds for claim in exact_first if claim.bounds is not None]
        ends = [(end, bounds[0][side]) for both in bounds for side, end in enumerate(both)]
        if any(not _is_same(end, first, told) for end, first in ends):
            differences.append(f"{key}: {sorted((claim.bounds, claim.place) for claim in told if claim.bounds)}")
        printed = {claim.share for claim in told if isinstance(claim.share, str)}
        if whole:
            published_alone = all(claim.rounded for claim in told if isinstance(claim.share, float))
            differences += [
                f"{key}: {text} printed of {whole[0]}"
                for text in printed
                if text != _as_printed(whole[0], text) and not (published_alone and _is_finer(text, whole[0]))
            ]
        elif len({text for text in printed if _decimals(text) == 1}) > 1:
            differences.append(f"{key}: {printed}")
    return differences


def _is_same(share: float, exact: float, told: Iterable[Claim]) -> bool:
    """Whether it is the share, or what is published of it: at least a tenth of a percent."""
    published = {end for claim in told if claim.rounded for end in (claim.share, *(claim.bounds or ()))}
    return abs(share - exact) <= SAME or (share in published and as_printed(exact, _places(share)) == share)


def _is_finer(text: str, published: float) -> bool:
    """Whether a printed share has more decimals than the published one, and is the same."""
    value = Decimal(text.removesuffix("%").strip().replace(".", "").replace(",", ".")) / 100
    return as_printed(float(value), _places(published)) == published


def _places(share: float) -> int:
    return max(3, -int(Decimal(repr(share)).as_tuple().exponent))


def unbalanced(claims: Iterable[Claim]) -> list[str]:
    """Every figure whose answers received are not those used and those named as left out; hidden reasons hold 1-4."""
    every = list(claims)
    reasons = {claim.key: claim.left_out for claim in every if claim.left_out is not None and claim.n is not None}
    lost = []
    for claim in every:
        if claim.n is None or claim.received is None or claim.share is None or claim.key not in reasons:
            continue
        left_out = reasons[claim.key]
        beside = claim.received - claim.n - sum(n for n in left_out if n is not None)
        hidden = sum(n is None for n in left_out)
        if not hidden <= beside <= 4 * hidden:
            lost.append(f"{claim.place}: {claim.key}: {claim.received} came, {claim.n} used, {left_out} left out")
    return lost


def unknown(loose: Iterable[Loose], claims: Iterable[Claim]) -> list[Loose]:
    """Shares in running words that, with their interval, are those of no figure told whole.

    A selection's figure may be told whole nowhere: its words then repeat the share of a marked row beside them.
    """
    whole = {(claim.share, *claim.bounds) for claim in claims if isinstance(claim.share, float) and claim.bounds}
    known: dict[int, set[tuple[str, str, str]]] = {
        decimals: {
            (_rounded(share, decimals), _rounded(low, decimals), _rounded(high, decimals)) for share, low, high in whole
        }
        for decimals in (0, 1, 2)
    }
    shares = {share for triples in known.values() for share, _low, _high in triples}
    wrong = [
        said
        for said in loose
        if (said.share, said.low, said.high) not in known[_decimals(said.share)] | known[_decimals(said.low)]
    ]
    return [said for said in wrong if said.share in shares or said.share not in said.beside]


def _rounded(share: float, decimals: int) -> str:
    return percent(share, decimals).removesuffix("%").strip()


def _as_printed(share: float, text: str) -> str:
    return percent(share, _decimals(text)).replace("\N{NO-BREAK SPACE}", " ")


def _decimals(text: str) -> int:
    return len(text.removesuffix("%").strip().partition(",")[2])
