"""`api.*`, `auth.*`, `apps.*`, `bots.*` and `team.*`: who the app is."""

from bot.sandbox.slack.api.method import Method, Office
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.wire import Call, Json, SlackRefusal
from bot.sandbox.slack.world import TEAM_ID, Happening


def api_test(office: Office, call: Call) -> Json:
    """Say what was heard."""
    if call.has("error"):
        raise SlackRefusal(call.text("error"), args=dict(call.arguments))
    return {"ok": True, "args": dict(call.arguments)}


def auth_test(office: Office, call: Call) -> Json:
    """Whose token this is."""
    world = office.world
    return {
        "ok": True,
        "url": f"https://{world.domain}.slack.com/",
        "team": world.team_name,
        "user": world.bot.name,
        "team_id": TEAM_ID,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(office: Office, call: Call) -> Json:
    """Give the token back: the app is out of the workspace."""
    if call.flag("test"):
        return {"ok": True, "revoked": False}
    if call.grant.foreign:
        office.installing.give_back(call.grant)
    else:
        uninstall(office)
    return {"ok": True, "revoked": True}


def uninstall(office: Office) -> None:
    """Take the app out of the workspace and tell it so; its tokens end."""
    world = office.world
    world.installed = False
    tokens: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [world.bot_user_id]}}
    world.announce(Happening(name="tokens_revoked", event=tokens))
    world.announce(Happening(name="app_uninstalled", event={"type": "app_uninstalled"}))


def access(office: Office, call: Call) -> Json:
    """A bot token for the code that an installation ended with."""
    return office.installing.exchange(call)


def connections_open(office: Office, call: Call) -> Json:
    """An address for one Socket Mode connection."""
    return {"ok": True, "url": f"{office.socket_url}?ticket={office.hub.ticket()}&app_id=A0SANDBOX1"}


def bot_shown(office: Office, call: Call) -> Json:
    """A bot by its id; the own one without."""
    bot_id = call.text("bot") or office.world.bot_id
    account = next((p for p in office.world.people.values() if p.bot_id == bot_id), None)
    if account is None:
        raise SlackRefusal("bot_not_found")
    return {"ok": True, "bot": _bot_shape(office, account)}


def team_shown(office: Office, call: Call) -> Json:
    """The workspace."""
    world = office.world
    icon: Json = {
        f"image_{size}": f"https://a.slack-edge.com/avatar/{size}.png" for size in (34, 44, 68, 88, 102, 132)
    }
    return {
        "ok": True,
        "team": {
            "id": TEAM_ID,
            "name": world.team_name,
            "url": f"https://{world.domain}.slack.com/",
            "domain": world.domain,
            "email_domain": "example.com",
            "icon": {**icon, "image_default": True},
            "avatar_base_url": "https://ca.slack-edge.com/",
            "is_verified": False,
        },
    }


def _bot_shape(office: Office, account: Account) -> Json:
    icons = office.world.byline.bot_profile["icons"]
    return {
        "id": account.bot_id,
        "deleted": account.deleted,
        "name": account.real_name,
        "updated": account.updated,
        "app_id": account.app_id,
        "user_id": account.id,
        "icons": dict(icons),
    }


METHODS = {
    "api.test": Method(run=api_test, tier="4", token=""),
    "auth.test": Method(run=auth_test, tier="special"),
    "auth.revoke": Method(run=auth_revoke, tier="3"),
    "apps.connections.open": Method(
        run=connections_open, scopes=("connections:write",), tier="1", token="app"
    ),
    "bots.info": Method(run=bot_shown, scopes=("users:read",), tier="3"),
    "oauth.v2.access": Method(run=access, tier="4", token=""),
    "team.info": Method(run=team_shown, scopes=("team:read",), tier="3"),
}
