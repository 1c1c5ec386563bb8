"""A file that somebody shared in Slack, as slices hand it to each other, and names that are fit for anywhere."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.core.text import boundary, clean

LONGEST_NAME = 200
UNNAMED = "file"
# Path separators, and what one edition of Jira or another does not take in the name of an attachment.
_UNFIT = re.compile(r'[\\/:*?"<>|%$]')
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,15}$")


@dataclass(frozen=True, kw_only=True)
class FileRef:
    """A file of a message. `size` is in bytes, 0 where Slack does not say.

    `url` is where its bytes are fetched and `page` where people look at it. With a page alone it is kept elsewhere
    than in Slack; with neither, Slack has to be asked for more.
    """

    id: str
    name: str
    size: int
    mimetype: str
    url: str
    page: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether there is nothing of it to fetch, only a link to follow."""
        return not self.url and bool(self.page)


def fit_name(name: str) -> str:
    """A file's name without path, control characters and other surprises, of 1 to 200 characters."""
    words = " ".join(_UNFIT.sub("_", clean(name)).split()).strip(". ")
    return _shortened(words, LONGEST_NAME) or UNNAMED


def unique_name(name: str, taken: Collection[str]) -> str:
    """The name, or `log (2).txt` for a second `log.txt`. Capital letters make no difference."""
    others = {one.casefold() for one in taken}
    found, number = name, 1
    while found.casefold() in others:
        number += 1
        stem, extension = _parts(name)
        mark = f" ({number}){extension}"
        found = stem[: LONGEST_NAME - len(mark)] + mark
    return found


def size_words(size: int) -> str:
    """A number of bytes for people: 340 bytes, 92 KB, 1.4 MB, 45 MB."""
    if size < 1_000:
        return "1 byte" if size == 1 else f"{size} bytes"
    if size < 999_500:
        return f"{round(size / 1_000)} KB"
    return f"{size / 1_000_000:.1f} MB" if size < 9_950_000 else f"{round(size / 1_000_000)} MB"


def _shortened(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    stem, extension = _parts(name)
    return stem[: boundary(stem, limit - len(extension))].rstrip() + extension


def _parts(name: str) -> tuple[str, str]:
    hit = _EXTENSION.search(name)
    return (name[: hit.start()], hit.group()) if hit and hit.start() > 0 else (name, "")
