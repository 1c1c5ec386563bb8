"""People's text to and from the site's own form: a document on Cloud, wiki markup on Data Center."""

import json
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any, cast

from bot.core.text import Block, Document, cut, from_plain, plain
from bot.jira import adf, adf_reader, wiki, wiki_reader

TEXT_LIMIT = 32_767

Written = dict[str, Any] | str


def read(body: object) -> Document:
    """A text as Jira gave it, whichever form it has; nothing where there is none."""
    if isinstance(body, dict):
        return adf_reader.read(cast(Mapping[str, Any], body))
    return wiki_reader.read(body) if isinstance(body, str) else Document()


def write(document: Document, *, cloud: bool) -> Written:
    """The document in the site's own form, cut to the 32,767 characters that Jira takes in one text."""
    blocks = document.blocks
    keep = bisect_left(range(len(blocks)), True, key=lambda at: not _fits(blocks[: at + 1], cloud))
    if keep == len(blocks):
        return _written(document, cloud)
    words, limit = plain(Document(blocks=blocks[keep:])), TEXT_LIMIT
    while not _fits(shown := blocks[:keep] + from_plain(cut(words, limit)).blocks, cloud):
        limit = limit * 3 // 4
    return _written(Document(blocks=shown), cloud)


def length(document: Document, *, cloud: bool) -> int:
    """How long the document is in the site's own form, as its limit counts.

    Whether Jira counts the words of a document or its JSON is not documented: the JSON is never shorter.
    """
    written = _written(document, cloud)
    return len(written if isinstance(written, str) else json.dumps(written, ensure_ascii=False))


def _fits(blocks: tuple[Block, ...], cloud: bool) -> bool:
    return length(Document(blocks=blocks), cloud=cloud) <= TEXT_LIMIT


def _written(document: Document, cloud: bool) -> Written:
    return adf.write(document) if cloud else wiki.write(document)
