"""What the composer completes while somebody types: commands with their hints, people, channels, emoji."""

from bot.sandbox.face.blocks.words import emoji
from bot.sandbox.face.desk.sight import Sight
from bot.sandbox.places import can_see

Names = dict[str, list[dict[str, str]]]

# Those that people reach for; every other name works too when it is written out.
EMOJI = (
    "+1 -1 100 arrow_right art beers bell birthday blue_heart blush boom bug bulb calendar clap clipboard clock3 cloud "
    "coffee confused construction cry crossed_fingers eyes exclamation face_with_monocle fire gift green_heart grin "
    "grinning hammer handshake heart heart_eyes heavy_check_mark hourglass hugging_face information_source joy key laughing "
    "link lock mag mega memo moneybag muscle no_entry ok_hand package page_facing_up phone pray "
    "point_right pushpin question rainbow raised_hands recycle rocket rotating_light scream shrug slightly_smiling_face "
    "smile snail sob sos sparkles star sunglasses sunny sweat_smile tada thinking_face ticket hammer_and_wrench warning wave wink "
    "white_check_mark wrench x zap zzz"
).split()
_CALLS = {"here": "Those of this channel who are there", "channel": "Everybody in this channel"}


def names(sight: Sight) -> Names:
    """By the sign with which each begins: what is written, a hint behind it, and words about it."""
    world = sight.world
    people = [person for person in world.people.values() if not person.deleted]
    commands = [_entry(c.name, c.description, c.usage_hint) for c in world.manifest.commands.values()]
    return {
        "/": [*commands, _entry("/invite", "Bring the app into this channel", f"@{world.bot.name}")],
        "@": [
            *(_entry(f"@{person.name}", person.real_name) for person in people),
            *(_entry(f"@{group.handle}", group.name) for group in world.groups.values()),
            *(_entry(f"@{name}", words) for name, words in _CALLS.items()),
        ],
        "#": [
            _entry(f"#{channel.name}")
            for channel in world.channels.values()
            if channel.name and can_see(sight.me, channel)
        ],
        ":": [_entry(f":{name}:", emoji(name)) for name in EMOJI],
    }


def _entry(name: str, words: str = "", hint: str = "") -> dict[str, str]:
    return {"name": name, "hint": hint, "words": words}
