"""Issues that exist: how they are, where they can go, their files."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.text import clean
from bot.jira import reading, shapes
from bot.jira.calls import Calls
from bot.jira.client import JiraClient, TooLong
from bot.jira.reading import Unreadable
from bot.jira.shapes import Attached, IssueState, Transition

FIELDS = ("summary", "status", "assignee", "resolution", "updated", "security")
AT_ONCE = 100
MOST_MOVED = 20
NAME_LIMIT = 200


class Issues:
    """Reads and moves issues, by key or by id."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def state(self, key_or_id: str) -> IssueState | None:
        """An issue as it is now; None when it is gone or hidden from the bot."""
        path = f"issue/{shapes.issue_key_or_id(key_or_id)}"

        def read(client: JiraClient) -> IssueState | None:
            try:
                given = client.fetch_if_there(path, fields=",".join(FIELDS), expand="changelog")
            except TooLong:
                # A long history of long texts; who moved it stays unknown.
                given = client.fetch_if_there(path, fields=",".join(FIELDS))
            return None if given is None else read_state(given)

        return await self._calls.run("issue_state", read)

    async def states(self, ids: Sequence[str]) -> list[IssueState]:
        """Issues as they are now; who moved them is not told. Those that are gone or unreadable are left out."""
        wanted = [shapes.number(one) for one in ids]
        found: list[IssueState] = []
        for at in range(0, len(wanted), AT_ONCE):
            found += await self._some(wanted[at : at + AT_ONCE])
        return found

    async def _some(self, ids: list[str]) -> list[IssueState]:
        fields = list(FIELDS)
        if self._calls.cloud:
            path, body = "issue/bulkfetch", {"issueIdsOrKeys": ids, "fields": fields}
        else:
            jql = f"id in ({','.join(ids)})"
            # Without a check of the query, ids that are gone are passed over.
            path = "search"
            body = {"jql": jql, "fields": fields, "maxResults": AT_ONCE, "validateQuery": False}

        def read(client: JiraClient) -> list[IssueState]:
            given = reading.mapping(client.send(path, body))
            return [state for one in reading.mappings(given.get("issues")) if (state := _state_or_none(one))]

        return await self._calls.run("issue_states", read)

    async def moved_by(self, account: str, hours: int) -> list[IssueState]:
        """At most twenty issues whose status this person has changed in these last hours, the newest change first.

        Atlassian, "Advanced search reference: JQL operators", CHANGED.
        """
        jql = f'status CHANGED BY "{shapes.account(account)}" AFTER -{hours}h ORDER BY updated DESC'
        path = "search/jql" if self._calls.cloud else "search"

        def read(client: JiraClient) -> list[IssueState]:
            given = reading.mapping(
                client.fetch(path, jql=jql, fields=",".join(FIELDS), maxResults=MOST_MOVED)
            )
            return [state for one in reading.mappings(given.get("issues")) if (state := _state_or_none(one))]

        return await self._calls.run("issues_moved", read)

    async def transitions(self, key: str) -> list[Transition]:
        """The ways that an issue can go now."""
        path = f"issue/{shapes.issue_key_or_id(key)}/transitions"

        def read(client: JiraClient) -> list[Transition]:
            given = reading.mapping(client.fetch(path, expand="transitions.fields"))
            return [_transition(one) for one in reading.mappings(given.get("transitions"))]

        return await self._calls.run("transitions", read)

    async def move(self, key: str, transition_id: str, fields: Mapping[str, Any]) -> None:
        """The issue goes that way. A lost answer is for later: look at its status first."""
        path = f"issue/{shapes.issue_key_or_id(key)}/transitions"
        body: dict[str, Any] = {"transition": {"id": shapes.number(transition_id)}}
        if fields:
            body["fields"] = dict(fields)
        await self._calls.run("move", lambda client: client.send(path, body))

    async def attach(self, key: str, name: str, content: bytes, mimetype: str) -> str:
        """A file for the issue; its id. Raises Doubt when it may be there: look in `attachments`."""
        path = f"issue/{shapes.issue_key_or_id(key)}/attachments"
        shown = file_name(name)

        def send(client: JiraClient) -> str:
            files = reading.mappings(client.upload(path, shown, content, mimetype))
            if not files:
                raise Unreadable("no attachment")
            return reading.word(files[0], "id")

        return await self._calls.run("attach", send, unsafe=True)

    async def attachments(self, key: str) -> list[Attached]:
        """The files that an issue has."""
        path = f"issue/{shapes.issue_key_or_id(key)}"

        def read(client: JiraClient) -> list[Attached]:
            fields = reading.mapping(reading.mapping(client.fetch(path, fields="attachment")).get("fields"))
            return [_attached(one) for one in reading.mappings(fields.get("attachment") or [])]

        return await self._calls.run("attachments", read)


def file_name(name: str) -> str:
    """The name under which a file is attached: one line, no path, not too long, its ending kept."""
    last = " ".join(clean(name).replace("\\", "/").split("/")[-1].split()) or "file"
    stem, dot, ending = last.rpartition(".")
    if len(last) <= NAME_LIMIT:
        return last
    return f"{stem[: NAME_LIMIT - 20]}{dot}{ending[:19]}" if stem else last[:NAME_LIMIT]


def read_state(value: object) -> IssueState:
    """An issue with the fields that its threads follow."""
    ref, fields = shapes.read_issue_ref(value), reading.mapping(reading.mapping(value).get("fields"))
    status = reading.mapping(fields.get("status"))
    return IssueState(
        key=ref.key,
        id=ref.id,
        summary=reading.word(fields, "summary"),
        status=reading.word(status, "name"),
        status_id=reading.word(status, "id"),
        category=reading.word(reading.mapping(status.get("statusCategory")), "key"),
        assignee=reading.person_name(reading.inner(fields, "assignee")),
        resolution=reading.words(reading.inner(fields, "resolution"), "name"),
        updated=reading.moment(fields.get("updated")),
        is_restricted=bool(fields.get("security")),
        moved_by=_moved_by(reading.inner(reading.mapping(value), "changelog")),
    )


def _state_or_none(value: object) -> IssueState | None:
    # One odd issue must not hide how the others of a page are.
    try:
        return read_state(value)
    except Unreadable:
        return None


def _moved_by(changelog: Mapping[str, Any]) -> str:
    """Cloud tells the newest change first, Data Center last."""
    moves = [
        (reading.moment(one.get("created")), reading.person_name(reading.inner(one, "author")) or "")
        for one in reading.objects(changelog.get("histories"))
        if any(item.get("field") == "status" for item in reading.objects(one.get("items")))
    ]
    return max(moves, key=lambda move: move[0])[1] if moves else ""


def _transition(value: Mapping[str, Any]) -> Transition:
    to = reading.mapping(value.get("to"))
    fields = reading.inner(value, "fields")
    required = {name: one for name in fields if (one := reading.inner(fields, name)).get("required") is True}
    needs = [
        reading.words(one, "name") or name
        for name, one in required.items()
        if one.get("hasDefaultValue") is not True and name != "resolution"
    ]
    resolutions = reading.objects(reading.inner(fields, "resolution").get("allowedValues"))
    return Transition(
        id=reading.word(value, "id"),
        name=reading.word(value, "name"),
        to_name=reading.word(to, "name"),
        to_id=reading.word(to, "id"),
        category=reading.word(reading.mapping(to.get("statusCategory")), "key"),
        needs=tuple(needs),
        resolutions=tuple((reading.word(one, "id"), reading.word(one, "name")) for one in resolutions),
    )


def _attached(value: Mapping[str, Any]) -> Attached:
    size: object = value.get("size")
    return Attached(
        id=reading.word(value, "id"),
        name=reading.words(value, "filename") or "",
        size=size if isinstance(size, int) else 0,
        account=reading.account(reading.inner(value, "author")),
    )
