"""Results as plain dictionaries with the names of the contract: shares as fractions 0-1, undefined as None."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.statistics.domains import DomainEstimate
from analysis.statistics.estimation import Estimation
from analysis.statistics.problems import Caveat
from analysis.statistics.verdicts.verdict import Threshold, Verdict, judge_all

NUMBERS = (
    "estimate",
    "standard_error",
    "variance",
    "df",
    "df_effective",
    "kappa",
    "n",
    "received",
    "sum_of_weights",
    "design_effect",
    "kish_design_effect",
    "n_eff",
)
SHARES = ("unweighted", "response_rate", "coverage", "coverage_adequate")


def domain_as_json(domain: DomainEstimate) -> dict[str, Any]:
    """The fields of one domain, without its verdict; the interval is the 95 % one.

    `n`: answers used in this figure; `received`: all that came for the domain.
    """
    interval = domain.interval
    values: dict[str, Any] = {
        name: domain.responses if name == "received" else getattr(domain, name) for name in ("domain", *NUMBERS)
    }
    values["interval"] = interval and {"level": interval.level, "low": interval.low, "high": interval.high}
    return values | {name: getattr(domain, name) for name in SHARES}


def verdict_as_json(verdict: Verdict | None) -> dict[str, Any] | None:
    """`target` as written, e.g. ">60"; `lower` and `upper` bound the 90 % interval; `points` is a share like them."""
    if verdict is None:
        return None
    return {
        "target": str(verdict.target),
        "point": verdict.point.value,
        "evidence": verdict.evidence and verdict.evidence.value,
        "lower": verdict.lower,
        "upper": verdict.upper,
        "p_above": verdict.p_above,
        "p_below": verdict.p_below,
        "responses_needed": verdict.responses_needed,
        "overturn": verdict.overturn and {"points": verdict.overturn.points, "rho": verdict.overturn.rho},
    }


def caveats_as_json(caveats: Sequence[Caveat]) -> list[dict[str, str]]:
    """Stable code and Vietnamese sentence of each warning."""
    return [{"code": caveat.code.value, "message": caveat.message} for caveat in caveats]


def estimation_as_json(
    estimation: Estimation,
    target: Threshold | None = None,
    *,
    warnings: Sequence[Caveat] = (),
    left_out: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """What `analysis estimate` prints; `warnings` come before those of the estimation.

    `left_out`: by domain, answers that came beside those of its cells.
    """
    verdicts = judge_all(estimation.domains, target) if target else (None,) * len(estimation.domains)
    domains = [
        domain_as_json(domain)
        | {"received": domain.responses + (left_out or {}).get(domain.domain, 0), "verdict": verdict_as_json(verdict)}
        for domain, verdict in zip(estimation.domains, verdicts, strict=True)
    ]
    return {
        "method": estimation.method,
        "domains": domains,
        "warnings": caveats_as_json([*warnings, *estimation.warnings]),
    }
