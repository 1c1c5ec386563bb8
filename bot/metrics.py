"""Counters and gauges of the bot, in Prometheus's words. Label values are names of ours, never people's text."""

from prometheus_client import Counter, Gauge, Histogram

REJECTED = Counter("frontdesk_rejected_requests", "Calls refused before anything was read.", ["reason"])
IGNORED = Counter("frontdesk_ignored_events", "Events that are not for us.", ["reason"])
REQUESTS = Counter("frontdesk_requests", "Calls from Slack and what they got.", ["kind", "result"])
INTAKE_SECONDS = Histogram("frontdesk_intake_seconds", "From a call's arrival to its answer.", ["kind"])
JOBS = Counter("frontdesk_jobs", "Outbox entries closed, by what became of them.", ["kind", "result"])
JOB_SECONDS = Histogram("frontdesk_job_latency_seconds", "From due to done.", ["kind"])
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
SCHEDULE_MISSED = Counter("frontdesk_schedule_missed", "People whom nobody could ask in time.")
