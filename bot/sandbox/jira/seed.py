"""What a fresh site contains: a few people, three projects, their types, fields, statuses and priorities."""

from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.jira.model import Account, FieldSpec, IssueType, Project, Status

CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"

BOT = Account(
    account_id="5b10a2844c20165700ede21g",
    name="frontdesk",
    display_name="Frontdesk",
    email="frontdesk@example.com",
    secret="sandbox-jira-token",
    projects=frozenset({"PAY", "OPS"}),
)
NINA = Account(
    account_id="5b10ac8d82e05b22cc7d4ef5",
    name="nina",
    display_name="Nina Novak",
    email="nina@example.com",
    secret="nina-token",
)
# The same people as in the workspace, who have the same addresses there.
ALICE = Account(
    account_id="5b10b7c41e20165700edb0a1",
    name="alice",
    display_name="Alice Koval",
    email="alice@example.com",
    secret="alice-token",
    time_zone="Europe/Kyiv",
)
BOB = Account(
    account_id="5b10b7c41e20165700edb0b2",
    name="bob",
    display_name="Bob Marsh",
    email="bob@example.com",
    secret="bob-token",
    time_zone="America/New_York",
)
LEAD = Account(
    account_id="5b10b7c41e20165700edb0c3",
    name="lead",
    display_name="Lea Dorn",
    email="lead@example.com",
    secret="lead-token",
    time_zone="Europe/Kyiv",
)

TO_DO = Status(status_id="10000", name="To Do", category="new")
IN_PROGRESS = Status(status_id="3", name="In Progress", category="indeterminate")
DONE = Status(status_id="10001", name="Done", category="done")
# Transition ids as Jira's simplified workflow numbers them: any status to any status.
TRANSITIONS = {"11": TO_DO, "21": IN_PROGRESS, "31": DONE}

RESOLVED = ("10000", "Done")
RESOLUTIONS = (RESOLVED, ("10001", "Won't Do"), ("10002", "Duplicate"))
SECURITY_LEVELS: Mapping[str, str] = {"Staff only": "10901", "Reporter and staff": "10902"}
GROUPS = ("jira-users", "payments-team", "site-admins")

PRIORITIES = (("1", "Highest"), ("2", "High"), ("3", "Medium"), ("4", "Low"), ("5", "Lowest"))

BASE_FIELDS = (
    FieldSpec(field_id="summary", name="Summary", required=True),
    FieldSpec(field_id="issuetype", name="Issue Type", kind="issuetype", required=True),
    FieldSpec(field_id="project", name="Project", kind="project", required=True),
    FieldSpec(field_id="description", name="Description"),
    FieldSpec(field_id="labels", name="Labels", kind="array", items="string"),
    FieldSpec(field_id="components", name="Components", kind="array", items="component"),
    FieldSpec(
        field_id="priority",
        name="Priority",
        kind="priority",
        default={"id": "3", "name": "Medium"},
        options=tuple(name for _, name in PRIORITIES),
    ),
    FieldSpec(field_id="assignee", name="Assignee", kind="user"),
    FieldSpec(field_id="reporter", name="Reporter", kind="user", default={}),
    FieldSpec(field_id="duedate", name="Due date", kind="date"),
)
# A transition's screen that has it wants a resolution to be chosen.
RESOLUTION = FieldSpec(
    field_id="resolution",
    name="Resolution",
    kind="resolution",
    required=True,
    options=tuple(name for _, name in RESOLUTIONS),
)
SEVERITY = FieldSpec(
    field_id="customfield_10030",
    name="Severity",
    kind="option",
    custom=CUSTOM + "select",
    required=True,
    options=("Minor", "Major", "Critical"),
)
STEPS = FieldSpec(
    field_id="customfield_10031", name="Steps to reproduce", custom=CUSTOM + "textarea", required=False
)

TASK = IssueType(type_id="10001", name="Task", description="A small piece of work.", fields=BASE_FIELDS)
BUG = IssueType(type_id="10002", name="Bug", description="Something is broken.", fields=BASE_FIELDS)
STRICT_BUG = IssueType(
    type_id="10004", name="Bug", description="Something is broken.", fields=(*BASE_FIELDS, SEVERITY, STEPS)
)
PARENT = FieldSpec(field_id="parent", name="Parent", kind="issuelink")
SUBTASK = IssueType(
    type_id="10003",
    name="Sub-task",
    description="A part of a task.",
    subtask=True,
    fields=(*BASE_FIELDS, replace(PARENT, required=True)),
)


def resolution(named: str | Mapping[str, str]) -> tuple[str, str]:
    """A resolution by its name, or as REST names it; StopIteration when there is none."""
    given = {"name": named} if isinstance(named, str) else named
    return next(one for one in RESOLUTIONS if given.get("id") == one[0] or given.get("name") == one[1])


def accounts() -> list[Account]:
    """The people of a fresh site; the first is the bot's own account."""
    return [BOT, NINA, ALICE, BOB, LEAD]


def projects() -> list[Project]:
    """The projects of a fresh site: PAY is plain, bugs in OPS need a severity, HR is closed to the bot."""
    return [
        Project(
            project_id="10100",
            key="PAY",
            name="Payments",
            types=(TASK, BUG, SUBTASK),
            components=("Billing", "Checkout"),
        ),
        Project(project_id="10101", key="OPS", name="Operations", types=(TASK, STRICT_BUG)),
        Project(project_id="10102", key="HR", name="People", types=(TASK,), private=True),
    ]
