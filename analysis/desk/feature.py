"""Puts the desk's pages and their places in the menu into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_login import current_user

from analysis.desk import comments_routes, explore_routes, routes
from analysis.wording import unbroken
from survey.foundation.menu import Page, register_page
from survey.staff.permissions import VIEW, can_anywhere

BLUEPRINTS = (routes.blueprint, explore_routes.blueprint, comments_routes.blueprint)


def register(app: Flask) -> None:
    """Add the blueprints and their menu entries."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.filters["unbroken"] = unbroken
    overview = frozenset({"desk.overview_page"})
    register_page(app, Page(10, "desk.home", _("Tổng quan"), lambda: bool(current_user.is_authenticated), overview))
    explore = frozenset({"explore.page", "explore.explain"})
    register_page(app, Page(20, "explore.home", _("Khám phá"), lambda: can_anywhere(VIEW), explore))
    comments = frozenset({"comments.page"})
    register_page(app, Page(25, "comments.home", _("Ý kiến"), lambda: can_anywhere("view_comments"), comments))
