"""People's text made harmless and cut to a limit, whatever it is made of. No markup is known here."""

import re
import unicodedata

MARKS_IN_A_ROW = 8

_NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# C0 and C1 but for tab and newline, bidirectional controls, invisible format characters, noncharacters.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = re.compile("[\u200c\u200d]")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
_BEYOND_LATIN = re.compile("[^\x00-\u02ff]")
_EMOJI = re.compile("[\u2190-\u2bff\u3030-\u303d\U0001f000-\U0001faff]")
_EMOJI_TAIL = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
# Scripts whose spelling needs joiners: Arabic and its neighbours, and those of India and Southeast Asia.
_JOINING_SCRIPT = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af]")
_EXTENDING = frozenset({"Mn", "Me", "Mc"})
_JOINER = "\u200d"


def clean(text: str) -> str:
    """Text without control, bidirectional and invisible characters; newlines as `\\n`, few marks in a row.

    Joiners stay where emoji and scripts are spelled with them; a lone surrogate becomes U+FFFD.
    """
    text = _NEWLINES.sub("\n", text)
    text = _REMOVED.sub("", text)
    if not _BEYOND_LATIN.search(text):
        return text
    text = _LONE_SURROGATES.sub("\ufffd", text)
    text = _TAGS.sub("", text)
    text = _limit_marks(text)
    return _JOINERS.sub(lambda hit: _joiner(text, hit.start()), text)


def _joiner(text: str, at: int) -> str:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    spelled = _JOINING_SCRIPT.match(before) and _JOINING_SCRIPT.match(after)
    in_emoji = (_EMOJI.match(before) or _EMOJI_TAIL.match(before)) and _EMOJI.match(after)
    return text[at] if spelled or (in_emoji and text[at] == _JOINER) else ""


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    row = 0
    for character in text:
        row = row + 1 if unicodedata.category(character) in _EXTENDING else 0
        if row <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending in "… (n more)" when n are left out; no character is split."""
    if len(text) <= limit:
        return text
    room = limit - len(_tail(len(text)))
    if room <= 0:
        return text[: boundary(text, max(limit - 1, 0))] + "…" if limit > 0 else ""
    end = boundary(text, room)
    return text[:end] + _tail(len(text) - end)


def _tail(left_out: int) -> str:
    return f"… ({left_out} more)"


def boundary(text: str, at: int) -> int:
    """The last place at or before `at` where what a reader takes for one character ends."""
    while 0 < at < len(text) and _joined(text, at):
        at -= 1
    return at


def _joined(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if unicodedata.category(after) in _EXTENDING or after in "\u200c\u200d" or before == _JOINER:
        return True
    if _EMOJI_TAIL.match(after) or "\U000e0020" <= after <= "\U000e007f":
        return True
    if _is_flag_half(before) and _is_flag_half(after):
        return _flag_halves_before(text, at) % 2 == 1
    # Hangul written in parts: a vowel or final part belongs to what stands before it.
    return "\u1160" <= after <= "\u11ff" and "\u1100" <= before <= "\u11ff"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start
