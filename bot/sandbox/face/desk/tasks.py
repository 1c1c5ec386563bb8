"""Small tasks that lead a newcomer through the product. Each is done when it shows on the stage; a feature adds its own here."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.face import addresses
from bot.sandbox.face.stage import Stage
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.journal import Record
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import object_in
from bot.sandbox.slack.world import World

_ANSWERED = re.compile(r"\d+ of \d+\W* answered")
# How the bot tells a channel that somebody has hours that were another's.
_GIVEN = re.compile(r"<@(\w+)> (?:is on duty from|takes over|covers) ")


@dataclass(frozen=True, kw_only=True)
class Task:
    """What to do, as whom and where; `done` looks at what can be seen on the stage.

    `place` is a channel, or `dm` for the talk with the bot. `page` names a page of the demo that it leads to instead,
    as its address and what it is called.
    """

    title: str
    words: str
    person: str
    place: str
    done: Callable[[Stage], bool]
    page: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class TaskState:
    """A task as it stands now, with the way to it: an address, and in words."""

    task: Task
    done: bool
    address: str
    way: str


def states(stage: Stage) -> list[TaskState]:
    """The tasks in order."""
    world = stage.box.workspace.world
    mark = (world.bell.rings, stage.box.journal.changes, len(stage.jira.site.stored))
    return stage.kept(
        "tasks", mark, lambda: [_state(stage, world, task) for task in TASKS if _can_be_done(world, task)]
    )


def _can_be_done(world: World, task: Task) -> bool:
    names = {channel.name for channel in world.channels.values()} | {"dm"}
    return task.place in names and any(person.name == task.person for person in world.people.values())


def _state(stage: Stage, world: World, task: Task) -> TaskState:
    if task.page is not None:
        address, name = task.page
        return TaskState(task=task, done=task.done(stage), address=address, way=f"Open {name}")
    person = world.account(task.person)
    direct = task.place == "dm"
    channel = world.direct(person.id, world.bot_user_id) if direct else world.channel(task.place)
    return TaskState(
        task=task,
        done=task.done(stage),
        address=addresses.place(person, channel.id),
        way=f"Go there as {person.real_name.split()[0]}",
    )


def _said(stage: Stage, channel: str) -> list[Message]:
    return list(stage.box.workspace.world.channel(channel).messages.values())


def _is_filed(stage: Stage) -> bool:
    """A card of the bot stands in the triage channel."""
    bot = stage.box.workspace.world.bot_user_id
    return any(m.user == bot and not m.is_reply and "#1" in m.text for m in _said(stage, "triage-payments"))


def _stands_below(words: str) -> Callable[[Stage], bool]:
    """The bot tells this in the thread of a card: it has happened, whichever way it was asked for."""

    def look(stage: Stage) -> bool:
        bot = stage.box.workspace.world.bot_user_id
        said = _said(stage, "triage-payments")
        return any(m.user == bot and m.is_reply and words in m.text for m in said)

    return look


def _both_have_spoken(stage: Stage) -> bool:
    """A teammate has answered in the thread of a card, and somebody who asked in the thread of their receipt."""
    world = stage.box.workspace.world
    with_bot = [c for c in world.channels.values() if c.is_direct and world.bot_user_id in c.members]
    answered = _answers_the_bot(world, world.channel("triage-payments"))
    return answered and any(_answers_the_bot(world, channel) for channel in with_bot)


def _answers_the_bot(world: World, channel: Channel) -> bool:
    """Whether a person has written in a thread here that the bot began, and not only for the team."""
    roots = {m.ts for m in channel.messages.values() if m.user == world.bot_user_id and not m.is_reply}
    said = [m for m in channel.messages.values() if m.is_reply and m.thread_ts in roots and m.client_msg_id]
    return any(not m.text.startswith("//") for m in said)


def _was_heard_from_jira(stage: Stage) -> bool:
    """Words that somebody wrote in Jira stand below a card, under their name."""
    world = stage.box.workspace.world
    names = [account.display_name for account in stage.jira.site.accounts.values()]
    below = [m for m in _said(stage, "triage-payments") if m.user == world.bot_user_id and m.is_reply]
    return any(m.text.startswith(f"{name} in Jira:") for m in below for name in names)


def _was_handed_over(stage: Stage) -> bool:
    """Somebody was given the duty by hand, was told so once it was theirs, and has accepted what they were handed."""
    world = stage.box.workspace.world
    told = [m for m in _said(stage, "triage-payments") if m.user == world.bot_user_id and not m.is_reply]
    given = [(found[1], m.ts) for m in told if (found := _GIVEN.match(m.text))]
    return any(_has_accepted(world, person, since) for person, since in given)


def _has_accepted(world: World, person: str, since: str) -> bool:
    """Whether the bot handed this person something after that message, which says now that they accepted it."""
    talks = [
        c for c in world.channels.values() if c.is_direct and {person, world.bot_user_id} == set(c.members)
    ]
    said = [
        m for talk in talks for m in talk.messages.values() if m.user == world.bot_user_id and m.ts > since
    ]
    return any("You are on duty for" in m.text and "Accepted." in m.text for m in said)


def _has_checked_in(stage: Stage) -> bool:
    """Somebody sent the form of a check-in, and the bot took it: it did not come back with a complaint or a question."""
    told = stage.box.journal.told("view_submission")
    return any(
        _was_taken(record) and record.arguments.get("view", {}).get("callback_id") == "standup.answers"
        for record in told
    )


def _was_taken(record: Record) -> bool:
    """The form that was sent is closed: nothing of it, and nothing else, is shown in its place."""
    return record.status == 200 and object_in(record.response).get("response_action", "clear") == "clear"


def _is_summed_up(stage: Stage) -> bool:
    """The bot has told the team's channel who has answered."""
    bot = stage.box.workspace.world.bot_user_id
    said = [m for m in _said(stage, "standup-payments") if m.user == bot and not m.is_reply]
    return any(_ANSWERED.search(m.text) for m in said if not m.ephemeral_to)


def _has_the_rows(stage: Stage) -> bool:
    """The bot gave somebody the requests of the last weeks as a file."""
    world = stage.box.workspace.world
    talks = [c for c in world.channels.values() if c.is_direct and world.bot_user_id in c.members]
    said = [m for talk in talks for m in talk.messages.values() if m.user == world.bot_user_id]
    return any(str(file.get("name")).startswith("requests-") for m in said for file in m.files)


def _has_set_up_a_team(stage: Stage) -> bool:
    """The bot has told a channel that somebody set up a team: so it was invited there, and greets its cards."""
    world = stage.box.workspace.world
    said = [m for c in world.channels.values() if not c.is_direct for m in c.messages.values()]
    return any(m.user == world.bot_user_id and " set up the team " in m.text for m in said)


def _has_asked_the_bot(stage: Stage) -> bool:
    """Somebody asked the bot who is on duty and was told so, and has looked at a Home tab."""
    world = stage.box.workspace.world
    talks = [c for c in world.channels.values() if c.is_direct and world.bot_user_id in c.members]
    told = [m for talk in talks for m in talk.messages.values() if m.user == world.bot_user_id and m.is_reply]
    answered = any("is on duty until" in m.text for m in told)
    return answered and bool(stage.box.journal.calls("views.publish"))


def _was_held_up(stage: Stage) -> bool:
    """Slack sent a post of the bot away, and took one later on."""
    posts = [record.status for record in stage.box.journal.calls("chat.postMessage")]
    return 429 in posts and 200 in posts[posts.index(429) :]


TASKS: tuple[Task, ...] = (
    Task(
        title="Ask the team",
        words="Type /ask-team payments Refund stuck for order 123",
        person="ana",
        place="ask-payments",
        done=_is_filed,
    ),
    Task(
        title="Claim it",
        words="Press Claim on the card.",
        person="alice",
        place="triage-payments",
        done=_stands_below(" claimed it."),
    ),
    Task(
        title="Talk it over",
        words="Answer in the card's thread as Alice, then in the receipt's thread as Ana.",
        person="alice",
        place="triage-payments",
        done=_both_have_spoken,
    ),
    Task(
        title="Take it to Jira",
        words="Press Create Jira issue, then look at Jira on the left.",
        person="alice",
        place="triage-payments",
        done=lambda stage: bool(stage.jira.site.stored),
    ),
    Task(
        title="Hear back from Jira",
        words="Open the issue as Nina, and comment on it: her words appear below the card.",
        person="alice",
        place="triage-payments",
        page=("/jira", "Jira"),
        done=_was_heard_from_jira,
    ),
    Task(
        title="Finish it",
        words="Press Resolve on the card, then move the issue along, as you are asked in the thread.",
        person="alice",
        place="triage-payments",
        done=_stands_below(" resolved it."),
    ),
    Task(
        title="See how it went",
        words="On the resolved card choose what it was. Type /triage stats, and press Get it as CSV.",
        person="alice",
        place="triage-payments",
        done=_has_the_rows,
    ),
    Task(
        title="Hand the duty over",
        words="Type /rotation override @lead tomorrow. Move the clock, bottom left, on until Lea has it; as Lea, press Accept.",
        person="alice",
        place="triage-payments",
        done=_was_handed_over,
    ),
    Task(
        title="Check in",
        words="Type /standup, say what is next and what is in your way, and send it.",
        person="alice",
        place="standup-payments",
        done=_has_checked_in,
    ),
    Task(
        title="Read the summary",
        words="Move the clock, bottom left, on to the next thing a few times: the others are asked, then it comes.",
        person="alice",
        place="standup-payments",
        done=_is_summed_up,
    ),
    Task(
        title="Ask the bot",
        words="Write to frontdesk “who is on duty?” and read its answer in the thread, then look at Home. /triage help tells more.",
        person="ana",
        place="dm",
        done=_has_asked_the_bot,
    ),
    Task(
        title="Set up a team",
        words="Type /triage new-team: give it a name, and #random as its triage channel. Then press Invite frontdesk there.",
        person="olga",
        place="random",
        done=_has_set_up_a_team,
    ),
    Task(
        title="Break something",
        words="Turn on “Slack: too many requests”, ask for something, and turn it off again: it arrives.",
        person="bob",
        place="ask-payments",
        page=("/controls", "Controls"),
        done=_was_held_up,
    ),
)
