"""Somebody brought the bot into a channel, and somebody who may says what it is for there."""

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.invitation import domain
from bot.features.invitation.domain import Done, Place, Use
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams import edit, store
from bot.teams.events import SettingsChanged


def invited(uow: UnitOfWork, place: Place, inviter: str, event: str) -> None:
    """The bot is in a channel now: whoever brought it is asked privately what for, once."""
    payload = {"channel": place.channel, "private": place.private, "inviter": inviter}
    uow.enqueue("invitation.ask", payload, once=f"invitation:{event}")


def pinned(connection: Connection, team_key: str, use: Use, channel: str) -> Done | None:
    """What there is to do in a file for this choice; None where the team is set up in Slack."""
    kept = edit.kept(connection, team_key)
    if kept is None or kept.pinned_by is None:
        return None
    return Done(changed=False, file=kept.pinned_by, line=domain.line_in_file(use, kept.said, channel))


def choose(uow: UnitOfWork, team_key: str, use: Use, channel: str, by: str, which: str) -> Done:
    """The channel is this for the team from now on, and the team is told; a team pinned by a file stays as it is.

    Raises UserError for what the settings do not allow, in words, and where the team is gone.
    """
    # Before anything is read: two who choose at once wait here for each other.
    store.lock(uow.connection)
    in_file = pinned(uow.connection, team_key, use, channel)
    if in_file is not None:
        return in_file
    kept = edit.kept(uow.connection, team_key)
    if kept is None:
        raise UserError(edit.GONE)
    keys = domain.keys_for(use, kept.said, channel, which)
    try:
        changes = edit.change(uow.connection, team_key, keys, uow.now, seen=kept.seen)
    except edit.WrongSettings as wrong:
        raise UserError(f"That does not work: {wrong.problems[0].words}.") from wrong
    told = [kept.said["triage_channel"]] + [channel] * (use is Use.TRIAGE) if changes else []
    for to in told:
        uow.enqueue("invitation.told", {"to": to, "use": use.value, "channel": channel, "by": by})
    if changes:
        uow.emit(SettingsChanged(team_id=kept.id, user_ids=(by, kept.team.lead)))
    return Done(changed=bool(changes))
