"""The register: every column that can hold people's words or ids, and what becomes of it. docs/privacy.md tells it.

A new column belongs here; a test says which are missing. How: docs/development.md, "What is kept of people".
"""

from collections.abc import Mapping

from bot.core.leavers import ERASED
from bot.privacy.holding import Holding, without

REGISTER: Mapping[str, Holding] = {
    # Teams and people.
    "teams": Holding(ours="workspace_id key pinned_by", among="settings", of_many="settings"),
    "user_group_members": Holding(ours="group_id", with_person="user_id"),
    "people": Holding(with_person="user_id", among="profile"),
    "absences": Holding(with_person="user_id", person="set_by", words={"reason": ""}, by="user_id set_by"),
    "person_zones": Holding(with_person="user_id", ours="zone"),
    "person_choices": Holding(with_person="user_id", ours="holidays"),
    "home_tabs": Holding(with_person="user_id", ours="places"),
    "refused_attempts": Holding(ours="workspace_id name", person="user_id", among="about"),
    # Requests and their talk.
    "request_numbers": Holding(ours="workspace_id"),
    "requests": Holding(
        ours="workspace_id type urgency priority priority_rule component source asking_as door origin_channel"
        " origin_ts origin_thread_ts state category",
        person="requester filed_by assignee on_duty",
        among="filed_key",
        words={"summary": ERASED, "details": "", "line": None, "reason": None},
        by="requester filed_by",
    ),
    "request_threads": Holding(ours="channel thread_ts side"),
    "request_history": Holding(
        ours="move state",
        person="actor",
        # `by` is somebody's name in Jira, `reason` why it was declined; the rest is moves and ids.
        words={"facts": without("reason", "by")},
        by="actor",
        within=("request_id", "requests"),
        quotes=True,
    ),
    "intake_offers": Holding(ours="channel ts thread_ts door", with_person="user_id", words={"text": ERASED}),
    "request_askers": Holding(ours="channel thread_ts", person="user_id"),
    "request_helped": Holding(person="user_id"),
    "conversation_messages": Holding(
        ours="side channel ts thread_ts reach edited_at mirror_channel mirror_ts",
        person="author",
        words={"text": ERASED, "files": [], "client_msg_id": None},
        by="author",
        within=("request_id", "requests"),
    ),
    # Issues.
    "tickets": Holding(
        ours="workspace_id subject channel thread_ts message_ts state label project issue_type issue_key issue_url"
        " issue_id told_until",
        person="message_author asked_by",
        # The description holds the request and what was said in its thread.
        words={
            "message_text": ERASED, "summary": ERASED, "description": "", "fields": None, "complaints": None,
            "failure": None,
        },
        by="message_author asked_by",
        within=("request_id", "requests"),
        quotes=True,
    ),
    "ticket_files": Holding(
        ours="file_id mimetype state attachment_id",
        words={"name": ERASED, "url": "", "reason": None},
        within=("ticket_id", "tickets"),
        quotes=True,
    ),
    "ticket_history": Holding(
        ours="step", person="actor", words={"facts": {}}, by="actor", within=("ticket_id", "tickets"), quotes=True
    ),
    "jira_issues": Holding(
        ours="issue_id issue_key status status_id category resolution",
        names="assignee",
        words={"summary": ""},
        within=("issue_id", "tickets"),
        key="issue_id",
        quotes=True,
    ),
    "jira_comments": Holding(
        ours="comment_id", names="author", words={"body": ""}, within=("issue_row", "jira_issues")
    ),
    "jira_comment_posts": Holding(ours="side channel ts"),
    "slack_words": Holding(
        ours="channel ts thread_ts edited_at batch comment_id",
        person="author",
        words={"text": ERASED, "files": [], "client_msg_id": None},
        by="author",
        within=("ticket_id", "tickets"),
    ),
    # Who takes it.
    "escalations": Holding(ours="phase priority", person="holder asked seen_by", among="passed note"),
    "escalation_turns": Holding(with_person="user_id"),
    "rotation_eras": Holding(among="plan", of_many="plan"),
    "rotation_changes": Holding(ours="kind pair", person="person made_by"),
    "rotation_handoffs": Holding(ours="pack_channel pack_ts", person="person previous"),
    "rotation_notes": Holding(person="author", words={"text": ERASED}, by="author"),
    "rotation_covers": Holding(ours="channel ts", person="person made_by taken_by"),
    "rotation_leavers": Holding(with_person="user_id"),
    "calendar_feeds": Holding(ours="secret", with_person="user_id"),
    # Check-ins.
    "standup_looks": Holding(ours="series"),
    "standup_rounds": Holding(ours="series name channel", among="asked", of_many="asked"),
    "standup_checkins": Holding(
        ours="zone state shuffle prompt_channel prompt_ts reminder_channel reminder_ts",
        person="user_id",
        words={"note": "", "answers": [], "suggested": None},
        by="user_id",
        within=("round_id", "standup_rounds"),
    ),
    "standup_summaries": Holding(ours="series channel ts"),
    "standup_posts": Holding(ours="name ts"),
    "standup_blockers": Holding(
        ours="series how",
        person="user_id closed_by",
        words={"text": ERASED},
        by="user_id",
        within=("checkin_id", "standup_checkins"),
        quotes=True,
    ),
    # Reports.
    "report_stops": Holding(with_person="user_id"),
    # What is on its way, what was counted, and the installation.
    "outbox": Holding(ours="kind owner result correlation", among="payload dedup merge_key lane ref error"),
    "inbox": Holding(among="key answer"),
    "retention_marks": Holding(ours="what"),
    "service_days": Holding(ours="component what result"),
    "heard": Holding(ours="post_id"),
    "installations": Holding(ours="workspace_id workspace_name sealed_token"),
    "install_states": Holding(ours="state_hash browser_hash"),
}  # fmt: skip
