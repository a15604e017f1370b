"""Signing in: who is at the desk. Flask-Login behind our own small interface."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature

from survey.accounts import sessions
from survey.accounts.models import User
from survey.foundation.clock import is_within
from survey.foundation.storage.outage import in_outage


class SessionLogins(LoginManager):
    """Flask-Login without cookies that outlive a session: no answer need be looked at for one to be set.

    It would open the session of whoever asks, and tell caches that a citizen's page depends on a cookie.
    """

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


csrf = CSRFProtect()
login_manager = SessionLogins()


class PageSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie that goes out with pages, never with what any cache may keep for everybody.

    A cache would hand the session on with it; and a cookie renewed with each of the program's files would make a
    browser ask for all of them again on every page.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Whoever brings no cookie, as every citizen and kiosk, has an empty session that nothing need be read for."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        value, signer = request.cookies.get(self.get_cookie_name(app)), self.get_signing_serializer(app)
        if not value or signer is None:
            return self.session_class()
        try:
            # Asked for its age itself, it would refuse what a server whose clock is a second ahead has just signed.
            kept, signed_at = signer.loads(value, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        is_young = is_within(app.permanent_session_lifetime.total_seconds(), signed_at)
        return self.session_class(kept) if is_young else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where there is one to set."""
        if not (session or session.accessed or session.modified):
            return
        said = response.cache_control
        if not said or said.no_store or said.private:  # every answer says something by now
            super().save_session(app, session, response)
        elif session.accessed and request.endpoint != "static":
            response.vary.add("Cookie")  # the page greets whoever is signed in


def init_accounts(app: Flask) -> None:
    """CSRF on every form (public POSTs carry their own signed token and are exempted by name), sessions for staff."""
    app.session_interface = PageSessions()
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None  # it would tie the session to the network address, which changes on phones


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """The account whose session a browser holds the key of."""
    return None if in_outage() else sessions.load(session_id)
