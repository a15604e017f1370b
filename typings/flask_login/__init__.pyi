from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

Loader = TypeVar("Loader", bound=Callable[[str], object])

class LoginManager:
    session_protection: str | None
    def init_app(self, app: Flask) -> None: ...
    def user_loader(self, callback: Loader) -> Loader: ...

current_user: Any  # a proxy: the signed-in account, or one that is nobody

def login_user(user: object, remember: bool = False) -> bool: ...
def logout_user() -> bool: ...
