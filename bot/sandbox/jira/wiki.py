"""Wiki markup as a person reads it on a Data Center: enough of the renderer to tell text from markup.

It also tells which macros, mentions, images and links a text would really switch on: `active`.
"""

import re

CODE = re.compile(r"(?<!\\)\{(code|noformat)(?::[^}\n]*)?\}(.*?)\{\1\}", re.DOTALL)
ESCAPED = re.compile(r"\\([^\sA-Za-z0-9\\])")
ENTITY = re.compile(r"&(?:#(\d{1,7})|(amp|lt|gt));")
HELD_BACK = 0xF0000
LINK = re.compile(r"\[(?:([^\[\]|\n]+)\|)?((?:https?|mailto|ftp)[^\[\]|\n]*)\]")
MENTION = re.compile(r"\[~[^\]\n]+\]")
IMAGE = re.compile(r"(?<![\w!])!(\S[^!\n]*\.[A-Za-z]{3,4}(?:\|[^!\n]*)?)!(?![\w!])")
MONOSPACED = re.compile(r"\{\{.*?\}\}")
MACRO = re.compile(r"\{([A-Za-z]\w*)(?::[^}\n]*)?\}")
QUOTE = re.compile(r"\{(?:quote|panel|color|noformat|code)(?::[^}\n]*)?\}")
ANY_LINK = re.compile(r"\[([^\]\[\n]+)\]")
HEADING = re.compile(r"^h[1-6]\. ", re.MULTILINE)


def active(text: str) -> list[str]:
    """The constructs that would act when this text is rendered, such as `macro:html` or `mention:[~bob]`."""
    rest = CODE.sub(" ", text)
    rest = MONOSPACED.sub(" ", ESCAPED.sub(" ", rest))
    found = [f"mention:{hit}" for hit in MENTION.findall(rest)]
    found += [f"image:{hit}" for hit in IMAGE.findall(rest)]
    found += [f"macro:{hit}" for hit in MACRO.findall(rest) if hit not in ("code", "quote", "noformat")]
    found += [f"link:{hit}" for hit in ANY_LINK.findall(MENTION.sub(" ", rest))]
    return found


def readable(text: str) -> str:
    """What a person reads: escapes resolved, code without its braces, links as label and address."""
    parts: list[str] = []
    end = 0
    for hit in CODE.finditer(text):
        parts += [_plain(text[end : hit.start()]), hit.group(2).strip("\n")]
        end = hit.end()
    return "".join([*parts, _plain(text[end:])]).strip()


def _plain(text: str) -> str:
    # Escaped characters are held back as private ones, so that they look like no markup.
    held = ESCAPED.sub(
        lambda hit: chr(HELD_BACK + ord(hit.group(1))) if hit.group(1) < "\x7f" else hit.group(), text
    )
    bare = HEADING.sub("", QUOTE.sub("", held))
    shown = ENTITY.sub(_character, LINK.sub(_link, bare))
    return "".join(
        chr(ord(one) - HELD_BACK) if HELD_BACK <= ord(one) < HELD_BACK + 128 else one for one in shown
    )


def _link(hit: re.Match[str]) -> str:
    return f"{hit.group(1)} <{hit.group(2)}>" if hit.group(1) else hit.group(2)


def _character(hit: re.Match[str]) -> str:
    if hit.group(2):
        return {"amp": "&", "lt": "<", "gt": ">"}[hit.group(2)]
    number = int(hit.group(1))
    return chr(number) if number <= 0x10FFFF else hit.group(0)
