"""The shell at /kiosk/: one page, its files, its service worker, its manifest. None of it sets a cookie."""

from __future__ import annotations

import mimetypes

from flask import Blueprint, Response, abort, json, jsonify, url_for
from flask_babel import gettext as _

from kiosk.pages.assets import PAGE, current_shell
from survey.foundation.access import public

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")


@blueprint.get("/")
@public("the terminal's shell and its assets hold no data", printed="saved as the start page of every kiosk")
def shell() -> Response:
    """The page; everything else happens in the browser."""
    return _uncached(Response(current_shell().files[PAGE], mimetype="text/html"))


@blueprint.get("/assets/<version>/<path:name>")
@public("the terminal's shell and its assets hold no data", printed="installed kiosks fetch their files here")
def asset(version: str, name: str) -> Response:
    """A file of the present version of the shell, and of no other."""
    shell = current_shell()
    if version != shell.version or name not in shell.files:
        abort(404)
    answer = Response(shell.files[name], mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@blueprint.get("/sw.js")
@public("the terminal's shell and its assets hold no data", printed="installed kiosks look here for every update")
def service_worker() -> Response:
    """The service worker; its bytes change with every version, which is how browsers notice a new one."""
    shell = current_shell()
    page, *files = [url_for("kiosk.asset", version=shell.version, name=name) for name in shell.files]
    known = {
        "VERSION": shell.version,
        "PAGE": page,
        "ADDRESSES": [url_for("kiosk.manifest"), page, *files, *shell.sounds],
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    return _uncached(Response(head + shell.worker, mimetype="text/javascript"))


@blueprint.get("/manifest.webmanifest")
@public("the terminal's shell and its assets hold no data", printed="installed kiosks hold it as their own description")
def manifest() -> Response:
    """What makes the shell installable, full screen."""
    shell = current_shell()
    icons = [
        {
            "src": url_for("kiosk.asset", version=shell.version, name=f"kiosk/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    answer = jsonify(
        {
            "id": "/kiosk/",
            "name": _("Hài lòng - kiosk đánh giá"),
            "short_name": _("Đánh giá"),
            "lang": "vi",
            "start_url": url_for("kiosk.shell"),
            "scope": url_for("kiosk.shell"),
            "display": "fullscreen",
            "display_override": ["fullscreen", "standalone"],
            "orientation": "any",
            "background_color": "#ffffff",
            "theme_color": "#0b5c63",
            "icons": icons,
        }
    )
    answer.mimetype = "application/manifest+json"
    return _uncached(answer)


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-cache"
    return answer
