"""The lead hears, once, of what is in somebody's way."""

from bot.feature import Deps
from bot.features.standup.store import blockers as store
from bot.features.standup.store import rows
from bot.features.standup.views import notices
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.slack.posting import Post, post_delivery


def told(deps: Deps) -> Delivery:
    """The direct message to the lead; nothing where they said it themselves or it is gone again."""

    async def render(entry: Entry) -> Post:
        blocker = await deps.transactions.read(store.by_id, entry.payload["blocker_id"])
        if blocker is None or not blocker.is_open or blocker.request_id is not None:
            raise Stale("it is not in the way any more, or a request already")
        team = (await deps.directory.teams()).get(blocker.team_id)
        if team is None or team.lead == blocker.user_id:
            raise Stale("the lead knows")
        checkin = await deps.transactions.read(rows.checkin_by_id, blocker.checkin_id)
        assert checkin is not None
        round_ = await deps.transactions.read(rows.round_by_id, checkin.round_id)
        name = "" if round_.asked.anonymous else (await deps.directory.person(blocker.user_id)).name
        return Post(message=notices.blocked(blocker, name, round_.name), to_user=team.lead)

    return post_delivery(deps.slack, render, rather="delivered")
