from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Flask
from werkzeug.exceptions import BadRequest

View = TypeVar("View", bound=Callable[..., object] | Blueprint | str)

class CSRFProtect:
    def init_app(self, app: Flask) -> None: ...
    def exempt(self, view: View) -> View: ...

class CSRFError(BadRequest): ...

def generate_csrf() -> str: ...
