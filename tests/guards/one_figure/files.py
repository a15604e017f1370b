"""What each file and interface says of figures: read by what it holds, never by where it came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from analysis.figures.figure_key import figure_key, keys_of
from analysis.figures.register import fetch_province, fetch_register
from analysis.reports.recorded_queries import question_from
from analysis.results.publication import phrases
from tests.guards.one_figure.claims import Claim
from tests.guards.one_figure.numbers import count, number

ESTIMATES = {
    "satisfied_share": "Tỷ lệ hài lòng gia quyền",
    "low_90": "Cận dưới, mức 90 %",
    "high_90": "Cận trên, mức 90 %",
    "n": "Phiếu dùng (n)",
    "received": "Phiếu nhận",
}


def of_publication(place: str, document: Mapping[str, Any]) -> Iterator[Claim]:
    """The figures of ``data.json`` and of the public interface."""
    province, period = document["about"]["province"], document["about"]["period"]
    for subject, entry in document["subjects"].items():
        yield _published(_of_row(place, figure_key(province, subject, period), entry["total"]))
        for by, rows in entry["by"].items():
            keyed = ((phrases.key_of(province, period, subject, row, by), row) for row in rows)
            yield from (_published(_of_row(place, key, row)) for key, row in keyed)
    for target in document["targets"]:
        if "figure" in target:
            yield _published(_of_row(place, phrases.target_key(province, period, target), target["figure"]))


def of_open_table(place: str, text: str) -> Iterator[Claim]:
    """The rows of ``data.csv``; those of targets name no respondents, so they are left to ``data.json``."""
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        if row["table"] != "target":
            by = "" if row["table"] == "total" else row["table"]
            key = phrases.key_of(row["province"], row["period"], row["subject"], row, by)
            key = key.replace(" top2 ", f" {row['method']} ")
            yield _published(_of_line(place, key, row))


def of_ranking(place: str, document: Mapping[str, Any]) -> Iterator[Claim]:
    """The rows of a published ranking."""
    about = document["about"]
    for row in document["ranking"]:
        key = phrases.key_of(about["province"], about["period"], document["subject"], row, "agency")
        yield _published(_of_row(place, key, row))


def of_estimates(place: str, province: str, text: str, agency: str = "") -> Iterator[Claim]:
    """The rows of the export of estimates of a province, or of one of its agencies."""
    whose = f"agency:{agency}" if agency else "all"
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        by, domain, period = row["Chia theo"], row["Mã"], row["Kỳ"]
        what = whose if by in ("total", "month") else f"{by}:{domain}" + (f" in {whose}" if agency else "")
        key = figure_key(province, row["Đối tượng đánh giá"], domain if by == "month" else period, what)
        yield _of_line(place, key, {name: row[column] for name, column in ESTIMATES.items()})


def of_questions(place: str, province: str, period: str, text: str, agency: str = "") -> Iterator[Claim]:
    """The rows of single questions of the export of questions; forms and factors do not say which items they pool."""
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        if row["Dòng của"] == "question":
            what, narrowed = f"agency:{agency}" if agency else "all", f"items {row['Mã']}"
            key = figure_key(
                province, row["Đối tượng đánh giá"], period, what, method=row["Cách tính"], narrowed=narrowed
            )
            yield _of_line(place, key, {name: row[column] for name, column in ESTIMATES.items()})


def of_attachment(place: str, figures: Mapping[str, Any]) -> Iterator[Claim]:
    """The figures attached to a document: every question with its answer."""
    agencies = fetch_register(fetch_province(figures["province"]).id).agencies
    for asked in figures["answers"]:
        question = question_from(asked["question"])
        key_of = keys_of(question, agencies)
        yield from (_of_row(place, key_of(figure["domain"]), figure) for figure in asked["figures"])


def of_picture(
    place: str, province: str, text: str, targets: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Iterator[Claim]:
    """The numbers of a picture of published years. `targets`: those of each year's publication, which name the key."""
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        if row["agency"] and row["satisfied_share"]:
            key = phrases.key_of(province, row["year"], row["subject"], {"domain": row["agency"]}, "agency")
            yield _published(_of_line(place, key, row))
            continue
        for target in targets.get(row["year"], ()):
            level = f"{target['comparator']}{target['threshold']}"
            if (target.get("subject"), level) == (row["subject"], row["target"]) and row["satisfied_share"]:
                key = phrases.target_key(province, row["year"], dict(target))
                yield _published(_of_line(place, key, row))


def of_command(place: str, answered: Mapping[str, Any]) -> Iterator[Claim]:
    """What ``analysis estimates --format json`` prints."""
    for domain in answered["domains"]:
        what = f"{answered['by']}:{domain['domain']}" if answered["by"] else "all"
        key = figure_key(answered["province"], answered["subject"], answered["period"], what, method=answered["method"])
        yield _of_row(place, key, domain)


def _published(claim: Claim) -> Claim:
    return replace(claim, rounded=True)


def _of_row(place: str, key: str, row: Mapping[str, Any]) -> Claim:
    left_out = tuple(row["left_out"].values()) if "left_out" in row else None
    narrow = row.get("interval_90")
    bounds = (narrow["low"], narrow["high"]) if narrow else None
    return Claim(place, key, row["estimate"], row["n"], row.get("received"), left_out, bounds)


def _of_line(place: str, key: str, row: Mapping[str, str]) -> Claim:
    low, high = number(row["low_90"]), number(row["high_90"])
    bounds = (low, high) if low is not None and high is not None else None
    return Claim(place, key, number(row["satisfied_share"]), count(row["n"]), count(row["received"]), bounds=bounds)
