"""The section of the rotation on the Home tab."""

from collections.abc import Sequence
from datetime import datetime

from bot.features.rotation.standing import Standing, zone_of
from bot.features.rotation.views import ids, words
from bot.slack import blocks, dates
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape


def section(standings: Sequence[Standing], user_id: str, now: datetime, *, left_out: int = 0) -> list[Block]:
    """Who is on duty in each of somebody's teams, until when, and who follows; nothing without a team."""
    if not standings:
        return []
    shown: list[Block] = [blocks.header("On duty")]
    shown += [_team(standing, user_id, now) for standing in standings]
    if left_out:
        shown.append(blocks.context(f"… and {left_out} more of your teams: `/rotation` in their channels."))
    return shown


def _team(standing: Standing, user_id: str, now: datetime) -> Block:
    shift, zone, name = standing.on_duty(now), zone_of(standing.team), escape(standing.team.name)
    take = blocks.button("Take it now", ids.TAKE, ids.value(standing.team.id))
    if shift is None:
        if not standing.members:
            return blocks.section(f"*{name}*: nobody takes turns just now.")
        return blocks.section(f"*{name}*: nobody is on duty just now.", accessory=take)
    until = dates.moment(standing.until(shift), zone)
    following = standing.following(now)
    then = f"\nThen {words.person(following.person)}." if following else ""
    if shift.person == user_id:
        cover = blocks.button("Find cover", ids.COVER, ids.value(standing.team.id))
        return blocks.section(
            f":bell: *{name}*: *you are on duty* until {until}{words.why(shift)}.{then}", accessory=cover
        )
    said = f"*{name}*: {words.person(shift.person)} is on duty until {until}{words.why(shift)}.{then}"
    return blocks.section(said, accessory=take)
