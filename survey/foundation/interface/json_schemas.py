"""JSON Schemas (2020-12) of models as people read them: null is one more type, names stand in one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

SUFFIX = "Json"  # sets a model's name apart from what it tells of, which programs of others need not know


def component_name(model: type[BaseModel]) -> str:
    """Under which name a model's schema stands."""
    return model.__name__.removesuffix(SUFFIX)


class _Compact(GenerateJsonSchema):
    """No titles that repeat a name, no default: an absent key is absent; ``"type": ["number", "null"]``."""

    def normalize_name(self, name: str) -> str:
        """As `component_name`."""
        return super().normalize_name(name).removesuffix(SUFFIX)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The schema alone."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """With null among the types, and among a closed list's members."""
        inner = self.generate_inner(schema["schema"])
        if not isinstance(inner.get("type"), str):
            return self.get_flattened_anyof([inner, {"type": "null"}])
        listed = {"enum": [*inner["enum"], None]} if "enum" in inner else {}
        return {**inner, "type": [inner["type"], "null"], **listed}


def schemas_by_name(models: Iterable[type[BaseModel]], place: str) -> dict[str, Any]:
    """The schemas of models and of all that they hold, by name. `place`: where they will stand (``#/$defs``)."""
    asked = [(model, "validation") for model in models]
    _names, schemas = models_json_schema(
        asked,  # type: ignore[arg-type]
        ref_template=f"{place}/{{model}}",
        schema_generator=_Compact,
    )
    return {name: _untitled(schema) for name, schema in sorted(schemas.get("$defs", {}).items())}


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}
