"""Atlassian Document Format as the site sees it: is a document valid, and what does it read like.

Rules: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/.
Tables and media are not simulated.
"""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

INLINE = frozenset({"text", "hardBreak", "mention", "emoji", "inlineCard", "status", "date"})
BLOCKS = frozenset(
    {"paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "rule", "panel"}
)
CHILDREN: Mapping[str, frozenset[str]] = {
    "doc": BLOCKS,
    "paragraph": INLINE,
    "heading": INLINE,
    "codeBlock": frozenset({"text"}),
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": frozenset({"paragraph", "bulletList", "orderedList", "codeBlock"}),
    "blockquote": frozenset({"paragraph", "bulletList", "orderedList", "codeBlock"}),
    "panel": frozenset({"paragraph", "heading", "bulletList", "orderedList"}),
}
NEEDS_CONTENT = frozenset({"bulletList", "orderedList", "listItem", "blockquote", "panel"})
MARKS = frozenset({"strong", "em", "strike", "code", "link", "underline", "subsup", "textColor"})
DEPTH = 60


def problem(document: Any) -> str | None:
    """Why Jira would refuse this document; None when it is valid."""
    if not isinstance(document, dict):
        return "not a document"
    root = cast(Mapping[str, Any], document)
    if root.get("type") != "doc" or root.get("version") != 1:
        return "the root must be a doc of version 1"
    return _node_problem(root, 0)


def _node_problem(node: Mapping[str, Any], depth: int) -> str | None:
    kind = str(node.get("type"))
    if depth > DEPTH:
        return "nested too deeply"
    if kind in INLINE or kind == "rule":
        return _leaf_problem(kind, node)
    content = node.get("content", [])
    if not isinstance(content, list):
        return f"{kind}: content is not a list"
    children = cast(list[Any], content)
    return _attrs_problem(kind, node) or _children_problem(kind, children, depth)


def _children_problem(kind: str, children: list[Any], depth: int) -> str | None:
    allowed = CHILDREN[kind]
    if kind in NEEDS_CONTENT and not children:
        return f"{kind} is empty"
    for position, given in enumerate(children):
        child = cast(Mapping[str, Any], given) if isinstance(given, dict) else {"type": "?"}
        child_kind = str(child.get("type"))
        if child_kind not in allowed:
            return f"{child_kind} inside {kind}"
        if kind == "listItem" and position == 0 and child_kind not in ("paragraph", "codeBlock"):
            return f"a listItem begins with {child_kind}"
        found = _node_problem(child, depth + 1) or (_marks_in_code(kind, child))
        if found:
            return found
    return None


def _marks_in_code(kind: str, child: Mapping[str, Any]) -> str | None:
    return "marks inside a codeBlock" if kind == "codeBlock" and child.get("marks") else None


def _attrs_problem(kind: str, node: Mapping[str, Any]) -> str | None:
    attrs = node.get("attrs", {})
    if kind == "heading" and attrs.get("level") not in (1, 2, 3, 4, 5, 6):
        return "a heading needs a level from 1 to 6"
    if kind == "panel" and attrs.get("panelType") not in ("info", "note", "warning", "success", "error"):
        return "a panel needs a panelType"
    return None


def _leaf_problem(kind: str, node: Mapping[str, Any]) -> str | None:
    attrs = node.get("attrs", {})
    if kind == "mention" and not attrs.get("id"):
        return "a mention needs an id"
    if kind == "emoji" and not attrs.get("shortName"):
        return "an emoji needs a shortName"
    if kind != "text":
        return None
    text = node.get("text")
    if not isinstance(text, str) or not text:
        return "a text node needs text"
    return _marks_problem(node.get("marks", []))


def _marks_problem(marks: list[Mapping[str, Any]]) -> str | None:
    kinds = [str(mark.get("type")) for mark in marks]
    if len(set(kinds)) != len(kinds):
        return "a mark twice"
    for mark, kind in zip(marks, kinds, strict=True):
        if kind not in MARKS:
            return f"unknown mark {kind}"
        if kind == "link" and not _is_link(mark.get("attrs", {}).get("href")):
            return "a link needs a safe href"
    if "code" in kinds and set(kinds) - {"code", "link"}:
        return "code goes with no other mark than link"
    return None


def _is_link(href: Any) -> bool:
    if not isinstance(href, str):
        return False
    try:
        return urlsplit(href).scheme in ("http", "https", "mailto", "ftp", "tel", "")
    except ValueError:
        return False


def readable(node: Any) -> str:
    """What a person reads: one line for each block, lists with dashes, links with their address."""
    return "\n".join(_block_lines(node)).strip()


def _block_lines(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("type")
    children: list[Mapping[str, Any]] = node.get("content", [])
    if kind in ("paragraph", "heading", "codeBlock"):
        return "".join(_inline(child) for child in children).split("\n")
    lines = [line for child in children for line in _block_lines(child)]
    if kind == "blockquote":
        return [f"> {line}" for line in lines]
    if kind == "listItem":
        return [("- " if index == 0 else "  ") + line for index, line in enumerate(lines)]
    return lines


def _inline(node: Mapping[str, Any]) -> str:
    attrs = node.get("attrs", {})
    match node.get("type"):
        case "hardBreak":
            return "\n"
        case "mention":
            return f"@{attrs.get('text') or attrs.get('id')}"
        case "emoji":
            return str(attrs.get("text") or attrs.get("shortName"))
        case "inlineCard":
            return str(attrs.get("url"))
        case _:
            return _text(node)


def _text(node: Mapping[str, Any]) -> str:
    text = str(node.get("text", ""))
    hrefs = [m["attrs"]["href"] for m in node.get("marks", []) if m.get("type") == "link"]
    return f"{text} <{hrefs[0]}>" if hrefs and hrefs[0] != text else text


def from_text(text: str) -> dict[str, Any]:
    """A plain document of paragraphs, as a site shows old text by REST v3."""
    lines = text.split("\n")
    return {"type": "doc", "version": 1, "content": [_paragraph(line) for line in lines]}


def _paragraph(line: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
