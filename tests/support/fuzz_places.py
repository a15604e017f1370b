"""The places that fuzzers attack: made once for an application, since long runs follow each other on one database."""

from __future__ import annotations

from flask import Flask

from tests.guards.places import Place, make_places

KEY = "place to fuzz"


def place_to_fuzz(app: Flask) -> Place:
    """An agency with everything that an address can name."""
    if KEY not in app.extensions:
        app.extensions[KEY] = make_places(app)["own"]
    place: Place = app.extensions[KEY]
    return place
