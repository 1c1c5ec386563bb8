"""Use cases of issues that threads follow, and of their comments.

What comes from a webhook and what a look finds takes the same way, so that it does not matter which is first or how
often either comes. Nothing here talks to Slack or Jira: the deliveries do, after the commit.
"""

from bot.features.in_step.service.comments import (
    comment_gone,
    comments_read,
    hear_comment,
    hear_of_comment,
    may_read,
    missing,
    posted,
)
from bot.features.in_step.service.issues import (
    AT_ONCE,
    OWN_DOING,
    apply_state,
    follow,
    gone,
    hear_own,
    hear_state,
    looked,
    looked_at,
    shown_state,
)
from bot.features.in_step.service.shared import (
    COMMENT,
    COMMENT_LOOK,
    COMMENT_NOW,
    GONE,
    LINE,
    LOOK,
    POLL,
    Neighbours,
    ask_for_comment,
    ask_for_look,
    ask_for_poll,
    ask_for_refresh,
    lane_of,
)

__all__ = [
    "AT_ONCE",
    "COMMENT",
    "COMMENT_LOOK",
    "COMMENT_NOW",
    "GONE",
    "LINE",
    "LOOK",
    "OWN_DOING",
    "POLL",
    "Neighbours",
    "apply_state",
    "ask_for_comment",
    "ask_for_look",
    "ask_for_poll",
    "ask_for_refresh",
    "comment_gone",
    "comments_read",
    "follow",
    "gone",
    "hear_comment",
    "hear_of_comment",
    "hear_own",
    "hear_state",
    "lane_of",
    "looked",
    "looked_at",
    "may_read",
    "missing",
    "posted",
    "shown_state",
]
