"""Estimates worked out answer by answer, straight from the formulas: what the fast code is checked against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from analysis.statistics import Cells


@dataclass(frozen=True)
class Row:
    """One cell by its labels."""

    stratum: str
    post: str
    psu: str
    domain: str
    responses: int
    satisfied: int


def cells_from(rows: list[Row], caseload: dict[str, int]) -> Cells:
    return Cells.from_columns(
        stratum=[one.stratum for one in rows],
        post_stratum=[one.post for one in rows],
        caseload=[caseload[one.post] for one in rows],
        psu=[one.psu for one in rows],
        domain=[one.domain for one in rows],
        responses=[one.responses for one in rows],
        satisfied=[one.satisfied for one in rows],
    )


@st.composite
def samples(draw: st.DrawFn, *, days: bool = True, crossing: bool = True) -> tuple[list[Row], dict[str, int]]:
    """A few dozen cells: agencies x services, with and without counter-days, in domains that may cross everything."""
    rows = []
    for _ in range(draw(st.integers(1, 14))):
        agency = draw(st.sampled_from("ab"))
        service = draw(st.sampled_from("xyz"))
        responses = draw(st.integers(0, 9))
        rows.append(
            Row(
                stratum=agency,
                post=agency + service,
                psu=draw(st.sampled_from(["", "1", "2", "3"])) if days else "",
                domain=draw(st.sampled_from("DE")) if crossing else agency,
                responses=responses,
                satisfied=draw(st.integers(0, responses)),
            )
        )
    answered: dict[str, int] = {}
    for one in rows:
        answered[one.post] = answered.get(one.post, 0) + one.responses
    return rows, {post: n + draw(st.integers(1, 60)) for post, n in answered.items()}


@dataclass(frozen=True)
class Answer:
    row: Row
    z: int
    psu: tuple[str, str, int]


def answers_of(rows: list[Row]) -> list[Answer]:
    """Each answer with its PSU: its counter-day, or itself."""
    found: list[Answer] = []
    for one in rows:
        for i in range(one.responses):
            psu = (one.stratum, one.psu, 0) if one.psu else (one.stratum, "", len(found) + 1)
            found.append(Answer(one, int(i < one.satisfied), psu))
    return found


def share_and_variance(rows: list[Row], caseload: dict[str, int], domain: str) -> tuple[float, float, int] | None:
    """(p, V, df) of a domain: post-stratified, linearised, between PSUs within strata, no correction."""
    answers = answers_of(rows)
    n_post = {post: sum(one.row.post == post for one in answers) for post in caseload}
    weight = np.array([caseload[one.row.post] / n_post[one.row.post] for one in answers])
    inside = np.array([one.row.domain == domain for one in answers], dtype=bool)
    if not inside.any():
        return None
    z = np.array([one.z for one in answers], dtype=float)
    total = weight[inside].sum()
    p = float((weight * z)[inside].sum() / total)
    value = np.where(inside, weight / total * (z - p), 0.0)
    for post in caseload:
        members = np.array([one.row.post == post for one in answers], dtype=bool)
        if members.any():
            value[members] -= value[members].mean()
    variance, df = 0.0, 0
    for stratum in {one.row.stratum for one in answers}:
        psus = sorted({one.psu for one in answers if one.row.stratum == stratum})
        sums = np.array([sum(v for v, one in zip(value, answers, strict=True) if one.psu == psu) for psu in psus])
        if len(psus) > 1:
            variance += len(psus) / (len(psus) - 1) * float(((sums - sums.mean()) ** 2).sum())
        seen = {one.psu for one, here in zip(answers, inside, strict=True) if here and one.row.stratum == stratum}
        df += max(len(seen) - 1, 0)
    return p, variance, df
