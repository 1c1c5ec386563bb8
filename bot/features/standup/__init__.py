"""Check-ins: a form at its time, one summary, blockers that move. See README.md.

What becomes of requests is the requests' knowledge; it is passed in.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.feature import Deps, Feature
from bot.features.standup import jobs
from bot.features.standup.ahead import Coming, next_ones
from bot.features.standup.deliveries import absences, blockers
from bot.features.standup.deliveries.gather import gather, idle
from bot.features.standup.deliveries.prompts import Prompts
from bot.features.standup.deliveries.summaries import StateOf, Summaries
from bot.features.standup.events import CheckinChanged
from bot.features.standup.home import HomeSection
from bot.features.standup.listeners.answering import Answering, WorkSince
from bot.features.standup.listeners.blockers import Blockers, NewWork, Requests
from bot.features.standup.listeners.commands import Commands
from bot.features.standup.listeners.desk import Desk
from bot.features.standup.listeners.direct import Direct, IsQuestion, takes
from bot.features.standup.service.blockers import request_filed, request_moved
from bot.features.standup.store.asked import ends
from bot.features.standup.views import ids
from bot.indicators.domain import Component
from bot.slack.calls import Action
from bot.slack.replies import Nothing, Reply

__all__ = [
    "CheckinChanged",
    "Coming",
    "Desk",
    "HomeSection",
    "NewWork",
    "Requests",
    "build",
    "next_ones",
    "request_filed",
    "request_moved",
    "takes",
]


def _never(*_text: object) -> bool:
    return False


def build(
    deps: Deps,
    *,
    desk: Desk,
    requests: Requests,
    work_since: WorkSince,
    state_of: StateOf,
    is_question: IsQuestion = _never,
) -> Feature:
    """The slice. `work_since` tells what somebody did with requests, `state_of` how a request stands, in words.

    `is_question`: which texts to the bot are no answers to a check-in.
    """
    looking = desk.looking
    answering, moving = Answering(desk, work_since), Blockers(desk, requests)
    commands = Commands(desk, answering)
    return Feature(
        name="standup",
        commands={"/standup": commands.standup},
        actions=_buttons(answering, moving),
        submissions={
            ids.ANSWER_FORM: answering.submitted,
            ids.SKIP_FORM: answering.skip_submitted,
            ids.SETTINGS_FORM: commands.settings_submitted,
            ids.AWAY_FORM: commands.away_submitted,
        },
        events={"message": Direct(deps, is_question).message},
        deliveries={
            **Prompts(deps).all(),
            **Summaries(deps, state_of).all(),
            "standup.blocker_told": blockers.told(deps),
            "standup.absence_told": absences.told(deps),
            "standup.gather": gather(deps, deps.jira) if deps.jira else idle(),
        },
        jobs=jobs.jobs(deps, looking),
        ends={Component.STANDUP: ends},
    )


async def _followed(_call: Action) -> Reply:
    """A link was opened: Slack tells of it, and nothing follows."""
    return Nothing()


def _buttons(answering: Answering, moving: Blockers) -> Mapping[str, Callable[[Action], Awaitable[Reply]]]:
    return {
        ids.FILL_IN: answering.fill_in,
        ids.CHANGE: answering.fill_in,
        ids.SAME: answering.same,
        ids.SKIP: answering.skip,
        ids.NOT_MINE: answering.not_mine,
        ids.MAKE_REQUEST: moving.make_request,
        ids.MAKE_ISSUE: moving.make_issue,
        ids.SOLVED: moving.solved,
        ids.CALL: _followed,
    }
