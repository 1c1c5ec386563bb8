"""The `jira` package kept short: no retries, no redirects, bounded answers, one thread at a time.

Blocking; `bot.jira.gateway` runs it in threads.
"""

import io
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import requests
import urllib3
from jira import JIRA, JIRAError
from requests.adapters import HTTPAdapter
from urllib3.filepost import encode_multipart_formdata

from bot.jira import reading

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
WHOLE_SECONDS = 15.0
LONGEST_ANSWER = 1024 * 1024
_CHUNK = 64 * 1024


class UnusableAnswer(Exception):
    """An answer that is not Jira's: a redirect, a web page, a broken or an endless one."""

    def __init__(self, reason: str, *, redirect: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.redirect = redirect


class TooLong(UnusableAnswer):
    """An answer of more than a megabyte."""


class SignedOut(Exception):
    """Jira did not take the login and answered as to a stranger, who sees no project and no issue."""


class _Raw(Protocol):
    """What is read of urllib3's answer."""

    def stream(self, amt: int, decode_content: bool) -> Any: ...

    def close(self) -> None: ...


class GuardedAdapter(HTTPAdapter):
    """Reads every answer itself: redirects, pages of HTML, long and slow bodies raise UnusableAnswer."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["stream"] = True
        response = super().send(request, *args, **kwargs)
        if 300 <= response.status_code < 400:
            response.close()
            raise UnusableAnswer(f"redirected with {response.status_code}", redirect=True)
        if _as_to_a_stranger(request, response):
            response.close()
            raise SignedOut(f"answered {response.status_code} as to a stranger")
        kind = response.headers.get("Content-Type", "")
        if response.ok and "html" in kind.lower():
            response.close()
            raise UnusableAnswer("a web page instead of an answer")
        response.raw = io.BytesIO(_body(cast(_Raw, response.raw)))
        return response


def _as_to_a_stranger(request: requests.PreparedRequest, response: requests.Response) -> bool:
    """Whether a wrong login was passed over; what was done nevertheless is believed."""
    said = response.headers.get("X-Seraph-LoginReason", "")
    asks_for_nothing = urlsplit(request.url or "").path.endswith("/serverInfo")
    refused = "AUTHENTICATED_FAILED" in said or "AUTHENTICATION_DENIED" in said
    return refused and not asks_for_nothing and not (response.ok and request.method != "GET")


def _body(raw: _Raw) -> bytes:
    deadline = time.monotonic() + WHOLE_SECONDS
    received = bytearray()
    try:
        for chunk in raw.stream(_CHUNK, decode_content=True):
            received += chunk
            if len(received) > LONGEST_ANSWER:
                raise TooLong("an answer of more than a megabyte")
            if time.monotonic() > deadline:
                raise UnusableAnswer("an answer that does not end")
    except urllib3.exceptions.HTTPError as error:
        raise UnusableAnswer(f"an answer that broke off ({type(error).__name__})") from error
    finally:
        raw.close()
    return bytes(received)


class JiraClient(JIRA):
    """REST calls of one version, signed in; not to be shared between threads."""

    def __init__(self, url: str, *, version: str, basic: tuple[str, str] | None, bearer: str | None) -> None:
        super().__init__(
            server=url,
            options={"rest_api_version": version},
            basic_auth=basic,
            token_auth=bearer,
            get_server_info=False,
            max_retries=0,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            logging=False,
        )
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, GuardedAdapter(max_retries=0))

    def fetch(self, path: str, **query: str | int) -> Any:
        """GET a path below the REST version; one that begins with a slash is below the site's address."""
        return self._parsed(self._http.get(self._address(path), params=query))

    def fetch_if_there(self, path: str, **query: str | int) -> Any:
        """GET a path; None where Jira answers 404."""
        try:
            return self.fetch(path, **query)
        except JIRAError as error:
            if error.status_code == HTTPStatus.NOT_FOUND:
                return None
            raise

    def send(self, path: str, body: Mapping[str, Any]) -> Any:
        """POST JSON to a path below the REST version."""
        return self._parsed(self._http.post(self._address(path), data=json.dumps(body)))

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """PUT JSON to a path below the REST version."""
        return self._parsed(self._http.put(self._address(path), data=json.dumps(body)))

    def delete(self, path: str) -> None:
        """DELETE a path below the REST version."""
        self._http.delete(self._address(path))

    def upload(self, path: str, name: str, content: bytes, mimetype: str) -> Any:
        """POST one file as a form."""
        body, kind = encode_multipart_formdata({"file": (name, content, mimetype)})
        # Read in pieces: a body of bytes has to leave whole within the time for connecting.
        headers = {"Content-Type": kind, "X-Atlassian-Token": "no-check"}
        return self._parsed(self._http.post(self._address(path), data=io.BytesIO(body), headers=headers))

    def _address(self, path: str) -> str:
        return f"{self.server_url}{path}" if path.startswith("/") else self._get_url(path)

    @property
    def _http(self) -> requests.Session:
        if self._session is None:
            raise RuntimeError("the client is closed")
        return self._session

    def _parsed(self, response: requests.Response) -> Any:
        if not response.content:
            return None
        try:
            return reading.parsed(response.content.decode("utf-8-sig", "replace"))
        except ValueError as error:
            raise UnusableAnswer("an answer that is no JSON") from error
