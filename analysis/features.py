"""Every part of `analysis`, registered in one place."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

import analysis.api.feature
import analysis.desk.feature
import analysis.exports.feature
import analysis.measures.feature
import analysis.published.feature
import analysis.published.models
import analysis.reference.commands
import analysis.reference.models
import analysis.reports.feature
import analysis.signals.feature
import analysis.targets.feature
import analysis.targets.models  # all tables must be known to migrations
from analysis import cli, cli_estimate, sums
from survey.staff.audit_objects import AuditedKind, register_audited


def register(app: Flask) -> None:
    """Add blueprints, commands and menu pages."""
    cli.group.add_command(cli_estimate.estimate)
    sums.add_command(cli.group)
    app.cli.add_command(cli.group)
    analysis.desk.feature.register(app)
    analysis.published.feature.register(app, cli.group)
    analysis.reports.feature.register(app)
    analysis.api.feature.register(app)
    analysis.signals.feature.register(app, cli.group)
    analysis.measures.feature.register(app)
    analysis.exports.feature.register(app, cli.group)
    analysis.targets.feature.register(app)
    register_audited(app, "reference_figures", AuditedKind(_("Số liệu tham khảo")))
