"""Every part of `analysis`, registered in one place."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

import analysis.archive.commands
import analysis.country.commands
import analysis.desk.feature
import analysis.exports.commands
import analysis.exports.feature
import analysis.figures.estimate_command
import analysis.figures.store.commands
import analysis.measures.feature
import analysis.national.feature
import analysis.periods.models
import analysis.presentation.commands
import analysis.presentation.question_command
import analysis.reference.commands
import analysis.reference.models
import analysis.reports.cli
import analysis.reports.feature
import analysis.results.closing.commands
import analysis.results.feature
import analysis.results.interface.feature
import analysis.signals.commands
import analysis.signals.feature
import analysis.targets.commands
import analysis.targets.feature
import analysis.targets.models  # all tables must be known to migrations
from analysis.command_group import analysis_commands
from survey.accounts.audit_log.objects import AuditedKind, register_audited


def register(app: Flask) -> None:
    """Add blueprints, commands and menu pages."""
    app.cli.add_command(analysis_commands)
    analysis.desk.feature.register(app)
    analysis.results.feature.register(app)
    analysis.reports.feature.register(app)
    analysis.results.interface.feature.register(app)
    analysis.signals.feature.register(app)
    analysis.measures.feature.register(app)
    analysis.exports.feature.register(app)
    analysis.targets.feature.register(app)
    analysis.national.feature.register(app)
    register_audited(app, "reference_figures", AuditedKind(_("Số liệu tham khảo")))
