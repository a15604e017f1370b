"""The public address is right or refused by name, never half right: it is printed on paper."""

from __future__ import annotations

import unicodedata

import pytest

from survey.foundation.configuration.settings import SettingError, Settings
from survey.foundation.pages.hosts import host_name


def settings(**environment: str) -> Settings:
    return Settings.from_environment({"SECRET_KEY": "x" * 16, "DATABASE_URL": "sqlite://", **environment})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://tinh.example", "https://tinh.example"),
        ("HTTPS://TINH.EXAMPLE", "https://tinh.example"),
        ("  https://tinh.example \n", "https://tinh.example"),
        ("https://tinh.example/", "https://tinh.example"),
        ("https://tinh.example.:443//", "https://tinh.example"),
        ("http://tinh.example:8080", "http://tinh.example:8080"),
        ("http://[2001:DB8::1]:80", "http://[2001:db8::1]"),
        ("http://[2001:db8:0:0::1]", "http://[2001:db8::1]"),
        ("http://10.0.0.7", "http://10.0.0.7"),
        (unicodedata.normalize("NFD", "https://hàilòng.example"), "https://xn--hilng-rqa2k.example"),
        ("https://hàilòng.example", "https://xn--hilng-rqa2k.example"),
    ],
)
def test_what_is_plainly_meant_is_made_right(given: str, kept: str) -> None:
    assert settings(PUBLIC_URL=given).public_url == kept
    assert settings(PUBLIC_URL=given).is_https == kept.startswith("https")


@pytest.mark.parametrize(
    "given",
    [
        "https://tinh.example/hailong",
        "https://a:b@tinh.example",
        "https://a@tinh.example",
        "https://tinh .example",
        "https://tinh.example?x",
        "https://tinh.example#",
        "https://tinh.example:0",
        "https://tinh.example:99999",
        "https://tinh_moi.example",
        "https://-a.example",
        "https://тinh.example",
        "https://127.1",
        "https://999.1.1.1",
        "https://0x7f.1",
        "https://1.2.3.4.5",
        "https://[fe80::1%25eth0]",
        f"https://{'a.' * 126}vn",
        "https://",
        "https://[::1",
        "tinh.example",
        "ftp://tinh.example",
    ],
)
def test_anything_else_is_refused_with_the_settings_name(given: str) -> None:
    with pytest.raises(SettingError, match="PUBLIC_URL"):
        settings(PUBLIC_URL=given)


def test_without_one_it_is_where_the_server_listens() -> None:
    assert settings().public_url == "http://127.0.0.1:8000"
    assert settings(HOST="10.0.0.7", PORT="80").public_url == "http://10.0.0.7"
    assert settings(HOST="0.0.0.0").public_url == "http://127.0.0.1:8000"
    assert settings(HOST="::1").public_url == "http://[::1]:8000"


def test_a_wrong_host_or_port_is_refused_by_its_own_name() -> None:
    with pytest.raises(SettingError, match="PORT '80000'"):
        settings(PORT="80000")


def test_more_names_can_be_told() -> None:
    assert settings(ALLOWED_HOSTS="a.example, B.example  [::2]").allowed_hosts == ("a.example", "b.example", "::2")
    for bad in ("https://a.example", "a b/c", "a@b"):
        with pytest.raises(SettingError, match="ALLOWED_HOSTS"):
            settings(ALLOWED_HOSTS=bad)


@pytest.mark.parametrize(
    "host",
    ["tinh.vn#evil", "tinh.vn/evil", "evil@tinh.vn", "tinh.vn:80:90", "tinh.vn:abc", "tinh.vn, evil", "[::1", ""],
)
def test_a_host_is_its_name_and_port_and_nothing_else(host: str) -> None:
    assert host_name(host) == ""


@pytest.mark.parametrize(
    ("host", "name"),
    [("TINH.vn.", "tinh.vn"), ("tinh.vn:8443", "tinh.vn"), ("[::1]:8000", "::1"), ("10.0.0.7", "10.0.0.7")],
)
def test_the_name_of_a_host_is_read_as_it_is_typed(host: str, name: str) -> None:
    assert host_name(host) == name
