"""From stored counts to the cells that statistics estimates from: populations, post-strata, breakdowns."""
