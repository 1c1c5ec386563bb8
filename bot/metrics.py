"""Counters and gauges of the bot, in Prometheus's words. Label values are names of ours, never people's text."""

from prometheus_client import Counter, Gauge, Histogram

REJECTED = Counter("frontdesk_rejected_requests", "Calls refused before anything was read.", ["reason"])
IGNORED = Counter("frontdesk_ignored_events", "Events that are not for us.", ["reason"])
REQUESTS = Counter("frontdesk_requests", "Calls from Slack and what they got.", ["kind", "result"])
INTAKE_SECONDS = Histogram(
    "frontdesk_intake_seconds",
    "From a call's arrival to its answer.",
    ["kind"],
    # Slack waits 3 seconds: that bound is one of them.
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10),
)
JOBS = Counter("frontdesk_jobs", "Outbox entries closed, by what became of them.", ["kind", "result"])
JOB_SECONDS = Histogram(
    "frontdesk_job_latency_seconds",
    "From due to done.",
    ["kind"],
    # An entry that waits for Slack or Jira may do so for hours.
    buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600),
)
OUTBOX_OPEN = Gauge("frontdesk_outbox_open", "Outbox entries not closed yet.")
OUTBOX_OLDEST = Gauge("frontdesk_outbox_oldest_seconds", "Age of the oldest open outbox entry that is due.")
SLACK_CALLS = Counter("frontdesk_slack_calls", "Calls to Slack's Web API.", ["method", "class"])
JIRA_CALLS = Counter("frontdesk_jira_calls", "Calls to Jira.", ["op", "class"])
DOUBLED = Counter("frontdesk_possible_duplicates", "Posts repeated although the first may have arrived.")
DB_UP = Gauge("frontdesk_db_up", "1 while the database answers.")
DB_DOWN_SECONDS = Gauge("frontdesk_db_unreachable_seconds", "How long the database has not answered.")
SOCKET_LAST = Gauge(
    "frontdesk_socket_last_envelope_seconds", "When Slack's socket last said anything (Unix)."
)
LOOP_LAST_TICK = Gauge("frontdesk_loop_last_tick_seconds", "When a loop last went round (Unix).", ["loop"])
LOOP_FAILURES = Counter("frontdesk_loop_failures", "Rounds of a loop that broke.", ["loop"])
# Of the last 28 days, from the database: they live through restarts, and every replica shows the same.
CALLS_WINDOW = Gauge(
    "frontdesk_requests_28d", "Calls from Slack of 28 days and what they got.", ["kind", "result"]
)
JOBS_WINDOW = Gauge("frontdesk_jobs_28d", "Outbox entries that ended in 28 days.", ["kind", "result"])
SUCCESS_WINDOW = Gauge(
    "frontdesk_success_ratio_28d", "Share of successes, 0 to 1; absent without work.", ["component"]
)
DOUBLED_WINDOW = Gauge(
    "frontdesk_possible_duplicates_28d", "Posts of 28 days repeated although the first may have arrived."
)
MISSED_WINDOW = Gauge("frontdesk_schedule_missed_28d", "People of 28 days whom nobody could ask in time.")
SCHEDULE_MISSED = Counter("frontdesk_schedule_missed", "People whom nobody could ask in time.")
