"""Cloud's limit of writes to one issue, which `JiraSite.write_limit` switches on."""

import math
from datetime import timedelta

from bot.sandbox.jira.wire import Call, Reply

REASON = "jira-per-issue-on-write"


def refusal(call: Call, method: str) -> Reply | None:
    """429 when the issue in the path was written to too often lately; otherwise the write is counted."""
    issue = call.site.find(call.path.get("issue", ""))
    if call.site.write_limit is None or call.site.edition != "cloud" or method == "GET" or issue is None:
        return None
    most, seconds = call.site.write_limit
    now = call.site.clock()
    since = now - timedelta(seconds=seconds)
    lately = [one for one in call.site.writes.get(issue.issue_id, ()) if one > since]
    if len(lately) < most:
        call.site.writes[issue.issue_id] = [*lately, now]
        return None
    call.site.writes[issue.issue_id] = lately
    wait = max(1, math.ceil((lately[0] - since).total_seconds()))
    return Reply(
        status=429,
        body={"errorMessages": ["Rate limit exceeded."], "errors": {}},
        headers={"Retry-After": str(wait), "RateLimit-Reason": REASON},
    )
