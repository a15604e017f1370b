"""What statistics warns of, in words for readers: statistics knows codes, officials know names."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from analysis.statistics.problems import Caveat, listed
from survey.foundation.vocabulary import AREAS, CHANNELS, RESPONDENT_KINDS


def caveat_words(caveat: Caveat, names: Mapping[str, str]) -> str:
    """The warning in the reader's language; `names`: the words of its labels (`weighting.names.by_label`)."""
    known = {code: str(words) for words_of in (AREAS, CHANNELS, RESPONDENT_KINDS) for code, words in words_of.items()}
    groups = [names.get(label) or known.get(label, label) or _("tất cả") for label in caveat.labels]
    return str(_(caveat.template, **{**caveat.values, "names": listed(groups, "; ")}))
