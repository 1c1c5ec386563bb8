"""Atlassian's own JSON schema of its document format.

The file is named by FRONTDESK_ADF_SCHEMA: `json-schema/v1/full.json` of the npm package `@atlaskit/adf-schema`.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, ValidationError
from jsonschema.validators import extend


def schema_path() -> Path | None:
    """Where the schema is; None where it is not on this machine."""
    given = os.environ.get("FRONTDESK_ADF_SCHEMA", "")
    return Path(given) if given and Path(given).is_file() else None


def load(path: Path) -> Any:
    """What tells whether a document is valid.

    The schema tries every kind of node at every place, which takes minutes; here only those of the node's type.
    """
    schema = json.loads(path.read_text(encoding="utf-8"))
    kinds = {f"#/definitions/{name}": _kinds(one, schema) for name, one in schema["definitions"].items()}

    def any_of(validator: Any, choices: list[Any], instance: Any, _schema: Any) -> Iterator[ValidationError]:
        kind = instance.get("type") if isinstance(instance, dict) else None
        fitting = [one for one in choices if not (known := kinds.get(one.get("$ref"))) or kind in known]
        if not any(validator.evolve(schema=one).is_valid(instance) for one in fitting):
            yield ValidationError(f"{json.dumps(instance)[:200]} may not stand here")

    return extend(Draft4Validator, {"anyOf": any_of})(schema)


def _kinds(definition: Mapping[str, Any], schema: Mapping[str, Any]) -> frozenset[str]:
    """The types of node that a definition can be about; empty where it does not say."""
    if "$ref" in definition:
        return _kinds(schema["definitions"][definition["$ref"].rpartition("/")[2]], schema)
    own = definition.get("properties", {}).get("type", {}).get("enum", [])
    alternatives = [_kinds(one, schema) for one in definition.get("anyOf", [])]
    if alternatives and all(alternatives):
        own = [*own, *(kind for one in alternatives for kind in one)]
    return frozenset(own) | frozenset(
        kind for one in definition.get("allOf", []) for kind in _kinds(one, schema)
    )


def problems(validator: Any, document: Any) -> list[str]:
    """What the schema says against a document."""
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
