"""What a device says of itself must never make its message fail: a value that makes no sense counts as not said."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidatorFunctionWrapHandler, WrapValidator

T = TypeVar("T")


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return None if value is None else handler(value)
    except (ValueError, OverflowError):  # pydantic's own, half a surrogate pair, a year that no date holds
        return None


Lenient = Annotated[T | None, WrapValidator(_or_none)]


class Said(BaseModel):
    """Something a device says; what else it holds is passed over."""

    model_config = ConfigDict(strict=True, frozen=True)
