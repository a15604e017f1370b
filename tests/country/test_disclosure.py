"""Country minus 33 provinces gives nobody away: an attacker subtracts whatever is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.country.disclosure import Counts, gives_away, hidden_domains, hidden_provinces
from analysis.country.question import ProvinceEstimates
from analysis.statistics import Cells, estimate
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC, Audience, Showing, showing
from analysis.statistics.domains import DomainEstimate

AREAS = ("urban", "rural", "remote")


def figure(n: int) -> DomainEstimate:
    cells = Cells.from_columns(
        stratum=["a"], post_stratum=["a"], caseload=[10_000], responses=[n], satisfied=[n * 3 // 4], domain=[""]
    )
    return estimate(cells)[""]


def province(number: int, counts: list[int]) -> ProvinceEstimates:
    domains = {area: figure(n) for area, n in zip(AREAS, counts, strict=True)}
    received = dict(zip(AREAS, counts, strict=True)) | {"": sum(counts)}
    return ProvinceEstimates(f"p{number:02d}", f"P{number}", figure(sum(counts)), domains, received, False)


def same(n: int) -> Counts:
    return Counts(n, n, n)


def is_thin(n: int) -> bool:
    return n > 0 and showing(figure(n), Audience.PUBLIC) is not Showing.FULL


COUNTS = st.lists(st.sampled_from([0, 1, 5, 12, 29, 31, 40, 80, 400, 3_000]), min_size=3, max_size=3)


@given(st.lists(COUNTS, min_size=2, max_size=6))
def test_the_country_minus_the_shown_provinces_is_nothing_or_thirty(counts: list[list[int]]) -> None:
    provinces = [province(number, each) for number, each in enumerate(counts)]
    hidden = hidden_provinces(provinces)
    remainder = [sum(each) for number, each in enumerate(counts) if f"p{number:02d}" in hidden and sum(each)]
    everybody = len(remainder) == sum(sum(each) > 0 for each in counts)
    assert not remainder or everybody or (len(remainder) > 1 and sum(remainder) >= FEWEST_PUBLIC)
    assert all(f"p{number:02d}" in hidden for number, each in enumerate(counts) if is_thin(sum(each)))


@given(st.lists(COUNTS, min_size=2, max_size=6))
def test_a_shown_country_minus_what_provinces_publish_of_themselves_is_nothing_or_thirty(
    counts: list[list[int]],
) -> None:
    """A province that is large enough has its own page, whatever the country's table hides of it."""
    provinces = [province(number, each) for number, each in enumerate(counts)]
    unpublished = [sum(each) for each in counts if is_thin(sum(each))]
    told = len(unpublished) == 1 or 0 < sum(unpublished) < FEWEST_PUBLIC
    assert gives_away(provinces) == told


@given(st.lists(COUNTS, min_size=2, max_size=6))
def test_a_shown_domain_minus_what_provinces_show_of_it_is_nothing_or_thirty(counts: list[list[int]]) -> None:
    provinces = [province(number, each) for number, each in enumerate(counts)]
    totals = {area: sum(each[at] for each in counts) for at, area in enumerate(AREAS)}
    hidden = hidden_domains(same(sum(totals.values())), {area: same(n) for area, n in totals.items()}, provinces)
    for at, area in enumerate(AREAS):
        if area in hidden or not totals[area]:
            continue
        # What a province certainly does not show of it; it may hide more, so that its own total gives nothing back.
        thin = [each[at] for each in counts if is_thin(each[at])]
        assert len(thin) != 1 or hides_another(counts, at)
        if thin and not hides_another(counts, at):
            assert sum(thin) >= FEWEST_PUBLIC


def hides_another(counts: list[list[int]], at: int) -> bool:
    """Whether a province must hide this area, although it is large, beside a small one."""
    return any(
        not is_thin(each[at]) and each[at] and any(is_thin(n) for place, n in enumerate(each) if place != at)
        for each in counts
    )


@given(st.lists(COUNTS, min_size=2, max_size=6))
def test_the_hidden_domains_of_a_country_are_not_given_back_by_its_total(counts: list[list[int]]) -> None:
    provinces = [province(number, each) for number, each in enumerate(counts)]
    totals = {area: sum(each[at] for each in counts) for at, area in enumerate(AREAS)}
    hidden = hidden_domains(same(sum(totals.values())), {area: same(n) for area, n in totals.items()}, provinces)
    remainder = [totals[area] for area in hidden if totals[area]]
    everything = len(remainder) == sum(n > 0 for n in totals.values())
    assert not remainder or everything or (len(remainder) > 1 and sum(remainder) >= FEWEST_PUBLIC)
