"""What the form can offer: from memory, the team's own first, never less than before."""

from dataclasses import replace

import pytest

from bot.features.tickets.catalog import Catalog, with_first
from tests.features.tickets.conftest import Desk


@pytest.fixture
def catalog(desk: Desk) -> Catalog:
    assert desk.deps.jira is not None
    return Catalog(desk.deps.jira, desk.deps.directory)


async def test_before_jira_has_answered_the_teams_own_project_is_offered(
    desk: Desk, catalog: Catalog
) -> None:
    team = (await desk.deps.directory.teams()).active[0]
    assert catalog.projects(team) == (("PAY", "PAY"),)
    assert catalog.types("PAY", team) == ("Task",)
    assert catalog.projects(None) == ()
    assert desk.site.journal == []


async def test_what_jira_has_is_offered_with_the_teams_project_and_type_first(
    desk: Desk, catalog: Catalog
) -> None:
    team = (await desk.deps.directory.teams()).active[0]
    await catalog.refresh(desk.clock.now())
    assert catalog.projects(team)[:2] == (("Payments (PAY)", "PAY"), ("Operations (OPS)", "OPS"))
    assert catalog.projects(None)[0] == ("Operations (OPS)", "OPS")
    assert catalog.types("PAY", team) == ("Task", "Bug")


async def test_while_jira_is_away_the_old_answer_stays(desk: Desk, catalog: Catalog) -> None:
    await catalog.refresh(desk.clock.now())
    desk.site.down = True
    await catalog.refresh(desk.clock.now())
    assert len(catalog.projects(None)) >= 2
    assert await catalog.types_of("OPS") == ()


async def test_a_project_that_a_team_named_wrongly_keeps_nobody_from_the_others(
    desk: Desk, catalog: Catalog
) -> None:
    desk.site.remove_project("PAY")
    await catalog.refresh(desk.clock.now())
    assert ("Operations (OPS)", "OPS") in catalog.projects(None)


async def test_types_of_other_projects_do_not_grow_old(desk: Desk, catalog: Catalog) -> None:
    assert await catalog.types_of("OPS") == ("Task", "Bug")
    project = desk.site.projects["OPS"]
    desk.site.projects["OPS"] = replace(project, types=project.types[:1])
    await catalog.refresh(desk.clock.now())
    assert await catalog.types_of("OPS") == ("Task",)


async def test_the_types_of_another_project_are_asked_for_once(desk: Desk, catalog: Catalog) -> None:
    assert await catalog.types_of("OPS") == ("Task", "Bug")
    asked = len(desk.site.journal)
    assert await catalog.types_of("OPS") == ("Task", "Bug")
    assert len(desk.site.journal) == asked


async def test_something_that_is_no_project_is_not_asked_for(desk: Desk, catalog: Catalog) -> None:
    assert await catalog.types_of("../../admin") == ()
    assert desk.site.journal == []


@pytest.mark.parametrize(
    ("own", "known", "offered"),
    [
        ("Bug", ("Task", "Bug"), ("Bug", "Task")),
        ("bug", ("Task", "Bug"), ("Bug", "Task")),
        ("Epic", ("Task",), ("Epic", "Task")),
        ("", ("Task", "Bug"), ("Task", "Bug")),
        ("", (), ("Task",)),
    ],
)
def test_the_teams_type_stands_first_as_jira_spells_it(
    own: str, known: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    assert with_first(own, known) == offered
