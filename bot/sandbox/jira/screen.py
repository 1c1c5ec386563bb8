"""What the site answers to a person's browser: the way to its face, or an issue in plain words where it has none."""

from html import escape
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.jira.site import JiraSite

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{title}</h1><p style="white-space: pre-wrap">{words}</p></main></body></html>
"""
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def show(site: JiraSite, key: str) -> web.Response:
    """The answer to somebody who opens an issue's address, or the site's own when `key` is empty."""
    if site.face_url:
        return _send_to(f"{site.face_url}/jira" + (f"/browse/{quote(key, safe='')}" if key else ""))
    if not key:
        return _page(200, "A simulated Jira", "It has no pages of its own. Issues are shown at /browse/KEY.")
    issue = site.find(key)
    if issue is None:
        return _page(404, "No such issue", f"There is no issue {key} here.")
    seen = site.issue(issue.key)
    return _page(200, f"{seen.key}: {seen.summary}", f"{seen.type}, {seen.status}\n\n{seen.description}")


def _send_to(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})


def _page(status: int, title: str, words: str) -> web.Response:
    html = PAGE.format(title=escape(title), words=escape(words))
    body = html.encode("utf-8", "replace")
    return web.Response(status=status, body=body, content_type="text/html", charset="utf-8", headers=HEADERS)
