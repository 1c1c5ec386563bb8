"""Gives a reply on the surface the call came from: the HTTP answer, a form, the response address.

These are the only sends past the outbox: they belong to the call itself and carry no facts.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Coroutine, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.response import BoltResponse

from bot.core.logs import logger
from bot.core.wire import inner
from bot.outbox.outcomes import Outcome
from bot.slack.blocks import Message, modal, notice, section
from bot.slack.calls import Action, Call, Command, Options, Shortcut, Submission
from bot.slack.gateway import SlackGateway
from bot.slack.mrkdwn import escape
from bot.slack.replies import Answer, Choices, FormErrors, Nothing, OpenForm, Reply, UpdateForm

_RESPONSE_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
# So many seconds after Slack surely did not take an answer it is said again (Slack, "Handling user interaction": an
# address takes five within 30 minutes). One that may have arrived is not: it would be read twice.
AGAIN = (1.0, 5.0, 20.0)
_NOT_TAKEN = (429, 503)
FORM_LIMIT = 2.0
MOST_FOLLOWED = 1000
TOO_SLOW = "Slack waited too long to open the form. Please try again."

log = logger(__name__)


class Answers:
    """One per process. `close` waits for what is still being said."""

    def __init__(self, slack: SlackGateway, slack_api_url: str) -> None:
        self._slack = slack
        self._hosts = (*_RESPONSE_HOSTS, urlsplit(slack_api_url).hostname)
        self._saying: set[asyncio.Task[None]] = set()
        # By a form's old hash its new one, where the change was one that later ones of its kind may follow.
        self._followed: OrderedDict[str, str] = OrderedDict()

    async def close(self) -> None:
        """Waits five seconds for what is still being said."""
        if self._saying:
            await asyncio.wait(self._saying, timeout=5)

    async def give(self, call: Call, reply: Reply) -> BoltResponse:
        """The response to acknowledge with; what cannot be in it is said at once beside it."""
        match reply:
            case Nothing():
                return BoltResponse(status=200, body="")
            case Answer():
                return await self._answer(call, reply)
            case OpenForm():
                return await self._open(call, reply)
            case UpdateForm():
                return await self._update(call, reply)
            case FormErrors():
                return _json({"response_action": "errors", "errors": dict(reply.errors)})
            case Choices():
                return _json({"options": list(reply.options)})

    async def _answer(self, call: Call, answer: Answer) -> BoltResponse:
        if isinstance(call, Command):
            return _json({"response_type": "ephemeral", **_body(answer.message)})
        if isinstance(call, Submission):
            return _json({"response_action": "update", "view": _as_form(answer.message)})
        if isinstance(call, Options):
            return _json({"options": []})
        if isinstance(call, (Action, Shortcut)) and call.response_url:
            self._later(self._respond(call.response_url, answer))
        elif isinstance(call, Action) and answer.replace and call.view and not call.view.is_home:
            return await self._update(call, UpdateForm(_as_form(answer.message)))
        elif isinstance(call, (Action, Shortcut)):
            self._later(self._show(call, _as_form(answer.message)))
        return BoltResponse(status=200, body="")

    async def _open(self, call: Call, reply: OpenForm) -> BoltResponse:
        if isinstance(call, Submission):
            return _json({"response_action": "push", "view": reply.view})
        if isinstance(call, (Command, Shortcut, Action)):
            try:
                # What is left of Slack's three seconds.
                await asyncio.wait_for(self._open_form(call, reply.view), FORM_LIMIT)
            except (Outcome, TimeoutError) as error:
                log.warning("slack.form_not_opened", reason=str(error) or "too slow")
                return await self._answer(call, Answer(Message(text=TOO_SLOW)))
        return BoltResponse(status=200, body="")

    async def _open_form(self, call: Command | Shortcut | Action, view: Mapping[str, Any]) -> None:
        in_form = isinstance(call, Action) and call.view is not None and not call.view.is_home
        method = "views.push" if in_form else "views.open"
        await self._slack.call(method, trigger_id=call.trigger_id, view=view)

    async def _update(self, call: Call, reply: UpdateForm) -> BoltResponse:
        if isinstance(call, Submission):
            return _json({"response_action": "update", "view": reply.view})
        if isinstance(call, Action) and call.view:
            before = self._newest(call.view.hash) if reply.unless_changed else None
            expected = {"hash": before} if before else {}
            try:
                asked = self._slack.call("views.update", view_id=call.view.id, view=reply.view, **expected)
                answer = await asyncio.wait_for(asked, FORM_LIMIT)
                self._follow(before, inner(answer, "view").get("hash"))
            except (Outcome, TimeoutError) as error:
                log.warning("slack.form_not_updated", reason=str(error) or "too slow")
        return BoltResponse(status=200, body="")

    def _newest(self, known: str | None) -> str | None:
        """The hash that a form has by now, as far as changes of ours made it: who types does not wait for them."""
        while known in self._followed:
            known = self._followed[known]
        return known

    def _follow(self, before: str | None, after: object) -> None:
        if before and isinstance(after, str) and after != before:
            self._followed[before] = after
            while len(self._followed) > MOST_FOLLOWED:
                self._followed.popitem(last=False)

    def _later(self, saying: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(saying)
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    async def _show(self, call: Action | Shortcut, view: Mapping[str, Any]) -> None:
        try:
            await self._open_form(call, view)
        except Outcome as error:
            log.warning("slack.answer_lost", reason=error.reason)

    async def _respond(self, url: str, answer: Answer) -> None:
        if not self._leads_to_slack(url):
            log.warning("slack.response_address_refused")
            return
        body = {
            **_body(answer.message),
            "response_type": "ephemeral",
            "replace_original": answer.replace,
        }
        for pause in (*AGAIN, None):
            try:
                async with self._slack.session.post(url, json=body, allow_redirects=False) as response:
                    if response.status < 300:
                        return
                    why, was_taken = str(response.status), response.status not in _NOT_TAKEN
            except aiohttp.ClientConnectorError as error:
                why, was_taken = type(error).__name__, False
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                why, was_taken = type(error).__name__, True
            if was_taken or pause is None:
                log.warning("slack.answer_lost", reason=why)
                return
            await asyncio.sleep(pause)

    def _leads_to_slack(self, url: str) -> bool:
        try:
            return urlsplit(url).hostname in self._hosts
        except ValueError:
            return False


def _body(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"text": message.text}
    if message.blocks:
        body["blocks"] = list(message.blocks)
    return body


def _as_form(message: Message) -> Mapping[str, Any]:
    if not message.blocks:
        return notice("Frontdesk", escape(message.text))
    return modal(
        callback_id="notice",
        title="Frontdesk",
        blocks=list(message.blocks) or [section(escape(message.text))],
        close="Close",
    )


def _json(body: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(body), headers={"content-type": ["application/json; charset=utf-8"]}
    )
