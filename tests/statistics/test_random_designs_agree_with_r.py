"""random_designs/: 70 designs drawn at random, strata, days, loose answers, raking; R says what comes of them.

`random_designs.R SEED COUNT` draws them, asks `survey` for estimate and variance (`rake` where margins are given) and
works out the rest answer by answer with the functions of `method2.R`. It shares no code with ours.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from analysis.statistics import DomainEstimate, Estimation, Threshold, estimate, judge
from analysis.statistics.cells.cells_csv import read_cells, read_margins
from tests.statistics.survey_data import DATA, Record, expected

DIRECTORY = DATA / "random_designs"
EXPECTED = {name: design for name, design in expected("../random_designs/expected").items() if name != "_meta"}
DENORMAL = 1e-300  # below, floating point itself loses digits
RAKED = 5e-9  # R's rake stops at 1e-11 of the margins, ours at another sweep


def lines_of(name: str, design: str) -> list[Record]:
    with (DIRECTORY / f"{name}.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row.pop("design") == design]


def write(path: Path, rows: list[Record]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def figures(design: str, directory: Path) -> Estimation:
    """As `analysis estimate` reads the design's two files."""
    margins = lines_of("margins", design)
    files = read_margins(write(directory / "margins.csv", margins)) if margins else []
    cells, _warnings = read_cells(write(directory / "cells.csv", lines_of("cells", design)), files)
    return estimate(cells, margins=[file.margin for file in files] or None)


def test_the_designs_are_of_every_kind() -> None:
    kinds = {name.split("_", 1)[1] for name in EXPECTED}
    assert kinds == {"strata", "no_psu", "days", "days_crossing", "days_and_loose", "raked", "raked_no_psu"}
    assert len(EXPECTED) == 70
    evidence = {
        verdict["evidence"]
        for design in EXPECTED.values()
        for d in design["domains"]
        for verdict in d["verdicts"].values()
    }
    assert evidence == {"met", "not_met", "inconclusive", "insufficient"}


@pytest.mark.parametrize("design", EXPECTED)
def test_every_figure_of_a_random_design_agrees(design: str, tmp_path: Path) -> None:
    want, estimation = EXPECTED[design], figures(design, tmp_path)
    raked = "raked" in design
    assert [domain.domain for domain in estimation.domains] == [domain["domain"] for domain in want["domains"]]
    for domain, figure in zip(estimation.domains, want["domains"], strict=True):
        assert (domain.n, domain.df) == (figure["n"], figure["df"])
        told = {name: getattr(domain, name) for name in ("estimate", "variance", "df_effective", "kappa", "n_eff")}
        told["gamma"] = domain.model_total
        told["lower"] = domain.interval_90 and domain.interval_90.low
        told["upper"] = domain.interval_90 and domain.interval_90.high
        for name, value in told.items():
            assert same(value, figure[name], raked=raked), (domain.domain, name, value, figure[name])
        for target, verdict in figure["verdicts"].items():
            assert_same_verdict(domain, target, verdict, raked=raked)


def same(value: float | None, want: float | None, *, raked: bool) -> bool:
    if want is None or value is None:
        return want is value
    return bool(value == pytest.approx(want, rel=RAKED if raked else 1e-9, abs=DENORMAL))


def assert_same_verdict(domain: DomainEstimate, target: str, want: dict[str, Any], *, raked: bool) -> None:
    verdict = judge(domain, Threshold.parse(target))
    assert verdict is not None
    assert (verdict.point, verdict.evidence) == (want["point"], want["evidence"]), (domain.domain, target)
    assert same(verdict.p_above, want["p_above"], raked=raked)
    assert same(verdict.p_below, want["p_below"], raked=raked)
    assert verdict.responses_needed == want["responses_needed"]
