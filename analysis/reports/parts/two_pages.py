"""The two pages that are signed; everything else stands in annexes."""

from __future__ import annotations

from analysis.reports.context import Brief
from analysis.reports.document import Block, Bullets, Paragraph
from analysis.reports.parts import drafts
from analysis.reports.parts.cases import cases_words
from analysis.reports.parts.dossiers import dossiers_words
from analysis.reports.parts.on_time import on_time_words
from analysis.reports.parts.reach_lines import reach_lines
from analysis.reports.parts.received import received_words
from analysis.reports.parts.requirement import opening
from analysis.reports.parts.summary import summary


def results(brief: Brief) -> tuple[Block, ...]:
    """Page one: on what it rests, then for one minute what was found."""
    return (opening(brief), *summary(brief))


def quality(brief: Brief) -> tuple[Block, ...]:
    """Phản ánh, kiến nghị; solved on time; coverage and quality in three lines."""
    lines = (
        cases_words(brief),
        dossiers_words(brief),
        on_time_words(brief),
        received_words(brief),
        *reach_lines(brief),
    )
    return (Bullets(tuple(line for line in lines if line)),)


def shortcomings(brief: Brief) -> tuple[Block, ...]:
    """Tồn tại, nguyên nhân."""
    return tuple(map(Paragraph, drafts.written(brief, "shortcomings")))


def proposals(brief: Brief) -> tuple[Block, ...]:
    """Đề xuất, kiến nghị, phương hướng."""
    return tuple(map(Paragraph, drafts.written(brief, "proposals")))
