"""Who somebody is, from their Slack profile. Fetching and remembering it is in `profiles`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person or bot of Slack. `company` is the id of their own workspace; `tz` a zone's name or empty."""

    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_guest: bool = False
    is_admin: bool = False
    company: str = ""
    is_known: bool = True

    @classmethod
    def unknown(cls, user_id: str) -> "Person":
        """Somebody about whom Slack cannot be asked just now, or whom it does not know."""
        return cls(id=user_id, name=user_id, is_known=False)

    def is_admin_of(self, workspace_id: str) -> bool:
        """Whether they administer this workspace; admins of other companies and people who left do not."""
        elsewhere = self.is_guest or self.deleted or self.is_external(workspace_id)
        return self.is_admin and not elsewhere

    def is_external(self, workspace_id: str) -> bool:
        """Whether they belong to another company's workspace than this one."""
        return self.company not in ("", workspace_id)


def person_of(profile: Mapping[str, Any]) -> Person:
    """The person whom the database remembers so; keys of other releases are left out."""
    names = {field.name for field in fields(Person)}
    return Person(**{key: value for key, value in profile.items() if key in names})


def person_from_slack(user: Mapping[str, Any]) -> Person:
    """The person in Slack's user object (https://docs.slack.dev/reference/objects/user-object)."""
    profile: Mapping[str, Any] = user.get("profile") or {}
    real_name = _first(user.get("real_name"), profile.get("real_name"))
    return Person(
        id=user["id"],
        name=_first(profile.get("display_name"), real_name, user.get("name"), user["id"]),
        real_name=real_name,
        email=_first(profile.get("email")),
        tz=_first(user.get("tz")),
        is_bot=user.get("is_bot") is True or user["id"] == "USLACKBOT",
        deleted=user.get("deleted") is True,
        is_guest=user.get("is_restricted") is True or user.get("is_ultra_restricted") is True,
        is_admin=any(user.get(right) is True for right in ("is_admin", "is_owner", "is_primary_owner")),
        company=_first(user.get("team_id"), profile.get("team")),
    )


def _first(*texts: object) -> str:
    return next((text for text in texts if isinstance(text, str) and text), "")
