"""What happens to an answer now, told below the thanks: other rooms say it (published results, measures)."""

from __future__ import annotations

from collections.abc import Callable

from survey.foundation.registered import PerApp

# Each is given the ids of a province and of its agency and says lines in the page's language. They tell what everybody
# may know: the page is kept for an hour and given to all who rate there.
AFTER_THANKS: PerApp[Callable[[int, int], list[str]]] = PerApp("lines below the thanks")


def lines_for(province_id: int, agency_id: int) -> list[str]:
    """Every line, in the order in which rooms were registered."""
    return [line for lines in AFTER_THANKS.members().values() for line in lines(province_id, agency_id)]
