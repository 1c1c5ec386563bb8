"""Which Web API methods and events the product uses, and the scopes that Slack asks for them.

Source of the scopes: the pages of each method and event on docs.slack.dev.
"""

import re

from tests.support.sources import python_files, string_constants

_READ = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")

# An empty row: any token may call it.
SCOPES_OF_METHODS: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.revoke": (),
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.deleteScheduledMessage": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.scheduleMessage": ("chat:write",),
    "chat.scheduledMessages.list": (),
    "chat.unfurl": ("links:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.members": _READ,
    "conversations.open": ("im:write",),
    "conversations.replies": _HISTORY,
    "conversations.setTopic": ("channels:write.topic", "groups:write.topic"),
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "oauth.v2.access": (),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "usergroups.users.update": ("usergroups:write",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
SCOPES_OF_EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "app_mention": ("app_mentions:read",),
    "channel_unarchive": ("channels:read",),
    "group_unarchive": ("groups:read",),
    "link_shared": ("links:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
# What needs a scope of its own to be there: a file's address leads to a login page, a profile has no e-mail.
SCOPES_OF_FIELDS: dict[str, tuple[str, ...]] = {
    "email": ("users:read.email",),
    "url_private": ("files:read",),
}
_METHOD = re.compile(
    r"(?:admin|apps|auth|bookmarks|chat|conversations|dnd|files|oauth|pins|reactions|team|usergroups|users|views)"
    r"(?:\.[a-z][A-Za-z0-9]*)+"
)
# It knows the speed limits of methods that nobody calls yet.
_NAMES_WITHOUT_CALLING = {"bot/slack/pace.py"}


def fields_read() -> set[str]:
    """Every such field that the product names where it reads what Slack sends."""
    rooms = [path for room in ("bot/slack", "bot/teams") for path in python_files(room)]
    return {text for path in rooms for text in string_constants(path) if text in SCOPES_OF_FIELDS}


def methods_called() -> set[str]:
    """Every Web API method that the product, without its sandbox, names in its code."""
    return {
        text
        for path in python_files("bot")
        if "sandbox" not in path.parts and not str(path).endswith(tuple(_NAMES_WITHOUT_CALLING))
        for text in string_constants(path)
        if _METHOD.fullmatch(text)
    }
