"""Under which names this installation answers: its public one, those it was told, and the machine's own."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix

from survey.foundation.configuration.settings import Settings
from survey.foundation.this_app import stand_in_front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_WHOLE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s\[\]/\\?#@:%,;]+)(:[0-9]{1,5})?")
UNKNOWN = "hai_long.unknown_host"

# Asked by monitors and balancers, which call a server by its bare address; and files that are the same for everyone.
UNDER_ANY_NAME = {"health.healthz", "health.readyz", "metrics.metrics", "static"}


@lru_cache(1000)
def host_name(host: str) -> str:
    """The name in a ``Host`` header: lower case, without port, brackets and final dot; '' if there is none.

    Nor is there one where anything else stands beside it: addresses are made of the header as it came.
    """
    if not _WHOLE.fullmatch(host):
        return ""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


@lru_cache(1000)
def is_loopback(name: str) -> bool:
    """Whether a name stands for this machine itself."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def init_hosts(app: Flask, settings: Settings) -> None:
    """Refuse (421) whoever asks for another name: links of a page could be made to lead there.

    The name never comes further than here: what else reads the request sees the public one in its place.
    """
    inner, hops = app.wsgi_app, settings.trusted_proxies
    public = urlsplit(settings.public_url).netloc
    known = {host_name(public), *settings.allowed_hosts}

    def checked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name = host_name(environ.get("HTTP_HOST", public))
        if not (name in known or is_loopback(name)):
            environ |= {"HTTP_HOST": public, UNKNOWN: True}
        return inner(environ, start_response)

    stand_in_front(app, ProxyFix(checked, x_for=hops, x_proto=hops, x_host=hops) if hops else checked)

    @app.before_request
    def refuse_unknown_host() -> None:
        if UNKNOWN in request.environ and request.endpoint not in UNDER_ANY_NAME:
            abort(421, _("Máy chủ này không phục vụ tên miền vừa hỏi. Địa chỉ đúng: %(url)s", url=settings.public_url))
