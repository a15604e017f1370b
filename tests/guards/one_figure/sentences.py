"""What a document says of figures: in its sentences and tables, as another program reads them back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.presentation import labels
from tests.guards.one_figure.claims import Claim
from tests.guards.one_figure.files import of_attachment
from tests.guards.one_figure.numbers import PRINTED, count

IN_DOCUMENT = re.compile(
    r"ước tính ([\d.,]+ %) [^(]*? hài lòng với ([^(]*?(?: \(tính gộp\))?) "
    r"\(khoảng bất định 90 % theo mô hình: [^;]*; n = ([\d.]+) trong ([\d.]+) phiếu nhận được"
)
REACHED = re.compile(r"Về ([^:.]*?): n = ([\d.]+) phiếu \(nhận được ([\d.]+)\)")


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
        same = [claim for claim in claims if (claim.n, claim.received) == (count(n), count(received))]
        assert claims, f"{name} {share} stands in the text and was never asked"
        yield Claim(place, (same or claims)[0].key, share, count(n), count(received))


def _of_the_whole(figures: Mapping[str, Any], subject: str) -> list[Any]:
    return [
        asked
        for asked in figures["answers"]
        if asked["question"]["subject"] == subject
        and asked["question"]["by"] is None
        and asked["question"]["period"] == figures["period"]
        and asked["question"]["method"] == "top2"
    ]


def of_table(place: str, keys: Iterable[str], columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[Claim]:
    """The rows of a document's table, as another program reads them back. `columns`: what each holds."""
    names = list(columns)
    for key, row in zip(keys, rows, strict=True):
        held = dict(zip(names, row, strict=True))
        share = held["share"].replace("\N{NO-BREAK SPACE}", " ")
        printed = share if PRINTED.fullmatch(share) else None
        yield Claim(place, key, printed, count(held["n"]), count(held["received"]))
