"""The report as one accessible HTML file that opens anywhere without a network: styles and charts are inside."""

from __future__ import annotations

import base64
from itertools import count

from flask import current_app
from markupsafe import Markup

from analysis.presentation.charts import drawing
from analysis.presentation.charts.model import Chart
from analysis.reports.document import Report
from survey.foundation.configuration.settings import ROOT

STYLE = ROOT / "static" / "css" / "report.css"


def render(report: Report) -> bytes:
    """The page in UTF-8; needs an application context."""
    # Without context processors: the page belongs to nobody's session, and commands have none.
    page = current_app.jinja_env.get_template("reports/document.html").render(
        report=report,
        document=report.document,
        style=Markup(STYLE.read_text(encoding="utf-8")),
        picture=picture,
        next_number=count(1).__next__,
    )
    return page.encode()


def picture(chart: Chart) -> str:
    """The chart as a data address. A picture sees no font but the reader's own, which may be wider than its room."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.svg(chart, outlined=True).encode()).decode()
