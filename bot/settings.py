"""Settings from the environment or `.env`: frozen, every problem reported at once, secrets never shown."""

import re
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import ConfigError
from bot.db.engine import parse_url


class Settings(BaseSettings):
    """What an operator can set. Empty values count as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, case_sensitive=False
    )

    slack_bot_token: SecretStr | None = Field(None, description="the bot token of one workspace, xoxb-…")
    slack_signing_secret: SecretStr | None = Field(None, description="checks Slack's calls over HTTP")
    slack_app_token: SecretStr | None = Field(None, description="xapp-…: Socket Mode instead of HTTP")
    slack_client_id: str | None = Field(None, description="instead of a bot token: the app's id for OAuth")
    slack_client_secret: SecretStr | None = Field(None, description="the app's secret for OAuth")
    slack_workspace_id: str | None = Field(
        None, description="T…: the one workspace that may install by OAuth"
    )
    encryption_keys: SecretStr | None = Field(None, description="keys for the stored token, newest first")
    slack_api_url: str = Field("https://slack.com/api/", description="base address of Slack's Web API")
    database_url: str = Field("sqlite:///frontdesk.db", description="sqlite:///path or postgresql://…")
    jira_url: str | None = Field(None, description="address of the Jira site; without it Jira is off")
    jira_email: str | None = Field(None, description="Jira Cloud: the account's e-mail")
    jira_api_token: SecretStr | None = Field(None, description="Jira Cloud: the account's API token")
    jira_token: SecretStr | None = Field(None, description="Jira Data Center: a personal access token")
    jira_webhook_secret: SecretStr | None = Field(None, description="checks what Jira's webhook sends")
    alert_channel: str | None = Field(None, description="Slack channel for the bot's own alarms")
    alert_webhook_url: SecretStr | None = Field(None, description='address that gets alarms as {"text": …}')
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(3000, ge=0, le=65535, description="port to listen on")
    public_url: str | None = Field(None, description="where the world reaches that listener")
    drain_seconds: float = Field(
        0, ge=0, le=60, description="how long a bot that was told to stop goes on serving, not ready any more"
    )
    erase_after_days: int = Field(
        30, ge=0, le=3650, description="OAuth: days from the app's removal until all data is erased; 0: never"
    )
    intake_limit: int = Field(60, ge=1, description="requests that one person may file in a minute")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")
    log_format: Literal["text", "json"] = Field("text", description="text or json")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("slack_api_url", "jira_url", "public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.match(r"https?://[^\s/]+", value):
            raise ValueError("must be an address that begins with https:// or http://")
        return value

    @field_validator("alert_webhook_url")
    @classmethod
    def _secret_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            cls._web_address(value.get_secret_value())
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _more_than_a_beginning(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and value.get_secret_value() in ("xoxb-", "xapp-"):
            raise ValueError("is only the beginning of a token: paste the whole one from your app's page")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @field_validator("jira_url", "public_url")
    @classmethod
    def _no_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @field_validator("alert_channel")
    @classmethod
    def _channel(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
            raise ValueError("must be a channel's id such as C0ALERTS01 (channel details, at the bottom)")
        return value

    @field_validator("slack_workspace_id")
    @classmethod
    def _workspace(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[TE][A-Z0-9]{2,}", value):
            raise ValueError(
                "must be a workspace's id such as T012AB3CD (in the address of Slack in a browser)"
            )
        return value

    @property
    def by_oauth(self) -> bool:
        """Whether the bot's token comes from an installation, not from the environment."""
        return self.slack_bot_token is None and self.slack_client_id is not None

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached over a socket that we open."""
        return self.slack_app_token is not None


def load(env_file: str | None = ".env") -> Settings:
    """The settings as they are now. Raises ConfigError with one line for each bad one."""
    try:
        settings = Settings(_env_file=env_file)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise ConfigError(*(_line(problem) for problem in error.errors())) from None
    parse_url(settings.database_url)
    return settings


def _line(problem: object) -> str:
    assert isinstance(problem, dict)
    name = ".".join(str(part) for part in problem["loc"]).upper()  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    message = str(problem["msg"]).removeprefix("Value error, ")  # pyright: ignore[reportUnknownArgumentType]
    return f"{name}: {message.replace('Input should be', 'must be').partition(', unable to')[0]}"


def check_for_run(settings: Settings) -> None:
    """Raises ConfigError with a line for each setting that `run` misses."""
    missing: list[str] = []
    if settings.by_oauth:
        missing += _oauth_problems(settings)
    elif settings.slack_bot_token is None:
        missing.append("SLACK_BOT_TOKEN is not set: copy it from your app's page, OAuth & Permissions")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        missing.append(
            "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: set one of them"
        )
    missing += jira_problems(settings)
    if missing:
        raise ConfigError(*missing)


def _oauth_problems(settings: Settings) -> list[str]:
    missing: list[str] = []
    if settings.slack_client_secret is None:
        missing.append("SLACK_CLIENT_SECRET is not set: copy it from your app's page, Basic Information")
    if settings.encryption_keys is None:
        missing.append("ENCRYPTION_KEYS is not set: `openssl rand -base64 32` makes a key")
    if settings.public_url is None:
        missing.append("PUBLIC_URL is not set: Slack sends browsers back there after an installation")
    elif not re.match(r"https://|http://(127\.0\.0\.1|localhost)(:|$)", settings.public_url):
        missing.append("PUBLIC_URL must begin with https://: Slack sends browsers back to no other address")
    return missing


def jira_problems(settings: Settings) -> list[str]:
    """What is missing for Jira; nothing while JIRA_URL is not set."""
    if settings.jira_url is None or settings.jira_token is not None:
        return []
    if settings.jira_email and settings.jira_api_token:
        return []
    return [
        "JIRA_URL is set, but no login: set JIRA_EMAIL and JIRA_API_TOKEN (Cloud) or JIRA_TOKEN (Data Center)"
    ]
