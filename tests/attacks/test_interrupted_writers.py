"""What an official was writing survives the end of the session, on every form of the desk: sign in, go on, send."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask

from survey.accounts.held_forms import PRIVATE
from tests.accounts.test_signing_in import token_in
from tests.guards.addresses import path_of
from tests.guards.places import Place, make_places
from tests.guards.requests import code_for
from tests.guards.test_permissions import desk_rules
from tests.support.staff import PASSWORD, signed_in

HERE = {"Sec-Fetch-Site": "same-origin"}
WRITTEN = 'Đang viết dở: "ba dòng" <b>\nvà một dòng nữa'


def forms(app: Flask, place: Place) -> dict[str, str]:
    """Where each form of the desk goes, by endpoint; those of passwords and codes, which are typed again, apart."""
    left = {}
    for rule, method in desk_rules(app):
        if method == "POST" and not rule.rule.startswith(PRIVATE):
            values = {name: value for name, value in place.values.items() if name in rule.arguments}
            if "code" in values:
                values["code"] = code_for(str(rule.endpoint), place)
            left[rule.endpoint] = path_of(app, rule, values)
    return left


def test_every_form_sent_after_the_session_ended_is_shown_again_and_goes_where_it_went(demonstration: Flask) -> None:
    addresses = forms(demonstration, make_places(demonstration)["own"])
    assert len(addresses) > 40
    writer = signed_in(demonstration, "nguoi-viet", "administrator")
    lost = []
    for endpoint, address in addresses.items():
        writer.post("/logout", data={"csrf_token": token_in(writer.get("/desk/account").text)})
        asked = writer.post(f"{address}?q=1", data={"text": WRITTEN, "csrf_token": "old"}, headers=HERE)
        held = re.search(r'name="held"[^>]*value="([^"]+)"', asked.text)
        if asked.status_code != 401 or held is None:
            lost.append(f"{endpoint}: {asked.status_code}, nothing held")
            held = None
        page = asked.text if held else writer.get("/login").text
        typed = {"username": "nguoi-viet", "password": PASSWORD, "csrf_token": token_in(page)}
        shown = writer.post("/login", data=typed | ({"held": held[1]} if held else {})).text
        action = re.search(r'<form method="post" action="([^"]+)"', shown[shown.find("<blockquote>") :])
        kept = re.search(r'name="text" value="([^"]*)"', shown)
        if held and (action is None or unescape(action[1]) != f"{address}?q=1"):
            lost.append(f"{endpoint}: goes to {action and action[1]}")
        if held and (kept is None or unescape(kept[1]).replace("\r\n", "\n") != WRITTEN):
            lost.append(f"{endpoint}: what was written is not there")
    assert not lost, "\n".join(lost)
