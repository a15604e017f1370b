"""Recomputes every figure attached to a report and says what differs from the database as it is now."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale

from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.reports.builder import SCHEMA, rebuild
from analysis.reports.parts import (
    cases,
    comments,
    coverage_table,
    dossiers,
    measures,
    on_time,
    received,
    reference_figures,
    work_sheet,
)
from analysis.reports.recorded_queries import answer_json, question_from
from analysis.reports.versions import METHOD, method_of
from analysis.statistics import Threshold
from survey.foundation.commands.progress import progress
from survey.foundation.identifiers import content_hash

ATTACHMENT = "figures.json"
RECOUNTS = {
    "coverage": coverage_table.recount,
    "measures": measures.recount,
    "themes": comments.recount,
    "cases": cases.recount,
    "dossiers": dossiers.recount,
    "on_time": on_time.recount,
    "received": received.recount,
    "kiosk_days": work_sheet.recount,
    "official": reference_figures.recount,
}
LABELS = ("label",)  # a renamed agency changes no figure
# Versions before stored these as sentences, whose words may change while no figure does. What they said follows from
# the answers, which are compared; this version stores the numbers (`parts/quality.py`).
SENTENCES = ("certainty ", "tipping ")
NOT_ALWAYS_KNOWN = ("overturn",)  # versions before gave none of a mean of sectors


class NotAReport(ValueError):
    """The file is no report of this program; the message says why."""


@dataclass(frozen=True)
class Difference:
    """One number that is not what the database gives now. `where` names question, domain and field."""

    where: str
    reported: Any
    recomputed: Any


@dataclass(frozen=True)
class Verification:
    """How many figures were recomputed, and those that differ; `made_by`: the method the report names.

    `not_kept`: how many cannot be, as what citizens wrote was dropped for its age.
    """

    figures: int
    differences: tuple[Difference, ...]
    made_by: str | None = METHOD
    not_kept: int = 0

    @property
    def method_changed(self) -> bool:
        """Whether another method made the report than the one that recomputed it: differences are to be expected."""
        return self.made_by != METHOD

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "equal": not self.differences,
            "figures": self.figures,
            "not_kept": self.not_kept,
            "method": {"report": self.made_by, "now": METHOD, "changed": self.method_changed},
            "differences": [vars(difference) for difference in self.differences],
        }


def verify(pdf: bytes) -> Verification:
    """Recompute what a PDF carries.

    Raises:
        NotAReport: not a PDF, without our attachment, or the attachment was changed after it was made.
        LookupError: the report names a province or agency that this database does not have.
    """
    return recompute(attached(pdf))


def recompute(content: dict[str, Any]) -> Verification:
    """Recompute an attachment.

    Raises:
        LookupError: see `verify`.
    """
    differences: list[Difference] = []
    figures = not_kept = 0
    with force_locale("vi"):
        for stored in progress(content["answers"], "Tính lại số liệu", len(content["answers"])):
            threshold = Threshold.parse(stored["threshold"]) if stored["threshold"] else None
            now = answer_json(
                answer(question_from(stored["question"]), threshold), threshold, stored["only"], stored.get("held", ())
            )
            figures += len(stored["figures"])
            differences += _compare(stored, _plain(now))
        province_id = fetch_province(content["province"]).id
        for part, recount in RECOUNTS.items():
            for stored in content.get(part, []):
                recounted = recount(province_id, stored)
                if recounted is None:
                    not_kept += _numbers(stored)
                    continue
                figures += _numbers(stored)
                differences += _walk(_place(part, stored), stored, _plain(recounted))
        if "derived" in content:
            figures += _numbers(content["derived"])
            differences += _compare_derived(content["derived"], _plain(rebuild(content).figures["derived"]))
    return Verification(figures, tuple(differences), method_of(content), not_kept)


def attached(pdf: bytes) -> dict[str, Any]:
    """The attachment of a report, unharmed.

    Raises:
        NotAReport: see `verify`.
    """
    from pypdf import PdfReader  # slow to load, and only this needs it
    from pypdf.errors import PyPdfError

    try:
        files = PdfReader(io.BytesIO(pdf)).attachments
        content: dict[str, Any] = json.loads(files[ATTACHMENT][0])
    except (PyPdfError, KeyError, ValueError) as error:
        raise NotAReport("không phải báo cáo PDF của hệ thống, hoặc thiếu tệp số liệu đính kèm.") from error
    if content.get("schema") != SCHEMA:
        raise NotAReport(f"tệp số liệu đính kèm không theo mẫu {SCHEMA}.")
    digest = content.pop("digest", None)
    if digest != content_hash(content):
        raise NotAReport("số liệu đính kèm đã bị sửa sau khi lập báo cáo (mã số liệu không khớp).")
    return content


def _compare(stored: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
    question = stored["question"]
    place = f"{question['subject']} {question['period']}" + (f" theo {question['by']}" if question["by"] else "")
    old = {figure["domain"]: figure for figure in stored["figures"]}
    new = {figure["domain"]: figure for figure in now["figures"]}
    differences: list[Difference] = []
    for domain in [*old, *(new.keys() - old.keys())]:
        differences += _walk(f"{place}, {domain}", old.get(domain), _as_recorded(old.get(domain), new.get(domain)))
    return differences


def _compare_derived(stored: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
    """Of the entries that the version which made the report recorded, those that are numbers."""
    old = {place: entry for place, entry in stored.items() if not (place.startswith(SENTENCES) and _is_words(entry))}
    return _walk("derived", old, {place: entry for place, entry in now.items() if place in old})


def _is_words(entry: Any) -> bool:
    parts = entry if isinstance(entry, list) else [entry]
    return all(part is None or isinstance(part, str) for part in parts)


def _as_recorded(old: Any, new: Any) -> Any:
    """A figure's fields without those that the version which made the report did not record yet."""
    if isinstance(old, dict) and isinstance(new, dict):
        recorded = [key for key in new if key in old and not (key in NOT_ALWAYS_KNOWN and old[key] is None)]
        return {key: _as_recorded(old[key], new[key]) for key in recorded}
    return new


def _numbers(value: Any) -> int:
    """How many numbers stand in a part of the attachment."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_numbers, parts)) if parts else int(isinstance(value, int | float) and not isinstance(value, bool))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _place(part: str, stored: dict[str, Any]) -> str:
    """Which of several: "coverage one_stop 2026", "themes health 2026-10"."""
    names = ("of", "recipient", "year", "measure", "subject", "sector", "period", "until")
    return " ".join([part, *(str(stored[name]) for name in names if name in stored)])


def _walk(where: str, old: Any, new: Any) -> list[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        differences: list[Difference] = []
        for key in [*old, *(new.keys() - old.keys())]:
            if key not in LABELS:
                differences += _walk(f"{where}, {key}", old.get(key), new.get(key))
        return differences
    return [] if _same(old, new) else [Difference(where, old, new)]


def _same(old: Any, new: Any) -> bool:
    """Equal; fractions to nine digits, for a later version may add the same numbers up in another order."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    fractions = isinstance(old, float) and isinstance(new, float)
    return math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-12) if fractions else bool(old == new)
