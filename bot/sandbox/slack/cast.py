"""The people, channels and groups that a sandbox starts with. Their ids are the ones that the example teams file uses."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.ids import make_id
from bot.sandbox.slack.manifest import Manifest
from bot.sandbox.slack.people import SLACKBOT, Account
from bot.sandbox.slack.world import APP_ID, OTHER_TEAM_ID, TEAM_ID, UserGroup, World


@dataclass(frozen=True, kw_only=True)
class PersonSpec:
    """Somebody to be seeded; `role` is member, admin, owner, guest, single_channel_guest, external, deactivated or bot."""

    name: str
    real_name: str = ""
    tz: str = "Europe/Kyiv"
    role: str = "member"
    id: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelSpec:
    """A channel to be seeded; `members` are names, None means every full member."""

    name: str
    members: tuple[str, ...] | None = ()
    private: bool = False
    with_bot: bool = True
    id: str = ""
    archived: bool = False
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupSpec:
    """A user group to be seeded."""

    handle: str
    members: tuple[str, ...]
    id: str = ""


PEOPLE = (
    PersonSpec(name="ana", real_name="Ana Moreau", tz="Europe/Paris"),
    PersonSpec(name="alice", real_name="Alice Koval", tz="Europe/Kyiv"),
    PersonSpec(name="bob", real_name="Bob Marsh", tz="America/New_York"),
    PersonSpec(name="carol", real_name="Carol Singh", tz="Asia/Kolkata"),
    PersonSpec(name="lead", real_name="Lea Dorn", tz="Europe/Kyiv", title="Payments lead"),
    PersonSpec(name="boss", real_name="Boris Ossian", tz="America/Los_Angeles", title="Managing director"),
    PersonSpec(name="erin", real_name="Erin Sato", tz="Asia/Tokyo", title="Customer support"),
    PersonSpec(name="frank", real_name="Frank Lima", tz="America/Sao_Paulo"),
    PersonSpec(name="olga", real_name="Olga Petrenko", tz="Europe/Kyiv", role="admin"),
    PersonSpec(name="gina", real_name="Gina Guest", tz="Europe/London", role="guest"),
    PersonSpec(name="solo", real_name="Sol One", tz="Europe/London", role="single_channel_guest"),
    PersonSpec(name="dan", real_name="Dan Gone", tz="Europe/Berlin", role="deactivated"),
    PersonSpec(name="xena", real_name="Xena Partner", tz="Australia/Sydney", role="external"),
    PersonSpec(name="deploybot", real_name="Deploy Bot", role="bot"),
)

CHANNELS = (
    ChannelSpec(name="general", members=None, id="C0GENERAL1"),
    ChannelSpec(name="random", members=None, id="C0RANDOM01", with_bot=False),
    ChannelSpec(
        name="ask-payments",
        members=("ana", "alice", "bob", "carol", "lead", "gina", "deploybot"),
        id="C0ASKPAY01",
    ),
    ChannelSpec(name="triage-payments", members=("alice", "bob", "carol", "lead"), id="C0TRIAGE01"),
    ChannelSpec(name="standup-payments", members=("alice", "bob", "carol", "lead"), id="C0STANDUP1"),
    ChannelSpec(name="ask-mobile", members=("ana", "bob", "carol", "erin", "frank"), id="C0ASKMOB01"),
    ChannelSpec(name="triage-mobile", members=("carol", "erin", "frank"), id="C0TRIAGE02"),
    ChannelSpec(name="partner-acme", members=("alice", "lead", "xena"), id="C0PARTNER1", shared=True),
    ChannelSpec(
        name="payments-private", members=("alice", "bob", "lead", "ana"), id="C0PRIVATE1", private=True
    ),
    ChannelSpec(name="frontdesk-alerts", members=("lead", "olga"), id="C0ALERTS01"),
    ChannelSpec(name="secret", members=("boss", "olga"), id="C0SECRET01", private=True, with_bot=False),
    ChannelSpec(name="old-news", members=("ana", "olga"), id="C0OLDNEWS1", archived=True),
)

GROUPS = (
    GroupSpec(handle="payments", members=("alice", "bob", "carol"), id="S0PAYMENTS"),
    GroupSpec(handle="partners", members=("frank",), id="S0PARTNERS"),
    GroupSpec(handle="support", members=("erin",), id="S0SUPPORT1"),
    GroupSpec(handle="onduty", members=("alice",), id="S0ONDUTY01"),
)


def seed(
    world: World, people: Iterable[PersonSpec], channels: Iterable[ChannelSpec], groups: Iterable[GroupSpec]
) -> None:
    """Fill an empty workspace, the bot included; tells nobody."""
    world.people[SLACKBOT] = Account(
        id=SLACKBOT, name="slackbot", real_name="Slackbot", team_id=TEAM_ID, tz="America/Los_Angeles"
    )
    add_bot(world, world.manifest)
    for person in people:
        account = make_account(world, person)
        world.people[account.id] = account
    for spec in channels:
        channel = make_channel(world, spec)
        world.channels[channel.id] = channel
    for spec in groups:
        group = make_group(world, spec)
        world.groups[group.id] = group


def add_bot(world: World, manifest: Manifest) -> None:
    """The app's own bot user."""
    name = manifest.bot_name.lower().replace(" ", "")
    world.bot_id, world.bot_user_id = "B0SANDBOX1", "U0SANDBOX1"
    world.people[world.bot_user_id] = Account(
        id=world.bot_user_id,
        name=name,
        real_name=manifest.bot_name,
        team_id=TEAM_ID,
        tz="America/Los_Angeles",
        bot_id=world.bot_id,
        app_id=APP_ID,
        updated=world.seconds(),
    )


def make_account(world: World, spec: PersonSpec) -> Account:
    """An account that is not in the workspace yet."""
    user_id = spec.id or make_id("U", spec.name, set(world.people))
    is_bot, is_external = spec.role == "bot", spec.role == "external"
    return Account(
        id=user_id,
        name=spec.name,
        real_name=spec.real_name or spec.name.capitalize(),
        team_id=OTHER_TEAM_ID if is_external else TEAM_ID,
        tz=spec.tz,
        email="" if is_bot else f"{spec.name}@{'acme.example' if is_external else 'example.com'}",
        title=spec.title,
        bot_id=f"B{user_id[1:]}" if is_bot else "",
        app_id=f"A{user_id[1:]}" if is_bot else "",
        is_admin=spec.role in ("admin", "owner"),
        is_owner=spec.role == "owner",
        is_guest=spec.role == "guest",
        is_single_channel_guest=spec.role == "single_channel_guest",
        is_external=is_external,
        deleted=spec.role == "deactivated",
        updated=world.seconds(),
    )


def make_channel(world: World, spec: ChannelSpec) -> Channel:
    """A channel that is not in the workspace yet."""
    if spec.members is None:
        members = [p.id for p in world.people.values() if _is_full_member(p)]
    else:
        members = [world.account(name).id for name in spec.members]
    return Channel(
        id=spec.id or make_id("C", spec.name, set(world.channels)),
        name=spec.name,
        kind="group" if spec.private else "channel",
        members=[*members, *([world.bot_user_id] if spec.with_bot else [])],
        creator=members[0] if members else SLACKBOT,
        created=world.seconds(),
        archived=spec.archived,
        general=spec.name == "general",
        shared_with=OTHER_TEAM_ID if spec.shared else "",
    )


def make_group(world: World, spec: GroupSpec) -> UserGroup:
    """A user group that is not in the workspace yet."""
    return UserGroup(
        id=spec.id or make_id("S", spec.handle, set(world.groups)),
        name=spec.handle.capitalize(),
        handle=spec.handle,
        users=[world.account(name).id for name in spec.members],
        created=world.seconds(),
        updated=world.seconds(),
    )


def _is_full_member(account: Account) -> bool:
    return not (account.is_bot or account.restricted or account.is_external or account.deleted)
