"""Installing the app by OAuth: Slack's page that allows it at once, codes that are good for one, tokens.

Source: Slack, "Installing with OAuth", and the method `oauth.v2.access`.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.sandbox.slack.wire import Call, Grant, Json, SlackRefusal
from bot.sandbox.slack.world import APP_ID, TEAM_ID, World


@dataclass(frozen=True, kw_only=True)
class _Code:
    """What a person has allowed, for one exchange."""

    workspace_id: str
    redirect_uri: str


@dataclass(kw_only=True)
class Installing:
    """The app's secrets and tokens. `workspace_id` is where the next person installs; `denies` makes them say no."""

    world: World
    tokens: dict[str, Grant] = field(default_factory=dict[str, Grant])
    client_id: str = field(default_factory=lambda: f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}")
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    workspace_id: str = TEAM_ID
    denies: str = ""
    newest: str = ""
    _codes: dict[str, _Code] = field(default_factory=dict[str, _Code])

    def allow(self, query: Mapping[str, str]) -> str:
        """Where the browser is sent after a person has looked at the page, with a code or with their refusal."""
        if query.get("client_id") != self.client_id:
            raise SlackRefusal("invalid_client_id")
        answer = {"state": query.get("state", "")}
        if self.denies:
            answer["error"] = self.denies
        else:
            answer["code"] = secrets.token_hex(8)
            self._codes[answer["code"]] = _Code(
                workspace_id=self.workspace_id, redirect_uri=query.get("redirect_uri", "")
            )
        return f"{query.get('redirect_uri', '')}?{urlencode(answer)}"

    def exchange(self, call: Call) -> Json:
        """A token for a code, once."""
        if call.text("client_id") != self.client_id:
            raise SlackRefusal("invalid_client_id")
        if call.text("client_secret") != self.client_secret:
            raise SlackRefusal("bad_client_secret")
        code = self._codes.pop(call.text("code"), None)
        if code is None:
            raise SlackRefusal("invalid_code")
        if call.text("redirect_uri") != code.redirect_uri:
            raise SlackRefusal("bad_redirect_uri")
        return self._granted(code.workspace_id)

    def _granted(self, workspace_id: str) -> Json:
        ours = workspace_id == TEAM_ID
        self.newest = f"xoxb-sandbox-{secrets.token_hex(12)}"
        scopes = self.world.manifest.scopes
        self.tokens[self.newest] = Grant(kind="bot", scopes=scopes, foreign="" if ours else workspace_id)
        if ours:
            self.world.installed = True
        return {
            "ok": True,
            "access_token": self.newest,
            "token_type": "bot",
            "scope": ",".join(sorted(scopes)),
            "bot_user_id": self.world.bot_user_id,
            "app_id": APP_ID,
            "team": {"id": workspace_id, "name": self.world.team_name if ours else "Partner"},
            "enterprise": None,
            "authed_user": {"id": "U0OLGA0001"},
        }

    def give_back(self, grant: Grant) -> None:
        """End every token of another workspace."""
        for token in [token for token, found in self.tokens.items() if found is grant]:
            del self.tokens[token]
