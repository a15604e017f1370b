"""The address of this installation as settings give it: made right where that is plain, refused by name elsewhere."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\Z")
_NUMBER = re.compile(r"(?:\A|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")  # an end that browsers take for numbers alone
_LONGEST = 253  # characters of a name (RFC 1035)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LIKE = "write it like https://hailong.tinh.gov.vn (QR codes are printed with it)"


def read_origin(text: str) -> str:
    """``scheme://host[:port]`` in its normal form: lower case, letters of other alphabets as ``xn--``, no default port.

    Raises:
        ValueError: there is more, less or something else; the message says what.
    """
    plain = text.strip()
    if re.search(r"\s", plain):
        raise ValueError(f"has a blank inside; {_LIKE}")
    parts = urlsplit(plain)
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        raise ValueError(f"is not an http or https address; {_LIKE}")
    if "@" in parts.netloc:
        raise ValueError(f"holds a user name or password, which would be printed; {_LIKE}")
    if parts.path.strip("/") or "?" in plain or "#" in plain:
        raise ValueError(f"has something after the host: the pages stand at the root of a host; {_LIKE}")
    return f"{parts.scheme}://{_host(parts)}{_port(parts)}"


def read_host(text: str) -> str:
    """The name of a host in its normal form.

    Raises:
        ValueError: it is none.
    """
    if re.search(r"[\s/@?#]", text):
        raise ValueError(f"{text!r} is not the name of a host")
    return _host(urlsplit(f"//{text}")).strip("[]")


def listening_origin(host: str, port: str) -> str:
    """Where a server that listens on this host and port is reached from its own machine."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::", "*") else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").removesuffix(".")
    if ":" in name:
        return f"[{_number(ipaddress.IPv6Address, name)}]"
    if _NUMBER.search(name):
        return _number(ipaddress.IPv4Address, name)
    if any(len(set(map(_alphabet, filter(str.isalpha, label)))) > 1 for label in name.split(".")):
        raise ValueError(f"mixes letters of two alphabets, of which one only looks like the other; {_LIKE}")
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(f"names a host that no domain can be; {_LIKE}") from error
    if not _NAME.match(name) or len(name) > _LONGEST:
        raise ValueError(f"names no host; {_LIKE}")
    return name


def _number(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address], name: str) -> str:
    """An address of numbers, written out: a browser would write 127.1 otherwise than it is printed."""
    try:
        address = kind(name)
    except ValueError as error:
        raise ValueError(f"is no whole address of numbers; {_LIKE}") from error
    if getattr(address, "scope_id", None):
        raise ValueError(f"holds a zone that only this machine knows; {_LIKE}")
    return str(address)


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _port(parts: SplitResult) -> str:
    port = parts.port
    if port == 0:
        raise ValueError(f"has no usable port; {_LIKE}")
    return "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
