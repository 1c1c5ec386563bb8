"""Reading JSON that others wrote: typed, and never surprised by a missing part."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

Json = Mapping[str, Any]


def inner(body: Json, name: str) -> Json:
    """The object under this name; an empty one when it is missing or something else."""
    value = body.get(name)
    return cast(Json, value) if isinstance(value, Mapping) else {}


def objects(body: Json, name: str) -> Sequence[Json]:
    """The objects in the list under this name; none when it is missing or something else."""
    value = body.get(name)
    if not isinstance(value, list):
        return ()
    return [cast(Json, item) for item in cast(list[Any], value) if isinstance(item, Mapping)]
