"""Estimates worked out answer by answer, straight from the formulas: what the fast code is checked against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from analysis.statistics import Cells


def thirds_and_sevenths() -> Cells:
    """Three strata whose shares, 2/3, 6/7 and 1, add up exactly only in rational arithmetic."""
    return Cells.from_columns(
        stratum=["a", "b", "c"],
        post_stratum=["a", "b", "c"],
        caseload=[3_000, 700, 1_300],
        responses=[30, 70, 26],
        satisfied=[20, 60, 26],
    )


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
        stratum=[row.stratum for row in rows],
        post_stratum=[row.post for row in rows],
        caseload=[caseload[row.post] for row in rows],
        psu=[row.psu for row in rows],
        domain=[row.domain for row in rows],
        responses=[row.responses for row in rows],
        satisfied=[row.satisfied for row in rows],
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
    for row in rows:
        answered[row.post] = answered.get(row.post, 0) + row.responses
    return rows, {post: n + draw(st.integers(1, 60)) for post, n in answered.items()}


@dataclass(frozen=True)
class Answer:
    row: Row
    z: int
    psu: tuple[str, str, int]


def answers_of(rows: list[Row]) -> list[Answer]:
    """Each answer with its PSU: its counter-day, or itself."""
    answers: list[Answer] = []
    for row in rows:
        for i in range(row.responses):
            psu = (row.stratum, row.psu, 0) if row.psu else (row.stratum, "", len(answers) + 1)
            answers.append(Answer(row, int(i < row.satisfied), psu))
    return answers


def share_and_variance(rows: list[Row], caseload: dict[str, int], domain: str) -> tuple[float, float, int] | None:
    """(p, V, df) of a domain: post-stratified, linearised, between PSUs within strata, no correction."""
    answers = answers_of(rows)
    n_post = {post: sum(answer.row.post == post for answer in answers) for post in caseload}
    weight = np.array([caseload[answer.row.post] / n_post[answer.row.post] for answer in answers])
    inside = np.array([answer.row.domain == domain for answer in answers], dtype=bool)
    if not inside.any():
        return None
    z = np.array([answer.z for answer in answers], dtype=float)
    total = weight[inside].sum()
    p = float((weight * z)[inside].sum() / total)
    value = np.where(inside, weight / total * (z - p), 0.0)
    for post in caseload:
        members = np.array([answer.row.post == post for answer in answers], dtype=bool)
        if members.any():
            value[members] -= value[members].mean()
    variance, df = 0.0, 0
    for stratum in {answer.row.stratum for answer in answers}:
        psus = sorted({answer.psu for answer in answers if answer.row.stratum == stratum})
        sums = np.array([sum(v for v, answer in zip(value, answers, strict=True) if answer.psu == psu) for psu in psus])
        if len(psus) > 1:
            variance += len(psus) / (len(psus) - 1) * float(((sums - sums.mean()) ** 2).sum())
        seen = {
            answer.psu for answer, here in zip(answers, inside, strict=True) if here and answer.row.stratum == stratum
        }
        df += max(len(seen) - 1, 0)
    return p, variance, df
