"""A target in words: what figures are set beside, and whose it is."""

from __future__ import annotations

from flask_babel import gettext as _

from analysis.presentation.phrases import mark_words
from analysis.targets.catalogue import shipped_notes
from analysis.targets.models import Target
from analysis.targets.service import TargetInYear
from survey.foundation.languages.language import current_language


def mark_of(target_in_year: TargetInYear) -> str:
    """As "mốc > 80 %"; an agency's own names that agency, for its province promised nothing of the kind."""
    target = target_in_year.target
    mark = mark_words(target_in_year.status, target.comparator, target.threshold, target.due_year)
    return mark if target.agency is None else str(_("%(mark)s của %(agency)s", mark=mark, agency=target.agency.name))


def note_of(target: Target) -> str:
    """What is noted on a target: in the page's language where the program itself says it, else as it was written."""
    return shipped_notes().get(target.note, {}).get(current_language(), target.note)
