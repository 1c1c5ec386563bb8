"""Which happenings the bot is told of, and the envelope they travel in. How they travel is in `courier`."""

from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import APP_ID, TEAM_ID, Happening, World

VERIFICATION_TOKEN = "sandbox-verification"

# The scope that each subscription needs, as https://docs.slack.dev/reference/events lists them; absent: none.
SCOPES = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_rename": "groups:read",
    "group_left": "groups:read",
    "user_change": "users:read",
    "link_shared": "links:read",
    "team_join": "users:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
}
_TOLD_ANYWAY = ("channel_archive", "channel_unarchive", "channel_rename", "channel_left", "group_left")
_ALWAYS = ("app_uninstalled", "tokens_revoked")


def is_told(world: World, happening: Happening) -> bool:
    """Whether this app hears of it: subscribed, with the scope, and present where it happened."""
    name, channel = happening.name, happening.channel
    if name not in world.manifest.events or not (world.installed or name in _ALWAYS):
        return False
    if (scope := _scope(happening)) and scope not in world.manifest.scopes:
        return False
    return channel is None or name in _TOLD_ANYWAY or world.bot_user_id in channel.members


def envelope(world: World, happening: Happening) -> Json:
    """The `event_callback` body, with a fresh event id."""
    channel = happening.channel
    shared = bool(channel and channel.shared_with)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": happening.event,
        "type": "event_callback",
        "event_id": world.serials.make("Ev"),
        "event_time": world.seconds(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": world.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{world.serials.unique()}",
    }


def _scope(happening: Happening) -> str:
    if happening.name in ("member_joined_channel", "member_left_channel"):
        return "groups:read" if happening.channel and happening.channel.is_private else "channels:read"
    return SCOPES.get(happening.name, "")
