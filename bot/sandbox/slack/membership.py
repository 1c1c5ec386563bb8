"""Who is where: joining, leaving, archiving, renaming, topics, profiles and user groups, each with its events."""

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account, user_shape
from bot.sandbox.slack.talk import post
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import TEAM_ID, Happening, UserGroup, World


def join(world: World, channel: Channel, person: str, *, inviter: str = "") -> bool:
    """Add a member, with the line in the channel that says so; False when already there."""
    if person in channel.members:
        return False
    channel.members.append(person)
    extra: Json = {"inviter": inviter} if inviter else {}
    _line(world, channel, person, "join", f"<@{person}> has joined the channel", extra)
    event = {**_membership_event(world, "member_joined_channel", channel, person), **extra}
    world.announce(Happening(name="member_joined_channel", event=event, channel=channel))
    return True


def leave(world: World, channel: Channel, person: str) -> None:
    """Remove a member; the bot is told of others' leaving only while it is there itself."""
    if person not in channel.members:
        return
    channel.members.remove(person)
    event = _membership_event(world, "member_left_channel", channel, person)
    if person == world.bot_user_id:
        event = {
            **event,
            "type": "group_left" if channel.is_private else "channel_left",
            "actor_id": channel.creator,
        }
        del event["user"], event["team"], event["channel_type"]
    world.announce(Happening(name=event["type"], event=event, channel=channel))


def archive(world: World, channel: Channel, *, by: str, archived: bool = True) -> None:
    """Close a channel for writing, or open it again."""
    if channel.archived == archived:
        return
    channel.archived = archived
    kind = f"{channel.kind}_{'archive' if archived else 'unarchive'}"
    event: Json = {"type": kind, "channel": channel.id, "user": by, "event_ts": world.now_ts()}
    world.announce(Happening(name=kind, event=event, channel=channel))


def rename(world: World, channel: Channel, name: str) -> None:
    """Give a channel another name."""
    channel.previous_names.append(channel.name)
    channel.name = name
    kind = f"{channel.kind}_rename"
    shape: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_mpim": False,
        "name": name,
        "name_normalized": name,
        "created": channel.created,
    }
    event: Json = {"type": kind, "channel": shape, "event_ts": world.now_ts()}
    world.announce(Happening(name=kind, event=event, channel=channel))


def set_topic(world: World, channel: Channel, topic: str, *, by: str) -> None:
    """Set the topic, with the line that says so."""
    channel.topic, channel.topic_by, channel.topic_set = topic, by, world.seconds()
    _line(world, channel, by, "topic", f"set the channel topic: {topic}", {"topic": topic})


def change_account(world: World, account: Account, **changes: str | bool) -> None:
    """Change a profile, or deactivate somebody with `deleted=True`."""
    for name, value in changes.items():
        setattr(account, name, value)
    account.updated = world.seconds()
    if account.deleted:
        for channel in world.channels.values():
            if not channel.is_direct and account.id in channel.members:
                channel.members.remove(account.id)
        for group in world.groups.values():
            group.users = [user for user in group.users if user != account.id]
    event: Json = {"type": "user_change", "user": _full(world, account), "cache_ts": world.seconds()}
    world.announce(Happening(name="user_change", event=event))


def welcome(world: World, account: Account) -> None:
    """Somebody new in the workspace."""
    world.people[account.id] = account
    event: Json = {"type": "team_join", "user": _full(world, account)}
    world.announce(Happening(name="team_join", event=event))


def set_group(world: World, group: UserGroup, users: list[str], *, by: str) -> None:
    """Replace the members of a user group."""
    added = [user for user in users if user not in group.users]
    removed = [user for user in group.users if user not in users]
    before, group.updated = group.updated, world.seconds()
    group.users, group.updated_by = list(users), by
    changed: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": TEAM_ID,
        "date_previous_update": before,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": world.now_ts(),
    }
    world.announce(Happening(name="subteam_members_changed", event=changed))
    updated: Json = {
        "type": "subteam_updated",
        "subteam": group_shape(group, with_users=True),
        "event_ts": world.now_ts(),
    }
    world.announce(Happening(name="subteam_updated", event=updated))


def group_shape(group: UserGroup, *, with_users: bool = False, with_count: bool = False) -> Json:
    """The user group object of `usergroups.list`."""
    shape: Json = {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": 0,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": "USLACKBOT",
        "updated_by": group.updated_by or "USLACKBOT",
        "prefs": {"channels": [], "groups": []},
        "channel_count": 0,
    }
    if with_users:
        shape["users"] = list(group.users)
    if with_count:
        shape["user_count"] = len(group.users)
    return shape


def _full(world: World, account: Account) -> Json:
    return user_shape(account, now=world.clock.now(), with_email="users:read.email" in world.manifest.scopes)


def _line(world: World, channel: Channel, person: str, what: str, text: str, extra: Json) -> None:
    kind = "channel" if channel.kind == "channel" else "group"
    message = Message(
        ts=world.now_ts(),
        channel_id=channel.id,
        user=person,
        subtype=f"{kind}_{what}",
        text=text,
        extra=extra,
    )
    post(world, channel, message)


def _membership_event(world: World, kind: str, channel: Channel, person: str) -> Json:
    return {
        "type": kind,
        "user": person,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": TEAM_ID,
        "event_ts": world.now_ts(),
    }
