"""Fields as the create metadata describes them, with the ids of what can be chosen."""

import uuid
from collections.abc import Sequence
from typing import Any

from bot.sandbox.jira import render
from bot.sandbox.jira.model import FieldSpec, Project
from bot.sandbox.jira.wire import Call

FIRST_WITH_OPTIONS = 10030


def option_id(spec: FieldSpec, index: int) -> str:
    """The id of an option: priorities count from 1, resolutions from 10000, each custom field has a hundred."""
    if spec.kind in ("priority", "resolution"):
        return str(index + (1 if spec.kind == "priority" else 10000))
    return str(10100 + (_custom_id(spec) - FIRST_WITH_OPTIONS) * 100 + index)


def child_id(spec: FieldSpec, index: int, position: int) -> str:
    """The id of a second choice under an option."""
    return f"{option_id(spec, index)}{position + 1:02d}"


def group_id(name: str) -> str:
    """The id that a group has on Cloud."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def _custom_id(spec: FieldSpec) -> int:
    return int(spec.field_id.rpartition("_")[2])


def field(call: Call, spec: FieldSpec, owner: Project) -> dict[str, Any]:
    """A field as the create metadata describes it."""
    schema: dict[str, Any] = {"type": spec.kind}
    if spec.items:
        schema["items"] = spec.items
    if spec.custom:
        schema |= {"custom": spec.custom, "customId": _custom_id(spec)}
    else:
        schema["system"] = spec.field_id
    described: dict[str, Any] = {
        "required": spec.required,
        "schema": schema,
        "name": spec.name,
        "fieldId": spec.field_id,
        "hasDefaultValue": spec.default is not None,
        "operations": ["add", "set", "remove"] if spec.kind == "array" else ["set"],
    }
    if spec.kind == "user" or spec.items == "user":
        described["autoCompleteUrl"] = render.link(call, "user/search?query=")
    if call.site.edition == "cloud":
        described["key"] = spec.field_id
    if spec.default:
        described["defaultValue"] = spec.default
    allowed = _allowed(call, spec, owner)
    return described if allowed is None else described | {"allowedValues": allowed}


def _allowed(call: Call, spec: FieldSpec, owner: Project) -> list[dict[str, Any]] | None:
    """The values to choose from; None for a field that has no list of them."""
    kind = spec.items if spec.kind == "array" else spec.kind
    if kind == "component":
        return _parts(call, "component", owner.components, 10200)
    if kind == "version":
        shown = _parts(call, "version", owner.versions, 10300)
        return [
            one | {"archived": False, "released": False, "projectId": int(owner.project_id)} for one in shown
        ]
    if kind == "project":
        visible = [one for one in call.site.projects.values() if call.site.sees(call.account, one)]
        return [render.project(call, one) for one in ([owner] if spec.custom is None else visible)]
    if kind in ("option", "option-with-child", "priority", "resolution"):
        return [_choice(call, spec, kind, index) for index in range(len(spec.options))]
    return None


def _parts(call: Call, path: str, names: Sequence[str], base: int) -> list[dict[str, Any]]:
    ids = [str(base + index) for index in range(len(names))]
    return [
        {"self": render.link(call, f"{path}/{number}"), "id": number, "name": name}
        for number, name in zip(ids, names, strict=True)
    ]


def _choice(call: Call, spec: FieldSpec, kind: str, index: int) -> dict[str, Any]:
    name, number = spec.options[index], option_id(spec, index)
    if kind in ("priority", "resolution"):
        return {"self": render.link(call, f"{kind}/{number}"), "name": name, "id": number}
    shown: dict[str, Any] = {
        "self": render.link(call, f"customFieldOption/{number}"),
        "value": name,
        "id": number,
    }
    if kind == "option":
        return shown
    below = enumerate(spec.children.get(name, ()))
    ids = [(child_id(spec, index, position), child) for position, child in below]
    children = [
        {"self": render.link(call, f"customFieldOption/{number}"), "value": child, "id": number}
        for number, child in ids
    ]
    return shown | ({"children": children} if children else {})
