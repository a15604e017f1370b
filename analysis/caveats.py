"""What statistics warns of, in words for readers: statistics knows codes, officials know names."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from analysis.queries.register import Register
from analysis.statistics.problems import Caveat, listed
from survey.foundation.vocabulary import AREAS, CHANNELS, RESPONDENT_KINDS


def caveat_words(caveat: Caveat, register: Register) -> str:
    """The warning in the reader's language, with agencies and services by name."""
    names = _names(register)
    groups = [" · ".join(names.get(part, part) for part in one.split("/")) or _("tất cả") for one in caveat.labels]
    return str(_(caveat.template, **{**caveat.values, "names": listed(groups, "; ")}))


def _names(register: Register) -> Mapping[str, str]:
    codes = {one.code: one.name for facts in (register.agencies, register.services) for one in facts.values()}
    return codes | {
        code: str(words) for words_of in (AREAS, CHANNELS, RESPONDENT_KINDS) for code, words in words_of.items()
    }
