"""What a figure may be broken down by."""

from __future__ import annotations

OF_CELLS = ("counter", "channel", "language", "respondent_kind")  # domains that cross post-strata
OF_AGENCIES = ("agency", "area")
OF_SERVICES = ("service", "field")
OVER_TIME = ("month", "year")
BREAKDOWNS = (*OF_AGENCIES, *OF_SERVICES, "sector", *OVER_TIME, *OF_CELLS)
