"""`conversations.*` but for reading what was said: https://docs.slack.dev/reference/methods?family=conversations."""

from bot.sandbox.slack import membership
from bot.sandbox.slack.api.method import Method, Office, channel_of
from bot.sandbox.slack.api.paging import page
from bot.sandbox.slack.channels import Channel, channel_shape
from bot.sandbox.slack.ids import make_id
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.wire import Call, Json, SlackRefusal
from bot.sandbox.slack.world import TEAM_ID

_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
_READ = tuple(_SCOPES.values())
_MOST_TOPIC = 250
_MOST_PEOPLE = 8


def show(office: Office, call: Call) -> Json:
    """One conversation that the bot may know of."""
    channel = channel_of(office, call, member=False)
    call.need(_SCOPES[channel.kind])
    return {"ok": True, "channel": _shape(office, channel, with_count=call.flag("include_num_members"))}


def list_all(office: Office, call: Call) -> Json:
    """The workspace's conversations; of the private ones those with the bot in them."""
    found = [c for c in _wanted(office, call) if not c.is_private or office.world.bot_user_id in c.members]
    return _listed(office, call, found)


def list_own(office: Office, call: Call) -> Json:
    """The conversations that a person, or else the bot, is a member of."""
    world = office.world
    member = call.text("user") or world.bot_user_id
    if member not in world.people:
        raise SlackRefusal("user_not_found")
    found = [c for c in _wanted(office, call) if member in c.members]
    answer = _listed(office, call, [c for c in found if not c.is_private or world.bot_user_id in c.members])
    for shape in answer["channels"]:
        shape.pop("is_member", None)
        shape.pop("num_members", None)
    return answer


def members(office: Office, call: Call) -> Json:
    """Who is in a conversation."""
    channel = channel_of(office, call, member=False)
    call.need(_SCOPES[channel.kind])
    found, cursor = page(channel.members, call)
    return {"ok": True, "members": found, "response_metadata": {"next_cursor": cursor}}


def open_direct(office: Office, call: Call) -> Json:
    """The direct message with one person, or a group of several."""
    world = office.world
    if call.has("channel"):
        channel = channel_of(office, call)
        return {"ok": True, "no_op": True, "already_open": True, "channel": {"id": channel.id}}
    people = [_reachable(office, user) for user in call.ids("users")]
    if not people:
        raise SlackRefusal("users_list_not_supplied")
    if len(people) > _MOST_PEOPLE:
        raise SlackRefusal("too_many_users")
    before = set(world.channels)
    if len(people) == 1:
        call.need("im:write")
        channel = world.direct(people[0].id, world.bot_user_id)
    else:
        call.need("mpim:write")
        channel = _group_direct(office, [person.id for person in people])
    known: Json = {"no_op": True, "already_open": True} if channel.id in before else {}
    shape = _shape(office, channel) if call.flag("return_im") else {"id": channel.id}
    return {"ok": True, **known, "channel": shape}


def join(office: Office, call: Call) -> Json:
    """Have the bot enter a public channel."""
    channel = channel_of(office, call, member=False)
    if channel.kind != "channel":
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackRefusal("is_archived")
    fresh = membership.join(office.world, channel, office.world.bot_user_id)
    answer: Json = {"ok": True, "channel": _shape(office, channel)}
    if not fresh:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def set_topic(office: Office, call: Call) -> Json:
    """Set a channel's topic."""
    channel = channel_of(office, call)
    topic = call.text("topic")
    if channel.is_direct:
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackRefusal("is_archived")
    if len(topic) > _MOST_TOPIC:
        raise SlackRefusal("too_long")
    membership.set_topic(office.world, channel, topic, by=office.world.bot_user_id)
    return {"ok": True, "channel": _shape(office, channel)}


def _shape(office: Office, channel: Channel, *, with_count: bool = False) -> Json:
    return channel_shape(channel, viewer=office.world.bot_user_id, team_id=TEAM_ID, with_count=with_count)


def _wanted(office: Office, call: Call) -> list[Channel]:
    names = call.ids("types") or ["public_channel"]
    if any(name not in _KINDS for name in names):
        raise SlackRefusal("invalid_types")
    kinds = [_KINDS[name] for name in names]
    for kind in kinds:
        call.need(_SCOPES[kind])
    found = [c for c in office.world.channels.values() if c.kind in kinds]
    return [c for c in found if not (c.archived and call.flag("exclude_archived"))]


def _listed(office: Office, call: Call, found: list[Channel]) -> Json:
    shown, cursor = page(found, call)
    shapes = [_shape(office, channel, with_count=not channel.is_direct) for channel in shown]
    return {"ok": True, "channels": shapes, "response_metadata": {"next_cursor": cursor}}


def _reachable(office: Office, user: str) -> Account:
    person = office.world.people.get(user)
    if person is None:
        raise SlackRefusal("user_not_found")
    if person.deleted:
        raise SlackRefusal("user_disabled")
    if person.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    if person.is_external:
        raise SlackRefusal("user_not_visible")
    return person


def _group_direct(office: Office, people: list[str]) -> Channel:
    world = office.world
    together = [*people, world.bot_user_id]
    for channel in world.channels.values():
        if channel.kind == "mpim" and set(channel.members) == set(together):
            return channel
    name = "mpdm-" + "--".join(world.people[person].name for person in together) + "-1"
    channel = Channel(
        id=make_id("G", name.removeprefix("mpdm-"), set(world.channels)),
        name=name,
        kind="mpim",
        members=together,
        creator=world.bot_user_id,
        created=world.seconds(),
    )
    world.channels[channel.id] = channel
    return channel


METHODS = {
    "conversations.info": Method(run=show, scopes=_READ, tier="3"),
    "conversations.list": Method(run=list_all, scopes=_READ, tier="2"),
    "conversations.members": Method(run=members, scopes=_READ, tier="4"),
    "conversations.open": Method(run=open_direct, scopes=("im:write", "mpim:write"), tier="3"),
    "conversations.join": Method(run=join, scopes=("channels:join",), tier="3"),
    "conversations.setTopic": Method(
        run=set_topic,
        scopes=("channels:manage", "channels:write.topic", "groups:write", "groups:write.topic"),
        tier="2",
    ),
    "users.conversations": Method(run=list_own, scopes=_READ, tier="3"),
}
