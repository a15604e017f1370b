"""The address of this installation as settings give it: made right where that is plain, refused by name elsewhere."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from survey.foundation.bilingual import bilingual as _

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\Z")
_NUMBER = re.compile(r"(?:\A|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")  # an end that browsers take for numbers alone
_LONGEST = 253  # characters of a name (RFC 1035)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LIKE = _("viết như https://hailong.tinh.gov.vn (mã QR in địa chỉ này)")


def read_origin(text: str) -> str:
    """``scheme://host[:port]`` in its normal form: lower case, letters of other alphabets as ``xn--``, no default port.

    Raises:
        ValueError: there is more, less or something else; the message says what.
    """
    plain = text.strip()
    if re.search(r"\s", plain):
        raise ValueError(_("có khoảng trắng ở giữa; %(like)s", like=_LIKE))
    parts = _split(plain)
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        raise ValueError(_("không phải địa chỉ http hay https; %(like)s", like=_LIKE))
    if "@" in parts.netloc:
        raise ValueError(_("có tên người dùng hay mật khẩu, sẽ bị in ra; %(like)s", like=_LIKE))
    if parts.path.strip("/") or "?" in plain or "#" in plain:
        raise ValueError(_("có phần sau tên máy: các trang đứng ngay ở gốc của tên máy; %(like)s", like=_LIKE))
    return f"{parts.scheme}://{_host(parts)}{_port(parts)}"


def read_host(text: str) -> str:
    """The name of a host in its normal form.

    Raises:
        ValueError: it is none.
    """
    if re.search(r"[\s/@?#]", text):
        raise ValueError(_("%(text)s không phải tên máy", text=repr(text)))
    return _host(_split(f"//{text}")).strip("[]")


def listening_origin(host: str, port: str) -> str:
    """Where a server that listens on this host and port is reached from its own machine."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::", "*") else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:  # brackets that hold no address
        raise ValueError(_("không phải tên máy; %(like)s", like=_LIKE)) from error


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").removesuffix(".")
    if ":" in name:
        return f"[{_number(ipaddress.IPv6Address, name)}]"
    if _NUMBER.search(name):
        return _number(ipaddress.IPv4Address, name)
    if any(len(set(map(_alphabet, filter(str.isalpha, label)))) > 1 for label in name.split(".")):
        raise ValueError(_("lẫn chữ của hai bảng chữ cái trông giống nhau; %(like)s", like=_LIKE))
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(_("tên máy không thể là tên miền; %(like)s", like=_LIKE)) from error
    if not _NAME.match(name) or len(name) > _LONGEST:
        raise ValueError(_("không phải tên máy; %(like)s", like=_LIKE))
    return name


def _number(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address], name: str) -> str:
    """An address of numbers, written out: a browser would write 127.1 otherwise than it is printed."""
    try:
        address = kind(name)
    except ValueError as error:
        raise ValueError(_("không phải địa chỉ số đầy đủ; %(like)s", like=_LIKE)) from error
    if getattr(address, "scope_id", None):
        raise ValueError(_("có vùng mạng mà chỉ máy này biết; %(like)s", like=_LIKE))
    return str(address)


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError:  # not 0 to 65535
        port = 0
    if port == 0:
        raise ValueError(_("cổng không dùng được; %(like)s", like=_LIKE))
    return "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
