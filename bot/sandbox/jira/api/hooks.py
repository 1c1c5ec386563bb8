"""The list of registered webhooks, for administrators alone: two addresses and two shapes, by edition and version."""

from typing import Any

from bot.sandbox.jira.webhooks import Webhook
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route


def webhook_list(call: Call) -> Reply:
    """The webhooks as Cloud and old Data Centers list them; Data Center 10 has another address."""
    if _is_new(call):
        raise JiraRefusal(404, "null for uri: /rest/webhooks/1.0/webhook")
    return Reply(body=[_old(call, number, one) for number, one in _registered(call)])


def jira_webhook_list(call: Call) -> Reply:
    """The webhooks as Data Center lists them from version 10 on."""
    if not _is_new(call):
        raise JiraRefusal(404, "null for uri: /rest/jira-webhook/1.0/webhooks")
    return Reply(body=[_new(call, number, one) for number, one in _registered(call)])


def _is_new(call: Call) -> bool:
    return call.site.edition == "datacenter" and int(call.site.version.split(".")[0]) >= 10


def _registered(call: Call) -> list[tuple[int, Webhook]]:
    if not call.account.is_admin:
        raise JiraRefusal(403, "You are not authorized to perform this operation.")
    return list(enumerate(call.site.webhooks.registered, start=1))


def _old(call: Call, number: int, value: Webhook) -> dict[str, Any]:
    return {
        "name": f"Webhook {number}",
        "url": value.url,
        "excludeBody": False,
        "filters": {"issue-related-events-section": ""},
        "events": sorted(value.events),
        "enabled": value.enabled,
        "self": f"{call.site.base_url}/rest/webhooks/1.0/webhook/{number}",
        "lastUpdated": 0,
    }


def _new(call: Call, number: int, value: Webhook) -> dict[str, Any]:
    made = int(call.site.clock().timestamp() * 1000)
    return {
        "id": number,
        "name": f"Webhook {number}",
        "createdDate": made,
        "updatedDate": made,
        "events": sorted(value.events),
        "configuration": {"FILTERS": "{}", "EXCLUDE_BODY": "false"},
        "url": value.url,
        "active": value.enabled,
        "scopeType": "global",
        "sslVerificationRequired": True,
    }


ROUTES = (
    Route(name="webhook_list", method="GET", path="webhook", run=webhook_list, base="webhooks"),
    Route(
        name="jira_webhook_list",
        method="GET",
        path="webhooks",
        run=jira_webhook_list,
        editions=("datacenter",),
        base="jira-webhook",
    ),
)
