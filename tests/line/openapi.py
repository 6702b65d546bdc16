"""LINE's own API document, made strict enough to judge a message.

As published it judges nothing: kinds hang on a `discriminator` that JSON Schema does not know,
so a validator stops at the base and any text passes. Here each discriminated schema chooses
its kind by `if` and `then`, and every finished object refuses keys that nobody described.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

_HERE = "#/components/schemas/"


@cache
def reply_judge(folder: Path) -> jsonschema_rs.Draft202012Validator:
    """A validator for the body of a reply."""
    return _judge(folder, "ReplyMessageRequest")


@cache
def rich_menu_judge(folder: Path) -> jsonschema_rs.Draft202012Validator:
    """A validator for a rich menu that is to be made."""
    return _judge(folder, "RichMenuRequest")


def _judge(folder: Path, name: str) -> jsonschema_rs.Draft202012Validator:
    document = yaml.safe_load((folder / "messaging-api.yml").read_text(encoding="utf-8"))
    schemas = strict(document["components"]["schemas"])
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"{_HERE}{name}", "components": {"schemas": schemas}}
    )


def strict(schemas: dict[str, Any]) -> dict[str, Any]:
    """The same schemas, with kinds that are followed and unknown keys refused."""
    kinds = {name for name, schema in schemas.items() if "discriminator" in schema}
    found: dict[str, Any] = {}
    for name, schema in schemas.items():
        if name in kinds:
            found[f"{name}__base"] = {k: v for k, v in schema.items() if k != "discriminator"}
            found[name] = _chooser(schema["discriminator"])
        else:
            found[name] = _finished(schema, kinds)
    return found


def _chooser(discriminator: dict[str, Any]) -> dict[str, Any]:
    key, mapping = discriminator["propertyName"], discriminator["mapping"]
    return {
        "type": "object",
        "required": [key],
        "properties": {key: {"enum": list(mapping)}},
        "allOf": [
            {"if": {"properties": {key: {"const": kind}}}, "then": {"$ref": target}}
            for kind, target in mapping.items()
        ],
    }


def _finished(schema: dict[str, Any], kinds: set[str]) -> dict[str, Any]:
    """A concrete schema: it stands on the bare base, and its keys are all there are."""
    finished = dict(schema)
    if "allOf" in schema:
        finished["allOf"] = [_on_base(part, kinds) for part in schema["allOf"]]
    if "allOf" in schema or "properties" in schema:
        finished["unevaluatedProperties"] = False
    return finished


def _on_base(part: dict[str, Any], kinds: set[str]) -> dict[str, Any]:
    name = part.get("$ref", "").removeprefix(_HERE)
    return {"$ref": f"{_HERE}{name}__base"} if name in kinds else part
