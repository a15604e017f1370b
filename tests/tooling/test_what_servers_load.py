"""What a server has in memory before its first request: each library there is paid for by every installation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, TemplateSyntaxError

from survey.foundation.server.compiled_templates import load_templates
from tests.support.databases import SECRET_KEY, DatabaseFactory

ROOT = Path(__file__).parents[2]
LOADED_WHEN_ASKED_FOR = {
    "alembic": "migrations",
    "fido2": "security keys",
    "matplotlib": "documents",
    "numpy.f2py": "nothing",
    "numpy.testing": "nothing",
    "openpyxl": "workbooks",
    "PIL": "pictures of QR codes",
    "qrcode": "QR codes",
    "scipy.optimize": "publications",
    "scipy.stats": "signals",
    "typst": "documents",
}
SERVES = """
import json, sys, wsgi
app = wsgi.app
environment = app.jinja_env
names = environment.list_templates(extensions=["html"])
compiled = [name for name in names if any(key[1] == name for key in environment.cache.keys())]
print(json.dumps([sorted(sys.modules), len(names), len(compiled)]))
"""


def test_a_server_has_its_templates_and_loads_no_library_that_few_pages_need(
    sqlite_databases: DatabaseFactory,
) -> None:
    with sqlite_databases.migrated() as database_url:
        environment = {"PATH": os.environ["PATH"], "SECRET_KEY": SECRET_KEY, "DATABASE_URL": database_url}
        told = subprocess.run(
            [sys.executable, "-c", SERVES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    assert told.returncode == 0, told.stderr
    modules, templates, compiled = json.loads(told.stdout)
    assert LOADED_WHEN_ASKED_FOR.keys() & set(modules) == set()
    assert {"scipy.special", "numpy.linalg"} <= set(modules)
    assert compiled == templates > 100


def test_a_template_that_cannot_be_compiled_is_named_by_the_process_that_serves() -> None:
    environment = Environment(loader=DictLoader({"good.html": "{{ 1 }}", "bad.html": "{% if %}"}))
    with pytest.raises(TemplateSyntaxError) as refusal:
        load_templates(environment)
    assert refusal.value.name == "bad.html"
