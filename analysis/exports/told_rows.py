"""Which rows of files are told: those that a page of the same selection tells, by the same rule.

Agency, service and month are the axes of one cube for each question and year, whatever a file is narrowed to: so files
of a month, a quarter and a year, and of an agency and its province, hold the same back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from analysis.exports.queries import Narrowing, Received, Tallied
from analysis.figures.register import UnitRegister
from analysis.figures.suppression.by_hand import groups_of_months
from analysis.presentation.scope import Scope
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from analysis.statistics.disclosure.selections import UNNAMED, Cube, Key
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SCALE

CellKey = tuple[str, int, int, str]  # month, agency, service, question
Place = tuple[str, str, str]  # question, sector, year
CELL = attrgetter("month", "agency_id", "service_id", "item")
FINEST = (0, 0, 0)


def beside(scope: Scope, period: Period) -> Narrowing:
    """All that whoever may have a file may subtract from: their own agency's years, else the province's."""
    years = sorted({month[:4] for month in period.months})
    agencies = None if scope.beside else scope.agencies
    months = tuple(month for year in years for month in Period.parse(year).months)
    return Narrowing(province_id=scope.province.id, months=months, agencies=agencies)


def told_months(received: Iterable[Received]) -> Callable[[str, int, str], bool]:
    """Whether anything is told of the answers of a sector, agency and month; `received`: of whole years."""
    cells: dict[tuple[str, str], dict[Key, tuple[int]]] = defaultdict(dict)
    for sector, agency_id, month, n in received:
        cells[sector, month[:4]][str(agency_id), month] = (n,)
    hidden = {
        (sector, year): Cube(own, [_alone(key[0] for key in own), _months(year)], FEWEST_STAFF).hidden((0, 0))
        for (sector, year), own in cells.items()
    }
    return lambda sector, agency_id, month: (str(agency_id), month) not in hidden[sector, month[:4]]


def told_tallies(tallies: Iterable[Tallied], register: UnitRegister) -> Callable[[CellKey], bool]:
    """Whether a row's counts are told.

    Answers that name no service stand in no row: they are the difference between a total and its rows.

    Args:
        tallies: of whole years, all that the reader may subtract from.
        register: the services with their sectors and fields.
    """
    hidden = {place: cube.hidden(FINEST) for place, cube in _cubes(tallies, register).items()}

    def tells(key: CellKey) -> bool:
        month, _agency_id, service_id, item = key
        service = register.services.get(service_id)
        return service is not None and _key(key) not in hidden[item, service.sector, month[:4]]

    return tells


def _key(key: CellKey) -> Key:
    month, agency_id, service_id, _item = key
    return (str(service_id or UNNAMED), str(agency_id), month)


def _cubes(tallies: Iterable[Tallied], register: UnitRegister) -> dict[Place, Cube]:
    """A cube for each question, sector and year: answers, those that name a service, those rated 1-5."""
    cells: dict[Place, dict[Key, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    unnamed: dict[tuple[str, str], dict[Key, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for row in tallies:
        key, service, year = CELL(row), register.services.get(row.service_id), row.month[:4]
        own = cells[row.item, service.sector, year] if service else unnamed[row.item, year]
        counts = own[_key(key)]
        for measure, counted in enumerate((True, service is not None, row.value in SCALE)):
            counts[measure] += row.times if counted else 0
    for (item, _sector, year), own in cells.items():
        own |= unnamed[item, year]
    fields = {str(id_): service.field for id_, service in register.services.items()}
    services, agencies = [*_alone(fields), fields], _alone(map(str, register.agencies))
    return {place: Cube(own, [services, agencies, _months(place[2])], FEWEST_STAFF) for place, own in cells.items()}


def _alone(values: Iterable[str]) -> list[Mapping[str, str]]:
    return [{value: value for value in values}]


def _months(year: str) -> list[Mapping[str, str]]:
    return groups_of_months(Period.parse(year).months)
