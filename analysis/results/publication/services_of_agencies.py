"""Each agency's services, in publications of years: the finest table that is published, and the first that is hidden.

A year's answers are many enough; months of a cell would differ by a handful.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.suppression.row_alone import row_alone

TABLE = "service_of_agency"
BETWEEN = "/"  # agency and service in the name of a row; no code may hold it


def services_by_agency(question: FigureQuery, agencies: Iterable[str]) -> Iterable[tuple[str, Figures]]:
    """The services of each of these agencies (codes), asked of the agency alone.

    `question`: a publication's, by agency.
    """
    for code in agencies:
        yield code, answer(replace(row_alone(question, code), by="service"))


def name_of(agency: str, service: str) -> str:
    """The name of a row, of both codes."""
    return f"{agency}{BETWEEN}{service}"


def agency_and_service(domain: str) -> tuple[str, str]:
    """The codes in the name of a row."""
    agency, _between, service = domain.partition(BETWEEN)
    return agency, service
