"""A target in words: what figures are set beside, and whose it is."""

from __future__ import annotations

from flask_babel import gettext as _

from analysis.presentation.phrases import mark_words
from analysis.targets.service import TargetInYear


def mark_of(target_in_year: TargetInYear) -> str:
    """As "mốc > 80 %"; an agency's own names that agency, for its province promised nothing of the kind."""
    target = target_in_year.target
    mark = mark_words(target_in_year.status, target.comparator, target.threshold, target.due_year)
    return mark if target.agency is None else str(_("%(mark)s của %(agency)s", mark=mark, agency=target.agency.name))
