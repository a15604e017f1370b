"""Every part of `survey`, registered in one place."""

from __future__ import annotations

from flask import Flask

import survey.agencies.models
import survey.citizen.ticket_models
import survey.devices.models
import survey.feedback.models
import survey.foundation.throttle_models
import survey.imports.models
import survey.questionnaires.models
import survey.responses.models  # noqa: F401 - all tables must be known to migrations
from survey import cli
from survey.agencies import feature as agencies
from survey.citizen.routes import init_citizen
from survey.citizen.ticket_routes import init_tickets
from survey.devices.monitoring import device_figures
from survey.feedback import feature as feedback
from survey.foundation.metrics import register_source
from survey.imports import feature as imports
from survey.questionnaires import feature as questionnaires
from survey.staff import feature as staff


def register(app: Flask) -> None:
    """Add blueprints, commands and menu pages."""
    staff.register(app)
    app.cli.add_command(cli.group)
    agencies.register(app)
    imports.register(app)
    init_citizen(app)
    init_tickets(app)
    questionnaires.register(app)
    feedback.register(app)
    register_source(app, device_figures)
