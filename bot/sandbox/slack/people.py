"""Accounts of the workspace: people, guests, bots, and how the Web API shows them. Who sits in which channel is in `channels`."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.wire import Json

SLACKBOT = "USLACKBOT"


@dataclass(kw_only=True)
class Account:
    """One user of the workspace, or one of another company seen through a shared channel; `tz` is an IANA zone."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Kyiv"
    email: str = ""
    title: str = ""
    bot_id: str = ""
    app_id: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_single_channel_guest: bool = False
    is_external: bool = False
    deleted: bool = False
    updated: int = 0
    # Until when they have paused their notifications, in seconds since 1970; 0: they have not.
    snoozed_until: int = 0

    @property
    def is_bot(self) -> bool:
        """Whether this is a bot user."""
        return bool(self.bot_id) or self.id == SLACKBOT

    @property
    def restricted(self) -> bool:
        """Whether this is a guest of either kind: they see only the channels they are in."""
        return self.is_guest or self.is_single_channel_guest

    @property
    def display_name(self) -> str:
        """What stands behind the @ on the screen."""
        return self.name


def user_shape(account: Account, *, now: datetime, with_email: bool) -> Json:
    """The user object of `users.info`; the address only for tokens that may read it."""
    if account.deleted:
        return _deleted_shape(account, with_email=with_email)
    zone = now.astimezone(ZoneInfo(account.tz))
    offset = zone.utcoffset()
    return {
        "id": account.id,
        "team_id": account.team_id,
        "name": account.name,
        "deleted": False,
        "color": "9f69e7",
        "real_name": account.real_name,
        "tz": account.tz,
        "tz_label": zone.tzname() or account.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(account, with_email=with_email),
        "is_admin": account.is_admin or account.is_owner,
        "is_owner": account.is_owner,
        "is_primary_owner": account.is_owner,
        "is_restricted": account.restricted,
        "is_ultra_restricted": account.is_single_channel_guest,
        "is_bot": bool(account.bot_id),
        "is_app_user": False,
        "updated": account.updated,
        **({"is_stranger": True} if account.is_external else {"is_email_confirmed": True}),
        "who_can_share_contact_card": "EVERYONE",
    }


def _deleted_shape(account: Account, *, with_email: bool) -> Json:
    return {
        "id": account.id,
        "team_id": account.team_id,
        "name": account.name,
        "deleted": True,
        "profile": _profile(account, with_email=with_email),
        "is_bot": bool(account.bot_id),
        "is_app_user": False,
        "updated": account.updated,
    }


def _profile(account: Account, *, with_email: bool) -> Json:
    first, _, last = account.real_name.partition(" ")
    profile: Json = {
        "title": account.title,
        "phone": "",
        "skype": "",
        "real_name": account.real_name,
        "real_name_normalized": account.real_name,
        "display_name": account.display_name,
        "display_name_normalized": account.display_name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g0000000000",
        "first_name": first,
        "last_name": last,
        "image_24": "https://secure.gravatar.com/avatar/24.jpg",
        "image_48": "https://secure.gravatar.com/avatar/48.jpg",
        "image_72": "https://secure.gravatar.com/avatar/72.jpg",
        "team": account.team_id,
    }
    if with_email and account.email and not account.is_bot:
        profile["email"] = account.email
    if account.bot_id:
        profile |= {"bot_id": account.bot_id, "api_app_id": account.app_id, "always_active": True}
    return profile
