"""When an outage is told: pure decisions over times in seconds of one monotonic clock."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long an outage is borne in silence, how often it is told again, how long an answer must hold. Seconds."""

    alert_after: float = 60.0
    again_every: float = 900.0
    steady_after: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What is known so far. `down_since` None: all is well. `up_since`: it answers again, but not for long yet."""

    down_since: float | None = None
    up_since: float | None = None
    told_at: float | None = None


@dataclass(frozen=True, kw_only=True)
class Down:
    """Tell that it has not answered for so many seconds."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """Tell that it answers again, after so many seconds."""

    seconds: float


Notice = Down | Recovered

WELL = Outage()


def after_look(
    outage: Outage, *, answers: bool, now: float, patience: Patience
) -> tuple[Outage, Notice | None]:
    """What is known after one look, and what to tell now."""
    if outage.down_since is None:
        return (WELL if answers else Outage(down_since=now)), None
    if answers:
        return _answering(outage, outage.down_since, now, patience)
    silent = replace(outage, up_since=None)
    if not _due(silent, outage.down_since, now, patience):
        return silent, None
    return replace(silent, told_at=now), Down(seconds=now - outage.down_since)


def _answering(
    outage: Outage, down_since: float, now: float, patience: Patience
) -> tuple[Outage, Notice | None]:
    up_since = now if outage.up_since is None else outage.up_since
    # A database that answers now and then is still down: only an answer that holds ends the outage.
    if now - up_since < patience.steady_after:
        return replace(outage, up_since=up_since), None
    told = outage.told_at is not None
    return WELL, Recovered(seconds=up_since - down_since) if told else None


def _due(outage: Outage, down_since: float, now: float, patience: Patience) -> bool:
    if outage.told_at is None:
        return now - down_since >= patience.alert_after
    return now - outage.told_at >= patience.again_every


def seconds_to_next_look(outage: Outage, *, now: float, patience: Patience, every: float) -> float:
    """When to look again: as usual, or sooner where something will be due before that."""
    due = [every]
    if outage.down_since is not None and outage.up_since is None and outage.told_at is None:
        due.append(outage.down_since + patience.alert_after - now)
    if outage.up_since is not None:
        due.append(outage.up_since + patience.steady_after - now)
    return max(min(due), 0.0)
