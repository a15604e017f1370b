"""What the answers say, as numbers: pure functions from cell counts. No Flask, no SQL.

cells = Cells.from_columns(...)          counts by stratum, post-stratum, PSU, domain
groups = collapse(...)                   which thin post-strata are pooled, decided without the answers
result = estimate(cells.pooled(groups), fpc=True)
verdict = judge(result["so-y-te"], Threshold.parse(">80"))
"""

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.collapse import collapse, parents
from analysis.statistics.cells.ratio import Method, Ratio
from analysis.statistics.cells.weights import Margin
from analysis.statistics.changes import Change, Movement, chance_of_fall, change, slope
from analysis.statistics.comparison import (
    Contrast,
    MannKendall,
    contrast,
    difference,
    linear_trend,
    mann_kendall,
)
from analysis.statistics.detection.control_chart import ControlChart, laney_p_prime
from analysis.statistics.disclosure.primary import (
    Audience,
    Edition,
    Showing,
    SumConstraint,
    TableEdition,
    hidden_count,
    showing,
    suppress,
    suppress_table,
)
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.estimation import Estimation, estimate
from analysis.statistics.nonresponse import (
    ManskiBounds,
    Treatment,
    manski_bounds,
    robust_verdict,
    stuffing_figures,
    tipping_share,
)
from analysis.statistics.problems import Caveat, CaveatCode, StatisticsError
from analysis.statistics.sector_mean import mean_of
from analysis.statistics.variance.effective import Interval
from analysis.statistics.verdicts.multiplicity import RankInterval, benjamini_hochberg, rank, rank_sets, stand_together
from analysis.statistics.verdicts.overturn import Overturn
from analysis.statistics.verdicts.sufficiency import sufficient
from analysis.statistics.verdicts.verdict import Evidence, Point, Threshold, Verdict, judge, judge_all

__all__ = [
    "Audience",
    "Caveat",
    "CaveatCode",
    "Cells",
    "Change",
    "Contrast",
    "ControlChart",
    "DomainEstimate",
    "Edition",
    "Estimation",
    "Evidence",
    "Interval",
    "MannKendall",
    "ManskiBounds",
    "Margin",
    "Method",
    "Movement",
    "Overturn",
    "Point",
    "RankInterval",
    "Ratio",
    "Showing",
    "StatisticsError",
    "SumConstraint",
    "TableEdition",
    "Threshold",
    "Treatment",
    "Verdict",
    "benjamini_hochberg",
    "chance_of_fall",
    "change",
    "collapse",
    "contrast",
    "difference",
    "estimate",
    "hidden_count",
    "judge",
    "judge_all",
    "laney_p_prime",
    "linear_trend",
    "mann_kendall",
    "manski_bounds",
    "mean_of",
    "parents",
    "rank",
    "rank_sets",
    "robust_verdict",
    "showing",
    "slope",
    "stand_together",
    "stuffing_figures",
    "sufficient",
    "suppress",
    "suppress_table",
    "tipping_share",
]
