"""What each page, document, file and interface says of a figure: read from what it shows, by the figure's key."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from analysis.figures.figure_key import figure_key, keys_of
from analysis.figures.register import fetch_province, fetch_register
from analysis.presentation import labels
from analysis.reports.recorded_queries import question_from
from analysis.results import phrases
from tests.support.html import parse_html

IN_ENGLISH = re.compile(r"\(([\d.,]+ %); .*; n = ([\d.]+) of ([\d.]+) ")
SENTENCE = re.compile(r"\(([\d.,]+ %); .*; n = ([\d.]+) trong ([\d.]+) phiếu nhận được\)")
ALONE = re.compile(r"\(([\d.,]+ %); .*; n = ([\d.]+)\)")  # how many came is held back
IN_DOCUMENT = re.compile(
    r"ước tính ([\d.,]+ %) [^(]*? hài lòng với ([^(]*?(?: \(tính gộp\))?) "
    r"\(khoảng bất định 90 % theo mô hình: [^;]*; n = ([\d.]+) trong ([\d.]+) phiếu nhận được"
)
REACHED = re.compile(r"Về ([^:.]*?): n = ([\d.]+) phiếu \(nhận được ([\d.]+)\)")
PRINTED = re.compile(r"[\d.]+(,\d+)? %")


@dataclass(frozen=True)
class Claim:
    """One place that tells a figure. `share`: as a number where it is told whole, as text where it is printed.

    `left_out`: how many answers are not used for each reason, None where that is hidden; None: no word of it.
    """

    place: str
    key: str
    share: float | str | None
    n: int | None
    received: int | None
    left_out: tuple[int | None, ...] | None = None


def of_page(place: str, text: str, *, english: bool = False) -> Iterator[Claim]:
    """The figures of a page (or of a document as HTML): marked rows and lists, and marked sentences."""
    words_of = _english_words if english else _words
    for element in parse_html(text).iter():
        if "data-figure" in element.attrib:
            held = {
                child.attrib["data-holds"]: words_of(child) for child in element.iter() if "data-holds" in child.attrib
            }
            share = held.get("share", "")
            printed = share if PRINTED.fullmatch(share) else None
            yield Claim(
                place, element.attrib["data-figure"], printed, _count(held.get("n")), _count(held.get("received"))
            )
        elif "data-sentence" in element.attrib:
            said = (IN_ENGLISH if english else SENTENCE).search(words_of(element))
            if said:
                yield Claim(place, element.attrib["data-sentence"], said[1], _count(said[2]), _count(said[3]))
            elif alone := ALONE.search(words_of(element)):
                yield Claim(place, element.attrib["data-sentence"], alone[1], _count(alone[2]), None)


def of_publication(place: str, document: Mapping[str, Any]) -> Iterator[Claim]:
    """The figures of ``data.json`` and of the public interface."""
    province, period = document["about"]["province"], document["about"]["period"]
    for subject, entry in document["subjects"].items():
        yield _of_row(place, figure_key(province, subject, period), entry["total"])
        for by, rows in entry["by"].items():
            yield from (_of_row(place, phrases.key_of(province, period, subject, row, by), row) for row in rows)
    for target in document["targets"]:
        if "figure" in target:
            yield _of_row(place, phrases.target_key(province, period, target), target["figure"])


def of_open_table(place: str, text: str) -> Iterator[Claim]:
    """The rows of ``data.csv``; those of targets name no respondents, so they are left to ``data.json``."""
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        if row["table"] != "target":
            by = "" if row["table"] == "total" else row["table"]
            key = phrases.key_of(row["province"], row["period"], row["subject"], row, by)
            yield Claim(place, key, _number(row["satisfied_share"]), _count(row["n"]), _count(row["received"]))


def of_estimates(place: str, province: str, text: str) -> Iterator[Claim]:
    """The rows of the export of estimates of a whole province."""
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        by, domain, period = row["Chia theo"], row["Mã"], row["Kỳ"]
        what = "all" if by in ("total", "month") else f"{by}:{domain}"
        key = figure_key(province, row["Đối tượng đánh giá"], domain if by == "month" else period, what)
        numbers = _count(row["Phiếu dùng (n)"]), _count(row["Phiếu nhận"])
        yield Claim(place, key, _number(row["Tỷ lệ hài lòng gia quyền"]), *numbers)


def of_attachment(place: str, figures: Mapping[str, Any]) -> Iterator[Claim]:
    """The figures attached to a document: every question with its answer."""
    agencies = fetch_register(fetch_province(figures["province"]).id).agencies
    for asked in figures["answers"]:
        question = question_from(asked["question"])
        key_of = keys_of(question, agencies)
        yield from (_of_row(place, key_of(figure["domain"]), figure) for figure in asked["figures"])


def of_document_text(place: str, text: str, figures: Mapping[str, Any]) -> Iterator[Claim]:
    """The figures told in a document's sentences: each must be one that the document asked of its whole scope.

    Two targets may count different respondents, so a sentence is taken for the one whose printed numbers it tells;
    where none tells them, for the first, which then disagrees.
    """
    words = " ".join(text.replace("\u00ad", "").replace("\N{NO-BREAK SPACE}", " ").split())
    told = [(said[2], said[1], said[3], said[4]) for said in IN_DOCUMENT.finditer(words)]
    told += [(said[1], None, said[2], said[3]) for said in REACHED.finditer(words)]
    for name, share, n, received in told:
        subject = next(code for code, said in labels.SUBJECT.items() if said == name)
        claims = [
            claim
            for claim in of_attachment(place, {**figures, "answers": _of_the_whole(figures, subject)})
            if claim.share is not None
        ]
        same = [claim for claim in claims if (claim.n, claim.received) == (_count(n), _count(received))]
        assert claims, f"{name} {share} stands in the text and was never asked"
        yield Claim(place, (same or claims)[0].key, share, _count(n), _count(received))


def _of_the_whole(figures: Mapping[str, Any], subject: str) -> list[Any]:
    return [
        asked
        for asked in figures["answers"]
        if asked["question"]["subject"] == subject
        and asked["question"]["by"] is None
        and asked["question"]["period"] == figures["period"]
        and asked["question"]["method"] == "top2"
    ]


def of_picture(
    place: str, province: str, text: str, targets: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Iterator[Claim]:
    """The numbers of a picture of published years. `targets`: those of each year's publication, which name the key."""
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        for target in targets.get(row["year"], ()):
            level = f"{target['comparator']}{target['threshold']}"
            if (target.get("subject"), level) == (row["subject"], row["target"]) and row["satisfied_share"]:
                key = phrases.target_key(province, row["year"], dict(target))
                numbers = _count(row["n"]), _count(row["received"])
                yield Claim(place, key, _number(row["satisfied_share"]), *numbers)


def of_command(place: str, answered: Mapping[str, Any]) -> Iterator[Claim]:
    """What ``analysis estimates --format json`` prints."""
    for domain in answered["domains"]:
        what = f"{answered['by']}:{domain['domain']}" if answered["by"] else "all"
        key = figure_key(answered["province"], answered["subject"], answered["period"], what, method=answered["method"])
        yield _of_row(place, key, domain)


def of_table(place: str, keys: Iterable[str], columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[Claim]:
    """The rows of a document's table, as another program reads them back. `columns`: what each holds."""
    names = list(columns)
    for key, row in zip(keys, rows, strict=True):
        held = dict(zip(names, row, strict=True))
        share = held["share"].replace("\N{NO-BREAK SPACE}", " ")
        printed = share if PRINTED.fullmatch(share) else None
        yield Claim(place, key, printed, _count(held["n"]), _count(held["received"]))


def _of_row(place: str, key: str, row: Mapping[str, Any]) -> Claim:
    left_out = tuple(row["left_out"].values()) if "left_out" in row else None
    return Claim(place, key, row["estimate"], row["n"], row["received"], left_out)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())


def _english_words(element: Element) -> str:
    """With numbers as Vietnamese readers write them: "1,234" as 1.234, "79.6%" as 79,6 %."""
    text = _words(element).translate(str.maketrans(".,", ",."))
    return re.sub(r"(?<=\d)%", " %", text)


def _count(text: str | None) -> int | None:
    digits = (text or "").replace(".", "")
    return int(digits) if digits.isdigit() else None


def _number(text: str) -> float | None:
    return float(text) if text else None
