"""What a terminal is given: one script of all modules, each file once, and for ever the same under one address."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from kiosk.pages.js_bundle import joined, modules_of
from tests.kiosk.driving import KioskDriver
from tests.support.applications import LiveServer
from tests.support.browsers import wait_until

STATIC = Path(__file__).parents[2] / "static"
ENTRY = "kiosk/main.js"


@pytest.fixture
def served(live_server: LiveServer, tmp_path: Path) -> Iterator[Flask]:
    """A server whose files may be changed."""
    static = tmp_path / "static"
    shutil.copytree(STATIC, static, ignore=shutil.ignore_patterns("*.ttf"))
    live_server.app.static_folder = str(static)
    return live_server.app


def told(app: Flask, name: str) -> Any:
    """What the server tells the service worker at its head."""
    [value] = re.findall(rf"^const {name} = (.*);$", app.test_client().get("/kiosk/sw.js").text, re.MULTILINE)
    return json.loads(value)


def write(folder: Path, **modules: str) -> None:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")


def test_every_module_of_the_kiosk_is_in_its_script() -> None:
    joined_modules = {module.name for module in modules_of(STATIC, ENTRY)}
    written = {str(path.relative_to(STATIC)) for path in STATIC.glob("kiosk/**/*.js")}
    assert joined_modules == {*written - {"kiosk/worker.js"}, "vendor/idb/index.js", "vendor/uqr/index.js"}


@pytest.mark.parametrize(
    "form",
    [
        "import x from './other.js';",
        "import * as other from './other.js';",
        "import './other.js';",
        "import { a as b } from './other.js';",
        "import {\n  a,\n} from './other.js';",
        "const other = await import('./other.js');",
        "export default 1;",
        "export let a = 1;",
        "export { a } from './other.js';",
        "export * from './other.js';",
        "export { a as b };",
        "console.log(import.meta.url);",
    ],
)
def test_a_form_of_import_or_export_that_is_not_understood_is_refused_by_its_file(tmp_path: Path, form: str) -> None:
    part = f"export const a = 1;\n{form}\n"
    write(tmp_path, main="import { a } from './part.js';\n", part=part, other="export const a = 1;\n")
    with pytest.raises(ValueError, match=r"^part\.js: .*(import|export)"):
        joined(tmp_path, "main.js")


def test_lines_that_hold_nothing_but_a_comment_are_not_sent(tmp_path: Path) -> None:
    said = "// why\n/** What.\n *  @param {string} a */\n  // more\n"
    code = "export const a = 'https://a/** b */'; // kept\nconst b = 4 // /** kept */\n / 2;\n"
    write(tmp_path, main=f"{said}{code}{said}")
    sent = joined(tmp_path, "main.js")
    assert code.removeprefix("export ") in sent
    assert "why" not in sent
    assert "@param" not in sent


def test_a_name_that_nobody_exports_is_refused(tmp_path: Path) -> None:
    write(tmp_path, main="import { a, b } from './part.js';\n", part="export const a = 1, b = 2;\n")
    with pytest.raises(ValueError, match=r"main\.js: part\.js exports no b"):
        joined(tmp_path, "main.js")


def test_modules_that_need_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    main = "import { a } from './part.js';\nexport const b = 1;\n"
    part = "import { b } from './main.js';\nexport const a = 1;\n"
    write(tmp_path, main=main, part=part)
    with pytest.raises(ValueError, match="cycle"):
        joined(tmp_path, "main.js")


def test_an_address_gives_what_its_version_digested_though_the_files_change(served: Flask) -> None:
    client = served.test_client()
    before = {address: client.get(address).data for address in told(served, "ADDRESSES")}
    for path in Path(served.static_folder or "").rglob("*.*"):
        path.write_bytes(b"the next release")

    assert {address: client.get(address).data for address in before} == before


def test_whatever_changes_gives_the_shell_other_addresses_and_the_old_ones_nothing(served: Flask) -> None:
    client, root = served.test_client(), Path(served.static_folder or "")
    for name in ("kiosk/screens/citizen.js", "kiosk/worker.js", "css/tokens.css", "fonts/BeVietnamPro-400.woff2"):
        before = [address for address in told(served, "ADDRESSES") if address.startswith("/kiosk/assets/")]
        (root / name).write_bytes((root / name).read_bytes() + b"\n")
        served.extensions.pop("kiosk_shells")

        assert not set(before) & set(told(served, "ADDRESSES")), name
        assert client.get(before[0]).status_code == 404, name


def test_the_page_that_is_kept_is_of_the_workers_own_version(served: Flask) -> None:
    version, page = told(served, "VERSION"), told(served, "PAGE")
    assert page in told(served, "ADDRESSES")
    assert f'data-version="{version}"' in served.test_client().get(page).text
    assert served.test_client().get(page.replace(version, "0" * 12)).status_code == 404


def test_a_first_visit_asks_for_each_file_once_and_then_needs_no_network(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    asked: Counter[str] = Counter()
    live_server.app.before_request(lambda: asked.update([request.path]))
    unpaired.open()
    unpaired.wait_for_worker()

    assets = {address: asked[address] for address in told(live_server.app, "ADDRESSES") if "/assets/" in address}
    assert assets == dict.fromkeys(assets, 1)
    unpaired.page.context.set_offline(True)
    unpaired.page.evaluate("globalThis.isOldPage = true")
    unpaired.page.reload()
    wait_until(unpaired.page, "!globalThis.isOldPage")
    unpaired.wait_for("pair")
