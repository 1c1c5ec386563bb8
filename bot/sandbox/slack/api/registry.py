"""Every Web API method that this workspace answers. The README's table is compared with it."""

from collections.abc import Mapping

from bot.sandbox.slack.api import app, chat, conversations, files, history, links, marks, users, views
from bot.sandbox.slack.api.method import Method

METHODS: Mapping[str, Method] = {
    **app.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **history.METHODS,
    **links.METHODS,
    **marks.METHODS,
    **users.METHODS,
    **views.METHODS,
}
