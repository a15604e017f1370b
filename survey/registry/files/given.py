"""What a file does not say and is asked once: the agency, the year or the month of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from survey.registry.files.problems import ImportRefused, Problems


@dataclass(frozen=True)
class Given:
    """Answers of whoever imports; empty where nothing was asked."""

    agency: str = ""
    year: str = ""
    month: str = ""


NOTHING = Given()


class MoreNeeded(ImportRefused):
    """The file was not taken because it does not say everything; `needs` names what to ask (fields of `Given`)."""

    needs: tuple[str, ...] = ()


def refuse_for_more(problems: Problems, needs: list[str]) -> None:
    """End the import asking for what the file does not say.

    Raises:
        MoreNeeded: with a problem noted for each.
    """
    try:
        problems.refuse_if_any(MoreNeeded)
    except MoreNeeded as more:
        more.needs = tuple(needs)
        raise
