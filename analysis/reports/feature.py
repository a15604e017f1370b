"""Puts reports into the application: commands, pages, menu."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from analysis import cli
from analysis.reports.access import MAKE
from analysis.reports.cli import report, report_all, verify_command
from analysis.reports.delivery.commands import group as delivery
from analysis.reports.routes import blueprint
from survey.foundation.menu import Page, register_page
from survey.staff.permissions import can_anywhere


def register(app: Flask) -> None:
    """Add the commands to `flask analysis`, the pages under /desk/reports/ and their menu entry."""
    cli.group.add_command(report)
    cli.group.add_command(report_all)
    cli.group.add_command(verify_command)
    app.cli.add_command(delivery)
    app.register_blueprint(blueprint)
    register_page(app, Page(40, "reports.index", _("Báo cáo"), lambda: can_anywhere(MAKE)))
