"""What a post-stratum is called: its parts by their codes, and in words; nobody takes a name apart again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from analysis.figures.register import UnitRegister
from analysis.figures.weighting.post_strata import WHOLE_SECTOR, PostStratum
from survey.foundation.formatting import sentence_case
from survey.foundation.periods import Period
from survey.foundation.vocabulary import RESPONDENT_KINDS, UNKNOWN_KIND


class PostStratumName(NamedTuple):
    """A post-stratum by codes; `service` is '' where it is no single one (`unnamed` says why)."""

    agency: str
    service: str
    kind: str = ""
    quarter: str = ""
    unnamed: str = ""

    @property
    def label(self) -> str:
        """Its name in files, unique among the post-strata of a table."""
        return "/".join([self.agency, self.service or self.unnamed, *filter(None, [self.kind, self.quarter])])

    def words(self, agencies: dict[str, str], services: dict[str, str], quarters: dict[str, str]) -> str:
        """Its name for readers; the words of agencies, services and quarters being given by their codes."""
        service = services.get(self.service, self.service) or self.unnamed
        rest = filter(None, [kind_words(self.kind), quarters[self.quarter]])
        return " · ".join([agencies.get(self.agency, self.agency), service, *rest])


def name_of(post_stratum: PostStratum, register: UnitRegister) -> PostStratumName:
    """The name of a post-stratum."""
    agency = register.agencies[post_stratum.agency_id].code
    service = register.services.get(post_stratum.service_id)
    if service:
        return PostStratumName(agency, service.code, post_stratum.kind, post_stratum.quarter)
    whole = post_stratum.service_id == WHOLE_SECTOR
    unnamed = _("(cả ngành)") if whole else _("(không rõ dịch vụ hoặc chưa có số hồ sơ)")
    return PostStratumName(agency, "", post_stratum.kind, post_stratum.quarter, unnamed)


def kind_words(kind: str) -> str:
    """A respondent kind for readers; '' where kinds are not told apart."""
    return str(RESPONDENT_KINDS.get(kind, _("Không rõ") if kind == UNKNOWN_KIND else kind))


def quarter_words(quarter: str) -> str:
    """A quarter for readers; '' where the period is one."""
    return sentence_case(Period.parse(quarter).label()) if quarter else ""


def by_label(names: Sequence[PostStratumName], register: UnitRegister) -> dict[str, str]:
    """The words of every label that statistics may name: post-strata, agencies and services."""
    agencies = {agency.code: agency.name for agency in register.agencies.values()}
    services = {service.code: service.name for service in register.services.values()}
    quarters = {quarter: quarter_words(quarter) for quarter in {name.quarter for name in names}}
    return agencies | services | {name.label: name.words(agencies, services, quarters) for name in names}
