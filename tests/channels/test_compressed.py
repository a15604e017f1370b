"""The citizen's pages are packed for slow networks without anything of one visitor in what is kept."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from survey.channels.web import compressed
from survey.channels.web.compressed import compress_halves
from tests.channels.conftest import Visitor, token_in
from tests.channels.world import MANY

pytestmark = pytest.mark.one_database


@given(st.binary(max_size=3000), st.binary(max_size=300), st.binary(max_size=3000))
def test_what_is_put_between_two_packed_halves_is_unpacked_with_them(head: bytes, middle: bytes, tail: bytes) -> None:
    assert gzip.decompress(compress_halves(head, tail).around(middle)) == head + middle + tail


def test_more_than_a_block_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="65536"):
        compress_halves(b"", b"").around(b"x" * 65_536)


def test_the_packed_form_is_the_plain_one_but_for_its_token_and_a_fifth_of_its_size(visitor: Visitor) -> None:
    address = f"/c/{MANY}"
    plain = visitor.client.get(address)
    packed = [visitor.client.get(address, headers={"Accept-Encoding": "gzip"}) for _visit in range(2)]
    assert all(page.headers["Content-Encoding"] == "gzip" for page in packed)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(packed[0].data) * 4 < len(plain.data)
    texts = [gzip.decompress(page.data).decode() for page in packed]
    tokens = [token_in(text) for text in texts]
    assert tokens[0] != tokens[1]
    assert texts[0].replace(tokens[0], tokens[1]) == texts[1]


def test_thanks_with_a_code_to_follow_are_kept_nowhere(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    monkeypatch.setattr(compressed, "_gzipped_once", lambda body: kept.append(body) or gzip.compress(body))
    visitor.client.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
    asked = {"token": token_in(gzip.decompress(visitor.client.get(f"/c/{MANY}").data).decode())}
    sent = visitor.client.post(f"/c/{MANY}", data=asked | {"comment": "Xin thêm ghế ngồi", "reply": "1"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert "/p/" in gzip.decompress(sent.data).decode()
    assert kept == []


def test_a_comment_without_a_face_is_taken_and_no_rating_is_made_of_it(visitor: Visitor, world: Flask) -> None:
    from survey.foundation.storage.database import db
    from survey.responses.models import Response

    answer = visitor.send(visitor.open(), comment="Xin thêm ghế ngồi")
    assert answer.status_code == 200
    with world.app_context():
        [row] = db.session.query(Response).filter_by(comment="Xin thêm ghế ngồi").all()
        assert row.answers == {}
    assert visitor.send(visitor.open(), comment="  ").status_code == 422
