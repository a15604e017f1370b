"""One agency's service is counted in one unit, and a month either tells respondent kinds apart or does not."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from survey.registry.files.problems import Problems
from survey.registry.files.records import Change

USUAL_UNIT = {"administration": "dossier", "health": "visit", "education": "pupil"}  # by sector
# (agency, service, month, respondent kind, unit) of each stored caseload
Tracks = Sequence[tuple[str, str, str, str, str]]


def check_units(changes: Sequence[Change], stored: Tracks, problems: Problems) -> None:
    """Note a month in two units, or with both a total and parts of it (it would count dossiers twice).

    The file wins over what is stored only for exactly the same agency, service, month and kind.
    """
    replaced = {change.key for change in changes}
    units: dict[tuple[str, str, str], tuple[str, str]] = {}
    for agency, service, month, kind, unit in stored:
        if (agency, service, month, kind) not in replaced:
            units.setdefault((agency, service, month), (unit, kind))
    for change in changes:
        cell = (change.after["agency"], change.after["service"], change.after["month"])
        unit, kind = units.setdefault(cell, (change.after["unit"], change.after["respondent_kind"]))
        if unit != change.after["unit"]:
            problems.add(
                _("Tháng này đã có số liệu của dịch vụ tính theo %(unit)s.", unit=unit),
                _("Một dịch vụ của một cơ quan chỉ dùng một đơn vị tính trong một tháng."),
                line=change.line,
                column="unit",
                value=change.after["unit"],
            )
        if bool(kind) != bool(change.after["respondent_kind"]):
            problems.add(
                _("Tháng này có cả số chung lẫn số theo đối tượng, nên sẽ bị đếm hai lần."),
                _("Chỉ giữ số chung (respondent_kind trống) hoặc chỉ giữ số theo individual và organisation."),
                line=change.line,
                column="respondent_kind",
                value=change.after["respondent_kind"],
            )
