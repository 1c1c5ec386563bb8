"""A project whose issues need a field of every kind, and cheap crowds of projects and types. Not on a fresh site."""

from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.jira import hands, seed
from bot.sandbox.jira.model import Edition, FieldSpec, IssueType, Project
from bot.sandbox.jira.seed import CUSTOM
from bot.sandbox.jira.site import JiraSite

GREENHOPPER = "com.pyxis.greenhopper.jira:"
AREAS: Mapping[str, tuple[str, ...]] = {
    "Payments": ("Cards", "Transfers"),
    "Accounts": ("Login",),
    "Other": (),
}
EPIC_NAME = FieldSpec(
    field_id="customfield_10011", name="Epic Name", custom=GREENHOPPER + "gh-epic-label", required=True
)
EPIC_LINK = FieldSpec(
    field_id="customfield_10014", name="Epic Link", kind="any", custom=GREENHOPPER + "gh-epic-link"
)
SPRINT = FieldSpec(
    field_id="customfield_10020", name="Sprint", kind="array", items="json", custom=GREENHOPPER + "gh-sprint"
)


def _custom(number: int, name: str, plugin: str, kind: str = "string", **more: object) -> FieldSpec:
    plain = FieldSpec(field_id=f"customfield_{number}", name=name, kind=kind, custom=CUSTOM + plugin)
    return replace(plain, **more)


# By what a person calls the kind; each is one of Jira's own field types.
KINDS: Mapping[str, FieldSpec] = {
    "text": _custom(10040, "Customer", "textfield"),
    "paragraph": _custom(10041, "Impact", "textarea"),
    "number": _custom(10042, "Amount", "float", "number"),
    "date": _custom(10043, "Found on", "datepicker", "date"),
    "datetime": _custom(10044, "Began at", "datetime", "datetime"),
    "select": _custom(10045, "Stage", "select", "option", options=("Test", "Production")),
    "radio": _custom(10046, "Reproducible", "radiobuttons", "option", options=("Always", "Sometimes")),
    "multiselect": _custom(
        10047, "Browsers", "multiselect", "array", items="option", options=("Chrome", "Firefox", "Safari")
    ),
    "checkboxes": _custom(
        10048, "Checked", "multicheckboxes", "array", items="option", options=("Logs", "Status page")
    ),
    "cascading": _custom(
        10049, "Area", "cascadingselect", "option-with-child", options=tuple(AREAS), children=AREAS
    ),
    "user": _custom(10050, "Contact", "userpicker", "user"),
    "users": _custom(10051, "Also concerned", "multiuserpicker", "array", items="user"),
    "group": _custom(10052, "Owning group", "grouppicker", "group"),
    "groups": _custom(10053, "Told groups", "multigrouppicker", "array", items="group"),
    "version": _custom(10054, "Seen in", "version", "version"),
    "versions": _custom(10055, "Also seen in", "multiversion", "array", items="version"),
    "labels": _custom(10056, "Tags", "labels", "array", items="string"),
    "url": _custom(10057, "Dashboard", "url"),
    "project": _custom(10058, "Other project", "project", "project"),
    "unknown": FieldSpec(
        field_id="customfield_10059", name="Scorecard", kind="any", custom="com.example.scores:scorecard"
    ),
    "affected versions": FieldSpec(
        field_id="versions", name="Affects versions", kind="array", items="version"
    ),
    "fix versions": FieldSpec(field_id="fixVersions", name="Fix versions", kind="array", items="version"),
    "sprint": SPRINT,
    "parent": seed.PARENT,
    "epic link": EPIC_LINK,
}
STRANGE = frozenset({"project", "unknown"})


def type_with(*fields: FieldSpec, name: str = "Special", type_id: str = "10020") -> IssueType:
    """An issue type with these fields beside the usual ones, in whose place they stand when they are the same."""
    own = {one.field_id for one in fields}
    usual = tuple(one for one in seed.BASE_FIELDS if one.field_id not in own)
    return IssueType(type_id=type_id, name=name, fields=(*usual, *fields))


def required(spec: FieldSpec) -> FieldSpec:
    """The same field, which no issue may lack."""
    return replace(spec, required=True, default=None)


def laboratory(site: JiraSite) -> Project:
    """The project LAB, open to the bot: its type *Everything* needs a field of each kind that people fill in.

    *Strange* needs one more, of a kind that nobody knows. There are two epics, LAB-1 and LAB-2, and three sprints.
    """
    everything = _everything(site.edition)
    strange = (*everything, required(KINDS["unknown"]), required(KINDS["project"]))
    project = site.add_project(
        "LAB",
        "Laboratory",
        types=(
            type_with(*everything, name="Everything", type_id="10021"),
            type_with(*strange, name="Strange", type_id="10022"),
            epic(site.edition),
            seed.TASK,
            seed.SUBTASK,
        ),
        components=("Engine", "Interface"),
        versions=("1.0", "2.0"),
    )
    bot = site.bot_account
    if bot.projects is not None:
        site.allow(bot, *bot.projects, project.key)
    for name in ("Refunds work again", "Faster settlement"):
        named = {EPIC_NAME.field_id: name} if site.edition == "datacenter" else {}
        hands.creates(site, seed.NINA, project, {"summary": name, "issuetype": {"name": "Epic"}, **named})
    site.add_sprint("LAB", "Sprint 41", "closed")
    site.add_sprint("LAB", "Sprint 42", "active")
    site.add_sprint("LAB", "Sprint 43", "future")
    return project


def epic(edition: Edition) -> IssueType:
    """The type Epic, which on Data Center has a name beside its summary."""
    fields = (*seed.BASE_FIELDS, EPIC_NAME) if edition == "datacenter" else seed.BASE_FIELDS
    return IssueType(type_id="10000", name="Epic", is_epic=True, fields=fields)


def many_projects(site: JiraSite, number: int) -> list[Project]:
    """So many projects more, MANY1 and on, open to the bot."""
    made = [site.add_project(f"MANY{one}", f"Project number {one}") for one in range(1, number + 1)]
    bot = site.bot_account
    if bot.projects is not None:
        site.allow(bot, *bot.projects, *(one.key for one in made))
    return made


def many_types(number: int) -> tuple[IssueType, ...]:
    """So many issue types, Kind 1 and on, for `add_project`."""
    return tuple(
        replace(seed.TASK, type_id=str(20_000 + one), name=f"Kind {one}") for one in range(1, number + 1)
    )


def _everything(edition: Edition) -> tuple[FieldSpec, ...]:
    elsewhere = "epic link" if edition == "cloud" else "parent"
    chosen = [spec for name, spec in KINDS.items() if name not in STRANGE | {elsewhere}]
    usual = {one.field_id: one for one in seed.BASE_FIELDS}
    system = [usual[name] for name in ("description", "labels", "components", "priority", "duedate")]
    # The two editions describe the same sprints differently.
    items = {SPRINT.field_id: "json" if edition == "cloud" else "string"}
    return tuple(
        required(replace(one, items=items.get(one.field_id, one.items))) for one in (*system, *chosen)
    )
