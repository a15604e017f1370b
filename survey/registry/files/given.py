"""What a file does not say and is asked once: the agency, year or month of its figures, or which sheet is meant."""

from __future__ import annotations

from dataclasses import dataclass

from survey.registry.files.problems import ImportRefused, Problems


@dataclass(frozen=True)
class Given:
    """Answers of whoever imports; empty where nothing was asked."""

    agency: str = ""
    year: str = ""
    month: str = ""
    sheet: str = ""


NOTHING = Given()


class MoreNeeded(ImportRefused):
    """The file was not taken because it does not say everything; `needs` names what to ask (fields of `Given`).

    `sheets`: the titles of those to choose from, where the sheet is asked.
    """

    needs: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def refuse_for_more(problems: Problems, needs: list[str], sheets: tuple[str, ...] = ()) -> None:
    """End the import asking for what the file does not say.

    Raises:
        MoreNeeded: with a problem noted for each.
    """
    try:
        problems.refuse_if_any(MoreNeeded)
    except MoreNeeded as more:
        more.needs, more.sheets = tuple(needs), sheets
        raise
