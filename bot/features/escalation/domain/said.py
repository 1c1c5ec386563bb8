"""Which of the slice's messages a button belongs to. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of a request at this step of this run."""

    request_id: int
    run: int
    step: int
