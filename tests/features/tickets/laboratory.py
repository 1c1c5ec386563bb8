"""A desk whose Jira has a project with one field of a kind that every issue needs, and its form."""

from dataclasses import replace

from bot.sandbox.forms import Form
from bot.sandbox.jira import JiraSite
from bot.sandbox.jira.laboratory import laboratory, type_with
from bot.sandbox.jira.model import FieldSpec
from tests.features.tickets.conftest import Desk


def needs(site: JiraSite, *specs: FieldSpec) -> None:
    """LAB, whose type *Special* has these fields beside the usual ones."""
    project = site.projects.get("LAB") or laboratory(site)
    kept = {key: issue for key, issue in site.stored.items() if key.startswith("LAB-")}
    types = (type_with(*specs), *(one for one in project.types if one.name != "Special"))
    site.add_project(
        "LAB", project.name, types=types, components=project.components, versions=project.versions
    )
    site.stored.update(kept)


def many(spec: FieldSpec, number: int) -> FieldSpec:
    """The same field with so many entries."""
    return replace(spec, options=tuple(f"Entry {one}" for one in range(1, number + 1)))


async def lab_form(desk: Desk, issue_type: str = "Special", *, text: str = "Refund stuck") -> Form:
    """The form, opened on a message of Ana's, with LAB and this type chosen."""
    await know_projects(desk)
    root = await desk.person("ana").says(text, in_="#ask-payments")
    form = await desk.jira_form(root)
    await choose(form, "LAB", issue_type)
    return form


async def know_projects(desk: Desk) -> None:
    """Jira's projects are looked at, as once a minute."""
    await desk.feature.jobs[0].run(desk.clock.now())


async def choose(form: Form, project: str, issue_type: str) -> None:
    """Project and type are searched and chosen, as a person does it."""
    for _ in range(100):
        offered = await form.suggestions("Project", project)
        if offered:
            break
    await form.pick("Project", offered[0])
    await form.suggestions("Issue type", issue_type)
    await form.pick("Issue type", issue_type)
