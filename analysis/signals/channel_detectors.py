"""One channel against the others: a counter's answers move to it, or what it says moves away from what the others say.

Whoever drips answers in uses one channel, mostly the easiest to repeat. The others tell what a month is like that
brings more citizens, or less content ones, by every channel.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from analysis.signals.finding import CHANNEL_GAP, Finding
from analysis.signals.queries import ChannelDay
from analysis.signals.told import ChannelCount, ToldShare
from analysis.statistics.counts import share_of
from analysis.statistics.detection.signals import GapPoint, chart_point, gap_point, level_of
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

WEEKS = 10
DAYS_OF_A_WEEK = 7
Told = Callable[[int, str, str, str], tuple[ToldShare, ToldShare] | None]


def find_channel_flows(
    days: Iterable[ChannelDay], first: dt.date, last: dt.date
) -> Iterator[tuple[int, str, dict[str, object]]]:
    """(counter, channel, evidence) where a channel brought more of a counter's answers than the weeks before explain.

    `days`: from ten weeks before `first`, the first day of a month, to `last`, its last. One-sided.
    """
    weeks: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * (WEEKS + 1)))
    for counter_id, channel, day, answers in days:
        back = (first - day).days
        place = WEEKS if back <= 0 else WEEKS - 1 - (back - 1) // DAYS_OF_A_WEEK
        if day <= last and place >= 0:
            weeks[counter_id][channel][place] += answers
    beside = {counter_id: channels for counter_id, channels in sorted(weeks.items()) if len(channels) > 1}
    level = level_of(sum(map(len, beside.values())))
    for counter_id, channels in beside.items():
        totals = [sum(column) for column in zip(*channels.values(), strict=True)]
        for channel, counts in sorted(channels.items()):
            point = chart_point(totals, counts, level=2 * level)
            if point is not None and point.share > point.centre and point.p <= 2 * level:
                yield (
                    counter_id,
                    channel,
                    {
                        "channel": channel,
                        "share": point.share,
                        "usual": point.centre,
                        "upper": point.upper,
                        "answers": counts[-1],
                        "of": totals[-1],
                        "weeks": sum(total > 0 for total in totals[:-1]),
                        "p": point.p / 2,
                    },
                )


def find_channel_gaps(counts: Iterable[ChannelCount], months: Sequence[str], told: Told) -> Iterator[Finding]:
    """Agencies of which one channel's share in the last of `months` lies further from the others' than before.

    `told`: what the desk tells of an agency's channel and of the others, by subject and month; where it tells nothing,
    there is no finding.
    """
    places = {month: place for place, month in enumerate(months)}
    series: dict[tuple[int, str], dict[str, list[list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: [[0] * len(months), [0] * len(months)])
    )
    for row in counts:
        answers, satisfied = series[row.agency_id, row.subject][row.channel]
        answers[places[row.month]] += row.answers
        satisfied[places[row.month]] += row.satisfied
    beside = {place: channels for place, channels in sorted(series.items()) if len(channels) > 1}
    level = level_of(sum(map(len, beside.values())))
    for (agency_id, subject), channels in beside.items():
        points = {channel: _gap(channel, channels, level) for channel in channels}
        drifted = {channel: point for channel, point in points.items() if point is not None and point.p <= level}
        if not drifted:
            continue
        channel = max(drifted, key=lambda name: _moved(*channels[name]))  # of two, each has drifted from the other
        point, shown = drifted[channel], told(agency_id, subject, months[-1], channel)
        if shown is None:
            continue
        own, others = shown
        evidence = {
            "subject": subject,
            "channel": channel,
            "share": own.share,
            "others": others.share,
            "usual": point.usual,
            "lower": point.lower,
            "upper": point.upper,
            "answers": own.answers,
            "p": point.p,
        }
        about = f"{agency_id}|{subject}|{channel}|{months[-1]}"
        sector = SECTOR_OF_SUBJECT[subject] or ""
        yield Finding(CHANNEL_GAP, about, months[-1], sector, agency_id, None, evidence)


def _gap(channel: str, channels: Mapping[str, Sequence[Sequence[int]]], level: float) -> GapPoint | None:
    """Of one channel against the sum of the others."""
    beside = [counts for name, counts in channels.items() if name != channel]
    others = [[sum(column) for column in zip(*rows, strict=True)] for rows in zip(*beside, strict=True)]
    return gap_point(*channels[channel], *others, level=level)


def _moved(answers: Sequence[int], satisfied: Sequence[int]) -> float:
    """How far a channel's last month lies from its own months before."""
    now, before = share_of(satisfied[-1], answers[-1]), share_of(sum(satisfied[:-1]), sum(answers[:-1]))
    return abs((now or 0.0) - (before or 0.0))
