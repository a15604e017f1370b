"""Staff at the desk: who has what to do with the counter of an administrative agency, and how they send a form."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

OWNER = {"role": "method_owner", "sector": "administration"}
AGENCY_MANAGER = {"role": "agency_manager", "agency": "ubnd-ea-tam"}
COLLEAGUE = {"role": "officer"}
STRANGERS = [{"role": "method_owner", "sector": "health"}, {"role": "administrator", "province": "son-la"}]


def token(page: str) -> str:
    """The form token that stands on a page."""
    match = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
    assert match, page
    return match[1]


def post(client: FlaskClient, page: str, url: str, **fields: Any) -> Any:
    """Send a form as it stands on `page`."""
    return client.post(url, data={"csrf_token": token(client.get(page).text), **fields})
