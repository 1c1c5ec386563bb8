"""Addresses of messages, made without asking Slack."""

from bot.slack.gateway import Identity


def permalink(identity: Identity | None, channel: str, ts: str, thread_ts: str | None = None) -> str | None:
    """The address of a message (Slack, "chat.getPermalink"); None while our workspace's is not known."""
    if identity is None or not identity.url:
        return None
    link = f"{identity.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread_ts}&cid={channel}" if thread_ts and thread_ts != ts else link
