"""How passwords are kept: as RFC 9106 recommends, and anew at sign-in where they were kept otherwise."""

from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.models import User
from survey.accounts.passwords import hash_password, needs_rehash, verify_password
from survey.foundation.storage.database import db
from tests.accounts.test_signing_in import sign_in
from tests.support.passwords import real_hashes
from tests.support.staff import PASSWORD, make_user


def test_a_password_is_hashed_with_argon2id_64_mib_three_passes_four_lanes() -> None:
    with real_hashes():
        kept = hash_password(PASSWORD)
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert verify_password(kept, PASSWORD)
        assert not verify_password(kept, PASSWORD + ".")
        assert not needs_rehash(kept)


def test_a_weaker_hash_is_renewed_at_sign_in(app: Flask, client: FlaskClient) -> None:
    user_id = make_user(app, "can-bo", "officer")  # hashed with less effort than the program's
    with real_hashes():
        assert sign_in(client, "can-bo").status_code == 302
    with app.app_context():
        kept = db.session.query(User).filter_by(id=user_id).one().password_hash
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
