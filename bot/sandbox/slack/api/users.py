"""`users.*` and `usergroups.*`: who is who."""

from bot.sandbox.slack import membership
from bot.sandbox.slack.api.method import Method, Office
from bot.sandbox.slack.api.paging import page
from bot.sandbox.slack.people import Account, user_shape
from bot.sandbox.slack.wire import Call, Json, SlackRefusal
from bot.sandbox.slack.world import UserGroup


def show(office: Office, call: Call) -> Json:
    """One user, deactivated ones and people of other companies included."""
    account = office.world.people.get(call.required("user", "user_not_found"))
    if account is None:
        raise SlackRefusal("user_not_found")
    shape = _shape(office, call, account)
    if call.flag("include_locale"):
        shape["locale"] = "en-US"
    return {"ok": True, "user": shape}


def list_all(office: Office, call: Call) -> Json:
    """Everybody in the workspace, page by page."""
    accounts = [p for p in office.world.people.values() if not p.is_external]
    shown, cursor = page(accounts, call)
    return {
        "ok": True,
        "members": [_shape(office, call, account) for account in shown],
        "cache_ts": office.world.seconds(),
        "response_metadata": {"next_cursor": cursor},
    }


def by_email(office: Office, call: Call) -> Json:
    """The active user with this address."""
    email = call.required("email", "users_not_found").lower()
    account = next((p for p in office.world.people.values() if p.email == email and not p.deleted), None)
    if account is None or account.is_external:
        raise SlackRefusal("users_not_found")
    return {"ok": True, "user": _shape(office, call, account)}


def do_not_disturb(office: Office, call: Call) -> Json:
    """Whether somebody has paused their notifications."""
    account = office.world.people.get(call.required("user", "user_not_found"))
    if account is None:
        raise SlackRefusal("user_not_found")
    paused = account.snoozed_until > office.world.clock.now().timestamp()
    told: Json = {"ok": True, "dnd_enabled": paused, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1,
                  "snooze_enabled": paused}  # fmt: skip
    if paused:
        told |= {"snooze_endtime": account.snoozed_until, "snooze_is_indefinite": False}
    return told


def list_groups(office: Office, call: Call) -> Json:
    """The user groups, with members or counts where asked for."""
    shapes = [
        membership.group_shape(
            g, with_users=call.flag("include_users"), with_count=call.flag("include_count")
        )
        for g in office.world.groups.values()
    ]
    return {"ok": True, "usergroups": shapes}


def list_group_users(office: Office, call: Call) -> Json:
    """The members of a user group."""
    return {"ok": True, "users": list(_group(office, call).users)}


def update_group_users(office: Office, call: Call) -> Json:
    """Replace the members of a user group; an empty group is refused."""
    world = office.world
    group = _group(office, call)
    users = call.ids("users")
    if not users:
        raise SlackRefusal("no_users_provided")
    accounts = [world.people.get(user) for user in users]
    if any(account is None or account.deleted for account in accounts):
        raise SlackRefusal("invalid_users")
    if any(account.is_bot for account in accounts if account):
        raise SlackRefusal("user_is_bot")
    if any(account.restricted for account in accounts if account):
        raise SlackRefusal("user_is_restricted")
    membership.set_group(world, group, list(dict.fromkeys(users)), by=world.bot_user_id)
    return {"ok": True, "usergroup": membership.group_shape(group, with_users=True)}


def _shape(office: Office, call: Call, account: Account) -> Json:
    with_email = "users:read.email" in call.grant.scopes
    return user_shape(account, now=office.world.clock.now(), with_email=with_email)


def _group(office: Office, call: Call) -> UserGroup:
    group = office.world.groups.get(call.required("usergroup", "no_such_subteam"))
    if group is None:
        raise SlackRefusal("no_such_subteam")
    return group


METHODS = {
    "dnd.info": Method(run=do_not_disturb, scopes=("dnd:read",), tier="3"),
    "users.info": Method(run=show, scopes=("users:read",), tier="4"),
    "users.list": Method(run=list_all, scopes=("users:read",), tier="2"),
    "users.lookupByEmail": Method(run=by_email, scopes=("users:read.email",), tier="3"),
    "usergroups.list": Method(run=list_groups, scopes=("usergroups:read",), tier="2"),
    "usergroups.users.list": Method(run=list_group_users, scopes=("usergroups:read",), tier="2"),
    "usergroups.users.update": Method(run=update_group_users, scopes=("usergroups:write",), tier="2"),
}
