"""Pages in a fifth of their bytes for slow networks; what is kept of a page is compressed once, not per visitor."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"  # RFC 1952: deflate, no name, no time, Unix
_RAW = -15  # zlib's window without a header of its own
_LONGEST_STORED = 0xFFFF


@dataclass(frozen=True)
class Compressed:
    """Both halves of a page as deflate; what stands between them is stored as it is, so that no half tells of it."""

    head: bytes
    tail: bytes
    head_sum: int
    plain_head_length: int
    plain_tail: bytes

    def around(self, middle: bytes) -> bytes:
        """One gzip member of head, middle (at most 65,535 bytes) and tail."""
        length = len(middle)
        if length > _LONGEST_STORED:
            raise ValueError(f"{length} bytes do not fit one stored block")
        stored = b"\x00" + length.to_bytes(2, "little") + (length ^ _LONGEST_STORED).to_bytes(2, "little") + middle
        checksum = zlib.crc32(self.plain_tail, zlib.crc32(middle, self.head_sum))
        size = self.plain_head_length + length + len(self.plain_tail)
        trailer = checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
        return _HEADER + self.head + stored + self.tail + trailer


def compress_halves(head: bytes, tail: bytes) -> Compressed:
    """Compress a page's bytes before and after what is put in for each visitor."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    packed_head = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    packed_tail = packer.compress(tail) + packer.flush(zlib.Z_FINISH)
    return Compressed(packed_head, packed_tail, zlib.crc32(head), len(head), tail)


def takes_gzip(environ: WSGIEnvironment) -> bool:
    """Whether whoever asks can unpack it."""
    return _names_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(1000)
def _names_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted)["gzip"] > 0


def page_of(body: bytes, *, packed: bool) -> Response:
    """An HTML answer that caches keep apart from the other kind."""
    encoding = {"Content-Encoding": "gzip"} if packed else {}
    return Response(body, mimetype="text/html", headers={"Vary": "Accept-Encoding", **encoding})


def packed_page(body: bytes, *, of_one_visitor: bool) -> Response:
    """A page packed where it may be; what was packed is kept unless something of one visitor stands in it."""
    packed = takes_gzip(request.environ)
    pack = _gzipped if of_one_visitor else _gzipped_once
    return page_of(pack(body) if packed else body, packed=packed)


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@lru_cache(500)
def _gzipped_once(body: bytes) -> bytes:
    return _gzipped(body)
